//! Calls as the API takes them, each with its preconditions.

use super::{Call, Patch, Verb};
use crate::core::kind::ObjectRef;
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// What managedFields calls us.
const MANAGER: &str = "quarterdeck";

/// A call about one object.
fn about(target: &ObjectRef, verb: Verb, subresource: &str, body: Option<Value>) -> Call {
    Call {
        cluster: target.cluster,
        verb,
        kind: target.kind.clone(),
        namespace: target.namespace.clone(),
        name: target.name.clone(),
        subresource: subresource.into(),
        query: Vec::new(),
        body: body.map(Arc::new),
        dry_run: false,
    }
}

/// Reads an object.
#[must_use]
pub fn get(target: &ObjectRef) -> Call {
    about(target, Verb::Get, "", None)
}

/// The same call to a subresource.
#[must_use]
pub fn sub(call: Call, subresource: &str) -> Call {
    Call { subresource: subresource.into(), ..call }
}

/// Patches an object. A merge or strategic patch gets the target's uid, so that the server refuses it for another
/// object of that name; a JSON patch must test for itself.
#[must_use]
pub fn patch(target: &ObjectRef, how: Patch, mut body: Value) -> Call {
    match (&mut body, target.uid) {
        (Value::Object(fields), Some(uid)) => {
            let meta = fields.entry("metadata").or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(meta) = meta {
                meta.insert("uid".into(), uid.to_string().into());
            }
        }
        (Value::Array(steps), Some(uid)) => {
            steps.insert(0, json!({"op": "test", "path": "/metadata/uid", "value": uid.to_string()}));
        }
        _ => {}
    }
    let mut call = about(target, Verb::Patch(how), "", Some(body));
    call.query.push(("fieldManager".into(), MANAGER.into()));
    call
}

/// Makes an object; the name is in its body.
#[must_use]
pub fn create(target: &ObjectRef, body: Value) -> Call {
    let mut call = about(target, Verb::Create, "", Some(body));
    call.name = "".into();
    call.query.push(("fieldManager".into(), MANAGER.into()));
    call
}

fn options(target: &ObjectRef, grace: Option<i64>, propagation: Option<&str>) -> Map<String, Value> {
    let mut o = Map::new();
    if let Some(grace) = grace {
        o.insert("gracePeriodSeconds".into(), grace.into());
    }
    if let Some(uid) = target.uid {
        o.insert("preconditions".into(), json!({"uid": uid.to_string()}));
    }
    if let Some(policy) = propagation {
        o.insert("propagationPolicy".into(), policy.into());
    }
    o
}

/// Deletes an object; `grace` in seconds if not its own, `propagation` `Background`,
/// `Foreground` or `Orphan` if not the server's.
#[must_use]
pub fn delete(target: &ObjectRef, grace: Option<i64>, propagation: Option<&str>) -> Call {
    let mut o = options(target, grace, propagation);
    o.insert("kind".into(), "DeleteOptions".into());
    o.insert("apiVersion".into(), "v1".into());
    about(target, Verb::Delete, "", Some(Value::Object(o)))
}

/// Evicts a pod by the version of `policy` that the server takes. Its options are called
/// `deleteOptions`: under any other name the server drops them without a word, the
/// uid and the dry run with them.
#[must_use]
pub fn evict(pod: &ObjectRef, version: &str, grace: Option<i64>) -> Call {
    let body = json!({
        "apiVersion": format!("policy/{version}"),
        "kind": "Eviction",
        "metadata": {"name": pod.name.as_ref(), "namespace": pod.namespace.as_ref()},
        "deleteOptions": Value::Object(options(pod, grace, None)),
    });
    about(pod, Verb::Create, "eviction", Some(body))
}

/// The same call, only asked about.
#[must_use]
pub fn dry(call: &Call) -> Call {
    Call { dry_run: true, ..call.clone() }
}
