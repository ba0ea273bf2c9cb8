//! All streams of a reading: one for each container of each pod, numbered as they are found.

use super::super::connect::Connection;
use super::gate::Gate;
use super::pods::{self, Seen};
use super::request::From;
use super::status::{Pod, Status};
use super::tail::{Start, Tail};
use crate::core::logs::event::{LogEvent, LogOrder, StreamName};
use crate::core::logs::source::{Containers, Pods, Since, TAIL_EACH, TAIL_ONE, Wish};
use crate::core::problem::Problem;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

/// The most streams one reading opens.
const MOST: usize = 1_000;

/// A stream that runs or has run.
struct Running {
    status: watch::Sender<Status>,
}

/// What all streams of a reading share.
pub(super) struct Shared {
    pub connection: Connection,
    pub gate: Gate,
    pub out: mpsc::Sender<LogEvent>,
    pub orders: watch::Receiver<(u64, u32)>,
    pub clock: fn() -> i64,
}

pub(super) async fn pods(
    connection: Connection,
    wish: &Wish,
    pods: Pods,
    containers: Containers,
    out: mpsc::Sender<LogEvent>,
    orders: &mut mpsc::Receiver<LogOrder>,
    clock: fn() -> i64,
) {
    let watches = match pods::watches(&pods) {
        Ok(watches) => watches,
        Err(problem) => return drop(out.send(LogEvent::Pods(Err(problem))).await),
    };
    let (tell, mut seen) = mpsc::channel(64);
    let (ask, asked) = watch::channel((0_u64, 0_u32));
    let mut reading = Reading {
        shared: Arc::new(Shared { connection, gate: Gate::new(), out: out.clone(), orders: asked, clock }),
        wish: wish.clone(),
        containers,
        running: HashMap::new(),
        uids: HashSet::new(),
        listed: HashMap::new(),
        pending: Vec::new(),
        waiting: (0..watches.len()).collect(),
        several: !matches!(&pods, Pods::Named(list) if list.len() == 1),
        tasks: JoinSet::new(),
    };
    for watch in watches {
        reading.tasks.spawn(watch.run(reading.shared.connection.clone(), tell.clone()));
    }
    loop {
        tokio::select! {
            found = seen.recv() => {
                let Some(found) = found else { return };
                if !reading.see(found).await {
                    return;
                }
            }
            Some(LogOrder::Older(n)) = orders.recv() => {
                ask.send_modify(|o| *o = (o.0 + 1, n));
            }
            Some(done) = reading.tasks.join_next() => super::pass_on(done),
            () = out.closed() => return,
        }
    }
}

struct Reading {
    shared: Arc<Shared>,
    wish: Wish,
    containers: Containers,
    running: HashMap<(Arc<str>, Arc<str>), Running>,
    /// Pods that are there, by uid.
    uids: HashSet<Arc<str>>,
    /// What each watch listed last.
    listed: HashMap<usize, HashSet<Arc<str>>>,
    /// Pods found before all lists were complete: how many there are decides how much of each is
    /// read.
    pending: Vec<Pod>,
    /// Watches that have not said yet what there is, by number.
    waiting: HashSet<usize>,
    several: bool,
    tasks: JoinSet<()>,
}

impl Reading {
    /// `false` when nobody listens any more.
    async fn see(&mut self, seen: Seen) -> bool {
        match seen {
            Seen::Pod(pod) if !self.waiting.is_empty() => {
                self.pending.push(pod);
                true
            }
            Seen::Pod(pod) => {
                let new = self.uids.insert(pod.uid.clone());
                // A pod that came later is read from its first line.
                self.pod(pod, From::Start).await && (!new || self.count().await)
            }
            Seen::Gone(uid) => {
                self.gone(&uid);
                self.count().await
            }
            Seen::Listed(watch, uids) => {
                let now: HashSet<Arc<str>> = uids.into_iter().collect();
                let before = self.listed.insert(watch, now.clone()).unwrap_or_default();
                for uid in before.difference(&now) {
                    self.gone(uid);
                }
                self.answered(watch).await && self.count().await
            }
            Seen::Failed(watch, problem) => {
                // What is forbidden stays so; all else is tried again, and the others wait for it.
                let over = matches!(problem, Problem::Forbidden(_));
                (!over || self.answered(watch).await)
                    && self.shared.out.send(LogEvent::Pods(Err(problem))).await.is_ok()
            }
        }
    }

    /// One more of the watches has said what there is, or that it cannot.
    async fn answered(&mut self, watch: usize) -> bool {
        self.waiting.remove(&watch);
        if !self.waiting.is_empty() {
            return true;
        }
        let pods = std::mem::take(&mut self.pending);
        let from = self.from(&pods);
        for pod in pods {
            self.uids.insert(pod.uid.clone());
            if !self.pod(pod, from).await {
                return false;
            }
        }
        true
    }

    async fn count(&self) -> bool {
        let n = u32::try_from(self.uids.len()).unwrap_or(u32::MAX);
        self.shared.out.send(LogEvent::Pods(Ok(n))).await.is_ok()
    }

    fn gone(&mut self, uid: &Arc<str>) {
        self.uids.remove(uid);
        for running in self.running.iter().filter(|(key, _)| key.0 == *uid).map(|(_, r)| r) {
            running.status.send_modify(|s| s.gone = true);
        }
    }

    /// How much of each stream is read at first.
    fn from(&self, pods: &[Pod]) -> From {
        match self.wish.since {
            Since::Tail => {
                let one = !self.several && pods.len() <= 1 && pods.iter().all(|p| self.chosen(p).count() <= 1);
                From::Tail(if one { TAIL_ONE } else { TAIL_EACH })
            }
            Since::Head => From::Start,
            Since::Ago(seconds) => From::Ago(seconds),
            Since::At(ms, _) => From::Time(ms * 1_000_000),
        }
    }

    fn chosen<'a>(&'a self, pod: &'a Pod) -> impl Iterator<Item = &'a (Arc<str>, Status)> {
        let usual = pod.usual.as_ref().filter(|u| pod.containers.iter().any(|c| c.0 == **u));
        pod.containers.iter().filter(move |(name, _)| match &self.containers {
            Containers::All => true,
            Containers::Named(one) => one == name,
            Containers::Usual => usual.is_none_or(|u| u == name),
        })
    }

    async fn pod(&mut self, pod: Pod, from: From) -> bool {
        let chosen: Vec<(Arc<str>, Status)> = self.chosen(&pod).cloned().collect();
        for (container, status) in chosen {
            let key = (pod.uid.clone(), container.clone());
            if let Some(running) = self.running.get(&key) {
                running.status.send_if_modified(|s| {
                    let changed = *s != status;
                    *s = status;
                    changed
                });
                continue;
            }
            if self.running.len() >= MOST {
                continue;
            }
            let Ok(number) = u16::try_from(self.running.len()) else { continue };
            let name = StreamName { namespace: pod.namespace.clone(), pod: pod.name.clone(), container };
            if self.shared.out.send(LogEvent::Join(name.clone())).await.is_err() {
                return false;
            }
            let (tell, told) = watch::channel(status);
            self.running.insert(key, Running { status: tell });
            let until = match self.wish.since {
                Since::At(_, until) => until.map(|ms| ms * 1_000_000),
                _ => None,
            };
            let start = Start { from, previous: self.wish.previous, until };
            self.tasks.spawn(Tail::new(self.shared.clone(), number, name, told, start).run());
        }
        true
    }
}
