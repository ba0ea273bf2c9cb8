//! Nodes: leases, and falling silent and coming back.

use serde_json::{Value, json};

use super::super::clock::{MINUTE, SECOND, rfc3339, rfc3339_micro};
use super::super::kinds::{LEASES, NODES, PODS};
use super::super::object::{Tree, items, put, text};
use super::super::world::{Hand, KUBELET, World};
use super::events::{News, Source, tell};
use super::{Action, ending, scheduler, status};

const LEASE: Hand = Hand { manager: "kubelet", sub: "" };
const STATUS: Hand = Hand { manager: "kube-controller-manager", sub: "status" };
const SPEC: Hand = Hand { manager: "kube-controller-manager", sub: "" };
const SOURCE: Source<'_> = Source::Controller("node-controller");

/// Renews the leases of the nodes that answer.
pub(super) fn heartbeat(world: &mut World) {
    world.after(10 * SECOND, Action::Heartbeat);
    let now = rfc3339_micro(world.now());
    let nodes: Vec<(String, bool)> = world.store.iter(NODES).map(|(k, e)| (k.1.to_string(), e.facts().ready)).collect();
    for (name, _) in nodes.into_iter().filter(|(_, up)| *up) {
        world.change(LEASES, "kube-node-lease", &name, LEASE, |l| put(l, "spec/renewTime", now.clone()));
    }
}

/// A node falls silent or comes back.
pub(super) fn turn(world: &mut World, name: &str, up: bool) {
    let (now, stamp) = (world.now(), world.stamp());
    world.change(NODES, "", name, if up { KUBELET } else { STATUS }, |n| {
        items(n, "status/conditions", |all| {
            for c in all.iter_mut() {
                let kind = text(c, "type").to_owned();
                let (word, reason, message) = match (up, kind == "Ready") {
                    (false, _) => ("Unknown", "NodeStatusUnknown", "Kubelet stopped posting node status."),
                    (true, true) => ("True", "KubeletReady", "kubelet is posting ready status"),
                    (true, false) => ("False", "KubeletHasNoPressure", "kubelet has no pressure"),
                };
                let beat = if up { stamp.clone() } else { rfc3339(now - 45 * SECOND) };
                *c = json!({"type": kind, "status": word, "lastHeartbeatTime": beat, "lastTransitionTime": stamp,
                    "reason": reason, "message": message});
            }
        });
    });
    let node = world.change(NODES, "", name, SPEC, |n| {
        items(n, "spec/taints", |taints| {
            taints.retain(|t| text(t, "key") != "node.kubernetes.io/unreachable");
            if !up {
                for effect in ["NoSchedule", "NoExecute"] {
                    taints.push(json!({"key": "node.kubernetes.io/unreachable", "effect": effect, "timeAdded": stamp}));
                }
            }
        });
        if n["spec"]["taints"].as_array().is_some_and(Vec::is_empty) {
            super::super::object::remove(n, "spec/taints");
        }
    });
    let Some(node) = node else { return };
    if up {
        tell(
            world,
            NODES,
            &node,
            Source::Kubelet(name),
            News::normal("NodeReady", &format!("Node {name} status is now: NodeReady")),
        );
    } else {
        tell(
            world,
            NODES,
            &node,
            SOURCE,
            News::normal("NodeNotReady", &format!("Node {name} status is now: NodeNotReady")),
        );
    }
    pods(world, name, up);
    // The story's node does it again and again: down for three minutes of every twelve.
    if up {
        world.after(9 * MINUTE, Action::Node(name.to_owned(), false));
    } else {
        world.after(3 * MINUTE, Action::Node(name.to_owned(), true));
    }
}

/// The pods of a node count as unready while it is silent.
fn pods(world: &mut World, node: &str, up: bool) {
    let now = world.now();
    let all: Vec<Tree> = world.store.iter(PODS).filter(|(_, e)| e.field(0) == node).map(|(_, e)| e.value()).collect();
    for pod in all {
        let (namespace, name) = super::super::object::key_of(&pod);
        if up {
            world.change(PODS, &namespace, &name, KUBELET, |p| status::settle(p, now));
        } else if text(&pod, "status/phase") == "Running" {
            world.change(PODS, &namespace, &name, STATUS, |p| status::condition(p, "Ready", "False", "", "", now));
            tell(world, PODS, &pod, SOURCE, News::warning("NodeNotReady", "Node is not ready"));
        }
    }
}

/// A node was cordoned or let in again: the taint follows the field, the kubelet tells of it.
pub(super) fn cordoned(world: &mut World, name: &str) {
    let stamp = world.stamp();
    let node = world.change(NODES, "", name, SPEC, |n| {
        let cordoned = n["spec"]["unschedulable"] == true;
        items(n, "spec/taints", |taints| {
            taints.retain(|t| text(t, "key") != "node.kubernetes.io/unschedulable");
            if cordoned {
                taints.push(
                    json!({"key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule", "timeAdded": stamp}),
                );
            }
        });
        if n["spec"]["taints"].as_array().is_some_and(Vec::is_empty) {
            super::super::object::remove(n, "spec/taints");
        }
    });
    let Some(node) = node else { return };
    let word = if node["spec"]["unschedulable"] == true { "NodeNotSchedulable" } else { "NodeSchedulable" };
    let told = format!("Node {name} status is now: {word}");
    tell(world, NODES, &node, Source::Kubelet(name), News::normal(word, &told));
}

/// Drives away the pods that do not tolerate a node's `NoExecute` taints.
pub(crate) fn drive(world: &mut World, node: &Value) {
    let name = text(node, "metadata/name");
    let all: Vec<Tree> = world.store.iter(PODS).filter(|(_, e)| e.field(0) == name).map(|(_, e)| e.value()).collect();
    for pod in all.iter().filter(|p| scheduler::driven(p, node)) {
        let told =
            format!("Marking for deletion Pod {}/{}", text(pod, "metadata/namespace"), text(pod, "metadata/name"));
        tell(
            world,
            PODS,
            pod,
            Source::Controller("taint-eviction-controller"),
            News::normal("TaintManagerEviction", &told),
        );
        ending::end(world, PODS, pod, None);
    }
}
