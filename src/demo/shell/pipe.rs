//! What programs read from and write to: wires to the client, pipes between programs, files.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use tokio::sync::mpsc;

use super::super::clock::Millis;
use super::files::{Fault, Files};

/// Which stream of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Channel {
    Out,
    Err,
}

/// The most that is written at once.
const PART: usize = 8 * 1024;

/// The files of a container, which several sessions may use.
pub(crate) type Disk = Arc<Mutex<Files>>;

/// The files, for a moment.
pub(crate) fn open(disk: &Disk) -> MutexGuard<'_, Files> {
    disk.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Nobody reads any more: what a broken pipe is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Gone;

/// Where a program writes.
#[derive(Debug, Clone)]
pub(crate) enum Output {
    /// Nowhere: nobody asked for the stream, or `/dev/null`.
    Null,
    /// To the client; a terminal's line ends are carriage return and line feed.
    Wire {
        channel: Channel,
        to: mpsc::Sender<(Channel, Bytes)>,
        terminal: bool,
    },
    Pipe(mpsc::Sender<Bytes>),
    File {
        disk: Disk,
        path: String,
        time: Millis,
    },
}

impl Output {
    /// Writes all of it.
    pub(crate) async fn write(&self, data: impl AsRef<[u8]>) -> Result<(), Gone> {
        for part in data.as_ref().chunks(PART) {
            // A program that writes to nowhere lets others go on too.
            tokio::task::consume_budget().await;
            match self {
                Self::Null => {}
                Self::Wire { channel, to, terminal } => {
                    let part = if *terminal { returned(part) } else { Bytes::copy_from_slice(part) };
                    to.send((*channel, part)).await.map_err(|_| Gone)?;
                }
                Self::Pipe(to) => to.send(Bytes::copy_from_slice(part)).await.map_err(|_| Gone)?,
                Self::File { disk, path, time } => {
                    open(disk).write(path, part, true, *time).map_err(|_: Fault| Gone)?;
                }
            }
        }
        Ok(())
    }

    /// Writes a line.
    pub(crate) async fn line(&self, text: &str) -> Result<(), Gone> {
        self.write(format!("{text}\n")).await
    }

    /// Whether the client's terminal is at the other end.
    pub(crate) fn terminal(&self) -> bool {
        matches!(self, Self::Wire { terminal: true, .. })
    }
}

/// Line feeds as a terminal wants them.
fn returned(part: &[u8]) -> Bytes {
    let mut out = Vec::with_capacity(part.len() + 16);
    for byte in part {
        if *byte == b'\n' {
            out.push(b'\r');
        }
        out.push(*byte);
    }
    out.into()
}

/// What a program reads.
#[derive(Debug, Default)]
pub(crate) struct Input {
    rest: Bytes,
    from: Option<mpsc::Receiver<Bytes>>,
}

impl Input {
    pub(crate) fn of(from: mpsc::Receiver<Bytes>) -> Self {
        Self { rest: Bytes::new(), from: Some(from) }
    }

    /// An input that is all there already.
    pub(crate) fn whole(data: Bytes) -> Self {
        Self { rest: data, from: None }
    }

    /// The next bytes; nothing at the end.
    pub(crate) async fn read(&mut self) -> Option<Bytes> {
        while self.rest.is_empty() {
            self.rest = self.from.as_mut()?.recv().await?;
        }
        Some(std::mem::take(&mut self.rest))
    }

    /// The next line with its line feed, or what is left without one.
    pub(crate) async fn line(&mut self) -> Option<Vec<u8>> {
        let mut line = Vec::new();
        while let Some(mut data) = self.read().await {
            if let Some(end) = data.iter().position(|b| *b == b'\n') {
                line.extend_from_slice(&data.split_to(end + 1));
                self.rest = data;
                return Some(line);
            }
            line.extend_from_slice(&data);
        }
        (!line.is_empty()).then_some(line)
    }

    /// Exactly that many bytes, or what is left of them.
    pub(crate) async fn exactly(&mut self, wanted: usize) -> Vec<u8> {
        let mut all = Vec::with_capacity(wanted.min(1 << 20));
        while all.len() < wanted {
            let Some(mut data) = self.read().await else { break };
            all.extend_from_slice(&data.split_to(data.len().min(wanted - all.len())));
            self.rest = data;
        }
        all
    }

    /// What has come in but was not read.
    pub(crate) fn unread(&mut self) -> Vec<u8> {
        let mut all = Vec::from(std::mem::take(&mut self.rest));
        if let Some(from) = &mut self.from {
            while let Ok(more) = from.try_recv() {
                all.extend_from_slice(&more);
            }
        }
        all
    }
}
