//! The scheduler: where a pod fits, or why it fits nowhere.

use std::collections::BTreeMap;

use serde_json::Value;

use super::super::clock::SECOND;
use super::super::kinds::{NODES, PODS, PVCS};
use super::super::object::{at, find, flag, list, map, put, text};
use super::super::usage::quantity;
use super::super::world::{Hand, World};
use super::events::{News, Source, tell};
use super::{Action, PodRef, Step, status};

const SCHEDULER: Hand = Hand { manager: "kube-scheduler", sub: "status" };

/// Places a pod, or says why not and tries again later.
pub(super) fn schedule(world: &mut World, pod: &Value) {
    if !text(pod, "spec/nodeName").is_empty() {
        return;
    }
    match choose(world, pod) {
        Ok(node) => bind(world, pod, &node),
        Err(why) => {
            let (now, told) = (world.now(), why.clone());
            let at = PodRef::of(pod);
            let pod = world.change(PODS, &at.namespace, &at.name, SCHEDULER, |p| {
                status::condition(p, "PodScheduled", "False", "Unschedulable", &told, now);
            });
            let Some(pod) = pod else { return };
            tell(world, PODS, &pod, Source::Scheduler, News::warning("FailedScheduling", &why));
            world.after(60 * SECOND, Action::Pod(at, Step::Schedule));
        }
    }
}

/// Binds a pod to a node; its kubelet takes over.
pub(crate) fn bind(world: &mut World, pod: &Value, node: &str) {
    let (at, now) = (PodRef::of(pod), world.now());
    let bound = world.change(PODS, &at.namespace, &at.name, SCHEDULER, |p| {
        put(p, "spec/nodeName", node);
        status::condition(p, "PodScheduled", "True", "", "", now);
    });
    let Some(pod) = bound else { return };
    let told = format!("Successfully assigned {}/{} to {node}", at.namespace, at.name);
    tell(world, PODS, &pod, Source::Scheduler, News::normal("Scheduled", &told));
    world.after(200, Action::Pod(at, Step::Pull));
}

/// CPU and memory a pod asks for.
pub(crate) fn asks(pod: &Value) -> (f64, f64) {
    let sidecars = list(pod, "spec/initContainers").iter().filter(|c| text(c, "restartPolicy") == "Always");
    list(pod, "spec/containers").iter().chain(sidecars).fold((0.0, 0.0), |(cpu, memory), c| {
        let ask = |what: &str| quantity(at(c, &format!("resources/requests/{what}"))).unwrap_or(0.0);
        (cpu + ask("cpu"), memory + ask("memory"))
    })
}

/// Whether a pod's tolerations cover a taint.
pub(crate) fn tolerates(pod: &Value, taint: &Value) -> bool {
    list(pod, "spec/tolerations").iter().any(|t| {
        let effect = text(t, "effect");
        let key = text(t, "key");
        (effect.is_empty() || effect == text(taint, "effect"))
            && (key == text(taint, "key") || (key.is_empty() && text(t, "operator") == "Exists"))
            && (text(t, "operator") == "Exists" || text(t, "value") == text(taint, "value"))
    })
}

/// The node a pod goes to: the one with the fewest of its kind, then with most room.
pub(crate) fn choose(world: &World, pod: &Value) -> Result<String, String> {
    let mut why: BTreeMap<String, usize> = BTreeMap::new();
    let (cpu, memory) = asks(pod);
    let app = text(pod, "metadata/labels/app").to_owned();
    // What each node has given away already, and how many of this app it holds.
    let mut given: BTreeMap<String, (f64, f64, usize, usize)> = BTreeMap::new();
    for (_, entry) in world.store.iter(PODS) {
        let (node, phase) = (entry.field(0), entry.field(5));
        if node.is_empty() || matches!(&*phase, "Succeeded" | "Failed") {
            continue;
        }
        let (c, m) = entry.facts().asks;
        let slot = given.entry(node.into_owned()).or_default();
        slot.0 += c;
        slot.1 += m;
        slot.2 += 1;
        slot.3 += usize::from(entry.label("app").is_some_and(|a| a == app));
    }
    if let Some(claim) = unbound(world, pod) {
        return Err(format!("0/{} nodes are available: {claim}. not found", world.store.len(NODES)));
    }
    let mut best: Option<(usize, f64, String)> = None;
    for (key, entry) in world.store.iter(NODES) {
        let node = entry.tree();
        let (used_cpu, used_memory, pods, same) = given.get(&*key.1).copied().unwrap_or_default();
        let room = |what: &str| quantity(at(&node, &format!("status/allocatable/{what}"))).unwrap_or(0.0);
        let (free_cpu, free_memory) = (room("cpu") - used_cpu, room("memory") - used_memory);
        let taint = list(&node, "spec/taints")
            .iter()
            .find(|t| matches!(text(t, "effect"), "NoSchedule" | "NoExecute") && !tolerates(pod, t));
        #[expect(clippy::cast_precision_loss, reason = "pods of a node")]
        let full = pods as f64 + 1.0 > room("pods");
        let objection = if flag(&node, "spec/unschedulable") {
            Some("node(s) were unschedulable".to_owned())
        } else if let Some(t) = taint {
            Some(format!("node(s) had untolerated taint {{{}: {}}}", text(t, "key"), text(t, "value")))
        } else if !selected(pod, &node) {
            Some("node(s) didn't match Pod's node affinity/selector".to_owned())
        } else if cpu > free_cpu {
            Some("Insufficient cpu".to_owned())
        } else if memory > free_memory {
            Some("Insufficient memory".to_owned())
        } else if full {
            Some("Too many pods".to_owned())
        } else {
            None
        };
        match objection {
            Some(told) => *why.entry(told).or_default() += 1,
            None if best.as_ref().is_none_or(|(s, f, _)| (same, -free_cpu) < (*s, -*f)) => {
                best = Some((same, free_cpu, key.1.to_string()));
            }
            None => {}
        }
    }
    best.map(|(_, _, node)| node).ok_or_else(|| {
        let told: Vec<String> = why.iter().map(|(w, n)| format!("{n} {w}")).collect();
        let all = world.store.len(NODES);
        format!("0/{all} nodes are available: {}. preemption: 0/{all} nodes are available: {all} Preemption is not helpful for scheduling.", told.join(", "))
    })
}

fn selected(pod: &Value, node: &Value) -> bool {
    map(pod, "spec/nodeSelector").into_iter().flatten().all(|(k, v)| node["metadata"]["labels"].get(k) == Some(v))
}

/// Why a claim of the pod keeps it from being placed.
fn unbound(world: &World, pod: &Value) -> Option<String> {
    list(pod, "spec/volumes").iter().find_map(|v| {
        let claim = text(v, "persistentVolumeClaim/claimName");
        if claim.is_empty() {
            return None;
        }
        match world.get(PVCS, text(pod, "metadata/namespace"), claim) {
            None => Some(format!("persistentvolumeclaim \"{claim}\" not found")),
            Some(c) if text(&c, "status/phase") != "Bound" && text(&c, "spec/storageClassName").is_empty() => {
                Some("pod has unbound immediate PersistentVolumeClaims".to_owned())
            }
            Some(_) => None,
        }
    })
}

/// Whether the taints of a node drive a pod away, and whether it may stay a while.
pub(crate) fn driven(pod: &Value, node: &Value) -> bool {
    list(node, "spec/taints").iter().any(|t| text(t, "effect") == "NoExecute" && !tolerates(pod, t))
        && find(list(pod, "spec/tolerations"), "operator", "Exists").is_none_or(|t| !text(t, "key").is_empty())
}
