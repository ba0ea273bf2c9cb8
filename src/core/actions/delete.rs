//! Deleting objects: one or many, by kubectl's rules.

use super::common::{What, fields, is, right};
use crate::core::act::{Action, Asked, Class, Facts, Form, Plan, Reach, Read, Right, calls};
use crate::core::cluster::Cluster;
use crate::core::commands::CommandSpec;
use crate::core::facts::{Meta, Pod, reverts};
use crate::core::job::Step;
use crate::core::kind::{Kind, ObjectRef};
use crate::core::plan::children::{self, Child};
use crate::core::plan::{Draft, Line, fields as form_fields, subject, those};
use crate::core::role::Role;
use serde_json::Value;

pub(super) const DELETE: Action = Action {
    spec: CommandSpec { id: "delete", title: "delete", doc: "Delete the object, with a list of what goes with it." },
    reach: Reach::Many,
    applies: |kind| kind.verbs.iter().any(|v| v.as_ref() == "delete"),
    rights,
    reads,
    form,
    plan: |asked, facts| {
        let v = &asked.values;
        make(asked, facts, &Way::of(v.text("grace-period"), v.flag("force"), v.text("cascade")))
    },
};

pub(super) const KILL: Action = Action {
    spec: CommandSpec {
        id: "kill",
        title: "kill",
        doc: "Delete the pod at once, with no grace and without waiting for its node.",
    },
    reach: Reach::Many,
    applies: |kind| is(kind, "", "pods"),
    rights,
    reads,
    form: super::common::no_form,
    plan: |asked, facts| make(asked, facts, &Way::of("", true, "")),
};

fn rights(kind: &Kind) -> Vec<Right> {
    vec![right("get", kind, ""), right("delete", kind, "")]
}

fn reads(asked: &Asked, _: &Facts, cluster: &Cluster) -> Vec<Read> {
    let targets = asked.targets.iter().cloned().map(Read::Object);
    targets.chain(children::reads(asked, cluster)).collect()
}

fn form(_: &Asked, _: &Facts) -> Form {
    let words = ["background", "foreground", "orphan"].map(str::to_owned).to_vec();
    Form {
        fields: vec![
            form_fields::choice(
                "cascade",
                "what it owns",
                "Deleted after it, before it, or left without an owner.",
                words,
            ),
            form_fields::line(
                "grace-period",
                "grace",
                "Seconds to end in; nothing for its own.",
                "",
                form_fields::grace,
            ),
            form_fields::switch(
                "force",
                "force",
                "With no grace: do not wait for its node to say that it has ended.",
                false,
            ),
        ],
        notes: Vec::new(),
    }
}

/// How a deletion is done.
struct Way {
    grace: Option<i64>,
    force: bool,
    cascade: String,
}

impl Way {
    /// By kubectl's rules: no grace only with force, else one second.
    fn of(grace: &str, force: bool, cascade: &str) -> Self {
        let grace = match (grace.parse::<i64>().ok().filter(|g| *g >= 0), force) {
            (None, true) => Some(0),
            (Some(0), false) => Some(1),
            (grace, _) => grace,
        };
        let cascade = if cascade.is_empty() { "background" } else { cascade };
        Self { grace, force, cascade: cascade.to_owned() }
    }

    fn propagation(&self) -> &'static str {
        match self.cascade.as_str() {
            "foreground" => "Foreground",
            "orphan" => "Orphan",
            _ => "Background",
        }
    }
}

fn make(asked: &Asked, facts: &Facts, way: &Way) -> Plan {
    let mut draft = Draft::new(asked, Class::Disruptive);
    if way.force {
        draft.at_least(Class::Irreversible);
        draft.warn("force: it is not waited for that what runs has ended; it may run on, on its node, for ever");
    }
    let (all, unknown) = children::found(asked, facts);
    draft.plan.unknown.extend(unknown);
    for target in &asked.targets {
        let Some(object) = draft.target(facts, target) else { continue };
        let meta = Meta::of(object);
        weigh(&mut draft, target, object, &meta);
        reach(&mut draft, facts, target, object, &meta, &all, way);
        draft.reverts(reverts(object, &["metadata"]));
        let line = Line::new(&asked.place).namespace(&target.namespace).word("delete").object(target);
        let line = line.flag(way.cascade != "background", "cascade", &way.cascade);
        let kubectl =
            line.flag(way.grace.is_some(), "grace-period", way.grace.unwrap_or(0)).switch(way.force, "force").done();
        draft.plan.kubectl.push(kubectl.clone());
        draft.step(step(target, way, kubectl));
    }
    draft.finish(format!("delete {}", those(&asked.targets)))
}

