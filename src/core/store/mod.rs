//! The rows of one stream.
//!
//! Compact (a 48-byte head and one `u64` a cell; texts counted in one arena),
//! indexed by uid and by name, changed only by [`StreamEvent`]s and by joined
//! measurements. Every change is noted in a journal, which views follow at their
//! own pace. A removed row is held for a while, so that it can be drawn greyed.
//!
//! One file per part: `symbols` (texts), `slab` (heads and cells), `layout`
//! (what a schema means for them), `index`, `names` (their order), `journal`, `apply` (changes in),
//! `row_ref` (reads out).

mod apply;
mod index;
mod journal;
mod layout;
mod names;
mod row_ref;
mod slab;
mod symbols;

#[cfg(test)]
pub(in crate::core) mod fixture;
#[cfg(test)]
mod tests;

pub(in crate::core) use journal::Journal;
pub use journal::{Mark, Missed};
pub use row_ref::{RowRef, TextAt, is_text, label_in};
pub use symbols::Symbols;

use super::freshness::Freshness;
use super::schema::{Joined, Schema};
use super::stream::StreamEvent;
use super::uid::Uid;
use index::Index;
use layout::Layout;
use names::Names;
use slab::{Life, Slab};
use std::collections::VecDeque;
use std::sync::Arc;

/// A row of a store. Never means another row: the slot's turn is part of it, so
/// an old id finds nothing (a slot would have to be reused 256 times first, and
/// slots rest in a queue).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RowId(u32);

impl RowId {
    /// The most rows a store can hold.
    pub const SLOTS: usize = (1 << 24) - 1;

    /// Means no row in tables beside a store; no row ever has it.
    pub(in crate::core) const NOBODY: Self = Self(u32::MAX);

    fn new(slot: usize, turn: u8) -> Self {
        Self((u32::from(turn) << 24) | slot as u32)
    }

    /// The slot: small and dense, for tables beside the store.
    #[must_use]
    pub fn slot(self) -> usize {
        (self.0 & 0x00ff_ffff) as usize
    }

    fn turn(self) -> u8 {
        (self.0 >> 24) as u8
    }
}

/// What applying an event did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Applied {
    /// Rows added or changed.
    pub puts: usize,
    /// Rows removed.
    pub gone: usize,
    /// Rows that found no room ([`RowId::SLOTS`]).
    pub dropped: usize,
    /// The columns changed and all rows were forgotten.
    pub reset: bool,
}

/// How many rows there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// All.
    pub total: usize,
    /// Those that "faults only" shows.
    pub unwell: usize,
}

/// The rows of one stream.
#[derive(Debug, Clone, Default)]
pub struct Store {
    layout: Layout,
    slab: Slab,
    symbols: Symbols,
    index: Index,
    names: Names,
    journal: Journal<RowId>,
    // Slots of removed rows, oldest first.
    held: VecDeque<u32>,
    generation: u32,
    epoch: u32,
    live: usize,
    unwell: usize,
    freshness: Freshness,
    reconnects: u32,
}

impl Store {
    /// A store that knows no columns yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in what the stream tells.
    pub fn apply(&mut self, event: StreamEvent) -> Applied {
        match event {
            StreamEvent::Schema(schema) => self.set_schema(schema),
            StreamEvent::Begin => {
                self.generation = self.generation.wrapping_add(1);
                Applied::default()
            }
            StreamEvent::Batch(batch) => apply::batch(self, &batch),
            StreamEvent::End => apply::sweep(self),
            StreamEvent::Fresh(freshness) => {
                let broken = |f: &Freshness| matches!(f, Freshness::Reconnecting { .. } | Freshness::Stale { .. });
                self.reconnects += u32::from(broken(&freshness) && !broken(&self.freshness));
                self.freshness = freshness;
                Applied::default()
            }
        }
    }

    fn set_schema(&mut self, schema: Arc<Schema>) -> Applied {
        if *schema == *self.layout.stream {
            return Applied::default();
        }
        let layout = Layout::new(schema, self.layout.labels.clone());
        if let Some(from) = layout.carried_from(&self.layout) {
            self.carry(layout, &from);
            return Applied::default();
        }
        self.layout = layout;
        self.slab = Slab::new(self.layout.cells, self.layout.joined.len());
        self.symbols = Symbols::default();
        self.index = Index::default();
        self.names = Names::default();
        self.held.clear();
        (self.live, self.unwell) = (0, 0);
        self.epoch += 1;
        self.journal.reset();
        Applied { reset: true, ..Applied::default() }
    }

