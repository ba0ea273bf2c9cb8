//! What every object says of itself.

use super::{list, text};
use crate::core::uid::Uid;
use serde_json::Value;

/// An entry of `ownerReferences`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// `apps/v1`.
    pub api_version: String,
    /// `ReplicaSet`.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Its uid as written.
    pub uid: String,
    /// Whether it is the one that manages the object.
    pub controller: bool,
}

/// Metadata.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Meta {
    /// Empty for cluster-scoped kinds.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Its uid as written, to be sent back.
    pub uid: String,
    /// What it was when it was read.
    pub resource_version: String,
    /// `k=v,k=v`, as selectors match it.
    pub labels: String,
    /// When it was asked to go (Unix ms).
    pub deletion: Option<i64>,
    /// Seconds of grace it was given then.
    pub grace: Option<i64>,
    /// What holds it.
    pub finalizers: Vec<String>,
    /// All its owners.
    pub owners: Vec<Owner>,
}

impl Meta {
    /// Of an object.
    #[must_use]
    pub fn of(object: &Value) -> Self {
        let m = &object["metadata"];
        Self {
            namespace: text(&m["namespace"]).to_owned(),
            name: text(&m["name"]).to_owned(),
            uid: text(&m["uid"]).to_owned(),
            resource_version: text(&m["resourceVersion"]).to_owned(),
            labels: labels(&m["labels"]),
            deletion: moment(&m["deletionTimestamp"]),
            grace: m["deletionGracePeriodSeconds"].as_i64(),
            finalizers: list(&m["finalizers"]).iter().map(|f| text(f).to_owned()).collect(),
            owners: list(&m["ownerReferences"]).iter().map(owner).collect(),
        }
    }

    /// The owner that manages it.
    #[must_use]
    pub fn controller(&self) -> Option<&Owner> {
        self.owners.iter().find(|o| o.controller)
    }

    /// Its identity.
    #[must_use]
    pub fn id(&self) -> Uid {
        Uid::parse(&self.uid)
    }
}

fn owner(o: &Value) -> Owner {
    Owner {
        api_version: text(&o["apiVersion"]).to_owned(),
        kind: text(&o["kind"]).to_owned(),
        name: text(&o["name"]).to_owned(),
        uid: text(&o["uid"]).to_owned(),
        controller: o["controller"].as_bool() == Some(true),
    }
}

/// A map of labels as `k=v,k=v`; values hold no comma.
#[must_use]
pub fn labels(map: &Value) -> String {
    let pairs = map.as_object().into_iter().flatten().map(|(k, v)| format!("{k}={}", text(v)));
    pairs.collect::<Vec<_>>().join(",")
}

/// A timestamp in Unix milliseconds.
#[must_use]
pub fn moment(value: &Value) -> Option<i64> {
    value.as_str()?.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_millisecond)
}
