//! What a plan opens instead of changing something.

use crate::core::held::Work;
use crate::core::kind::ObjectRef;
use crate::core::shell::Task;
use std::sync::Arc;

/// A program in a container, to be shown in a pane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// `shell`, `exec`, `attach`, for the title.
    pub word: &'static str,
    /// The pod.
    pub pod: ObjectRef,
    /// The container.
    pub container: Arc<str>,
    /// What.
    pub task: Task,
    /// Whether it takes input.
    pub stdin: bool,
    /// Whether it has a terminal.
    pub tty: bool,
    /// Whether the pane goes when the program ends by itself.
    pub goes: bool,
}

/// Something held open or under way beside the panes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    /// What.
    pub work: Work,
    /// What it is about, for people.
    pub about: String,
}
