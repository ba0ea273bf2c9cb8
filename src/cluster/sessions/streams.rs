//! A session's streams, whatever carries them.

use crate::core::shell::Ending;
use bytes::Bytes;
use tokio::sync::mpsc;
use tokio::task::AbortHandle;

/// Pieces on their way in each direction.
pub(super) const QUEUE: usize = 16;

/// What goes into a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum In {
    /// Input of the program.
    Data(Bytes),
    /// The terminal's columns and rows.
    Size(u16, u16),
    /// The end of the input.
    End,
}

/// What comes out of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Out {
    /// What the program says.
    Said(Bytes),
    /// What it says of errors, where there is no terminal.
    Error(Bytes),
    /// It has ended; nothing follows.
    Ended(Ending),
}

/// An open session. It ends when this is dropped.
#[derive(Debug)]
pub struct Streams {
    /// In. A full queue means that the other side takes no more for now.
    pub input: mpsc::Sender<In>,
    /// Out. Whoever does not read holds the other side up. Ends with [`Out::Ended`].
    pub output: mpsc::Receiver<Out>,
    /// What carries it, in a word.
    pub carrier: &'static str,
    pub(super) _tasks: Tasks,
}

/// Tasks that end with their owner.
#[derive(Debug, Default)]
pub(super) struct Tasks(pub Vec<AbortHandle>);

impl Drop for Tasks {
    fn drop(&mut self) {
        self.0.iter().for_each(AbortHandle::abort);
    }
}
