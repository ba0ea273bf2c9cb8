//! Cordons, taints, labels and annotations.

use crate::core::act::{Class, Given, Plan, Values};
use crate::core::plan::taint;
use crate::core::plan::testing::{World, node, owned, pod, uid};
use serde_json::{Value, json};

fn lines(field: &str, lines: &[&str]) -> Values {
    Values::default().with(field, Given::Lines(lines.iter().map(|l| (*l).to_owned()).collect()))
}

fn body(plan: &Plan, at: usize) -> Value {
    plan.trial[at].1.body.as_deref().cloned().unwrap_or_default()
}

fn tainted(taints: &Value) -> Value {
    node(json!({"spec": {"taints": taints}}))
}

#[test]
fn a_cordon_sets_the_field_and_its_reverse_takes_it_away() {
    let w = World::default().with("nodes", "a", node(json!({}))).with(
        "nodes",
        "b",
        node(json!({"spec": {"unschedulable": true}})),
    );
    let cordon = w.plan("cordon", "nodes", &["a", "b"], Values::default());
    assert_eq!((cordon.trial.len(), cordon.class), (1, Class::Reversible));
    assert_eq!(body(&cordon, 0), json!({"spec": {"unschedulable": true}, "metadata": {"uid": uid("a")}}));
    assert_eq!(cordon.kubectl, ["kubectl --context prod cordon a"]);
    assert_eq!((cordon.items[1].subject.as_str(), cordon.items[1].verdict.as_str()), ("b", "as it is"));
    let back = w.plan("uncordon", "nodes", &["a", "b"], Values::default());
    assert_eq!(body(&back, 0), json!({"spec": {"unschedulable": null}, "metadata": {"uid": uid("b")}}));
}

#[test]
fn taints_are_read_as_kubectl_reads_them() {
    for good in ["a:NoSchedule", "a=b:NoExecute", "example.com/role=db:PreferNoSchedule", "a=:NoSchedule"] {
        assert!(taint::parse(good).is_ok(), "{good}: {:?}", taint::parse(good));
    }
    for bad in [
        "a",
        "a=b",
        "a=b:noschedule",
        "a=b:NoSchedule ing",
        "=b:NoSchedule",
        "a b:NoSchedule",
        "a=b c:NoExecute",
        "/a:NoExecute",
        "A.b/c:NoExecute",
        "a=b=c:NoExecute",
    ] {
        assert!(taint::parse(bad).is_err(), "{bad}");
    }
    let long = "x".repeat(64);
    for bad in [format!("{long}:NoExecute"), format!("a={long}:NoExecute"), format!("{}/a:NoExecute", "p.".repeat(127))]
    {
        assert!(taint::parse(&bad).is_err(), "{bad}");
    }
    // One key may have each effect, and one effect once.
    assert!(taint::parse_all(&["a:NoSchedule".into(), "a:NoExecute".into(), " ".into()]).is_ok());
    assert!(taint::parse_all(&["a=1:NoSchedule".into(), "a=2:NoSchedule".into()]).is_err());
}

#[test]
fn a_change_of_taints_sends_the_whole_list_and_only_to_the_node_that_was_read() {
    let was = json!([
        {"key": "keep", "effect": "NoSchedule", "timeAdded": "2026-01-01T00:00:00Z"},
        {"key": "change", "value": "old", "effect": "NoSchedule"},
        {"key": "drop", "effect": "NoSchedule"},
    ]);
    let w = World::default().with("nodes", "a", tainted(&was));
    let wanted = ["keep:NoSchedule", "change=new:NoSchedule", "add=x:PreferNoSchedule"];
    let plan = w.plan("taint", "nodes", &["a"], lines("taints", &wanted));
    let sent = body(&plan, 0);
    assert_eq!(sent["metadata"], json!({"resourceVersion": "7", "uid": uid("a")}));
    assert_eq!(
        sent["spec"]["taints"],
        json!([
            {"key": "change", "value": "new", "effect": "NoSchedule"},
            {"key": "add", "value": "x", "effect": "PreferNoSchedule"},
            was[0],
        ])
    );
    let line = "kubectl --context prod taint nodes a change=new:NoSchedule add=x:PreferNoSchedule drop:NoSchedule- --overwrite";
    assert_eq!((plan.kubectl[0].as_str(), plan.class), (line, Class::Reversible));
    assert_eq!(
        plan.items[0].verdict,
        "change=old:NoSchedule -> change=new:NoSchedule, add add=x:PreferNoSchedule, remove drop:NoSchedule"
    );
    // The last one takes the field away.
    let w = World::default().with("nodes", "a", tainted(&json!([{"key": "a", "effect": "NoSchedule"}])));
    assert_eq!(body(&w.plan("taint", "nodes", &["a"], lines("taints", &[])), 0)["spec"], json!({"taints": null}));
    // The same as before is nothing to do.
    assert!(w.plan("taint", "nodes", &["a"], Values::default()).seed.is_none());
    assert!(!w.plan("taint", "nodes", &["a"], lines("taints", &["a:Nope"])).blockers.is_empty());
}

