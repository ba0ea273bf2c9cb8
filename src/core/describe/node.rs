//! A node: what it is, how it is, what it can hold and what keeps pods away.

use super::Subject;
use super::allocated::{self, Room};
use super::write::{Writer, list, text};
use crate::core::query::quantity;
use crate::core::role::Role;
use serde_json::Value;

pub(super) fn describe(out: &mut Writer, subject: &Subject<'_>) {
    let node = subject.value;
    out.metadata(node);
    let (spec, status) = (&node["spec"], &node["status"]);
    if spec["unschedulable"].as_bool() == Some(true) {
        out.judged(0, "Unschedulable", "cordoned: no new pods", Role::RowWarn);
    }
    for (i, taint) in list(&spec["taints"]).iter().enumerate() {
        let value = taint["value"].as_str().map(|v| format!("={v}")).unwrap_or_default();
        let line = format!("{}{value}:{}", text(&taint["key"]), text(&taint["effect"]));
        out.judged(0, if i == 0 { "Taints" } else { "" }, &line, Role::RowWarn);
    }
    for (i, a) in list(&status["addresses"]).iter().enumerate() {
        out.pair(0, if i == 0 { "Addresses" } else { "" }, &format!("{} {}", text(&a["type"]), text(&a["address"])));
    }
    // Only readiness should be true; every other condition of a node is a trouble.
    out.conditions(status, |kind| if kind == "Ready" { "True" } else { "False" });
    heard_of(out, node, subject.lease);
    out.title("Room");
    let mut rows = vec![vec!["RESOURCE".to_owned(), "CAPACITY".to_owned(), "ALLOCATABLE".to_owned()]];
    for (name, v) in status["capacity"].as_object().into_iter().flatten() {
        rows.push(vec![name.clone(), text(v).to_owned(), text(&status["allocatable"][name]).to_owned()]);
    }
    out.table(1, &rows);
    out.title("System");
    let info = &status["nodeInfo"];
    for (title, key) in [
        ("Kubelet", "kubeletVersion"),
        ("Runtime", "containerRuntimeVersion"),
        ("Kernel", "kernelVersion"),
        ("OS", "osImage"),
        ("Architecture", "architecture"),
        ("Boot id", "bootID"),
    ] {
        out.pair(1, title, text(&info[key]));
    }
    let room = &status["allocatable"];
    let room = Room {
        cpu: quantity::milli(text(&room["cpu"])),
        mem: quantity::bytes(text(&room["memory"])),
        pods: text(&room["pods"]).parse().ok(),
    };
    allocated::describe(out, subject, text(&node["metadata"]["name"]), room);
}

/// When its kubelet was last heard of: by its lease, which it renews every ten seconds, and by
/// its status, which it posts when something changed or every five minutes.
fn heard_of(out: &mut Writer, node: &Value, lease: Option<&Value>) {
    let ready = list(&node["status"]["conditions"]).iter().find(|c| c["type"] == "Ready");
    let role = if ready.is_some_and(|c| c["status"] == "True") { Role::TextValue } else { Role::RowWarn };
    out.title("Heartbeat");
    if let Some(lease) = lease {
        let spec = &lease["spec"];
        let lasts =
            spec["leaseDurationSeconds"].as_i64().map(|s| format!(", is given up after {s} s")).unwrap_or_default();
        out.judged(1, "Lease renewed", &format!("{} ago{lasts}", out.ago(spec.get("renewTime"))), role);
    }
    if let Some(c) = ready {
        out.judged(1, "Status posted", &format!("{} ago", out.ago(c.get("lastHeartbeatTime"))), role);
    }
}
