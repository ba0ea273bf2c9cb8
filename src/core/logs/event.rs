//! What the reading of a log tells the state.

use super::segment::Segment;
use crate::core::problem::Problem;
use std::sync::Arc;

/// One container of one pod within a reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamName {
    /// The pod's namespace; empty for a node's journal.
    pub namespace: Arc<str>,
    /// The pod, or the node.
    pub pod: Arc<str>,
    /// The container, or what of the node.
    pub container: Arc<str>,
}

impl StreamName {
    /// The stream of what the cluster tells of the pods.
    #[must_use]
    pub fn events() -> Self {
        Self { namespace: "".into(), pod: "events".into(), container: "".into() }
    }

    /// Whether it is that.
    #[must_use]
    pub fn is_events(&self) -> bool {
        self.container.is_empty()
    }
}

/// How a stream is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum StreamState {
    /// Its turn to be opened has not come.
    #[default]
    Queued,
    /// There is nothing to read yet, and why: `ContainerCreating`.
    Waiting(Arc<str>),
    /// Lines come as they are written.
    Live,
    /// Read again and again, because what serves it cannot follow.
    Polled,
    /// The connection is gone; it is tried again at that moment (Unix ms, local clock).
    Cut {
        /// Why.
        why: Problem,
        /// When.
        at: i64,
    },
    /// It may not or cannot be read.
    Failed(Problem),
    /// All of it was read, and no more will come: `exit 0 Completed`.
    Ended(Arc<str>),
    /// Its pod is gone; what was read stays.
    Gone,
}

/// Where lines belong among those of their stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Behind the last, and written before they were asked for.
    Past,
    /// Behind the last, as they are written.
    Now,
    /// Before the first.
    Older,
}

/// One report.
#[derive(Debug, Clone, PartialEq)]
pub enum LogEvent {
    /// A stream was found. Its number is the count of those before it.
    Join(StreamName),
    /// How a stream is now.
    State(u16, StreamState),
    /// Lines of a stream.
    Lines(u16, Place, Arc<Segment>),
    /// All that could be had before the first line of each stream is there.
    OlderDone,
    /// Whether the pods are known: how many, or why not.
    Pods(Result<u32, Problem>),
    /// A stream is not wanted any more, nor what was read of it.
    Leave(u16),
    /// The reading begins anew: nothing it has told so far holds.
    Anew,
}

/// What a running reading is asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogOrder {
    /// Read so many more lines before the first of each stream.
    Older(u32),
    /// Read, or read no longer, what the cluster tells of the pods.
    Events(bool),
}
