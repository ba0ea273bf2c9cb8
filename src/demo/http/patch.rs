//! Patches: merge, strategic merge (lists by their keys) and JSON patch.

use serde_json::{Value, json};

use super::super::object::text;
use super::super::status::{Outcome, Problem};
use super::server::Ask;

/// The merge keys of lists that strategic patches know, by the list's name.
const MERGE_KEYS: &[(&str, &[&str])] = &[
    ("containers", &["name"]),
    ("initContainers", &["name"]),
    ("ephemeralContainers", &["name"]),
    ("volumes", &["name"]),
    ("env", &["name"]),
    ("volumeMounts", &["mountPath"]),
    ("ports", &["containerPort", "port"]),
    ("conditions", &["type"]),
    ("addresses", &["type"]),
    ("taints", &["key"]),
    ("ownerReferences", &["uid"]),
    ("imagePullSecrets", &["name"]),
    ("topologySpreadConstraints", &["topologyKey"]),
];

/// The object after the request's patch.
pub(super) fn apply(object: &Value, ask: &Ask) -> Outcome<Value> {
    let mut after = object.clone();
    let media = ask.content_type.split(';').next().unwrap_or("").trim();
    let patch: Value =
        serde_json::from_slice(&ask.body).map_err(|e| Problem::bad_request(format!("error decoding patch: {e}")))?;
    match media {
        "application/merge-patch+json" => merge(&mut after, &patch),
        "application/strategic-merge-patch+json" => strategic(&mut after, &patch, ""),
        "application/json-patch+json" => steps(&mut after, &patch)?,
        "application/apply-patch+yaml" | "application/apply-patch+json" => {
            let mut patch = patch;
            for key in ["kind", "apiVersion"] {
                super::super::object::remove(&mut patch, key);
            }
            strategic(&mut after, &patch, "");
        }
        _ => return Err(Problem::unsupported_patch()),
    }
    Ok(after)
}

/// RFC 7386.
pub(super) fn merge(into: &mut Value, patch: &Value) {
    let Value::Object(fields) = patch else {
        *into = patch.clone();
        return;
    };
    if !into.is_object() {
        *into = json!({});
    }
    if let Value::Object(map) = into {
        for (key, value) in fields {
            if value.is_null() {
                map.shift_remove(key);
            } else {
                merge(map.entry(key.as_str()).or_insert(Value::Null), value);
            }
        }
    }
}

fn strategic(into: &mut Value, patch: &Value, name: &str) {
    match patch {
        Value::Object(fields) => {
            if text(patch, "$patch") == "replace" {
                let mut whole = patch.clone();
                super::super::object::remove(&mut whole, "$patch");
                *into = whole;
                return;
            }
            if !into.is_object() {
                *into = json!({});
            }
            let Value::Object(map) = into else { return };
            for (key, value) in fields {
                if let Some(list) = key.strip_prefix("$deleteFromPrimitiveList/") {
                    if let (Some(Value::Array(has)), Value::Array(drop)) = (map.get_mut(list), value) {
                        has.retain(|v| !drop.contains(v));
                    }
                } else if key.starts_with('$') {
                    // Orders and retained keys do not matter to what the actions touch.
                } else if value.is_null() {
                    map.shift_remove(key);
                } else {
                    strategic(map.entry(key.as_str()).or_insert(Value::Null), value, key);
                }
            }
        }
        Value::Array(items) => match merge_key(name, items) {
            Some(key) => by_key(into, items, key),
            None if name == "finalizers" => {
                let mut all = into.as_array().cloned().unwrap_or_default();
                all.extend(items.iter().filter(|i| !all.contains(i)).cloned().collect::<Vec<_>>());
                *into = Value::Array(all);
            }
            None => *into = patch.clone(),
        },
        other => *into = other.clone(),
    }
}

fn merge_key(name: &str, items: &[Value]) -> Option<&'static str> {
    let keys = MERGE_KEYS.iter().find(|(list, _)| *list == name)?.1;
    // Taints are atomic in a strategic patch: their list is replaced as kubectl sends it.
    if name == "taints" {
        return None;
    }
    keys.iter().copied().find(|k| items.iter().all(|i| i.get(*k).is_some() || i.get("$patch").is_some()))
}

fn by_key(into: &mut Value, items: &[Value], key: &str) {
    let mut all = into.as_array().cloned().unwrap_or_default();
    if items.iter().any(|i| text(i, "$patch") == "replace") {
        all.clear();
    }
    for item in items {
        match (text(item, "$patch"), all.iter().position(|has| has.get(key) == item.get(key))) {
            ("delete", Some(at)) => _ = all.remove(at),
            ("delete" | "replace", _) => {}
            (_, Some(at)) => strategic(&mut all[at], item, ""),
            (_, None) => all.push(item.clone()),
        }
    }
    *into = Value::Array(all);
}

/// RFC 6902.
fn steps(object: &mut Value, patch: &Value) -> Outcome<()> {
    let bad = Problem::invalid_patch;
    for step in patch.as_array().ok_or_else(bad)? {
        let (op, path) = (text(step, "op"), text(step, "path"));
        match op {
            "test" => {
                if object.pointer(path).unwrap_or(&Value::Null) != &step["value"] {
                    return Err(bad());
                }
            }
            "remove" => _ = take(object, path).ok_or_else(bad)?,
            "replace" => *object.pointer_mut(path).ok_or_else(bad)? = step["value"].clone(),
            "add" => add(object, path, step["value"].clone()).ok_or_else(bad)?,
            "move" => {
                let value = take(object, text(step, "from")).ok_or_else(bad)?;
                add(object, path, value).ok_or_else(bad)?;
            }
            "copy" => {
                let value = object.pointer(text(step, "from")).cloned().ok_or_else(bad)?;
                add(object, path, value).ok_or_else(bad)?;
            }
            _ => return Err(bad()),
        }
    }
    Ok(())
}

fn split(path: &str) -> Option<(&str, String)> {
    let (parent, key) = path.rsplit_once('/')?;
    Some((parent, key.replace("~1", "/").replace("~0", "~")))
}

fn take(object: &mut Value, path: &str) -> Option<Value> {
    let (parent, key) = split(path)?;
    match object.pointer_mut(parent)? {
        Value::Object(map) => map.shift_remove(&key),
        Value::Array(list) => key.parse::<usize>().ok().filter(|i| *i < list.len()).map(|i| list.remove(i)),
        _ => None,
    }
}

fn add(object: &mut Value, path: &str, value: Value) -> Option<()> {
    let (parent, key) = split(path)?;
    match object.pointer_mut(parent)? {
        Value::Object(map) => _ = map.insert(key, value),
        Value::Array(list) if key == "-" => list.push(value),
        Value::Array(list) => list.insert(key.parse::<usize>().ok().filter(|i| *i <= list.len())?, value),
        _ => return None,
    }
    Some(())
}
