//! What a list of a node's pods tells: who is gone, who is on the way, who came meanwhile.

use super::node::{LOOK_MS, Stage};
use super::pod::{Closing, Phase, Pod, PodPlan, Way};
use super::rules::{Daemon, Rules, Verdict, judge};
use super::{At, Drain};
use crate::core::act::{Call, Outcome, Refusal, Verb, calls};
use crate::core::facts::{Pod as Facts, list};
use crate::core::job::again::{self, Answer};
use crate::core::job::{CallId, Said, State, Tone};
use crate::core::kind::ObjectRef;
use crate::core::uid::Uid;

impl Drain {
    /// Takes a list of a node's pods.
    pub(super) fn looked(&mut self, now: i64, n: usize, id: CallId, outcome: &Outcome) {
        let look = &mut self.nodes[n].look;
        look.call = None;
        let closing = self.nodes[n].closing;
        match again::read(outcome, self.nodes[n].look.blind + 1) {
            Answer::Done => {}
            Answer::Later(ms) if closing.is_none() || self.nodes[n].look.blind < 2 => {
                let look = &mut self.nodes[n].look;
                look.blind += 1;
                look.due = now + if closing.is_some() { 1000 } else { ms };
                look.why = outcome.as_ref().err().map(Refusal::why).unwrap_or_default();
                return;
            }
            _ => return self.blind(n, outcome),
        }
        let look = &mut self.nodes[n].look;
        (look.blind, look.due) = (0, now + LOOK_MS);
        let items = outcome.as_ref().map(|r| list(&r.body)).unwrap_or_default();
        let there: Vec<_> = items.iter().map(Facts::of).collect();
        for pod in self.pods.iter_mut().filter(|p| p.node == n) {
            let name =
                |f: &&Facts| *f.meta.name == *pod.plan.object.name && *f.meta.namespace == *pod.plan.object.namespace;
            let meta = there.iter().find(name).map(|f| f.meta.clone());
            pod.seen(now, id, closing, meta.as_ref());
        }
        match self.nodes[n].stage {
            Stage::Listing if closing.is_none() => self.begin(now, n, &there),
            Stage::Checking => self.check(now, n, &there),
            _ => {}
        }
    }

    /// The pods of a node cannot be listed.
    fn blind(&mut self, n: usize, outcome: &Outcome) {
        let why = outcome.as_ref().err().map(Refusal::why).unwrap_or_default();
        for pod in self.pods.iter_mut().filter(|p| p.node == n) {
            pod.unknown(&why);
            if !pod.ended() && !matches!(pod.phase, Phase::Asking(_)) {
                pod.end(State::Failed, Tone::Bad, Said::because("cannot be followed", &why));
            }
        }
        let node = &mut self.nodes[n];
        let words = format!("{}; its pods cannot be listed", node.service());
        node.end(State::Failed, Tone::Bad, Said::because(words, why));
    }

    /// The first list of a node: those that came since the plan are judged by the same
    /// rules, and one that may not go stops it before anything is evicted.
    fn begin(&mut self, now: i64, n: usize, there: &[Facts]) {
        for pod in there.iter().filter(|f| self.plan.selector.matches(&f.meta.labels)) {
            if self.pods.iter().any(|p| p.plan.object.uid == Some(pod.meta.id())) {
                continue;
            }
            let (verdict, warnings) = judge(&self.plan.rules, pod, &Daemon::There, now);
            let plan = PodPlan {
                object: self.reference(pod, n),
                verdict,
                detail: std::iter::once("came after the plan".to_owned())
                    .chain(warnings)
                    .collect::<Vec<_>>()
                    .join(" · "),
                controller: None,
                grace: pod.grace,
            };
            let way = if self.plan.eviction.is_some() { Way::Evict } else { Way::Delete };
            self.order.push(At::Pod(self.pods.len()));
            self.pods.push(Pod::new(n, plan, way));
        }
        let gone: Vec<Uid> = there.iter().map(|f| f.meta.id()).collect();
        for pod in self.pods.iter_mut().filter(|p| p.node == n && p.phase == Phase::Waiting) {
            if !pod.plan.object.uid.is_some_and(|u| gone.contains(&u)) {
                pod.end(State::Done, Tone::Good, "was gone already");
            }
        }
        if self.pods.iter().any(|p| p.node == n && matches!(p.plan.verdict, Verdict::Block(_)) && p.is(State::Failed)) {
            self.pods.iter_mut().filter(|p| p.node == n).for_each(|p| p.close(Some(Closing::Cancel)));
            let node = &mut self.nodes[n];
            let words = format!("{}; nothing evicted, because of a pod that came meanwhile", node.service());
            return node.end(State::Failed, Tone::Bad, words);
        }
        let node = &mut self.nodes[n];
        node.deadline = (self.plan.timeout > 0).then(|| now + self.plan.timeout * 1000);
        node.stage = Stage::Emptying;
    }

