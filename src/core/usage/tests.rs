use super::{Fleet, FleetSums, GroupBy, Join, Rollup, Sample, Share, Sums, Target, UsageBook};
use crate::core::health::Health;
use crate::core::row::{Batch, RowHead, Sym};
use crate::core::schema::{Column, Joined, Schema, Show, Source};
use crate::core::store::Store;
use crate::core::store::fixture::{Pod, gone, pod, puts, store};
use crate::core::stream::StreamEvent;
use crate::core::uid::Uid;
use crate::core::value::{CellKind, NONE, int, pair};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn sample(namespace: &str, name: &str, at: i64, cpu: i64, mem: i64) -> Sample {
    Sample { namespace: namespace.into(), name: name.into(), cpu, mem, at, containers: vec![("app".into(), cpu, mem)] }
}

fn joined(s: &Store, uid: u128, what: Joined) -> u64 {
    s.find(Uid(uid)).unwrap().joined(what)
}

#[test]
fn a_history_is_bounded_and_a_repeated_window_is_no_news() {
    let mut book = UsageBook::new();
    for i in 0..100 {
        book.apply(&[sample("a", "x", i * 15_000, i, i << 20)]);
        book.apply(&[sample("a", "x", i * 15_000, 999, 999)]);
        book.end_round();
    }
    let cpu: Vec<i64> = book.history("a", "x").map(|u| u.cpu).collect();
    assert_eq!(cpu, (40..100).collect::<Vec<_>>());
    let latest = book.latest("a", "x").unwrap();
    assert_eq!((latest.at, latest.cpu, latest.mem), (99 * 15_000, 99, 99 << 20));
    assert_eq!(
        book.containers("a", "x").map(|(n, u)| (n.to_owned(), u.cpu)).collect::<Vec<_>>(),
        [("app".to_owned(), 99)]
    );
    assert!(book.latest("a", "y").is_none() && book.latest("b", "x").is_none());
}

#[test]
fn what_is_no_longer_measured_is_forgotten() {
    let mut book = UsageBook::new();
    book.apply(&[sample("a", "x", 15_000, 1, 1), sample("a", "y", 15_000, 2, 2)]);
    for i in 2..30 {
        book.end_round();
        book.apply(&[sample("a", "y", i * 15_000, 2, 2)]);
        assert_eq!(book.latest("a", "x").is_some(), i < 6, "round {i}");
    }
    assert_eq!(book.len(), 1);
    book.apply(&[sample("a", "z", 15_000, 3, 3)]);
    assert_eq!(
        book.all().map(|(_, n, u)| (n.to_owned(), u.cpu)).collect::<Vec<_>>(),
        [("z".to_owned(), 3), ("y".to_owned(), 2)]
    );
}

#[test]
fn pods_get_usage_and_its_share_of_the_requests() {
    let mut p = pod(1, "shop", "cart");
    p.cpu_request = Some(200);
    let mut s = store(&[p.clone(), pod(2, "shop", "free")]);
    let mut book = UsageBook::new();
    let mut join = Join::new(Target::Pods);
    assert!(!join.step(&mut s, &book, None, 100));
    assert_eq!(joined(&s, 1, Joined::Cpu), NONE, "not measured is no zero");
    book.apply(&[sample("shop", "cart", 2_000_000, 50, 1 << 20), sample("shop", "free", 2_000_000, 0, 0)]);
    assert!(!join.step(&mut s, &book, None, 100));
    assert_eq!((joined(&s, 1, Joined::Cpu), joined(&s, 1, Joined::CpuOfRequest)), (int(50), int(250)));
    assert_eq!((joined(&s, 2, Joined::Cpu), joined(&s, 2, Joined::CpuOfRequest)), (int(0), NONE));
    // Another request, another share, without a new sample.
    p.cpu_request = Some(100);
    s.apply(puts(&[p.clone()]));
    join.step(&mut s, &book, None, 100);
    assert_eq!(joined(&s, 1, Joined::CpuOfRequest), int(500));
    // A successor of the same name is not what was measured.
    s.apply(gone(&[1]));
    (p.uid, p.created) = (3, 3_000_000);
    s.apply(puts(&[p]));
    join.step(&mut s, &book, None, 100);
    assert_eq!(joined(&s, 3, Joined::Cpu), NONE);
    for _ in 0..6 {
        book.end_round();
        join.step(&mut s, &book, None, 100);
    }
    assert_eq!(joined(&s, 2, Joined::Cpu), NONE, "no longer measured");
}

