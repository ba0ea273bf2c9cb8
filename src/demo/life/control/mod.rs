//! Simple controllers: each brings what is nearer to what is wanted, and writes the status.

use serde_json::Value;

use super::super::kinds::{
    BUDGETS, DAEMONSETS, DEPLOYMENTS, ENDPOINTS, JOBS, KindId, LEASES, NAMESPACES, PODS, QUOTAS, REPLICASETS,
    REVISIONS, STATEFULSETS,
};
use super::super::object::{Tree, condition, text};
use super::super::world::World;
use super::ending;

mod budget;
mod daemon;
mod deployment;
pub(crate) mod follow;
mod replica;
pub(crate) mod revision;
pub(crate) mod space;
mod stateful;
#[cfg(test)]
mod tests;

/// Kinds with a controller, dependents first.
pub(crate) const CONTROLLED: &[KindId] =
    &[NAMESPACES, REPLICASETS, DEPLOYMENTS, STATEFULSETS, DAEMONSETS, JOBS, BUDGETS, ENDPOINTS, QUOTAS];

/// Looks at one object.
pub(crate) fn reconcile(world: &mut World, kind: KindId, namespace: &str, name: &str) {
    let Some(object) = world.get(kind, namespace, name) else { return };
    if !text(&object, "metadata/deletionTimestamp").is_empty() {
        return;
    }
    match kind {
        NAMESPACES => space::reconcile(world, &object),
        REPLICASETS => replica::reconcile(world, &object),
        DEPLOYMENTS => deployment::reconcile(world, &object),
        STATEFULSETS => stateful::reconcile(world, &object),
        DAEMONSETS => daemon::reconcile(world, &object),
        JOBS => super::jobs::reconcile(world, &object),
        BUDGETS => budget::reconcile(world, &object),
        ENDPOINTS => follow::endpoints(world, &object),
        QUOTAS => follow::quota(world, &object),
        _ => {}
    }
}

/// An object changed or is gone: those who follow it look again.
pub(crate) fn followers(world: &mut World, kind: KindId, object: &Value) {
    match kind {
        PODS => counted(world, text(object, "metadata/namespace")),
        _ => space::noticed(world, kind, object),
    }
}

/// Those who count pods look again.
fn counted(world: &mut World, namespace: &str) {
    for kind in [BUDGETS, ENDPOINTS, QUOTAS] {
        let names: Vec<String> = world.store.within(kind, namespace).map(|(k, _)| k.1.to_string()).collect();
        for name in names {
            world.look(kind, namespace, &name);
        }
    }
}

/// An owner is gone: what it owned goes too; a namespace goes with its last object.
pub(crate) fn orphaned(world: &mut World, kind: KindId, object: &Value) {
    let (namespace, uid) = (text(object, "metadata/namespace"), text(object, "metadata/uid"));
    if CONTROLLED.contains(&kind) || matches!(kind, super::super::kinds::CRONJOBS | super::super::kinds::SERVICES) {
        for dependents in [REPLICASETS, JOBS, PODS, REVISIONS, ENDPOINTS, LEASES] {
            for one in world.owned(dependents, namespace, uid) {
                ending::end(world, dependents, &one, None);
            }
        }
    }
    ending::emptied(world, namespace);
}

/// Whether a pod counts as one of its owner's: not ending, not ended.
fn active(pod: &Value) -> bool {
    text(pod, "metadata/deletionTimestamp").is_empty() && !matches!(text(pod, "status/phase"), "Succeeded" | "Failed")
}

/// Whether a pod is ready.
pub(crate) fn is_ready(pod: &Value) -> bool {
    condition(pod, "Ready") == "True"
}

/// The ready ones of a set of pods.
fn ready(pods: &[Tree]) -> usize {
    pods.iter().filter(|p| is_ready(p)).count()
}

/// A count or a share of `of`, as `maxSurge` and its like are written.
fn share(value: &Value, of: i64, up: bool) -> i64 {
    match value {
        Value::String(s) => {
            let percent: i64 = s.trim_end_matches('%').parse().unwrap_or(0);
            if up { (of * percent + 99) / 100 } else { of * percent / 100 }
        }
        other => other.as_i64().unwrap_or(0),
    }
}
