//! Restarting, holding and releasing rollouts.

use super::common::{What, fields, is, merge, no_form, targets, to_patch};
use crate::core::act::{Action, Asked, Class, Facts, Plan, Reach};
use crate::core::commands::CommandSpec;
use crate::core::facts::{Workload, reverts, rollout};
use crate::core::job::Wait;
use crate::core::kind::Kind;
use crate::core::plan::{Draft, Line, subject, those};
use crate::core::role::Role;
use serde_json::{Value, json};

pub(super) const RESTART: Action = Action {
    spec: CommandSpec {
        id: "restart",
        title: "restart",
        doc: "Replace all pods of the workload by new ones, by its own strategy.",
    },
    reach: Reach::Many,
    applies: rolls,
    rights: to_patch,
    reads: targets,
    form: no_form,
    plan: restart,
};

pub(super) const PAUSE: Action = Action {
    spec: CommandSpec {
        id: "rollout_pause",
        title: "pause rollout",
        doc: "Hold the Deployment's rollout where it is.",
    },
    reach: Reach::Many,
    applies: deployment,
    rights: to_patch,
    reads: targets,
    form: no_form,
    plan: |asked, facts| hold(asked, facts, true),
};

pub(super) const RESUME: Action = Action {
    spec: CommandSpec {
        id: "rollout_resume",
        title: "resume rollout",
        doc: "Let the Deployment's held rollout go on.",
    },
    reach: Reach::Many,
    applies: deployment,
    rights: to_patch,
    reads: targets,
    form: no_form,
    plan: |asked, facts| hold(asked, facts, false),
};

/// What has a rollout.
pub(super) fn rolls(kind: &Kind) -> bool {
    ["deployments", "statefulsets", "daemonsets"].iter().any(|p| is(kind, "apps", p))
}

fn deployment(kind: &Kind) -> bool {
    is(kind, "apps", "deployments")
}

fn restart(asked: &Asked, facts: &Facts) -> Plan {
    const KEY: &str = "kubectl.kubernetes.io/restartedAt";
    let mut draft = Draft::new(asked, Class::Disruptive);
    let at = jiff::Timestamp::from_second(asked.now.div_euclid(1000)).unwrap_or_default().to_string();
    for target in &asked.targets {
        let Some(object) = draft.target(facts, target) else { continue };
        let load = Workload::of(object);
        if load.paused {
            draft.block(subject(target), "its rollout is paused, so nothing would be restarted; resume it first");
            continue;
        }
        let detail = match (load.strategy.as_str(), load.partition) {
            ("OnDelete", _) => "OnDelete: its pods follow only when they are deleted".to_owned(),
            ("Recreate", _) => {
                draft.plan.blast.push(format!(
                    "{}: Recreate, so all {} pods go before new ones come",
                    subject(target),
                    load.ready
                ));
                "Recreate".into()
            }
            (_, p) if p > 0 => format!("partition {p}: pods below it keep the old template"),
            _ => format!("{}/{} ready", load.ready, load.wanted),
        };
        draft.item(subject(target), "restart", detail, Role::RowWarn);
        draft.reverts(reverts(object, &["spec", "template", "metadata", "annotations", KEY]));
        let line = Line::new(&asked.place).namespace(&target.namespace).words("rollout restart").object(target);
        let what =
            What { step: "restart", fields: fields([(KEY, &at)]), kubectl: line.done(), done: "restarted".into() };
        draft.plan.kubectl.push(what.kubectl.clone());
        let body = json!({"spec": {"template": {"metadata": {"annotations": {KEY: at}}}}});
        draft.step(merge(target, body, &what).waiting(Wait::Until(rollout)));
    }
    draft.finish(format!("restart {}", those(&asked.targets)))
}

fn hold(asked: &Asked, facts: &Facts, pause: bool) -> Plan {
    let (verb, done) = if pause { ("pause", "paused") } else { ("resume", "resumed") };
    let mut draft = Draft::new(asked, Class::Reversible);
    for target in &asked.targets {
        let Some(object) = draft.target(facts, target) else { continue };
        if Workload::of(object).paused == pause {
            draft.item(subject(target), "as it is", if pause { "paused already" } else { "not paused" }, Role::Dim);
            continue;
        }
        draft.item(subject(target), verb, "", Role::RowBusy);
        draft.reverts(reverts(object, &["spec", "paused"]));
        let words = format!("rollout {verb}");
        let line = Line::new(&asked.place).namespace(&target.namespace).words(&words).object(target);
        let value = if pause { "true" } else { "false" };
        let what =
            What { step: verb, fields: fields([("spec.paused", value)]), kubectl: line.done(), done: done.into() };
        draft.plan.kubectl.push(what.kubectl.clone());
        // As kubectl: the field is taken away, not set to false.
        let wanted = if pause { Value::Bool(true) } else { Value::Null };
        draft.step(merge(target, json!({"spec": {"paused": wanted}}), &what));
    }
    draft.finish(format!("{verb} the rollout of {}", those(&asked.targets)))
}
