//! A small cluster made by hand.

use super::columns::{event_schema, node_schema, pod_schema};
use crate::core::cluster::{ContextInfo, Link, UsageLink};
use crate::core::commands::Command as C;
use crate::core::freshness::Freshness;
use crate::core::health::Health;
use crate::core::keys::{Keymap, Layer, parse_keys};
use crate::core::kind::{ClusterId, Kind, StreamKey};
use crate::core::panes::Body;
use crate::core::panes::table::TablePane;
use crate::core::row::{Batch, RowHead, Sym};
use crate::core::schema::{Joined, Schema, Source};
use crate::core::start;
use crate::core::state::{Options, State};
use crate::core::store::Store;
use crate::core::stream::StreamEvent;
use crate::core::uid::Uid;
use crate::core::usage::Sample;
use crate::core::value::{CellKind, NONE, count_ago, int, pair};
use std::sync::Arc;

/// 2026-11-21 12:00:00 UTC.
pub const NOW: i64 = 1_795_262_400_000;
pub const MIN: i64 = 60_000;
pub const HOUR: i64 = 60 * MIN;
pub const DAY: i64 = 24 * HOUR;

pub fn kind(group: &str, plural: &str, name: &str, short: &str, namespaced: bool) -> Arc<Kind> {
    Arc::new(Kind {
        group: group.into(),
        version: "v1".into(),
        plural: plural.into(),
        kind: name.into(),
        singular: name.to_lowercase().into(),
        short: vec![short.into()],
        namespaced,
        verbs: vec!["list".into(), "watch".into()],
        scale: false,
    })
}

pub fn head(batch: &mut Batch, namespace: &str, name: &str, age: i64, health: Health) -> RowHead {
    RowHead {
        uid: Uid::of_name(namespace, name),
        name: batch.sym(name),
        namespace: batch.sym(namespace),
        owner: Sym::EMPTY,
        labels: batch.sym("app=web"),
        created: NOW - age,
        health,
    }
}

fn batch_of(schema: &Schema) -> Batch {
    let mut text = vec![false; usize::from(schema.cells)];
    for c in &schema.columns {
        if let (Source::Cell(i), CellKind::Text) = (&c.source, c.kind) {
            text[usize::from(*i)] = true;
        }
    }
    Batch::new(text)
}

pub fn store_of(schema: Schema, fill: impl FnOnce(&mut Batch)) -> Store {
    let mut store = Store::new();
    let mut batch = batch_of(&schema);
    fill(&mut batch);
    store.apply(StreamEvent::Schema(Arc::new(schema)));
    store.apply(StreamEvent::Begin);
    store.apply(StreamEvent::Batch(batch));
    store.apply(StreamEvent::End);
    store.apply(StreamEvent::Fresh(Freshness::Live));
    store
}

