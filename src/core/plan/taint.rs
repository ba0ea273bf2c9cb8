//! Changing taints: kubectl's rules, and what follows for the pods.

use super::draft::{Draft, those};
use super::find;
use super::kubectl::Line;
use super::words;
use crate::core::act::{Asked, Class, Facts, Patch, Plan, calls};
use crate::core::facts::{Node, Pod, Taint, list, text, tolerated};
use crate::core::job::{Proof, Record, Step};
use crate::core::kind::ObjectRef;
use crate::core::role::Role;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const EFFECTS: [&str; 3] = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

/// Reads `key=value:Effect` or `key:Effect`.
///
/// # Errors
/// What is wrong with it.
pub fn parse(line: &str) -> Result<Taint, String> {
    let Some((rest, effect)) = line.trim().rsplit_once(':') else {
        return Err(format!("{line}: write key=value:Effect, with one of {}", EFFECTS.join(", ")));
    };
    if !EFFECTS.contains(&effect) {
        return Err(format!("{effect}: the effect is one of {}", EFFECTS.join(", ")));
    }
    let (key, value) = rest.split_once('=').unwrap_or((rest, ""));
    words::key(key)?;
    words::value(value)?;
    Ok(Taint { key: key.into(), value: value.into(), effect: effect.into() })
}

/// Reads several; no two may have one key and effect.
///
/// # Errors
/// What is wrong with one of them.
pub fn parse_all(lines: &[String]) -> Result<Vec<Taint>, String> {
    let mut all: Vec<Taint> = Vec::new();
    for line in lines.iter().filter(|l| !l.trim().is_empty()) {
        let taint = parse(line)?;
        if all.iter().any(|t| t.same_place(&taint)) {
            return Err(format!("{}:{} stands twice", taint.key, taint.effect));
        }
        all.push(taint);
    }
    Ok(all)
}

/// The taints that all of the nodes have.
#[must_use]
pub fn common(asked: &Asked, facts: &Facts) -> Vec<Taint> {
    let mut each = asked.targets.iter().filter_map(|t| facts.object(t)).map(|o| Node::of(o).taints);
    let first = each.next().unwrap_or_default();
    each.fold(first, |common, own| common.into_iter().filter(|t| own.contains(t)).collect())
}

/// What is to change.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// Set on each node.
    pub add: Vec<Taint>,
    /// Taken off each.
    pub remove: Vec<Taint>,
    /// Whether a taint of that key and effect with another value is replaced.
    pub overwrite: bool,
}

impl Change {
    /// From the taints that were there to those that shall be.
    #[must_use]
    pub fn between(was: &[Taint], wanted: &[Taint], overwrite: bool) -> Self {
        let add = wanted.iter().filter(|t| !was.contains(t)).cloned().collect();
        let gone = |t: &&Taint| !wanted.iter().any(|w| w.same_place(t));
        Self { add, remove: was.iter().filter(gone).cloned().collect(), overwrite }
    }

    fn flags(&self, line: Line, overwrite: bool) -> String {
        let line = self.add.iter().fold(line, |l, t| l.word(&t.to_string()));
        let line = self.remove.iter().fold(line, |l, t| l.word(&format!("{}:{}-", t.key, t.effect)));
        line.switch(overwrite, "overwrite").done()
    }
}

/// The plan of a change.
#[must_use]
pub fn plan(asked: &Asked, facts: &Facts, change: &Change) -> Plan {
    let mut draft = Draft::new(asked, Class::Reversible);
    let shared = common(asked, facts);
    for t in change.remove.iter().filter_map(|t| Some((t, t.keeper()?))) {
        draft.warn(format!("{} will come back: {} sets it", t.0, t.1));
        draft.reverts([t.1.to_owned()]);
    }
    let mut touched = Vec::new();
    let mut replaced = false;
    for target in &asked.targets {
        let Some(object) = draft.target(facts, target) else { continue };
        let node = Node::of(object);
        let clash = |t: &Taint| node.taints.iter().find(|h| h.same_place(t) && h.value != t.value).cloned();
        let mut blocked = false;
        let mut done = Vec::new();
        for t in &change.add {
            match clash(t) {
                Some(has) if !change.overwrite && !shared.contains(&has) => {
                    draft.block(target.name.as_ref(), format!("has {has} already; `overwrite` replaces it"));
                    blocked = true;
                }
                Some(has) => {
                    replaced = true;
                    done.push(format!("{has} -> {t}"));
                }
                None if node.taints.contains(t) => {}
                None => done.push(format!("add {t}")),
            }
        }
        done.extend(change.remove.iter().filter(|t| node.taints.contains(t)).map(|t| format!("remove {t}")));
        if blocked {
            continue;
        }
        if done.is_empty() {
            draft.item(target.name.as_ref(), "as it is", "", Role::Dim);
            continue;
        }
        draft.item(target.name.as_ref(), done.join(", "), "", Role::RowBusy);
        evicts(&mut draft, facts, &node, &change.add);
        touched.push((target, object, node, done.join(", ")));
    }
    for (target, object, node, done) in &touched {
        let line = Line::new(&asked.place).words("taint nodes").word(&target.name);
        draft.plan.kubectl.push(change.flags(line, replaced));
        draft.step(step(target, object, node, change, done, draft.plan.kubectl.last().cloned().unwrap_or_default()));
    }
    if !change.remove.is_empty() && !draft.is_idle() {
        unblocks(&mut draft, facts, &touched.iter().map(|(_, _, n, _)| n).collect::<Vec<_>>(), change);
    }
    draft.finish(format!("taint {}", those(&asked.targets)))
}

