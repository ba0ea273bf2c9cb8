//! Reading JSON without fear of what is missing.

use serde_json::Value;

/// A text; empty where there is none.
#[must_use]
pub fn text(value: &Value) -> &str {
    value.as_str().unwrap_or("")
}

/// A list; empty where there is none.
#[must_use]
pub fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// Whether a merge patch (RFC 7386) would change nothing: the object has all it sets
/// and lacks all it removes. A list whose items have names is compared name by name, as a
/// strategic merge patch has it.
#[must_use]
pub fn contains(object: &Value, patch: &Value) -> bool {
    match patch {
        Value::Null => object.is_null(),
        Value::Object(fields) => fields.iter().all(|(k, v)| contains(&object[k.as_str()], v)),
        Value::Array(items) if items.iter().all(|i| i["name"].is_string()) => {
            let all = list(object);
            items.iter().all(|i| all.iter().any(|o| o["name"] == i["name"] && contains(o, i)))
        }
        other => object == other,
    }
}
