//! Sessions over a WebSocket: each frame begins with the number of its channel.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadHalf, WriteHalf, split};
use tokio::sync::mpsc;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role};

use super::super::Shared;
use super::super::object::int;
use super::super::shell::pipe::Channel;
use super::session::{Ends, run, streams};
use super::wish::{Task, Wish};
use super::{forward, responder};
use crate::wire::channel::{self, CLOSE, ERROR, Protocol, RESIZE, STDERR, STDIN, STDOUT};

/// How many bytes of a forwarded connection are sent at once.
const PART: usize = 32 * 1024;

/// What is below a session: any stream of bytes.
pub(super) trait Io: AsyncRead + AsyncWrite + Unpin + Send + 'static {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send + 'static> Io for T {}

type Sink<S> = SplitSink<WebSocketStream<S>, Message>;

/// A server's side of a WebSocket whose handshake is done.
pub(super) async fn accept<S: Io>(io: S) -> (Sink<S>, SplitStream<WebSocketStream<S>>) {
    WebSocketStream::from_raw_socket(io, Role::Server, None).await.split()
}

fn frame(channel: u8, data: &[u8]) -> Message {
    Message::Binary(channel::message(channel, data).into())
}

async fn close<S: Io>(mut sink: Sink<S>) {
    let frame = CloseFrame { code: CloseCode::Normal, reason: "".into() };
    let _ = sink.send(Message::Close(Some(frame))).await;
    let _ = sink.close().await;
}

/// Serves exec and attach.
pub(super) async fn command<S: Io>(io: S, shared: &Arc<Shared>, wish: &Wish, protocol: Protocol) {
    let (mut sink, mut stream) = accept(io).await;
    // An empty frame on the lowest channel that is written to says that the session is there.
    let lowest = match (wish.stdout, wish.stderr) {
        (true, _) => STDOUT,
        (false, true) => STDERR,
        (false, false) => ERROR,
    };
    if sink.send(frame(lowest, b"")).await.is_err() {
        return;
    }
    let (Ends { mut stdin, mut output, size }, ours) = streams(wish);
    let reading = async {
        while let Some(Ok(message)) = stream.next().await {
            let Message::Binary(mut data) = message else { continue };
            if data.is_empty() {
                continue;
            }
            match data.split_to(1)[0] {
                STDIN => {
                    if let Some(to) = &stdin {
                        let _ = to.send(data).await;
                    }
                }
                RESIZE => resize(&data, &size),
                CLOSE if protocol == Protocol::V5 && *data == [STDIN] => stdin = None,
                _ => {}
            }
        }
    };
    let writing = async {
        while let Some((channel, data)) = output.recv().await {
            let number = if channel == Channel::Out { STDOUT } else { STDERR };
            if sink.send(frame(number, &data)).await.is_err() {
                return None;
            }
        }
        Some(sink)
    };
    let ended = async { tokio::join!(run(shared, wish, ours), writing) };
    tokio::select! {
        // A client that goes away takes its program with it.
        () = reading => {}
        (verdict, sink) = ended => {
            let Some(mut sink) = sink else { return };
            let told = verdict.written(protocol);
            if !told.is_empty() && sink.send(frame(ERROR, &told)).await.is_err() {
                return;
            }
            close(sink).await;
        }
    }
}

/// Takes over a terminal's size: `{"Width":80,"Height":24}`.
pub(super) fn resize(data: &[u8], to: &tokio::sync::watch::Sender<(u16, u16)>) {
    for size in serde_json::Deserializer::from_slice(data).into_iter::<Value>().flatten() {
        let number = |key: &str| u16::try_from(int(&size, key)).unwrap_or(0);
        to.send_replace((number("Width"), number("Height")));
    }
}

/// Serves a port-forward: two channels a port, data and error; each begins with the port's number.
pub(super) async fn ports<S: Io>(io: S, shared: &Arc<Shared>, wish: &Wish) {
    let Task::Forward { ports } = &wish.task else { return };
    let (mut sink, mut stream) = accept(io).await;
    let (out, mut frames) = mpsc::channel::<(u8, Bytes)>(16);
    let mut writers: Vec<Option<WriteHalf<responder::Pipe>>> = Vec::new();
    let mut copies = Vec::new();
    for (i, port) in ports.iter().enumerate() {
        let Ok(data) = u8::try_from(2 * i) else { break };
        for channel in [data, data + 1] {
            if sink.send(frame(channel, &port.to_le_bytes())).await.is_err() {
                return;
            }
        }
        match forward::connect(shared, wish, *port) {
            Ok(pipe) => {
                let (read, write) = split(pipe);
                writers.push(Some(write));
                copies.push(tokio::spawn(copy(read, data, out.clone())));
            }
            Err(why) => {
                writers.push(None);
                let _ = out.send((data + 1, why.into())).await;
            }
        }
    }
    drop(out);
    let reading = async {
        while let Some(Ok(message)) = stream.next().await {
            let Message::Binary(mut data) = message else { continue };
            if data.is_empty() {
                continue;
            }
            let channel = data.split_to(1)[0];
            if let Some(Some(to)) = writers.get_mut(usize::from(channel) / 2).filter(|_| channel % 2 == 0) {
                let _ = to.write_all(&data).await;
            }
        }
    };
    let writing = async {
        while let Some((channel, data)) = frames.recv().await {
            if sink.send(frame(channel, &data)).await.is_err() {
                return None;
            }
        }
        Some(sink)
    };
    tokio::select! {
        () = reading => {}
        () = forward::gone(shared, wish) => {}
        sink = writing => {
            if let Some(sink) = sink {
                close(sink).await;
            }
        }
    }
    copies.iter().for_each(tokio::task::JoinHandle::abort);
}

async fn copy(mut from: ReadHalf<responder::Pipe>, channel: u8, to: mpsc::Sender<(u8, Bytes)>) {
    let mut part = vec![0; PART];
    while let Ok(read @ 1..) = from.read(&mut part).await {
        if to.send((channel, Bytes::copy_from_slice(&part[..read]))).await.is_err() {
            return;
        }
    }
}
