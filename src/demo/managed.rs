//! `managedFields`, written from the objects themselves: which hand set which fields when.

use serde_json::{Map, Value, json};

use super::kinds::{self, Kind, KindId};
use super::object::{int, items, put, text};
use super::world::Hand;

/// Kinds whose objects count their generations.
const GENERATED: &[KindId] = &[
    kinds::PODS,
    kinds::DEPLOYMENTS,
    kinds::REPLICASETS,
    kinds::STATEFULSETS,
    kinds::DAEMONSETS,
    kinds::JOBS,
    kinds::CRONJOBS,
    kinds::BUDGETS,
    kinds::ENDPOINTS,
    kinds::INGRESSES,
    kinds::BACKUPS,
];

/// The keys by which lists of objects are merged, in the order of preference.
const MERGE_KEYS: &[&str] = &["containerPort", "uid", "name", "type", "mountPath", "ip", "port", "key"];

/// Fields that belong to one hand as a whole, as the API's types say.
const ATOMIC: &[&str] = &[
    "fieldRef",
    "resourceFieldRef",
    "secretKeyRef",
    "configMapKeyRef",
    "selector",
    "labelSelector",
    "nodeSelector",
    "tolerations",
    "containerStatuses",
    "initContainerStatuses",
    "ephemeralContainerStatuses",
];

pub(crate) fn has_generation(kind: KindId) -> bool {
    GENERATED.contains(&kind)
}

/// Notes a hand's fields on a new object: all but status (and that too when it has one).
pub(crate) fn note(kind: &Kind, object: &mut Value, hand: Hand, at: &str) {
    let mut fields = Map::new();
    let mut status = Map::new();
    for (key, value) in object.as_object().into_iter().flatten() {
        match key.as_str() {
            "metadata" => {
                let told = ["annotations", "labels", "ownerReferences", "generateName", "finalizers"];
                let meta: Map<String, Value> =
                    told.iter().filter_map(|k| value.get(*k).map(|v| (format!("f:{k}"), tree(v, 0)))).collect();
                if !meta.is_empty() {
                    fields.insert("f:metadata".into(), meta.into());
                }
            }
            "status" => _ = status.insert("f:status".into(), tree(value, 0)),
            _ => _ = fields.insert(format!("f:{key}"), tree(value, 0)),
        }
    }
    let mut all = vec![line(kind, hand.manager, "", at, fields)];
    if status.get("f:status").and_then(Value::as_object).is_some_and(|s| !s.is_empty()) {
        let manager = if matches!(kind.plural, "pods" | "nodes") { "kubelet" } else { "kube-controller-manager" };
        all.push(line(kind, manager, "status", at, status));
    }
    put(object, "metadata/managedFields", all);
}

fn line(kind: &Kind, manager: &str, sub: &str, at: &str, fields: Map<String, Value>) -> Value {
    let mut one = json!({
        "manager": manager, "operation": "Update", "apiVersion": kind.api_version(), "time": at,
        "fieldsType": "FieldsV1"
    });
    // Moved in: a value between braces of `json!` is copied.
    one["fieldsV1"] = Value::Object(fields);
    if !sub.is_empty() {
        one["subresource"] = sub.into();
    }
    one
}

/// Notes a change: the hand's line gets the time (and the fields of what it changed), the generation counts specs.
pub(crate) fn touch(kind: &Kind, before: &Value, after: &mut Value, hand: Hand, at: &str) {
    if before["spec"] != after["spec"] && int(before, "metadata/generation") > 0 {
        put(after, "metadata/generation", int(before, "metadata/generation") + 1);
    }
    let mut fields = Map::new();
    for (key, value) in after.as_object().into_iter().flatten() {
        if before[key] != *value && key != "metadata" {
            fields.insert(format!("f:{key}"), difference(&before[key], value));
        }
    }
    for key in ["labels", "annotations"] {
        if before["metadata"][key] != after["metadata"][key] {
            let told = difference(&before["metadata"][key], &after["metadata"][key]);
            let place = fields.entry("f:metadata").or_insert_with(|| json!({}));
            place[format!("f:{key}")] = told;
        }
    }
    if fields.is_empty() {
        return;
    }
    items(after, "metadata/managedFields", |lines| {
        let same = lines.iter_mut().find(|l| text(l, "manager") == hand.manager && text(l, "subresource") == hand.sub);
        match same {
            Some(found) => {
                found["time"] = at.into();
                merge(&mut found["fieldsV1"], Value::Object(fields));
            }
            None => lines.push(line(kind, hand.manager, hand.sub, at, fields)),
        }
    });
}

fn merge(into: &mut Value, from: Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (key, value) in from {
                merge(into.entry(key).or_insert_with(|| json!({})), value);
            }
        }
        (into, from) => *into = from,
    }
}

/// The fields in which two values differ.
fn difference(before: &Value, after: &Value) -> Value {
    match (before, after) {
        (Value::Object(b), Value::Object(a)) => {
            let changed = a.iter().filter(|(k, v)| b.get(*k) != Some(*v));
            let told = changed.map(|(k, v)| {
                let whole = ATOMIC.contains(&k.as_str());
                let inner = if whole { json!({}) } else { difference(b.get(k).unwrap_or(&Value::Null), v) };
                (format!("f:{k}"), inner)
            });
            Value::Object(told.collect())
        }
        _ => tree(after, 0),
    }
}

/// The field tree of a value; lists of objects by their merge key, deep ones as a leaf.
fn tree(value: &Value, depth: usize) -> Value {
    match value {
        Value::Object(map) if depth < 8 => Value::Object(
            map.iter()
                .map(|(k, v)| {
                    let whole = ATOMIC.contains(&k.as_str());
                    (format!("f:{k}"), if whole { json!({}) } else { tree(v, depth + 1) })
                })
                .collect(),
        ),
        Value::Array(all) if !all.is_empty() && all.iter().all(Value::is_object) => {
            let Some(key) = MERGE_KEYS.iter().find(|k| all.iter().all(|o| o.get(**k).is_some())) else {
                return json!({});
            };
            let mut told = Map::new();
            for one in all {
                // An owner is named whole, by its uid.
                if *key == "uid" {
                    told.insert(format!("k:{{\"uid\":{}}}", one["uid"]), json!({}));
                    continue;
                }
                let mut whole = Map::from_iter([(".".to_owned(), json!({}))]);
                if let Value::Object(fields) = tree(one, depth + 1) {
                    whole.extend(fields);
                }
                told.insert(format!("k:{{\"{key}\":{}}}", one[*key]), Value::Object(whole));
            }
            Value::Object(told)
        }
        _ => json!({}),
    }
}
