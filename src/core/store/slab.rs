//! The rows themselves: fixed heads, and beside them the cells, flat, with one
//! stride. A slot is free, live, or held: gone, but kept for a while so that
//! its last state can still be drawn.

use super::RowId;
use crate::core::health::Health;
use crate::core::pages::Pages;
use crate::core::row::Sym;
use crate::core::uid::Uid;
use crate::core::value::NONE;
use std::collections::VecDeque;

/// What a slot holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Life {
    /// Nothing.
    #[default]
    Free,
    /// A row.
    Live,
    /// A row that is gone.
    Held,
}

/// The fixed part of a slot: 48 bytes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Head {
    pub uid: Uid,
    pub created: i64,
    pub name: Sym,
    pub namespace: Sym,
    pub owner: Sym,
    pub labels: Sym,
    /// The list generation in which the row was last put.
    pub seen: u32,
    pub health: Health,
    pub life: Life,
    /// Counts the rows that have lived in this slot.
    pub turn: u8,
}

/// Heads and cells.
#[derive(Debug, Clone)]
pub struct Slab {
    heads: Pages<Head>,
    cells: Pages<u64>,
    joined: Pages<u64>,
    // Oldest first, so that a slot rests as long as possible before its turn counter moves.
    free: VecDeque<u32>,
}

impl Default for Slab {
    /// Rows without cells and measurements.
    fn default() -> Self {
        Self::new(0, 0)
    }
}

impl Slab {
    /// An empty slab for rows of so many cells and measurements.
    #[must_use]
    pub fn new(stride: usize, beside: usize) -> Self {
        Self { heads: Pages::default(), cells: Pages::new(stride), joined: Pages::new(beside), free: VecDeque::new() }
    }

    /// A slot for a new row, its cells all [`NONE`]; `None` when ids have run out.
    pub fn take(&mut self) -> Option<usize> {
        if let Some(slot) = self.free.pop_front() {
            let slot = slot as usize;
            let turn = self.head(slot).turn.wrapping_add(1);
            *self.head_mut(slot) = Head { turn, ..Head::default() };
            self.cells_mut(slot).fill(NONE);
            self.joined_mut(slot).fill(NONE);
            return Some(slot);
        }
        let slot = self.heads.len();
        if slot >= RowId::SLOTS {
            return None;
        }
        self.heads.push([Head::default()]);
        self.cells.fill(self.heads.len(), NONE);
        self.joined.fill(self.heads.len(), NONE);
        Some(slot)
    }

    /// How many slots.
    #[must_use]
    pub fn slots(&self) -> usize {
        self.heads.len()
    }

    /// All heads by slot.
    pub fn heads(&self) -> impl Iterator<Item = &Head> {
        self.heads.iter()
    }

    /// The head of a slot.
    #[must_use]
    pub fn head(&self, slot: usize) -> &Head {
        &self.heads[slot]
    }

    /// The head of a slot.
    pub fn head_mut(&mut self, slot: usize) -> &mut Head {
        &mut self.heads[slot]
    }

    /// Gives a slot back.
    pub fn give(&mut self, slot: usize) {
        self.head_mut(slot).life = Life::Free;
        self.free.push_back(slot as u32);
    }

    /// The cells of a slot.
    #[must_use]
    pub fn cells(&self, slot: usize) -> &[u64] {
        self.cells.row(slot)
    }

    /// The cells of a slot.
    pub fn cells_mut(&mut self, slot: usize) -> &mut [u64] {
        self.cells.row_mut(slot)
    }

    /// Gives all rows other cells: each takes that of the old ones, or is [`NONE`].
    pub fn refit(&mut self, from: &[Option<usize>]) {
        let mut cells = Pages::new(from.len());
        for slot in 0..self.heads.len() {
            let old = self.cells(slot);
            cells.push(from.iter().map(|at| at.map_or(NONE, |i| old[i])));
        }
        self.cells = cells;
    }

    /// The measurements of a slot.
    #[must_use]
    pub fn joined(&self, slot: usize) -> &[u64] {
        self.joined.row(slot)
    }

    /// The measurements of a slot.
    pub fn joined_mut(&mut self, slot: usize) -> &mut [u64] {
        self.joined.row_mut(slot)
    }

    /// The id of the row in a slot.
    #[must_use]
    pub fn id(&self, slot: usize) -> RowId {
        RowId::new(slot, self.head(slot).turn)
    }

    /// The slot of an id, if that row is still there in that state.
    #[must_use]
    pub fn slot(&self, id: RowId, live_only: bool) -> Option<usize> {
        let head = self.heads.get(id.slot())?;
        let there = head.life == Life::Live || (head.life == Life::Held && !live_only);
        (there && head.turn == id.turn()).then(|| id.slot())
    }
}