pub struct Pod(pub &'static str, pub &'static str, pub (u32, u32), pub &'static str, pub u32, pub i64, pub Health);

pub const PODS: &[Pod] = &[
    Pod("batch", "report-29x8k", (0, 1), "ImagePullBackOff", 0, 12 * MIN, Health::Bad),
    Pod("db", "dump-29180-4kxlw", (0, 1), "Pending", 0, 45_000, Health::Warn),
    Pod("db", "pg-0", (1, 1), "Running", 0, 9 * DAY, Health::Ok),
    Pod("db", "pg-1", (1, 1), "Running", 1, 9 * DAY, Health::Ok),
    Pod("db", "backup-29181-x7d2p", (0, 1), "Completed", 0, 3 * HOUR, Health::Done),
    Pod("kube-system", "cni-2v8kd", (1, 1), "Running", 0, 40 * DAY, Health::Ok),
    Pod("shop", "cart-7c9f6d-x2lqp", (0, 1), "CrashLoopBackOff", 14, 2 * HOUR, Health::Bad),
    Pod("shop", "search-0", (1, 2), "Running", 3, 9 * DAY, Health::Warn),
    Pod("shop", "front-5d8b9-7hhvd", (1, 1), "Running", 0, 26 * HOUR, Health::Ok),
    Pod("web", "thumbs-6c4f7-8zkdj", (0, 1), "Terminating", 6, 3 * MIN, Health::Busy),
];

/// A batch for a store in which the crashing pod has another status.
pub fn one_pod(store: &Store, status: &'static str) -> Batch {
    let mut b = batch_of(store.schema());
    let p = PODS.iter().find(|p| p.0 == "shop").expect("a pod of the fixture");
    put_pod(&mut b, &Pod(p.0, p.1, p.2, status, p.4, p.5, p.6));
    b
}

pub fn put_pod(b: &mut Batch, p: &Pod) {
    let head = head(b, p.0, p.1, p.5, p.6);
    let restarted = (p.4 > 0).then_some((NOW - 5 * MIN) / 1000);
    let node = if p.3 == "Pending" { "<none>" } else { "n-10" };
    let phase = if p.6 == Health::Done { "Succeeded" } else { "Running" };
    let cells = [
        pair(p.2.0, p.2.1),
        b.text_cell(p.3),
        count_ago(p.4, restarted),
        b.text_cell("10.0.3.7"),
        b.text_cell(node),
        b.text_cell(phase),
        int(250),
        NONE,
        int(128 << 20),
        int(256 << 20),
    ];
    b.put(head, &cells);
}

pub fn pods() -> Store {
    let mut store = store_of(pod_schema(), |b| PODS.iter().for_each(|p| put_pod(b, p)));
    let mib = |n: i64| int(n << 20);
    for (ns, name, cpu, mem, limit) in [
        ("shop", "search-0", int(410), mib(2150), int(981)),
        ("shop", "front-5d8b9-7hhvd", int(12), mib(240), int(310)),
        ("shop", "cart-7c9f6d-x2lqp", int(2), mib(91), NONE),
        ("db", "pg-0", int(1250), mib(780), int(760)),
    ] {
        let id = store.find_name(ns, name).expect("a pod of the fixture").id();
        store.set_joined(id, &[(Joined::Cpu, cpu), (Joined::Mem, mem), (Joined::MemOfLimit, limit)]);
    }
    store
}

pub fn nodes() -> Store {
    let all = [
        ("n-07", "NotReady", Health::Bad, NONE, NONE, 31),
        ("n-08", "Ready", Health::Ok, int(400), int(520), 61),
        ("n-09", "Ready,SchedulingDisabled", Health::Busy, int(710), int(660), 54),
        ("n-10", "Ready", Health::Ok, int(550), int(580), 70),
        ("n-11", "Ready", Health::Ok, int(930), int(810), 24),
    ];
    let mut store = store_of(node_schema(), |b| {
        for (name, status, health, ..) in &all {
            let head = head(b, "", name, 40 * DAY, *health);
            let down = if *health == Health::Bad { int(NOW - 41_000) } else { NONE };
            let taint = if *health == Health::Busy { "node.kubernetes.io/unschedulable:NoSchedule" } else { "" };
            let cells = [
                b.text_cell(status),
                b.text_cell("worker"),
                b.text_cell("v1.35.4"),
                int(8000),
                int(32 << 30),
                b.text_cell(taint),
                down,
            ];
            b.put(head, &cells);
        }
    });
    for (name, _, _, cpu, mem, pods) in all {
        let id = store.find_name("", name).expect("a node of the fixture").id();
        let used = |share: u64, whole: i64| {
            if share == NONE { NONE } else { int(((share ^ (1 << 63)) as i64) * whole / 1000) }
        };
        store.set_joined(
            id,
            &[
                (Joined::Cpu, used(cpu, 8000)),
                (Joined::Mem, used(mem, 32 << 30)),
                (Joined::CpuOfRequest, cpu),
                (Joined::MemOfRequest, mem),
                (Joined::Pods, pair(pods, 110)),
                (Joined::CpuRequests, int(5600)),
                (Joined::MemRequests, int(26 << 30)),
            ],
        );
    }
    store
}

pub fn events() -> Store {
    store_of(event_schema(), |b| {
        let all = [
            (
                "shop",
                "cart.1",
                31_000,
                "Warning",
                "BackOff",
                "pod/cart-7c9f6d-x2lqp",
                "Back-off restarting failed container cart in pod cart-7c9f6d-x2lqp",
                14,
            ),
            ("kube-system", "cni.1", 70_000, "Warning", "NodeNotReady", "pod/cni-2v8kd", "Node is not ready", 1),
            (
                "batch",
                "report.1",
                130_000,
                "Warning",
                "Failed",
                "pod/report-29x8k",
                "Failed to pull image \"reg/report:9\":\nnot found",
                4,
            ),
            (
                "shop",
                "front.1",
                15 * MIN,
                "Normal",
                "Pulled",
                "pod/front-5d8b9-7hhvd",
                "Container image already present on machine",
                1,
            ),
        ];
        for (ns, name, age, kind, reason, object, message, n) in all {
            let health = if kind == "Warning" { Health::Warn } else { Health::Ok };
            let head = head(b, ns, name, age, health);
            let cells = [
                int(NOW - age),
                b.text_cell(kind),
                b.text_cell(reason),
                b.text_cell(object),
                b.text_cell(message),
                int(n),
            ];
            b.put(head, &cells);
        }
    })
}

pub fn keymap() -> Keymap {
    let mut map = Keymap::default();
    let all: &[(Layer, &str, C)] = &[
        (Layer::Global, ":", C::Palette),
        (Layer::Global, "?", C::Help),
        (Layer::Global, "Tab", C::PaneNext),
        (Layer::Global, "\\ v", C::SplitRight),
        (Layer::Global, "\\ s", C::SplitBelow),
        (Layer::Global, "\\ x", C::PaneClose),
        (Layer::Global, "\\ z", C::PaneZoom),
        (Layer::Global, "q", C::Back),
        (Layer::Table, "/", C::Filter),
        (Layer::Table, "j", C::MoveDown),
        (Layer::Table, "Down", C::MoveDown),
        (Layer::Table, "Enter", C::Enter),
        (Layer::Table, "d", C::Describe),
        (Layer::Table, "y", C::Yaml),
        (Layer::Table, "Space", C::Mark),
        (Layer::Table, "Ctrl-w", C::Wide),
        (Layer::Table, "Ctrl-r", C::Resync),
        (Layer::Table, "Ctrl-z", C::FaultsOnly),
        (Layer::Pods, "o", C::GoNode),
        (Layer::Events, "Ctrl-z", C::WarningsOnly),
        (Layer::Text, "/", C::Find),
        (Layer::Text, "n", C::FindNext),
    ];
    for (layer, keys, command) in all {
        map.bind(*layer, &parse_keys(keys).expect("a key of the fixture"), *command);
    }
    map
}

pub fn context() -> ContextInfo {
    ContextInfo {
        name: "prod-eu".into(),
        server: "https://prod-eu.example:6443".into(),
        user: "oncall".into(),
        namespace: None,
        problem: None,
    }
}

/// The default layout over the hand-made cluster, at that size.
pub fn world(width: u16, height: u16) -> State {
    let options = Options { protected: vec!["*prod*".into()], ..Options::default() };
    let mut state = State::new(keymap(), options, (width, height), NOW);
    let kinds = vec![
        kind("", "pods", "Pod", "po", true),
        kind("", "nodes", "Node", "no", false),
        kind("", "events", "Event", "ev", true),
    ];
    let id = start::open_cluster(&mut state, context(), kinds);
    start::default_layout(&mut state, id);
    let keys: Vec<StreamKey> = tables(&state).map(|t| t.key.clone()).collect();
    for key in keys {
        let store = match key.kind.plural.as_ref() {
            "pods" => pods(),
            "nodes" => nodes(),
            _ => events(),
        };
        state.streams.insert(key, store);
    }
    state.line_speed = 412;
    let cluster = state.clusters.get_mut(&id).expect("the cluster");
    cluster.version = Some("v1.35.4".into());
    cluster.user = Some("oncall".into());
    cluster.link = Link::Up;
    cluster.rtt = Some(38_400);
    measure(&mut state, id);
    settle(&mut state);
    state
}

fn measure(state: &mut State, id: ClusterId) {
    let cluster = state.clusters.get_mut(&id).expect("the cluster");
    for round in 0..12_i64 {
        let at = NOW - (12 - round) * 15_000;
        let sample = |ns: &str, name: &str, cpu: i64, mem: i64| Sample {
            namespace: ns.into(),
            name: name.into(),
            cpu,
            mem,
            at,
            containers: Vec::new(),
        };
        cluster.pod_usage.apply(&[
            sample("shop", "search-0", 300 + round * 10, (1200 + round * 80) << 20),
            sample("shop", "front-5d8b9-7hhvd", 12, 240 << 20),
            sample("shop", "cart-7c9f6d-x2lqp", 2, 91 << 20),
            sample("db", "pg-0", 1250, (500 + (round % 4) * 93) << 20),
        ]);
        cluster.pod_usage.end_round();
    }
    cluster.pod_usage_link = UsageLink::At(NOW - 12_000);
    cluster.node_usage_link = UsageLink::At(NOW - 12_000);
}

pub fn tables(state: &State) -> impl Iterator<Item = &TablePane> {
    state.panes.values().filter_map(|p| p.table())
}

/// Changes the focused table, then brings its view up to date.
pub fn focused(state: &mut State, change: impl FnOnce(&mut TablePane)) {
    change(state.focused_mut().and_then(|p| p.table_mut()).expect("a table has the focus"));
    settle(state);
}

/// Changes the store of a kind, then brings the views up to date.
pub fn store(state: &mut State, plural: &str, change: impl Fn(&mut Store)) {
    for (key, store) in &mut state.streams {
        if key.kind.plural.as_ref() == plural {
            change(store);
        }
    }
    settle(state);
}

/// What the state does after each turn: views follow their stores, cursors their rows.
pub fn settle(state: &mut State) {
    crate::core::update::sum_nodes(state);
    let rects = state.visible();
    for pane in state.panes.values_mut() {
        let height = rects.iter().find(|(id, _)| *id == pane.id).map_or(20, |(_, r)| r.height);
        let Body::Table(t) = &mut pane.body else { continue };
        let Some(store) = state.streams.get(&t.key) else { continue };
        t.query = crate::core::query::Query::parse(&t.filter.text).unwrap_or_default();
        // What is joined in was put there by hand.
        crate::core::update::follow(t, store, NOW, 0, height);
    }
}
