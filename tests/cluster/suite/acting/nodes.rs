//! Cordons and taints, on nodes of the case's own: nobody's pods are there.

use super::hand::{Hand, until};
use super::twins::{equal, object};
use crate::judged::{apply, beside, kubectl, try_kubectl};
use std::time::Duration;

/// Nodes that are gone when the case ends.
pub struct Nodes(pub &'static [&'static str]);

impl Nodes {
    /// Makes them: nodes without a machine, which the cluster takes for real.
    pub fn new(names: &'static [&'static str]) -> Self {
        Self::made(names, "{kwok.x-k8s.io/node: fake}")
    }

    /// The same, with nobody to play their kubelets: they are not ready.
    pub fn dead(names: &'static [&'static str]) -> Self {
        let all = Self::made(names, "{}");
        for name in names {
            let unknown = r#"{"status":{"conditions":[{"type":"Ready","status":"Unknown","reason":"NodeStatusUnknown","message":"Kubelet stopped posting node status.","lastTransitionTime":"2026-01-01T00:00:00Z"}]}}"#;
            kubectl(&["patch", "node", name, "--subresource=status", "-p", unknown]);
        }
        all
    }

    fn made(names: &'static [&'static str], annotations: &str) -> Self {
        let all = Self(names);
        all.remove();
        for name in names {
            apply(&format!(
                "apiVersion: v1
kind: Node
metadata:
  name: {name}
  labels: {{type: kwok, kubernetes.io/hostname: {name}}}
  annotations: {annotations}
spec:
  taints: [{{key: qd.test/own, effect: NoSchedule}}]
status:
  capacity: {{cpu: '8', memory: 16Gi, pods: '110'}}
  allocatable: {{cpu: '8', memory: 16Gi, pods: '110'}}
"
            ));
        }
        all
    }

    fn remove(&self) {
        let args: Vec<&str> = ["delete", "node", "--ignore-not-found"].iter().chain(self.0).copied().collect();
        let _ = try_kubectl(&args);
    }
}

impl Drop for Nodes {
    fn drop(&mut self) {
        self.remove();
    }
}

fn cordoned(name: &str) -> bool {
    object("node", name, &[])["spec"]["unschedulable"] == true
}

#[test]
fn nodes_are_cordoned_one_or_many_and_back() {
    let _beside = beside();
    let _nodes = Nodes::new(&["cordon-1", "cordon-2"]);
    let mut hand = Hand::new("admin.conf", &[]);
    hand.go("nodes", "cordon-1");
    hand.press("c");
    hand.reads("cordon cordon-1");
    hand.confirm("");
    hand.says("cordon node cordon-1: done");
    assert!(cordoned("cordon-1"));
    // Of two, only the other is to be done.
    hand.mark("nodes", "cordon-", 2);
    hand.press("c");
    hand.reads("already cordoned");
    hand.confirm("");
    until("the second cordon", Duration::from_secs(30), || cordoned("cordon-2"));
    hand.mark("nodes", "cordon-", 2);
    hand.press("u");
    hand.confirm("");
    hand.ends("done");
    assert!(!cordoned("cordon-1") && !cordoned("cordon-2"));
}

#[test]
fn taints_end_as_kubectl_ends_them() {
    let _beside = beside();
    let nodes = Nodes::new(&["taint-qd", "taint-kc"]);
    // The server writes taints of its own while a node is young.
    until("two quiet nodes", Duration::from_mins(1), || {
        nodes.0.iter().all(|n| object("node", n, &[])["spec"]["taints"].as_array().is_some_and(|t| t.len() == 1))
    });
    for name in nodes.0 {
        kubectl(&["taint", "node", name, "change=old:NoSchedule", "drop=x:PreferNoSchedule"]);
    }
    let mut hand = Hand::new("admin.conf", &[]);
    hand.go("nodes", "taint-qd");
    hand.press("t");
    let first = focused_taints(&hand);
    let wanted = ["change=new:NoSchedule", "qd.test/own:NoSchedule", "add=y:NoExecute"];
    hand.lines("taints", first, &wanted);
    hand.plan();
    hand.reads("change=old:NoSchedule -> change=new:NoSchedule");
    hand.reads("remove drop=x:PreferNoSchedule");
    hand.confirm("");
    hand.says("done; 1 of 1 done");
    kubectl(&[
        "taint",
        "node",
        "taint-kc",
        "change=new:NoSchedule",
        "add=y:NoExecute",
        "drop:PreferNoSchedule-",
        "--overwrite",
    ]);
    equal("node", "taint", &[]);
    // What is wrong is said as it is typed.
    hand.go("nodes", "taint-qd");
    hand.press("t");
    hand.lines("taints", 0, &["a=b:Never"]);
    hand.reads("the effect is one of NoSchedule, PreferNoSchedule, NoExecute");
    hand.leave_it();
}

fn focused_taints(hand: &Hand) -> usize {
    hand.program.wait_for_text("add one");
    let text = hand.program.screen().contents();
    text.lines().filter(|l| l.contains(":NoSchedule") || l.contains(":PreferNoSchedule")).count()
}

/// Two operators: whoever read first does not overwrite the other unseen.
#[test]
fn a_node_that_was_changed_meanwhile_is_not_overwritten() {
    let _beside = beside();
    let _nodes = Nodes::new(&["meanwhile"]);
    let mut hand = Hand::new("admin.conf", &[]);
    hand.go("nodes", "meanwhile");
    hand.press("t");
    hand.lines("taints", 0, &["mine:PreferNoSchedule"]);
    hand.plan();
    hand.program.wait_for_text("Enter: do it");
    kubectl(&["taint", "node", "meanwhile", "theirs:PreferNoSchedule"]);
    hand.confirm("");
    hand.says("it has changed since it was read");
    let taints = object("node", "meanwhile", &[])["spec"]["taints"].to_string();
    assert!(taints.contains("theirs") && !taints.contains("mine"), "{taints}");
}

/// An object made anew under the plan has another uid: the server refuses.
#[test]
fn a_node_that_was_made_anew_meanwhile_is_left_alone() {
    let _beside = beside();
    let nodes = Nodes::new(&["anew"]);
    let mut hand = Hand::new("admin.conf", &[]);
    hand.go("nodes", "anew");
    hand.press("c");
    hand.program.wait_for_text("Enter: do it");
    kubectl(&["delete", "node", "anew"]);
    let _again = Nodes::new(nodes.0);
    hand.confirm("");
    hand.says("not done");
    assert!(!cordoned("anew"));
}
