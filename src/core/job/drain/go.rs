//! What is due next.

use super::Drain;
use super::node::Stage;
use super::pod::{Closing, Pod};
use crate::core::job::{CallId, Order, State, Tone};

impl Drain {
    /// Sends what is due; says so when nothing is left.
    pub(super) fn go_on(&mut self, now: i64) -> Vec<Order> {
        let mut orders = Vec::new();
        if self.began.is_none() {
            if self.cancelled {
                (self.began, self.ended) = (Some(now), Some(now));
                orders.push(Order::Done);
            }
            return orders;
        }
        if self.ended.is_some() {
            return orders;
        }
        for n in 0..self.nodes.len() {
            self.node(now, n, &mut orders);
        }
        self.begin_nodes(now, &mut orders);
        if self.nodes.iter().all(|n| matches!(n.stage, Stage::Ended(..))) {
            self.ended = Some(now);
            orders.push(Order::Done);
        } else if !self.cancelled {
            self.look_after(now, &mut orders);
        }
        orders
    }

    fn begin_nodes(&mut self, now: i64, orders: &mut Vec<Order>) {
        let failed = self.nodes.iter().find(|n| n.is(State::Failed)).map(|n| n.plan.object.name.clone());
        for n in 0..self.nodes.len() {
            if self.nodes[n].stage != Stage::Waiting {
                continue;
            }
            if let Some(name) = failed.as_ref().filter(|_| self.plan.stop_on_error) {
                self.nodes[n].end(State::Cancelled, Tone::Dim, format!("not begun, because {name} failed"));
                self.pods.iter_mut().filter(|p| p.node == n).for_each(|p| p.close(Some(Closing::Cancel)));
                continue;
            }
            if self.nodes.iter().filter(|n| n.active()).count() >= self.plan.parallel.max(1) {
                break;
            }
            let node = &mut self.nodes[n];
            let cordoned = node.cordon.as_ref().is_none_or(|r| r.is(State::Done));
            node.stage = if cordoned { Stage::Listing } else { Stage::Cordoning };
            node.look.due = now;
            self.node(now, n, orders);
        }
    }

    /// What is due for one node.
    fn node(&mut self, now: i64, n: usize, orders: &mut Vec<Order>) {
        if !self.nodes[n].active() {
            return;
        }
        let id = CallId(self.calls);
        let cancelled = self.cancelled;
        if self.nodes[n].stage == Stage::Cordoning {
            if let Some(row) = self.nodes[n].cordon.as_mut()
                && let Some(call) = row.due(now, cancelled, id)
            {
                let record = (!call.verb.reads()).then(|| row.step.record.clone());
                orders.push(Order::Call(id, Box::new(call), record));
                self.calls += 1;
            }
            if !self.nodes[n].after_cordon(now) {
                return;
            }
            if !self.nodes[n].active() {
                self.pods.iter_mut().filter(|p| p.node == n).for_each(|p| p.close(Some(Closing::Cancel)));
                return;
            }
        }
        if self.nodes[n].closing.is_none() && self.nodes[n].deadline.is_some_and(|at| now >= at) {
            self.nodes[n].closing = Some(Closing::Timeout);
            self.pods.iter_mut().filter(|p| p.node == n).for_each(|p| p.close(Some(Closing::Timeout)));
        }
        if matches!(self.nodes[n].stage, Stage::Listing | Stage::Emptying) {
            if self.nodes[n].stage == Stage::Emptying && self.nodes[n].closing.is_none() {
                self.evict(now, n, orders);
            }
            let ended = self.pods.iter().filter(|p| p.node == n).all(Pod::ended);
            if ended && (self.nodes[n].stage == Stage::Emptying || self.nodes[n].closing.is_some()) {
                // A list on its way may be older than the last pod's end.
                self.nodes[n].stage = Stage::Checking;
                (self.nodes[n].look.call, self.nodes[n].look.due) = (None, now);
            }
        }
        self.look(now, n, orders);
    }

    fn evict(&mut self, now: i64, n: usize, orders: &mut Vec<Order>) {
        for i in 0..self.pods.len() {
            let id = CallId(self.calls);
            let pod = &mut self.pods[i];
            if pod.node != n {
                continue;
            }
            let version = self.plan.eviction.as_deref();
            if let Some((call, record)) = pod.due(now, id, version, self.plan.grace, &self.plan.kubectl) {
                self.calls += 1;
                orders.push(Order::Call(id, Box::new(call), Some(record)));
            }
        }
    }

    /// Lists a node's pods, if somebody waits for what the list says.
    fn look(&mut self, now: i64, n: usize, orders: &mut Vec<Order>) {
        let wanted = match self.nodes[n].stage {
            Stage::Listing | Stage::Checking => true,
            Stage::Emptying => self.pods.iter().any(|p| p.node == n && p.watched()),
            _ => false,
        };
        if !wanted || self.nodes[n].look.call.is_some() || self.nodes[n].look.due > now {
            return;
        }
        let call = self.list(n);
        let id = self.next();
        self.nodes[n].look.call = Some(id);
        orders.push(Order::Call(id, Box::new(call), None));
    }

    fn look_after(&mut self, now: i64, orders: &mut Vec<Order>) {
        let active: Vec<_> = self.pods.iter().filter(|p| self.nodes[p.node].active()).collect();
        let matters = |c: usize| active.iter().any(|p| p.plan.controller == Some(c) && !p.is(State::Kept));
        let calls = &mut self.calls;
        let id = || {
            *calls += 1;
            CallId(*calls - 1)
        };
        let due = self.health.due(now, &self.plan.kind, matters, id);
        orders.extend(due.into_iter().map(|(id, call)| Order::Call(id, Box::new(call), None)));
    }
}
