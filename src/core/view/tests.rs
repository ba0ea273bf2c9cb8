//! Laws of the order, against a naive sort of a model.

mod cursor;

use super::{SortBy, View, ViewSpec};
use crate::core::health::Health;
use crate::core::query::Query;
use crate::core::schema::Joined;
use crate::core::store::Store;
use crate::core::store::fixture::{
    AGE, CPU, NAME, NAMESPACE, NODE, Pod, READY, RESTARTS, STATUS, gone, pod, puts, store,
};
use crate::core::stream::StreamEvent;
use crate::core::uid::Uid;
use crate::core::value::int;
use proptest::prelude::*;
use std::cmp::{Ordering, Reverse};
use std::collections::BTreeMap;

const NOW: i64 = 10_000_000;

#[derive(Debug, Clone)]
enum Op {
    Put(Pod),
    Gone(u128),
    Cpu(u128, Option<i64>),
    Relist(Vec<u128>),
    Freeze(bool),
    Pin(u128),
    Refresh,
    Later(i64),
    Spec(ViewSpec),
}

fn a_pod() -> impl Strategy<Value = Pod> {
    let status = prop::sample::select(vec!["Running", "Pending", "CrashLoopBackOff", "CrashLoopBackOfX", ""]);
    let node = prop::sample::select(vec!["n-1", "n-2", "<none>", ""]);
    (0..12_u128, 0..2_u8, 0..8_u8, status, node, 0..3_u32, 0..4_i64).prop_map(
        |(uid, ns, name, status, node, n, age)| {
            let mut p = pod(uid, &format!("namespace{ns}"), &format!("long-pod-name-{name}"));
            (p.status, p.node, p.restarts) = (status.into(), node.into(), n);
            p.created = NOW - age * 30_000;
            p.health = if status.starts_with('C') { Health::Bad } else { Health::Ok };
            p
        },
    )
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        10 => a_pod().prop_map(Op::Put),
        4 => (0..12_u128).prop_map(Op::Gone),
        4 => (0..12_u128, prop::option::of(0..4_i64)).prop_map(|(u, v)| Op::Cpu(u, v)),
        1 => prop::collection::vec(0..12_u128, 0..6).prop_map(Op::Relist),
        1 => any::<bool>().prop_map(Op::Freeze),
        1 => (0..12_u128).prop_map(Op::Pin),
        4 => Just(Op::Refresh),
        1 => (0..90_000_i64).prop_map(Op::Later),
        2 => spec().prop_map(Op::Spec),
    ]
}

fn spec() -> impl Strategy<Value = ViewSpec> {
    let by = (prop::sample::select(vec![NAMESPACE, NAME, READY, STATUS, RESTARTS, AGE, NODE, CPU]), any::<bool>());
    let queries = vec!["", "crash", "!run", "age:<1m", "restarts:>0 node:n-", "cpu:>=2m", "status:=Running"];
    (prop::collection::vec(by, 0..3), prop::sample::select(queries), any::<bool>()).prop_map(
        |(by, query, faults_only)| {
            let sort = by.into_iter().map(|(column, descending)| SortBy { column, descending }).collect();
            ViewSpec { sort, query: Query::parse(query).unwrap(), faults_only }
        },
    )
}

type Model = BTreeMap<u128, (Pod, Option<i64>)>;

fn passes(query: &str, (p, cpu): &(Pod, Option<i64>), now: i64) -> bool {
    match query {
        "" => true,
        "crash" => p.status.to_lowercase().contains("crash"),
        "!run" => !p.status.to_lowercase().contains("run"),
        "age:<1m" => now - p.created < 60_000,
        "restarts:>0 node:n-" => p.restarts > 0 && p.node.contains("n-"),
        "cpu:>=2m" => cpu.is_some_and(|c| c >= 2),
        "status:=Running" => p.status == "Running",
        other => panic!("{other} is not modelled"),
    }
}

// What is there first, then by value; what is missing last whichever way.
fn missing_last<T: Ord>(a: Option<T>, b: Option<T>, descending: bool) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) if descending => b.cmp(&a),
        (Some(a), Some(b)) => a.cmp(&b),
        (a, b) => b.is_some().cmp(&a.is_some()),
    }
}

