//! Workloads as they stand after a quiet past: the objects, their replica sets and running pods.

use serde_json::{Value, json};

use super::super::clock::{HOUR, Millis};
use super::super::kinds::{DAEMONSETS, DEPLOYMENTS, NODES, PODS, REPLICASETS, STATEFULSETS};
use super::super::life::control::revision;
use super::super::life::{past as lives, scheduler};
use super::super::object::{Tree, put, text};
use super::super::world::{CONTROLLER, Hand, World};
use super::build::{owner, pod, template_hash};
use super::template::template;
use super::workloads::{Sort, Workload};

const HELM: Hand = Hand { manager: "helm", sub: "" };

/// Puts a workload with its pods.
pub(crate) fn workload(world: &mut World, w: &Workload) {
    let template = template(w);
    match w.sort {
        Sort::Deployment => deployment(world, w, &template),
        Sort::StatefulSet => stateful(world, w, &template),
        Sort::DaemonSet => daemon(world, w, &template),
    }
}

fn metadata(w: &Workload) -> Value {
    json!({"name": w.name, "namespace": w.namespace, "labels": {
        "app": w.name, "app.kubernetes.io/name": w.name, "app.kubernetes.io/managed-by": "Helm"
    }, "annotations": {
        "meta.helm.sh/release-name": w.name, "meta.helm.sh/release-namespace": w.namespace
    }})
}

fn deployment(world: &mut World, w: &Workload, template: &Value) {
    let mut meta = metadata(w);
    meta["annotations"]["deployment.kubernetes.io/revision"] = "1".into();
    let now = world.now();
    let d = world.create(
        DEPLOYMENTS,
        json!({"metadata": meta, "spec": {
        "replicas": w.replicas, "selector": {"matchLabels": {"app": w.name}}, "template": template,
        "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": "25%", "maxSurge": "25%"}},
        "revisionHistoryLimit": 10, "progressDeadlineSeconds": 600
    }, "status": {}}),
        HELM,
    );
    let hash = template_hash(template);
    let set = replica_set(world, &d, template, &hash, w.replicas, 1);
    let mut labelled = template.clone();
    put(&mut labelled, "metadata/labels/pod-template-hash", hash.clone());
    for i in 0..w.replicas {
        let name = format!("{}-{hash}-{}", w.name, world.rng.suffix(5));
        // Pods are younger than their deployment: nodes were drained, releases rolled.
        let born = now + (world.clock.epoch() - now) * i64::from(i + 1) / i64::from(2 * w.replicas + 1);
        world.pretend(Some(born));
        let p = pod(world, w.namespace, &name, &labelled, owner("apps/v1", "ReplicaSet", &set));
        settle(world, p, born);
    }
    world.pretend(Some(now));
}

/// A replica set of a deployment.
pub(crate) fn replica_set(
    world: &mut World,
    deployment: &Value,
    template: &Value,
    hash: &str,
    replicas: u32,
    revision: i64,
) -> Tree {
    let name = format!("{}-{hash}", text(deployment, "metadata/name"));
    let mut labelled = template.clone();
    put(&mut labelled, "metadata/labels/pod-template-hash", hash);
    let mut selector = deployment["spec"]["selector"].clone();
    put(&mut selector, "matchLabels/pod-template-hash", hash);
    let labels = labelled["metadata"]["labels"].clone();
    world.create(REPLICASETS, json!({"metadata": {
        "name": name, "namespace": text(deployment, "metadata/namespace"), "labels": labels,
        "annotations": {
            "deployment.kubernetes.io/desired-replicas": deployment["spec"]["replicas"].to_string(),
            "deployment.kubernetes.io/max-replicas": (deployment["spec"]["replicas"].as_i64().unwrap_or(0) * 5 / 4).to_string(),
            "deployment.kubernetes.io/revision": revision.to_string()
        },
        "ownerReferences": owner("apps/v1", "Deployment", deployment)
    }, "spec": {"replicas": replicas, "selector": selector, "template": labelled}, "status": {"replicas": 0}}), CONTROLLER)
}

/// Stores a pod of the past: placed and running since a few seconds after its birth.
pub(crate) fn settle(world: &mut World, pod: Value, born: Millis) -> Tree {
    let pod = world.shape(PODS, pod);
    match scheduler::choose(world, &pod) {
        Ok(node) => lives::settled(world, pod, &node, born),
        Err(_) => world.enter(PODS, pod, CONTROLLER),
    }
}

