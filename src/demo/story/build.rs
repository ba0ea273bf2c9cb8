//! Builders: workload objects and pods as a manifest and the server's defaults make them.

use serde_json::{Value, json};

use super::super::clock::{Millis, rfc3339};
use super::super::defaults;
use super::super::object::{list, put, text};
use super::super::rng::hash;
use super::super::world::World;

/// A reference to a controlling owner.
pub(crate) fn owner(api_version: &str, kind: &str, object: &Value) -> Value {
    json!([{
        "apiVersion": api_version, "kind": kind, "name": text(object, "metadata/name"),
        "uid": text(object, "metadata/uid"), "controller": true, "blockOwnerDeletion": true
    }])
}

/// The hash that names a template: five to ten letters without vowels, as the controllers make it.
pub(crate) fn template_hash(template: &Value) -> String {
    const LETTERS: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";
    let mut h = hash(&template.to_string()) & 0xffff_ffff_ffff;
    (0..9)
        .map(|_| {
            let letter = LETTERS[usize::try_from(h % 27).unwrap_or(0)];
            h /= 27;
            char::from(letter)
        })
        .collect()
}

/// A pod made from a template by its owner: pending, not placed.
pub(crate) fn pod(world: &mut World, namespace: &str, name: &str, template: &Value, owners: Value) -> Value {
    let mut spec = template["spec"].clone();
    defaults::pod(&mut spec);
    let token = format!("kube-api-access-{}", world.rng.suffix(5));
    super::super::object::items(&mut spec, "volumes", |volumes| {
        volumes.push(json!({"name": token, "projected": {"sources": [
            {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
            {"configMap": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}},
            {"downwardAPI": {"items": [{"path": "namespace", "fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.namespace"}}]}}
        ], "defaultMode": 420}}));
    });
    for path in ["initContainers", "containers"] {
        for container in spec.get_mut(path).and_then(Value::as_array_mut).into_iter().flatten() {
            super::super::object::items(container, "volumeMounts", |mounts| {
                mounts.push(json!({
                    "name": token, "readOnly": true,
                    "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount"
                }));
            });
        }
    }
    // What admission adds.
    let fixed = [
        ("serviceAccountName", json!("default")),
        ("priority", json!(0)),
        ("enableServiceLinks", json!(true)),
        ("preemptionPolicy", json!("PreemptLowerPriority")),
    ];
    for (key, value) in fixed {
        if spec[key].is_null() {
            spec[key] = value;
        }
    }
    spec["serviceAccount"] = spec["serviceAccountName"].clone();
    super::super::object::items(&mut spec, "tolerations", |all| {
        for key in ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"] {
            if !all.iter().any(|t| text(t, "key") == key) {
                all.push(json!({"key": key, "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300}));
            }
        }
    });
    let mut metadata = template["metadata"].clone();
    if !metadata.is_object() {
        metadata = json!({});
    }
    metadata["name"] = name.into();
    metadata["namespace"] = namespace.into();
    if owners.is_array() {
        metadata["ownerReferences"] = owners;
    }
    // Moved in: what stands between braces of `json!` is copied.
    let mut pod = json!({});
    pod["metadata"] = metadata;
    pod["spec"] = spec;
    let class = quality(&pod);
    pod["status"] = json!({"observedGeneration": 1, "phase": "Pending", "qosClass": class});
    pod
}

/// The quality-of-service class of a pod.
fn quality(pod: &Value) -> &'static str {
    let all = || list(pod, "spec/containers").iter();
    let none = |c: &Value| c["resources"]["requests"].is_null() && c["resources"]["limits"].is_null();
    if all().all(none) {
        return "BestEffort";
    }
    let equal = |c: &Value| {
        let limits = &c["resources"]["limits"];
        !limits["cpu"].is_null() && !limits["memory"].is_null() && *limits == c["resources"]["requests"]
    };
    if all().all(equal) { "Guaranteed" } else { "Burstable" }
}

/// Marks a pod as placed on a node at a time.
pub(crate) fn place(pod: &mut Value, node: &str, at: Millis) {
    put(pod, "spec/nodeName", node);
    super::super::life::status::condition(pod, "PodScheduled", "True", "", "", at);
    put(pod, "status/startTime", rfc3339(at));
}