    // Other annotations were asked for: the rows stay, with what is known of them already.
    fn carry(&mut self, layout: Layout, from: &[Option<usize>]) {
        for slot in 0..self.slab.slots() {
            let lost = (0..self.layout.cells).filter(|i| self.layout.text[*i] && !from.contains(&Some(*i)));
            for i in lost {
                if self.slab.head(slot).life != Life::Free {
                    self.symbols.release(apply::sym_of(self.slab.cells(slot)[i]));
                }
            }
        }
        self.slab.refit(from);
        self.symbols.tidy();
        self.layout = layout;
        self.epoch += 1;
        self.journal.reset();
    }

    /// Makes columns of these labels, and of no others.
    pub fn show_labels(&mut self, keys: &[Arc<str>]) {
        if self.layout.labels != keys {
            self.layout = Layout::new(self.layout.stream.clone(), keys.to_vec());
            self.epoch += 1;
            self.journal.reset();
        }
    }

    /// Whether labels are columns here.
    #[must_use]
    pub fn shows_labels(&self) -> bool {
        !self.layout.labels.is_empty()
    }

    fn note(&mut self, slot: usize) {
        self.journal.note(self.slab.id(slot), self.slab.slots());
    }

    /// How many rows are live.
    #[must_use]
    pub fn len(&self) -> usize {
        self.live
    }

    /// Whether no row is live.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.live == 0
    }

    /// How many rows are live, and how many of them unwell.
    #[must_use]
    pub fn counts(&self) -> Counts {
        Counts { total: self.live, unwell: self.unwell }
    }

    /// The columns.
    #[must_use]
    pub fn schema(&self) -> &Arc<Schema> {
        &self.layout.schema
    }

    /// Counts the schemas this store has had; ids and columns of another epoch mean nothing.
    #[must_use]
    pub fn epoch(&self) -> u32 {
        self.epoch
    }

    /// How true the rows are.
    #[must_use]
    pub fn freshness(&self) -> &Freshness {
        &self.freshness
    }

    /// How often the stream broke and was put together again.
    #[must_use]
    pub fn reconnects(&self) -> u32 {
        self.reconnects
    }

    /// A live row.
    #[must_use]
    pub fn get(&self, id: RowId) -> Option<RowRef<'_>> {
        self.slab.slot(id, true).map(|slot| RowRef { store: self, slot })
    }

    /// A row, live or gone but still held ([`RowRef::gone`] tells).
    #[must_use]
    pub fn peek(&self, id: RowId) -> Option<RowRef<'_>> {
        self.slab.slot(id, false).map(|slot| RowRef { store: self, slot })
    }

    /// The live row with that uid.
    #[must_use]
    pub fn find(&self, uid: Uid) -> Option<RowRef<'_>> {
        self.index.uid(&self.slab, uid).map(|slot| RowRef { store: self, slot })
    }

    /// The live row with that name (the namespace is empty for cluster-scoped kinds).
    #[must_use]
    pub fn find_name(&self, namespace: &str, name: &str) -> Option<RowRef<'_>> {
        let (ns, name) = (self.symbols.find(namespace)?, self.symbols.find(name)?);
        self.index.name(&self.slab, ns, name).map(|slot| RowRef { store: self, slot })
    }

    /// The last state of a removed row, while it is held (the newest 2,048 removals).
    #[must_use]
    pub fn last_words(&self, uid: Uid) -> Option<RowRef<'_>> {
        let of = |&&slot: &&u32| self.slab.head(slot as usize).uid == uid;
        self.held.iter().rev().find(of).map(|&slot| RowRef { store: self, slot: slot as usize })
    }

    /// All live rows, in no order that means anything.
    pub fn rows(&self) -> impl Iterator<Item = RowRef<'_>> {
        let live = |(_, h): &(usize, &slab::Head)| h.life == Life::Live;
        self.slab.heads().enumerate().filter(live).map(|(slot, _)| RowRef { store: self, slot })
    }

    /// One above the highest slot in use: the size of a table beside this store.
    #[must_use]
    pub fn slots(&self) -> usize {
        self.slab.slots()
    }

    /// The store's texts.
    #[must_use]
    pub fn symbols(&self) -> &Symbols {
        &self.symbols
    }

    /// The place after the newest change.
    #[must_use]
    pub fn mark(&self) -> Mark {
        self.journal.mark()
    }

    /// What changed since a place in the journal.
    pub fn since(&self, mark: Mark) -> Missed<impl Iterator<Item = RowId>> {
        self.journal.since(mark)
    }

    /// Sets a row's measurements; those the schema has no column for are left out. Tells whether anything changed.
    pub fn set_joined(&mut self, id: RowId, values: &[(Joined, u64)]) -> bool {
        let Some(slot) = self.slab.slot(id, true) else { return false };
        let mut changed = false;
        for &(what, value) in values {
            if let Some(i) = self.layout.joined_at(what) {
                let cell = &mut self.slab.joined_mut(slot)[i];
                changed |= *cell != value;
                *cell = value;
            }
        }
        if changed {
            self.note(slot);
        }
        changed
    }
}