/// The whole list is sent, new ones first as kubectl has it, and only if the node is
/// still what it was: two operators cannot overwrite each other unseen.
fn step(target: &ObjectRef, object: &Value, node: &Node, change: &Change, done: &str, kubectl: String) -> Step {
    let new = change.add.iter().filter(|t| !node.taints.contains(t)).map(Taint::json);
    let stays = |v: &&Value| {
        let place = |t: &Taint| text(&v["key"]) == t.key && text(&v["effect"]) == t.effect;
        let same = |t: &Taint| place(t) && text(&v["value"]) == t.value;
        !change.add.iter().any(|t| place(t) && !same(t)) && !change.remove.iter().any(same)
    };
    let taints: Vec<_> = new.chain(list(&object["spec"]["taints"]).iter().filter(stays).cloned()).collect();
    let taints = if taints.is_empty() { Value::Null } else { Value::Array(taints) };
    let spec = json!({"taints": taints});
    let body = json!({"metadata": {"resourceVersion": node.meta.resource_version}, "spec": spec.clone()});
    let fields = BTreeMap::from([("spec.taints".to_owned(), done.to_owned())]);
    Step {
        subject: target.name.to_string(),
        call: calls::patch(target, Patch::Merge, body),
        record: Record { step: "taint", target: target.clone(), fields, kubectl },
        read: calls::get(target),
        proof: Proof::Has(json!({"spec": spec})),
        wait: None,
        done: done.to_owned(),
    }
}

/// Whom new `NoExecute` taints delete, and when.
fn evicts(draft: &mut Draft, facts: &Facts, node: &Node, add: &[Taint]) {
    let new: Vec<_> = add.iter().filter(|t| t.effect == "NoExecute" && !node.taints.contains(t)).collect();
    if new.is_empty() {
        return;
    }
    let name = &node.meta.name;
    let pods = match find::listed(facts, "pods", None, &find::on(name)) {
        Some(Ok((_, items))) => items,
        other => {
            let why = other.and_then(Result::err).map(ToString::to_string).unwrap_or_default();
            draft.plan.unknown.push(format!("whom NoExecute deletes on {name}: its pods were not listed {why}"));
            draft.at_least(Class::Disruptive);
            return;
        }
    };
    let (mut gone, mut stay) = (0, 0);
    for pod in pods.iter().map(Pod::of).filter(|p| !p.finished()) {
        let spans: Vec<_> = new.iter().map(|t| tolerated(&pod.tolerations, t)).collect();
        let (verdict, role) = if spans.contains(&None) {
            ("deleted now".to_owned(), Role::RowBad)
        } else if let Some(s) = spans.iter().flatten().flatten().min() {
            (format!("deleted in {s} s"), Role::RowWarn)
        } else {
            stay += 1;
            continue;
        };
        gone += 1;
        let bare = pod.meta.controller().is_none();
        draft.item(pod.subject(), verdict, if bare { "made anew by nobody" } else { "" }, role);
        if bare {
            draft.at_least(Class::Irreversible);
        }
    }
    if gone > 0 {
        draft.at_least(Class::Disruptive);
        draft.warn(format!(
            "NoExecute deletes {gone} pods of {name}, {stay} stay; disruption budgets do not protect them"
        ));
    }
}

/// Which pending pods a removal lets onto a node.
fn unblocks(draft: &mut Draft, facts: &Facts, nodes: &[&Node], change: &Change) {
    let pending = match find::listed(facts, "pods", None, PENDING) {
        Some(Ok((_, items))) => items,
        other => {
            let why = other.and_then(Result::err).map(ToString::to_string).unwrap_or_default();
            draft.plan.unknown.push(format!("which pending pods it unblocks: they were not listed {why}"));
            return;
        }
    };
    for pod in pending.iter().map(Pod::of).filter(|p| p.node.is_empty()) {
        let hard = |t: &&Taint| t.effect != "PreferNoSchedule" && tolerated(&pod.tolerations, t).is_none();
        let opens = |n: &&&Node| {
            n.taints.iter().filter(hard).count() > 0
                && n.taints.iter().filter(hard).all(|t| change.remove.contains(t))
                && pod.node_selector.iter().all(|(k, v)| n.has(k, v))
        };
        let open: Vec<_> = nodes.iter().filter(opens).map(|n| n.meta.name.clone()).collect();
        if !open.is_empty() {
            draft.item(pod.subject(), "unblocked", format!("may go to {}", open.join(", ")), Role::RowOk);
        }
    }
}

/// The field selector for pods that wait for a node.
pub const PENDING: &str = "status.phase=Pending";
