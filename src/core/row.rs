//! Rows on their way from a stream to its store: batches that carry their own
//! symbols, so that a decode task needs no lock and no shared interner.

use super::health::Health;
use super::uid::Uid;
use hashbrown::HashTable;
use serde::{Deserialize, Serialize};
use std::hash::BuildHasher;

/// An index into a symbol table; in a batch, into the batch's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Sym(pub u32);

impl Sym {
    /// The empty text in every table.
    pub const EMPTY: Self = Self(0);

    /// As a `Text` cell.
    #[must_use]
    pub fn cell(self) -> u64 {
        u64::from(self.0)
    }
}

/// The fixed part of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowHead {
    /// Identity.
    pub uid: Uid,
    /// `metadata.name`.
    pub name: Sym,
    /// `metadata.namespace`, empty for cluster-scoped kinds.
    pub namespace: Sym,
    /// The controlling owner as `Kind/name`, or empty.
    pub owner: Sym,
    /// The labels as `k=v,k=v` in key order.
    pub labels: Sym,
    /// `metadata.creationTimestamp`, Unix milliseconds; 0 when unknown.
    pub created: i64,
    /// Whether the object is well, by its kind's rule.
    pub health: Health,
}

/// One change of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    /// The object is there and looks like this; its cells are the next `cells` of the batch.
    Put(RowHead),
    /// The object is gone.
    Gone(Uid),
}

/// Texts of one batch, without doubles.
#[derive(Clone, Default)]
pub struct SymbolTable {
    bytes: String,
    ends: Vec<u32>,
    index: HashTable<u32>,
    hasher: hashbrown::DefaultHashBuilder,
}

impl SymbolTable {
    /// A table that holds the empty text as [`Sym::EMPTY`].
    #[must_use]
    pub fn new() -> Self {
        let mut t = Self::default();
        t.intern("");
        t
    }

    /// The symbol of a text.
    pub fn intern(&mut self, text: &str) -> Sym {
        let Self { bytes, ends, index, hasher } = self;
        let hash = hasher.hash_one(text);
        let found = index.find(hash, |&i| slice(bytes, ends, i) == text).copied();
        Sym(found.unwrap_or_else(|| {
            let id = u32::try_from(ends.len()).unwrap_or(u32::MAX);
            bytes.push_str(text);
            ends.push(u32::try_from(bytes.len()).unwrap_or(u32::MAX));
            index.insert_unique(hash, id, |&i| hasher.hash_one(slice(bytes, ends, i)));
            id
        }))
    }

    /// The text of a symbol; empty for one that is not of this table.
    #[must_use]
    pub fn text(&self, sym: Sym) -> &str {
        slice(&self.bytes, &self.ends, sym.0)
    }

    /// How many symbols there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
}

// In a recording a table is the list of its texts, in order.
impl Serialize for SymbolTable {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq((0..self.len()).map(|i| self.text(Sym(i as u32))))
    }
}

impl<'de> Deserialize<'de> for SymbolTable {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let mut table = Self::default();
        for text in Vec::<String>::deserialize(from)? {
            table.intern(&text);
        }
        Ok(table)
    }
}

fn slice<'a>(bytes: &'a str, ends: &[u32], i: u32) -> &'a str {
    let i = i as usize;
    let Some(&end) = ends.get(i) else { return "" };
    let start = if i == 0 { 0 } else { ends[i - 1] };
    bytes.get(start as usize..end as usize).unwrap_or("")
}

// Hash order is not the table's value: two tables are equal when their texts are.
impl PartialEq for SymbolTable {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes && self.ends == other.ends
    }
}

impl std::fmt::Debug for SymbolTable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries((0..self.len()).map(|i| self.text(Sym(i as u32)))).finish()
    }
}

/// Changes of one stream, in order, merged by nobody yet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Batch {
    /// The texts that heads and `Text` cells refer to.
    pub symbols: SymbolTable,
    /// The changes in order.
    pub changes: Vec<Change>,
    /// The cells of the `Put`s, one after the other.
    pub cells: Vec<u64>,
    /// Which cells are `Text`, by index within a row.
    pub text: Vec<bool>,
}

impl Batch {
    /// An empty batch for rows whose cells have these kinds (`true` = `Text`).
    #[must_use]
    pub fn new(text: Vec<bool>) -> Self {
        Self { symbols: SymbolTable::new(), changes: Vec::new(), cells: Vec::new(), text }
    }

    /// Cells per row.
    #[must_use]
    pub fn width(&self) -> usize {
        self.text.len()
    }

    /// The symbol of a text.
    pub fn sym(&mut self, text: &str) -> Sym {
        self.symbols.intern(text)
    }

    /// A `Text` cell.
    pub fn text_cell(&mut self, text: &str) -> u64 {
        self.symbols.intern(text).cell()
    }

    /// Adds a row. Missing cells are filled with [`super::value::NONE`], spare ones dropped.
    pub fn put(&mut self, head: RowHead, cells: &[u64]) {
        let w = self.width();
        self.changes.push(Change::Put(head));
        self.cells.extend(cells.iter().copied().chain(std::iter::repeat(super::value::NONE)).take(w));
    }

    /// Sets a cell of the row that was put last.
    pub fn set_last(&mut self, index: usize, cell: u64) {
        let start = self.cells.len().saturating_sub(self.width());
        if index < self.width()
            && let Some(c) = self.cells.get_mut(start + index)
        {
            *c = cell;
        }
    }

    /// Adds a removal.
    pub fn gone(&mut self, uid: Uid) {
        self.changes.push(Change::Gone(uid));
    }

    /// Whether nothing has been added.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// How many changes there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.changes.len()
    }

    /// The changes with the cells of each.
    pub fn rows(&self) -> impl Iterator<Item = (&Change, &[u64])> {
        let w = self.width();
        let mut at = 0;
        self.changes.iter().map(move |c| {
            let start = at;
            if matches!(c, Change::Put(_)) {
                at += w;
            }
            // A batch from a recording somebody has edited may promise more than it holds.
            (c, self.cells.get(start..at).unwrap_or_default())
        })
    }
}
