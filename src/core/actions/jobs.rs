//! Cron jobs run now, suspended and resumed; failed jobs run again.

use super::common::{What, fields, is, merge, no_form, right_on, targets, to_patch};
use crate::core::act::{Action, Asked, Class, Facts, Form, Given, Plan, Reach, Read, Values, calls};
use crate::core::cluster::Cluster;
use crate::core::commands::CommandSpec;
use crate::core::facts::{Meta, list, reverts, text};
use crate::core::job::{Proof, Step};
use crate::core::kind::{Kind, ObjectRef};
use crate::core::plan::{self, Draft, Line, fields as form_fields, subject, those, words};
use crate::core::role::Role;
use serde_json::{Map, Value, json};
use std::sync::Arc;

pub(super) const RUN: Action = Action {
    spec: CommandSpec {
        id: "cronjob_run",
        title: "run now",
        doc: "Make a Job of the CronJob now, beside its schedule.",
    },
    reach: Reach::One,
    applies: cron,
    rights: |_| vec![right_on("get", "cronjobs.batch", true), right_on("create", "jobs.batch", true)],
    reads: with_jobs,
    form: |asked, _| naming(asked, "manual"),
    plan: run,
};

pub(super) const RERUN: Action = Action {
    spec: CommandSpec { id: "job_rerun", title: "run again", doc: "Make a new Job of a Job that failed." },
    reach: Reach::One,
    applies: |kind| is(kind, "batch", "jobs"),
    rights: |_| vec![right_on("get", "jobs.batch", true), right_on("create", "jobs.batch", true)],
    reads: with_jobs,
    form: |asked, _| naming(asked, "rerun"),
    plan: rerun,
};

pub(super) const SUSPEND: Action = Action {
    spec: CommandSpec { id: "cronjob_suspend", title: "suspend", doc: "Let the CronJob start no more Jobs." },
    reach: Reach::Many,
    applies: cron,
    rights: to_patch,
    reads: targets,
    form: no_form,
    plan: |asked, facts| suspend(asked, facts, true),
};

pub(super) const RESUME: Action = Action {
    spec: CommandSpec { id: "cronjob_resume", title: "resume", doc: "Let the suspended CronJob start Jobs again." },
    reach: Reach::Many,
    applies: cron,
    rights: to_patch,
    reads: targets,
    form: no_form,
    plan: |asked, facts| suspend(asked, facts, false),
};

fn cron(kind: &Kind) -> bool {
    is(kind, "batch", "cronjobs")
}

fn with_jobs(asked: &Asked, _: &Facts, cluster: &Cluster) -> Vec<Read> {
    let mut out: Vec<_> = asked.targets.iter().cloned().map(Read::Object).collect();
    for target in &asked.targets {
        out.extend(cluster.kind("jobs.batch").map(|k| plan::all(k, Some(target.namespace.clone()))));
    }
    out
}

/// A name that is free in all likelihood: the old one, a word, the second it was asked for.
fn naming(asked: &Asked, word: &str) -> Form {
    let mut n = asked.now.div_euclid(1000).unsigned_abs();
    let mut stamp = String::new();
    for _ in 0..6 {
        stamp.insert(0, char::from_digit((n % 36) as u32, 36).unwrap_or('0'));
        n /= 36;
    }
    // A pod's name gets a suffix of its own, within 63.
    let most = 63 - 6 - stamp.len() - word.len() - 2;
    let name = asked.targets.first().map(|t| t.name.to_string()).unwrap_or_default();
    let name: String = name.chars().take(most).collect();
    let first = format!("{}-{word}-{stamp}", name.trim_end_matches(['-', '.']));
    let check = |given: &Given, _: &Values| match given {
        Given::Text(t) => words::label(t.trim()),
        _ => Ok(()),
    };
    Form {
        fields: vec![form_fields::line("name", "name", "What the new Job is called.", &first, check)],
        notes: Vec::new(),
    }
}

/// The new Job, if its name is free.
fn fresh(draft: &mut Draft, asked: &Asked, facts: &Facts, from: &ObjectRef) -> Option<ObjectRef> {
    let name = asked.values.text("name");
    if let Err(why) = words::label(name) {
        draft.block(name, why);
        return None;
    }
    let (kind, items): (&Arc<Kind>, &[Value]) = match plan::listed(facts, "jobs.batch", Some(&from.namespace), "") {
        Some(Ok(listed)) => listed,
        Some(Err(why)) => {
            draft.block(subject(from), format!("the Jobs beside it cannot be listed: {why}"));
            return None;
        }
        None => {
            draft.block(subject(from), "Jobs are not served here");
            return None;
        }
    };
    if items.iter().any(|j| text(&j["metadata"]["name"]) == name) {
        draft.block(name, "a Job of that name is there already; choose another");
        return None;
    }
    let active = items.iter().filter(|j| Meta::of(j).controller().is_some_and(|o| o.name == *from.name));
    let active = active.filter(|j| j["status"]["active"].as_i64().unwrap_or(0) > 0).count();
    if active > 0 {
        draft.warn(format!("{active} Jobs of {} run now", from.name));
    }
    Some(ObjectRef { kind: kind.clone(), name: name.into(), uid: None, ..from.clone() })
}

