//! The entries of a view: a sorted vector, and beside it, by slot, what stands
//! in it. A refresh takes entries out and merges new ones in, in one pass.

use super::sort::Sorter;
use crate::core::pages::Pages;
use crate::core::store::{RowId, Store};
use std::cmp::Ordering;

/// A row with its sort key.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub key: u64,
    pub row: RowId,
}

#[derive(Debug, Clone, Copy)]
struct Note {
    key: u64,
    row: RowId,
    // Taken out at the next commit.
    leaving: bool,
}

const EMPTY: Note = Note { key: 0, row: RowId::NOBODY, leaving: false };

// Among how many of one key an entry is looked for one by one.
const SAME: usize = 64;

/// The order.
#[derive(Debug, Default)]
pub(super) struct Order {
    entries: Vec<Entry>,
    spare: Vec<Entry>,
    notes: Pages<Note>,
    // How many entries at the end stand there only because the order was held.
    tail: usize,
    coming: Vec<Entry>,
    leaving: Vec<Entry>,
}

impl Order {
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The row of that slot in the order, with its key.
    pub fn at(&self, slot: usize) -> Option<Entry> {
        self.notes.get(slot).filter(|n| n.row != RowId::NOBODY).map(|n| Entry { key: n.key, row: n.row })
    }

    pub fn contains(&self, row: RowId) -> bool {
        self.at(row.slot()).is_some_and(|e| e.row == row)
    }

    pub fn rank(&self, row: RowId) -> Option<usize> {
        let entry = self.at(row.slot()).filter(|e| e.row == row)?;
        let sorted = self.entries.len() - self.tail;
        self.place(entry, usize::MAX)
            .or_else(|| self.entries[sorted..].iter().position(|e| e.row == row).map(|i| sorted + i))
    }

    // The place of an entry in the sorted part, looked for among so many of the same key.
    fn place(&self, entry: Entry, among: usize) -> Option<usize> {
        let sorted = &self.entries[..self.entries.len() - self.tail];
        let from = sorted.partition_point(|e| e.key < entry.key);
        let same = sorted[from..].iter().take(among).take_while(|e| e.key == entry.key);
        same.map(|e| e.row).position(|row| row == entry.row).map(|i| from + i)
    }

    // The place of an entry among many of the same key, which stand by name. Only a guess that is
    // checked: they may be sorted by something else too.
    fn place_by_name(&self, store: &Store, entry: Entry) -> Option<usize> {
        let sorted = &self.entries[..self.entries.len() - self.tail];
        let from = sorted.partition_point(|e| e.key < entry.key);
        let same = sorted[from..].partition_point(|e| e.key == entry.key);
        let order = |row: RowId| store.peek(row).and_then(|r| r.name_order());
        let mine = order(entry.row)?;
        let at = from + sorted[from..from + same].partition_point(|e| order(e.row).is_some_and(|n| n < mine));
        sorted.get(at).filter(|e| e.row == entry.row).map(|_| at)
    }

    /// Takes the row of a slot out at the next commit.
    pub fn take(&mut self, slot: usize) {
        if let Some(note) = self.notes.get_mut(slot).filter(|n| n.row != RowId::NOBODY) {
            // Only once per commit: there is one entry a slot.
            if !note.leaving {
                self.leaving.push(Entry { key: note.key, row: note.row });
            }
            note.leaving = true;
            note.row = RowId::NOBODY;
        }
    }

    /// Brings a row in at the next commit. Its slot must be empty or taken.
    pub fn bring(&mut self, row: RowId, key: u64) {
        let slot = row.slot();
        self.notes.fill(slot + 1, EMPTY);
        self.notes[slot].key = key;
        self.notes[slot].row = row;
        self.coming.push(Entry { key, row });
    }

    /// The rows that came while the order was held; they are sorted in from now on.
    pub fn tail(&mut self) -> Vec<RowId> {
        let sorted = self.entries.len() - self.tail;
        self.tail = 0;
        self.entries[sorted..].iter().map(|e| e.row).collect()
    }