#[test]
fn what_only_some_nodes_have_stays_and_is_replaced_only_when_asked_to() {
    let w = World::default()
        .with(
            "nodes",
            "a",
            tainted(&json!([{"key": "k", "value": "1", "effect": "NoSchedule"}, {"key": "s", "effect": "NoSchedule"}])),
        )
        .with("nodes", "b", tainted(&json!([{"key": "s", "effect": "NoSchedule"}])));
    let both = ["a", "b"];
    let clash = w.plan("taint", "nodes", &both, lines("taints", &["s:NoSchedule", "k=2:NoSchedule"]));
    assert_eq!(clash.blockers.len(), 1);
    assert_eq!(clash.blockers[0].subject, "a");
    let over = lines("taints", &["s:NoSchedule", "k=2:NoSchedule"]).with("overwrite", Given::Flag(true));
    let plan = w.plan("taint", "nodes", &both, over);
    assert_eq!((plan.trial.len(), plan.blockers.len()), (2, 0));
    assert!(plan.kubectl[0].ends_with("k=2:NoSchedule --overwrite"), "{:?}", plan.kubectl);
    let gone = w.plan("taint", "nodes", &both, lines("taints", &[]));
    assert_eq!(body(&gone, 0)["spec"]["taints"], json!([{"key": "k", "value": "1", "effect": "NoSchedule"}]));
}

