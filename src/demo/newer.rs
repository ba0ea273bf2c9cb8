//! `events.k8s.io`: the events of the core group under the names of their newer form. They are stored once.

use serde_json::{Map, Value};

use super::kinds::Face;

/// Names of the core group and of the newer form; all others are the same in both.
const NAMES: &[(&str, &str)] = &[
    ("involvedObject", "regarding"),
    ("message", "note"),
    ("reportingComponent", "reportingController"),
    ("source", "deprecatedSource"),
    ("firstTimestamp", "deprecatedFirstTimestamp"),
    ("lastTimestamp", "deprecatedLastTimestamp"),
    ("count", "deprecatedCount"),
];

/// Events in their newer form.
pub(crate) const EVENTS: Face = Face { of: super::kinds::EVENTS, shown, kept };

fn renamed(object: Value, name: impl Fn(&str) -> Option<&'static str>) -> Value {
    let Value::Object(fields) = object else { return object };
    let all: Map<String, Value> = fields.into_iter().map(|(k, v)| (name(&k).map_or(k, str::to_owned), v)).collect();
    Value::Object(all)
}

fn shown(object: Value) -> Value {
    renamed(object, |key| NAMES.iter().find(|(core, _)| *core == key).map(|(_, newer)| *newer))
}

fn kept(object: Value) -> Value {
    renamed(object, |key| NAMES.iter().find(|(_, newer)| *newer == key).map(|(core, _)| *core))
}
