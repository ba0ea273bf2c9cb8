//! The rows themselves: fixed heads, and beside them the cells, flat, with one
//! stride. A slot is free, live, or held: gone, but kept for a while so that
//! its last state can still be drawn.

use super::RowId;
use crate::core::health::Health;
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
#[derive(Debug, Clone, Default)]
pub struct Slab {
    pub heads: Vec<Head>,
    pub cells: Vec<u64>,
    pub joined: Vec<u64>,
    stride: usize,
    beside: usize,
    // Oldest first, so that a slot rests as long as possible before its turn counter moves.
    free: VecDeque<u32>,
}

impl Slab {
    /// An empty slab for rows of so many cells and measurements.
    #[must_use]
    pub fn new(stride: usize, beside: usize) -> Self {
        Self { stride, beside, ..Self::default() }
    }

    /// A slot for a new row, its cells all [`NONE`]; `None` when ids have run out.
    pub fn take(&mut self) -> Option<usize> {
        if let Some(slot) = self.free.pop_front() {
            let slot = slot as usize;
            let turn = self.heads[slot].turn.wrapping_add(1);
            self.heads[slot] = Head { turn, ..Head::default() };
            self.cells_mut(slot).fill(NONE);
            self.joined_mut(slot).fill(NONE);
            return Some(slot);
        }
        let slot = self.heads.len();
        if slot >= RowId::SLOTS {
            return None;
        }
        self.heads.push(Head::default());
        self.cells.resize(self.heads.len() * self.stride, NONE);
        self.joined.resize(self.heads.len() * self.beside, NONE);
        Some(slot)
    }

    /// Gives a slot back.
    pub fn give(&mut self, slot: usize) {
        self.heads[slot].life = Life::Free;
        self.free.push_back(slot as u32);
    }

    /// The cells of a slot.
    #[must_use]
    pub fn cells(&self, slot: usize) -> &[u64] {
        &self.cells[slot * self.stride..(slot + 1) * self.stride]
    }

    /// The cells of a slot.
    pub fn cells_mut(&mut self, slot: usize) -> &mut [u64] {
        &mut self.cells[slot * self.stride..(slot + 1) * self.stride]
    }

    /// Gives all rows other cells: each takes that of the old ones, or is [`NONE`].
    pub fn refit(&mut self, from: &[Option<usize>]) {
        let mut cells = Vec::with_capacity(self.heads.len() * from.len());
        for slot in 0..self.heads.len() {
            let old = self.cells(slot);
            cells.extend(from.iter().map(|at| at.map_or(NONE, |i| old[i])));
        }
        self.cells = cells;
        self.stride = from.len();
    }

    /// The measurements of a slot.
    #[must_use]
    pub fn joined(&self, slot: usize) -> &[u64] {
        &self.joined[slot * self.beside..(slot + 1) * self.beside]
    }

    /// The measurements of a slot.
    pub fn joined_mut(&mut self, slot: usize) -> &mut [u64] {
        &mut self.joined[slot * self.beside..(slot + 1) * self.beside]
    }

    /// The id of the row in a slot.
    #[must_use]
    pub fn id(&self, slot: usize) -> RowId {
        RowId::new(slot, self.heads[slot].turn)
    }

    /// The slot of an id, if that row is still there in that state.
    #[must_use]
    pub fn slot(&self, id: RowId, live_only: bool) -> Option<usize> {
        let head = self.heads.get(id.slot())?;
        let there = head.life == Life::Live || (head.life == Life::Held && !live_only);
        (there && head.turn == id.turn()).then(|| id.slot())
    }
}
