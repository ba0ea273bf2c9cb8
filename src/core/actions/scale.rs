//! Changing the number of replicas, through `/scale`.

use super::common::{What, fields, right};
use crate::core::act::{Action, Asked, Class, Facts, Form, Given, Patch, Plan, Reach, Read, Right, Values, calls};
use crate::core::cluster::Cluster;
use crate::core::commands::CommandSpec;
use crate::core::facts::{Autoscaler, Room, over_quota, reverts, scaled, text};
use crate::core::job::{Proof, Step, Wait};
use crate::core::kind::{Kind, ObjectRef};
use crate::core::plan::{self, Draft, Line, fields as form_fields, subject, those};
use crate::core::role::Role;
use serde_json::{Value, json};

pub(super) const SCALE: Action = Action {
    spec: CommandSpec {
        id: "scale",
        title: "scale",
        doc: "Change how many replicas there shall be, and watch until they are ready.",
    },
    reach: Reach::Many,
    applies: |kind| kind.scale,
    rights,
    reads,
    form,
    plan: make,
};

fn rights(kind: &Kind) -> Vec<Right> {
    vec![right("get", kind, ""), right("get", kind, "scale"), right("patch", kind, "scale")]
}

fn reads(asked: &Asked, _: &Facts, cluster: &Cluster) -> Vec<Read> {
    let mut out = Vec::new();
    for t in &asked.targets {
        out.push(Read::Object(t.clone()));
        out.push(Read::Sub(t.clone(), "scale".into()));
    }
    for word in ["horizontalpodautoscalers", "resourcequotas"] {
        let Some(kind) = cluster.kind(word) else { continue };
        let lists = asked.targets.iter().map(|t| plan::all(kind.clone(), Some(t.namespace.clone())));
        out.extend(lists);
    }
    let mut once = Vec::new();
    out.retain(|r| {
        !once.contains(r) && {
            once.push(r.clone());
            true
        }
    });
    out
}

fn current(facts: &Facts, target: &ObjectRef) -> Option<i64> {
    let scale = facts.answer(&Read::Sub(target.clone(), "scale".into()))?.ok()?;
    Some(scale["spec"]["replicas"].as_i64().unwrap_or(0))
}

fn form(asked: &Asked, facts: &Facts) -> Form {
    let mut counts: Vec<_> = asked.targets.iter().filter_map(|t| current(facts, t)).collect();
    counts.dedup();
    // Never a zero nobody typed: with several counts there is none to begin with.
    let first = if let [one] = counts.as_slice() { one.to_string() } else { String::new() };
    let help = "How many there shall be.";
    Form { fields: vec![form_fields::line("replicas", "replicas", help, &first, whole)], notes: Vec::new() }
}

fn whole(given: &Given, _: &Values) -> Result<(), String> {
    match given {
        Given::Text(t) => replicas(t.trim()).map(|_| ()),
        _ => Ok(()),
    }
}

/// A number of replicas as the API takes it.
fn replicas(text: &str) -> Result<i64, String> {
    let number = text.parse::<i32>().ok().filter(|n| *n >= 0);
    number.map(i64::from).ok_or_else(|| "replicas: a whole number from 0 on".into())
}

