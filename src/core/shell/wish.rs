//! Which program, and what is heard of it.

use crate::core::kind::{ClusterId, ObjectRef};
use crate::core::problem::Problem;
use std::fmt;
use std::sync::Arc;

/// One program in a pane of this run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct ShellId(pub u32);

/// What runs.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Task {
    /// These words, as they are.
    Exec(Vec<Arc<str>>),
    /// What the container runs already.
    Attach,
}

/// One session.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Wish {
    /// Its identity.
    pub id: ShellId,
    /// The pod, pinned.
    pub pod: ObjectRef,
    /// The container.
    pub container: Arc<str>,
    /// What.
    pub task: Task,
    /// Whether it takes input.
    pub stdin: bool,
    /// Whether it has a terminal; without one it writes plain lines.
    pub tty: bool,
}

impl Wish {
    /// On which cluster.
    #[must_use]
    pub fn cluster(&self) -> ClusterId {
        self.pod.cluster
    }
}

/// How a session ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// The program ended with that code.
    Exit(i32),
    /// It could not be run, in the server's words.
    Failed(Arc<str>),
    /// The connection ended before it.
    Lost(Arc<str>),
    /// The user has left it alone; it goes on.
    Detached,
    /// It was never begun.
    Refused(Problem),
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exit(code) => write!(f, "exit {code}"),
            Self::Failed(why) | Self::Lost(why) => f.write_str(why),
            Self::Detached => f.write_str("detached; the container goes on running"),
            Self::Refused(problem) => problem.fmt(f),
        }
    }
}

/// What is heard of a session. It holds what programs print: no recording has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ShellEvent {
    /// It is there; what carries it.
    Opened(&'static str),
    /// What it says.
    Said(Vec<u8>),
    /// It has ended. The note says what has become of its container, if that explains it.
    Ended(Ending, Option<Arc<str>>),
}

/// What goes to a session. Never in a recording either.
#[derive(Clone, PartialEq, Eq)]
pub enum ShellOrder {
    /// Bytes typed.
    Type(Vec<u8>),
    /// The pane's columns and rows.
    Size(u16, u16),
}

impl fmt::Debug for ShellOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Type(bytes) => write!(f, "Type({} bytes)", bytes.len()),
            Self::Size(width, height) => write!(f, "Size({width}, {height})"),
        }
    }
}
