//! Changes into rows. Symbols are remapped once per batch; a batch keeps one use
//! of each until it is through, so that none is freed between two of its rows.
//! Most updates change few texts, so uses are counted only where one changes.

use super::slab::Life;
use super::{Applied, Store};
use crate::core::row::{Batch, Change, RowHead, Sym, SymbolTable};
use crate::core::value::NONE;

// How many removed rows keep their last state. Bounds what tombstones cost: about 300 B each.
const HELD: usize = 2048;

// The batch's symbols as symbols of the store, filled in as they come up.
struct Remap<'b> {
    table: &'b SymbolTable,
    to: Vec<Option<Sym>>,
}

impl Remap<'_> {
    fn get(&mut self, store: &mut Store, sym: Sym) -> Sym {
        let Some(known) = self.to.get_mut(sym.0 as usize) else { return Sym::EMPTY };
        *known.get_or_insert_with(|| store.symbols.acquire(self.table.text(sym)))
    }

    fn end(self, store: &mut Store) {
        for sym in self.to.into_iter().flatten() {
            store.symbols.release(sym);
        }
    }
}

pub(super) fn batch(store: &mut Store, batch: &Batch) -> Applied {
    let mut map = Remap { table: &batch.symbols, to: vec![None; batch.symbols.len()] };
    let mut done = Applied::default();
    for (change, cells) in batch.rows() {
        match change {
            Change::Put(head) => put(store, &mut map, head, cells, &batch.text, &mut done),
            Change::Gone(uid) => {
                if let Some(slot) = store.index.uid(&store.slab, *uid) {
                    remove(store, slot);
                    done.gone += 1;
                }
            }
        }
    }
    map.end(store);
    store.symbols.tidy();
    done
}

fn put(store: &mut Store, map: &mut Remap<'_>, head: &RowHead, cells: &[u64], text: &[bool], done: &mut Applied) {
    let syms = [head.name, head.namespace, head.owner, head.labels].map(|s| map.get(store, s));
    let mut known = store.index.uid(&store.slab, head.uid);
    // A uid whose object has another name is a broken server's. The order of views
    // rests on names that never change, so this is another row.
    if let Some(slot) = known.filter(|&s| {
        let old = store.slab.head(s);
        old.name != syms[0] || old.namespace != syms[1]
    }) {
        remove(store, slot);
        known = None;
    }
    let Some(slot) = known.or_else(|| store.slab.take()) else {
        done.dropped += 1;
        return;
    };
    let old = *store.slab.head(slot);
    if known.is_some() {
        store.unwell -= usize::from(old.health.unwell());
    } else {
        store.live += 1;
    }
    for (was, is) in [old.name, old.namespace, old.owner, old.labels].into_iter().zip(syms) {
        store.symbols.swap(was, is);
    }
    let new = store.slab.head_mut(slot);
    new.uid = head.uid;
    [new.name, new.namespace, new.owner, new.labels] = syms;
    (new.created, new.health, new.life, new.seen) = (head.created, head.health, Life::Live, store.generation);
    store.unwell += usize::from(head.health.unwell());
    for i in 0..store.layout.cells {
        let is_text = store.layout.text[i];
        let given = cells.get(i).copied().unwrap_or(NONE);
        let cell = match (is_text, text.get(i).copied().unwrap_or(false)) {
            (true, true) if given != NONE => map.get(store, Sym(u32::try_from(given).unwrap_or(u32::MAX))).cell(),
            (false, false) => given,
            // Stream and schema disagree about the cell: no value is better than a wrong one.
            _ => NONE,
        };
        let was = std::mem::replace(&mut store.slab.cells_mut(slot)[i], cell);
        if is_text {
            store.symbols.swap(sym_of(was), sym_of(cell));
        }
    }
    if known.is_none() {
        store.index.add(&store.slab, slot);
        store.names.add(slot, store.symbols.text(syms[1]), store.symbols.text(syms[0]));
    }
    store.note(slot);
    done.puts += 1;
}

// The symbol of a text cell; a missing one is as good as the empty text.
pub(super) fn sym_of(cell: u64) -> Sym {
    if cell == NONE { Sym::EMPTY } else { Sym(cell as u32) }
}

fn release_texts(store: &mut Store, slot: usize) {
    let h = *store.slab.head(slot);
    for sym in [h.name, h.namespace, h.owner, h.labels] {
        store.symbols.release(sym);
    }
    for i in 0..store.layout.cells {
        if store.layout.text[i] {
            store.symbols.release(sym_of(store.slab.cells(slot)[i]));
        }
    }
}

/// Takes a live row out of the store; its slot is held for last words.
pub(super) fn remove(store: &mut Store, slot: usize) {
    store.index.drop(&store.slab, slot);
    store.slab.head_mut(slot).life = Life::Held;
    store.live -= 1;
    store.unwell -= usize::from(store.slab.head(slot).health.unwell());
    store.note(slot);
    store.held.push_back(slot as u32);
    if store.held.len() > HELD
        && let Some(oldest) = store.held.pop_front()
    {
        let_go(store, oldest as usize);
    }
}

// Frees a held slot.
pub(super) fn let_go(store: &mut Store, slot: usize) {
    // Noted under the id it had, so that a view that still draws it lets go.
    store.note(slot);
    release_texts(store, slot);
    store.names.drop(slot);
    store.slab.give(slot);
}

/// Removes the rows that were not put since the last `Begin`.
pub(super) fn sweep(store: &mut Store) -> Applied {
    let mut done = Applied::default();
    for slot in 0..store.slab.slots() {
        let head = store.slab.head(slot);
        if head.life == Life::Live && head.seen != store.generation {
            remove(store, slot);
            done.gone += 1;
        }
    }
    store.symbols.tidy();
    store.names.tidy(&store.slab, &store.symbols);
    done
}
