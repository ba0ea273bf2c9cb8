//! Descriptions with what stands beside their object.

use super::text;
use super::world::*;
use crate::core::describe::Beside;
use crate::core::freshness::Freshness;
use crate::core::kind::ObjectRef;
use crate::core::panes::Body;
use crate::core::panes::text::{TextPane, What};
use crate::core::problem::Missing;
use crate::core::state::{State, Watched};
use crate::core::store::Store;
use crate::core::stream::StreamEvent;
use serde_json::{Value, json};
use std::sync::Arc;

fn open(state: &mut State, plural: &str, name: &str, value: Value) {
    let cluster = state.active;
    let kind = state.clusters[&cluster].kind(plural).expect("a kind of the fixture");
    let namespace = value["metadata"]["namespace"].as_str().unwrap_or_default().into();
    let object = ObjectRef { cluster, kind, namespace, name: name.into(), uid: None };
    state.objects.insert(object.clone(), Watched::There(Arc::new(value)));
    let pane = TextPane::new(object, What::Describe);
    let beside = Beside::of(state, &pane);
    state.streams.insert(beside.events.expect("events are known"), events());
    if let Some(p) = state.focused_mut() {
        p.go(Body::Text(Box::new(pane)));
    }
    crate::core::update::settle(state);
}

fn pod() -> Value {
    json!({
        "kind": "Pod",
        "metadata": {"name": "cart-7c9f6d-x2lqp", "namespace": "shop", "uid": "u-1", "creationTimestamp": "2026-11-21T10:00:00Z"},
        "spec": {"nodeName": "n-10", "containers": [{"name": "cart", "image": "reg/cart:2.14.1", "resources": {"limits": {"memory": "96Mi"}}}]},
        "status": {"phase": "Running", "podIP": "10.0.3.7", "qosClass": "Burstable", "containerStatuses": [{
            "name": "cart", "ready": false, "restartCount": 14, "state": {"waiting": {"reason": "CrashLoopBackOff"}}
        }]},
    })
}

fn node() -> Value {
    let condition = |kind: &str, status: &str| json!({"type": kind, "status": status, "reason": "Kubelet", "message": "says so", "lastHeartbeatTime": "2026-11-21T11:58:00Z", "lastTransitionTime": "2026-11-21T11:59:00Z"});
    json!({
        "kind": "Node",
        "metadata": {"name": "n-10", "uid": "u-2", "creationTimestamp": "2026-10-10T10:00:00Z"},
        "spec": {},
        "status": {
            "allocatable": {"cpu": "8", "memory": "32Gi", "pods": "110"}, "capacity": {"cpu": "8", "memory": "33Gi", "pods": "110"},
            "conditions": [condition("MemoryPressure", "False"), condition("Ready", "True")],
            "nodeInfo": {"kubeletVersion": "v1.35.4"}, "addresses": [],
        },
    })
}

fn end(state: &mut State) {
    if let Some(Body::Text(t)) = state.focused_mut().map(|p| &mut p.body) {
        t.top = t.lines.len().saturating_sub(18);
    }
}

#[test]
fn a_pod_with_its_events() {
    for (w, h) in [(80, 24), (200, 60), (40, 12)] {
        let mut state = world(w, h);
        if let Some(tab) = state.tabs.first_mut() {
            tab.zoom = true;
        }
        open(&mut state, "pods", "cart-7c9f6d-x2lqp", pod());
        insta::assert_snapshot!(format!("describe_pod_{w}x{h}"), text(&state));
    }
    let mut state = world(80, 24);
    open(&mut state, "pods", "cart-7c9f6d-x2lqp", pod());
    end(&mut state);
    insta::assert_snapshot!("describe_pod_end", text(&state));
}

#[test]
fn events_that_may_not_be_read_are_named() {
    let mut state = world(80, 24);
    open(&mut state, "pods", "cart-7c9f6d-x2lqp", pod());
    let mut forbidden = Store::new();
    let missing = Missing { verb: "list".into(), resource: "events".into(), namespace: Some("shop".into()) };
    forbidden.apply(StreamEvent::Fresh(Freshness::Forbidden(missing)));
    let key = state.streams.keys().find(|k| k.fields.contains("involvedObject")).cloned().expect("its events");
    state.streams.insert(key, forbidden);
    state.now += 1_000;
    crate::core::update::settle(&mut state);
    end(&mut state);
    insta::assert_snapshot!("describe_events_forbidden", text(&state));
}

#[test]
fn a_node_with_its_pods() {
    for (w, h) in [(80, 24), (200, 60)] {
        let mut state = world(w, h);
        if let Some(tab) = state.tabs.first_mut() {
            tab.zoom = true;
        }
        open(&mut state, "nodes", "n-10", node());
        end(&mut state);
        insta::assert_snapshot!(format!("describe_node_{w}x{h}"), text(&state));
    }
}
