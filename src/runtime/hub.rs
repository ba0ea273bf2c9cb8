//! Needs become tasks. After each turn the hub compares what the state needs
//! with what runs: it starts what is missing and stops what nobody has needed
//! for a while. Each stream has a slot of its own, read in turn, so that no
//! stream can crowd out another.

use super::{tasks, watched};
use crate::cluster::Connection;
use crate::core::cluster::ContextInfo;
use crate::core::held::{HeldEvent, HeldId};
use crate::core::kind::{ClusterId, StreamKey};
use crate::core::logs::event::{LogEvent, LogOrder};
use crate::core::logs::source::LogId;
use crate::core::msg::{Msg, News};
use crate::core::problem::Problem;
use crate::core::shell::{Ending, ShellEvent, ShellId, ShellOrder};
use crate::core::stream::StreamEvent;
use crate::core::subs::Sub;
use std::collections::{HashMap, HashSet};
use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::runtime::Handle;
use tokio::sync::{Mutex, mpsc, watch};
use tokio::task::AbortHandle;

/// How long an unneeded stream goes on (ms): a glance elsewhere and back costs no new list.
const GRACE_MS: i64 = 10_000;

/// Orders to a reading that may wait.
const ORDERS: usize = 8;

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

/// Where a task puts what it has for the state.
enum Slot {
    Rows(StreamKey, mpsc::Receiver<StreamEvent>),
    Log(LogId, mpsc::Receiver<LogEvent>),
    /// Whether it is over: a session that breaks off without a word is told of.
    Shell(ShellId, mpsc::Receiver<ShellEvent>, bool),
    Held(HeldId, mpsc::UnboundedReceiver<HeldEvent>),
}

impl Slot {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Msg>> {
        match self {
            Self::Rows(key, slot) => slot.poll_recv(cx).map(|e| e.map(|event| Msg::Stream { key: key.clone(), event })),
            Self::Log(id, slot) => slot.poll_recv(cx).map(|e| e.map(|event| Msg::Log(*id, event))),
            Self::Held(id, slot) => slot.poll_recv(cx).map(|e| e.map(|event| Msg::Held(*id, event))),
            Self::Shell(_, _, true) => Poll::Pending,
            Self::Shell(id, slot, over) => slot.poll_recv(cx).map(|event| {
                *over = event.as_ref().is_none_or(|e| matches!(e, ShellEvent::Ended(..)));
                let fell = || ShellEvent::Ended(Ending::Lost("a fault in qd; its log says more".into()), None);
                Some(Msg::Shell(*id, event.unwrap_or_else(fell)))
            }),
        }
    }

    fn take(&mut self) -> Option<Msg> {
        match self {
            Self::Rows(key, slot) => slot.try_recv().ok().map(|event| Msg::Stream { key: key.clone(), event }),
            Self::Log(id, slot) => slot.try_recv().ok().map(|event| Msg::Log(*id, event)),
            Self::Held(id, slot) => slot.try_recv().ok().map(|event| Msg::Held(*id, event)),
            Self::Shell(id, slot, over) => slot.try_recv().ok().map(|event| {
                *over = matches!(event, ShellEvent::Ended(..));
                Msg::Shell(*id, event)
            }),
        }
    }
}

/// The way to a session. Never full: whoever types never waits, and types no more than a hand or a paste can.
struct Typed {
    to: mpsc::UnboundedSender<ShellOrder>,
    /// Until the session has begun.
    from: Option<mpsc::UnboundedReceiver<ShellOrder>>,
}

impl Default for Typed {
    fn default() -> Self {
        let (to, from) = mpsc::unbounded_channel();
        Self { to, from: Some(from) }
    }
}

/// What runs.
pub struct Hub {
    io: Handle,
    connect: Connect,
    control: mpsc::Sender<Msg>,
    clusters: HashMap<ClusterId, Connection>,
    tasks: HashMap<Sub, Task>,
    slots: Vec<(ClusterId, Slot)>,
    orders: HashMap<LogId, mpsc::Sender<LogOrder>>,
    typed: HashMap<ShellId, Typed>,
    /// Which nodes are in sight of each cluster, for those who measure.
    sights: HashMap<ClusterId, watch::Sender<Vec<Arc<str>>>>,
    turn: usize,
    clock: fn() -> i64,
}

