//! Deployments: rollouts from one replica set to the next within surge and unavailability.

use serde_json::{Value, json};

use super::super::super::clock::{Millis, SECOND, parse, rfc3339};
use super::super::super::kinds::{DEPLOYMENTS, REPLICASETS};
use super::super::super::object::{Tree, condition, find, flag, int, key_of, list, put, text};
use super::super::super::story::build::template_hash;
use super::super::super::story::past;
use super::super::super::world::{CONTROLLER, Hand, World};
use super::super::Action;
use super::super::events::{News, Source, tell};
use super::share;

const STATUS: Hand = Hand { manager: "kube-controller-manager", sub: "status" };
const SOURCE: Source<'_> = Source::Controller("deployment-controller");
const REVISION: &str = "deployment.kubernetes.io/revision";

pub(super) fn reconcile(world: &mut World, deployment: &Value) {
    let (namespace, name) = key_of(deployment);
    let uid = text(deployment, "metadata/uid");
    let template = &deployment["spec"]["template"];
    let sets = world.owned(REPLICASETS, &namespace, uid);
    let current = sets.iter().find(|s| same(&s["spec"]["template"], template)).cloned();
    let paused = flag(deployment, "spec/paused");
    let newest = sets.iter().map(|s| revision(s)).max().unwrap_or(0);
    let current = match current {
        Some(set) if revision(&set) < newest && !paused => {
            // An older template again: it becomes the newest revision, as an undo does.
            let set_name = text(&set, "metadata/name").to_owned();
            world.change(REPLICASETS, &namespace, &set_name, CONTROLLER, |s| {
                s["metadata"]["annotations"][REVISION] = (newest + 1).to_string().into();
            })
        }
        None if !paused => {
            let hash = template_hash(template);
            Some(past::replica_set(world, deployment, template, &hash, 0, newest + 1))
        }
        other => other,
    };
    let newest = current.as_ref().map_or(newest, |s| revision(s));
    let sets = world.owned(REPLICASETS, &namespace, uid);
    let current_name = current.as_ref().map_or(String::new(), |c| text(c, "metadata/name").to_owned());
    let (new, old): (Vec<Tree>, Vec<Tree>) = sets.into_iter().partition(|s| text(s, "metadata/name") == current_name);
    if let Some(new) = new.first() {
        balance(world, deployment, new, &old, paused);
    }
    let sets = world.owned(REPLICASETS, &namespace, uid);
    status(world, &namespace, &name, &sets, &current_name, newest);
}

fn revision(set: &Value) -> i64 {
    set["metadata"]["annotations"][REVISION].as_str().and_then(|r| r.parse().ok()).unwrap_or(0)
}

/// Whether a set's template is the deployment's: equal but for the hash label.
fn same(of_set: &Value, of_deployment: &Value) -> bool {
    let mut bare = of_set.clone();
    if let Some(labels) = bare["metadata"]["labels"].as_object_mut() {
        labels.shift_remove("pod-template-hash");
    }
    bare == *of_deployment
}

fn scale(world: &mut World, deployment: &Value, set: &Value, to: i64) {
    let (namespace, name) = key_of(set);
    let from = int(set, "spec/replicas");
    if from == to {
        return;
    }
    world.change(REPLICASETS, &namespace, &name, CONTROLLER, |s| put(s, "spec/replicas", to));
    let word = if to > from { "up" } else { "down" };
    let told = format!("Scaled {word} replica set {name} from {from} to {to}");
    tell(world, DEPLOYMENTS, deployment, SOURCE, News::normal("ScalingReplicaSet", &told));
}

fn balance(world: &mut World, deployment: &Value, new: &Value, old: &[Tree], paused: bool) {
    let wanted = int(deployment, "spec/replicas");
    let running: Vec<&Tree> = old.iter().filter(|s| int(s, "spec/replicas") > 0).collect();
    if running.is_empty() || paused {
        if !paused || running.is_empty() {
            scale(world, deployment, new, wanted);
        }
        return;
    }
    if text(deployment, "spec/strategy/type") == "Recreate" {
        for set in &running {
            scale(world, deployment, set, 0);
        }
        if running.iter().all(|s| int(s, "status/replicas") == 0) {
            scale(world, deployment, new, wanted);
        }
        return;
    }
    let rolling = &deployment["spec"]["strategy"]["rollingUpdate"];
    let surge = share(&rolling["maxSurge"], wanted, true);
    let mut away = share(&rolling["maxUnavailable"], wanted, false);
    if surge == 0 && away == 0 {
        away = 1;
    }
    let spec_total: i64 = int(new, "spec/replicas") + running.iter().map(|s| int(s, "spec/replicas")).sum::<i64>();
    let room = wanted + surge - spec_total;
    if room > 0 {
        scale(world, deployment, new, (int(new, "spec/replicas") + room).min(wanted));
    }
    let ready = |s: &Value| int(s, "status/readyReplicas");
    let available: i64 = ready(new) + running.iter().map(|s| ready(s)).sum::<i64>();
    let mut may_go = available - (wanted - away);
    for set in running {
        // Pods that are not ready are missed by nobody.
        let (has, dead) = (int(set, "spec/replicas"), int(set, "spec/replicas") - ready(set));
        let less = (dead.max(0) + may_go.max(0)).min(has);
        may_go -= (less - dead).max(0);
        scale(world, deployment, set, has - less);
    }
}

