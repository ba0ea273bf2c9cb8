//! Rows into the store, and what they weigh. Baseline: a `HashMap` of rows with owned
//! texts, filled from the same batches.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a bench prints what it found, and stops where it cannot go on"
)]
#![allow(clippy::cast_possible_truncation, reason = "small numbers")]

mod support;

use quarterdeck::core::row::{Batch, Change, Sym};
use quarterdeck::core::store::Store;
use quarterdeck::core::stream::StreamEvent;
use quarterdeck::core::uid::Uid;
use std::collections::HashMap;
use support::cluster::{Generated, Rows};
use support::{Dice, median, mib, ms, number, report, resident};

const CHANGES: u64 = 5_000;

struct Owned {
    _texts: [String; 4],
    _cells: Vec<Result<u64, String>>,
}

fn obvious(rows: &mut HashMap<Uid, Owned>, batch: &Batch) {
    for (change, cells) in batch.rows() {
        match change {
            Change::Put(h) => {
                let text = |s| batch.symbols.text(s).to_owned();
                let cell = |(i, &c): (usize, &u64)| if batch.text[i] { Err(text(Sym(c as u32))) } else { Ok(c) };
                let texts = [text(h.name), text(h.namespace), text(h.owner), text(h.labels)];
                rows.insert(h.uid, Owned { _texts: texts, _cells: cells.iter().enumerate().map(cell).collect() });
            }
            Change::Gone(uid) => {
                rows.remove(uid);
            }
        }
    }
}

fn obviously(events: &[StreamEvent]) -> HashMap<Uid, Owned> {
    let mut rows = HashMap::new();
    for event in events {
        if let StreamEvent::Batch(b) = event {
            obvious(&mut rows, b);
        }
    }
    rows
}

fn filled(events: Vec<StreamEvent>) -> Store {
    let mut store = Store::new();
    for event in events {
        store.apply(event);
    }
    store
}

fn main() {
    let pods = number("QD_BENCH_PODS", 100_000);
    let events = Generated::new(pods / 20 + 1, pods).stream("pods");
    let rows = Rows::of(&events);
    println!("{} pods, {} columns", rows.len(), support::cluster::schema(&events).columns.len());

    // Batches are made anew for each run and dropped as they are applied, as in the program.
    let before = resident();
    let mut store = Store::new();
    for event in &events {
        store.apply(event.clone());
    }
    let weight = resident().saturating_sub(before);
    println!("resident: {} in all, {} B a row", mib(weight), weight / rows.len() as u64);
    println!("  {} texts of {} B together", store.symbols().live(), store.symbols().bytes());
    drop(store);

    let ours = median(5, || events.clone(), filled);
    let theirs = median(5, || (), |()| obviously(&events));
    report("first list", ours, "HashMap of owned rows", theirs);

    let mut dice = Dice(7);
    let changes = rows.changed((0..CHANGES).map(|_| dice.roll(u64::from(pods))), "Completed");
    let back = rows.changed((0..CHANGES).map(|i| i * 19), "Running");
    let mut store = filled(events.clone());
    let mut turn = false;
    let mut next = || {
        turn = !turn;
        if turn { changes.clone() } else { back.clone() }
    };
    let ours = median(41, &mut next, |e| store.apply(e));
    let mut map = obviously(&events);
    let theirs = median(41, &mut next, |e| {
        if let StreamEvent::Batch(b) = e {
            obvious(&mut map, &b);
        }
    });
    report("5,000 updates", ours, "HashMap of owned rows", theirs);

    let again = median(
        3,
        || (filled(events.clone()), events.clone()),
        |(mut store, events)| {
            for event in events {
                store.apply(event);
            }
            store
        },
    );
    println!("relist, sweep included: {}", ms(again));
}
