//! Any kind: metadata, conditions, and status fields that are short enough to say.

use super::write::Writer;
use serde_json::Value;

pub(super) fn describe(out: &mut Writer, value: &Value) {
    out.metadata(value);
    for part in ["spec", "status"] {
        let Some(map) = value[part].as_object() else { continue };
        let short: Vec<_> = map.iter().filter_map(|(k, v)| Some((k, scalar(v)?))).collect();
        if !short.is_empty() {
            out.title(if part == "spec" { "Spec" } else { "Status" });
        }
        for (k, v) in short {
            out.pair(1, k, &v);
        }
    }
    out.conditions(&value["status"], |kind| match kind {
        "ReplicaFailure" | "Failed" | "Stalled" => "False",
        _ => "True",
    });
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(s) => Some(s.clone()),
        Value::Number(n) => Some(n.to_string()),
        Value::Bool(b) => Some(b.to_string()),
        _ => None,
    }
}
