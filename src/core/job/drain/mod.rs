//! The drain machine: nodes cordoned, some at a time, and their pods evicted, all of a
//! node at once, as kubectl does it. What kubectl leaves open is said: a node whose cordon
//! fails is left alone, a budget's refusal is told with its numbers, and whatever happens
//! ends in a state that has a name.
//!
//! How the pods fare is seen in lists of their node, one each two seconds, however many
//! they are: cheaper for the server than kubectl's read of each pod each second, and the
//! last list says what is still there.

mod board;
mod go;
mod health;
mod look;
mod node;
mod pod;
mod rules;

#[cfg(test)]
mod tests;

pub use health::Controller;
pub use node::NodePlan;
pub use pod::PodPlan;
pub use rules::{Daemon, Rules, Verdict, judge};

use super::{CallId, Event, Order, Override, State, Tone};
use crate::core::act::Outcome;
use crate::core::kind::Kind;
use crate::core::query::Selector;
use health::Health;
use node::{Node, Stage};
use pod::{Closing, Pod, Way};
use std::sync::Arc;

/// A drain as planned.
#[derive(Debug, Clone)]
pub struct Plan {
    /// `drain n-11`.
    pub title: String,
    /// The kubectl line.
    pub kubectl: String,
    /// Pods, as the server serves them.
    pub kind: Arc<Kind>,
    /// What becomes of pods that came since.
    pub rules: Rules,
    /// Which pods it is about.
    pub selector: Selector,
    /// The version of `policy` evictions are written in; `None` to delete.
    pub eviction: Option<Arc<str>>,
    /// Seconds of grace; `None` for each pod's own.
    pub grace: Option<i64>,
    /// Seconds a node may take; 0 for ever.
    pub timeout: i64,
    /// Pods in a page of a list.
    pub chunk: u32,
    /// Nodes at a time.
    pub parallel: usize,
    /// Whether no node begins after one has failed.
    pub stop_on_error: bool,
    /// The nodes, in their order.
    pub nodes: Vec<NodePlan>,
    /// Their pods, by the node's place; kept ones too.
    pub pods: Vec<(usize, PodPlan)>,
    /// Who manages them.
    pub controllers: Vec<Controller>,
}

/// A line of the board.
#[derive(Debug, Clone, Copy, PartialEq)]
enum At {
    Node(usize),
    Pod(usize),
}

/// A drain under way.
#[derive(Debug, Clone)]
pub struct Drain {
    plan: Plan,
    nodes: Vec<Node>,
    pods: Vec<Pod>,
    order: Vec<At>,
    health: Health,
    calls: u32,
    began: Option<i64>,
    ended: Option<i64>,
    cancelled: bool,
    warnings: Vec<String>,
}

impl Drain {
    /// Of a plan.
    #[must_use]
    pub fn new(mut plan: Plan) -> Self {
        let way = if plan.eviction.is_some() { Way::Evict } else { Way::Delete };
        let nodes: Vec<_> = plan.nodes.iter().cloned().map(Node::new).collect();
        let pods: Vec<_> = std::mem::take(&mut plan.pods).into_iter().map(|(n, p)| Pod::new(n, p, way)).collect();
        let of = |n| (0..pods.len()).filter(|i| pods[*i].node == n).map(At::Pod).collect::<Vec<_>>();
        let order = (0..nodes.len()).flat_map(|n| std::iter::once(At::Node(n)).chain(of(n))).collect();
        let health = Health::new(std::mem::take(&mut plan.controllers));
        Self {
            plan,
            nodes,
            pods,
            order,
            health,
            calls: 0,
            began: None,
            ended: None,
            cancelled: false,
            warnings: Vec::new(),
        }
    }

    /// See [`super::Machine::step`].
    pub fn step(&mut self, now: i64, event: Event) -> Vec<Order> {
        match event {
            Event::Start => {
                self.began.get_or_insert(now);
                self.health.begin(now);
            }
            Event::Tick | Event::Left(..) => {}
            Event::Answer(id, outcome) => self.answer(now, id, &outcome),
            Event::Cancel if self.ended.is_none() => self.cancel(now),
            Event::Cancel => {}
            Event::Override(at, what) => self.take(now, at, what),
            Event::NotJournalled(id) => self.unwritten(now, id),
        }
        self.go_on(now)
    }

