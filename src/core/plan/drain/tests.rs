#![allow(clippy::unwrap_used, reason = "a test tells by failing")]

use crate::core::act::{Class, Given, Plan, Read, Values};
use crate::core::plan::testing::{self, NOW, World, asked, facts, kind, object, owned, plan, refusal, target};
use crate::core::plan::{all, pods_of};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::Arc;

fn pod(name: &str, overs: &[Value]) -> Value {
    object(&format!("shop/{name}"), testing::pod("n1", overs))
}

fn empty_dir() -> Value {
    json!({"spec": {"volumes": [{"name": "cache", "emptyDir": {}}]}})
}

fn budget(name: &str, allowed: i64) -> Value {
    object(
        &format!("shop/{name}"),
        json!({
            "spec": {"selector": {"matchLabels": {"app": "web"}}},
            "status": {"disruptionsAllowed": allowed, "currentHealthy": 4, "desiredHealthy": 4 - allowed, "expectedPods": 6},
        }),
    )
}

fn node(name: &str, ready: &str) -> Value {
    object(name, testing::node(json!({"status": {"conditions": [{"type": "Ready", "status": ready}]}})))
}

fn make(pods: &[Value], budgets: &[Value], values: Values) -> Plan {
    let lists = vec![
        (pods_of(kind("pods"), "n1"), json!(pods)),
        (all(kind("poddisruptionbudgets.policy"), None), json!(budgets)),
        (all(kind("nodes"), None), json!([node("n1", "True"), node("n2", "True")])),
        (pods_of(kind("pods"), "n2"), json!([])),
    ];
    let mut daemon = target("daemonsets.apps", "shop/agent");
    daemon.uid = None;
    let f = facts(vec![(target("nodes", "n1"), node("n1", "True")), (daemon, json!({}))], lists);
    plan(&asked("drain", vec![target("nodes", "n1")], values), &f)
}

fn on(flags: &[&str]) -> Values {
    flags.iter().fold(Values::default(), |v, f| v.with(f, Given::Flag(true)))
}

fn verdict(pod: Value, values: Values) -> String {
    let made = make(&[pod], &[], values);
    made.items.last().map(|i| format!("{}: {}", i.verdict, i.detail)).unwrap()
}

#[test]
fn pods_are_judged_as_kubectl_does() {
    let rs = owned("ReplicaSet", "web");
    let done = json!({"status": {"phase": "Succeeded"}});
    let mirror = json!({"metadata": {"annotations": {"kubernetes.io/config.mirror": "x"}}});
    let late = json!({"metadata": {"deletionTimestamp": "2026-02-28T23:59:00Z"}});
    let skip = Values::default().with("skip-wait-for-delete-timeout", Given::Text("30s".into()));
    let long = Values::default().with("skip-wait-for-delete-timeout", Given::Text("60".into()));
    let no_ds = Values::default().with("ignore-daemonsets", Given::Flag(false));
    let cases = [
        (pod("a", std::slice::from_ref(&rs)), Values::default(), "evict"),
        (pod("a", &[owned("Widget", "any")]), Values::default(), "evict"),
        (pod("a", &[]), Values::default(), "blocked: nobody manages it"),
        (pod("a", &[]), on(&["force"]), "evict"),
        (pod("a", std::slice::from_ref(&done)), Values::default(), "evict"),
        (pod("a", &[rs.clone(), empty_dir()]), Values::default(), "blocked: keeps data in emptyDir cache"),
        (pod("a", &[rs.clone(), empty_dir()]), on(&["delete-emptydir-data"]), "evict"),
        (pod("a", &[rs.clone(), empty_dir(), done.clone()]), Values::default(), "evict"),
        (pod("a", std::slice::from_ref(&mirror)), Values::default(), "keep: static pod"),
        (pod("a", &[mirror, empty_dir()]), Values::default(), "keep: static pod"),
        (pod("a", &[owned("DaemonSet", "agent")]), Values::default(), "keep: DaemonSet agent"),
        (pod("a", &[owned("DaemonSet", "agent")]), no_ds, "blocked: DaemonSet agent; `ignore-daemonsets`"),
        (pod("a", &[owned("DaemonSet", "agent"), done]), Values::default(), "evict"),
        (pod("a", &[owned("DaemonSet", "lost")]), Values::default(), "blocked: its DaemonSet lost: was not read"),
        (pod("a", std::slice::from_ref(&late)), skip, "keep: terminating"),
        (pod("a", &[rs, late]), long, "evict"),
    ];
    for (pod, values, wanted) in cases {
        let got = verdict(pod.clone(), values);
        assert!(got.starts_with(wanted), "{got} is not {wanted}: {pod}");
    }
}