    /// The last list of a node.
    fn check(&mut self, now: i64, n: usize, there: &[Facts]) {
        let stays = |f: &&Facts| {
            let daemon = if f.of_daemon_set() { Daemon::There } else { Daemon::Gone };
            let keeps =
                Rules { ignore_daemonsets: true, delete_emptydir: true, force: true, ..self.plan.rules.clone() };
            let skipped = self.pods.iter().any(|p| p.is(State::Kept) && p.plan.object.uid == Some(f.meta.id()));
            !skipped && self.plan.selector.matches(&f.meta.labels) && judge(&keeps, f, &daemon, now).0 == Verdict::Evict
        };
        let remaining: Vec<_> = there.iter().filter(stays).map(Facts::subject).collect();
        let undone = |p: &&Pod| p.node == n && (p.is(State::Failed) || p.is(State::Cancelled));
        let (failed, cut) = (
            self.pods.iter().filter(undone).filter(|p| p.is(State::Failed)).count(),
            self.pods.iter().any(|p| undone(&p)),
        );
        let totals = format!("{} of {}", self.count(n, State::Done), self.all(n));
        let node = &mut self.nodes[n];
        let service = node.service();
        match node.closing {
            Some(Closing::Cancel) if cut && failed == 0 => {
                node.end(State::Cancelled, Tone::Warn, format!("{service}; stopped at {totals} gone"));
            }
            Some(Closing::Timeout) => {
                node.end(State::Failed, Tone::Bad, format!("{service}; timed out at {totals} gone"));
            }
            _ if failed > 0 => node.end(State::Failed, Tone::Bad, format!("{service}; {totals} gone, {failed} failed")),
            _ if remaining.is_empty() => node.end(State::Done, Tone::Good, format!("drained; {totals} gone")),
            _ => {
                node.end(
                    State::Done,
                    Tone::Warn,
                    format!("drained; {totals} gone, {} came meanwhile", remaining.len()),
                );
            }
        }
        node.remaining = remaining;
    }

    fn count(&self, n: usize, state: State) -> usize {
        self.pods.iter().filter(|p| p.node == n && p.is(state)).count()
    }

    /// Pods of a node that are to go.
    fn all(&self, n: usize) -> usize {
        self.pods.iter().filter(|p| p.node == n && !p.is(State::Kept)).count()
    }

    fn reference(&self, pod: &Facts, n: usize) -> ObjectRef {
        ObjectRef {
            cluster: self.nodes[n].plan.object.cluster,
            kind: self.plan.kind.clone(),
            namespace: pod.meta.namespace.as_str().into(),
            name: pod.meta.name.as_str().into(),
            uid: Some(pod.meta.id()),
        }
    }

    pub(super) fn list(&self, n: usize) -> Call {
        let node = &self.nodes[n].plan.object;
        let fields = format!("spec.nodeName={}", node.name);
        Call {
            verb: Verb::List,
            kind: self.plan.kind.clone(),
            namespace: "".into(),
            name: "".into(),
            query: vec![("fieldSelector".into(), fields.into()), ("limit".into(), self.plan.chunk.to_string().into())],
            ..calls::get(node)
        }
    }
}
