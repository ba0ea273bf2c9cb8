//! Taints of nodes.

use super::common::{node, right_on, to_patch};
use crate::core::act::{Action, Asked, Class, Entry, Facts, Field, Form, Given, Plan, Reach, Read};
use crate::core::cluster::Cluster;
use crate::core::commands::CommandSpec;
use crate::core::facts::{Node, Taint};
use crate::core::plan::taint::{Change, PENDING, common, parse_all, plan};
use crate::core::plan::{Draft, fields, pods_of};

pub(super) const TAINT: Action = Action {
    spec: CommandSpec {
        id: "taint",
        title: "taints",
        doc: "Add, change and remove taints, and see which pods they delete or let in.",
    },
    reach: Reach::Many,
    applies: node,
    rights: |kind| [to_patch(kind), vec![right_on("list", "pods", false)]].concat(),
    reads,
    form,
    plan: |asked, facts| match parse_all(asked.values.lines("taints")) {
        Ok(wanted) => {
            let overwrite = asked.values.flag("overwrite");
            plan(asked, facts, &Change::between(&common(asked, facts), &wanted, overwrite))
        }
        Err(why) => {
            let mut draft = Draft::new(asked, Class::Reversible);
            draft.block("", why);
            draft.finish("taint")
        }
    },
};

pub(super) const OUT_OF_SERVICE: Action = Action {
    spec: CommandSpec {
        id: "out_of_service",
        title: "out of service",
        doc: "Declare a dead node's machine off: its pods are deleted at once and their volumes detached.",
    },
    reach: Reach::One,
    applies: node,
    rights: |kind| [to_patch(kind), vec![right_on("list", "pods", false)]].concat(),
    reads,
    form: super::common::no_form,
    plan: out_of_service,
};

fn reads(asked: &Asked, _: &Facts, cluster: &Cluster) -> Vec<Read> {
    let mut out: Vec<_> = asked.targets.iter().cloned().map(Read::Object).collect();
    if let Some(pods) = cluster.kind("pods") {
        out.extend(asked.targets.iter().map(|t| pods_of(pods.clone(), &t.name)));
        out.push(Read::List { kind: pods, namespace: None, fields: PENDING.into(), labels: "".into() });
    }
    out
}

fn form(asked: &Asked, facts: &Facts) -> Form {
    let shared = common(asked, facts);
    let beside =
        shared.iter().filter_map(|t| Some((t.to_string(), format!("will come back: {} sets it", t.keeper()?))));
    let mut form = Form {
        fields: vec![Field {
            id: "taints",
            label: "taints".into(),
            help: "One a line: key=value:Effect or key:Effect; NoSchedule, PreferNoSchedule or NoExecute.".into(),
            entry: Entry::Lines(beside.collect()),
            first: Given::Lines(shared.iter().map(Taint::to_string).collect()),
            check: |given, _| match given {
                Given::Lines(lines) => parse_all(lines).map(|_| ()),
                _ => Ok(()),
            },
        }],
        notes: Vec::new(),
    };
    if asked.targets.len() > 1 {
        form.notes.push("Taints that all of these nodes have; what only some have stays as it is.".into());
        let help = "Replace a taint of the same key and effect that only some of the nodes have.";
        form.fields.push(fields::switch("overwrite", "overwrite", help, false));
    }
    form
}

/// Deletes what a dead node holds; of a living one it would delete what runs.
fn out_of_service(asked: &Asked, facts: &Facts) -> Plan {
    let taint = Taint {
        key: "node.kubernetes.io/out-of-service".into(),
        value: "nodeshutdown".into(),
        effect: "NoExecute".into(),
    };
    let mut made = plan(asked, facts, &Change { add: vec![taint], overwrite: true, ..Change::default() });
    made.class = Class::Irreversible;
    made.warnings.insert(
        0,
        "only if the machine is surely off: what still runs there runs on beside its replacement, on the same volumes"
            .into(),
    );
    made.warnings.push("take the taint off again once the node is back".into());
    for target in &asked.targets {
        if facts.object(target).is_some_and(|o| Node::of(o).ready) {
            let (subject, reason) = (target.name.to_string(), "is ready, so its machine is on; drain it".to_owned());
            made.blockers.push(crate::core::act::Blocker { subject, reason });
            made.seed = None;
        }
    }
    made
}
