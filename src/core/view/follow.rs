//! The store's journal into changes of the order.

use super::View;
use super::order::Entry;
use super::sort::Sorter;
use crate::core::store::{Missed, RowId, RowRef, Store};

// Filters over ages change their minds without a change of the row; they are asked this often, in ms.
const TIMED: i64 = 1000;

pub(super) fn refresh(view: &mut View, store: &Store, now: i64) -> bool {
    if view.epoch != Some(store.epoch()) {
        bind(view, store);
        rebuild(view, store, now, false);
        return true;
    }
    let asked_anew = view.asked_anew;
    if asked_anew {
        bind(view, store);
        // What the user asks for is shown, also while the order is held, and nothing else.
        (view.frozen, view.pinned) = (false, None);
    }
    let mut dirty = std::mem::take(&mut view.pending);
    match store.since(view.mark) {
        Missed::Rows(rows) => dirty.extend(rows),
        Missed::All if !view.frozen => {
            rebuild(view, store, now, true);
            return true;
        }
        Missed::All => {
            dirty.extend(view.order.entries().iter().map(|e| e.row));
            dirty.extend(store.rows().map(|r| r.id()));
        }
    }
    view.mark = store.mark();
    let mut kept = None;
    if !view.frozen {
        for row in view.order.tail() {
            // Taken out here, so that the row is sorted in even if its key is what it was.
            view.order.take(row.slot());
            match store.peek(row).filter(|_| view.pinned == Some(row)) {
                Some(pinned) => {
                    view.order.bring(row, view.sorter.key(&pinned));
                    kept = Some(row);
                }
                None => dirty.push(row),
            }
        }
    }
    dirty.sort_unstable();
    dirty.dedup();
    for id in dirty.into_iter().filter(|&id| Some(id) != kept) {
        look(view, store, id, now);
    }
    view.pending.extend(kept);
    if asked_anew || (view.filter.timed() && (now - view.timed_at).abs() >= TIMED) {
        ask_all(view, store, now);
    }
    view.order.commit(store, &view.sorter, view.frozen)
}

fn bind(view: &mut View, store: &Store) {
    view.sorter = Sorter::bind(&view.spec.sort, store.schema());
    (view.filter, view.error) = match view.spec.query.bind(store.schema()) {
        Ok(filter) => (filter, None),
        Err(error) => (crate::core::query::Filter::default(), Some(error)),
    };
    view.epoch = Some(store.epoch());
    view.asked_anew = false;
}

// New verdicts for all rows.
fn ask_all(view: &mut View, store: &Store, now: i64) {
    view.timed_at = now;
    let mut memo = view.filter.memo(store);
    for row in store.rows() {
        let (id, wanted) = (row.id(), passes(view, &row) && view.filter.matches_in(&row, now, &mut memo));
        match (view.order.contains(id), wanted) {
            (true, false) if view.frozen || view.pinned == Some(id) => view.pending.push(id),
            (true, false) => view.order.take(id.slot()),
            (false, true) => view.order.bring(id, view.sorter.key(&row)),
            _ => {}
        }
    }
}

fn rebuild(view: &mut View, store: &Store, now: i64, keep_pinned: bool) {
    let pinned = view.pinned.filter(|&p| keep_pinned && view.order.contains(p)).and_then(|p| store.peek(p));
    let mut entries: Vec<Entry> = Vec::with_capacity(store.len());
    let mut memo = view.filter.memo(store);
    for row in store.rows().filter(|r| passes(view, r) && view.filter.matches_in(r, now, &mut memo)) {
        entries.push(Entry { key: view.sorter.key(&row), row: row.id() });
    }
    view.pending.clear();
    if let Some(row) = pinned.filter(|r| r.gone() || !wanted(view, r, now)) {
        entries.push(Entry { key: view.sorter.key(&row), row: row.id() });
        view.pending.push(row.id());
    }
    view.order.reset(store, &view.sorter, entries);
    (view.mark, view.timed_at) = (store.mark(), now);
}

fn passes(view: &View, row: &RowRef<'_>) -> bool {
    !view.spec.faults_only || row.health().unwell()
}

fn wanted(view: &View, row: &RowRef<'_>, now: i64) -> bool {
    passes(view, row) && view.filter.matches(row, now)
}

// One row that may have changed.
fn look(view: &mut View, store: &Store, id: RowId, now: i64) {
    let slot = id.slot();
    let mine = view.order.at(slot).filter(|e| e.row == id);
    let held_in_place = view.frozen || view.pinned == Some(id);
    let Some(row) = store.get(id) else {
        match mine {
            Some(_) if held_in_place && store.peek(id).is_some() => view.pending.push(id),
            Some(_) => view.order.take(slot),
            None => {}
        }
        return;
    };
    if mine.is_none() {
        // Whatever stood here before has lived in this slot earlier and is gone for good.
        view.order.take(slot);
    }
    match (mine, wanted(view, &row, now)) {
        (Some(_), _) if view.frozen => view.pending.push(id),
        (Some(_), false) if !held_in_place => view.order.take(slot),
        (Some(old), wanted) => {
            let key = view.sorter.key(&row);
            if key != old.key || !view.sorter.exact(&row) {
                view.order.take(slot);
                view.order.bring(id, key);
            }
            if !wanted {
                view.pending.push(id);
            }
        }
        (None, true) => view.order.bring(id, view.sorter.key(&row)),
        (None, false) => {}
    }
}
