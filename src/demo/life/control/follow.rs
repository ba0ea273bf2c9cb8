//! What merely follows the pods: endpoints and quotas.

use serde_json::{Value, json};

use super::super::super::kinds::{ENDPOINTS, NODES, PODS, QUOTAS, REPLICASETS, SERVICES};
use super::super::super::object::{Tree, controller, key_of, map, text};
use super::super::super::selector::Labels;
use super::super::super::usage::quantity;
use super::super::super::world::{CONTROLLER, Hand, World};
use super::super::{scheduler, status};
use super::{active, is_ready};

const STATUS: Hand = Hand { manager: "kube-controller-manager", sub: "status" };

/// Fills an endpoint slice from its service's pods.
pub(super) fn endpoints(world: &mut World, slice: &Value) {
    let (namespace, name) = key_of(slice);
    let Some(service) = controller(slice).and_then(|o| world.get(SERVICES, &namespace, text(o, "name"))) else {
        return;
    };
    let selector = Labels::exactly(&service["spec"]["selector"]);
    if selector.is_empty() {
        return;
    }
    let zone = |world: &World, node: &str| {
        let node = world.get(NODES, "", node).unwrap_or_default();
        node["metadata"]["labels"]["topology.kubernetes.io/zone"].clone()
    };
    let pods: Vec<Tree> = world
        .store
        .within(PODS, &namespace)
        .filter(|(_, e)| selector.matches(|k| e.label(k)))
        .map(|(_, e)| e.value())
        .filter(|p| active(p) && !text(p, "status/podIP").is_empty())
        .collect();
    let all: Vec<Value> = pods
        .iter()
        .map(|p| {
            let (node, ready) = (text(p, "spec/nodeName"), is_ready(p));
            json!({"addresses": [text(p, "status/podIP")],
                "conditions": {"ready": ready, "serving": ready, "terminating": false},
                "targetRef": {"kind": "Pod", "namespace": namespace, "name": text(p, "metadata/name"), "uid": text(p, "metadata/uid")},
                "nodeName": node, "zone": zone(world, node)})
        })
        .collect();
    world.change(ENDPOINTS, &namespace, &name, CONTROLLER, |s| s["endpoints"] = all.into());
}

/// What the pods of a namespace use of a quota's things.
fn used(world: &World, namespace: &str, what: &str) -> f64 {
    let pods = world.store.within(PODS, namespace);
    let pods = pods.filter(|(_, p)| !matches!(&*p.field(5), "Succeeded" | "Failed"));
    pods.map(|(_, p)| match what {
        "pods" | "count/pods" => 1.0,
        "requests.cpu" | "cpu" => p.facts().asks.0,
        "requests.memory" | "memory" => p.facts().asks.1,
        _ => of_pod(&p.value(), what),
    })
    .sum()
}

fn of_pod(pod: &Value, what: &str) -> f64 {
    let limits = |resource: &str| {
        let all = pod["spec"]["containers"].as_array().into_iter().flatten();
        all.filter_map(|c| quantity(&c["resources"]["limits"][resource])).sum()
    };
    match what {
        "pods" | "count/pods" => 1.0,
        "requests.cpu" | "cpu" => scheduler::asks(pod).0,
        "requests.memory" | "memory" => scheduler::asks(pod).1,
        "limits.memory" => limits("memory"),
        "limits.cpu" => limits("cpu"),
        _ => 0.0,
    }
}

/// A number as the quantity of that thing.
#[expect(clippy::cast_possible_truncation, reason = "sums of quantities are far below 2^63")]
fn word(what: &str, n: f64) -> String {
    if what.ends_with("memory") {
        format!("{}Mi", (n / f64::from(1 << 20)).round() as i64)
    } else if what.ends_with("cpu") {
        let milli = (n * 1e3).round() as i64;
        if milli % 1_000 == 0 { (milli / 1_000).to_string() } else { format!("{milli}m") }
    } else {
        (n.round() as i64).to_string()
    }
}

/// Writes what is used.
pub(super) fn quota(world: &mut World, object: &Value) {
    let (namespace, name) = key_of(object);
    let mut sums = json!({});
    for (what, _) in map(object, "spec/hard").into_iter().flatten() {
        sums[what.as_str()] = word(what, used(world, &namespace, what)).into();
    }
    world.change(QUOTAS, &namespace, &name, STATUS, |q| {
        q["status"] = json!({"hard": q["spec"]["hard"], "used": sums});
    });
}

/// Why a quota keeps a pod from being made, in the words of the admission plugin.
pub(crate) fn over_quota(world: &World, namespace: &str, pod: &Value) -> Option<String> {
    for (key, entry) in world.store.within(QUOTAS, namespace) {
        let quota = entry.value();
        let (mut requested, mut have, mut limited) = (Vec::new(), Vec::new(), Vec::new());
        for (what, hard) in map(&quota, "spec/hard").into_iter().flatten() {
            let (ask, sum) = (of_pod(pod, what), used(world, namespace, what));
            if ask > 0.0 && sum + ask > quantity(hard).unwrap_or(f64::MAX) + 1e-9 {
                requested.push(format!("{what}={}", word(what, ask)));
                have.push(format!("{what}={}", word(what, sum)));
                limited.push(format!("{what}={}", hard.as_str().unwrap_or("")));
            }
        }
        if !requested.is_empty() {
            let (r, u, l) = (requested.join(","), have.join(","), limited.join(","));
            return Some(format!("exceeded quota: {}, requested: {r}, used: {u}, limited: {l}", key.1));
        }
    }
    None
}

/// Notes on a replica set that its pods cannot be made.
pub(super) fn replica_failure(world: &mut World, namespace: &str, name: &str, told: &str) {
    let now = world.now();
    world.change(REPLICASETS, namespace, name, STATUS, |s| {
        status::condition(s, "ReplicaFailure", "True", "FailedCreate", told, now);
    });
}
