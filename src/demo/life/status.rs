//! The status of a pod, as the kubelet writes it: container states, conditions, addresses.

use serde_json::{Value, json};

use super::super::clock::{Millis, rfc3339};
use super::super::object::{find, flag, items, list, map, put, text};
use super::super::rng::{Rng, hash};

/// Sets a condition; its transition time moves only when the status does.
pub(crate) fn condition(object: &mut Value, kind: &str, status: &str, reason: &str, message: &str, at: Millis) {
    let observed = object["metadata"]["generation"].clone();
    let is_pod = !object["status"]["phase"].is_null();
    items(object, "status/conditions", |all| {
        let since = find(all, "type", kind)
            .filter(|c| text(c, "status") == status)
            .map_or_else(|| rfc3339(at), |c| text(c, "lastTransitionTime").to_owned());
        let mut new = json!({"type": kind});
        if is_pod {
            new["observedGeneration"] = if observed.is_null() { 1.into() } else { observed };
        }
        new["status"] = status.into();
        if is_pod {
            new["lastProbeTime"] = Value::Null;
        }
        new["lastTransitionTime"] = since.into();
        for (key, value) in [("reason", reason), ("message", message)] {
            if !value.is_empty() {
                new[key] = value.into();
            }
        }
        match all.iter_mut().find(|c| text(c, "type") == kind) {
            Some(old) => *old = new,
            None => all.push(new),
        }
    });
}

/// A waiting state.
pub(crate) fn waiting(reason: &str, message: &str) -> Value {
    let mut state = json!({"reason": reason});
    if !message.is_empty() {
        state["message"] = message.into();
    }
    json!({"waiting": state})
}

/// A running state.
pub(crate) fn running(since: Millis) -> Value {
    json!({"running": {"startedAt": rfc3339(since)}})
}

/// A terminated state.
pub(crate) fn terminated(code: i64, reason: &str, started: &str, at: Millis, id: &str) -> Value {
    json!({"terminated": {
        "exitCode": code, "reason": reason, "startedAt": started, "finishedAt": rfc3339(at), "containerID": id
    }})
}

/// The place where the statuses of a container are: init or main.
fn place(pod: &Value, name: &str) -> &'static str {
    if find(list(pod, "spec/initContainers"), "name", name).is_some() {
        "status/initContainerStatuses"
    } else {
        "status/containerStatuses"
    }
}

/// The status of a container, or null.
pub(crate) fn of<'a>(pod: &'a Value, name: &str) -> &'a Value {
    static NULL: Value = Value::Null;
    find(list(pod, place(pod, name)), "name", name).unwrap_or(&NULL)
}

/// Changes the status of a container, made when there is none.
pub(crate) fn with(pod: &mut Value, name: &str, change: impl FnOnce(&mut Value)) {
    let path = place(pod, name);
    let spec = list(pod, "spec/containers").iter().chain(list(pod, "spec/initContainers"));
    let image = spec.into_iter().find(|c| text(c, "name") == name).map_or("", |c| text(c, "image")).to_owned();
    items(pod, path, |all| {
        if !all.iter().any(|c| text(c, "name") == name) {
            all.push(json!({
                "name": name, "state": waiting("PodInitializing", ""), "lastState": {}, "ready": false,
                "restartCount": 0, "image": image, "imageID": "", "started": false
            }));
        }
        if let Some(found) = all.iter_mut().find(|c| text(c, "name") == name) {
            change(found);
        }
    });
}

/// Sets the state of a container, with the identity a started one has.
pub(crate) fn state(pod: &mut Value, name: &str, state: Value) {
    let uid = text(pod, "metadata/uid").to_owned();
    with(pod, name, |c| {
        let running = !state["running"].is_null();
        if running {
            let run = format!("{uid}{name}{}", c["restartCount"]);
            let image = text(c, "image").to_owned();
            c["containerID"] = format!("containerd://{}", Rng::keyed(1, &run).hex(64)).into();
            c["imageID"] =
                format!("{}@sha256:{}", image.split(':').next().unwrap_or(""), Rng::keyed(2, &image).hex(64)).into();
        }
        c["started"] = running.into();
        if !running {
            c["ready"] = false.into();
        }
        c["state"] = state;
    });
}

