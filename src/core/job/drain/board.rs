//! A drain as its board shows it.

use super::node::Stage;
use super::pod::{Phase, Pod};
use super::{At, Drain};
use crate::core::job::again;
use crate::core::job::{Board, BoardRow, Offer, Override, Said, State, Tone};
use std::fmt::Write as _;

impl Drain {
    /// See [`crate::core::job::Machine::board`].
    #[must_use]
    pub fn board(&self, now: i64) -> Board {
        let rows: Vec<_> = self.order.iter().map(|at| self.row(*at, now)).collect();
        let cordoned: Vec<_> = self.nodes.iter().filter(|n| n.cordoned()).map(|n| n.plan.object.clone()).collect();
        let state = self.state();
        let mut left = Vec::new();
        if state != State::Done {
            left.extend(self.nodes.iter().map(|n| format!("node {}: {}", n.plan.object.name, self.left(n))));
        }
        if self.ended.is_some() {
            let undone = rows.iter().filter(|r| matches!(r.state, State::Failed | State::Cancelled));
            let pods = undone.filter(|r| self.nodes.iter().all(|n| n.plan.object.name.as_ref() != r.subject));
            left.extend(pods.map(BoardRow::line));
        }
        for node in self.nodes.iter().filter(|n| !n.remaining.is_empty()) {
            left.push(format!("node {} has still: {}", node.plan.object.name, node.remaining.join(", ")));
        }
        let names: Vec<_> = cordoned.iter().map(|o| o.name.to_string()).collect();
        let over = self.ended.is_some() && state != State::Done && !cordoned.is_empty();
        let offer =
            || Offer { action: "uncordon", title: format!("uncordon {}", names.join(", ")), targets: cordoned.clone() };
        Board {
            title: self.plan.title.clone(),
            state,
            totals: self.totals(),
            began: self.began,
            ended: self.ended,
            left,
            offers: if over { vec![offer()] } else { Vec::new() },
            cordoned: names,
            rows,
            warnings: self.warnings.clone(),
            kubectl: self.plan.kubectl.clone(),
        }
    }

    fn left(&self, node: &super::node::Node) -> String {
        let at = self.nodes.iter().position(|n| n.plan.object == node.plan.object);
        let of = |s: State| self.pods.iter().filter(|p| Some(p.node) == at && p.is(s)).count();
        let counted = self.pods.iter().filter(|p| Some(p.node) == at).count() - of(State::Kept);
        match node.stage {
            Stage::Waiting | Stage::Cordoning => node.service().to_owned(),
            _ => format!("{}, {} of {counted} pods gone", node.service(), of(State::Done)),
        }
    }

    fn totals(&self) -> String {
        let of = |f: &dyn Fn(&Pod) -> bool| self.pods.iter().filter(|p| f(p)).count();
        let kept = of(&|p| p.is(State::Kept));
        let mut totals = format!("{} of {} gone", of(&|p| p.is(State::Done)), self.pods.len() - kept);
        let refused = of(&|p| matches!(p.phase, Phase::Refused { .. }));
        let going = of(&|p| matches!(p.phase, Phase::Terminating { .. }));
        let (failed, cancelled) = (of(&|p| p.is(State::Failed)), of(&|p| p.is(State::Cancelled)));
        let words = ["refused", "terminating", "failed", "not done", "kept"];
        for (n, word) in [refused, going, failed, cancelled, kept].into_iter().zip(words) {
            if n > 0 {
                let _ = write!(totals, " · {n} {word}");
            }
        }
        totals
    }

    fn state(&self) -> State {
        match (self.began, self.ended) {
            (None, None) => State::Waiting,
            (_, None) if self.cancelled => State::Stopping,
            (_, None) => State::Running,
            _ if self.nodes.iter().any(|n| n.is(State::Failed)) => State::Failed,
            _ if self.nodes.iter().any(|n| n.is(State::Cancelled)) => State::Cancelled,
            _ => State::Done,
        }
    }

    fn row(&self, at: At, now: i64) -> BoardRow {
        let may = self.may(at);
        match at {
            At::Node(i) => {
                let node = &self.nodes[i];
                let (state, tone, said) = self.stage(i, now);
                let object = node.plan.object.clone();
                let detail = node.plan.detail.clone();
                BoardRow { subject: object.name.to_string(), state, said, detail, tone, may, object: Some(object) }
            }
            At::Pod(i) => {
                let pod = &self.pods[i];
                let (state, tone, said) = pod.told(now);
                let object = pod.plan.object.clone();
                let health = pod.plan.controller.filter(|_| !pod.is(State::Kept)).map(|c| self.health.words(c));
                let parts = [health.unwrap_or_default(), pod.plan.detail.clone()];
                let detail = parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(" · ");
                let subject = format!("{}/{}", object.namespace, object.name);
                BoardRow { subject, state, said, detail, tone, may, object: Some(object) }
            }
        }
    }

    fn stage(&self, i: usize, now: i64) -> (State, Tone, Said) {
        let node = &self.nodes[i];
        let blind = |words: String| match node.look.blind {
            0 => (Tone::Busy, words.into()),
            _ => (Tone::Warn, Said::because(format!("{words}; its pods cannot be listed now"), &node.look.why)),
        };
        let (tone, said) = match &node.stage {
            Stage::Waiting => return (State::Waiting, Tone::Dim, "waiting".into()),
            Stage::Ended(state, tone, said) => return (*state, *tone, said.clone()),
            Stage::Cordoning => {
                let said = node.cordon.as_ref().map(|r| r.told(now).2).unwrap_or_default();
                (Tone::Busy, Said::because("cordoning", said.to_string()))
            }
            Stage::Listing => blind(format!("{}; listing its pods", node.service())),
            Stage::Emptying => blind(format!("{}; {}", node.service(), self.time(i, now))),
            Stage::Checking => blind("listing its pods once more".into()),
        };
        let state = if node.closing.is_some() { State::Stopping } else { State::Running };
        (state, tone, said)
    }

    /// How far a node is, and how much time it has.
    fn time(&self, i: usize, now: i64) -> String {
        let of = |s: State| self.pods.iter().filter(|p| p.node == i && p.is(s)).count();
        let all = self.pods.iter().filter(|p| p.node == i).count() - of(State::Kept);
        let limit = self.nodes[i].deadline.map(|at| format!(", {} s left", again::seconds(now, at)));
        format!("{} of {all} gone{}", of(State::Done), limit.unwrap_or_default())
    }

    pub(super) fn may(&self, at: At) -> Vec<Override> {
        if self.cancelled || self.began.is_none() {
            return Vec::new();
        }
        match at {
            At::Node(i) if self.nodes[i].is(State::Failed) || self.nodes[i].is(State::Cancelled) => {
                vec![Override::Retry]
            }
            At::Node(_) => Vec::new(),
            At::Pod(i) => self.pods[i].may(self.plan.eviction.is_some()),
        }
    }
}
