#![allow(clippy::unwrap_used, reason = "a test tells by failing")]

use super::*;
use crate::core::plan::testing::{lay, object, owned, target};
use crate::core::store::fixture::{self, Pod};
use serde_json::json;

/// 2026-03-01T00:00:00Z.
const NOW: i64 = crate::core::plan::testing::NOW;

fn template(image: &str) -> Value {
    let env: Vec<Value> = (0..8).map(|n| json!({"name": format!("E{n}"), "value": "x"})).collect();
    json!({"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "c", "image": image, "env": env}]}})
}

fn revision(number: i64, image: &str, cause: &str) -> Value {
    let mut o = owned("Deployment", "web");
    let mut t = template(image);
    t["metadata"]["labels"]["pod-template-hash"] = number.to_string().into();
    lay(
        &mut o,
        json!({
            "kind": "ReplicaSet",
            "metadata": {
                "name": format!("web-{number}"),
                "creationTimestamp": "2026-02-28T22:00:00Z",
                "annotations": {"deployment.kubernetes.io/revision": number.to_string(), "kubernetes.io/change-cause": cause},
            },
            "spec": {"template": t},
        }),
    );
    o
}

fn web(over: Value) -> Value {
    let mut o = object(
        "shop/web",
        json!({
            "kind": "Deployment",
            "metadata": {"generation": 3},
            "spec": {
                "replicas": 2, "template": template("web:3"), "progressDeadlineSeconds": 600,
                "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": 0}},
            },
            "status": {"observedGeneration": 3, "replicas": 2, "updatedReplicas": 2, "availableReplicas": 2, "readyReplicas": 2},
        }),
    );
    lay(&mut o, over);
    o
}

fn pane(history: Vec<Value>) -> RolloutPane {
    RolloutPane { history: Ok(history), ..RolloutPane::new(target("deployments.apps", "shop/web")) }
}

fn three() -> RolloutPane {
    pane(vec![revision(1, "web:1", "first"), revision(3, "web:3", "third"), revision(2, "web:2", "second")])
}

fn texts(lines: &[TextLine]) -> Vec<String> {
    lines.iter().map(plain).collect()
}

