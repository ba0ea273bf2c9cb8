//! Horizontal autoscalers and quotas: what fights or refuses a new count.

use super::{Room, count, text};
use serde_json::Value;

/// A `HorizontalPodAutoscaler`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Autoscaler {
    /// Its name.
    pub name: String,
    /// Kind and name of what it scales.
    pub target: (String, String),
    /// The fewest it keeps.
    pub min: i64,
    /// The most it keeps.
    pub max: i64,
}

impl Autoscaler {
    /// Of an object.
    #[must_use]
    pub fn of(object: &Value) -> Self {
        let spec = &object["spec"];
        let target = &spec["scaleTargetRef"];
        Self {
            name: text(&object["metadata"]["name"]).into(),
            target: (text(&target["kind"]).into(), text(&target["name"]).into()),
            min: spec["minReplicas"].as_i64().unwrap_or(1),
            max: count(&spec["maxReplicas"]),
        }
    }
}

/// What a `ResourceQuota` has no room for, if `more` pods that ask for this came: its words.
#[must_use]
pub fn over_quota(quota: &Value, asks: &Room, more: i64) -> Vec<String> {
    let (hard, used) = (Room::of(&quota["status"]["hard"]), Room::of(&quota["status"]["used"]));
    let name = text(&quota["metadata"]["name"]);
    let mut out = Vec::new();
    for (resource, limit) in &hard.0 {
        let key = resource.strip_prefix("requests.").unwrap_or(resource);
        let key = if key == "count/pods" { "pods" } else { key };
        let Some(ask) = asks.0.get(key).filter(|_| !resource.starts_with("limits.")) else { continue };
        let used = used.0.get(resource).copied().unwrap_or_default();
        let wanted = used.nanos().saturating_add(ask.nanos().saturating_mul(more.into()));
        if wanted > limit.nanos() {
            out.push(format!(
                "quota {name} has {used} of {limit} {resource} in use and will refuse some of {more} more"
            ));
        }
    }
    out
}
