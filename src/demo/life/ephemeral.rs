//! Ephemeral containers: added to a running pod, started a moment later.

use serde_json::{Value, json};

use super::super::kinds::PODS;
use super::super::object::{Tree, find, items, list, text};
use super::super::rng::Rng;
use super::super::world::{Hand, KUBELET, World};
use super::{PodRef, status};

/// Whether a container of a pod is an ephemeral one.
pub(super) fn is(pod: &Value, container: &str) -> bool {
    find(list(pod, "spec/ephemeralContainers"), "name", container).is_some()
}

/// An ephemeral container has ended, and stays so.
pub(super) fn ended(world: &mut World, pod: &Value, container: &str, code: i64, reason: &str) {
    let (at, now) = (PodRef::of(pod), world.now());
    world.change(PODS, &at.namespace, &at.name, KUBELET, |p| {
        items(p, "status/ephemeralContainerStatuses", |all| {
            if let Some(status) = all.iter_mut().find(|s| text(s, "name") == container) {
                let started = text(status, "state/running/startedAt").to_owned();
                let id = text(status, "containerID").to_owned();
                status["state"] = status::terminated(code, reason, &started, now, &id);
            }
        });
    });
}

/// Adds the ephemeral containers of `wanted` that the pod lacks; they run at once.
pub(crate) fn add(world: &mut World, pod: &Value, wanted: &Value, hand: Hand) -> Tree {
    let at = PodRef::of(pod);
    let now = world.now();
    let added: Vec<Value> = list(wanted, "spec/ephemeralContainers").to_vec();
    let done = world.change(PODS, &at.namespace, &at.name, hand, |p| {
        for container in &added {
            let name = text(container, "name").to_owned();
            let known = items(p, "spec/ephemeralContainers", |all| {
                let known = all.iter().any(|c| text(c, "name") == name);
                if !known {
                    all.push(container.clone());
                }
                known
            });
            if !known {
                items(p, "status/ephemeralContainerStatuses", |all| {
                    all.push(json!({
                        "name": name, "state": status::running(now), "lastState": {}, "ready": false,
                        "restartCount": 0, "image": text(container, "image"), "imageID": "",
                        "containerID": format!("containerd://{}", Rng::keyed(5, &name).hex(64))
                    }));
                });
            }
        }
    });
    done.unwrap_or_else(|| Tree::new(pod.clone()))
}
