//! Several namespaces as one stream: each is listed and watched for itself, and
//! what they say is put together for one store.

use super::one;
use super::outbox::{Closed, Outbox, copy};
use crate::cluster::connect::Connection;
use crate::core::freshness::Freshness;
use crate::core::kind::StreamKey;
use crate::core::row::{Batch, Change};
use crate::core::stream::StreamEvent;
use crate::core::uid::Uid;
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::mpsc::{self, Sender};

/// One namespace's part.
#[derive(Default)]
struct Part {
    fresh: Freshness,
    listed: bool,
    generation: u64,
    rows: HashMap<Uid, u64>,
}

pub(super) async fn run(
    connection: Connection,
    key: StreamKey,
    namespaces: Vec<Arc<str>>,
    out: Sender<StreamEvent>,
    clock: fn() -> i64,
) {
    let (tell, mut told) = mpsc::channel(namespaces.len());
    let mut tasks = tokio::task::JoinSet::new();
    for (at, namespace) in namespaces.iter().cloned().enumerate() {
        let (slot, mut reports) = mpsc::channel(1);
        tasks.spawn(one(connection.clone(), key.clone(), Some(namespace), slot, clock));
        let tell = tell.clone();
        tasks.spawn(async move {
            while let Some(event) = reports.recv().await {
                if tell.send((at, event)).await.is_err() {
                    return;
                }
            }
        });
    }
    let mut whole = Whole {
        parts: namespaces.iter().map(|_| Part::default()).collect(),
        outbox: Outbox::new(out),
        began: false,
        ended: false,
    };
    loop {
        let next = match whole.outbox.while_waiting(told.recv()).await {
            Ok(Some(next)) => next,
            Ok(None) | Err(Closed) => return,
        };
        whole.take(next.0, next.1);
    }
}

struct Whole {
    parts: Vec<Part>,
    outbox: Outbox,
    began: bool,
    ended: bool,
}

impl Whole {
    fn take(&mut self, at: usize, event: StreamEvent) {
        match event {
            // All parts have the same columns: a schema that is the store's already changes nothing there.
            StreamEvent::Schema(schema) => {
                self.outbox.push(StreamEvent::Schema(schema));
                if !std::mem::replace(&mut self.began, true) {
                    self.outbox.push(StreamEvent::Begin);
                }
            }
            StreamEvent::Begin => self.parts[at].generation += 1,
            StreamEvent::Batch(batch) => self.batch(at, &batch),
            StreamEvent::End => self.end(at),
            StreamEvent::Fresh(fresh) => self.parts[at].fresh = fresh,
        }
        self.settle();
    }

    fn batch(&mut self, at: usize, batch: &Batch) {
        let part = &mut self.parts[at];
        for (change, cells) in batch.rows() {
            match change {
                Change::Put(head) => {
                    part.rows.insert(head.uid, part.generation);
                    copy(batch, self.outbox.batch(), *head, cells);
                }
                Change::Gone(uid) => {
                    part.rows.remove(uid);
                    self.outbox.batch().gone(*uid);
                }
            }
        }
    }

    /// A list of one namespace is complete: what it had before and has no more is gone.
    fn end(&mut self, at: usize) {
        let part = &mut self.parts[at];
        part.listed = true;
        let now = part.generation;
        let gone: Vec<Uid> = part.rows.iter().filter(|(_, g)| **g != now).map(|(u, _)| *u).collect();
        for uid in gone {
            part.rows.remove(&uid);
            self.outbox.batch().gone(uid);
        }
    }

    /// The whole is complete once each part is, or is known not to be readable.
    fn settle(&mut self) {
        let barred = |p: &Part| matches!(p.fresh, Freshness::Forbidden(_) | Freshness::NotServed);
        if self.began && !self.ended && self.parts.iter().all(|p| p.listed || barred(p)) {
            self.ended = true;
            self.outbox.push(StreamEvent::End);
        }
        self.outbox.fresh(together(self.parts.iter().map(|p| &p.fresh)));
    }
}

/// How true the whole is: as the worst part, where parts that may not be read are counted apart.
fn together<'a>(parts: impl Iterator<Item = &'a Freshness>) -> Freshness {
    let all: Vec<&Freshness> = parts.collect();
    let forbidden = all.iter().filter(|f| matches!(f, Freshness::Forbidden(_))).count();
    let readable: Vec<&&Freshness> = all.iter().filter(|f| !matches!(f, Freshness::Forbidden(_))).collect();
    let syncing: u64 = all.iter().map(|f| if let Freshness::Syncing { rows } = f { *rows } else { 0 }).sum();
    let trouble = readable
        .iter()
        .find(|f| matches!(f, Freshness::Reconnecting { .. } | Freshness::Stale { .. } | Freshness::NotServed));
    match (readable.as_slice(), trouble) {
        ([], _) => all.first().copied().cloned().unwrap_or_default(),
        (_, Some(f)) => (**f).clone(),
        (list, None) if list.iter().any(|f| !f.current()) => Freshness::Syncing { rows: syncing },
        _ if forbidden > 0 => Freshness::Partial {
            forbidden: u32::try_from(forbidden).unwrap_or(u32::MAX),
            of: u32::try_from(all.len()).unwrap_or(u32::MAX),
        },
        _ => Freshness::Live,
    }
}

#[cfg(test)]
#[path = "several_tests.rs"]
mod tests;
