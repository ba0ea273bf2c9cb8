//! Between the tasks that talk and the threads that read and write files.

use bytes::{Buf as _, Bytes};
use std::io::{self, Read, Write};
use tokio::sync::mpsc;

/// The most handed over at once.
const PART: usize = 32 * 1024;

/// What comes from a task, read on a thread. It ends when the task lets go.
pub(super) struct From {
    pub from: mpsc::Receiver<Bytes>,
    rest: Bytes,
}

impl From {
    pub(super) fn new(from: mpsc::Receiver<Bytes>) -> Self {
        Self { from, rest: Bytes::new() }
    }
}

impl Read for From {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.rest.is_empty() {
            match self.from.blocking_recv() {
                Some(data) => self.rest = data,
                None => return Ok(0),
            }
        }
        let n = into.len().min(self.rest.len());
        self.rest.copy_to_slice(&mut into[..n]);
        Ok(n)
    }
}

/// What a thread writes, for a task. Broken when the task has let go.
pub(super) struct To {
    to: mpsc::Sender<Bytes>,
    held: Vec<u8>,
}

impl To {
    pub(super) fn new(to: mpsc::Sender<Bytes>) -> Self {
        Self { to, held: Vec::with_capacity(PART) }
    }

    fn hand_over(&mut self) -> io::Result<()> {
        if self.held.is_empty() {
            return Ok(());
        }
        let data = std::mem::replace(&mut self.held, Vec::with_capacity(PART));
        self.to.blocking_send(data.into()).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}

impl Write for To {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = bytes.len().min(PART - self.held.len());
        self.held.extend_from_slice(&bytes[..n]);
        if self.held.len() == PART {
            self.hand_over()?;
        }
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.hand_over()
    }
}
