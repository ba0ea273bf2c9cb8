//! A node: what it gives and what keeps pods away.

use super::{Meta, Room, Taint, list, moment, text};
use serde_json::Value;

/// A node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Its metadata.
    pub meta: Meta,
    /// Whether it is cordoned.
    pub cordoned: bool,
    /// Its taints, in its order.
    pub taints: Vec<Taint>,
    /// Whether its kubelet says it is ready.
    pub ready: bool,
    /// Why it is not: the condition's reason and message.
    pub why: String,
    /// Since when (Unix ms).
    pub since: Option<i64>,
    /// What it can give to pods.
    pub gives: Room,
}

impl Node {
    /// Of an object.
    #[must_use]
    pub fn of(node: &Value) -> Self {
        let ready = list(&node["status"]["conditions"]).iter().find(|c| text(&c["type"]) == "Ready");
        let why = ready.map(|c| format!("{}: {}", text(&c["reason"]), text(&c["message"])));
        Self {
            meta: Meta::of(node),
            cordoned: node["spec"]["unschedulable"].as_bool() == Some(true),
            taints: Taint::all(&node["spec"]),
            ready: ready.is_some_and(|c| text(&c["status"]) == "True"),
            why: why.unwrap_or_else(|| "has never said that it is ready".into()),
            since: ready.and_then(|c| moment(&c["lastTransitionTime"])),
            gives: Room::of(&node["status"]["allocatable"]),
        }
    }

    /// Whether it has a label of that value.
    #[must_use]
    pub fn has(&self, key: &str, value: &str) -> bool {
        crate::core::store::label_in(&self.meta.labels, key) == Some(value)
    }
}
