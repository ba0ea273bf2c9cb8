//! A workload: how many it wants, how many it has, and how its rollout stands.

use super::{Meta, list, matching, text};
use crate::core::query::Selector;
use serde_json::Value;

/// A Deployment, `StatefulSet`, `DaemonSet`, `ReplicaSet` or anything alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workload {
    /// `Deployment`.
    pub kind: String,
    /// Its metadata.
    pub meta: Meta,
    /// How many it wants.
    pub wanted: i64,
    /// How many are ready.
    pub ready: i64,
    /// Whether its rollout is held (Deployments).
    pub paused: bool,
    /// `RollingUpdate`, `Recreate`, `OnDelete`.
    pub strategy: String,
    /// Below this ordinal the pods keep their old template (`StatefulSets`).
    pub partition: i64,
    /// Whose pods they are.
    pub selector: Option<Selector>,
    /// The number of its present template (Deployments: the annotation).
    pub revision: i64,
}

/// A whole number of an object; 0 where there is none.
#[must_use]
pub fn count(value: &Value) -> i64 {
    value.as_i64().unwrap_or(0)
}

impl Workload {
    /// Of an object.
    #[must_use]
    pub fn of(object: &Value) -> Self {
        let (spec, status) = (&object["spec"], &object["status"]);
        let daemons = text(&object["kind"]) == "DaemonSet";
        let strategy = [&spec["strategy"]["type"], &spec["updateStrategy"]["type"]];
        let revision = &object["metadata"]["annotations"]["deployment.kubernetes.io/revision"];
        Self {
            kind: text(&object["kind"]).into(),
            meta: Meta::of(object),
            wanted: if daemons {
                count(&status["desiredNumberScheduled"])
            } else {
                spec["replicas"].as_i64().unwrap_or(1)
            },
            ready: count(&status[if daemons { "numberReady" } else { "readyReplicas" }]),
            paused: spec["paused"].as_bool() == Some(true),
            strategy: strategy.iter().map(|s| text(s)).find(|s| !s.is_empty()).unwrap_or("").into(),
            partition: count(&spec["updateStrategy"]["rollingUpdate"]["partition"]),
            selector: matching(&spec["selector"]),
            revision: text(revision).parse().unwrap_or(0),
        }
    }

    /// Names of its containers with their images, init containers first as in the spec.
    #[must_use]
    pub fn images(template: &Value) -> Vec<(String, String)> {
        let spec = &template["spec"];
        let all = list(&spec["initContainers"]).iter().chain(list(&spec["containers"]));
        all.map(|c| (text(&c["name"]).to_owned(), text(&c["image"]).to_owned())).collect()
    }
}
