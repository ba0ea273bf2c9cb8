//! The texts of one store, without doubles, counted so that texts nobody uses
//! any more go away: a store that lives for weeks under churn stays as big as
//! what it shows. Ids are stable while a text lives, so cells need no rewriting
//! when the arena is packed.

use crate::core::pages::Pages;
use crate::core::row::Sym;
use hashbrown::{DefaultHashBuilder, HashTable};
use memchr::memmem::Finder;
use std::hash::BuildHasher;
use std::ops::Range;

// Packing copies the whole arena, so it waits until at least this much is waste.
const PACK_FROM: usize = 64 * 1024;

#[derive(Debug, Clone, Copy, Default)]
struct Entry {
    start: u32,
    // The highest bit tells that there are capital letters.
    len: u32,
    refs: u32,
}

const CAPITALS: u32 = 1 << 31;

impl Entry {
    fn range(self) -> Range<usize> {
        let start = self.start as usize;
        start..start + (self.len & !CAPITALS) as usize
    }
}

/// A counted interner. Symbol 0 is the empty text and is never freed.
#[derive(Debug, Clone)]
pub struct Symbols {
    arena: String,
    entries: Pages<Entry>,
    free: Vec<u32>,
    index: HashTable<u32>,
    hasher: DefaultHashBuilder,
    waste: usize,
}

impl Default for Symbols {
    fn default() -> Self {
        Self {
            arena: String::new(),
            entries: Pages::of([Entry { refs: 1, ..Entry::default() }]),
            free: Vec::new(),
            index: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
            waste: 0,
        }
    }
}

fn text_of<'a>(arena: &'a str, entries: &Pages<Entry>, id: u32) -> &'a str {
    entries.get(id as usize).and_then(|e| arena.get(e.range())).unwrap_or("")
}

impl Symbols {
    /// The symbol of a text, used once more than before.
    pub fn acquire(&mut self, text: &str) -> Sym {
        if text.is_empty() {
            return Sym::EMPTY;
        }
        let hash = self.hasher.hash_one(text);
        if let Some(&id) = self.index.find(hash, |&i| text_of(&self.arena, &self.entries, i) == text) {
            self.retain(Sym(id));
            return Sym(id);
        }
        let (Ok(start), Ok(len)) = (u32::try_from(self.arena.len()), u32::try_from(text.len())) else {
            return Sym::EMPTY;
        };
        if start.checked_add(len).is_none() || len >= CAPITALS {
            return Sym::EMPTY;
        }
        self.arena.push_str(text);
        // Without early exit, so that it compiles to vector code.
        let capitals = text.bytes().fold(false, |any, b| any | b.is_ascii_uppercase());
        let entry = Entry { start, len: if capitals { len | CAPITALS } else { len }, refs: 1 };
        let id = if let Some(id) = self.free.pop() {
            self.entries[id as usize] = entry;
            id
        } else {
            self.entries.push([entry]);
            (self.entries.len() - 1) as u32
        };
        let Self { arena, entries, index, hasher, .. } = self;
        index.insert_unique(hash, id, |&i| hasher.hash_one(text_of(arena, entries, i)));
        Sym(id)
    }

    /// One more use of a symbol of this table.
    pub fn retain(&mut self, sym: Sym) {
        if sym != Sym::EMPTY
            && let Some(e) = self.entries.get_mut(sym.0 as usize)
        {
            e.refs = e.refs.saturating_add(1);
        }
    }

    /// One use less; the text goes with its last use.
    pub fn release(&mut self, sym: Sym) {
        let Some(e) = self.entries.get_mut(sym.0 as usize) else { return };
        if sym == Sym::EMPTY || e.refs == 0 {
            return;
        }
        e.refs -= 1;
        if e.refs > 0 {
            return;
        }
        let hash = self.hasher.hash_one(text_of(&self.arena, &self.entries, sym.0));
        if let Ok(found) = self.index.find_entry(hash, |&i| i == sym.0) {
            found.remove();
        }
        self.waste += self.entries[sym.0 as usize].range().len();
        self.entries[sym.0 as usize] = Entry::default();
        self.free.push(sym.0);
    }

    /// A place that held one symbol holds another now.
    pub fn swap(&mut self, was: Sym, is: Sym) {
        if was != is {
            self.retain(is);
            self.release(was);
        }
    }

    /// Packs the arena when more than half of it is waste. Cheap to call often.
    pub fn tidy(&mut self) {
        if self.waste < PACK_FROM || self.waste * 2 < self.arena.len() {
            return;
        }
        let mut packed = String::with_capacity(self.arena.len() - self.waste);
        for i in 0..self.entries.len() {
            let text = text_of(&self.arena, &self.entries, i as u32);
            let start = packed.len() as u32;
            packed.push_str(text);
            self.entries[i].start = start;
        }
        self.arena = packed;
        self.waste = 0;
    }

    /// The text of a symbol; empty for one that is not of this table.
    #[inline]
    #[must_use]
    pub fn text(&self, sym: Sym) -> &str {
        text_of(&self.arena, &self.entries, sym.0)
    }

    /// The symbol of a text, if it is in use.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<Sym> {
        if text.is_empty() {
            return Some(Sym::EMPTY);
        }
        let hash = self.hasher.hash_one(text);
        self.index.find(hash, |&i| text_of(&self.arena, &self.entries, i) == text).map(|&i| Sym(i))
    }

    /// All texts with ASCII capitals.
    pub fn with_capitals(&self) -> impl Iterator<Item = Sym> + '_ {
        let has = |(_, e): &(usize, &Entry)| e.len & CAPITALS != 0;
        self.entries.iter().enumerate().filter(has).map(|(i, _)| Sym(i as u32))
    }

    /// All texts that contain these bytes. One search runs through the whole arena;
    /// texts lie in it mostly in the order of their ids.
    pub fn containing(&self, needle: &Finder<'_>, mut hit: impl FnMut(Sym)) {
        let bytes = self.arena.as_bytes();
        let n = needle.needle().len();
        let find = |from: usize| needle.find(&bytes[from..]).map_or(usize::MAX, |i| from + i);
        // No match begins between `from` and `next`.
        let (mut from, mut next) = (0, find(0));
        for (i, entry) in self.entries.iter().enumerate().skip(1).filter(|(_, e)| e.refs > 0) {
            let range = entry.range();
            let there = if range.start < from {
                needle.find(&bytes[range]).is_some()
            } else {
                if next < range.start {
                    (from, next) = (range.start, find(range.start));
                }
                next.saturating_add(n) <= range.end
            };
            if there {
                hit(Sym(i as u32));
            }
        }
    }

    /// One above the highest id ever given: the size of a table beside this one.
    #[must_use]
    pub fn ids(&self) -> usize {
        self.entries.len()
    }

    /// How many texts are in use, the empty one aside.
    #[must_use]
    pub fn live(&self) -> usize {
        self.index.len()
    }

    /// Bytes of text held, waste included.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.arena.len()
    }
}
