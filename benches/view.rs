//! A sorted, filtered table under churn. Baselines: sorting an index of all rows anew, and
//! looking for a lower-cased text in the lower-cased text columns of each row.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a bench prints what it found, and stops where it cannot go on"
)]

mod support;

use quarterdeck::core::query::Query;
use quarterdeck::core::schema::Joined;
use quarterdeck::core::store::{RowId, RowRef, Store};
use quarterdeck::core::value::int;
use quarterdeck::core::view::{SortBy, View, ViewSpec};
use quarterdeck::runtime::clock;
use support::cluster::{Generated, Rows};
use support::{Dice, median, middle, ms, number, report};

const CHANGES: u64 = 5_000;
const COLUMNS: [&str; 3] = ["CPU", "STATUS", "NAME"];

fn by(store: &Store, title: &str) -> ViewSpec {
    let column = store.schema().find(title).expect("a column of pods");
    ViewSpec { sort: vec![SortBy { column, descending: title == "CPU" }], ..ViewSpec::default() }
}

fn main() {
    let pods = number("QD_BENCH_PODS", 100_000);
    let events = Generated::new(pods / 20 + 1, pods).stream("pods");
    let mut store = Store::new();
    for event in &events {
        store.apply(event.clone());
    }
    let ids: Vec<RowId> = store.rows().map(|r| r.id()).collect();
    let mut dice = Dice(3);
    for &id in &ids {
        store.set_joined(id, &[(Joined::Cpu, int(dice.roll(4_000).cast_signed()))]);
    }
    let rows = Rows::of(&events);
    for title in COLUMNS {
        churn(&mut store, &rows, &ids, title);
    }
    for title in COLUMNS {
        let spec = by(&store, title);
        let first = median(5, || View::new(spec.clone()), |mut v| v.refresh(&store, clock::now()));
        println!("first order of {pods} rows by {title}: {}", ms(first));
    }
    keystroke(&store);
}

// Rows whose CPU changes, and rows that are put again, half and half.
fn churn(store: &mut Store, rows: &Rows<'_>, ids: &[RowId], title: &str) {
    let now = clock::now();
    let mut view = View::new(by(store, title));
    view.refresh(store, now);
    let mut dice = Dice(11);
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for turn in 0..31 {
        let all = ids.len() as u64;
        let status = if turn % 2 == 0 { "CrashLoopBackOff" } else { "Running" };
        let batch = rows.changed((0..CHANGES / 2).map(|_| dice.roll(all)), status);
        for _ in 0..CHANGES / 2 {
            let id = ids[dice.roll(all) as usize];
            store.set_joined(id, &[(Joined::Cpu, int(dice.roll(4_000).cast_signed()))]);
        }
        store.apply(batch);
        ours.push(median(1, || (), |()| view.refresh(store, now)));
        let mut index = ids.to_vec();
        theirs.push(median(1, || (), |()| resort(store, &mut index, title)));
    }
    let worst = ours.iter().max().copied().unwrap_or_default();
    report(&format!("5,000 changes by {title}"), middle(ours), "sort an index anew", middle(theirs));
    let id = view.row(view.len() / 2);
    let rank = median(101, || (), |()| id.and_then(|id| view.rank(id)));
    println!("  worst turn {}; the place of a row {}", ms(worst), ms(rank));
}

fn resort(store: &Store, index: &mut [RowId], title: &str) {
    let column = store.schema().find(title).unwrap_or_default();
    index.sort_unstable_by(|&a, &b| {
        let (Some(x), Some(y)) = (store.get(a), store.get(b)) else { return a.cmp(&b) };
        let first =
            if title == "CPU" { y.cell(column).cmp(&x.cell(column)) } else { x.text(column).cmp(y.text(column)) };
        first.then_with(|| x.namespace().cmp(y.namespace())).then_with(|| x.name().cmp(y.name()))
    });
}

fn keystroke(store: &Store) {
    let in_row = |r: &RowRef<'_>| {
        let of = |c: usize| r.sym(c).is_some() && r.text(c).to_lowercase().contains("billing");
        (0..store.schema().columns.len()).any(of)
    };
    let theirs = median(5, || (), |()| store.rows().filter(in_row).count());
    for (what, query) in [
        ("a word that a tenth has", "billing"),
        ("a word that few have", "worker-7c9"),
        ("a word nobody has", "zzzzzz"),
        ("a word and two column terms", "cache status:crash cpu:>500m"),
        ("a regular expression", "^cache-.*b$"),
        ("letters in order", "-f blng"),
        ("labels", "-l app=cache"),
        ("an age", "age:<10m"),
    ] {
        let query = Query::parse(query).expect("a query");
        let now = clock::now();
        let shown = || {
            let mut v = View::new(by(store, "CPU"));
            v.refresh(store, now);
            v
        };
        let ours = median(7, shown, |mut v| {
            v.set_spec(ViewSpec { query: query.clone(), ..by(store, "CPU") });
            v.refresh(store, now);
            v.len()
        });
        report(&format!("keystroke: {what}"), ours, "to_lowercase + contains, same columns", theirs);
    }
}