#[test]
fn no_execute_names_whom_it_deletes_and_when() {
    let bears = |seconds: Value| {
        let t = json!({"key": "gone", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": seconds});
        json!({"spec": {"tolerations": [t]}})
    };
    let rs = owned("ReplicaSet", "web");
    let mut world = World::default().with("nodes", "a", node(json!({})));
    for (name, overs) in [
        ("now", vec![rs.clone()]),
        ("late", vec![rs.clone(), bears(json!(300))]),
        ("stays", vec![rs.clone(), bears(Value::Null)]),
        ("ended", vec![rs.clone(), json!({"status": {"phase": "Succeeded"}})]),
    ] {
        world = world.with("pods", &format!("shop/{name}"), pod("a", &overs));
    }
    let plan = world.plan("taint", "nodes", &["a"], lines("taints", &["gone:NoExecute"]));
    let of = |n: &str| plan.items.iter().find(|i| i.subject == format!("shop/{n}")).map(|i| i.verdict.as_str());
    assert_eq!(
        [of("now"), of("late"), of("stays"), of("ended")],
        [Some("deleted now"), Some("deleted in 300 s"), None, None]
    );
    assert!(
        plan.warnings.iter().any(|w| w.contains("deletes 2 pods of a, 1 stay") && w.contains("budgets do not protect"))
    );
    assert_eq!(plan.class, Class::Disruptive);
    let bare = world.with("pods", "shop/bare", pod("a", &[]));
    assert_eq!(bare.plan("taint", "nodes", &["a"], lines("taints", &["gone:NoExecute"])).class, Class::Irreversible);
    // Who may not list pods is told what is not known, and asked harder.
    let blind = bare.without("pods").plan("taint", "nodes", &["a"], lines("taints", &["gone:NoExecute"]));
    assert!(blind.unknown[0].starts_with("whom NoExecute deletes on a"), "{:?}", blind.unknown);
    assert_eq!(blind.class, Class::Disruptive);
}

#[test]
fn a_removal_names_whom_it_lets_in_and_who_puts_it_back() {
    let pending =
        |selector: Value| json!({"spec": {"nodeName": null, "nodeSelector": selector}, "status": {"phase": "Pending"}});
    let taints = json!([
        {"key": "dedicated", "value": "db", "effect": "NoSchedule"},
        {"key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule"},
    ]);
    let w = World::default()
        .with("nodes", "a", tainted(&taints))
        .with("pods", "shop/waits", pod("", &[pending(json!({}))]))
        .with("pods", "shop/elsewhere", pod("", &[pending(json!({"zone": "b"}))]));
    let plan = w.plan("taint", "nodes", &["a"], lines("taints", &[]));
    let of = |n: &str| plan.items.iter().find(|i| i.subject == format!("shop/{n}")).map(|i| i.detail.as_str());
    assert_eq!([of("waits"), of("elsewhere")], [Some("may go to a"), None]);
    assert!(plan.warnings[0].contains("will come back: the node controller"), "{:?}", plan.warnings);
    assert!(plan.reverts[0].contains("node controller"));
    let one = w.plan("taint", "nodes", &["a"], lines("taints", &["node.kubernetes.io/unschedulable:NoSchedule"]));
    assert!(!one.items.iter().any(|i| i.verdict == "unblocked"), "another taint still keeps it out: {:?}", one.items);
}

#[test]
fn only_a_dead_node_is_declared_out_of_service() {
    let dead = node(json!({"status": {"conditions": [{"type": "Ready", "status": "Unknown"}]}}));
    let w = World::default().with("nodes", "dead", dead).with("nodes", "well", node(json!({}))).with(
        "pods",
        "shop/p",
        pod("dead", &[]),
    );
    let plan = w.plan("out_of_service", "nodes", &["dead"], Values::default());
    assert_eq!((plan.class, plan.name.as_str()), (Class::Irreversible, "dead"));
    assert!(plan.warnings[0].contains("only if the machine is surely off"));
    assert_eq!(body(&plan, 0)["spec"]["taints"][0]["key"], "node.kubernetes.io/out-of-service");
    let well = w.plan("out_of_service", "nodes", &["well"], Values::default());
    assert!(well.seed.is_none() && well.blockers[0].reason.contains("drain it"));
}

#[test]
fn labels_are_changed_key_by_key_and_only_if_they_are_what_was_read() {
    let w = World::default().with(
        "nodes",
        "a",
        node(json!({"metadata": {"labels": {"keep": "1", "change": "old", "a.b/drop": "x"}}})),
    );
    let plan = w.plan("label", "nodes", &["a"], lines("labels", &["keep=1", "change=new", "add="]));
    assert_eq!(
        body(&plan, 0),
        json!([
            {"op": "test", "path": "/metadata/uid", "value": uid("a")},
            {"op": "test", "path": "/metadata/labels/add", "value": null},
            {"op": "add", "path": "/metadata/labels/add", "value": ""},
            {"op": "test", "path": "/metadata/labels/change", "value": "old"},
            {"op": "add", "path": "/metadata/labels/change", "value": "new"},
            {"op": "test", "path": "/metadata/labels/a.b~1drop", "value": "x"},
            {"op": "remove", "path": "/metadata/labels/a.b~1drop"},
        ])
    );
    assert_eq!(plan.kubectl[0], "kubectl --context prod label nodes/a add= change=new a.b/drop- --overwrite");
    // The first one of all makes the map.
    let bare = World::default().with("pods", "shop/p", json!({}));
    let plan = bare.plan("label", "pods", &["shop/p"], lines("labels", &["k=v"]));
    assert_eq!(body(&plan, 0)[1], json!({"op": "test", "path": "/metadata/labels", "value": null}));
    assert_eq!(plan.kubectl[0], "kubectl --context prod -n shop label pods/p k=v");
    for bad in ["k", "k=a b", "-k=v", "a/b/c=v", "k=-v"] {
        assert!(!bare.plan("label", "pods", &["shop/p"], lines("labels", &[bad])).blockers.is_empty(), "{bad}");
    }
    let role = bare.plan("label", "pods", &["shop/p"], lines("labels", &["topology.kubernetes.io/zone=b"]));
    assert!(role.warnings[0].contains("meaning to Kubernetes"));
}

#[test]
fn annotations_hold_anything_and_long_ones_stay_out_of_the_form() {
    let long = "x\ny";
    let w = World::default().with("pods", "shop/p", json!({"metadata": {"annotations": {"note": "a b", "doc": long}}}));
    let same = w.plan("annotate", "pods", &["shop/p"], Values::default());
    assert!(same.seed.is_none(), "what is not shown is not removed: {same:#?}");
    let plan = w.plan("annotate", "pods", &["shop/p"], lines("annotations", &["note=it's {new}"]));
    assert_eq!(plan.kubectl[0], r"kubectl --context prod -n shop annotate pods/p 'note=it'\''s {new}' --overwrite");
    assert!(!plan.items[0].verdict.contains("doc"));
}

#[test]
fn labels_of_many_are_those_they_share() {
    let labels = |l: Value| json!({"metadata": {"labels": l}});
    let w = World::default().with("pods", "shop/a", labels(json!({"app": "web", "tier": "1"}))).with(
        "pods",
        "shop/b",
        labels(json!({"app": "web"})),
    );
    let both = ["shop/a", "shop/b"];
    let plan = w.plan("label", "pods", &both, lines("labels", &["app=web", "tier=2"]));
    assert_eq!((plan.blockers.len(), plan.blockers[0].subject.as_str()), (1, "shop/a"));
    let over = lines("labels", &["app=web", "tier=2"]).with("overwrite", Given::Flag(true));
    let plan = w.plan("label", "pods", &both, over);
    assert_eq!((plan.blockers.len(), plan.trial.len()), (0, 2));
    assert!(
        plan.kubectl[0].ends_with("--overwrite") && !plan.kubectl[1].ends_with("--overwrite"),
        "{:?}",
        plan.kubectl
    );
    let gone = w.plan("label", "pods", &both, lines("labels", &[]));
    assert_eq!(gone.items[0].verdict, "remove app");
}
