//! Other images for the containers of a workload.

use super::common::{What, is, targets, to_patch};
use super::rollout::rolls;
use crate::core::act::{Action, Asked, Class, Facts, Form, Given, Patch, Plan, Reach, calls};
use crate::core::act::{Entry, Field};
use crate::core::commands::CommandSpec;
use crate::core::facts::{Workload, list, reverts, rollout, text};
use crate::core::job::{Proof, Step, Wait};
use crate::core::kind::Kind;
use crate::core::plan::{Draft, Line, subject, those};
use crate::core::role::Role;
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub(super) const IMAGE: Action = Action {
    spec: CommandSpec { id: "set_image", title: "set image", doc: "Give containers of the workload another image." },
    reach: Reach::One,
    applies,
    rights: to_patch,
    reads: targets,
    form,
    plan: make,
};

fn applies(kind: &Kind) -> bool {
    rolls(kind) || is(kind, "apps", "replicasets") || is(kind, "batch", "cronjobs") || is(kind, "", "pods")
}

/// Where the pod's spec is in an object of that kind.
fn path(kind: &Kind) -> &'static [&'static str] {
    match kind.plural.as_ref() {
        "pods" => &["spec"],
        "cronjobs" => &["spec", "jobTemplate", "spec", "template", "spec"],
        _ => &["spec", "template", "spec"],
    }
}

fn spec<'a>(object: &'a Value, kind: &Kind) -> &'a Value {
    path(kind).iter().fold(object, |v, k| &v[*k])
}

/// One line a container; no two of a pod have one name.
fn form(asked: &Asked, facts: &Facts) -> Form {
    let Some((target, object)) = asked.targets.first().and_then(|t| Some((t, facts.object(t)?))) else {
        return Form::default();
    };
    let images = Workload::images(&json!({"spec": spec(object, &target.kind)}));
    let field = Field {
        id: "images",
        label: "images".into(),
        help: "One container=image a line; lines left out or left as they are change nothing.".into(),
        entry: Entry::Lines(BTreeMap::new()),
        first: Given::Lines(images.into_iter().map(|(name, image)| format!("{name}={image}")).collect()),
        check: |given, _| match given {
            Given::Lines(lines) => lines.iter().try_for_each(|l| parse(l).map(|_| ())),
            _ => Ok(()),
        },
    };
    Form { fields: vec![field], notes: Vec::new() }
}

fn parse(line: &str) -> Result<(&str, &str), String> {
    let (name, image) = line.split_once('=').ok_or_else(|| format!("{line}: write container=image"))?;
    let (name, image) = (name.trim(), image.trim());
    if name.is_empty() || image.is_empty() || image.contains(char::is_whitespace) {
        return Err(format!("{line}: write container=image, without blanks"));
    }
    Ok((name, image))
}

fn make(asked: &Asked, facts: &Facts) -> Plan {
    let mut draft = Draft::new(asked, Class::Disruptive);
    for target in &asked.targets {
        let Some(object) = draft.target(facts, target) else { continue };
        let pod = spec(object, &target.kind);
        let mut lists = BTreeMap::<&str, Vec<Value>>::new();
        let mut changes = BTreeMap::new();
        let mut line = Line::new(&asked.place).namespace(&target.namespace).words("set image").object(target);
        for given in asked.values.lines("images") {
            let Ok((name, image)) = parse(given) else {
                draft.block(subject(target), format!("{given}: write container=image"));
                continue;
            };
            let place = ["containers", "initContainers"].into_iter().find_map(|field| {
                let found = list(&pod[field]).iter().find(|c| text(&c["name"]) == name)?;
                Some((field, text(&found["image"])))
            });
            match place {
                None => draft.block(subject(target), format!("has no container {name}")),
                Some((_, was)) if was == image => {}
                Some((field, was)) => {
                    draft.item(format!("{} {name}", subject(target)), format!("{was} -> {image}"), "", Role::RowWarn);
                    lists.entry(field).or_default().push(json!({"name": name, "image": image}));
                    changes.insert(name.to_owned(), image.to_owned());
                    line = line.word(&format!("{name}={image}"));
                }
            }
        }
        if changes.is_empty() {
            draft.item(subject(target), "as it is", "", Role::Dim);
            continue;
        }
        let load = Workload::of(object);
        if load.paused {
            draft.warn(format!("{}: its rollout is paused; the new image comes when it is resumed", subject(target)));
        }
        draft.reverts(reverts(object, path(&target.kind)));
        let patch = path(&target.kind).iter().rev().fold(json!(lists), |inner, key| json!({*key: inner}));
        let what = What { step: "set image", fields: changes, kubectl: line.done(), done: "image set".into() };
        draft.plan.kubectl.push(what.kubectl.clone());
        let step = Step {
            subject: subject(target),
            call: calls::patch(target, Patch::Strategic, patch.clone()),
            record: what.record(target),
            read: calls::get(target),
            proof: Proof::Has(patch),
            wait: None,
            done: what.done,
        };
        let follows = rolls(&target.kind) && !load.paused;
        draft.step(if follows { step.waiting(Wait::Until(rollout)) } else { step });
    }
    draft.finish(format!("set images of {}", those(&asked.targets)))
}
