//! Disruption budgets: how many pods may be evicted now.

use serde_json::{Value, json};

use super::super::super::kinds::{BUDGETS, PODS};
use super::super::super::object::{find, key_of, list, text};
use super::super::super::selector::Labels;
use super::super::super::world::{Hand, World};
use super::share;

const STATUS: Hand = Hand { manager: "kube-controller-manager", sub: "status" };

pub(super) fn reconcile(world: &mut World, budget: &Value) {
    let (namespace, name) = key_of(budget);
    let selector = Labels::of(&budget["spec"]["selector"]);
    let (mut expected, mut healthy) = (0_i64, 0_i64);
    for (_, pod) in world.store.within(PODS, &namespace) {
        let over = matches!(&*pod.field(5), "Succeeded" | "Failed");
        if over || selector.is_empty() || !selector.matches(|k| pod.label(k)) {
            continue;
        }
        let facts = pod.facts();
        expected += 1;
        healthy += i64::from(facts.ready && !facts.ending);
    }
    let least = &budget["spec"]["minAvailable"];
    let desired = if least.is_null() {
        (expected - share(&budget["spec"]["maxUnavailable"], expected, true)).max(0)
    } else {
        share(least, expected, true)
    };
    let allowed = if expected == 0 { 0 } else { (healthy - desired).max(0) };
    let now = world.stamp();
    world.change(BUDGETS, &namespace, &name, STATUS, |b| {
        let word = if allowed > 0 { "True" } else { "False" };
        let old = find(list(b, "status/conditions"), "type", "DisruptionAllowed");
        let since = old.filter(|c| text(c, "status") == word).map_or(now, |c| text(c, "lastTransitionTime").to_owned());
        let generation = b["metadata"]["generation"].clone();
        b["status"] = json!({
            "observedGeneration": generation, "disruptionsAllowed": allowed, "currentHealthy": healthy,
            "desiredHealthy": desired, "expectedPods": expected,
            "conditions": [{"type": "DisruptionAllowed", "status": word, "observedGeneration": generation,
                "lastTransitionTime": since, "reason": if allowed > 0 { "SufficientPods" } else { "InsufficientPods" },
                "message": ""}]
        });
    });
}