#[test]
fn a_join_works_in_steps_and_does_nothing_twice() {
    let pods: Vec<Pod> = (0..10).map(|i| pod(i, "a", &format!("p{i}"))).collect();
    let mut s = store(&pods);
    let mut book = UsageBook::new();
    let mut join = Join::new(Target::Pods);
    while join.step(&mut s, &book, None, 3) {}
    book.apply(&pods.iter().map(|p| sample("a", &p.name, 9_000_000, 1, 1)).collect::<Vec<_>>());
    let mut steps = 1;
    while join.step(&mut s, &book, None, 4) {
        steps += 1;
    }
    assert_eq!(steps, 3);
    assert!((0..10).all(|i| joined(&s, i, Joined::Cpu) == int(1)));
    let mark = s.mark();
    assert!(!join.step(&mut s, &book, None, 4));
    assert_eq!(s.mark(), mark);
}

fn nodes(names: &[&str]) -> Store {
    let mut s = Store::new();
    let c = |title: &str, kind, source| Column::new(title, kind, source, Show::Always, "");
    s.apply(StreamEvent::Schema(std::sync::Arc::new(Schema {
        columns: vec![
            c("NAME", CellKind::Text, Source::Name),
            c("PODS", CellKind::Pair, Source::Joined(Joined::Pods)),
            c("CPU", CellKind::Milli, Source::Joined(Joined::Cpu)),
            c("CPU%", CellKind::Permille, Source::Joined(Joined::CpuOfRequest)),
            c("CPU/R", CellKind::Milli, Source::Joined(Joined::CpuRequests)),
            c("CPU/A", CellKind::Milli, Source::Cell(0)),
            c("PODS/A", CellKind::Int, Source::Cell(1)),
        ],
        cells: 2,
    })));
    let mut b = Batch::new(vec![false, false]);
    for (i, name) in names.iter().enumerate() {
        let name = b.sym(name);
        let head = RowHead {
            uid: Uid(i as u128),
            name,
            namespace: Sym::EMPTY,
            owner: Sym::EMPTY,
            labels: Sym::EMPTY,
            created: 1000,
            health: Health::Ok,
        };
        b.put(head, &[int(4000), int(110)]);
    }
    s.apply(StreamEvent::Batch(b));
    s
}

#[test]
fn nodes_get_the_sums_of_their_pods_only_when_all_pods_are_known() {
    let mut n = nodes(&["n-1", "n-2"]);
    let mut p = pod(1, "a", "x");
    p.cpu_request = Some(300);
    let mut pods = store(&[p]);
    let mut book = UsageBook::new();
    book.apply(&[sample("", "n-1", 5_000, 1000, 0)]);
    let mut join = Join::new(Target::Nodes);
    join.step(&mut n, &book, None, 100);
    assert_eq!((joined(&n, 0, Joined::CpuOfRequest), joined(&n, 0, Joined::Pods)), (int(250), NONE));
    let mut sums = Rollup::new(GroupBy::Node);
    sums.follow(&pods, usize::MAX);
    join.step(&mut n, &book, Some(&sums), 100);
    assert_eq!((joined(&n, 0, Joined::Pods), joined(&n, 0, Joined::CpuRequests)), (pair(1, 110), int(300)));
    assert_eq!((joined(&n, 1, Joined::Pods), joined(&n, 1, Joined::Cpu)), (pair(0, 110), NONE));
    pods.apply(gone(&[1]));
    sums.follow(&pods, usize::MAX);
    join.step(&mut n, &book, Some(&sums), 100);
    assert_eq!(joined(&n, 0, Joined::Pods), pair(0, 110));
    join.step(&mut n, &book, None, 100);
    assert_eq!(joined(&n, 0, Joined::Pods), NONE, "the pods are no longer all known");
}

fn naive(pods: &BTreeMap<u128, Pod>) -> BTreeMap<String, (u32, u32, i64)> {
    let mut sums = BTreeMap::new();
    for p in pods.values().filter(|p| p.health != Health::Done && !p.node.is_empty() && p.node != "<none>") {
        let s: &mut (u32, u32, i64) = sums.entry(p.node.clone()).or_default();
        s.0 += 1;
        s.1 += u32::from(p.health.unwell());
        s.2 += p.cpu_request.unwrap_or(0);
    }
    sums
}

