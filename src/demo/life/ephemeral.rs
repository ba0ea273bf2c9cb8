//! Ephemeral containers: added to a running pod, started a moment later.

use serde_json::{Value, json};

use super::super::kinds::PODS;
use super::super::object::{items, list, text};
use super::super::rng::Rng;
use super::super::world::{Hand, World};
use super::{PodRef, status};

/// Adds the ephemeral containers of `wanted` that the pod lacks; they run at once.
pub(crate) fn add(world: &mut World, pod: &Value, wanted: &Value, hand: Hand) -> Value {
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
    done.unwrap_or_else(|| pod.clone())
}
