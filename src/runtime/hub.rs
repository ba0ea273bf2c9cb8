//! Needs become tasks. After each turn the hub compares what the state needs
//! with what runs: it starts what is missing and stops what nobody has needed
//! for a while. Each stream has a slot of its own, read in turn, so that no
//! stream can crowd out another.

use super::tasks;
use crate::cluster::Connection;
use crate::core::cluster::ContextInfo;
use crate::core::kind::{ClusterId, StreamKey};
use crate::core::msg::{Msg, News};
use crate::core::problem::Problem;
use crate::core::stream::StreamEvent;
use crate::core::subs::Sub;
use std::collections::{HashMap, HashSet};
use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::runtime::Handle;
use tokio::sync::{mpsc, watch};
use tokio::task::AbortHandle;

/// How long an unneeded stream goes on (ms): a glance elsewhere and back costs no new list.
const GRACE_MS: i64 = 10_000;

/// Makes the connection of a context. Must not wait.
pub type Connect = Box<dyn Fn(&ContextInfo) -> Result<Connection, Problem>>;

struct Task {
    abort: AbortHandle,
    unneeded: Option<i64>,
}

impl Drop for Task {
    fn drop(&mut self) {
        self.abort.abort();
    }
}

/// What runs.
pub struct Hub {
    io: Handle,
    connect: Connect,
    control: mpsc::Sender<Msg>,
    clusters: HashMap<ClusterId, Connection>,
    tasks: HashMap<Sub, Task>,
    slots: Vec<(StreamKey, mpsc::Receiver<StreamEvent>)>,
    /// Which nodes are in sight of each cluster, for those who measure.
    sights: HashMap<ClusterId, watch::Sender<Vec<Arc<str>>>>,
    turn: usize,
}

impl Hub {
    /// A hub that runs its tasks on `io`; their reports come through `control` and its slots.
    #[must_use]
    pub fn new(io: Handle, connect: Connect, control: mpsc::Sender<Msg>) -> Self {
        Self {
            io,
            connect,
            control,
            clusters: HashMap::new(),
            tasks: HashMap::new(),
            slots: Vec::new(),
            sights: HashMap::new(),
            turn: 0,
        }
    }

    /// Connects a cluster. A context that cannot be used is news of it, nothing more.
    pub fn open(&mut self, id: ClusterId, context: &ContextInfo) -> Option<Msg> {
        match (self.connect)(context) {
            Ok(connection) => {
                self.clusters.insert(id, connection);
                None
            }
            Err(problem) => Some(Msg::Cluster(id, News::Failed(problem))),
        }
    }

    /// The connection of a cluster, if it is open.
    #[must_use]
    pub fn connection(&self, id: ClusterId) -> Option<Connection> {
        self.clusters.get(&id).cloned()
    }

    /// Lets go of a cluster and all that runs on it.
    pub fn close(&mut self, id: ClusterId) {
        self.clusters.remove(&id);
        self.sights.remove(&id);
        self.tasks.retain(|sub, _| cluster_of(sub) != id);
        self.slots.retain(|(key, _)| key.cluster != id);
    }

    /// Starts a stream anew; its rows stay until the new list is complete.
    pub fn restart(&mut self, key: &StreamKey) {
        self.tasks.remove(&Sub::Stream(key.clone()));
        self.slots.retain(|(k, _)| k != key);
    }

    /// Makes what runs fit what is needed. Returns what was stopped, for the state to forget.
    pub fn reconcile(&mut self, needs: HashSet<Sub>, now: i64) -> Vec<Msg> {
        for (sub, task) in &mut self.tasks {
            task.unneeded = if needs.contains(sub) { None } else { task.unneeded.or(Some(now)) };
        }
        let late = |t: &Task| t.unneeded.is_some_and(|since| now - since >= GRACE_MS);
        let stopped: Vec<Sub> = self.tasks.iter().filter(|(_, t)| late(t)).map(|(s, _)| s.clone()).collect();
        for sub in &stopped {
            self.tasks.remove(sub);
        }
        for sub in needs {
            if !self.tasks.contains_key(&sub) {
                self.start(sub);
            }
        }
        stopped.into_iter().filter_map(|sub| self.forget(sub)).collect()
    }

    /// Which nodes of a cluster are in sight now.
    pub fn sight(&mut self, id: ClusterId, nodes: Vec<Arc<str>>) {
        self.sights.entry(id).or_default().send_if_modified(|seen| {
            let other = *seen != nodes;
            *seen = nodes;
            other
        });
    }

    fn forget(&mut self, sub: Sub) -> Option<Msg> {
        match sub {
            Sub::Stream(key) => {
                self.slots.retain(|(k, _)| *k != key);
                Some(Msg::Stopped(key))
            }
            Sub::Object(object) => Some(Msg::Unwatched(object)),
            Sub::Cluster(_) | Sub::Usage(..) => None,
        }
    }

    fn start(&mut self, sub: Sub) {
        let Some(connection) = self.clusters.get(&cluster_of(&sub)).cloned() else { return };
        let control = self.control.clone();
        let abort = match &sub {
            Sub::Cluster(id) => self.io.spawn(tasks::cluster(connection, *id, control)).abort_handle(),
            Sub::Stream(key) => {
                let (out, slot) = mpsc::channel(1);
                self.slots.push((key.clone(), slot));
                self.io.spawn(tasks::stream(connection, key.clone(), out)).abort_handle()
            }
            Sub::Object(object) => self.io.spawn(tasks::object(connection, object.clone(), control)).abort_handle(),
            Sub::Usage(id, namespaces) => {
                let sight = self.sights.entry(*id).or_default().subscribe();
                self.io.spawn(tasks::usage(connection, *id, namespaces.clone(), sight, control)).abort_handle()
            }
        };
        self.tasks.insert(sub, Task { abort, unneeded: None });
    }

    /// The next report of any stream, in turn.
    pub async fn next(&mut self) -> (StreamKey, StreamEvent) {
        poll_fn(|cx| self.poll(cx)).await
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<(StreamKey, StreamEvent)> {
        let n = self.slots.len();
        for step in 0..n {
            let at = (self.turn + step) % n;
            let (key, slot) = &mut self.slots[at];
            if let Poll::Ready(Some(event)) = slot.poll_recv(cx) {
                self.turn = at + 1;
                return Poll::Ready((key.clone(), event));
            }
        }
        Poll::Pending
    }

    /// A report that is there already, if any.
    pub fn try_next(&mut self) -> Option<(StreamKey, StreamEvent)> {
        let n = self.slots.len();
        for step in 0..n {
            let at = (self.turn + step) % n;
            let (key, slot) = &mut self.slots[at];
            if let Ok(event) = slot.try_recv() {
                self.turn = at + 1;
                return Some((key.clone(), event));
            }
        }
        None
    }
}

fn cluster_of(sub: &Sub) -> ClusterId {
    match sub {
        Sub::Cluster(id) | Sub::Usage(id, _) => *id,
        Sub::Stream(key) => key.cluster,
        Sub::Object(object) => object.cluster,
    }
}
