//! Forwards by labels.

use crate::core::act::{Given, Seed, Values};
use crate::core::held::Work;
use crate::core::plan::testing::{World, pod};
use serde_json::json;

fn asks(selector: &str, ports: &str) -> Values {
    let of = [("selector", selector), ("ports", ports), ("namespace", "shop")];
    of.iter().fold(Values::default(), |v, (id, text)| v.with(id, Given::Text((*text).to_owned())))
}

fn web(born: &str, ready: bool) -> serde_json::Value {
    let ready = if ready { "True" } else { "False" };
    pod(
        "n1",
        &[json!({"metadata": {"labels": {"app": "web"}, "creationTimestamp": born},
        "status": {"phase": "Running", "conditions": [{"type": "Ready", "status": ready}]}})],
    )
}

#[test]
fn the_line_of_kubectl_names_the_pod_that_is_led_to() {
    let world = World::default()
        .with("pods", "shop/web-new", web("2026-11-02T00:00:00Z", true))
        .with("pods", "shop/web-old", web("2026-11-01T00:00:00Z", true))
        .with("pods", "shop/web-first", web("2026-10-01T00:00:00Z", false));
    let plan = world.plan("forward_labels", "pods", &[], asks("app=web", "8080:80"));
    assert_eq!(plan.kubectl, ["kubectl --context prod -n shop port-forward pods/web-old 8080:80"]);
    let Some(Seed::Holding(holding)) = &plan.seed else { panic!("{plan:?}") };
    let Work::Forward(wish) = &holding.work else { panic!("{holding:?}") };
    assert_eq!((wish.pods.name.as_ref(), wish.pods.labels.as_ref()), (None, "app=web"), "any of them, later on");
    assert!(plan.warnings.is_empty() && plan.blockers.is_empty());
}

#[test]
fn where_no_pod_is_ready_the_forward_waits_and_says_so() {
    let world = World::default().with("pods", "shop/web-first", web("2026-10-01T00:00:00Z", false));
    let waits = |selector, words: &str| {
        let plan = world.plan("forward_labels", "pods", &[], asks(selector, "8080:80"));
        assert!(plan.seed.is_some() && plan.kubectl.is_empty(), "{plan:?}");
        assert!(plan.warnings.iter().any(|w| w.contains(words)), "{:?}", plan.warnings);
    };
    waits("app=web", "is ready");
    waits("app=db", "no pod has these labels");
    for (selector, ports) in [("", "80"), ("app=web", "0"), ("app=(", "80")] {
        let plan = world.plan("forward_labels", "pods", &[], asks(selector, ports));
        assert!(plan.seed.is_none() && !plan.blockers.is_empty(), "{plan:?}");
    }
    let blind = world.without("pods").plan("forward_labels", "pods", &[], asks("app=web", "80"));
    assert!(blind.seed.is_none() && blind.blockers[0].reason.contains("cannot be read"), "{blind:?}");
}
