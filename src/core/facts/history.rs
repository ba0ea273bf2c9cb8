//! The revisions of a workload: `ReplicaSets` of a Deployment, `ControllerRevisions` of the others.

use super::{Meta, Workload, count, moment, text};
use crate::core::kind::Kind;
use serde_json::Value;

/// What holds the revisions of a kind.
#[must_use]
pub fn history(kind: &Kind) -> &'static str {
    if kind.plural.as_ref() == "deployments" { "replicasets.apps" } else { "controllerrevisions.apps" }
}

/// A revision.
#[derive(Debug, Clone, Copy)]
pub struct Revision<'a> {
    /// Its number; a later one is greater.
    pub number: i64,
    /// The pod template.
    pub template: &'a Value,
    /// What holds it.
    pub object: &'a Value,
}

impl<'a> Revision<'a> {
    /// Of an object that holds one of a workload, if it does.
    #[must_use]
    pub fn of(object: &'a Value, workload: &str) -> Option<Self> {
        Meta::of(object).controller().filter(|o| o.uid == workload)?;
        if text(&object["kind"]) == "ControllerRevision" {
            let template = &object["data"]["spec"]["template"];
            return Some(Self { number: count(&object["revision"]), template, object });
        }
        let number = text(&object["metadata"]["annotations"]["deployment.kubernetes.io/revision"]);
        Some(Self { number: number.parse().ok()?, template: &object["spec"]["template"], object })
    }

    /// All of a workload, the newest first.
    #[must_use]
    pub fn all(objects: &'a [Value], workload: &str) -> Vec<Self> {
        let mut all: Vec<_> = objects.iter().filter_map(|o| Self::of(o, workload)).collect();
        all.sort_by_key(|r| std::cmp::Reverse(r.number));
        all
    }

    /// The name of what holds it.
    #[must_use]
    pub fn name(&self) -> &'a str {
        text(&self.object["metadata"]["name"])
    }

    /// Why it was made, if somebody said so.
    #[must_use]
    pub fn cause(&self) -> &'a str {
        text(&self.object["metadata"]["annotations"]["kubernetes.io/change-cause"])
    }

    /// When it was made (Unix ms).
    #[must_use]
    pub fn made(&self) -> Option<i64> {
        moment(&self.object["metadata"]["creationTimestamp"])
    }

    /// Its images, in the order of its containers.
    #[must_use]
    pub fn images(&self) -> String {
        Workload::images(self.template).into_iter().map(|(_, image)| image).collect::<Vec<_>>().join(" ")
    }

    /// `3  web:3  what for`.
    #[must_use]
    pub fn words(&self) -> String {
        format!("{}  {}  {}", self.number, self.images(), self.cause()).trim_end().to_owned()
    }

    /// Its template as it is compared; see [`bare`].
    #[must_use]
    pub fn bare(&self) -> Value {
        bare(self.template)
    }
}

/// A template without what its controller adds: the hash label, the mark of a patch.
#[must_use]
pub fn bare(template: &Value) -> Value {
    let mut t = template.clone();
    if let Some(map) = t.as_object_mut() {
        map.shift_remove("$patch");
    }
    if let Some(labels) = t.pointer_mut("/metadata/labels").and_then(Value::as_object_mut) {
        labels.shift_remove("pod-template-hash");
    }
    if let Some(meta) = t.get_mut("metadata").and_then(Value::as_object_mut) {
        meta.retain(|_, v| !v.is_null() && v.as_object().is_none_or(|m| !m.is_empty()));
    }
    t
}
