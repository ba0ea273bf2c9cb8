//! The side that opens streams.

use super::frame::{Frame, read};
use super::headers::Writer;
use super::output::{Output, QUEUE};
use bytes::Bytes;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _, ReadHalf, WriteHalf, split};
use tokio::sync::{mpsc, watch};
use tokio::task::AbortHandle;
use tokio::time::{Duration, timeout};

/// How often the other side is asked for a sign of life.
const PING: Duration = Duration::from_secs(15);
/// After so long without a byte it is held to be gone.
const SILENCE: Duration = Duration::from_secs(50);

type Inputs = Arc<Mutex<HashMap<u32, mpsc::Sender<Bytes>>>>;

/// A connection that streams are opened on. It ends when this is dropped.
#[derive(Debug)]
pub struct Client {
    frames: mpsc::Sender<Frame>,
    writer: Writer,
    inputs: Inputs,
    next: u32,
    gone: watch::Receiver<bool>,
    tasks: [AbortHandle; 2],
}

/// A stream that was opened.
#[derive(Debug)]
pub struct Opened {
    /// What comes in; it ends when the other side closes its direction, resets it or is gone.
    pub input: Input,
    /// The way out.
    pub output: Output,
}

/// The way in of a stream.
#[derive(Debug)]
pub struct Input {
    id: u32,
    data: mpsc::Receiver<Bytes>,
    inputs: Inputs,
}

impl Input {
    /// The next bytes; nothing at the end.
    pub async fn recv(&mut self) -> Option<Bytes> {
        self.data.recv().await
    }
}

impl Drop for Input {
    fn drop(&mut self) {
        lock(&self.inputs).remove(&self.id);
    }
}

/// Whether a connection is gone.
#[derive(Debug, Clone)]
pub struct Gone(watch::Receiver<bool>);

impl Gone {
    /// Whether it is.
    #[must_use]
    pub fn now(&self) -> bool {
        *self.0.borrow()
    }

    /// Returns once it is.
    pub async fn wait(mut self) {
        // An error means the same: the reading has ended.
        let _ = self.0.wait_for(|gone| *gone).await;
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.tasks.iter().for_each(AbortHandle::abort);
    }
}

impl Client {
    /// Speaks SPDY over a connection that was upgraded to it.
    #[must_use]
    pub fn new(io: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) -> Self {
        let (from, to) = split(io);
        let (frames, queue) = mpsc::channel(QUEUE);
        let (tell, gone) = watch::channel(false);
        let inputs = Inputs::default();
        let reading = tokio::spawn(receive(from, frames.downgrade(), inputs.clone(), tell)).abort_handle();
        let writing = tokio::spawn(send(to, queue)).abort_handle();
        Self { frames, writer: Writer::default(), inputs, next: 1, gone, tasks: [reading, writing] }
    }

    /// Opens a stream; nothing when the connection is gone.
    pub async fn open(&mut self, headers: &[(&str, &str)]) -> Option<Opened> {
        let id = self.next;
        self.next += 2;
        let (sender, data) = mpsc::channel(QUEUE);
        lock(&self.inputs).insert(id, sender);
        let input = Input { id, data, inputs: self.inputs.clone() };
        let block = self.writer.write(headers).into();
        self.frames.send(Frame::Open { id, headers: block, fin: false }).await.ok()?;
        // Streams that are open when the connection ends were told so; this one came too late for that.
        (!*self.gone.borrow()).then(|| Opened { input, output: Output::new(id, self.frames.clone()) })
    }

    /// Tells whether the connection is gone, also after this is dropped.
    #[must_use]
    pub fn gone(&self) -> Gone {
        Gone(self.gone.clone())
    }
}

fn lock(inputs: &Inputs) -> std::sync::MutexGuard<'_, HashMap<u32, mpsc::Sender<Bytes>>> {
    inputs.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn receive<S: AsyncRead + AsyncWrite>(
    mut from: ReadHalf<S>,
    frames: mpsc::WeakSender<Frame>,
    inputs: Inputs,
    tell: watch::Sender<bool>,
) {
    while let Ok(Some(frame)) = timeout(SILENCE, read(&mut from)).await {
        match frame {
            Frame::Data { id, data, fin } => {
                let to = lock(&inputs).get(&id).cloned();
                if let Some(to) = to.filter(|_| !data.is_empty()) {
                    // Nobody may want it any more.
                    let _ = to.send(data).await;
                }
                if fin {
                    lock(&inputs).remove(&id);
                }
            }
            Frame::Reset { id, .. } => drop(lock(&inputs).remove(&id)),
            // Ours have odd numbers and come back; only the other side's are to be answered.
            Frame::Ping(id) if id % 2 == 0 => {
                let Some(out) = frames.upgrade() else { break };
                // Never waited for: who reads must go on reading.
                let _ = out.try_send(Frame::Ping(id));
            }
            Frame::Ping(_) | Frame::GoAway | Frame::Open { .. } | Frame::Reply { .. } | Frame::Other => {}
        }
    }
    tell.send_replace(true);
    lock(&inputs).clear();
}

async fn send<S: AsyncRead + AsyncWrite>(mut to: WriteHalf<S>, mut queue: mpsc::Receiver<Frame>) {
    let mut ping = 1_u32;
    loop {
        let frame = match timeout(PING, queue.recv()).await {
            Ok(Some(frame)) => frame,
            Ok(None) => break,
            Err(_) => {
                ping = ping.wrapping_add(2) & 0x7fff_ffff;
                Frame::Ping(ping)
            }
        };
        if to.write_all(&frame.written()).await.is_err() {
            return;
        }
    }
    let _ = to.write_all(&Frame::GoAway.written()).await;
    let _ = to.shutdown().await;
}
