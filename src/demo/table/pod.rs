//! Pods: the computed STATUS is a small program of its own, followed step by step from the API server's printer.

use serde_json::Value;

use super::super::clock::{Millis, parse};
use super::super::object::{at, condition, find, flag, int, list, text};
use super::Moment;
use super::age;
use super::cell::{self, or};

/// What the container statuses add up to.
struct Tally {
    reason: String,
    restarts: i64,
    last_restart: Option<Millis>,
    ready: usize,
    total: usize,
}

pub(crate) fn cells(o: &Value, moment: Moment) -> Vec<Value> {
    let t = tally(o);
    let restarts = match t.last_restart {
        Some(at) if t.restarts != 0 => format!("{} ({} ago)", t.restarts, age::human(moment.0 - at)),
        _ => t.restarts.to_string(),
    };
    let gates = list(o, "spec/readinessGates");
    let gates = if gates.is_empty() {
        "<none>".to_owned()
    } else {
        let met = gates.iter().filter(|g| condition(o, text(g, "conditionType")) == "True").count();
        format!("{met}/{}", gates.len())
    };
    vec![
        cell::name(o),
        format!("{}/{}", t.ready, t.total).into(),
        t.reason.into(),
        restarts.into(),
        cell::age(o, moment),
        or(o, "status/podIP", "<none>").into(),
        or(o, "spec/nodeName", "<none>").into(),
        or(o, "status/nominatedNodeName", "<none>").into(),
        gates.into(),
    ]
}

/// The row conditions of a pod that has ended.
pub(super) fn conditions(o: &Value) -> Option<&'static str> {
    match text(o, "status/phase") {
        "Succeeded" => Some(
            r#"[{"type":"Completed","status":"True","reason":"Succeeded","message":"The pod has completed successfully."}]"#,
        ),
        "Failed" => Some(r#"[{"type":"Completed","status":"True","reason":"Failed","message":"The pod failed."}]"#),
        _ => None,
    }
}

fn tally(o: &Value) -> Tally {
    let mut t = Tally {
        reason: or(o, "status/reason", text(o, "status/phase")).to_owned(),
        restarts: 0,
        last_restart: None,
        ready: 0,
        total: list(o, "spec/containers").len(),
    };
    if find(list(o, "status/conditions"), "type", "PodScheduled")
        .is_some_and(|c| text(c, "reason") == "SchedulingGated")
    {
        "SchedulingGated".clone_into(&mut t.reason);
    }
    let sidecar = |name: &str| {
        find(list(o, "spec/initContainers"), "name", name).is_some_and(|c| text(c, "restartPolicy") == "Always")
    };
    t.total += list(o, "spec/initContainers").iter().filter(|c| text(c, "restartPolicy") == "Always").count();

    let (mut side_restarts, mut side_last, mut initializing) = (0, None, false);
    let inits = list(o, "status/initContainerStatuses");
    for (i, c) in inits.iter().enumerate() {
        let is_sidecar = sidecar(text(c, "name"));
        t.restarts += int(c, "restartCount");
        t.last_restart = t.last_restart.max(ended(c));
        if is_sidecar {
            side_restarts += int(c, "restartCount");
            side_last = side_last.max(ended(c));
        }
        let terminated = at(c, "state/terminated");
        if !terminated.is_null() && int(terminated, "exitCode") == 0 {
            continue;
        }
        if is_sidecar && flag(c, "started") {
            t.ready += usize::from(flag(c, "ready"));
            continue;
        }
        let waiting = text(c, "state/waiting/reason");
        t.reason = if !terminated.is_null() {
            format!("Init:{}", exit_word(terminated))
        } else if !waiting.is_empty() && waiting != "PodInitializing" {
            format!("Init:{waiting}")
        } else {
            format!("Init:{i}/{}", list(o, "spec/initContainers").len())
        };
        initializing = true;
        break;
    }
    if !initializing || condition(o, "Initialized") == "True" {
        t.restarts = side_restarts;
        t.last_restart = side_last;
        main_containers(o, &mut t);
    }
    if !text(o, "metadata/deletionTimestamp").is_empty() {
        let phase = text(o, "status/phase");
        if text(o, "status/reason") == "NodeLost" {
            "Unknown".clone_into(&mut t.reason);
        } else if phase != "Failed" && phase != "Succeeded" {
            "Terminating".clone_into(&mut t.reason);
        }
    }
    t
}

fn main_containers(o: &Value, t: &mut Tally) {
    let (mut running, mut failure) = (false, String::new());
    for c in list(o, "status/containerStatuses").iter().rev() {
        t.restarts += int(c, "restartCount");
        t.last_restart = t.last_restart.max(ended(c));
        let (waiting, terminated) = (text(c, "state/waiting/reason"), at(c, "state/terminated"));
        if !waiting.is_empty() {
            waiting.clone_into(&mut t.reason);
        } else if !terminated.is_null() {
            t.reason = exit_word(terminated);
            if int(terminated, "exitCode") != 0 {
                t.reason.clone_into(&mut failure);
            }
        } else if flag(c, "ready") && !at(c, "state/running").is_null() {
            running = true;
            t.ready += 1;
        }
    }
    if t.reason == "Completed" {
        if running && condition(o, "Ready") == "True" {
            "Running".clone_into(&mut t.reason);
        } else if !failure.is_empty() {
            t.reason = failure;
        } else if running {
            "NotReady".clone_into(&mut t.reason);
        }
    }
}

fn exit_word(terminated: &Value) -> String {
    let (reason, signal) = (text(terminated, "reason"), int(terminated, "signal"));
    if !reason.is_empty() {
        reason.to_owned()
    } else if signal != 0 {
        format!("Signal:{signal}")
    } else {
        format!("ExitCode:{}", int(terminated, "exitCode"))
    }
}

fn ended(status: &Value) -> Option<Millis> {
    parse(text(status, "lastState/terminated/finishedAt")).filter(|at| *at > 0)
}