fn step(target: &ObjectRef, way: &Way, kubectl: String) -> Step {
    let grace = way.grace.map_or_else(|| "its own".to_owned(), |g| g.to_string());
    let what = What {
        step: "delete",
        fields: fields([("gracePeriodSeconds", &grace), ("propagationPolicy", way.propagation())]),
        kubectl,
        done: "deleted".into(),
    };
    what.removal(target, calls::delete(target, way.grace, Some(way.propagation())))
}

/// How hard a deletion is to take back: what a controller makes anew only disturbs.
fn weigh(draft: &mut Draft, target: &ObjectRef, object: &Value, meta: &Meta) {
    let managed = meta.controller().map(|o| format!("{} {} makes it anew", o.kind, o.name));
    let detail = match (&managed, meta.deletion, meta.finalizers.as_slice()) {
        (_, Some(_), held) if !held.is_empty() => format!("terminating already, held by {}", held.join(", ")),
        (_, Some(_), _) => "terminating already".into(),
        (Some(by), None, _) => by.clone(),
        (None, None, held) if !held.is_empty() => {
            format!("held by {} until its controller lets it go", held.join(", "))
        }
        (None, None, _) => String::new(),
    };
    if managed.is_none() {
        draft.at_least(Class::Irreversible);
    }
    if is(&target.kind, "", "pods") && managed.is_none() && !Pod::of(object).finished() {
        draft.warn(format!("{}: nobody manages it, so nobody makes it anew", subject(target)));
    }
    draft.item(subject(target), "delete", detail, Role::RowBad);
}

/// What goes with it, and who feels it.
fn reach(draft: &mut Draft, facts: &Facts, target: &ObjectRef, object: &Value, meta: &Meta, all: &[Child], way: &Way) {
    if is(&target.kind, "", "namespaces") {
        let (what, unknown) = children::held(facts, &meta.name);
        draft.plan.blast.push(format!("everything in {}: {what}", meta.name));
        draft.plan.unknown.extend(unknown);
        return;
    }
    let below = children::below(all, &meta.uid);
    if !below.is_empty() {
        let verb = if way.cascade == "orphan" { "left without an owner" } else { "goes too" };
        draft.plan.blast.push(format!("{}: {} {verb}", subject(target), children::counted(&below)));
        for child in below.iter().take(MOST_CHILDREN) {
            let words = if way.cascade == "orphan" { "orphaned" } else { "goes too" };
            let owner = child.meta.owners.first().map(|o| format!("of {} {}", o.kind, o.name)).unwrap_or_default();
            let name = format!("{} {}/{}", child.resource, child.meta.namespace, child.meta.name);
            draft.item(name, words, owner, if way.cascade == "orphan" { Role::Dim } else { Role::RowWarn });
        }
    }
    if is(&target.kind, "", "pods") {
        let pod = Pod::of(object);
        let services = children::services(facts, &pod.meta);
        let owner = pod.meta.controller().map(|o| o.uid.clone());
        let alone =
            all.iter().filter(|c| c.resource == "pods" && c.meta.controller().map(|o| &o.uid) == owner.as_ref());
        if pod.ready && !services.is_empty() && alone.count() <= 1 {
            let line = format!("{}: the last pod behind {}", subject(target), services.join(", "));
            draft.plan.blast.push(line);
        }
    }
    if is(&target.kind, "", "nodes") {
        draft.warn(format!(
            "{}: its pods are deleted by the pod collector; a kubelet that runs registers it again",
            meta.name
        ));
    }
}

/// Dependants listed one by one; the rest is counted.
const MOST_CHILDREN: usize = 50;
