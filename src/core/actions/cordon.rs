//! Taking nodes out of service for new pods, and back.

use super::common::{What, fields, merge, no_form, node, targets, to_patch};
use crate::core::act::{Action, Asked, Class, Facts, Plan, Reach};
use crate::core::commands::CommandSpec;
use crate::core::job::Step;
use crate::core::kind::ObjectRef;
use crate::core::plan::{Draft, Line, those};
use crate::core::role::Role;
use serde_json::{Value, json};

pub(super) const CORDON: Action = Action {
    spec: CommandSpec {
        id: "cordon",
        title: "cordon",
        doc: "Let no new pods onto the node; those that are there stay.",
    },
    reach: Reach::Many,
    applies: node,
    rights: to_patch,
    reads: targets,
    form: no_form,
    plan: |asked, facts| plan(asked, facts, true),
};

pub(super) const UNCORDON: Action = Action {
    spec: CommandSpec { id: "uncordon", title: "uncordon", doc: "Let new pods onto the node again." },
    reach: Reach::Many,
    applies: node,
    rights: to_patch,
    reads: targets,
    form: no_form,
    plan: |asked, facts| plan(asked, facts, false),
};

fn plan(asked: &Asked, facts: &Facts, cordon: bool) -> Plan {
    let (verb, done) = if cordon { ("cordon", "cordoned") } else { ("uncordon", "uncordoned") };
    let mut draft = Draft::new(asked, Class::Reversible);
    let mut line = Line::new(&asked.place).word(verb);
    for target in &asked.targets {
        let Some(object) = draft.target(facts, target) else { continue };
        if (object["spec"]["unschedulable"].as_bool() == Some(true)) == cordon {
            draft.item(target.name.as_ref(), "as it is", format!("already {done}"), Role::Dim);
            continue;
        }
        draft.item(target.name.as_ref(), verb, "", Role::RowBusy);
        line = line.word(&target.name);
        draft.step(step(asked, target, cordon));
    }
    if !draft.is_idle() {
        draft.plan.kubectl.push(line.done());
    }
    draft.finish(format!("{verb} {}", those(&asked.targets)))
}

/// What cordons a node, or takes that back.
pub(super) fn step(asked: &Asked, node: &ObjectRef, cordon: bool) -> Step {
    let (verb, done) = if cordon { ("cordon", "cordoned") } else { ("uncordon", "uncordoned") };
    // As kubectl: the field is taken away, not set to false.
    let wanted = if cordon { Value::Bool(true) } else { Value::Null };
    let what = What {
        step: verb,
        fields: fields([("spec.unschedulable", if cordon { "true" } else { "false" })]),
        kubectl: Line::new(&asked.place).word(verb).word(&node.name).done(),
        done: done.into(),
    };
    merge(node, json!({"spec": {"unschedulable": wanted}}), &what)
}
