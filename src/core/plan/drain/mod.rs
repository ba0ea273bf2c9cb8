//! Planning a drain: what becomes of each pod, what the budgets say to all of them
//! together, where they may go, and what is lost.

mod options;
mod reads;

#[cfg(test)]
mod tests;

pub use options::{Options, form};
pub use reads::reads;

use super::budgets::{Tally, Word};
use super::draft::{Draft, those};
use super::find;
use super::fits::{Place, fits};
use super::kubectl::Line;
use crate::core::act::{Asked, Class, Facts, Plan, Seed, calls};
use crate::core::facts::{Budget, Node, Pod, Workload};
use crate::core::job::drain::{Controller, Daemon, Drain, NodePlan, Plan as DrainPlan, PodPlan, Verdict, judge};
use crate::core::job::{Machine, Step};
use crate::core::kind::{Kind, ObjectRef};
use crate::core::role::Role;
use crate::core::value::human_duration;
use std::collections::BTreeMap;
use std::sync::Arc;

/// All pods of the nodes, as far as they were read.
#[must_use]
pub fn pods(asked: &Asked, facts: &Facts) -> Vec<Pod> {
    let of = |t: &ObjectRef| find::listed(facts, "pods", None, &find::on(&t.name));
    asked
        .targets
        .iter()
        .filter_map(of)
        .filter_map(Result::ok)
        .flat_map(|(_, items)| items.iter().map(Pod::of))
        .collect()
}

/// The plan. `cordon` makes the step that cordons a node.
#[must_use]
pub fn plan(asked: &Asked, facts: &Facts, cordon: impl Fn(&ObjectRef) -> Step) -> Plan {
    let mut draft = Draft::new(asked, Class::Disruptive);
    let options = match Options::of(&asked.values) {
        Ok(options) => options,
        Err(why) => {
            draft.block("", why);
            return draft.finish(format!("drain {}", those(&asked.targets)));
        }
    };
    let line = asked.targets.iter().fold(Line::new(&asked.place).word("drain"), |l, t| l.word(&t.name));
    let kubectl = options.flags(line).done();
    draft.plan.kubectl.push(kubectl.clone());
    let mut work = Work {
        asked,
        facts,
        options: &options,
        draft,
        nodes: Vec::new(),
        pods: Vec::new(),
        controllers: Vec::new(),
        kind: None,
        counts: [0; 3],
    };
    work.all(cordon);
    let Work { mut draft, nodes, pods, controllers, kind, counts, .. } = work;
    let [evict, keep, _] = counts;
    draft.plan.title = format!("drain {}: evict {evict}, keep {keep}", those(&asked.targets));
    draft.plan.count = nodes.len();
    let eviction = (!options.disable_eviction).then(|| version(facts));
    let going = pods.iter().filter(|(_, p)| p.verdict == Verdict::Evict).map(|(_, p)| &p.object);
    let trial = going.map(|o| match &eviction {
        Some(v) => (o.clone(), calls::dry(&calls::evict(o, v, options.grace))),
        None => (o.clone(), calls::dry(&calls::delete(o, options.grace, None))),
    });
    let cordons =
        nodes.iter().filter_map(|n: &NodePlan| Some((n.object.clone(), calls::dry(&n.cordon.as_ref()?.call))));
    draft.plan.trial = cordons.chain(trial).collect();
    let Some(kind) = kind.filter(|_| draft.plan.blockers.is_empty() && !nodes.is_empty()) else { return draft.plan };
    let title = format!("drain {}", those(&asked.targets));
    draft.plan.seed = Some(Seed::Job(Box::new(Machine::Drain(Box::new(Drain::new(DrainPlan {
        title,
        kubectl,
        kind,
        rules: options.rules.clone(),
        selector: options.selector.clone(),
        eviction,
        grace: options.grace,
        timeout: options.timeout,
        chunk: options.chunk,
        parallel: options.parallel,
        stop_on_error: options.stop_on_error,
        nodes,
        pods,
        controllers,
    }))))));
    draft.plan
}

/// The version of `policy` the server has: that of its budgets.
fn version(facts: &Facts) -> Arc<str> {
    match find::listed(facts, "poddisruptionbudgets.policy", None, "") {
        Some(Ok((kind, _))) => kind.version.clone(),
        _ => "v1".into(),
    }
}

/// A plan being made.
struct Work<'a> {
    asked: &'a Asked,
    facts: &'a Facts,
    options: &'a Options,
    draft: Draft,
    nodes: Vec<NodePlan>,
    pods: Vec<(usize, PodPlan)>,
    controllers: Vec<Controller>,
    kind: Option<Arc<Kind>>,
    /// Pods that go, stay, stand in the way.
    counts: [usize; 3],
}

