//! Going back to an earlier revision of a workload, as kubectl's `rollout undo` does.

use super::common::{What, fields, right_on, to_patch};
use super::rollout::rolls;
use crate::core::act::{Action, Asked, Call, Class, Facts, Form, Patch, Plan, Reach, Read, calls};
use crate::core::cluster::Cluster;
use crate::core::commands::CommandSpec;
use crate::core::facts::{Revision, Workload, bare, history, reverts, rollout, text};
use crate::core::job::{Proof, Step, Wait};
use crate::core::kind::ObjectRef;
use crate::core::plan::{self, Draft, Line, fields as form_fields, subject, those};
use crate::core::role::Role;
use serde_json::{Map, Value, json};

pub(super) const UNDO: Action = Action {
    spec: CommandSpec {
        id: "rollout_undo",
        title: "undo rollout",
        doc: "Go back to an earlier revision of the workload.",
    },
    reach: Reach::One,
    applies: rolls,
    rights: |kind| [to_patch(kind), vec![right_on("list", history(kind), true)]].concat(),
    reads,
    form,
    plan: make,
};

/// Annotations that belong to the Deployment and not to a revision of it.
const OWN: &[&str] = &[
    "kubectl.kubernetes.io/last-applied-configuration",
    "deployment.kubernetes.io/revision",
    "deployment.kubernetes.io/revision-history",
    "deployment.kubernetes.io/desired-replicas",
    "deployment.kubernetes.io/max-replicas",
    "deprecated.deployment.rollback.to",
];

fn reads(asked: &Asked, _: &Facts, cluster: &Cluster) -> Vec<Read> {
    let mut out: Vec<_> = asked.targets.iter().cloned().map(Read::Object).collect();
    for target in &asked.targets {
        out.extend(cluster.kind(history(&target.kind)).map(|k| plan::all(k, Some(target.namespace.clone()))));
    }
    out
}

/// All revisions of a workload, the newest first.
fn revisions<'a>(facts: &'a Facts, target: &ObjectRef, uid: &str) -> Result<Vec<Revision<'a>>, String> {
    let items = match plan::listed(facts, history(&target.kind), Some(&target.namespace), "") {
        Some(Ok((_, items))) => items,
        Some(Err(why)) => return Err(format!("its history cannot be read: {why}")),
        None => return Err("its history was not read".into()),
    };
    Ok(Revision::all(items, uid))
}

fn form(asked: &Asked, facts: &Facts) -> Form {
    let Some((target, object)) = asked.targets.first().and_then(|t| Some((t, facts.object(t)?))) else {
        return Form::default();
    };
    let all = revisions(facts, target, text(&object["metadata"]["uid"])).unwrap_or_default();
    let now = bare(&object["spec"]["template"]);
    // The one before comes first, as kubectl goes there; the present one is not offered.
    let words = all.iter().filter(|r| r.bare() != now).map(Revision::words).collect();
    let help = "The revision to go back to, with its images and its cause.";
    Form { fields: vec![form_fields::choice("to-revision", "revision", help, words)], notes: Vec::new() }
}

fn make(asked: &Asked, facts: &Facts) -> Plan {
    let mut draft = Draft::new(asked, Class::Disruptive);
    for target in &asked.targets {
        let Some(object) = draft.target(facts, target) else { continue };
        if let Err(why) = one(&mut draft, asked, facts, target, object) {
            draft.block(subject(target), why);
        }
    }
    draft.finish(format!("undo the rollout of {}", those(&asked.targets)))
}

fn one(draft: &mut Draft, asked: &Asked, facts: &Facts, target: &ObjectRef, object: &Value) -> Result<(), String> {
    if Workload::of(object).paused {
        return Err("its rollout is paused, so it cannot be undone; resume it first".into());
    }
    let all = revisions(facts, target, text(&object["metadata"]["uid"]))?;
    let chosen = asked.values.text("to-revision").split(' ').next().unwrap_or("").parse::<i64>().unwrap_or(0);
    let to = if chosen > 0 { all.iter().find(|r| r.number == chosen) } else { all.get(1) };
    let Some(to) = to else {
        let what = if chosen > 0 {
            format!("revision {chosen} is not there any more")
        } else {
            "there is no earlier revision".into()
        };
        return Err(what);
    };
    if to.bare() == bare(&object["spec"]["template"]) {
        draft.item(
            subject(target),
            "as it is",
            format!("its template is that of revision {} already", to.number),
            Role::Dim,
        );
        return Ok(());
    }
    draft.item(subject(target), format!("back to {}", to.number), to.words(), Role::RowWarn);
    draft.reverts(reverts(object, &["spec", "template"]));
    let line = Line::new(&asked.place).namespace(&target.namespace).words("rollout undo").object(target);
    let kubectl = line.flag(true, "to-revision", to.number).done();
    draft.plan.kubectl.push(kubectl.clone());
    let what = What {
        step: "undo",
        fields: fields([("to-revision", &to.number.to_string())]),
        kubectl,
        done: format!("back to revision {}", to.number),
    };
    let step = Step {
        subject: subject(target),
        call: call(target, object, to),
        record: what.record(target),
        read: calls::get(target),
        proof: Proof::Has(json!({"spec": {"template": to.bare()}})),
        wait: None,
        done: what.done,
    };
    draft.step(step.waiting(Wait::Until(rollout)));
    Ok(())
}

/// Deployments get the template and the annotations of the revision, the others their
/// `ControllerRevision`'s own patch; both as kubectl sends them.
fn call(target: &ObjectRef, object: &Value, to: &Revision<'_>) -> Call {
    if history(&target.kind) != "replicasets.apps" {
        return calls::patch(target, Patch::Strategic, to.object["data"].clone());
    }
    let mut annotations = Map::new();
    let from = |o: &Value| o["metadata"]["annotations"].as_object().cloned().unwrap_or_default();
    annotations.extend(from(object).into_iter().filter(|(k, _)| OWN.contains(&k.as_str())));
    annotations.extend(from(to.object).into_iter().filter(|(k, _)| !OWN.contains(&k.as_str())));
    let body = json!([
        // Somebody else's new template is not overwritten unseen.
        {"op": "test", "path": "/metadata/generation", "value": object["metadata"]["generation"]},
        {"op": "replace", "path": "/spec/template", "value": to.bare()},
        {"op": "add", "path": "/metadata/annotations", "value": annotations},
    ]);
    calls::patch(target, Patch::Json, body)
}
