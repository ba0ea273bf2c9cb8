//! SPDY/3.1: the side that accepts streams. Nothing in it knows of clusters.

use std::collections::HashMap;

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _, ReadHalf, WriteHalf, split};
use tokio::sync::mpsc;

mod dictionary;
mod headers;

#[cfg(test)]
pub(super) mod tests;

use crate::wire::spdy::{Frame, Output, QUEUE, Writer, read};
use headers::{Headers, Reader};

/// A stream the other side has opened.
#[derive(Debug)]
pub(super) struct Stream {
    headers: Headers,
    /// What comes in; it ends when the other side closes its direction.
    pub(super) input: mpsc::Receiver<Bytes>,
    pub(super) output: Output,
}

impl Stream {
    /// The value of a header, or nothing.
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map_or("", |(_, v)| v)
    }
}

/// Streams as they are opened.
#[derive(Debug)]
pub(super) struct Incoming(mpsc::Receiver<Stream>);

impl Incoming {
    /// The next stream; nothing when the connection is gone.
    pub(super) async fn next(&mut self) -> Option<Stream> {
        self.0.recv().await
    }
}

/// Serves a connection until the other side is gone, or `handle` has ended and all it wrote is sent.
pub(super) async fn serve<S, H, F>(io: S, handle: H)
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
    H: FnOnce(Incoming) -> F,
    F: Future<Output = ()> + Send,
{
    let (from, to) = split(io);
    let (frames, queue) = mpsc::channel(QUEUE);
    let (opened, incoming) = mpsc::channel(QUEUE);
    let reading = accept(from, frames.downgrade(), opened);
    let handled = handle(Incoming(incoming));
    let handling = async move {
        handled.await;
        // The queue ends when nobody can add to it.
        drop(frames);
    };
    let ended = async { tokio::join!(handling, send(to, queue)) };
    tokio::select! {
        () = reading => {}
        _ = ended => {}
    }
}

async fn accept<S: AsyncRead + AsyncWrite>(
    mut from: ReadHalf<S>,
    frames: mpsc::WeakSender<Frame>,
    opened: mpsc::Sender<Stream>,
) {
    let (mut reader, mut writer) = (Reader::new(), Writer::default());
    let mut inputs: HashMap<u32, mpsc::Sender<Bytes>> = HashMap::new();
    while let Some(frame) = read(&mut from).await {
        let Some(out) = frames.upgrade() else {
            // The session is over; what still comes is let pass until the other side has read all.
            continue;
        };
        match frame {
            Frame::Open { id, headers, fin } => {
                let Some(headers) = reader.read(&headers) else { return };
                let (sender, input) = mpsc::channel(QUEUE);
                if !fin {
                    inputs.insert(id, sender);
                }
                let reply = Frame::Reply { id, headers: writer.write(&[]).into() };
                let _ = out.send(reply).await;
                let _ = opened.send(Stream { headers, input, output: Output::new(id, out) }).await;
            }
            Frame::Data { id, data, fin } => {
                if let Some(to) = inputs.get(&id).filter(|_| !data.is_empty()) {
                    let _ = to.send(data).await;
                }
                if fin {
                    inputs.remove(&id);
                }
            }
            Frame::Reset { id, .. } => _ = inputs.remove(&id),
            Frame::Ping(id) => _ = out.send(Frame::Ping(id)).await,
            Frame::GoAway => return,
            Frame::Reply { .. } | Frame::Other => {}
        }
    }
}

async fn send<S: AsyncRead + AsyncWrite>(mut to: WriteHalf<S>, mut queue: mpsc::Receiver<Frame>) {
    while let Some(frame) = queue.recv().await {
        if to.write_all(&frame.written()).await.is_err() {
            return;
        }
    }
    let _ = to.write_all(&Frame::GoAway.written()).await;
    let _ = to.shutdown().await;
}
