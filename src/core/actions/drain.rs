//! Draining nodes.

use super::common::{node, right, right_on};
use super::cordon;
use crate::core::act::{Action, Reach};
use crate::core::commands::CommandSpec;
use crate::core::plan::drain;

pub(super) const DRAIN: Action = Action {
    spec: CommandSpec {
        id: "drain",
        title: "drain",
        doc: "Cordon the node and evict its pods, budget by budget, on a board that shows each of them.",
    },
    reach: Reach::Many,
    applies: node,
    rights: |kind| {
        vec![
            right("get", kind, ""),
            right("list", kind, ""),
            right("patch", kind, ""),
            right_on("list", "pods", false),
            right_on("create", "pods/eviction", false),
            right_on("list", "poddisruptionbudgets.policy", false),
        ]
    },
    reads: drain::reads,
    form: |asked, facts| drain::form(asked.targets.len(), &drain::pods(asked, facts)),
    plan: |asked, facts| drain::plan(asked, facts, |node| cordon::step(asked, node, true)),
};
