//! Where a row's values lie, worked out once per schema.

use crate::core::schema::{Column, Joined, Schema, Source};
use crate::core::value::CellKind;
use std::sync::Arc;

/// A schema with what the store derives from it.
#[derive(Debug, Clone, Default)]
pub struct Layout {
    /// The columns as the stream tells them.
    pub stream: Arc<Schema>,
    /// Labels that are columns too: rows carry all labels anyway.
    pub labels: Vec<Arc<str>>,
    /// All columns.
    pub schema: Arc<Schema>,
    /// Cells per row as the stream sends them.
    pub cells: usize,
    /// Which of them hold symbols.
    pub text: Vec<bool>,
    /// The measurements the schema has columns for, in the order they lie beside the cells.
    pub joined: Vec<Joined>,
}

impl Layout {
    /// The layout of a stream's schema, with columns for some labels.
    #[must_use]
    pub fn new(stream: Arc<Schema>, labels: Vec<Arc<str>>) -> Self {
        let cells = usize::from(stream.cells);
        let mut text = vec![false; cells];
        let mut joined = Vec::new();
        for column in &stream.columns {
            match column.source {
                Source::Cell(i) | Source::Annotation(_, i) if column.kind == CellKind::Text => {
                    if let Some(t) = text.get_mut(usize::from(i)) {
                        *t = true;
                    }
                }
                Source::Joined(j) if !joined.contains(&j) => joined.push(j),
                _ => {}
            }
        }
        let schema =
            if labels.is_empty() { stream.clone() } else { Arc::new(stream.as_ref().clone().with_labels(&labels)) };
        Self { stream, labels, schema, cells, text, joined }
    }

    /// Where a measurement lies, if the schema has a column for it.
    #[must_use]
    pub fn joined_at(&self, what: Joined) -> Option<usize> {
        self.joined.iter().position(|&j| j == what)
    }

    /// For each cell, the cell of another layout that holds the same, if the two differ in
    /// annotations only; `None` if they are of different rows altogether.
    #[must_use]
    pub fn carried_from(&self, old: &Self) -> Option<Vec<Option<usize>>> {
        let own = |c: &&Column| !matches!(c.source, Source::Annotation(..));
        if old.cells == 0 && old.stream.columns.is_empty()
            || !self.stream.columns.iter().filter(own).eq(old.stream.columns.iter().filter(own))
        {
            return None;
        }
        let mut from: Vec<Option<usize>> = (0..self.cells).map(Some).collect();
        for column in &self.stream.columns {
            let Source::Annotation(key, at) = &column.source else { continue };
            let same = |c: &Column| match &c.source {
                Source::Annotation(k, i) if k == key => Some(usize::from(*i)),
                _ => None,
            };
            if let Some(cell) = from.get_mut(usize::from(*at)) {
                *cell = old.stream.columns.iter().find_map(same);
            }
        }
        Some(from)
    }
}
