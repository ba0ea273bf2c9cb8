//! The order of names as numbers. Rows that are equal in what a table is sorted by stand by
//! namespace and name, and there are many such rows: comparing their texts is what a turn of a
//! big table would spend its time on.
//!
//! Servers list objects in this order, so a row whose name is beyond all names before it gets the
//! next number. One that comes in between later has none, and its texts are compared; when there
//! are many of those, the end of a list is the moment to number all anew.

use super::slab::{Life, Slab};
use super::symbols::Symbols;

/// Numbers by slot.
#[derive(Debug, Clone, Default)]
pub struct Names {
    // 0: none.
    numbers: Vec<u32>,
    last: u32,
    // The greatest name that has a number; its row may be gone.
    greatest: (String, String),
    without: usize,
}

impl Names {
    /// Notes a row that is new in its slot.
    pub fn add(&mut self, slot: usize, namespace: &str, name: &str) {
        if self.numbers.len() <= slot {
            self.numbers.resize(slot + 1, 0);
        }
        let (n, m) = &mut self.greatest;
        let beyond = namespace.cmp(n).then_with(|| name.cmp(m)).is_gt() || self.last == 0;
        if beyond && self.last < u32::MAX {
            n.replace_range(.., namespace);
            m.replace_range(.., name);
            self.last += 1;
            self.numbers[slot] = self.last;
        } else {
            self.numbers[slot] = 0;
            self.without += 1;
        }
    }

    /// Notes that a slot is free.
    pub fn drop(&mut self, slot: usize) {
        if let Some(number) = self.numbers.get_mut(slot) {
            self.without -= usize::from(*number == 0);
            *number = 0;
        }
    }

    /// The number of the row in a slot. Of two rows that have one, the smaller comes first by
    /// namespace and name.
    pub fn number(&self, slot: usize) -> Option<u32> {
        self.numbers.get(slot).copied().filter(|&n| n != 0)
    }

    /// Numbers all rows anew if many have no number.
    pub fn tidy(&mut self, slab: &Slab, symbols: &Symbols) {
        if self.without < 1_024 || self.without * 4 < slab.slots() {
            return;
        }
        let taken = slab.heads().enumerate().filter(|(_, h)| h.life != Life::Free);
        let mut all: Vec<(&str, &str, usize)> =
            taken.map(|(slot, h)| (symbols.text(h.namespace), symbols.text(h.name), slot)).collect();
        all.sort_unstable();
        *self = Self::default();
        for (namespace, name, slot) in all {
            self.add(slot, namespace, name);
        }
    }
}
