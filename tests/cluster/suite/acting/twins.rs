//! Two objects that are equal, one changed by keys and one by kubectl, and equal afterwards.

use crate::judged::kubectl;
use serde_json::Value;

/// What an object is but for its own name, what the server numbers, and when things happened.
fn plain(value: &Value, own: &str) -> Value {
    const NUMBERED: &[&str] = &["uid", "resourceVersion", "managedFields", "creationTimestamp", "status"];
    match value {
        Value::Object(map) => {
            let kept = map.iter().filter(|(k, _)| !NUMBERED.contains(&k.as_str()));
            let mut out: Vec<_> = kept.map(|(k, v)| (k.replace(own, "OWN"), plain(v, own))).collect();
            out.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(out.into_iter().collect())
        }
        Value::Array(all) => Value::Array(all.iter().map(|v| plain(v, own)).collect()),
        Value::String(s) if moment(s) => "MOMENT".into(),
        Value::String(s) => s.replace(own, "OWN").into(),
        other => other.clone(),
    }
}

/// `2026-01-01T00:00:00Z`, or with an offset.
fn moment(s: &str) -> bool {
    let b = s.as_bytes();
    s.len() >= 20
        && b[4] == b'-'
        && b[10] == b'T'
        && b[13] == b':'
        && s.ends_with(|c: char| c == 'Z' || c.is_ascii_digit())
}

/// An object as it is.
pub fn object(kind: &str, name: &str, scope: &[&str]) -> Value {
    let args: Vec<&str> = ["get", kind, name, "-o", "json"].iter().chain(scope).copied().collect();
    serde_json::from_str(&kubectl(&args)).expect("kubectl prints JSON")
}

/// All objects of a kind.
pub fn objects(kind: &str, scope: &[&str]) -> Vec<Value> {
    let args: Vec<&str> = ["get", kind, "-o", "json"].iter().chain(scope).copied().collect();
    let list: Value = serde_json::from_str(&kubectl(&args)).expect("kubectl prints JSON");
    list["items"].as_array().cloned().expect("a list")
}

/// Whether two objects whose names end in `-qd` and `-kc` are equal but for that.
pub fn equal(kind: &str, name: &str, scope: &[&str]) {
    let (qd, kc) = (format!("{name}-qd"), format!("{name}-kc"));
    let ours = plain(&object(kind, &qd, scope), "-qd");
    let theirs = plain(&object(kind, &kc, scope), "-kc");
    let pretty = |v: &Value| serde_json::to_string_pretty(v).unwrap_or_default();
    assert_eq!(ours, theirs, "{kind} {qd} is\n{}\nand {kc} is\n{}", pretty(&ours), pretty(&theirs));
}
