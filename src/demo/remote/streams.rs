//! Sessions over SPDY: each stream says by its headers what it carries.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, split};
use tokio::time::{Duration, timeout};

use super::super::Shared;
use super::super::shell::pipe::Channel;
use super::forward;
use super::session::{Ends, run, streams};
use super::socket::{Io, resize};
use super::spdy::{self, Incoming, Stream};
use super::wish::Wish;
use crate::wire::channel::Protocol;

/// How long a client may take to open the streams it asked for.
const PATIENCE: Duration = Duration::from_secs(30);
/// The type of a stream.
const TYPE: &str = "streamtype";
const PART: usize = 32 * 1024;

/// Serves exec and attach.
pub(super) async fn command<S: Io>(io: S, shared: &Arc<Shared>, wish: &Wish) {
    spdy::serve(io, |mut incoming| async move {
        let Ok(Some(mut all)) = timeout(PATIENCE, gather(&mut incoming, wish)).await else { return };
        let Some(error) = all.remove("error") else { return };
        let (Ends { stdin: to_stdin, mut output, size }, ours) = streams(wish);
        let (typed, sized) = (all.remove("stdin"), all.remove("resize"));
        let typing = async {
            // The program's input ends with the stream.
            if let (Some(mut stream), Some(to)) = (typed, to_stdin) {
                while let Some(data) = stream.input.recv().await {
                    let _ = to.send(data).await;
                }
            }
            std::future::pending::<()>().await;
        };
        let sizing = async {
            if let Some(mut stream) = sized {
                while let Some(data) = stream.input.recv().await {
                    resize(&data, &size);
                }
            }
            std::future::pending::<()>().await;
        };
        let (stdout, stderr) = (all.remove("stdout"), all.remove("stderr"));
        let writing = async {
            while let Some((channel, data)) = output.recv().await {
                let to = if channel == Channel::Out { &stdout } else { &stderr };
                if let Some(to) = to {
                    to.output.write(&data).await;
                }
            }
        };
        let ended = async { tokio::join!(run(shared, wish, ours), writing).0 };
        let verdict = tokio::select! {
            verdict = ended => verdict,
            () = typing => return,
            () = sizing => return,
        };
        error.output.write(&verdict.written(Protocol::V4)).await;
        for stream in [Some(&error), stdout.as_ref(), stderr.as_ref()].into_iter().flatten() {
            stream.output.finish().await;
        }
    })
    .await;
}

/// The streams that were asked for, by their types.
async fn gather(incoming: &mut Incoming, wish: &Wish) -> Option<HashMap<String, Stream>> {
    let asked = [wish.stdin, wish.stdout, wish.stderr, wish.tty];
    let expected = 1 + asked.iter().filter(|a| **a).count();
    let mut all = HashMap::new();
    while all.len() < expected {
        let stream = incoming.next().await?;
        all.insert(stream.header(TYPE).to_owned(), stream);
    }
    Some(all)
}

/// Serves a port-forward: pairs of streams, one for data and one for errors, as many as the client opens.
pub(super) async fn ports<S: Io>(io: S, shared: &Arc<Shared>, wish: &Wish) {
    spdy::serve(io, |mut incoming| async move {
        let mut halves: HashMap<String, Stream> = HashMap::new();
        let mut pairs = tokio::task::JoinSet::new();
        let opening = async {
            while let Some(stream) = incoming.next().await {
                let id = stream.header("requestid").to_owned();
                let Some(other) = halves.remove(&id) else {
                    halves.insert(id, stream);
                    continue;
                };
                let (error, data) = if stream.header(TYPE) == "error" { (stream, other) } else { (other, stream) };
                let port = data.header("port").parse().unwrap_or(0);
                match forward::connect(shared, wish, port) {
                    Ok(pipe) => _ = pairs.spawn(connection(pipe, data, error)),
                    Err(why) => {
                        error.output.write(why.as_bytes()).await;
                        error.output.finish().await;
                        data.output.finish().await;
                    }
                }
            }
        };
        tokio::select! {
            () = opening => {}
            () = forward::gone(shared, wish) => {}
        }
    })
    .await;
}

/// Copies both ways until both are closed.
async fn connection(pipe: super::responder::Pipe, data: Stream, error: Stream) {
    let (mut from, mut to) = split(pipe);
    let Stream { mut input, output, .. } = data;
    let sending = async {
        while let Some(part) = input.recv().await {
            if to.write_all(&part).await.is_err() {
                return;
            }
        }
        let _ = to.shutdown().await;
    };
    let receiving = async {
        let mut part = vec![0; PART];
        while let Ok(read @ 1..) = from.read(&mut part).await {
            if !output.write(&part[..read]).await {
                return;
            }
        }
        output.finish().await;
        error.output.finish().await;
    };
    // What the container has closed takes nothing more.
    tokio::select! {
        () = receiving => {}
        () = async { sending.await; std::future::pending::<()>().await } => {}
    }
}
