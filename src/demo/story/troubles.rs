//! What is wrong in the shop: each trouble as a user would find it.

use serde_json::{Value, json};

use super::super::clock::{HOUR, MINUTE, Millis, SECOND, rfc3339};
use super::super::kinds::{CONFIGMAPS, DEPLOYMENTS, NAMESPACES, NODES, PODS, PVCS};
use super::super::life::events::{News, Source, tell};
use super::super::life::{Action, scheduler, status};
use super::super::object::{Tree, put, text};
use super::super::world::{CONTROLLER, Hand, KUBELET, World};
use super::build::pod;

const KUBECTL: Hand = Hand { manager: "kubectl-edit", sub: "" };

pub(crate) fn troubles(world: &mut World, start: Millis) {
    let pods: Vec<Tree> = world.store.within(PODS, "shop").map(|(_, e)| e.value()).collect();
    let of = |app: &str| pods.iter().filter(|p| text(p, "metadata/labels/app") == app).cloned().collect::<Vec<_>>();
    if let Some(p) = of("recommend").first() {
        out_of_memory(world, p, start);
    }
    for p in of("ledger") {
        bad_image(world, &p, start);
    }
    if let Some(p) = of("reviews").first() {
        unready(world, p, start);
    }
    // Half of the payments are not ready yet: their budget lets nobody go until they are.
    if let Some(p) = of("payments").last() {
        unready(world, p, start);
        world.after(4 * MINUTE, Action::Pod(super::super::life::PodRef::of(p), super::super::life::Step::Ready));
    }
    hanging_rollout(world, start);
    unbound_claim(world, start);
    stuck_namespace(world, start);
    cordoned(world, start);
    world.pretend(Some(start));
    world.after(90 * SECOND, Action::Node("worker-b2".to_owned(), false));
}

fn store(world: &mut World, at: Millis, pod: &Value, change: impl FnOnce(&mut Value)) -> Tree {
    world.pretend(Some(at));
    let (namespace, name) = super::super::object::key_of(pod);
    world.change(PODS, &namespace, &name, KUBELET, change).unwrap_or_else(|| Tree::new(pod.clone()))
}

fn out_of_memory(world: &mut World, pod: &Value, start: Millis) {
    let killed = start - 70 * SECOND;
    let name = text(pod, "spec/containers/0/name").to_owned();
    let node = text(pod, "spec/nodeName").to_owned();
    let id = text(status::of(pod, &name), "containerID").to_owned();
    let uid = text(pod, "metadata/uid").to_owned();
    let p = store(world, killed, pod, |p| {
        let told =
            format!("back-off 5m0s restarting failed container={name} pod={}_shop({uid})", text(p, "metadata/name"));
        status::state(p, &name, status::waiting("CrashLoopBackOff", &told));
        status::with(p, &name, |c| {
            c["restartCount"] = 23.into();
            c["lastState"] = status::terminated(137, "OOMKilled", &rfc3339(killed - 48 * SECOND), killed, &id);
        });
        status::settle(p, killed);
    });
    let told = format!("Back-off restarting failed container {name} in pod {}_shop({uid})", text(&p, "metadata/name"));
    let since = start - 5 * HOUR;
    world.pretend(Some(killed));
    tell(world, PODS, &p, Source::Kubelet(&node), News::warning("BackOff", &told).of(&name).times(412, since));
    tell(
        world,
        PODS,
        &p,
        Source::Kubelet(&node),
        News::normal("Started", "Container started").of(&name).times(23, since),
    );
}

fn bad_image(world: &mut World, pod: &Value, start: Millis) {
    let born = start - 2 * HOUR;
    let (name, image) =
        (text(pod, "spec/containers/0/name").to_owned(), text(pod, "spec/containers/0/image").to_owned());
    let node = text(pod, "spec/nodeName").to_owned();
    let p = store(world, born + 20 * SECOND, pod, |p| {
        let told = format!(
            "Back-off pulling image \"{image}\": ErrImagePull: rpc error: code = NotFound desc = failed to pull and unpack image \"{image}\": failed to resolve reference \"{image}\": {image}: not found"
        );
        status::state(p, &name, status::waiting("ImagePullBackOff", &told));
        status::with(p, &name, |c| {
            c["imageID"] = "".into();
            if let Some(map) = c.as_object_mut() {
                map.shift_remove("containerID");
            }
        });
        status::settle(p, born + 20 * SECOND);
        put(p, "status/phase", "Pending");
    });
    world.pretend(Some(start - 40 * SECOND));
    let source = Source::Kubelet(&node);
    tell(
        world,
        PODS,
        &p,
        source,
        News::normal("Pulling", &format!("Pulling image \"{image}\"")).of(&name).times(28, born),
    );
    tell(world, PODS, &p, source, News::warning("Failed", &format!("Failed to pull image \"{image}\": rpc error: code = NotFound desc = failed to pull and unpack image \"{image}\": failed to resolve reference \"{image}\": {image}: not found")).of(&name).times(28, born));
    tell(
        world,
        PODS,
        &p,
        source,
        News::normal("BackOff", &format!("Back-off pulling image \"{image}\"")).of(&name).times(530, born),
    );
}

