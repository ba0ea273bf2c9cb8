//! The list+watch machine against scripted servers, on paused time: what goes over the wire, and
//! what a reader is told.

mod lists;
mod readers;
mod trouble;

use crate::cluster::connect::Connection;
use crate::cluster::discover::builtin_kinds;
use crate::cluster::testing::{Log, Part, Reply, Seen, server};
use crate::core::freshness::Freshness;
use crate::core::kind::{ClusterId, Scope, StreamKey};
use crate::core::problem::Problem;
use crate::core::row::Change;
use crate::core::stream::StreamEvent;
use crate::core::uid::Uid;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::{self, Receiver};
use tokio::time::Instant;

fn clock() -> i64 {
    1_000_000
}

fn key(plural: &str, scope: Scope) -> StreamKey {
    let kind = builtin_kinds().into_iter().find(|k| k.plural.as_ref() == plural).unwrap();
    StreamKey::new(ClusterId(1), kind, scope)
}

fn start(conn: &Connection, key: StreamKey) -> Receiver<StreamEvent> {
    let (out, events) = mpsc::channel(1);
    tokio::spawn(super::run(conn.clone(), key, out, clock));
    events
}

/// What a store would hold.
#[derive(Default)]
struct Reader {
    rows: HashMap<Uid, (String, u32)>,
    lists: u32,
    complete: u32,
    fresh: Vec<Freshness>,
}

impl Reader {
    fn take(&mut self, event: StreamEvent) {
        match event {
            StreamEvent::Schema(_) => {}
            StreamEvent::Begin => self.lists += 1,
            StreamEvent::Batch(batch) => {
                for (change, _) in batch.rows() {
                    match change {
                        Change::Put(h) => {
                            self.rows.insert(h.uid, (batch.symbols.text(h.name).to_owned(), self.lists));
                        }
                        Change::Gone(uid) => drop(self.rows.remove(uid)),
                    }
                }
            }
            StreamEvent::End => {
                self.complete += 1;
                let now = self.lists;
                self.rows.retain(|_, (_, list)| *list == now);
            }
            StreamEvent::Fresh(f) => self.fresh.push(f),
        }
    }

    /// Reads on until `done` says it is enough, for ten minutes at most.
    async fn until(&mut self, events: &mut Receiver<StreamEvent>, done: impl Fn(&Self) -> bool) {
        let deadline = Instant::now() + Duration::from_mins(10);
        while !done(self) {
            match tokio::time::timeout_at(deadline, events.recv()).await {
                Ok(Some(event)) => self.take(event),
                other => panic!("{other:?} after {:?}", self.fresh),
            }
        }
    }

    fn names(&self) -> Vec<&str> {
        let mut names: Vec<_> = self.rows.values().map(|(n, _)| n.as_str()).collect();
        names.sort_unstable();
        names
    }

    fn live(&self) -> bool {
        self.fresh.last().is_some_and(Freshness::current)
    }
}

fn pod(name: &str, version: u64) -> Value {
    json!({"kind": "Pod", "apiVersion": "v1", "metadata": {
        "name": name, "namespace": "a", "uid": format!("uid-{name}"), "resourceVersion": version.to_string(),
        "creationTimestamp": "2026-11-21T12:00:00Z"}})
}

fn line(kind: &str, object: &Value) -> String {
    format!("{}\n", json!({"type": kind, "object": object}))
}

fn bookmark(version: u64, initial_end: bool) -> String {
    let mut mark = json!({"kind": "Pod", "apiVersion": "v1", "metadata": {"resourceVersion": version.to_string()}});
    if initial_end {
        mark["metadata"]["annotations"] = json!({"k8s.io/initial-events-end": "true"});
    }
    line("BOOKMARK", &mark)
}

/// The beginning of a watch that starts with these pods.
fn watch_list(names: &[&str], version: u64) -> Reply {
    let mut body: String = names.iter().map(|n| line("ADDED", &pod(n, version))).collect();
    body += &bookmark(version, true);
    Reply::new(200, body)
}

fn page(names: &[&str], version: u64, token: &str) -> Reply {
    let items: Vec<Value> = names.iter().map(|n| pod(n, version)).collect();
    Reply::json(
        &json!({"kind": "PodList", "metadata": {"resourceVersion": version.to_string(), "continue": token}, "items": items}),
    )
}

fn quiet() -> Reply {
    Reply::new(200, "").then(Part::Hang)
}

fn asked(seen: &Seen, what: &str) -> bool {
    seen.uri.split(['?', '&']).any(|p| p == what)
}

fn count(log: &Log, what: &str) -> usize {
    log.all().iter().filter(|s| asked(s, what)).count()
}

const INITIAL: &str = "sendInitialEvents=true";