fn status(world: &mut World, namespace: &str, name: &str, sets: &[Tree], current: &str, revision: i64) {
    let sum = |path: &str| sets.iter().map(|s| int(s, path)).sum::<i64>();
    let (total, ready) = (sum("status/replicas"), sum("status/readyReplicas"));
    let updated = sets.iter().find(|s| text(s, "metadata/name") == current).map_or(0, |s| int(s, "status/replicas"));
    let failure = sets.iter().find_map(|s| find(list(s, "status/conditions"), "type", "ReplicaFailure")).cloned();
    let now = world.now();
    let mut again = false;
    let changed = world.change(DEPLOYMENTS, namespace, name, STATUS, |d| {
        if !d["metadata"]["annotations"].is_object() {
            d["metadata"]["annotations"] = json!({});
        }
        d["metadata"]["annotations"][REVISION] = revision.to_string().into();
        let wanted = int(d, "spec/replicas");
        let away = share(&d["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"], wanted, false);
        let mut status = json!({"observedGeneration": d["metadata"]["generation"]});
        for (key, n) in [
            ("replicas", total),
            ("updatedReplicas", updated),
            ("readyReplicas", ready),
            ("availableReplicas", ready),
            ("unavailableReplicas", (total.max(wanted) - ready).max(0)),
        ] {
            if n > 0 {
                status[key] = n.into();
            }
        }
        status["terminatingReplicas"] = 0.into();
        let complete = updated == wanted && total == updated && ready == wanted;
        let moved = ["updatedReplicas", "readyReplicas", "replicas"].iter().any(|k| status[*k] != d["status"][*k])
            || status["observedGeneration"] != d["status"]["observedGeneration"];
        status["conditions"] =
            json!([available(d, ready >= wanted - away, now), progress(d, complete, moved, current, now)]);
        if let (Some(failure), Value::Array(all)) = (failure, &mut status["conditions"]) {
            all.push(failure);
        }
        again = !complete;
        d["status"] = status;
    });
    // A hanging rollout is noticed at its deadline.
    if again
        && let Some(d) = changed
        && condition(&d, "Progressing") == "True"
    {
        let updated =
            find(list(&d, "status/conditions"), "type", "Progressing").map_or("", |c| text(c, "lastUpdateTime"));
        let deadline = parse(updated).unwrap_or(now) + int(&d, "spec/progressDeadlineSeconds") * SECOND;
        world.after(
            (deadline - now).max(SECOND) + SECOND,
            Action::Reconcile(DEPLOYMENTS, namespace.into(), name.into()),
        );
    }
}

fn line(d: &Value, kind: &str, status: &str, reason: &str, message: &str, now: Millis, touch: bool) -> Value {
    let old = find(list(d, "status/conditions"), "type", kind);
    let keep =
        |field: &str, same: bool| old.filter(|_| same).map_or_else(|| rfc3339(now), |o| text(o, field).to_owned());
    let same = old.is_some_and(|o| text(o, "status") == status);
    let quiet = same && !touch && old.is_some_and(|o| text(o, "reason") == reason);
    json!({"type": kind, "status": status, "lastUpdateTime": keep("lastUpdateTime", quiet),
        "lastTransitionTime": keep("lastTransitionTime", same), "reason": reason, "message": message})
}

fn available(d: &Value, yes: bool, now: Millis) -> Value {
    if yes {
        line(d, "Available", "True", "MinimumReplicasAvailable", "Deployment has minimum availability.", now, false)
    } else {
        line(
            d,
            "Available",
            "False",
            "MinimumReplicasUnavailable",
            "Deployment does not have minimum availability.",
            now,
            false,
        )
    }
}

fn progress(d: &Value, complete: bool, moved: bool, set: &str, now: Millis) -> Value {
    if complete {
        let told = format!("ReplicaSet \"{set}\" has successfully progressed.");
        return line(d, "Progressing", "True", "NewReplicaSetAvailable", &told, now, false);
    }
    let old = find(list(d, "status/conditions"), "type", "Progressing");
    let last = old.and_then(|o| parse(text(o, "lastUpdateTime"))).unwrap_or(now);
    // Going back and forth of a complete deployment is no rollout: the deadline is for rollouts.
    let settled = old.is_some_and(|o| text(o, "reason") == "NewReplicaSetAvailable")
        && d["metadata"]["generation"] == d["status"]["observedGeneration"];
    if settled {
        return old.cloned().unwrap_or(Value::Null);
    }
    if !moved && now - last >= int(d, "spec/progressDeadlineSeconds") * SECOND {
        let told = format!("ReplicaSet \"{set}\" has timed out progressing.");
        return line(d, "Progressing", "False", "ProgressDeadlineExceeded", &told, now, false);
    }
    if old.is_some_and(|o| text(o, "status") == "False") && !moved {
        return old.cloned().unwrap_or(Value::Null);
    }
    let told = format!("ReplicaSet \"{set}\" is progressing.");
    line(d, "Progressing", "True", "ReplicaSetUpdated", &told, now, moved)
}
