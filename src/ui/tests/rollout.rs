//! The board of a rollout.

use super::text;
use super::world::*;
use crate::core::kind::ObjectRef;
use crate::core::panes::Body;
use crate::core::panes::rollout::RolloutPane;
use crate::core::rollout;
use crate::core::state::{State, Watched};
use serde_json::{Value, json};
use std::sync::Arc;

fn revision(n: i64, image: &str, cause: &str) -> Value {
    let env: Vec<Value> = (0..12).map(|n| json!({"name": format!("E{n}"), "value": "x"})).collect();
    json!({
        "kind": "ReplicaSet",
        "metadata": {
            "name": format!("front-{n}"), "namespace": "web", "creationTimestamp": "2026-11-21T08:00:00Z",
            "annotations": {"deployment.kubernetes.io/revision": n.to_string(), "kubernetes.io/change-cause": cause},
            "ownerReferences": [{"kind": "Deployment", "name": "front", "uid": "u", "controller": true}],
        },
        "spec": {"template": {"spec": {"containers": [{"name": "front", "image": image, "env": env}]}}},
    })
}

fn open(state: &mut State) {
    let history = vec![
        revision(7, "reg.example/front:2.14.1", "fix the cart"),
        revision(6, "reg.example/front:2.14.0", "release 2.14"),
        revision(5, "reg.example/front:2.13.9", ""),
    ];
    let value = json!({
        "kind": "Deployment",
        "metadata": {"name": "front", "namespace": "web", "uid": "u", "generation": 9},
        "spec": {
            "replicas": 3, "template": history[0]["spec"]["template"], "progressDeadlineSeconds": 600,
            "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"}},
        },
        "status": {
            "observedGeneration": 9, "replicas": 4, "updatedReplicas": 1, "readyReplicas": 3, "availableReplicas": 3,
            "conditions": [{"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded",
                "message": "ReplicaSet \"front-7\" has timed out progressing."}],
        },
    });
    let cluster = state.active;
    let kind = kind("apps", "deployments", "Deployment", "deploy", true);
    let object = ObjectRef { cluster, kind, namespace: "web".into(), name: "front".into(), uid: None };
    let mut pane = RolloutPane { history: Ok(history), ..RolloutPane::new(object.clone()) };
    pane.told = rollout::told(&pane, &value, None, NOW);
    pane.told.made = state.now;
    state.objects.insert(object, Watched::There(Arc::new(value)));
    if let Some(p) = state.focused_mut() {
        p.go(Body::Rollout(Box::new(pane)));
    }
}

#[test]
fn a_stuck_rollout_says_why_and_shows_what_changed() {
    for (w, h) in [(80, 24), (200, 60)] {
        let mut state = world(w, h);
        open(&mut state);
        insta::assert_snapshot!(format!("rollout_{w}x{h}"), text(&state));
    }
}
