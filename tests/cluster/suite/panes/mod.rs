//! The panes of any cluster, a real one or the simulated one.

mod usage;

use crate::agree::agree;
use crate::console::{ROOMY, live, open, widen};
use crate::judged::{beside, kubectl};

/// A pane, wide, and the same from kubectl. `scope` goes to both.
fn pane(line: &str, scope: &[&str], kind: &str, aside: &[&str]) {
    let _beside = beside();
    let mut program = open("admin.conf", scope, line, ROOMY);
    widen(&mut program);
    program.wait_for("a live pane", live);
    let args: Vec<&str> = ["get", kind, "-o", "wide"].iter().chain(scope).copied().collect();
    agree(&program, &args, aside);
}

#[test]
fn nodes_agree_with_kubectl() {
    pane(":nodes", &[], "nodes", &[]);
}

#[test]
fn pods_agree_with_kubectl() {
    pane(":pods", &["-A"], "pods", &[]);
}

#[test]
fn events_agree_with_kubectl() {
    let namespaces = kubectl(&["get", "events", "-A", "--no-headers", "-o", "custom-columns=:metadata.namespace"]);
    // A namespace where few come: all must fit on the screen, to the end.
    let mut counts = std::collections::BTreeMap::new();
    namespaces.lines().for_each(|n| *counts.entry(n.trim()).or_insert(0) += 1);
    let (namespace, _) = counts.iter().filter(|(_, n)| **n < 50).max_by_key(|(_, n)| **n).expect("events somewhere");
    pane(":events", &["-n", namespace], "events", &[]);
}

#[test]
fn workloads_agree_with_kubectl() {
    for kind in ["deployments", "replicasets", "statefulsets", "daemonsets"] {
        pane(&format!(":{kind}"), &["-A"], kind, &[]);
    }
}

#[test]
fn batch_agrees_with_kubectl() {
    // What counts the time since something is an age by another name.
    pane(":jobs", &["-A"], "jobs", &["DURATION"]);
    pane(":cronjobs", &["-A"], "cronjobs", &["LAST SCHEDULE"]);
}

#[test]
fn the_rest_of_the_known_kinds_agree_with_kubectl() {
    pane(":services", &["-A"], "services", &[]);
    if kubectl(&["get", "pvc", "-A", "--ignore-not-found", "-o", "name"]).is_empty() {
        return;
    }
    pane(":persistentvolumeclaims", &["-A"], "persistentvolumeclaims", &[]);
}

#[test]
fn kinds_that_come_as_the_servers_table_agree_with_kubectl() {
    pane(":configmaps", &["-A"], "configmaps", &[]);
    for kind in custom_kinds() {
        // Columns of dates are printed as ages.
        pane(&format!(":{kind}"), &["-A"], &kind, &["SAILS", "LAST", "LAST RUN"]);
    }
}

/// Custom kinds of which there are objects.
fn custom_kinds() -> Vec<String> {
    let names = kubectl(&["get", "crd", "-o", "custom-columns=:metadata.name", "--no-headers"]);
    let some = |name: &&str| !kubectl(&["get", name, "-A", "--ignore-not-found", "-o", "name"]).is_empty();
    let kinds: Vec<String> = names.lines().map(str::trim).filter(some).map(str::to_owned).collect();
    assert!(!kinds.is_empty(), "the cluster has custom objects");
    kinds
}