fn compare(spec: &ViewSpec, (p, pc): &(Pod, Option<i64>), (q, qc): &(Pod, Option<i64>)) -> Ordering {
    let text = |t: &str| (!t.is_empty() && t != "<none>").then(|| t.to_owned());
    let mut order = Ordering::Equal;
    for SortBy { column, descending: d } in &spec.sort {
        order = order.then_with(|| match *column {
            NAMESPACE => missing_last(text(&p.namespace), text(&q.namespace), *d),
            NAME => missing_last(text(&p.name), text(&q.name), *d),
            STATUS => missing_last(text(&p.status), text(&q.status), *d),
            NODE => missing_last(text(&p.node), text(&q.node), *d),
            RESTARTS => missing_last(Some(p.restarts), Some(q.restarts), *d),
            AGE => missing_last(Some(Reverse(p.created)), Some(Reverse(q.created)), *d),
            CPU => missing_last(*pc, *qc, *d),
            _ => Ordering::Equal,
        });
    }
    order.then_with(|| (&p.namespace, &p.name, p.uid).cmp(&(&q.namespace, &q.name, q.uid)))
}

fn naive(model: &Model, spec: &ViewSpec, now: i64) -> Vec<u128> {
    let query = spec.query.to_string();
    let wanted = |e: &&(Pod, Option<i64>)| passes(&query, e, now) && (!spec.faults_only || e.0.health.unwell());
    let mut all: Vec<_> = model.values().filter(wanted).collect();
    all.sort_by(|a, b| compare(spec, a, b));
    all.into_iter().map(|(p, _)| p.uid).collect()
}

fn shown(view: &View, s: &Store) -> Vec<u128> {
    view.window(0, usize::MAX).map(|id| s.peek(id).unwrap().uid().0).collect()
}