fn unready(world: &mut World, pod: &Value, start: Millis) {
    let at = start - 3 * MINUTE;
    let name = text(pod, "spec/containers/0/name").to_owned();
    let node = text(pod, "spec/nodeName").to_owned();
    let p = store(world, at, pod, |p| {
        status::ready(p, &name, false);
        status::settle(p, at);
    });
    world.pretend(Some(start - 5 * SECOND));
    let told = "Readiness probe failed: HTTP probe failed with statuscode: 503";
    tell(world, PODS, &p, Source::Kubelet(&node), News::warning("Unhealthy", told).of(&name).times(36, at));
}

/// Somebody rolled out a version whose probe never succeeds, six minutes ago.
fn hanging_rollout(world: &mut World, start: Millis) {
    let at = start - 6 * MINUTE;
    world.pretend(Some(at));
    let changed = world.change(DEPLOYMENTS, "shop", "checkout", KUBECTL, |d| {
        d["spec"]["template"]["spec"]["containers"][0]["image"] = "registry.shop.example/checkout:2.8.0".into();
        d["spec"]["progressDeadlineSeconds"] = 480.into();
        d["metadata"]["annotations"]["kubernetes.io/change-cause"] = "checkout 2.8.0: new payment flow".into();
    });
    let Some(deployment) = changed else { return };
    let template = &deployment["spec"]["template"];
    let hash = super::build::template_hash(template);
    let sets = world.owned(super::super::kinds::REPLICASETS, "shop", text(&deployment, "metadata/uid"));
    let set = super::past::replica_set(world, &deployment, template, &hash, 2, 2);
    let told = format!("Scaled up replica set {} from 0 to 2", text(&set, "metadata/name"));
    tell(
        world,
        DEPLOYMENTS,
        &deployment,
        Source::Controller("deployment-controller"),
        News::normal("ScalingReplicaSet", &told),
    );
    if let Some(old) = sets.first() {
        let name = text(old, "metadata/name").to_owned();
        world.change(super::super::kinds::REPLICASETS, "shop", &name, CONTROLLER, |s| put(s, "spec/replicas", 3));
        let told = format!("Scaled down replica set {name} from 4 to 3");
        tell(
            world,
            DEPLOYMENTS,
            &deployment,
            Source::Controller("deployment-controller"),
            News::normal("ScalingReplicaSet", &told),
        );
        if let Some(first) = world.owned(PODS, "shop", text(old, "metadata/uid")).first() {
            world.erase(PODS, "shop", text(first, "metadata/name"));
        }
    }
    for _ in 0..2 {
        let name = format!("{}-{}", text(&set, "metadata/name"), world.rng.suffix(5));
        let new =
            pod(world, "shop", &name, &set["spec"]["template"], super::build::owner("apps/v1", "ReplicaSet", &set));
        let made = super::past::settle(world, new, at);
        unready(world, &made, start);
        world.pretend(Some(at));
    }
}