/// Sets whether a container is ready.
pub(crate) fn ready(pod: &mut Value, name: &str, yes: bool) {
    with(pod, name, |c| c["ready"] = yes.into());
}

/// Names of a pod's containers: init ones and main ones.
pub(crate) fn names(pod: &Value) -> (Vec<String>, Vec<String>) {
    let all = |path: &str| list(pod, path).iter().map(|c| text(c, "name").to_owned()).collect();
    (all("spec/initContainers"), all("spec/containers"))
}

/// Puts addresses of pod and host.
pub(crate) fn addresses(pod: &mut Value, host: &str, ip: &str) {
    put(pod, "status/hostIP", host);
    put(pod, "status/hostIPs", json!([{"ip": host}]));
    if !ip.is_empty() {
        put(pod, "status/podIP", ip);
        put(pod, "status/podIPs", json!([{"ip": ip}]));
    }
}

/// Works out phase and conditions from the container states.
pub(crate) fn settle(pod: &mut Value, at: Millis) {
    let sidecar = |c: &Value| text(c, "restartPolicy") == "Always";
    let done = |c: &Value| c["state"]["terminated"]["exitCode"] == 0;
    let inits = list(pod, "spec/initContainers");
    let initialized = inits.iter().all(|c| {
        let status = of(pod, text(c, "name"));
        if sidecar(c) { flag(status, "started") } else { done(status) }
    });
    let mains = list(pod, "spec/containers");
    let waited: Vec<&str> = inits.iter().filter(|c| sidecar(c)).chain(mains).map(|c| text(c, "name")).collect();
    let unready: Vec<&str> = waited.iter().copied().filter(|n| !flag(of(pod, n), "ready")).collect();
    let told = format!("containers with unready status: [{}]", unready.join(" "));
    let all_ready = unready.is_empty();
    let ended = |pod: &Value| mains.iter().all(|c| !of(pod, text(c, "name"))["state"]["terminated"].is_null());
    let any_started = mains.iter().any(|c| {
        let s = of(pod, text(c, "name"));
        !s["state"]["running"].is_null()
            || s["restartCount"] != 0
            || !map(s, "lastState").is_none_or(serde_json::Map::is_empty)
    });
    let policy = text(pod, "spec/restartPolicy");
    let failed = mains.iter().any(|c| {
        let code = &of(pod, text(c, "name"))["state"]["terminated"]["exitCode"];
        code.as_i64().is_some_and(|c| c != 0)
    });
    let phase = if ended(pod) && policy == "Never" {
        if failed { "Failed" } else { "Succeeded" }
    } else if ended(pod) && policy == "OnFailure" && !failed {
        "Succeeded"
    } else if any_started || ended(pod) {
        "Running"
    } else {
        "Pending"
    };
    let over = matches!(phase, "Succeeded" | "Failed");
    let why = match phase {
        "Succeeded" => "PodCompleted",
        "Failed" => "PodFailed",
        _ => "",
    };
    let placed = !text(pod, "status/podIP").is_empty();
    condition(pod, "PodReadyToStartContainers", if placed && !over { "True" } else { "False" }, "", "", at);
    if initialized {
        condition(pod, "Initialized", "True", if phase == "Succeeded" { why } else { "" }, "", at);
    } else {
        condition(pod, "Initialized", "False", "ContainersNotInitialized", &incomplete(pod), at);
    }
    for kind in ["Ready", "ContainersReady"] {
        if over {
            condition(pod, kind, "False", why, "", at);
        } else if all_ready {
            condition(pod, kind, "True", "", "", at);
        } else {
            condition(pod, kind, "False", "ContainersNotReady", &told, at);
        }
    }
    put(pod, "status/phase", phase);
}

fn incomplete(pod: &Value) -> String {
    let names = list(pod, "spec/initContainers").iter().map(|c| text(c, "name"));
    let open: Vec<&str> = names.filter(|n| of(pod, n)["state"]["terminated"]["exitCode"] != 0).collect();
    format!("containers with incomplete status: [{}]", open.join(" "))
}

/// A pod's share of luck, fixed for its life: spreads probes and restarts out.
pub(crate) fn luck(pod: &Value, most: i64) -> i64 {
    let most = u64::try_from(most.max(1)).unwrap_or(1);
    (hash(text(pod, "metadata/uid")) % most).cast_signed()
}
