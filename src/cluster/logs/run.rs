//! All streams of a reading: one for each container of each pod, numbered as they are found.

use super::super::connect::Connection;
use super::events::{self, PodEvent};
use super::gate::Gate;
use super::pods::{self, Seen, Watch};
use super::request::From;
use super::status::{Pod, Status};
use super::tail::{Start, Tail};
use crate::core::logs::event::{LogEvent, LogOrder, Place, StreamName};
use crate::core::logs::segment::{Mark, Segment};
use crate::core::logs::source::{Containers, Pods, Since, TAIL_EACH, TAIL_ONE, Wish};
use crate::core::problem::Problem;
use std::collections::{BTreeSet, HashMap, HashSet};
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
        tell: tell.clone(),
        spaces: watches.iter().map(Watch::namespace).collect(),
        known: HashSet::new(),
        events: None,
        joined: 0,
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
            Some(order) = orders.recv() => match order {
                LogOrder::Older(n) => ask.send_modify(|o| *o = (o.0 + 1, n)),
                LogOrder::Events(on) => {
                    if !reading.events(on).await {
                        return;
                    }
                }
            },
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
    tell: mpsc::Sender<Seen>,
    /// Where pods are looked for.
    spaces: BTreeSet<Option<Arc<str>>>,
    /// All pods that were ever found.
    known: HashSet<Arc<str>>,
    /// The stream of events and what reads them, while they are wanted.
    events: Option<(u16, JoinSet<()>)>,
    /// Streams that have joined.
    joined: u16,
}

impl Reading {
    /// `false` when nobody listens any more.
    async fn see(&mut self, seen: Seen) -> bool {
        match seen {
            Seen::Events(told) => self.told(told).await,
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
                From::Tail(self.wish.tail.unwrap_or(if one { TAIL_ONE } else { TAIL_EACH }))
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
        self.known.insert(pod.uid.clone());
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
            let name = StreamName { namespace: pod.namespace.clone(), pod: pod.name.clone(), container };
            let Some(number) = self.join(name.clone()).await else { return false };
            let (tell, told) = watch::channel(status);
            self.running.insert(key, Running { status: tell });
            let until = match self.wish.since {
                Since::At(_, until) => until.map(|ms| ms * 1_000_000),
                _ => None,
            };
            let Wish { previous, limit, .. } = self.wish;
            // Of a pod that came later all is new.
            let tail = self.wish.tail.filter(|_| from != From::Start || self.wish.since == Since::Head);
            let tail = tail.filter(|_| !matches!(from, From::Tail(_)));
            let start = Start { from, tail, limit, previous, until };
            self.tasks.spawn(Tail::new(self.shared.clone(), number, pod.uid.clone(), name, told, start).run());
        }
        true
    }

    /// Gives a stream its number; `None` when nobody listens any more.
    async fn join(&mut self, name: StreamName) -> Option<u16> {
        let number = self.joined;
        self.shared.out.send(LogEvent::Join(name)).await.ok()?;
        self.joined += 1;
        Some(number)
    }

    /// Begins or ends the reading of events.
    async fn events(&mut self, on: bool) -> bool {
        match (on, self.events.take()) {
            (true, None) => {
                let Some(number) = self.join(StreamName::events()).await else { return false };
                let mut tasks = JoinSet::new();
                for space in &self.spaces {
                    tasks.spawn(events::run(self.shared.connection.clone(), space.clone(), self.tell.clone()));
                }
                self.events = Some((number, tasks));
                true
            }
            (true, running) => {
                self.events = running;
                true
            }
            // What reads them ends with the set of its tasks.
            (false, Some((number, _))) => self.shared.out.send(LogEvent::Leave(number)).await.is_ok(),
            (false, None) => true,
        }
    }

    async fn told(&mut self, told: Result<Vec<PodEvent>, Problem>) -> bool {
        let Some((number, _)) = self.events else { return true };
        let mut lines = Segment::default();
        match told {
            Ok(events) => {
                for event in events.iter().filter(|e| self.known.contains(&e.pod)) {
                    lines.push_marked(event.time, event.text.as_bytes(), Mark::Event);
                }
            }
            Err(problem) => {
                let text = format!("events cannot be read: {problem}");
                lines.push_marked((self.shared.clock)() * 1_000, text.as_bytes(), Mark::Gap);
            }
        }
        lines.is_empty() || self.shared.out.send(LogEvent::Lines(number, Place::Past, Arc::new(lines))).await.is_ok()
    }
}