fn run(asked: &Asked, facts: &Facts) -> Plan {
    let mut draft = Draft::new(asked, Class::Reversible);
    for target in &asked.targets {
        let Some(object) = draft.target(facts, target) else { continue };
        let Some(job) = fresh(&mut draft, asked, facts, target) else { continue };
        let template = &object["spec"]["jobTemplate"];
        let mut annotations = template["metadata"]["annotations"].as_object().cloned().unwrap_or_default();
        annotations.insert("cronjob.kubernetes.io/instantiate".into(), "manual".into());
        let body = json!({
            "apiVersion": "batch/v1",
            "kind": "Job",
            "metadata": {
                "name": job.name.as_ref(),
                "namespace": job.namespace.as_ref(),
                "annotations": annotations,
                "labels": template["metadata"]["labels"],
                // Without blockOwnerDeletion, as kubectl has it: that would need one more right.
                "ownerReferences": [{
                    "apiVersion": "batch/v1",
                    "kind": "CronJob",
                    "name": target.name.as_ref(),
                    "uid": text(&object["metadata"]["uid"]),
                    "controller": true,
                }],
            },
            "spec": template["spec"],
        });
        draft.item(subject(&job), "create", format!("from CronJob {}", target.name), Role::RowOk);
        let line = Line::new(&asked.place).namespace(&job.namespace).words("create job").word(&job.name);
        let kubectl = line.word(&format!("--from=cronjob/{}", target.name)).done();
        create(&mut draft, &job, body, "run", &target.name, kubectl);
    }
    draft.finish(format!("run {} now", those(&asked.targets)))
}

fn rerun(asked: &Asked, facts: &Facts) -> Plan {
    let mut draft = Draft::new(asked, Class::Reversible);
    for target in &asked.targets {
        let Some(object) = draft.target(facts, target) else { continue };
        let is = |kind: &str| {
            let conditions = list(&object["status"]["conditions"]);
            conditions.iter().any(|c| text(&c["type"]) == kind && text(&c["status"]) == "True")
        };
        if !is("Failed") {
            let why = if is("Complete") { "it has ended well" } else { "it has not ended" };
            draft.block(subject(target), format!("{why}: only a Job that failed is run again"));
            continue;
        }
        let Some(job) = fresh(&mut draft, asked, facts, target) else { continue };
        let body = json!({
            "apiVersion": "batch/v1",
            "kind": "Job",
            "metadata": {
                "name": job.name.as_ref(),
                "namespace": job.namespace.as_ref(),
                "labels": without(&object["metadata"]["labels"]),
            },
            "spec": spec(&object["spec"]),
        });
        draft.item(subject(&job), "create", format!("as Job {} was", target.name), Role::RowOk);
        let get =
            Line::new(&asked.place).namespace(&job.namespace).words("get job").word(&target.name).words("-o json");
        let make = Line::new(&asked.place).words("create -f -");
        let edit = format!(
            ".metadata = {{name: \"{}\", namespace: .metadata.namespace}} | del(.status, .spec.selector, .spec.template.metadata.labels)",
            job.name
        );
        let kubectl = format!("{} | jq {} | {}", get.done(), plan::quote(&edit), make.done());
        create(&mut draft, &job, body, "rerun", &target.name, kubectl);
    }
    draft.finish(format!("run {} again", those(&asked.targets)))
}

/// Labels without those the Job controller gives.
fn without(labels: &Value) -> Value {
    let mine = |k: &str| k.starts_with("batch.kubernetes.io/") || matches!(k, "controller-uid" | "job-name");
    let map: Map<_, _> = labels
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(k, _)| !mine(k))
        .map(|(k, v)| (k.clone(), v.clone()))
        .collect();
    Value::Object(map)
}

/// A Job's spec as it was before the server gave it a selector.
fn spec(spec: &Value) -> Value {
    let mut out = spec.clone();
    if let Some(map) = out.as_object_mut() {
        for key in ["selector", "manualSelector", "suspend"] {
            map.shift_remove(key);
        }
    }
    if let Some(labels) = out.pointer_mut("/template/metadata/labels") {
        *labels = without(labels);
    }
    out
}

fn create(draft: &mut Draft, job: &ObjectRef, body: Value, step: &'static str, from: &str, kubectl: String) {
    draft.plan.kubectl.push(kubectl.clone());
    let what = What { step, fields: fields([("from", from)]), kubectl, done: "created".into() };
    let proof = json!({"metadata": {"name": job.name.as_ref()}});
    draft.step(Step {
        subject: subject(job),
        call: calls::create(job, body),
        record: what.record(job),
        read: calls::get(job),
        proof: Proof::Has(proof),
        wait: None,
        done: what.done,
    });
}

fn suspend(asked: &Asked, facts: &Facts, on: bool) -> Plan {
    let (verb, done) = if on { ("suspend", "suspended") } else { ("resume", "resumed") };
    let mut draft = Draft::new(asked, Class::Reversible);
    for target in &asked.targets {
        let Some(object) = draft.target(facts, target) else { continue };
        if (object["spec"]["suspend"].as_bool() == Some(true)) == on {
            draft.item(subject(target), "as it is", if on { "suspended already" } else { "not suspended" }, Role::Dim);
            continue;
        }
        draft.item(subject(target), verb, "", Role::RowBusy);
        draft.reverts(reverts(object, &["spec", "suspend"]));
        if !on && !object["spec"]["startingDeadlineSeconds"].is_i64() {
            draft.warn(format!("{}: a start missed meanwhile is made up for at once", subject(target)));
        }
        let body = json!({"spec": {"suspend": on}});
        let line = Line::new(&asked.place).namespace(&target.namespace).word("patch").object(target).word("-p");
        let kubectl = line.word(&body.to_string()).done();
        let what = What { step: verb, fields: fields([("spec.suspend", &on.to_string())]), kubectl, done: done.into() };
        draft.plan.kubectl.push(what.kubectl.clone());
        draft.step(merge(target, body, &what));
    }
    draft.finish(format!("{verb} {}", those(&asked.targets)))
}