    /// Carries out what was taken and brought: in their places, or at the end. Tells whether anything changed.
    pub fn commit(&mut self, store: &Store, sorter: &Sorter, at_end: bool) -> bool {
        if self.leaving.is_empty() && self.coming.is_empty() {
            return false;
        }
        self.drop_leaving(store);
        let mut coming = std::mem::take(&mut self.coming);
        coming.retain(|e| self.at(e.row.slot()).is_some_and(|n| (n.row, n.key) == (e.row, e.key)));
        if at_end {
            self.tail += coming.len();
            self.entries.append(&mut coming);
        } else {
            sorter.sort(store, &mut coming);
            self.merge(&coming, |a, b| compare(store, sorter, a, b));
            coming.clear();
        }
        self.coming = coming;
        true
    }

    /// Starts from these entries.
    pub fn reset(&mut self, store: &Store, sorter: &Sorter, entries: Vec<Entry>) {
        self.notes.clear();
        self.notes.fill(store.slots(), EMPTY);
        self.tail = 0;
        self.leaving.clear();
        self.coming.clear();
        for e in &entries {
            self.notes[e.row.slot()] = Note { key: e.key, row: e.row, leaving: false };
        }
        self.entries = entries;
        sorter.sort(store, &mut self.entries);
    }

    fn drop_leaving(&mut self, store: &Store) {
        if self.leaving.is_empty() {
            return;
        }
        let leaving = std::mem::take(&mut self.leaving);
        // Few that can be found by their keys: what stays is moved in runs.
        let few = self.tail == 0 && leaving.len() < self.entries.len() / 8;
        let find = |&e: &Entry| self.place(e, SAME).or_else(|| self.place_by_name(store, e));
        let places = few.then(|| leaving.iter().map(find).collect::<Option<Vec<usize>>>());
        if let Some(mut places) = places.flatten() {
            places.sort_unstable();
            self.close_gaps(&places);
        } else {
            self.retain_staying();
        }
        for e in &leaving {
            self.notes[e.row.slot()].leaving = false;
        }
    }

    fn retain_staying(&mut self) {
        let sorted = self.entries.len() - self.tail;
        let (mut place, mut tail) = (0, 0);
        let notes = &self.notes;
        self.entries.retain(|e| {
            let stays = !notes[e.row.slot()].leaving;
            tail += usize::from(stays && place >= sorted);
            place += 1;
            stays
        });
        self.tail = tail;
    }

    fn close_gaps(&mut self, gaps: &[usize]) {
        let ends = gaps.iter().skip(1).copied().chain([self.entries.len()]);
        let mut to = gaps.first().copied().unwrap_or(self.entries.len());
        for (gap, end) in gaps.iter().zip(ends) {
            self.entries.copy_within(gap + 1..end, to);
            to += end - gap - 1;
        }
        self.entries.truncate(to);
    }

    // Whole runs are copied between places that galloping finds, so that ties
    // cost full comparisons only near the places where something comes in.
    fn merge(&mut self, coming: &[Entry], cmp: impl Fn(&Entry, &Entry) -> Ordering) {
        let old = std::mem::take(&mut self.entries);
        let mut new = std::mem::take(&mut self.spare);
        new.clear();
        new.reserve(old.len() + coming.len());
        let mut from = 0;
        for c in coming {
            let run = gallop(&old[from..], |e| cmp(e, c) == Ordering::Less);
            new.extend_from_slice(&old[from..from + run]);
            new.push(*c);
            from += run;
        }
        new.extend_from_slice(&old[from..]);
        self.spare = old;
        self.entries = new;
    }
}

// How many of the first entries are before the place looked for.
fn gallop(entries: &[Entry], before: impl Fn(&Entry) -> bool) -> usize {
    let mut step = 1;
    let mut low = 0;
    while low + step <= entries.len() && before(&entries[low + step - 1]) {
        low += step;
        step *= 2;
    }
    let high = (low + step).min(entries.len());
    low + entries[low..high].partition_point(before)
}

fn compare(store: &Store, sorter: &Sorter, a: &Entry, b: &Entry) -> Ordering {
    a.key.cmp(&b.key).then_with(|| match (store.peek(a.row), store.peek(b.row)) {
        (Some(x), Some(y)) => sorter.compare(&x, &y),
        (x, y) => x.is_none().cmp(&y.is_none()).then_with(|| a.row.cmp(&b.row)),
    })
}