/// A claim that asks for a class nobody made, and the pod that waits for it.
fn unbound_claim(world: &mut World, start: Millis) {
    world.pretend(Some(start - 3 * HOUR));
    let claim = world.create(PVCS, json!({"metadata": {"name": "exports", "namespace": "data", "finalizers": ["kubernetes.io/pvc-protection"]},
        "spec": {"accessModes": ["ReadWriteMany"], "resources": {"requests": {"storage": "200Gi"}}, "volumeMode": "Filesystem"},
        "status": {"phase": "Pending"}}), KUBECTL);
    world.pretend(Some(start - 10 * SECOND));
    let told = "no persistent volumes available for this claim and no storage class is set";
    tell(
        world,
        PVCS,
        &claim,
        Source::Controller("persistentvolume-controller"),
        News::normal("FailedBinding", told).times(720, start - 3 * HOUR),
    );
    world.pretend(Some(start - 3 * HOUR));
    let mut template = super::batch::template("registry.shop.example/exporter:1.0.2");
    template["spec"]["volumes"] = json!([{"name": "exports", "persistentVolumeClaim": {"claimName": "exports"}}]);
    let new = pod(world, "data", "exporter", &template, Value::Null);
    let made = world.create(PODS, new, KUBECTL);
    pending(world, &made, start);
    let trainers: Vec<Tree> = world.store.within(PODS, "staging").map(|(_, e)| e.value()).collect();
    for p in trainers.iter().filter(|p| text(p, "spec/nodeName").is_empty()) {
        pending(world, p, start);
    }
}

/// A pod nobody can place, with the reason.
fn pending(world: &mut World, pod: &Value, start: Millis) {
    let Err(why) = scheduler::choose(world, pod) else { return };
    let born = super::super::clock::parse(text(pod, "metadata/creationTimestamp")).unwrap_or(start);
    let p = store(world, born, pod, |p| status::condition(p, "PodScheduled", "False", "Unschedulable", &why, born));
    world.pretend(Some(start - 20 * SECOND));
    tell(
        world,
        PODS,
        &p,
        Source::Scheduler,
        News::warning("FailedScheduling", &why).times((start - born) / (5 * MINUTE), born),
    );
}

/// A namespace that waits for a finalizer nobody serves any more.
fn stuck_namespace(world: &mut World, start: Millis) {
    world.pretend(Some(start - 26 * HOUR));
    world.create(
        CONFIGMAPS,
        json!({"metadata": {"name": "banner", "namespace": "old-campaign",
        "finalizers": ["campaigns.shop.example/cleanup"], "labels": {"campaign": "summer"}},
        "data": {"text": "Sommerschlussverkauf · 夏のセール · 50 %"}}),
        KUBECTL,
    );
    let at = rfc3339(start - 25 * HOUR);
    if let Some(mut held) = world.get(CONFIGMAPS, "old-campaign", "banner").map(Tree::unwrap_or_clone) {
        put(&mut held, "metadata/deletionTimestamp", at.clone());
        put(&mut held, "metadata/deletionGracePeriodSeconds", 0);
        world.put(CONFIGMAPS, held);
    }
    if let Some(mut namespace) = world.get(NAMESPACES, "", "old-campaign").map(Tree::unwrap_or_clone) {
        put(&mut namespace, "metadata/deletionTimestamp", at.clone());
        let line = |kind: &str, status: &str, reason: &str, message: &str| {
            json!({"type": kind, "status": status,
            "lastTransitionTime": at, "reason": reason, "message": message})
        };
        namespace["status"] = json!({"phase": "Terminating", "conditions": [
            line("NamespaceDeletionDiscoveryFailure", "False", "ResourcesDiscovered", "All resources successfully discovered"),
            line("NamespaceDeletionGroupVersionParsingFailure", "False", "ParsedGroupVersions", "All legacy kube types successfully parsed"),
            line("NamespaceDeletionContentFailure", "False", "ContentDeleted", "All content successfully deleted, may be waiting on finalization"),
            line("NamespaceContentRemaining", "True", "SomeResourcesRemain", "Some resources are remaining: configmaps. has 1 resource instances"),
            line("NamespaceFinalizersRemaining", "True", "SomeFinalizersRemain", "Some content in the namespace has finalizers remaining: campaigns.shop.example/cleanup in 1 resource instances")
        ]});
        world.put(NAMESPACES, namespace);
    }
}

fn cordoned(world: &mut World, start: Millis) {
    world.pretend(Some(start - 40 * MINUTE));
    let stamp = world.stamp();
    let node = world.change(NODES, "", "worker-c2", Hand { manager: "kubectl-cordon", sub: "" }, |n| {
        put(n, "spec/unschedulable", true);
        put(
            n,
            "spec/taints",
            json!([{"key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule", "timeAdded": stamp}]),
        );
    });
    if let Some(node) = node {
        tell(
            world,
            NODES,
            &node,
            Source::Kubelet("worker-c2"),
            News::normal("NodeNotSchedulable", "Node worker-c2 status is now: NodeNotSchedulable"),
        );
    }
}
