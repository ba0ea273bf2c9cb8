//! Nodes.

use serde_json::Value;

use super::super::object::{condition, find, flag, list, map, text};
use super::Moment;
use super::cell::{self, or};

pub(crate) fn cells(o: &Value, moment: Moment) -> Vec<Value> {
    let mut status = match condition(o, "Ready") {
        "" => "Unknown",
        "True" => "Ready",
        _ => "NotReady",
    }
    .to_owned();
    if flag(o, "spec/unschedulable") {
        status.push_str(",SchedulingDisabled");
    }
    let labels = map(o, "metadata/labels").into_iter().flatten();
    let mut roles: Vec<&str> = labels.filter_map(|(k, _)| k.strip_prefix("node-role.kubernetes.io/")).collect();
    roles.sort_unstable();
    let roles = if roles.is_empty() { "<none>".to_owned() } else { roles.join(",") };
    let address = |kind: &str| {
        find(list(o, "status/addresses"), "type", kind).map_or("<none>", |a| text(a, "address")).to_owned()
    };
    vec![
        cell::name(o),
        status.into(),
        roles.into(),
        cell::age(o, moment),
        text(o, "status/nodeInfo/kubeletVersion").into(),
        address("InternalIP").into(),
        address("ExternalIP").into(),
        or(o, "status/nodeInfo/osImage", "<unknown>").into(),
        or(o, "status/nodeInfo/kernelVersion", "<unknown>").into(),
        or(o, "status/nodeInfo/containerRuntimeVersion", "<unknown>").into(),
    ]
}