#[test]
fn every_warning_is_kept_and_harder_plans_are_harder_to_confirm() {
    let bare = pod(
        "a",
        &[
            empty_dir(),
            json!({"spec": {"volumes": [{"name": "cache", "emptyDir": {}}, {"name": "h", "hostPath": {"path": "/data"}}]}}),
        ],
    );
    let made = make(&[bare], &[], on(&["force", "delete-emptydir-data"]));
    for part in ["emptyDir", "nobody manages", "hostPath /data"] {
        assert!(made.warnings.iter().any(|w| w.contains(part)), "{part}: {:?}", made.warnings);
    }
    assert_eq!(made.class, Class::Irreversible);
    let plain = make(&[pod("a", &[owned("ReplicaSet", "web")])], &[], Values::default());
    assert_eq!(plain.class, Class::Disruptive);
    let deleting = make(&[pod("a", &[owned("ReplicaSet", "web")])], &[], on(&["disable-eviction"]));
    assert_eq!(deleting.class, Class::Irreversible);
    assert!(deleting.kubectl[0].ends_with("--ignore-daemonsets --disable-eviction"), "{:?}", deleting.kubectl);
}

#[test]
fn budgets_are_added_up_over_the_plan() {
    let rs = owned("ReplicaSet", "web");
    let ready = |n: &str| pod(n, std::slice::from_ref(&rs));
    let unready = pod("u", &[rs.clone(), json!({"status": {"conditions": [{"type": "Ready", "status": "False"}]}})]);
    let pending = pod("p", &[rs.clone(), json!({"status": {"phase": "Pending"}})]);
    let made = make(&[ready("a"), ready("b"), unready, pending], &[budget("web", 1)], Values::default());
    let of = |n: &str| made.items.iter().find(|i| i.subject == format!("shop/{n}")).unwrap().detail.clone();
    assert!(of("a").contains("budget web allows 1 (needs 3 healthy, has 4)"), "{}", of("a"));
    assert!(of("b").contains("has to wait: budget web allows 1 (needs 3 healthy, has 4); other pods"), "{}", of("b"));
    assert!(of("u").contains("enough ready pods"), "{}", of("u"));
    assert!(!of("p").contains("budget"), "{}", of("p"));
    assert!(made.seed.is_some());
    let two = make(&[ready("a")], &[budget("x", 1), budget("y", 1)], Values::default());
    assert!(two.warnings.iter().any(|w| w.contains("two budgets cover it (x, y)")), "{:?}", two.warnings);
}

#[test]
fn where_pods_fit_is_said_and_who_feels_it() {
    let small = json!({"metadata": {"name": "n2"}, "status": {"allocatable": {"cpu": "600m"}}});
    let set =
        json!({"spec": {"replicas": 2, "selector": {"matchLabels": {"app": "web"}}}, "status": {"readyReplicas": 2}});
    let w = World::default()
        .with("nodes", "n1", testing::node(json!({})))
        .with("nodes", "n2", testing::node(small))
        .with("nodes", "n3", testing::node(json!({"spec": {"unschedulable": true}})))
        .with("replicasets.apps", "shop/web", set)
        .with("pods", "shop/a", testing::pod("n1", &[owned("ReplicaSet", "web")]))
        .with("pods", "shop/b", testing::pod("n1", &[owned("ReplicaSet", "web")]));
    let made = w.plan("drain", "nodes", &["n1"], Values::default());
    let of = |n: &str| made.items.iter().find(|i| i.subject == n).unwrap().detail.clone();
    assert_eq!(of("shop/a"), "ReplicaSet web 2/2 ready · fits n2");
    assert_eq!(of("shop/b"), "ReplicaSet web 2/2 ready · does not fit: cpu on 1", "the first has taken the room");
    assert_eq!(made.warnings, ["shop/b does not fit: cpu on 1"]);
    assert_eq!(made.blast, ["ReplicaSet shop/web: all 2 ready pods go"]);
}

