#![allow(clippy::unwrap_used, reason = "a test tells by failing")]

use super::*;
use crate::core::job::Verdict;
use serde_json::json;

fn taint(text: &str) -> Taint {
    crate::core::plan::taint::parse(text).unwrap()
}

#[test]
fn tolerations_bear_taints_by_the_schedulers_rules() {
    let bears = |t: serde_json::Value, with: &str| {
        let all = Toleration::all(&json!({"tolerations": [t]}));
        tolerated(&all, &taint(with))
    };
    assert_eq!(bears(json!({"operator": "Exists"}), "a=1:NoExecute"), Some(None));
    assert_eq!(bears(json!({"key": "a", "value": "1"}), "a=1:NoSchedule"), Some(None));
    assert_eq!(bears(json!({"key": "a", "value": "2"}), "a=1:NoSchedule"), None);
    assert_eq!(bears(json!({"key": "a", "operator": "Exists", "effect": "NoSchedule"}), "a=1:NoExecute"), None);
    assert_eq!(
        bears(json!({"key": "a", "operator": "Exists", "tolerationSeconds": 30}), "a:NoExecute"),
        Some(Some(30))
    );
    assert_eq!(bears(json!({"key": "a", "operator": "Gt", "value": "5"}), "a=6:NoSchedule"), Some(None));
    assert_eq!(bears(json!({"key": "a", "operator": "Lt", "value": "5"}), "a=6:NoSchedule"), None);
}

#[test]
fn rollouts_stand_as_kubectl_says() {
    let deployment = |over: serde_json::Value| {
        let mut o = json!({"kind": "Deployment", "metadata": {"generation": 2}, "spec": {"replicas": 3},
            "status": {"observedGeneration": 2, "replicas": 3, "updatedReplicas": 3, "availableReplicas": 3}});
        crate::core::plan::testing::lay(&mut o, over);
        rollout(&o)
    };
    assert_eq!(deployment(json!({})), Verdict::Reached("rolled out, 3 available".into()));
    assert!(matches!(deployment(json!({"status": {"observedGeneration": 1}})), Verdict::Going(_)));
    assert!(
        matches!(deployment(json!({"status": {"updatedReplicas": 1}})), Verdict::Going(w) if w.starts_with("1 of 3 new"))
    );
    assert!(matches!(deployment(json!({"status": {"replicas": 4}})), Verdict::Going(w) if w.starts_with("1 old")));
    let late = json!({"status": {"conditions": [{"type": "Progressing", "reason": "ProgressDeadlineExceeded", "message": "m"}]}});
    assert_eq!(deployment(late), Verdict::Stuck("it exceeded its progress deadline: m".into()));
    let sts = |p: i64, updated: i64| {
        rollout(&json!({"kind": "StatefulSet", "metadata": {"generation": 1},
            "spec": {"replicas": 3, "updateStrategy": {"rollingUpdate": {"partition": p}}},
            "status": {"observedGeneration": 1, "readyReplicas": 3, "updatedReplicas": updated,
                "updateRevision": "b", "currentRevision": "a"}}))
    };
    assert!(matches!(sts(2, 0), Verdict::Going(_)));
    assert!(matches!(sts(2, 1), Verdict::Reached(_)));
    assert!(matches!(sts(0, 1), Verdict::Going(_)));
}

#[test]
fn what_is_scaled_is_ready_when_all_are() {
    let d = |replicas: i64, ready: i64| {
        scaled(&json!({"kind": "Deployment", "metadata": {"generation": 1},
        "spec": {"replicas": 3}, "status": {"observedGeneration": 1, "replicas": replicas, "readyReplicas": ready}}))
    };
    assert_eq!(d(3, 3), Verdict::Reached("3 of 3 ready".into()));
    assert_eq!(d(5, 3), Verdict::Going("3 of 3 ready, 2 to go".into()));
    let custom = scaled(&json!({"kind": "Shop", "spec": {"replicas": 2}, "status": {"replicas": 2}}));
    assert_eq!(custom, Verdict::Reached("2 of 2 ready".into()));
}

