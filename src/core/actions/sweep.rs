//! Sweeping up what debugging has left behind.

use super::common::{What, fields, is, no_form, right_on, targets};
use crate::core::act::{Action, Asked, Class, Facts, Plan, Reach, calls};
use crate::core::commands::CommandSpec;
use crate::core::debug::left;
use crate::core::facts::Pod;
use crate::core::kind::ObjectRef;
use crate::core::plan::{Draft, Line, subject, those};
use crate::core::role::Role;

pub(super) const SWEEP: Action = Action {
    spec: CommandSpec {
        id: "sweep",
        title: "sweep",
        doc: "Remove pods that debugging made: qd's own, and those that kubectl debug leaves behind. No others.",
    },
    reach: Reach::Many,
    applies: |kind| is(kind, "", "pods"),
    rights: |_| vec![right_on("get", "pods", true), right_on("delete", "pods", true)],
    reads: targets,
    form: no_form,
    plan: make,
};

fn make(asked: &Asked, facts: &Facts) -> Plan {
    let mut draft = Draft::new(asked, Class::Reversible);
    for target in &asked.targets {
        let Some(object) = draft.target(facts, target) else { continue };
        let about = subject(target);
        let Some(found) = left(object) else {
            draft.block(about, "was not made to debug, by all that it says of itself");
            continue;
        };
        let pod = Pod::of(object);
        if !pod.finished() {
            draft.at_least(Class::Disruptive);
            draft.warn(format!("{about} has not ended: somebody may sit in it"));
        }
        draft.item(about, "remove", format!("{} of {}, {}", found.what(), found.by(), pod.phase), Role::RowWarn);
        // Its name may be all that is known of it.
        let target = &ObjectRef { uid: Some(pod.meta.id()), ..target.clone() };
        let line = Line::new(&asked.place).namespace(&target.namespace).words("delete pod").word(&target.name);
        let kubectl = line.word("--now").done();
        draft.plan.kubectl.push(kubectl.clone());
        let what = What { step: "sweep", fields: fields([("what", found.what())]), kubectl, done: "removed".into() };
        draft.step(what.removal(target, calls::delete(target, Some(1), None)));
    }
    draft.finish(format!("sweep {}", those(&asked.targets)))
}
