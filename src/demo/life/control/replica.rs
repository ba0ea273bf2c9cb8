//! Replica sets: so many pods, no more, no fewer.

use serde_json::{Value, json};

use super::super::super::kinds::{PODS, REPLICASETS};
use super::super::super::object::{Tree, int, key_of, text};
use super::super::super::story::build::{owner, pod};
use super::super::super::world::{CONTROLLER, Hand, World};
use super::super::ending;
use super::super::events::{News, Source, tell};
use super::{active, is_ready, ready};

const STATUS: Hand = Hand { manager: "kube-controller-manager", sub: "status" };
const SOURCE: Source<'_> = Source::Controller("replicaset-controller");

pub(super) fn reconcile(world: &mut World, set: &Value) {
    let (namespace, name) = key_of(set);
    let uid = text(set, "metadata/uid");
    let mut pods: Vec<Tree> = world.owned(PODS, &namespace, uid).into_iter().filter(|p| active(p)).collect();
    let wanted = usize::try_from(int(set, "spec/replicas")).unwrap_or(0);
    while pods.len() < wanted {
        let pod_name = format!("{name}-{}", world.rng.suffix(5));
        let new = pod(world, &namespace, &pod_name, &set["spec"]["template"], owner("apps/v1", "ReplicaSet", set));
        if let Some(why) = super::follow::over_quota(world, &namespace, &new) {
            let told = format!("Error creating: pods \"{pod_name}\" is forbidden: {why}");
            tell(world, REPLICASETS, set, SOURCE, News::warning("FailedCreate", &told));
            super::follow::replica_failure(world, &namespace, &name, &told);
            break;
        }
        let made = world.create(PODS, new, CONTROLLER);
        tell(world, REPLICASETS, set, SOURCE, News::normal("SuccessfulCreate", &format!("Created pod: {pod_name}")));
        pods.push(made);
    }
    if pods.len() > wanted {
        // Unplaced ones go first, then unready ones, then the youngest.
        pods.sort_by_key(|p| {
            (
                !text(p, "spec/nodeName").is_empty(),
                is_ready(p),
                std::cmp::Reverse(text(p, "metadata/creationTimestamp").to_owned()),
            )
        });
        for extra in pods.drain(..pods.len() - wanted) {
            ending::end(world, PODS, &extra, None);
            let told = format!("Deleted pod: {}", text(&extra, "metadata/name"));
            tell(world, REPLICASETS, set, SOURCE, News::normal("SuccessfulDelete", &told));
        }
    }
    let (count, ready) = (pods.len(), ready(&pods));
    world.change(REPLICASETS, &namespace, &name, STATUS, |s| {
        let mut status = json!({"replicas": count});
        if count > 0 {
            status["fullyLabeledReplicas"] = count.into();
        }
        if ready > 0 {
            status["readyReplicas"] = ready.into();
            status["availableReplicas"] = ready.into();
        }
        status["observedGeneration"] = s["metadata"]["generation"].clone();
        if count < wanted && !s["status"]["conditions"].is_null() {
            status["conditions"] = s["status"]["conditions"].clone();
        }
        s["status"] = status;
    });
}
