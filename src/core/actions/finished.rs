//! Sweeping up pods that have ended.

use super::common::{What, fields, is, right_on};
use crate::core::act::{Action, Asked, Class, Facts, Plan, Reach, Read, calls};
use crate::core::cluster::Cluster;
use crate::core::commands::CommandSpec;
use crate::core::facts::Pod;
use crate::core::kind::{Kind, ObjectRef};
use crate::core::plan::{self, Draft, Line, subject};
use crate::core::role::Role;
use std::collections::BTreeSet;
use std::sync::Arc;

pub(super) const DELETE_FINISHED: Action = Action {
    spec: CommandSpec {
        id: "delete_finished",
        title: "delete finished",
        doc: "Delete all pods that have ended, well or not, in the namespaces of the chosen objects.",
    },
    reach: Reach::Many,
    applies: |kind| is(kind, "", "pods") || is(kind, "", "namespaces"),
    rights: |_| vec![right_on("list", "pods", true), right_on("delete", "pods", true)],
    reads,
    form: super::common::no_form,
    plan: make,
};

const PHASES: [&str; 2] = ["status.phase=Succeeded", "status.phase=Failed"];

fn spaces(asked: &Asked) -> BTreeSet<Arc<str>> {
    let space = |t: &ObjectRef| if is(&t.kind, "", "namespaces") { t.name.clone() } else { t.namespace.clone() };
    asked.targets.iter().map(space).collect()
}

fn reads(asked: &Asked, _: &Facts, cluster: &Cluster) -> Vec<Read> {
    let Some(pods) = cluster.kind("pods") else { return Vec::new() };
    let list = |ns: &Arc<str>, fields: &str| Read::List {
        kind: pods.clone(),
        namespace: Some(ns.clone()),
        fields: fields.into(),
        labels: "".into(),
    };
    spaces(asked).iter().flat_map(|ns| PHASES.map(|f| list(ns, f))).collect()
}

fn make(asked: &Asked, facts: &Facts) -> Plan {
    let mut draft = Draft::new(asked, Class::Irreversible);
    let mut made_anew = true;
    for ns in spaces(asked) {
        for phase in PHASES {
            match plan::listed(facts, "pods", Some(&ns), phase) {
                Some(Ok((kind, items))) => {
                    for pod in items.iter().map(Pod::of).filter(|p| p.finished() && p.meta.deletion.is_none()) {
                        made_anew &= pod.meta.controller().is_some();
                        one(&mut draft, asked, kind, &pod);
                    }
                    let line = Line::new(&asked.place).namespace(&ns).words("delete pods");
                    draft.plan.kubectl.push(line.word(&format!("--field-selector={phase}")).done());
                }
                Some(Err(why)) => draft.block(ns.as_ref(), format!("its pods cannot be listed: {why}")),
                None => draft.block(ns.as_ref(), "its pods were not listed"),
            }
        }
    }
    if draft.is_idle() {
        draft.plan.kubectl.clear();
    }
    if made_anew {
        draft.plan.class = Class::Disruptive;
    }
    let mut names = spaces(asked).into_iter().map(|ns| ns.to_string());
    draft.plan.name = names.next().unwrap_or_default();
    draft.warn("their logs go with them");
    draft.finish(format!("delete finished pods in {}", spaces(asked).into_iter().collect::<Vec<_>>().join(", ")))
}

fn one(draft: &mut Draft, asked: &Asked, kind: &Arc<Kind>, pod: &Pod) {
    let target = ObjectRef {
        cluster: asked.place.cluster,
        kind: kind.clone(),
        namespace: pod.meta.namespace.as_str().into(),
        name: pod.meta.name.as_str().into(),
        uid: Some(pod.meta.id()),
    };
    let owner = pod.meta.controller().map(|o| format!("of {} {}", o.kind, o.name)).unwrap_or_default();
    draft.item(subject(&target), format!("delete ({})", pod.phase), owner, Role::RowWarn);
    let what = What {
        step: "delete",
        fields: fields([("phase", &pod.phase)]),
        kubectl: Line::new(&asked.place).namespace(&target.namespace).word("delete").object(&target).done(),
        done: "deleted".into(),
    };
    draft.step(what.removal(&target, calls::delete(&target, None, Some("Background"))));
}
