//! Reading one row.

use super::slab::Head;
use super::{RowId, Store};
use crate::core::health::Health;
use crate::core::row::Sym;
use crate::core::schema::{Column, Joined, Source};
use crate::core::uid::Uid;
use crate::core::value::{CellKind, NONE, as_int, int, write_cell};

/// A row of a store, live or held.
#[derive(Debug, Clone, Copy)]
pub struct RowRef<'a> {
    pub(super) store: &'a Store,
    pub(super) slot: usize,
}

impl<'a> RowRef<'a> {
    fn head(&self) -> &'a Head {
        self.store.slab.head(self.slot)
    }

    /// Its id in this store.
    #[must_use]
    pub fn id(&self) -> RowId {
        self.store.slab.id(self.slot)
    }

    /// Identity.
    #[must_use]
    pub fn uid(&self) -> Uid {
        self.head().uid
    }

    /// `metadata.name`.
    #[must_use]
    pub fn name(&self) -> &'a str {
        self.store.symbols.text(self.head().name)
    }

    /// `metadata.namespace`, empty for cluster-scoped kinds.
    #[must_use]
    pub fn namespace(&self) -> &'a str {
        self.store.symbols.text(self.head().namespace)
    }

    /// Where the row stands by namespace and name among the rows of the store that know.
    #[must_use]
    pub fn name_order(&self) -> Option<u32> {
        self.store.names.number(self.slot)
    }

    /// The controlling owner as `Kind/name`, or empty.
    #[must_use]
    pub fn owner(&self) -> &'a str {
        self.store.symbols.text(self.head().owner)
    }

    /// The labels as `k=v,k=v`.
    #[must_use]
    pub fn labels(&self) -> &'a str {
        self.store.symbols.text(self.head().labels)
    }

    /// The value of one label; `None` if it is not set.
    #[must_use]
    pub fn label(&self, key: &str) -> Option<&'a str> {
        label_in(self.labels(), key)
    }

    /// Creation, Unix milliseconds; 0 when unknown.
    #[must_use]
    pub fn created(&self) -> i64 {
        self.head().created
    }

    /// Whether the object is well.
    #[must_use]
    pub fn health(&self) -> Health {
        self.head().health
    }

    /// Whether the object is gone and this is its last state.
    #[must_use]
    pub fn gone(&self) -> bool {
        self.head().life != super::slab::Life::Live
    }

    /// The bits of a column; [`NONE`] for texts of the head and for what is not set.
    #[must_use]
    pub fn cell(&self, column: usize) -> u64 {
        let Some(c) = self.store.layout.schema.columns.get(column) else { return NONE };
        match &c.source {
            Source::Cell(i) | Source::Annotation(_, i) => self.raw(usize::from(*i)),
            Source::Created if self.created() != 0 => int(self.created()),
            Source::Joined(j) => self.joined(*j),
            _ => NONE,
        }
    }

    /// A cell by its index in the stream's rows.
    #[must_use]
    pub fn raw(&self, index: usize) -> u64 {
        self.store.slab.cells(self.slot).get(index).copied().unwrap_or(NONE)
    }

    /// A measurement; [`NONE`] when there is none or the schema has no column for it.
    #[must_use]
    pub fn joined(&self, what: Joined) -> u64 {
        self.store.layout.joined_at(what).map_or(NONE, |i| self.store.slab.joined(self.slot)[i])
    }

    /// The text of a text column; empty for numbers and for what is not set.
    #[must_use]
    pub fn text(&self, column: usize) -> &'a str {
        let Some(c) = self.store.layout.schema.columns.get(column) else { return "" };
        match &c.source {
            Source::Label(key) => self.label(key).unwrap_or(""),
            _ => self.sym(column).map_or("", |s| self.store.symbols.text(s)),
        }
    }

    /// The symbol of a text column that has one (label columns have none).
    #[must_use]
    pub fn sym(&self, column: usize) -> Option<Sym> {
        self.at(column).map(|at| self.sym_at(at))
    }

    /// Where the symbol of a text column lies, if it has one.
    #[must_use]
    pub fn at(&self, column: usize) -> Option<TextAt> {
        TextAt::of(self.store.layout.schema.columns.get(column)?)
    }

    /// The symbol at a place.
    #[must_use]
    pub fn sym_at(&self, at: TextAt) -> Sym {
        match at {
            TextAt::Namespace => self.head().namespace,
            TextAt::Name => self.head().name,
            TextAt::Owner => self.head().owner,
            TextAt::Labels => self.head().labels,
            TextAt::Cell(i) => {
                let cell = self.raw(usize::from(i));
                if cell == NONE { Sym::EMPTY } else { Sym(cell as u32) }
            }
        }
    }

    /// Writes a column as the table shows it; `now` is the API server's clock in Unix milliseconds.
    pub fn write(&self, out: &mut String, column: usize, now: i64) {
        let Some(c) = self.store.layout.schema.columns.get(column) else { return };
        if is_text(&c.source, c.kind) {
            out.push_str(self.text(column));
        } else {
            write_cell(out, c.kind, self.cell(column), now);
        }
    }

    /// The signed number of a column, if it has one (see [`as_int`]).
    #[must_use]
    pub fn number(&self, column: usize) -> Option<i64> {
        as_int(self.cell(column))
    }
}

/// Where in a row a text's symbol lies: a column looked up once for many rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextAt {
    /// In the head.
    Namespace,
    /// In the head.
    Name,
    /// In the head.
    Owner,
    /// In the head.
    Labels,
    /// In a cell.
    Cell(u16),
}

impl TextAt {
    /// Where a column's symbol lies, if it has one.
    #[must_use]
    pub fn of(column: &Column) -> Option<Self> {
        match &column.source {
            Source::Namespace => Some(Self::Namespace),
            Source::Name => Some(Self::Name),
            Source::Owner => Some(Self::Owner),
            Source::Labels => Some(Self::Labels),
            Source::Cell(i) if column.kind == CellKind::Text => Some(Self::Cell(*i)),
            Source::Annotation(_, i) => Some(Self::Cell(*i)),
            _ => None,
        }
    }
}

/// Whether a column's value is a text rather than bits.
#[must_use]
pub fn is_text(source: &Source, kind: CellKind) -> bool {
    match source {
        Source::Namespace
        | Source::Name
        | Source::Owner
        | Source::Label(_)
        | Source::Labels
        | Source::Annotation(..) => true,
        Source::Cell(_) => kind == CellKind::Text,
        Source::Created | Source::Joined(_) => false,
    }
}

/// The value of a key in `k=v,k=v`. Neither keys nor values can hold `,` or `=`.
#[must_use]
pub fn label_in<'a>(labels: &'a str, key: &str) -> Option<&'a str> {
    labels.split(',').find_map(|pair| {
        let (k, v) = pair.split_once('=')?;
        (k == key).then_some(v)
    })
}