impl Work<'_> {
    fn all(&mut self, cordon: impl Fn(&ObjectRef) -> Step) {
        let budgets = self.budgets();
        let mut places = self.places();
        if self.options.disable_eviction {
            self.draft.at_least(Class::Irreversible);
            self.draft.warn("disruption budgets are not asked: pods are deleted, not evicted");
        }
        let mut tally = Tally::new(budgets);
        let mut ready = BTreeMap::<usize, i64>::new();
        for target in &self.asked.targets {
            let Some(object) = self.draft.target(self.facts, target) else { continue };
            let node = Node::of(object);
            self.node(target, &node, &cordon);
            let items = match find::listed(self.facts, "pods", None, &find::on(&target.name)) {
                Some(Ok((kind, items))) => {
                    self.kind = Some(kind.clone());
                    items
                }
                Some(Err(why)) => {
                    self.draft.block(
                        target.name.as_ref(),
                        format!("its pods cannot be listed, so nothing is known of them: {why}"),
                    );
                    continue;
                }
                None => {
                    self.draft.block(target.name.as_ref(), "its pods were not listed");
                    continue;
                }
            };
            for pod in items.iter().map(Pod::of).filter(|p| self.options.selector.matches(&p.meta.labels)) {
                self.pod(target, &node, &pod, &mut tally, &mut places, &mut ready);
            }
        }
        for (c, gone) in ready {
            let Controller { object, workload } = &self.controllers[c];
            if workload.ready > 0 && gone >= workload.ready {
                let which =
                    if gone == 1 { "the only ready pod goes".into() } else { format!("all {gone} ready pods go") };
                let line = format!("{} {}/{}: {which}", object.kind.kind, object.namespace, object.name);
                self.draft.plan.blast.push(line);
            }
        }
    }

    fn budgets(&mut self) -> Vec<Budget> {
        match find::listed(self.facts, "poddisruptionbudgets.policy", None, "") {
            Some(Ok((_, items))) => items.iter().map(Budget::of).collect(),
            Some(Err(why)) => {
                self.draft
                    .block("disruption budgets", format!("cannot be listed, so nobody knows what they protect: {why}"));
                Vec::new()
            }
            None => Vec::new(),
        }
    }

    fn places(&mut self) -> Option<Vec<Place>> {
        match find::listed(self.facts, "nodes", None, "") {
            Some(Ok(_)) => {}
            other => {
                let why = other.and_then(Result::err).map(|e| format!(": {e}")).unwrap_or_default();
                self.draft.plan.unknown.push(format!("whether the pods fit elsewhere: the nodes were not listed{why}"));
                return None;
            }
        }
        let mut places = Vec::new();
        for node in reads::places(self.asked, self.facts) {
            match find::listed(self.facts, "pods", None, &find::on(&node.meta.name)) {
                Some(Ok((_, items))) => places.push(Place::new(node, &items.iter().map(Pod::of).collect::<Vec<_>>())),
                _ => self.draft.plan.unknown.push(format!("the room on {}: its pods were not listed", node.meta.name)),
            }
        }
        Some(places)
    }

    fn node(&mut self, target: &ObjectRef, node: &Node, cordon: &impl Fn(&ObjectRef) -> Step) {
        let mut detail = String::new();
        if !node.ready {
            let since =
                node.since.map(|at| format!(" for {}", human_duration(self.asked.now - at))).unwrap_or_default();
            detail = format!("not ready{since}: {}", node.why);
            let name = &node.meta.name;
            self.draft.warn(format!(
                "{name} is not ready{since}: its pods stay Terminating until its kubelet answers. Skip them with \
                 skip-wait, delete one with no grace on the board (of a StatefulSet two may run then), or, only if \
                 the machine is surely off, set the taint node.kubernetes.io/out-of-service:NoExecute"
            ));
        }
        let ours = node.cordoned && self.asked.cordoned.iter().any(|n| n.as_str() == target.name.as_ref());
        let (verdict, step) = match (node.cordoned, ours) {
            (true, true) => ("cordoned by the run this resumes", None),
            (true, false) => ("cordoned already", None),
            (false, _) => ("cordon", Some(cordon(target))),
        };
        self.draft.item(target.name.as_ref(), verdict, detail.clone(), Role::RowBusy);
        self.nodes.push(NodePlan { object: target.clone(), cordon: step, ours, detail });
    }

    fn daemon(&self, pod: &Pod) -> Daemon {
        let Some(owner) = pod.meta.controller().filter(|o| o.kind == "DaemonSet") else { return Daemon::There };
        match find::read(self.facts, "DaemonSet", &pod.meta.namespace, &owner.name) {
            Some((_, Ok(_))) => Daemon::There,
            Some((_, Err(e))) if e.code == 404 => Daemon::Gone,
            Some((_, Err(e))) => Daemon::Unread(e.to_string()),
            None => Daemon::Unread("was not read".into()),
        }
    }

    fn controller(&mut self, pod: &Pod) -> Option<usize> {
        let owner = pod.meta.controller()?;
        let (object, found) = find::read(self.facts, &owner.kind, &pod.meta.namespace, &owner.name)?;
        if let Some(at) = self.controllers.iter().position(|c| c.object == *object) {
            return Some(at);
        }
        self.controllers.push(Controller { object: object.clone(), workload: Workload::of(found.ok()?) });
        Some(self.controllers.len() - 1)
    }

    fn pod(
        &mut self,
        target: &ObjectRef,
        node: &Node,
        pod: &Pod,
        tally: &mut Tally,
        places: &mut Option<Vec<Place>>,
        ready: &mut BTreeMap<usize, i64>,
    ) {
        let (verdict, warnings) = judge(&self.options.rules, pod, &self.daemon(pod), self.facts.at);
        let name = pod.subject();
        let mut about = Vec::new();
        let mut controller = None;
        if verdict == Verdict::Evict {
            controller = self.controller(pod);
            about.extend(controller.map(|c| health(&self.controllers[c])));
            if let Some(c) = controller.filter(|_| pod.ready) {
                *ready.entry(c).or_default() += 1;
            }
            if !self.options.disable_eviction {
                about.extend(self.asks(&name, tally.next(pod)));
            }
            if let Some(places) = places.as_mut().filter(|_| !pod.finished() && controller.is_some()) {
                let (words, nowhere) = fits(pod, places);
                if nowhere {
                    self.draft.warn(format!("{name} {words}"));
                }
                about.push(words);
            }
            if pod.meta.controller().is_none() && !pod.finished() {
                self.draft.at_least(Class::Irreversible);
            }
            if !node.ready && pod.meta.controller().is_some_and(|o| o.kind == "StatefulSet") {
                about.push("StatefulSet: not made anew elsewhere while this one is there".into());
            }
        }
        let (word, why, role, at) = match &verdict {
            Verdict::Evict if self.options.disable_eviction => ("delete", String::new(), Role::RowWarn, 0),
            Verdict::Evict => ("evict", String::new(), Role::RowWarn, 0),
            Verdict::Keep(why) => ("keep", why.clone(), Role::Dim, 1),
            Verdict::Block(why) => ("blocked", why.clone(), Role::RowBad, 2),
        };
        self.counts[at] += 1;
        if at == 2 {
            self.draft.block(name.clone(), why.clone());
        }
        for w in &warnings {
            self.draft.warn(format!("{name}: {w}"));
        }
        about.extend(warnings);
        if !why.is_empty() {
            about.insert(0, why);
        }
        let detail = about.join(" · ");
        self.draft.item(name, word, detail.clone(), role);
        let object = ObjectRef {
            cluster: target.cluster,
            kind: self.kind.clone().unwrap_or_else(|| target.kind.clone()),
            namespace: pod.meta.namespace.as_str().into(),
            name: pod.meta.name.as_str().into(),
            uid: Some(pod.meta.id()),
        };
        let grace = self.options.grace.unwrap_or(pod.grace);
        let plan = PodPlan { object, verdict, detail, controller, grace };
        self.pods.push((self.nodes.len() - 1, plan));
    }

    /// What the budgets say, as part of a pod's line.
    fn asks(&mut self, name: &str, word: Word) -> Option<String> {
        match word {
            Word::Free => None,
            Word::Goes(words) => Some(format!("budget {words}")),
            Word::Waits(words) => {
                self.draft.warn(format!("{name} has to wait: budget {words}"));
                Some(format!("has to wait: budget {words}"))
            }
            Word::Never(names) => {
                let words = format!("two budgets cover it ({names}), so the server will not evict it");
                self.draft.warn(format!("{name}: {words}"));
                Some(words)
            }
        }
    }
}

fn health(c: &Controller) -> String {
    format!("{} {} {}/{} ready", c.object.kind.kind, c.object.name, c.workload.ready, c.workload.wanted)
}
