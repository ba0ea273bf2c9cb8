//! Pods for tests of stores, views, filters and usage.

use super::Store;
use crate::core::health::Health;
use crate::core::row::{Batch, RowHead};
use crate::core::schema::{Column, Joined, Schema, Show, Source};
use crate::core::stream::StreamEvent;
use crate::core::uid::Uid;
use crate::core::value::{CellKind, NONE, count_ago, int, pair};
use std::sync::Arc;

pub const NAMESPACE: usize = 0;
pub const NAME: usize = 1;
pub const READY: usize = 2;
pub const STATUS: usize = 3;
pub const RESTARTS: usize = 4;
pub const AGE: usize = 5;
pub const NODE: usize = 6;
pub const CPU: usize = 7;

const TEXT: [bool; 8] = [false, true, false, true, false, false, false, false];

pub fn schema() -> Arc<Schema> {
    let c = |title: &str, kind, source, show| Column::new(title, kind, source, show, "");
    let (always, hidden) = (Show::Always, Show::Hidden);
    Arc::new(Schema {
        columns: vec![
            c("NAMESPACE", CellKind::Text, Source::Namespace, always),
            c("NAME", CellKind::Text, Source::Name, always),
            c("READY", CellKind::Pair, Source::Cell(0), always),
            c("STATUS", CellKind::Text, Source::Cell(1), always),
            c("RESTARTS", CellKind::CountAgo, Source::Cell(2), always),
            c("AGE", CellKind::Age, Source::Created, always),
            c("NODE", CellKind::Text, Source::Cell(3), Show::Wide),
            c("CPU", CellKind::Milli, Source::Joined(Joined::Cpu), always),
            c("MEM", CellKind::Bytes, Source::Joined(Joined::Mem), always),
            c("CPU%R", CellKind::Permille, Source::Joined(Joined::CpuOfRequest), always),
            c("CPU/R", CellKind::Milli, Source::Cell(4), hidden),
            c("MEM/R", CellKind::Bytes, Source::Cell(5), hidden),
            c("CPU/L", CellKind::Milli, Source::Cell(6), hidden),
            c("MEM/L", CellKind::Bytes, Source::Cell(7), hidden),
            c("OWNER", CellKind::Text, Source::Owner, Show::Wide),
            c("LABELS", CellKind::Text, Source::Labels, hidden),
            c("APP", CellKind::Text, Source::Label("app".into()), hidden),
        ],
        cells: 8,
    })
}

#[derive(Debug, Clone, PartialEq)]
pub struct Pod {
    pub uid: u128,
    pub namespace: String,
    pub name: String,
    pub status: String,
    pub node: String,
    pub labels: String,
    pub restarts: u32,
    pub created: i64,
    pub cpu_request: Option<i64>,
    pub health: Health,
}

pub fn pod(uid: u128, namespace: &str, name: &str) -> Pod {
    Pod {
        uid,
        namespace: namespace.into(),
        name: name.into(),
        status: "Running".into(),
        node: "n-1".into(),
        labels: String::new(),
        restarts: 0,
        created: 1_000_000,
        cpu_request: None,
        health: Health::Ok,
    }
}

pub fn batch() -> Batch {
    Batch::new(TEXT.to_vec())
}

pub fn put(batch: &mut Batch, p: &Pod) {
    let head = RowHead {
        uid: Uid(p.uid),
        name: batch.sym(&p.name),
        namespace: batch.sym(&p.namespace),
        owner: batch.sym("ReplicaSet/x"),
        labels: batch.sym(&p.labels),
        created: p.created,
        health: p.health,
    };
    let cells = [
        pair(1, 1),
        batch.text_cell(&p.status),
        count_ago(p.restarts, None),
        batch.text_cell(&p.node),
        p.cpu_request.map_or(NONE, int),
        NONE,
        NONE,
        NONE,
    ];
    batch.put(head, &cells);
}

/// A batch that puts these.
pub fn puts(pods: &[Pod]) -> StreamEvent {
    let mut b = batch();
    for p in pods {
        put(&mut b, p);
    }
    StreamEvent::Batch(b)
}

/// A batch that removes these.
pub fn gone(uids: &[u128]) -> StreamEvent {
    let mut b = batch();
    for &u in uids {
        b.gone(Uid(u));
    }
    StreamEvent::Batch(b)
}

/// A store with these pods.
pub fn store(pods: &[Pod]) -> Store {
    let mut s = Store::new();
    s.apply(StreamEvent::Schema(schema()));
    s.apply(puts(pods));
    s
}
