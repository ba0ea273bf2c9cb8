use super::fixture::{self, NODE, Pod, STATUS, gone, pod, puts, store};
use super::{Mark, Missed, RowId, Store};
use crate::core::freshness::Freshness;
use crate::core::health::Health;
use crate::core::row::Batch;
use crate::core::schema::{Column, Joined, Schema, Show, Source};
use crate::core::stream::StreamEvent;
use crate::core::uid::Uid;
use crate::core::value::{CellKind, NONE, int};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

fn missed(s: &Store, mark: Mark) -> Option<Vec<RowId>> {
    match s.since(mark) {
        Missed::Rows(rows) => Some(rows.collect()),
        Missed::All => None,
    }
}

#[derive(Debug, Clone)]
enum Op {
    Put(Pod),
    Gone(u128),
    Begin,
    End,
    Cpu(u128, i64),
}

fn op() -> impl Strategy<Value = Op> {
    let put = (0..10_u128, 0..3_u8, 0..5_u8, 0..4_u8, 0..3_u32).prop_map(|(uid, ns, name, status, n)| {
        let mut p = pod(uid, &format!("ns{ns}"), &format!("pod-{name}"));
        p.status = ["Running", "Pending", "Error", ""][usize::from(status)].into();
        (p.restarts, p.created) = (n, i64::from(n) * 1000 + 1);
        p.health = if status == 2 { Health::Bad } else { Health::Ok };
        Op::Put(p)
    });
    prop_oneof![
        8 => put,
        3 => (0..10_u128).prop_map(Op::Gone),
        1 => Just(Op::Begin),
        1 => Just(Op::End),
        2 => (0..10_u128, 0..5_i64).prop_map(|(u, v)| Op::Cpu(u, v)),
    ]
}

#[derive(Debug)]
struct Known {
    pod: Pod,
    seen: u32,
    cpu: u64,
}

fn agrees(s: &Store, model: &BTreeMap<u128, Known>) -> Result<(), TestCaseError> {
    prop_assert_eq!(s.len(), model.len());
    prop_assert_eq!(s.rows().count(), model.len());
    prop_assert_eq!(s.counts().unwell, model.values().filter(|k| k.pod.health.unwell()).count());
    let mut numbered: Vec<_> =
        s.rows().filter_map(|r| Some((r.name_order()?, (r.namespace().to_owned(), r.name().to_owned())))).collect();
    numbered.sort();
    prop_assert!(numbered.windows(2).all(|two| two[0].0 < two[1].0 && two[0].1 <= two[1].1), "{:?}", numbered);
    for (uid, k) in model {
        let row = s.find(Uid(*uid)).ok_or_else(|| TestCaseError::fail("a row is missing"))?;
        prop_assert_eq!(row.uid(), Uid(*uid));
        prop_assert_eq!((row.namespace(), row.name()), (k.pod.namespace.as_str(), k.pod.name.as_str()));
        prop_assert_eq!((row.text(STATUS), row.text(NODE)), (k.pod.status.as_str(), k.pod.node.as_str()));
        prop_assert_eq!((row.created(), row.health(), row.gone()), (k.pod.created, k.pod.health, false));
        prop_assert_eq!(row.joined(Joined::Cpu), k.cpu);
        let named = s.find_name(&k.pod.namespace, &k.pod.name);
        prop_assert_eq!(named.map(|r| r.name()), Some(k.pod.name.as_str()));
        prop_assert_eq!(s.get(row.id()).map(|r| r.uid()), Some(Uid(*uid)));
    }
    Ok(())
}

