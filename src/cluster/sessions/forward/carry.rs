//! One connection: bytes both ways, each direction closed by itself.

use super::{Forward, Streams};
use crate::cluster::problem::clean;
use crate::core::held::HeldEvent;
use bytes::Bytes;
use std::sync::atomic::Ordering;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::time::{Duration, timeout};

/// Bytes read at once.
const PART: usize = 32 * 1024;
/// What is kept to be said again to another pod, while nothing has come back.
const KEPT: usize = 64 * 1024;
/// How often a connection is tried with another pod.
const TRIES: u32 = 20;
/// How long what went wrong may take to be said once the stream has ended.
const WHY: Duration = Duration::from_secs(2);

pub(super) async fn carry(forward: &Forward, socket: TcpStream) {
    let counted = &forward.counted;
    counted.open.fetch_add(1, Ordering::Relaxed);
    counted.all.fetch_add(1, Ordering::Relaxed);
    let (mut from, mut to) = socket.into_split();
    let mut said = Said::default();
    let mut failed = String::new();
    for _ in 0..TRIES {
        let Some(streams) = forward.streams(&failed).await else { break };
        let uid = streams.uid.clone();
        match once(forward, streams, &mut from, &mut to, &mut said).await {
            Ending::Over => break,
            Ending::Refused(why) => {
                let _ = (forward.tell)(HeldEvent::Note(short(&why).into()));
                if !said.whole || forward.stays(&uid).await {
                    cut(&to);
                    break;
                }
                failed = uid;
            }
            Ending::Lost if said.silent() => {}
            // Whether what was said has arrived nobody knows, and twice may be once too often.
            Ending::Lost => {
                cut(&to);
                break;
            }
        }
    }
    // As one: a half that is dropped says an orderly end first, also where there is none.
    drop(from.reunite(to));
    counted.open.fetch_sub(1, Ordering::Relaxed);
}

/// What a node says, without the names of its own that come first.
fn short(why: &str) -> String {
    if why.contains("connection refused") {
        return "connection refused: nothing listens at that port in the pod".into();
    }
    clean(why)
}

/// What the client has said so far.
struct Said {
    bytes: Vec<u8>,
    /// Whether that is all of it.
    whole: bool,
    /// Whether it has said its last.
    ended: bool,
}

impl Default for Said {
    fn default() -> Self {
        Self { bytes: Vec::new(), whole: true, ended: false }
    }
}

/// How one attempt ended.
enum Ending {
    /// The two have spoken; it is over.
    Over,
    /// The pod has not taken it, and nothing came back.
    Refused(String),
    /// The way has gone before anything came back.
    Lost,
}

async fn once(
    forward: &Forward,
    streams: Streams,
    from: &mut OwnedReadHalf,
    to: &mut OwnedWriteHalf,
    said: &mut Said,
) -> Ending {
    let Streams { mut input, output, mut errors, gone, .. } = streams;
    let counted = &forward.counted;
    if !said.bytes.is_empty() && !output.write(&said.bytes).await {
        return Ending::Lost;
    }
    if said.ended {
        output.finish().await;
    }
    let mut heard = false;
    let mut part = vec![0; PART];
    loop {
        tokio::select! {
            data = input.recv() => {
                let Some(data) = data else { break };
                heard = true;
                counted.out.fetch_add(data.len() as u64, Ordering::Relaxed);
                if to.write_all(&data).await.is_err() {
                    output.reset().await;
                    return Ending::Over;
                }
            }
            read = from.read(&mut part), if !said.ended => match read {
                Ok(0) => {
                    // It listens on: only this direction is closed.
                    said.ended = true;
                    output.finish().await;
                }
                Ok(n) => {
                    counted.into.fetch_add(n as u64, Ordering::Relaxed);
                    said.keep(&part[..n], heard);
                    if !output.write(&part[..n]).await {
                        break;
                    }
                }
                Err(_) => {
                    output.reset().await;
                    return Ending::Over;
                }
            },
        }
    }
    if !heard {
        let why = timeout(WHY, all(&mut errors)).await.unwrap_or_default();
        if !why.is_empty() {
            return Ending::Refused(why);
        }
        if gone.now() {
            return Ending::Lost;
        }
    }
    if gone.now() {
        // What was said so far is not all: an end would look as if it were.
        cut(to);
        return Ending::Over;
    }
    let _ = to.shutdown().await;
    // The other side has said its last; this one may go on.
    if !said.ended {
        while let Ok(n @ 1..) = from.read(&mut part).await {
            if !output.write(&part[..n]).await {
                break;
            }
            counted.into.fetch_add(n as u64, Ordering::Relaxed);
        }
    }
    output.finish().await;
    Ending::Over
}

/// Breaks a connection off, so that the client sees that it was.
fn cut(to: &OwnedWriteHalf) {
    let _ = to.as_ref().set_zero_linger();
}

impl Said {
    /// Whether the client has said nothing at all.
    fn silent(&self) -> bool {
        self.whole && self.bytes.is_empty() && !self.ended
    }

    fn keep(&mut self, bytes: &[u8], heard: bool) {
        if heard || self.bytes.len() + bytes.len() > KEPT {
            self.whole = false;
            self.bytes = Vec::new();
        } else if self.whole {
            self.bytes.extend_from_slice(bytes);
        }
    }
}

async fn all(errors: &mut crate::wire::spdy::Input) -> String {
    let mut text: Vec<u8> = Vec::new();
    while let Some(data) = errors.recv().await {
        let data: Bytes = data;
        text.extend_from_slice(&data[..data.len().min(4096 - text.len().min(4096))]);
    }
    String::from_utf8_lossy(&text).into_owned()
}