fn stateful(world: &mut World, w: &Workload, template: &Value) {
    let now = world.now();
    let hash = template_hash(template);
    let full = format!("{}-{hash}", w.name);
    let s = world.create(
        STATEFULSETS,
        json!({"metadata": metadata(w), "spec": {
        "replicas": w.replicas, "selector": {"matchLabels": {"app": w.name}}, "template": template,
        "volumeClaimTemplates": [{"kind": "PersistentVolumeClaim", "apiVersion": "v1", "metadata": {"name": "data"},
            "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "20Gi"}},
                "storageClassName": "fast", "volumeMode": "Filesystem"}, "status": {"phase": "Pending"}}],
        "serviceName": w.name, "podManagementPolicy": "OrderedReady",
        "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 0}}, "revisionHistoryLimit": 10,
        "persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Retain", "whenScaled": "Retain"}
    }, "status": {"replicas": 0, "currentRevision": full, "updateRevision": full, "collisionCount": 0}}),
        HELM,
    );
    revision::current(world, STATEFULSETS, &s);
    for i in 0..w.replicas {
        let born = now + i64::from(i) * 40_000 + (world.clock.epoch() - now) / 3;
        world.pretend(Some(born));
        let p = member(world, &s, i64::from(i), &full);
        super::services::volume(world, w.namespace, &format!("data-{}-{i}", w.name), "20Gi");
        settle(world, p, born);
    }
    world.pretend(Some(now));
}

/// The `index`th pod of a stateful set.
pub(crate) fn member(world: &mut World, set: &Value, index: i64, revision: &str) -> Value {
    let (namespace, base) = (text(set, "metadata/namespace"), text(set, "metadata/name"));
    let name = format!("{base}-{index}");
    let mut template = set["spec"]["template"].clone();
    if let Some(labels) = template["metadata"]["labels"].as_object_mut() {
        labels.insert("apps.kubernetes.io/pod-index".into(), index.to_string().into());
        labels.insert("controller-revision-hash".into(), revision.into());
        labels.insert("statefulset.kubernetes.io/pod-name".into(), name.clone().into());
    }
    for claim in set["spec"]["volumeClaimTemplates"].as_array().into_iter().flatten() {
        let volume = text(claim, "metadata/name");
        let source = json!({"name": volume, "persistentVolumeClaim": {"claimName": format!("{volume}-{name}")}});
        super::super::object::items(&mut template, "spec/volumes", |all| all.insert(0, source));
    }
    put(&mut template, "spec/hostname", name.clone());
    put(&mut template, "spec/subdomain", text(set, "spec/serviceName"));
    pod(world, namespace, &name, &template, owner("apps/v1", "StatefulSet", set))
}

fn daemon(world: &mut World, w: &Workload, template: &Value) {
    let now = world.now();
    let d = world.create(DAEMONSETS, json!({"metadata": metadata(w), "spec": {
        "selector": {"matchLabels": {"app": w.name}}, "template": template,
        "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 1, "maxSurge": 0}},
        "revisionHistoryLimit": 10
    }, "status": {"currentNumberScheduled": 0, "numberMisscheduled": 0, "desiredNumberScheduled": 0, "numberReady": 0}}), HELM);
    let hash = revision::current(world, DAEMONSETS, &d);
    let nodes: Vec<String> = world.store.iter(NODES).map(|(k, _)| k.1.to_string()).collect();
    for node in nodes {
        world.pretend(Some(now + HOUR));
        let p = daemon_pod(world, &d, &node, &hash);
        let p = world.shape(PODS, p);
        lives::settled(world, p, &node, now + HOUR);
    }
    world.pretend(Some(now));
}

/// The pod of a daemon set for a node.
pub(crate) fn daemon_pod(world: &mut World, set: &Value, node: &str, hash: &str) -> Value {
    let name = format!("{}-{}", text(set, "metadata/name"), world.rng.suffix(5));
    let mut template = set["spec"]["template"].clone();
    put(&mut template, "metadata/labels/controller-revision-hash", hash);
    put(&mut template, "metadata/labels/pod-template-generation", "1");
    put(
        &mut template,
        "spec/affinity",
        json!({"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {
            "nodeSelectorTerms": [{"matchFields": [{"key": "metadata.name", "operator": "In", "values": [node]}]}]
        }}}),
    );
    pod(world, text(set, "metadata/namespace"), &name, &template, owner("apps/v1", "DaemonSet", set))
}