proptest! {
    #[test]
    fn a_store_is_the_fold_of_its_changes(ops in prop::collection::vec((op(), any::<bool>()), 0..80)) {
        let mut s = store(&[]);
        let mut model: BTreeMap<u128, Known> = BTreeMap::new();
        let mut batch = fixture::batch();
        let mut generation = 0;
        for (op, flush) in ops {
            let in_batch = matches!(op, Op::Put(_) | Op::Gone(_));
            if flush || !in_batch {
                s.apply(StreamEvent::Batch(std::mem::replace(&mut batch, fixture::batch())));
                agrees(&s, &model)?;
            }
            match op {
                Op::Put(pod) => {
                    fixture::put(&mut batch, &pod);
                    // Under another name it is another row.
                    let same = |k: &&Known| (&k.pod.namespace, &k.pod.name) == (&pod.namespace, &pod.name);
                    let cpu = model.get(&pod.uid).filter(same).map_or(NONE, |k| k.cpu);
                    model.insert(pod.uid, Known { pod, seen: generation, cpu });
                }
                Op::Gone(uid) => {
                    batch.gone(Uid(uid));
                    model.remove(&uid);
                }
                Op::Begin => {
                    s.apply(StreamEvent::Begin);
                    generation += 1;
                }
                Op::End => {
                    s.apply(StreamEvent::End);
                    model.retain(|_, k| k.seen == generation);
                }
                Op::Cpu(uid, v) => {
                    if let Some(id) = s.find(Uid(uid)).map(|r| r.id()) {
                        s.set_joined(id, &[(Joined::Cpu, int(v))]);
                    }
                    if let Some(k) = model.get_mut(&uid) {
                        k.cpu = int(v);
                    }
                }
            }
        }
        s.apply(StreamEvent::Batch(batch));
        agrees(&s, &model)?;
        // What is left is all that keeps texts alive: with nothing left, none is.
        let left: Vec<u128> = model.keys().copied().collect();
        s.apply(gone(&left));
        for slot in std::mem::take(&mut s.held) {
            super::apply::let_go(&mut s, slot as usize);
        }
        prop_assert_eq!(s.symbols().live(), 0);
    }
}

#[test]
fn texts_do_not_pile_up_under_churn() {
    let mut s = store(&[]);
    for round in 0..60_u128 {
        let pods: Vec<Pod> =
            (0..500).map(|i| pod(round * 500 + i, "shop", &format!("cart-{round}-{i}-padding-padding"))).collect();
        s.apply(puts(&pods));
        let uids: Vec<u128> = pods.iter().map(|p| p.uid).collect();
        s.apply(gone(&uids));
    }
    assert!(s.is_empty());
    // 30,000 names went by; those of the held rows are kept, the others are not.
    assert!(s.symbols().live() < 2500, "{} texts", s.symbols().live());
    assert!(s.symbols().bytes() < 400_000, "{} bytes", s.symbols().bytes());
    assert!(s.slots() < 3000, "{} slots", s.slots());
}

#[test]
fn a_removed_row_says_its_last_words_and_its_id_never_means_another() {
    let mut s = store(&[pod(1, "shop", "cart")]);
    let id = s.find(Uid(1)).map(|r| r.id()).unwrap();
    s.apply(gone(&[1]));
    assert!(s.get(id).is_none() && s.find(Uid(1)).is_none() && s.find_name("shop", "cart").is_none());
    let last = s.last_words(Uid(1)).unwrap();
    assert_eq!((last.name(), last.text(STATUS), last.gone()), ("cart", "Running", true));
    assert_eq!(s.peek(id).map(|r| r.name()), Some("cart"));
    for i in 2..6000 {
        s.apply(puts(&[pod(i, "shop", &format!("p{i}"))]));
        s.apply(gone(&[i]));
    }
    assert!(s.peek(id).is_none() && s.last_words(Uid(1)).is_none());
}

#[test]
fn a_relist_keeps_rows_until_its_end() {
    let mut s = store(&[pod(1, "a", "x"), pod(2, "a", "y")]);
    s.apply(StreamEvent::End);
    assert_eq!(s.len(), 2, "an end without a list removes nothing");
    s.apply(StreamEvent::Begin);
    s.apply(puts(&[pod(2, "a", "y"), pod(3, "a", "z")]));
    assert_eq!(s.len(), 3);
    let done = s.apply(StreamEvent::End);
    assert_eq!((s.len(), done.gone), (2, 1));
    assert!(s.find(Uid(1)).is_none());
}

#[test]
fn another_schema_resets_and_the_same_does_not() {
    let mut s = store(&[pod(1, "a", "x")]);
    let (epoch, mark) = (s.epoch(), s.mark());
    assert!(!s.apply(StreamEvent::Schema(fixture::schema())).reset);
    assert_eq!((s.len(), s.epoch()), (1, epoch));
    let mut other = (*fixture::schema()).clone();
    other.columns.pop();
    assert!(s.apply(StreamEvent::Schema(Arc::new(other))).reset);
    assert_eq!((s.len(), s.counts().total), (0, 0));
    assert_ne!(s.epoch(), epoch);
    assert_eq!(missed(&s, mark), None);
}