    fn answer(&mut self, now: i64, id: CallId, outcome: &Outcome) {
        let next = CallId(self.calls);
        if self.health.answer(now, id, outcome) {
            return;
        }
        let warnings = outcome.as_ref().map_or_else(|e| &e.warnings, |r| &r.warnings);
        for w in warnings {
            if !self.warnings.iter().any(|x| x.as_str() == w.as_ref()) {
                self.warnings.push(w.to_string());
            }
        }
        if let Some(pod) = self.pods.iter_mut().find(|p| p.phase == pod::Phase::Asking(id)) {
            let closing = self.nodes[pod.node].closing;
            return pod.answer(now, next, closing, outcome, self.plan.grace);
        }
        let cancelled = self.cancelled;
        for i in 0..self.nodes.len() {
            if let Some(row) = self.nodes[i].cordon.as_mut().filter(|r| r.awaits(id)) {
                return row.answer(now, cancelled, outcome);
            }
            if self.nodes[i].look.call == Some(id) {
                return self.looked(now, i, id, outcome);
            }
        }
    }

    fn cancel(&mut self, now: i64) {
        self.cancelled = true;
        for node in &mut self.nodes {
            match node.stage {
                Stage::Waiting => node.end(State::Cancelled, Tone::Dim, "not begun"),
                Stage::Ended(..) => continue,
                _ => {}
            }
            node.closing = Some(Closing::Cancel);
            node.look.due = now;
            if let Some(row) = node.cordon.as_mut().filter(|_| node.stage == Stage::Cordoning) {
                row.cancel(now);
            }
        }
        for pod in &mut self.pods {
            pod.close(self.nodes[pod.node].closing.or(Some(Closing::Cancel)));
        }
    }

    fn take(&mut self, now: i64, at: usize, what: Override) {
        let Some(at) = self.order.get(at).copied().filter(|at| self.may(*at).contains(&what)) else { return };
        let n = match at {
            At::Node(n) => n,
            At::Pod(i) => self.pods[i].node,
        };
        if let At::Pod(i) = at {
            self.pods[i].take(what);
        }
        if what == Override::Skip {
            return;
        }
        self.ended = None;
        if self.nodes[n].active() {
            return;
        }
        // Everything of a node that is tried again follows the same way from its beginning.
        if let At::Node(_) = at {
            let failed = |p: &&mut Pod| p.node == n && (p.is(State::Failed) || p.is(State::Cancelled));
            let again = |p: &&mut Pod| p.plan.verdict == Verdict::Evict;
            self.pods.iter_mut().filter(failed).filter(again).for_each(|p| p.take(Override::Retry));
        }
        let node = &mut self.nodes[n];
        (node.closing, node.deadline) = (None, None);
        node.stage = Stage::Waiting;
        if let Some(row) = node.cordon.as_mut().filter(|r| !r.is(State::Done)) {
            row.retry(now);
        }
    }

    /// Nothing may be sent that is not written down: the node ends here.
    fn unwritten(&mut self, now: i64, id: CallId) {
        let why = "not sent: the journal could not be written";
        for i in 0..self.nodes.len() {
            let mine = self.pods.iter().any(|p| p.node == i && p.phase == pod::Phase::Asking(id));
            if let Some(row) = self.nodes[i].cordon.as_mut().filter(|r| r.awaits(id)) {
                return row.end(State::Failed, Tone::Bad, why);
            }
            if mine {
                self.nodes[i].closing.get_or_insert(Closing::Cancel);
                self.nodes[i].look.due = now;
            }
        }
        for pod in &mut self.pods {
            if pod.phase == pod::Phase::Asking(id) {
                pod.end(State::Failed, Tone::Bad, why);
            }
            pod.close(self.nodes[pod.node].closing);
        }
    }

    fn next(&mut self) -> CallId {
        self.calls += 1;
        CallId(self.calls - 1)
    }
}