#[test]
fn selectors_of_objects_match_labels() {
    let s = matching(
        &json!({"matchLabels": {"a": "1"}, "matchExpressions": [{"key": "b", "operator": "NotIn", "values": ["x"]}]}),
    );
    let s = s.unwrap();
    assert!(s.matches("a=1") && s.matches("a=1,b=y") && !s.matches("a=1,b=x") && !s.matches("b=y"));
    assert!(matching(&json!({})).unwrap().matches("any=thing"));
    assert!(matching(&json!(null)).is_none());
    assert!(typed("app=web,tier!=db").unwrap().matches("app=web"));
    assert!(typed("app in (").is_err());
    assert!(typed("a=b c").is_err());
}

#[test]
fn the_selector_of_an_object_is_a_query_for_its_pods() {
    let of = |selector: serde_json::Value| of_pods(&json!({"spec": {"selector": selector}})).map(|s| s.to_string());
    let workload = json!({"matchLabels": {"app": "web"}, "matchExpressions": [{"key": "tier", "operator": "In", "values": ["a", "b"]}]});
    assert_eq!(of(workload).as_deref(), Some("app=web,tier in (a,b)"));
    assert_eq!(of(json!({"app": "web", "tier": "a"})).as_deref(), Some("app=web,tier=a"), "a Service");
    // Nothing is not everything.
    for nothing in [json!(null), json!({}), json!({"matchLabels": {}})] {
        assert_eq!(of(nothing.clone()), None, "{nothing}");
    }
}

#[test]
fn a_patch_is_contained_where_it_would_change_nothing() {
    let o = json!({"spec": {"a": 1, "list": [{"name": "x", "image": "i", "more": 1}, {"name": "y"}]}});
    assert!(contains(&o, &json!({"spec": {"a": 1, "gone": null}})));
    assert!(contains(&o, &json!({"spec": {"list": [{"name": "x", "image": "i"}]}})));
    assert!(!contains(&o, &json!({"spec": {"list": [{"name": "x", "image": "j"}]}})));
    assert!(!contains(&o, &json!({"spec": {"a": null}})));
    assert!(!contains(&o, &json!({"spec": {"list": [{"key": "x"}]}})));
}

#[test]
fn who_reverts_is_named_from_marks_and_managed_fields() {
    let o = json!({"metadata": {
    "labels": {"argocd.argoproj.io/instance": "cart"},
    "ownerReferences": [{"kind": "ReplicaSet", "name": "web", "controller": true}],
    "managedFields": [
        {"manager": "kustomize-controller", "operation": "Apply", "fieldsV1": {"f:spec": {"f:replicas": {}}}},
        {"manager": "team", "operation": "Apply", "fieldsV1": {"f:spec": {"f:image": {}}}},
        {"manager": "kubectl", "operation": "Update", "fieldsV1": {"f:spec": {"f:replicas": {}}}},
    ]}});
    assert_eq!(
        reverts(&o, &["spec", "replicas"]),
        [
            "ReplicaSet web, which owns it",
            "Argo CD application cart (label argocd.argoproj.io/instance)",
            "Flux, which applies spec.replicas (managedFields: kustomize-controller)",
        ]
    );
}

#[test]
fn a_pods_room_is_what_the_scheduler_counts() {
    let spec = json!({
        "containers": [{"name": "a", "resources": {"requests": {"cpu": "300m", "nvidia.com/gpu": "1"}}}],
        "initContainers": [
            {"name": "side", "restartPolicy": "Always", "resources": {"requests": {"cpu": "100m"}}},
            {"name": "init", "resources": {"requests": {"cpu": "700m"}}},
        ],
        "overhead": {"cpu": "10m"},
    });
    let room = Room::asked(&spec);
    assert_eq!(room.0["cpu"].milli(), 810);
    let node = Room::of(&json!({"cpu": "1", "pods": "10"}));
    assert_eq!(node.lacks(&Room::default(), &room).as_deref(), Some("nvidia.com/gpu"));
}

#[test]
fn quotas_are_reckoned_before_they_refuse() {
    let quota = json!({"metadata": {"name": "small"}, "status": {
        "hard": {"pods": "40", "requests.cpu": "1"}, "used": {"pods": "12", "requests.cpu": "900m"}}});
    let asks = Room::asked(&json!({"containers": [{"resources": {"requests": {"cpu": "100m"}}}]}));
    assert!(over_quota(&quota, &asks, 1).is_empty());
    assert_eq!(
        over_quota(&quota, &asks, 2),
        ["quota small has 900m of 1 requests.cpu in use and will refuse some of 2 more"]
    );
}