proptest! {
    #[test]
    fn sums_are_those_of_the_pods(
        ops in prop::collection::vec((0..8_u128, 0..4_usize, 0..3_usize, prop::option::of(0..500_i64), any::<bool>()), 0..60),
    ) {
        let mut s = store(&[]);
        let mut model = BTreeMap::new();
        let mut sums = Rollup::new(GroupBy::Node);
        for (uid, node, health, cpu, follow) in ops {
            if node == 3 {
                s.apply(gone(&[uid]));
                model.remove(&uid);
            } else {
                let mut p = pod(uid, "a", &format!("p{uid}"));
                (p.node, p.cpu_request) = (["n-1", "n-2", "<none>"][node].into(), cpu);
                p.health = [Health::Ok, Health::Bad, Health::Done][health];
                s.apply(puts(std::slice::from_ref(&p)));
                model.insert(uid, p);
            }
            if follow {
                sums.follow(&s, usize::MAX);
            }
        }
        sums.follow(&s, usize::MAX);
        let mine: BTreeMap<String, (u32, u32, i64)> =
            sums.groups().map(|(n, s)| (n.to_owned(), (s.pods, s.unwell, s.cpu_requests))).collect();
        prop_assert_eq!(&mine, &naive(&model));
        prop_assert_eq!(sums.all().pods, mine.values().map(|s| s.0).sum::<u32>());
        prop_assert_eq!(sums.sums("no such node"), Sums::default());
    }
}

#[test]
fn sums_catch_up_after_falling_behind_and_count_the_measured() {
    let pods: Vec<Pod> = (0..20).map(|i| pod(i, if i < 5 { "a" } else { "b" }, &format!("p{i}"))).collect();
    let mut s = store(&pods);
    let mut sums = Rollup::new(GroupBy::Namespace);
    sums.follow(&s, usize::MAX);
    for _ in 0..500 {
        s.apply(puts(&pods));
    }
    s.apply(gone(&[0]));
    let id = s.find(Uid(1)).unwrap().id();
    s.set_joined(id, &[(Joined::Cpu, int(7)), (Joined::Mem, int(9))]);
    sums.follow(&s, usize::MAX);
    let a = sums.sums("a");
    assert_eq!((a.pods, a.measured, a.cpu, a.mem, sums.sums("b").pods), (4, 1, 7, 9, 15));
}

fn machines() -> Store {
    let mut s = Store::new();
    let c = |title: &str, kind, source| Column::new(title, kind, source, Show::Always, "");
    s.apply(StreamEvent::Schema(std::sync::Arc::new(Schema {
        columns: vec![
            c("NAME", CellKind::Text, Source::Name),
            c("STATUS", CellKind::Text, Source::Cell(0)),
            c("CPU", CellKind::Milli, Source::Joined(Joined::Cpu)),
            c("CPU/R", CellKind::Milli, Source::Joined(Joined::CpuRequests)),
            c("CPU/A", CellKind::Milli, Source::Cell(1)),
        ],
        cells: 2,
    })));
    s
}

fn machine(uid: u128, status: &str, room: Option<i64>) -> StreamEvent {
    let mut b = Batch::new(vec![true, false]);
    let head = RowHead {
        uid: Uid(uid),
        name: b.sym(&format!("n-{uid}")),
        namespace: Sym::EMPTY,
        owner: Sym::EMPTY,
        labels: Sym::EMPTY,
        created: 1000,
        health: Health::Ok,
    };
    let status = b.text_cell(status);
    b.put(head, &[status, room.map_or(NONE, int)]);
    StreamEvent::Batch(b)
}

proptest! {
    #[test]
    fn the_fleet_is_the_sum_of_its_nodes(
        ops in prop::collection::vec(
            (0..6_u128, 0..6_usize, prop::option::of(0..9_i64), prop::option::of(0..9_i64), any::<bool>()),
            0..60,
        ),
    ) {
        let mut s = machines();
        let mut fleet = Fleet::default();
        for (uid, what, one, two, follow) in ops {
            match what {
                0 => {
                    s.apply(gone(&[uid]));
                }
                1 | 2 => {
                    if let Some(id) = s.find(Uid(uid)).map(|r| r.id()) {
                        let cell = |v: Option<i64>| v.map_or(NONE, int);
                        s.set_joined(id, &[(Joined::Cpu, cell(one)), (Joined::CpuRequests, cell(two))]);
                    }
                }
                _ => {
                    let status = ["Ready", "NotReady", "Ready,SchedulingDisabled"][what - 3];
                    s.apply(machine(uid, status, one));
                }
            }
            if follow {
                fleet.follow(&s);
            }
        }
        fleet.follow(&s);
        let mut sums = FleetSums::default();
        for row in s.rows() {
            sums.ready += i64::from(row.text(1).starts_with("Ready"));
            let number = |c: usize| row.number(c);
            let Some(room) = number(4) else { continue };
            let cpu: &mut Share = &mut sums.cpu;
            cpu.room += room;
            cpu.asked += number(3).unwrap_or(0);
            cpu.unknown += i64::from(number(3).is_none());
            cpu.used += number(2).unwrap_or(0);
            cpu.measured += number(2).map_or(0, |_| room);
        }
        prop_assert_eq!(fleet.sums(), &sums);
    }
}