impl Hub {
    /// A hub that runs its tasks on `io`; their reports come through `control` and its slots.
    /// `clock` gives Unix milliseconds.
    #[must_use]
    pub fn new(io: Handle, connect: Connect, control: mpsc::Sender<Msg>, clock: fn() -> i64) -> Self {
        Self {
            io,
            connect,
            control,
            clock,
            clusters: HashMap::new(),
            tasks: HashMap::new(),
            slots: Vec::new(),
            orders: HashMap::new(),
            typed: HashMap::new(),
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
        self.tasks.retain(|sub, _| cluster_of(sub) != Some(id));
        self.slots.retain(|(cluster, _)| *cluster != id);
    }

    /// Logs in to a cluster with the next request, asking the user if need be.
    pub fn login(&self, id: ClusterId) {
        if let Some(connection) = self.clusters.get(&id).cloned() {
            self.io.spawn(async move { connection.login().await });
        }
    }

    /// Starts a stream anew; its rows stay until the new list is complete.
    pub fn restart(&mut self, key: &StreamKey) {
        self.tasks.remove(&Sub::Stream(key.clone()));
        self.drop_rows(key);
    }

    fn drop_rows(&mut self, key: &StreamKey) {
        self.slots.retain(|(_, slot)| !matches!(slot, Slot::Rows(k, _) if k == key));
    }

    /// Asks something of a reading. One that is not running has nothing to answer.
    pub fn order(&self, log: LogId, order: LogOrder) {
        if let Some(orders) = self.orders.get(&log) {
            // A reading that has so many orders waiting does what they ask anyway.
            let _ = orders.try_send(order);
        }
    }

    /// Sends something to a session, now or once it has begun.
    pub fn shell(&mut self, id: ShellId, order: ShellOrder) {
        // One that is over has nobody to take it.
        let _ = self.typed.entry(id).or_default().to.send(order);
    }

    /// Makes what runs fit what is needed. Returns what was stopped, for the state to forget.
    pub fn reconcile(&mut self, needs: HashSet<Sub>, now: i64) -> Vec<Msg> {
        for (sub, task) in &mut self.tasks {
            task.unneeded = if needs.contains(sub) { None } else { task.unneeded.or(Some(now)) };
        }
        let late = |(sub, t): &(&Sub, &Task)| t.unneeded.is_some_and(|since| now - since >= grace(sub));
        let stopped: Vec<Sub> = self.tasks.iter().filter(late).map(|(s, _)| s.clone()).collect();
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
                self.drop_rows(&key);
                Some(Msg::Stopped(key))
            }
            Sub::Log(wish) => {
                self.orders.remove(&wish.id);
                self.slots.retain(|(_, slot)| !matches!(slot, Slot::Log(id, _) if *id == wish.id));
                Some(Msg::LogStopped(wish.id))
            }
            Sub::Shell(wish) => {
                self.typed.remove(&wish.id);
                self.slots.retain(|(_, slot)| !matches!(slot, Slot::Shell(id, ..) if *id == wish.id));
                None
            }
            Sub::Held(held, _) => {
                self.slots.retain(|(_, slot)| !matches!(slot, Slot::Held(id, _) if *id == held));
                None
            }
            Sub::Object(object) => Some(Msg::Unwatched(object)),
            Sub::Cluster(_) | Sub::Usage(..) | Sub::Vitals | Sub::Traffic(_) => None,
        }
    }

    fn start(&mut self, sub: Sub) {
        let (inbox, clock) = (self.control.clone(), self.clock);
        let out = inbox.clone();
        let Some(of) = cluster_of(&sub) else {
            let abort = self.spawn("the measuring of memory".into(), move || tasks::vitals(out.clone()));
            self.tasks.insert(sub, Task { abort, unneeded: None });
            return;
        };
        let Some(connection) = self.clusters.get(&of).cloned() else { return };
        let abort = match sub.clone() {
            Sub::Vitals => return,
            Sub::Traffic(id) => self.spawn("the counting of traffic".into(), move || {
                tasks::traffic(connection.clone(), id, out.clone(), clock)
            }),
            Sub::Cluster(id) => self.spawn("the heartbeat of the cluster".into(), move || {
                tasks::cluster(connection.clone(), id, out.clone(), clock)
            }),
            Sub::Stream(key) => {
                let (out, slot) = mpsc::channel(1);
                self.slots.push((key.cluster, Slot::Rows(key.clone(), slot)));
                let (what, broken) = (format!("the stream of {}", key.kind.plural), out.clone());
                let task = move || tasks::stream(connection.clone(), key.clone(), out.clone(), clock);
                let fell = move || tasks::fell(broken.clone(), clock);
                self.io.spawn(watched::run(what, inbox, task, fell)).abort_handle()
            }
            Sub::Log(wish) => {
                let (out, slot) = mpsc::channel(1);
                let (orders, asked) = mpsc::channel(ORDERS);
                self.slots.push((wish.cluster, Slot::Log(wish.id, slot)));
                self.orders.insert(wish.id, orders);
                let (asked, broken) = (Arc::new(Mutex::new(asked)), out.clone());
                let task = move || tasks::log(connection.clone(), wish.clone(), out.clone(), asked.clone(), clock);
                let fell = move || tasks::log_fell(broken.clone());
                self.io.spawn(watched::run("the reading of a log".into(), inbox, task, fell)).abort_handle()
            }
            Sub::Shell(wish) => {
                let (out, slot) = mpsc::channel(1);
                let typed = self.typed.entry(wish.id).or_default();
                let Some(orders) = typed.from.take() else { return };
                self.slots.push((wish.cluster(), Slot::Shell(wish.id, slot, false)));
                self.io.spawn(tasks::shell(connection, wish, out, orders)).abort_handle()
            }
            Sub::Held(id, work) => {
                let (out, slot) = mpsc::unbounded_channel();
                self.slots.push((of, Slot::Held(id, slot)));
                self.io.spawn(tasks::held(connection, work, out)).abort_handle()
            }
            Sub::Object(object) => self.spawn(format!("the watch of {}", object.name), move || {
                tasks::object(connection.clone(), object.clone(), out.clone())
            }),
            Sub::Usage(id, namespaces) => {
                let sight = self.sights.entry(id).or_default().subscribe();
                self.spawn("the reading of usage".into(), move || {
                    tasks::usage(connection.clone(), id, namespaces.clone(), sight.clone(), out.clone())
                })
            }
        };
        self.tasks.insert(sub, Task { abort, unneeded: None });
    }

    fn spawn<Task>(&self, what: String, task: impl FnMut() -> Task + Send + 'static) -> AbortHandle
    where
        Task: Future<Output = ()> + Send + 'static,
    {
        self.io.spawn(watched::run(what, self.control.clone(), task, || std::future::ready(()))).abort_handle()
    }

    /// The next report of any stream, in turn.
    pub async fn next(&mut self) -> Msg {
        poll_fn(|cx| self.poll(cx)).await
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Msg> {
        let n = self.slots.len();
        for step in 0..n {
            let at = (self.turn + step) % n;
            if let Poll::Ready(Some(msg)) = self.slots[at].1.poll(cx) {
                self.turn = at + 1;
                return Poll::Ready(msg);
            }
        }
        Poll::Pending
    }

    /// A report that is there already, if any.
    pub fn try_next(&mut self) -> Option<Msg> {
        let n = self.slots.len();
        for step in 0..n {
            let at = (self.turn + step) % n;
            if let Some(msg) = self.slots[at].1.take() {
                self.turn = at + 1;
                return Some(msg);
            }
        }
        None
    }
}

/// How long something unneeded goes on: a log that nobody has any more ends at once.
fn grace(sub: &Sub) -> i64 {
    if matches!(sub, Sub::Log(_) | Sub::Shell(_) | Sub::Held(..)) { 0 } else { GRACE_MS }
}

/// The cluster a need is of, if it is of one.
fn cluster_of(sub: &Sub) -> Option<ClusterId> {
    match sub {
        Sub::Vitals => None,
        Sub::Cluster(id) | Sub::Usage(id, _) | Sub::Traffic(id) => Some(*id),
        Sub::Stream(key) => Some(key.cluster),
        Sub::Object(object) => Some(object.cluster),
        Sub::Log(wish) => Some(wish.cluster),
        Sub::Shell(wish) => Some(wish.cluster()),
        Sub::Held(_, work) => Some(work.cluster()),
    }
}
