//! One object as text: YAML or a description. The text is made again whenever the object changes.

use super::table::Prompt;
use crate::core::kind::ObjectRef;
use crate::core::role::Role;

/// What of the object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// All of it.
    Yaml,
    /// What an operator asks first.
    Describe,
}

/// A piece of a line in one role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The text, without control characters.
    pub text: String,
    /// How it looks.
    pub role: Role,
}

/// One line.
pub type TextLine = Vec<Span>;

/// A text pane.
#[derive(Debug)]
pub struct TextPane {
    /// Of which object.
    pub object: ObjectRef,
    /// What of it.
    pub what: What,
    /// The lines; empty until the object was read.
    pub lines: Vec<TextLine>,
    /// First visible line.
    pub top: usize,
    /// Columns scrolled off on the left.
    pub left: u16,
    /// The search.
    pub find: Prompt,
    /// Lines with hits of the search, ascending.
    pub hits: Vec<usize>,
    /// Whether `metadata.managedFields` shows.
    pub managed_fields: bool,
}

impl TextPane {
    /// An empty pane for an object.
    #[must_use]
    pub fn new(object: ObjectRef, what: What) -> Self {
        Self {
            object,
            what,
            lines: Vec::new(),
            top: 0,
            left: 0,
            find: Prompt::default(),
            hits: Vec::new(),
            managed_fields: false,
        }
    }
}