#[test]
fn it_says_how_the_rollout_stands_and_its_strategy() {
    let told = told(&three(), &web(json!({})), None, NOW);
    let head = texts(&told.head);
    assert_eq!(head[0], "rolled out, 2 available");
    assert_eq!(head[1], "RollingUpdate · surge 25% · deadline 600 s · 2 wanted, 2 updated, 2 ready, 2 available");
    let late = web(json!({"spec": {"paused": true}, "status": {"updatedReplicas": 1, "conditions": [
        {"type": "ReplicaFailure", "status": "True", "message": "exceeded quota: tight"},
        {"type": "Available", "status": "True", "message": "well"},
    ]}}));
    let head = texts(&super::told(&three(), &late, None, NOW).head);
    assert_eq!(head[0], "paused; 1 of 2 new replicas updated");
    assert_eq!(head[2..], ["ReplicaFailure True: exceeded quota: tight"]);
    let set = json!({"kind": "StatefulSet", "spec": {"replicas": 3, "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 2}}}});
    let head = texts(&super::told(&pane(Vec::new()), &object("shop/db", set), None, NOW).head);
    assert!(head[1].contains("partition 2: pods below it keep the old template"), "{head:?}");
}

#[test]
fn the_history_is_told_newest_first_and_what_is_in_use() {
    let all = told(&three(), &web(json!({})), None, NOW);
    let cells: Vec<_> = all.rows.iter().map(|r| r.cells.join("|")).collect();
    assert_eq!(cells, ["3 now||120m|web:3|third", "2||120m|web:2|second", "1||120m|web:1|first"]);
    assert_eq!(all.rows[1].words, "2  web:2  second", "as the form of an undo has it");
    let blind = RolloutPane { history: Err("forbidden".into()), ..three() };
    let told = told(&blind, &web(json!({})), None, NOW);
    assert!(told.rows.is_empty() && texts(&told.head).contains(&"forbidden".to_owned()));
}

#[test]
fn any_two_revisions_are_compared() {
    let mut pane = three();
    let of = |p: &RolloutPane| {
        let told = told(p, &web(json!({})), None, NOW);
        (told.pair, texts(&told.diff))
    };
    // What is in use, beside the one before it: from the older to the newer.
    let (pair, diff) = of(&pane);
    assert_eq!(pair, "revision 2 -> 3");
    assert!(
        diff.contains(&"-     image: web:2".to_owned()) && diff.contains(&"+     image: web:3".to_owned()),
        "{diff:#?}"
    );
    assert!(diff.iter().any(|l| l.contains("lines that both have")), "{diff:#?}");
    assert!(!diff.iter().any(|l| l.contains("pod-template-hash")), "{diff:#?}");
    // The oldest beside what is in use, then beside one that was chosen.
    pane.list.at = 2;
    assert_eq!(of(&pane).0, "revision 1 -> 3");
    pane.base = Some(2);
    assert_eq!(of(&pane).0, "revision 1 -> 2");
    pane.base = Some(1);
    assert_eq!(of(&pane).0, "revision 1: choose another to compare with it");
    // One that is gone is compared with no more.
    pane.base = Some(9);
    assert_eq!(of(&pane).0, "revision 1 -> 3");
    let same = RolloutPane { history: Ok(vec![revision(1, "web:3", ""), revision(2, "web:3", "")]), ..three() };
    assert_eq!(of(&same), ("revision 1 -> 2, the same template".into(), Vec::new()));
    let one = RolloutPane { history: Ok(vec![revision(1, "web:3", "")]), ..three() };
    assert_eq!(of(&one).0, "revision 1: the only one there is");
    let other = RolloutPane {
        history: Ok(vec![{
            let mut alien = revision(1, "web:3", "");
            alien["metadata"]["ownerReferences"][0]["uid"] = "another".into();
            alien
        }]),
        ..three()
    };
    assert_eq!(of(&other), (String::new(), Vec::new()));
}

#[test]
fn the_pods_that_hold_it_up_are_named() {
    let bad = |n: u128| Pod {
        health: Health::Bad,
        status: "ImagePullBackOff".into(),
        restarts: n as u32 - 1,
        ..fixture::pod(n, "shop", &format!("web-x-{n}"))
    };
    let mut pods: Vec<Pod> = (1..=5).map(bad).collect();
    pods.push(fixture::pod(9, "shop", "well"));
    let store = fixture::store(&pods);
    // The fixture's pods are of ReplicaSet x.
    let mut mine = revision(3, "web:3", "");
    mine["metadata"]["name"] = "x".into();
    let told = told(&pane(vec![mine]), &web(json!({})), Some(&store), NOW);
    let head = texts(&told.head);
    assert_eq!(head[2], "pod web-x-1  ImagePullBackOff  (new)");
    assert_eq!(head[3], "pod web-x-2  ImagePullBackOff, restarts 1  (new)");
    assert_eq!(head.last().unwrap(), "and 1 more pods that are not well");
    assert_eq!(told.rows[0].cells[1], "6", "all its pods are counted");
}

#[test]
fn pods_of_sets_are_told_by_the_hash_they_carry() {
    let pod = Pod { labels: "app=db,controller-revision-hash=db-7f".into(), ..fixture::pod(1, "shop", "db-0") };
    let daemon = Pod { labels: "controller-revision-hash=7f".into(), ..fixture::pod(2, "shop", "agent-x") };
    let other = Pod { labels: "controller-revision-hash=f".into(), ..fixture::pod(3, "shop", "agent-y") };
    let store = fixture::store(&[pod, daemon, other]);
    let object = json!({"kind": "ControllerRevision", "metadata": {"name": "db-7f"}});
    let revision = Revision { number: 1, template: &Value::Null, object: &object };
    let hits: Vec<bool> = store.rows().map(|p| is_of(&p, &revision)).collect();
    assert_eq!(hits, [true, true, false]);
}
