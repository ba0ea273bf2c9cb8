//! Writing a kind's columns down: cells get their index in the order they are
//! named, which is the order in which the kind's row puts them.

use crate::core::row::Batch;
use crate::core::schema::{Column, Joined, Schema, Show, Source};
use crate::core::value::CellKind;

/// A schema under construction.
#[derive(Debug, Default)]
pub struct Columns {
    schema: Schema,
}

impl Columns {
    /// The columns of a kind that lives in namespaces: `NAMESPACE` stands first.
    #[must_use]
    pub fn namespaced() -> Self {
        Self::default().add("NAMESPACE", CellKind::Text, Source::Namespace, Show::Always, "Namespace")
    }

    /// The columns of a kind of the cluster.
    #[must_use]
    pub fn clustered() -> Self {
        Self::default()
    }

    /// Any column.
    #[must_use]
    pub fn add(mut self, title: &str, kind: CellKind, source: Source, show: Show, doc: &str) -> Self {
        self.schema.columns.push(Column::new(title, kind, source, show, doc));
        self
    }

    /// `NAME`.
    #[must_use]
    pub fn name(self) -> Self {
        self.add("NAME", CellKind::Text, Source::Name, Show::Always, "Name")
    }

    /// `AGE`.
    #[must_use]
    pub fn age(self) -> Self {
        self.add("AGE", CellKind::Age, Source::Created, Show::Room(1), "Time since creation")
    }

    /// `OWNER`, to be chosen.
    #[must_use]
    pub fn owner(self, show: Show) -> Self {
        self.add("OWNER", CellKind::Text, Source::Owner, show, "The controlling owner, as Kind/name")
    }

    /// The next cell of the row.
    #[must_use]
    pub fn cell(mut self, title: &str, kind: CellKind, show: Show, doc: &str) -> Self {
        let index = self.schema.cells;
        self.schema.cells += 1;
        self.add(title, kind, Source::Cell(index), show, doc)
    }

    /// A text cell.
    #[must_use]
    pub fn text(self, title: &str, show: Show, doc: &str) -> Self {
        self.cell(title, CellKind::Text, show, doc)
    }

    /// A whole number.
    #[must_use]
    pub fn int(self, title: &str, show: Show, doc: &str) -> Self {
        self.cell(title, CellKind::Int, show, doc)
    }

    /// A column the state joins in.
    #[must_use]
    pub fn joined(self, title: &str, kind: CellKind, joined: Joined, show: Show, doc: &str) -> Self {
        self.add(title, kind, Source::Joined(joined), show, doc)
    }

    /// The schema.
    #[must_use]
    pub fn done(self) -> Schema {
        self.schema
    }
}

/// Which cells of a row are `Text`, as [`Batch::new`] wants it.
#[must_use]
pub fn text_cells(schema: &Schema) -> Vec<bool> {
    let mut text = vec![false; usize::from(schema.cells)];
    for column in &schema.columns {
        let (Source::Cell(i) | Source::Annotation(_, i)) = column.source else { continue };
        if let Some(t) = text.get_mut(usize::from(i)) {
            *t = column.kind == CellKind::Text;
        }
    }
    text
}

/// An empty batch for rows of a schema.
#[must_use]
pub fn batch_for(schema: &Schema) -> Batch {
    Batch::new(text_cells(schema))
}
