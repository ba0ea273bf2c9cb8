//! Daemon sets: one pod on each node that takes it.

use serde_json::{Value, json};

use super::super::super::kinds::{DAEMONSETS, NODES, PODS};
use super::super::super::object::{Tree, key_of, list, map, text};
use super::super::super::story::past::daemon_pod;
use super::super::super::world::{CONTROLLER, Hand, World};
use super::super::events::{News, Source, tell};
use super::super::{ending, scheduler};
use super::revision::{self, LABEL};
use super::{active, is_ready, share};

const STATUS: Hand = Hand { manager: "kube-controller-manager", sub: "status" };
const SOURCE: Source<'_> = Source::Controller("daemonset-controller");

pub(super) fn reconcile(world: &mut World, set: &Value) {
    let (namespace, name) = key_of(set);
    let hash = revision::current(world, DAEMONSETS, set);
    let pods: Vec<Tree> =
        world.owned(PODS, &namespace, text(set, "metadata/uid")).into_iter().filter(|p| active(p)).collect();
    let nodes: Vec<Tree> = world.store.iter(NODES).map(|(_, e)| e.value()).filter(|n| takes(set, n)).collect();
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let most = share(&set["spec"]["updateStrategy"]["rollingUpdate"]["maxUnavailable"], count(nodes.len()), true);
    let here = |n: &Tree| pods.iter().any(|p| on(p) == text(n, "metadata/name") && is_ready(p));
    let mut may_go = most.max(1) - count(nodes.iter().filter(|n| !here(n)).count());
    let rolling = text(set, "spec/updateStrategy/type") != "OnDelete";
    for node in &nodes {
        let node_name = text(node, "metadata/name");
        match pods.iter().find(|p| on(p) == node_name) {
            None => {
                let mut new = daemon_pod(world, set, node_name, &hash);
                new["spec"]["nodeName"] = node_name.into();
                let told = format!("Created pod: {}", text(&new, "metadata/name"));
                world.create(PODS, new, CONTROLLER);
                tell(world, DAEMONSETS, set, SOURCE, News::normal("SuccessfulCreate", &told));
            }
            // Pods that are not ready are missed by nobody.
            Some(p) if rolling && !of(p, &hash) && (may_go > 0 || !is_ready(p)) => {
                may_go -= i64::from(is_ready(p));
                ending::end(world, PODS, p, None);
                let told = format!("Deleted pod: {}", text(p, "metadata/name"));
                tell(world, DAEMONSETS, set, SOURCE, News::normal("SuccessfulDelete", &told));
            }
            Some(_) => {}
        }
    }
    let pods: Vec<Tree> =
        world.owned(PODS, &namespace, text(set, "metadata/uid")).into_iter().filter(|p| active(p)).collect();
    let (wanted, current, ready) = (nodes.len(), pods.len(), super::ready(&pods));
    let updated = pods.iter().filter(|p| of(p, &hash)).count();
    world.change(DAEMONSETS, &namespace, &name, STATUS, |s| {
        let mut status = json!({
            "currentNumberScheduled": current, "numberMisscheduled": 0, "desiredNumberScheduled": wanted,
            "numberReady": ready, "observedGeneration": s["metadata"]["generation"],
            "updatedNumberScheduled": updated, "numberAvailable": ready
        });
        if wanted > ready {
            status["numberUnavailable"] = (wanted - ready).into();
        }
        s["status"] = status;
    });
}

/// Whether a pod has the template of that hash.
fn of(pod: &Value, hash: &str) -> bool {
    pod["metadata"]["labels"][LABEL].as_str() == Some(hash)
}

/// The node a daemon's pod is meant for.
fn on(pod: &Value) -> &str {
    text(pod, "spec/nodeName")
}

fn takes(set: &Value, node: &Value) -> bool {
    let spec = &set["spec"]["template"];
    let refused = list(node, "spec/taints").iter().any(|t| {
        // Daemons stay on nodes that are cordoned, unready or unreachable.
        !text(t, "key").starts_with("node.kubernetes.io/") && !scheduler::tolerates(spec, t)
    });
    let chosen =
        map(spec, "spec/nodeSelector").into_iter().flatten().all(|(k, v)| node["metadata"]["labels"].get(k) == Some(v));
    !refused && chosen
}
