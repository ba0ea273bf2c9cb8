//! One object as text: YAML or a description. The text is made again whenever the object changes.

use super::table::Prompt;
use crate::core::kind::ObjectRef;
use crate::core::query::{Filter, Query};
use crate::core::role::Role;
use crate::core::schema::{Column, Schema, Show, Source};
use crate::core::value::CellKind;
use std::ops::Range;

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
    /// When they were made (Unix ms).
    pub made: i64,
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
            made: 0,
            top: 0,
            left: 0,
            find: Prompt::default(),
            hits: Vec::new(),
            managed_fields: false,
        }
    }
}

/// A search in lines of text: a filter over a table of one column, the line.
#[derive(Debug)]
pub struct Finder(Filter);

impl Finder {
    /// The search for what was typed; `None` for what asks for nothing, or for columns that a text has not.
    #[must_use]
    pub fn new(typed: &str) -> Option<Self> {
        let line = Column::new("TEXT", CellKind::Text, Source::Name, Show::Always, "A line of the text");
        let filter = Query::parse(typed).ok()?.bind(&Schema { columns: vec![line], cells: 0 }).ok()?;
        (!filter.is_empty()).then_some(Self(filter))
    }

    /// Where it is found in a line, in bytes.
    #[must_use]
    pub fn places(&self, line: &str) -> Vec<Range<usize>> {
        self.0.highlight(0, line)
    }
}

/// A line without its roles.
#[must_use]
pub fn plain(line: &TextLine) -> String {
    line.iter().map(|s| s.text.as_str()).collect()
}
