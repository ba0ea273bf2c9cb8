//! Labels, annotations, deletions, evictions, namespaces.

use super::hand::{Hand, until};
use super::twins::{equal, object};
use crate::judged::{Space, apply, beside, containers, kubectl, try_kubectl};
use std::time::Duration;

const SOON: Duration = Duration::from_mins(1);

fn there(kind: &str, name: &str, space: &str) -> bool {
    try_kubectl(&["get", kind, name, "-n", space]).is_ok()
}

/// The same config map twice, with labels and annotations.
fn maps(space: &str) -> String {
    let one = |name: &str| {
        format!(
            "apiVersion: v1
kind: ConfigMap
metadata:
  name: {name}
  namespace: {space}
  labels: {{keep: a, change: old, drop: b}}
  annotations: {{note: first, gone: x}}
data: {{k: v}}
---
"
        )
    };
    one("map-qd") + &one("map-kc")
}

#[test]
fn labels_and_annotations_end_as_kubectl_ends_them() {
    let _beside = beside();
    let space = Space::new("qd-act-labels");
    apply(&maps(space.0));
    let mut hand = Hand::new("admin.conf", &["-n", space.0]);
    hand.go("configmaps", "map-qd");
    hand.act("label");
    hand.lines("labels", 3, &["change=new", "keep=a", "add=c"]);
    hand.plan();
    hand.reads("change: old -> new");
    hand.confirm("");
    hand.says("done; 1 of 1 done");
    hand.go("configmaps", "map-qd");
    hand.act("annotate");
    // In the order of their keys, kubectl's own left out.
    hand.lines("annotations", 2, &["note=it's a {test}"]);
    hand.plan();
    hand.confirm("");
    until("the annotation", SOON, || {
        object("cm", "map-qd", &["-n", space.0])["metadata"]["annotations"]["gone"].is_null()
    });
    kubectl(&["label", "cm", "map-kc", "-n", space.0, "change=new", "add=c", "drop-", "--overwrite"]);
    kubectl(&["annotate", "cm", "map-kc", "-n", space.0, "note=it's a {test}", "gone-", "--overwrite"]);
    equal("cm", "map", &["-n", space.0]);
    let journal = hand.journal();
    assert!(journal.contains(r#""step":"label""#) && journal.contains("labels.drop"), "{journal}");
}

/// Over five are confirmed by typing how many they are.
#[test]
fn many_are_labelled_at_once_and_deleted_at_once() {
    let _beside = beside();
    let space = Space::new("qd-act-many");
    for n in 0..7 {
        kubectl(&["create", "configmap", &format!("many-{n}"), "-n", space.0, "--from-literal=a=b"]);
    }
    let mut hand = Hand::new("admin.conf", &["-n", space.0]);
    hand.mark("configmaps", "many-", 7);
    hand.act("label");
    hand.lines("labels", 0, &["team=blue"]);
    hand.plan();
    hand.reads("label 7 configmaps");
    hand.confirm("7");
    hand.ends("done");
    let count = || kubectl(&["get", "cm", "-n", space.0, "-l", "team=blue", "-o", "name"]).lines().count();
    assert_eq!(count(), 7);
    hand.mark("configmaps", "many-", 7);
    hand.press("\x04");
    hand.program.wait_for_text("what it owns");
    hand.plan();
    hand.confirm("7");
    hand.ends("done");
    assert_eq!(count(), 0);
}

/// A Deployment of two, and a budget that wants both.
const WEB: &str = "apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: qd-act-gone}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      terminationGracePeriodSeconds: 1
      containers: [{name: c, image: 'qd.test/bare:1'}]
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: both, namespace: qd-act-gone}
spec: {minAvailable: 2, selector: {matchLabels: {app: web}}}
";

#[test]
fn pods_are_evicted_as_their_budgets_allow_and_what_is_deleted_takes_its_own_along() {
    let _containers = containers();
    let space = Space::new("qd-act-gone");
    apply(WEB);
    kubectl(&["rollout", "status", "deployment/web", "-n", space.0, "--timeout=120s"]);
    let pods = || -> Vec<String> {
        let names =
            kubectl(&["get", "pods", "-n", space.0, "-l", "app=web", "-o", "jsonpath={.items[*].metadata.name}"]);
        names.split_whitespace().map(str::to_owned).collect()
    };
    until("the budget's count", SOON, || object("pdb", "both", &["-n", space.0])["status"]["currentHealthy"] == 2);
    let first = pods()[0].clone();
    let mut hand = Hand::new("admin.conf", &["-n", space.0]);
    hand.go("pods", &first);
    hand.act("evict");
    hand.fill("grace", "1");
    hand.plan();
    hand.reads("has to wait: budget both");
    hand.confirm("y");
    // The 429 with its cause, and then the way is free.
    hand.row_says(&format!("{}/{first}", space.0), "next try in");
    hand.reads("budget both needs 2 healthy, has 2");
    kubectl(&["delete", "pdb", "both", "-n", space.0]);
    hand.ends("done");
    assert!(!there("pod", &first, space.0));
    // A pod with a controller only asks y; it is made anew.
    let second = pods().into_iter().find(|p| *p != first).expect("another pod");
    hand.go("pods", &second);
    hand.press("\x04");
    hand.plan();
    hand.reads("makes it anew");
    hand.confirm("y");
    hand.ends("done");
    kubectl(&["rollout", "status", "deployment/web", "-n", space.0, "--timeout=120s"]);
    // And without waiting for anybody.
    let third = pods()[0].clone();
    hand.go("pods", &third);
    hand.press("\x0b");
    hand.confirm(&third);
    hand.ends("done");
    kubectl(&["rollout", "status", "deployment/web", "-n", space.0, "--timeout=120s"]);
    // The whole of it, with what it owns.
    hand.go("deployments", "web");
    hand.press("\x04");
    hand.plan();
    hand.reads("2 pods, 1 replicasets.apps goes too");
    hand.confirm("web");
    hand.ends("done");
    until("the end of its pods", SOON, || pods().is_empty());
}

#[test]
fn a_namespace_is_made_and_goes_with_all_that_is_in_it() {
    let _beside = beside();
    let _ = try_kubectl(&["delete", "namespace", "qd-act-new", "--ignore-not-found", "--timeout=60s"]);
    let mut hand = Hand::new("admin.conf", &[]);
    hand.press(":namespaces\r");
    hand.program.wait_for_text("╭ namespaces ");
    hand.act("namespace_create");
    hand.fill("name", "Bad");
    hand.reads("a name");
    hand.fill("name", "qd-act-new");
    hand.plan();
    hand.confirm("");
    until("the namespace", SOON, || try_kubectl(&["get", "namespace", "qd-act-new"]).is_ok());
    kubectl(&["create", "configmap", "within", "-n", "qd-act-new", "--from-literal=a=b"]);
    // A second of that name is refused before it is sent.
    hand.press(":namespaces\r");
    hand.act("namespace_create");
    hand.fill("name", "qd-act-new");
    hand.plan();
    hand.reads("is there already");
    hand.leave_it();
    hand.go("namespaces", "qd-act-new");
    hand.press("\x04");
    hand.plan();
    hand.reads("configmaps");
    hand.confirm("qd-act-new");
    hand.ends("done");
    assert!(try_kubectl(&["get", "namespace", "qd-act-new"]).is_err());
}

/// Where nothing can be written down, it is asked before anything is sent.
#[test]
fn without_a_journal_nothing_is_sent_unasked() {
    let _beside = beside();
    let space = Space::new("qd-act-unwritten");
    kubectl(&["create", "configmap", "map", "-n", space.0, "--from-literal=a=b"]);
    let mut hand = Hand::unwritten("admin.conf", &["-n", space.0]);
    let label = |hand: &mut Hand| {
        hand.go("configmaps", "map");
        hand.act("label");
        hand.lines("labels", 0, &["k=v"]);
        hand.plan();
        hand.confirm("");
        hand.reads("could not be written to the journal");
    };
    label(&mut hand);
    hand.answer("y: yes", "n");
    hand.says("the journal could not be written");
    assert!(object("cm", "map", &["-n", space.0])["metadata"]["labels"].is_null());
    label(&mut hand);
    hand.answer("y: yes", "y");
    until("the label", SOON, || object("cm", "map", &["-n", space.0])["metadata"]["labels"]["k"] == "v");
}