#[test]
fn what_cannot_be_read_stops_the_plan() {
    let lists = |bad: usize| -> Vec<(Read, Result<Arc<Value>, _>)> {
        let all = [pods_of(kind("pods"), "n1"), all(kind("poddisruptionbudgets.policy"), None)];
        let answer = |i| if i == bad { Err(refusal(403, "Forbidden", "no")) } else { Ok(Arc::new(json!([]))) };
        all.into_iter().enumerate().map(|(i, r)| (r, answer(i))).collect()
    };
    for bad in 0..2 {
        let mut f = facts(vec![(target("nodes", "n1"), node("n1", "True"))], vec![]);
        f.answers.extend(lists(bad));
        let made = plan(&asked("drain", vec![target("nodes", "n1")], Values::default()), &f);
        assert!(made.seed.is_none() && made.blockers.len() == 1, "{:?}", made.blockers);
    }
}

#[test]
fn a_dead_node_is_said_to_be_dead() {
    let lists =
        vec![(pods_of(kind("pods"), "n1"), json!([])), (all(kind("poddisruptionbudgets.policy"), None), json!([]))];
    let f = facts(vec![(target("nodes", "n1"), node("n1", "Unknown"))], lists);
    let made = plan(&asked("drain", vec![target("nodes", "n1")], Values::default()), &f);
    assert!(
        made.warnings[0].contains("stay Terminating") && made.warnings[0].contains("out-of-service"),
        "{:?}",
        made.warnings
    );
    assert_eq!(f.at, NOW);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
    /// No pod stands twice, and none goes that kubectl would keep.
    #[test]
    fn no_pod_twice_and_none_that_kubectl_keeps(shapes in proptest::collection::vec(0u8..64, 0..12), force: bool, data: bool) {
        let pods: Vec<_> = shapes.iter().enumerate().map(|(i, s)| {
            let mut overs = Vec::new();
            if s & 1 > 0 { overs.push(owned("ReplicaSet", "web")); }
            if s & 2 > 0 { overs.push(empty_dir()); }
            if s & 4 > 0 { overs.push(json!({"status": {"phase": "Failed"}})); }
            if s & 8 > 0 { overs.push(json!({"metadata": {"annotations": {"kubernetes.io/config.mirror": "x"}}})); }
            if s & 16 > 0 { overs.push(owned("DaemonSet", "agent")); }
            pod(&format!("p{i}"), &overs)
        }).collect();
        let values = Values::default().with("force", Given::Flag(force)).with("delete-emptydir-data", Given::Flag(data));
        let made = make(&pods, &[], values);
        let mut subjects: Vec<_> = made.items.iter().map(|i| i.subject.clone()).collect();
        let n = subjects.len();
        subjects.sort();
        subjects.dedup();
        prop_assert_eq!(subjects.len(), n);
        for (i, s) in shapes.iter().enumerate() {
            let item = made.items.iter().find(|x| x.subject == format!("shop/p{i}")).unwrap();
            let (rs, dir, ended, mirror, ds) = (s & 1 > 0, s & 2 > 0, s & 4 > 0, s & 8 > 0, s & 16 > 0);
            let stays = (ds && !ended) || mirror || (!ended && ((dir && !data) || (!rs && !ds && !force)));
            prop_assert_eq!(item.verdict == "evict", !stays, "{}", item.detail);
        }
    }
}
