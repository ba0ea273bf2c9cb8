//! A session over SPDY: a stream for each direction, told apart by their headers.

use super::ending;
use super::request::Request;
use super::streams::{In, Out, QUEUE, Streams, Tasks};
use crate::core::shell::Ending;
use crate::wire::channel;
use crate::wire::spdy::{Client, Input, Output};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::mpsc;
use tokio::time::{Duration, timeout};

/// How long after its last word a session may take to say how it ended.
const VERDICT: Duration = Duration::from_secs(5);

/// Streams over a connection that was upgraded; `None` when it is gone already.
pub(super) async fn streams<S>(io: S, request: &Request) -> Option<Streams>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let mut client = Client::new(io);
    // The order is kubectl's; a kubelet waits until it has them all.
    let error = client.open(&[("streamtype", "error")]).await?;
    let stdin = if request.stdin { Some(client.open(&[("streamtype", "stdin")]).await?.output) } else { None };
    let stdout = client.open(&[("streamtype", "stdout")]).await?.input;
    let stderr = if request.tty { None } else { Some(client.open(&[("streamtype", "stderr")]).await?.input) };
    let resize = if request.tty { Some(client.open(&[("streamtype", "resize")]).await?.output) } else { None };
    let (input, typed) = mpsc::channel(QUEUE);
    let (said, output) = mpsc::channel(QUEUE);
    let writing = tokio::spawn(write(stdin, resize, typed)).abort_handle();
    let reading = tokio::spawn(read(client, error.input, stdout, stderr, said)).abort_handle();
    Some(Streams { input, output, carrier: "SPDY/3.1", _tasks: Tasks(vec![writing, reading]) })
}

async fn write(stdin: Option<Output>, resize: Option<Output>, mut typed: mpsc::Receiver<In>) {
    while let Some(next) = typed.recv().await {
        let alive = match (next, &stdin, &resize) {
            (In::Data(data), Some(stdin), _) => stdin.write(&data).await,
            (In::Size(width, height), _, Some(resize)) => resize.write(&channel::size(width, height)).await,
            (In::End, Some(stdin), _) => {
                stdin.finish().await;
                true
            }
            _ => true,
        };
        if !alive {
            return;
        }
    }
}

// Holds the client: the connection ends with this task.
async fn read(client: Client, mut error: Input, mut stdout: Input, stderr: Option<Input>, said: mpsc::Sender<Out>) {
    let mut told = Vec::new();
    let mut stderr = stderr;
    let (mut out_open, mut verdict_open) = (true, true);
    while out_open || stderr.is_some() {
        let next_error = async {
            match &mut stderr {
                Some(from) => from.recv().await,
                None => std::future::pending().await,
            }
        };
        let out = tokio::select! {
            data = stdout.recv(), if out_open => {
                let Some(data) = data else {
                    out_open = false;
                    continue;
                };
                Out::Said(data)
            }
            data = next_error => {
                let Some(data) = data else {
                    stderr = None;
                    continue;
                };
                Out::Error(data)
            }
            data = error.recv(), if verdict_open => {
                match data {
                    Some(data) if told.len() < ending::MOST => told.extend_from_slice(&data),
                    Some(_) => {}
                    None => verdict_open = false,
                }
                continue;
            }
        };
        if said.send(out).await.is_err() {
            return;
        }
    }
    let rest = async {
        while let Some(data) = error.recv().await {
            if told.len() < ending::MOST {
                told.extend_from_slice(&data);
            }
        }
    };
    // A node that is gone says nothing more.
    let _ = timeout(VERDICT, rest).await;
    let ended = if told.is_empty() { Ending::Lost("the connection broke".into()) } else { ending::read(&told) };
    let _ = said.send(Out::Ended(ended)).await;
    drop(client);
}
