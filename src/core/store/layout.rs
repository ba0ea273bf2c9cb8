//! Where a row's values lie, worked out once per schema.

use crate::core::schema::{Joined, Schema, Source};
use crate::core::value::CellKind;
use std::sync::Arc;

/// A schema with what the store derives from it.
#[derive(Debug, Clone, Default)]
pub struct Layout {
    /// The columns.
    pub schema: Arc<Schema>,
    /// Cells per row as the stream sends them.
    pub cells: usize,
    /// Which of them hold symbols.
    pub text: Vec<bool>,
    /// The measurements the schema has columns for, in the order they lie beside the cells.
    pub joined: Vec<Joined>,
}

impl Layout {
    /// The layout of a schema.
    #[must_use]
    pub fn new(schema: Arc<Schema>) -> Self {
        let cells = usize::from(schema.cells);
        let mut text = vec![false; cells];
        let mut joined = Vec::new();
        for column in &schema.columns {
            match column.source {
                Source::Cell(i) if column.kind == CellKind::Text => {
                    if let Some(t) = text.get_mut(usize::from(i)) {
                        *t = true;
                    }
                }
                Source::Joined(j) if !joined.contains(&j) => joined.push(j),
                _ => {}
            }
        }
        Self { schema, cells, text, joined }
    }

    /// Where a measurement lies, if the schema has a column for it.
    #[must_use]
    pub fn joined_at(&self, what: Joined) -> Option<usize> {
        self.joined.iter().position(|&j| j == what)
    }
}