#[test]
fn the_journal_tells_what_was_missed_or_that_it_was_too_much() {
    let mut s = store(&[]);
    let mark = s.mark();
    s.apply(puts(&[pod(1, "a", "x")]));
    let id = s.find(Uid(1)).map(|r| r.id()).unwrap();
    assert_eq!(missed(&s, mark), Some(vec![id]));
    for _ in 0..9000 {
        s.apply(puts(&[pod(1, "a", "x")]));
    }
    assert_eq!(missed(&s, mark), None);
    let now = s.mark();
    assert_eq!(missed(&s, now), Some(vec![]));
}

#[test]
fn measurements_survive_puts_and_are_noted_only_when_they_change() {
    let mut s = store(&[pod(1, "a", "x")]);
    let id = s.find(Uid(1)).map(|r| r.id()).unwrap();
    assert!(s.set_joined(id, &[(Joined::Cpu, int(5)), (Joined::Pods, int(1))]));
    let mark = s.mark();
    assert!(!s.set_joined(id, &[(Joined::Cpu, int(5))]));
    assert_eq!(missed(&s, mark), Some(vec![]));
    s.apply(puts(&[pod(1, "a", "x")]));
    let row = s.get(id).unwrap();
    assert_eq!((row.joined(Joined::Cpu), row.joined(Joined::Pods)), (int(5), NONE));
}

#[test]
fn a_successor_of_the_same_name_is_found_while_both_are_there() {
    let mut old = pod(1, "a", "web-0");
    old.created = 1000;
    let mut new = pod(2, "a", "web-0");
    new.created = 2000;
    let mut s = store(&[new, old]);
    assert_eq!(s.find_name("a", "web-0").map(|r| r.uid()), Some(Uid(2)));
    s.apply(gone(&[1]));
    assert_eq!(s.find_name("a", "web-0").map(|r| r.uid()), Some(Uid(2)));
}

#[test]
fn labels_are_read_one_by_one() {
    let mut p = pod(1, "a", "x");
    p.labels = "app=web,app.kubernetes.io/name=front,empty=".into();
    let s = store(&[p]);
    let row = s.find(Uid(1)).unwrap();
    assert_eq!(row.label("app"), Some("web"));
    assert_eq!(row.label("empty"), Some(""));
    assert_eq!(row.label("name"), None);
    assert_eq!(row.text(16), "web");
}

// A stream and a schema that disagree must not panic, nor show a number as a text.
#[test]
fn rows_of_the_wrong_width_or_kind_lose_cells_only() {
    let mut s = Store::new();
    let column = |title: &str, i, kind| Column::new(title, kind, Source::Cell(i), Show::Always, "");
    s.apply(StreamEvent::Schema(Arc::new(Schema {
        columns: vec![column("A", 0, CellKind::Text), column("B", 1, CellKind::Int), column("C", 9, CellKind::Text)],
        cells: 2,
    })));
    let mut b = Batch::new(vec![false]);
    let head = crate::core::row::RowHead {
        uid: Uid(1),
        name: b.sym("x"),
        namespace: crate::core::row::Sym(77),
        owner: crate::core::row::Sym::EMPTY,
        labels: crate::core::row::Sym::EMPTY,
        created: 0,
        health: Health::Ok,
    };
    b.put(head, &[int(3)]);
    s.apply(StreamEvent::Batch(b));
    let row = s.find(Uid(1)).unwrap();
    assert_eq!((row.name(), row.namespace(), row.text(0), row.cell(1), row.text(2)), ("x", "", "", NONE, ""));
    assert_eq!((row.cell(99), row.text(99)), (NONE, ""));
}

#[test]
fn freshness_is_kept_as_told() {
    let mut s = Store::new();
    assert_eq!(*s.freshness(), Freshness::Idle);
    s.apply(StreamEvent::Fresh(Freshness::Syncing { rows: 7 }));
    assert_eq!(*s.freshness(), Freshness::Syncing { rows: 7 });
}

#[test]
fn names_out_of_order_get_their_numbers_at_the_end_of_a_list() {
    let pods: Vec<Pod> = (0..4_000).map(|i| pod(i, "a", &format!("p{:04}", i * 7 % 4_000))).collect();
    let mut s = store(&[]);
    s.apply(StreamEvent::Begin);
    s.apply(puts(&pods));
    assert!(s.rows().any(|r| r.name_order().is_none()));
    s.apply(StreamEvent::End);
    let mut all: Vec<_> = s.rows().map(|r| (r.name_order(), r.name().to_owned())).collect();
    all.sort_by(|a, b| a.1.cmp(&b.1));
    assert!(all[0].0.is_some() && all.windows(2).all(|two| two[0].0 < two[1].0));
}
