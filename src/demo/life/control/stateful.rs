//! Stateful sets: one after the other, by number.

use serde_json::{Value, json};

use super::super::super::kinds::{PODS, PVCS, STATEFULSETS};
use super::super::super::object::{int, key_of, text};
use super::super::super::story::past::member;
use super::super::super::story::volume;
use super::super::super::world::{CONTROLLER, Hand, World};
use super::super::ending;
use super::super::events::{News, Source, tell};
use super::is_ready;
use super::revision::{self, LABEL};

const STATUS: Hand = Hand { manager: "kube-controller-manager", sub: "status" };
const SOURCE: Source<'_> = Source::Controller("statefulset-controller");

pub(super) fn reconcile(world: &mut World, set: &Value) {
    let (namespace, name) = key_of(set);
    let wanted = int(set, "spec/replicas");
    let revision = format!("{name}-{}", revision::current(world, STATEFULSETS, set));
    let pods = world.owned(PODS, &namespace, text(set, "metadata/uid"));
    let number =
        |p: &Value| text(p, "metadata/name").rsplit('-').next().and_then(|n| n.parse::<i64>().ok()).unwrap_or(0);
    let by_number = |n: i64| pods.iter().find(|p| number(p) == n);
    let mut busy = false;
    for n in 0..wanted {
        match by_number(n) {
            Some(p) if is_ready(p) && text(p, "metadata/deletionTimestamp").is_empty() => {}
            Some(p) => {
                let over = matches!(text(p, "status/phase"), "Failed" | "Succeeded");
                if over && text(p, "metadata/deletionTimestamp").is_empty() {
                    ending::end(world, PODS, p, Some(0));
                }
                busy = true;
                break;
            }
            None => {
                let claim = format!("data-{name}-{n}");
                if !set["spec"]["volumeClaimTemplates"].is_null() && world.get(PVCS, &namespace, &claim).is_none() {
                    volume(world, &namespace, &claim, "20Gi");
                }
                let new = member(world, set, n, &revision);
                world.create(PODS, new, CONTROLLER);
                let told = format!("create Pod {name}-{n} in StatefulSet {name} successful");
                tell(world, STATEFULSETS, set, SOURCE, News::normal("SuccessfulCreate", &told));
                busy = true;
                break;
            }
        }
    }
    if !busy {
        // Too many: the highest number goes first. Then old templates, highest first, one at a time.
        let extra = pods.iter().filter(|p| number(p) >= wanted).max_by_key(|p| number(p));
        // Those below the partition keep what they have.
        let from = int(set, "spec/updateStrategy/rollingUpdate/partition");
        let rolling = text(set, "spec/updateStrategy/type") != "OnDelete";
        let stale = || {
            pods.iter()
                .filter(|p| rolling && number(p) >= from)
                .filter(|p| p["metadata"]["labels"][LABEL].as_str() != Some(&*revision))
                .max_by_key(|p| number(p))
        };
        if let Some(p) = extra.or_else(stale).filter(|p| text(p, "metadata/deletionTimestamp").is_empty()) {
            ending::end(world, PODS, p, None);
            let told = format!("delete Pod {} in StatefulSet {name} successful", text(p, "metadata/name"));
            tell(world, STATEFULSETS, set, SOURCE, News::normal("SuccessfulDelete", &told));
        }
    }
    let pods = world.owned(PODS, &namespace, text(set, "metadata/uid"));
    let ready = super::ready(&pods);
    let updated = pods.iter().filter(|p| p["metadata"]["labels"][LABEL].as_str() == Some(&*revision)).count();
    let all = pods.len();
    world.change(STATEFULSETS, &namespace, &name, STATUS, |s| {
        let mut status = json!({"observedGeneration": s["metadata"]["generation"], "replicas": all});
        let current = text(s, "status/currentRevision").to_owned();
        for (key, n) in [("readyReplicas", ready), ("currentReplicas", all - updated), ("updatedReplicas", updated)] {
            if n > 0 {
                status[key] = n.into();
            }
        }
        let done = updated == all;
        if done {
            status["currentReplicas"] = all.into();
        }
        status["currentRevision"] = if done || current.is_empty() { revision.clone() } else { current }.into();
        status["updateRevision"] = revision.clone().into();
        status["collisionCount"] = 0.into();
        status["availableReplicas"] = ready.into();
        s["status"] = status;
    });
}