fn make(asked: &Asked, facts: &Facts) -> Plan {
    let mut draft = Draft::new(asked, Class::Reversible);
    let wanted = match replicas(asked.values.text("replicas")) {
        Ok(wanted) => wanted,
        Err(why) => {
            draft.block("", why);
            return draft.finish(format!("scale {}", those(&asked.targets)));
        }
    };
    for target in &asked.targets {
        let Some(object) = draft.target(facts, target) else { continue };
        let Some(now) = current(facts, target) else {
            let read = facts.answer(&Read::Sub(target.clone(), "scale".into()));
            let why = match read {
                Some(Err(e)) if e.code == 404 => format!("{} have no scale", target.kind.plural),
                Some(Err(e)) => e.to_string(),
                _ => "its scale was not read".into(),
            };
            draft.block(subject(target), why);
            continue;
        };
        if now == wanted {
            draft.item(subject(target), "as it is", format!("{now} already"), Role::Dim);
            continue;
        }
        fights(&mut draft, facts, target, object, now, wanted);
        if wanted < now {
            draft.at_least(Class::Disruptive);
            draft.warn("disruption budgets do not protect pods when it is scaled down");
        }
        if wanted == 0 {
            draft.plan.blast.push(format!("{}: no replica is left", subject(target)));
        }
        draft.reverts(reverts(object, &["spec", "replicas"]));
        draft.item(subject(target), format!("{now} -> {wanted}"), "", Role::RowBusy);
        let line = Line::new(&asked.place).namespace(&target.namespace).word("scale").object(target);
        let kubectl = line.flag(true, "current-replicas", now).flag(true, "replicas", wanted).done();
        draft.plan.kubectl.push(kubectl.clone());
        draft.step(step(target, now, wanted, kubectl));
    }
    draft.finish(format!("scale {} to {wanted}", those(&asked.targets)))
}

fn step(target: &ObjectRef, now: i64, wanted: i64, kubectl: String) -> Step {
    // A count of zero is left out of a scale, so it is tested as missing.
    let is = if now == 0 { Value::Null } else { now.into() };
    let body = json!([
        {"op": "test", "path": "/spec/replicas", "value": is},
        {"op": "add", "path": "/spec/replicas", "value": wanted},
    ]);
    let has = if wanted == 0 { Value::Null } else { wanted.into() };
    let what = What {
        step: "scale",
        fields: fields([("spec.replicas", &wanted.to_string()), ("from", &now.to_string())]),
        kubectl,
        done: format!("scaled {now} -> {wanted}"),
    };
    let step = Step {
        subject: subject(target),
        call: calls::sub(calls::patch(target, Patch::Json, body), "scale"),
        record: what.record(target),
        read: calls::sub(calls::get(target), "scale"),
        proof: Proof::Has(json!({"spec": {"replicas": has}})),
        wait: None,
        done: what.done,
    };
    step.waiting(Wait::Until(scaled))
}

/// Who will change it back, and who will refuse.
fn fights(draft: &mut Draft, facts: &Facts, target: &ObjectRef, object: &Value, now: i64, wanted: i64) {
    let ns = Some(target.namespace.as_ref());
    match plan::listed(facts, "horizontalpodautoscalers.autoscaling", ns, "") {
        Some(Ok((_, items))) => {
            let mine = |a: &Autoscaler| a.target == (target.kind.kind.to_string(), target.name.to_string());
            for a in items.iter().map(Autoscaler::of).filter(mine) {
                let words = if wanted == 0 {
                    format!("autoscaler {} pauses while there are no replicas", a.name)
                } else {
                    format!("autoscaler {} keeps {} to {} and will set its own count again", a.name, a.min, a.max)
                };
                draft.reverts([format!("HorizontalPodAutoscaler {} ({} to {})", a.name, a.min, a.max)]);
                draft.warn(format!("{}: {words}", subject(target)));
            }
        }
        Some(Err(why)) => draft.plan.unknown.push(format!("whether an autoscaler fights it: {why}")),
        None => {}
    }
    if wanted <= now {
        return;
    }
    match plan::listed(facts, "resourcequotas", ns, "") {
        Some(Ok((_, items))) => {
            let asks = Room::asked(&object["spec"]["template"]["spec"]);
            for line in items.iter().flat_map(|q| over_quota(q, &asks, wanted - now)) {
                draft.warn(format!("{}: {line}", text(&object["metadata"]["name"])));
            }
        }
        Some(Err(why)) => draft.plan.unknown.push(format!("whether a quota refuses it: {why}")),
        None => {}
    }
}