fn carry_out(op: &Op, s: &mut Store, model: &mut Model) {
    match op {
        Op::Put(p) => {
            s.apply(puts(std::slice::from_ref(p)));
            // Under another name it is another row.
            let same = |e: &&(Pod, Option<i64>)| (&e.0.namespace, &e.0.name) == (&p.namespace, &p.name);
            let cpu = model.get(&p.uid).filter(same).and_then(|e| e.1);
            model.insert(p.uid, (p.clone(), cpu));
        }
        Op::Gone(uid) => {
            s.apply(gone(&[*uid]));
            model.remove(uid);
        }
        Op::Cpu(uid, v) => {
            if let Some(e) = model.get_mut(uid) {
                e.1 = *v;
                let id = s.find(Uid(*uid)).unwrap().id();
                s.set_joined(id, &[(Joined::Cpu, v.map_or(crate::core::value::NONE, int))]);
            }
        }
        Op::Relist(uids) => {
            s.apply(StreamEvent::Begin);
            model.retain(|u, _| uids.contains(u));
            let again: Vec<Pod> = model.values().map(|e| e.0.clone()).collect();
            s.apply(puts(&again));
            s.apply(StreamEvent::End);
        }
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_view_is_a_naive_sort_and_filter(
        first in prop::collection::vec(a_pod(), 0..12),
        ops in prop::collection::vec(op(), 0..60),
        spec in spec(),
    ) {
        let mut s = store(&[]);
        let mut model = Model::new();
        for p in &first {
            carry_out(&Op::Put(p.clone()), &mut s, &mut model);
        }
        let mut view = View::new(spec.clone());
        let mut spec = spec;
        let (mut now, mut anew) = (NOW, false);
        for op in &ops {
            carry_out(op, &mut s, &mut model);
            let before = shown_ids(&view);
            match op {
                Op::Freeze(on) => view.freeze(*on),
                Op::Later(ms) => now += ms,
                Op::Spec(other) => {
                    // Half of the time only the filter changes.
                    spec = ViewSpec { sort: if now % 2 == 0 { spec.sort } else { other.sort.clone() }, ..other.clone() };
                    view.set_spec(spec.clone());
                    anew = true;
                }
                Op::Pin(uid) => view.pin(s.find(Uid(*uid)).map(|r| r.id())),
                Op::Refresh if view.frozen() && !anew => {
                    view.refresh(&s, now);
                    if !before.is_empty() {
                        prop_assert_eq!(&shown_ids(&view)[..before.len()], &before[..], "nobody moves");
                    }
                }
                Op::Refresh => {
                    view.refresh(&s, now);
                    anew = false;
                }
                _ => {}
            }
            for (place, id) in view.window(0, 99).enumerate() {
                prop_assert_eq!(view.rank(id), Some(place));
            }
        }
        view.freeze(false);
        view.pin(None);
        now += 2000;
        view.refresh(&s, now);
        prop_assert_eq!(shown(&view, &s), naive(&model, &spec, now));
        prop_assert_eq!(view.total(), model.len());
    }

    #[test]
    fn a_pinned_row_stays_and_the_others_are_sorted(
        first in prop::collection::vec(a_pod(), 1..12),
        ops in prop::collection::vec(op(), 0..40),
        spec in spec(),
    ) {
        let mut s = store(&[]);
        let mut model = Model::new();
        for p in &first {
            carry_out(&Op::Put(p.clone()), &mut s, &mut model);
        }
        let mut view = View::new(spec.clone());
        view.refresh(&s, NOW);
        let pinned = view.row(0);
        view.pin(pinned);
        for op in &ops {
            carry_out(op, &mut s, &mut model);
            if matches!(op, Op::Refresh) {
                view.refresh(&s, NOW);
            }
        }
        view.refresh(&s, NOW);
        prop_assert!(pinned.is_none_or(|id| view.rank(id).is_some()));
        let of_pinned = |u: &u128| pinned.and_then(|id| s.peek(id)).is_some_and(|r| r.uid().0 == *u);
        let others: Vec<u128> = shown(&view, &s).into_iter().filter(|u| !of_pinned(u)).collect();
        let expected: Vec<u128> = naive(&model, &spec, NOW).into_iter().filter(|u| !of_pinned(u)).collect();
        prop_assert_eq!(others, expected);
    }
}

fn shown_ids(view: &View) -> Vec<crate::core::store::RowId> {
    view.window(0, usize::MAX).collect()
}

#[test]
fn a_view_that_fell_behind_catches_up() {
    let pods: Vec<Pod> = (0..50).map(|i| pod(i, "a", &format!("p{i:02}"))).collect();
    let mut s = store(&pods);
    let mut view = View::new(ViewSpec::default());
    view.refresh(&s, NOW);
    for _ in 0..200 {
        s.apply(puts(&pods[..49]));
    }
    s.apply(gone(&[3]));
    for frozen in [true, false] {
        view.freeze(frozen);
        view.refresh(&s, NOW);
        assert_eq!(view.len(), if frozen { 50 } else { 49 }, "frozen: {frozen}");
        for _ in 0..200 {
            s.apply(puts(&pods[4..]));
        }
    }
}

#[test]
fn another_spec_or_schema_shows_at_the_next_refresh() {
    let mut bad = pod(2, "a", "y");
    bad.health = Health::Bad;
    let mut s = store(&[pod(1, "a", "x"), bad]);
    let mut view = View::new(ViewSpec::default());
    assert!(view.refresh(&s, NOW));
    assert!(!view.refresh(&s, NOW), "nothing has changed");
    let version = view.version();
    view.set_spec(ViewSpec { faults_only: true, ..ViewSpec::default() });
    assert!(view.refresh(&s, NOW) && view.version() > version);
    assert_eq!((view.len(), view.total()), (1, 2));
    let mut schema = (**s.schema()).clone();
    schema.columns.truncate(2);
    s.apply(StreamEvent::Schema(std::sync::Arc::new(schema)));
    view.refresh(&s, NOW);
    assert!(view.is_empty());
}

#[test]
fn a_new_filter_counts_also_while_the_order_is_held() {
    let s = store(&[pod(1, "a", "x"), pod(2, "a", "y")]);
    let mut view = View::new(ViewSpec::default());
    view.refresh(&s, NOW);
    view.set_spec(ViewSpec { query: Query::parse("y").unwrap(), ..ViewSpec::default() });
    view.freeze(true);
    view.pin(view.row(0));
    view.refresh(&s, NOW);
    assert_eq!(shown(&view, &s), [2]);
}

#[test]
fn a_query_that_does_not_fit_says_so_and_hides_nothing() {
    let s = store(&[pod(1, "a", "x")]);
    let mut view = View::new(ViewSpec { query: Query::parse("colour:red").unwrap(), ..ViewSpec::default() });
    view.refresh(&s, NOW);
    assert_eq!(view.len(), 1);
    assert!(view.error().is_some_and(|e| e.message.contains("COLOUR")));
}

#[test]
fn an_unchanged_place_costs_no_change_of_order() {
    let mut s = store(&[pod(1, "a", "x"), pod(2, "a", "y")]);
    let mut view = View::new(ViewSpec::default());
    view.refresh(&s, NOW);
    s.apply(puts(&[pod(1, "a", "x")]));
    assert!(!view.refresh(&s, NOW));
}
