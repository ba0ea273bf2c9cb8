//! A node: what it is, how it is, what it can hold and what keeps pods away.

use super::write::{Writer, list, text};
use crate::core::role::Role;
use serde_json::Value;

pub(super) fn describe(out: &mut Writer, node: &Value) {
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
}
