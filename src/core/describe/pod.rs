//! A pod: where it runs, how each container does, and what it waits for.

use super::Subject;
use super::write::{Writer, list, text};
use crate::core::role::Role;
use crate::core::usage::Usage;
use crate::core::value::{human_bytes, human_milli};
use serde_json::Value;

pub(super) fn describe(out: &mut Writer, subject: &Subject<'_>) {
    let pod = subject.value;
    out.metadata(pod);
    let (spec, status) = (&pod["spec"], &pod["status"]);
    out.pair(0, "Node", text(&spec["nodeName"]));
    out.pair(0, "Phase", text(&status["phase"]));
    if let Some(reason) = status["reason"].as_str() {
        out.judged(0, "Reason", &format!("{reason} {}", status["message"].as_str().unwrap_or("")), Role::RowBad);
    }
    out.pair(0, "IP", text(&status["podIP"]));
    out.pair(0, "QoS", text(&status["qosClass"]));
    out.pair(0, "Service account", text(&spec["serviceAccountName"]));
    if let Some(p) = spec["priorityClassName"].as_str() {
        out.pair(0, "Priority class", p);
    }
    for (title, specs, statuses) in [
        ("Init containers", "initContainers", "initContainerStatuses"),
        ("Containers", "containers", "containerStatuses"),
        ("Ephemeral containers", "ephemeralContainers", "ephemeralContainerStatuses"),
    ] {
        if list(&spec[specs]).is_empty() {
            continue;
        }
        out.title(title);
        for c in list(&spec[specs]) {
            let state = list(&status[statuses]).iter().find(|s| s["name"] == c["name"]);
            let usage = subject.usage.iter().find(|(name, _)| *name == text(&c["name"]));
            container(out, c, state.unwrap_or(&Value::Null), usage.map(|(_, u)| *u));
        }
    }
    out.conditions(status, |kind| if kind == "DisruptionTarget" { "False" } else { "True" });
    volumes(out, spec);
    placing(out, spec);
}

fn container(out: &mut Writer, c: &Value, status: &Value, usage: Option<Usage>) {
    out.text(1, text(&c["name"]), Role::TextKey);
    out.pair(2, "Image", text(&c["image"]));
    let (line, role) = state(out, &status["state"]);
    out.judged(2, "State", &line, role);
    if status["lastState"].as_object().is_some_and(|s| !s.is_empty()) {
        let (line, _) = state(out, &status["lastState"]);
        out.judged(2, "Last state", &line, Role::RowWarn);
    }
    out.pair(2, "Ready", if status["ready"].as_bool() == Some(true) { "yes" } else { "no" });
    out.pair(2, "Restarts", &status["restartCount"].as_u64().unwrap_or(0).to_string());
    if let Some(u) = usage {
        out.pair(2, "Uses", &format!("cpu {}, memory {}", human_milli(u.cpu), human_bytes(u.mem)));
    }
    for part in ["requests", "limits"] {
        let Some(map) = c["resources"][part].as_object() else { continue };
        let all = map.iter().map(|(k, v)| format!("{k} {}", text(v))).collect::<Vec<_>>().join(", ");
        out.pair(2, if part == "requests" { "Requests" } else { "Limits" }, &all);
    }
    for (title, key) in [("Liveness", "livenessProbe"), ("Readiness", "readinessProbe"), ("Startup", "startupProbe")] {
        if let Some(probe) = c.get(key) {
            out.pair(2, title, &self::probe(probe));
        }
    }
    let ports =
        list(&c["ports"]).iter().map(|p| format!("{}/{}", p["containerPort"], p["protocol"].as_str().unwrap_or("TCP")));
    let ports = ports.collect::<Vec<_>>().join(", ");
    if !ports.is_empty() {
        out.pair(2, "Ports", &ports);
    }
    let mounts =
        list(&c["volumeMounts"]).iter().map(|m| format!("{} from {}", text(&m["mountPath"]), text(&m["name"])));
    for (i, mount) in mounts.enumerate() {
        out.pair(2, if i == 0 { "Mounts" } else { "" }, &mount);
    }
}

fn state(out: &Writer, state: &Value) -> (String, Role) {
    if let Some(s) = state.get("running") {
        return (format!("running for {}", out.ago(s.get("startedAt"))), Role::RowOk);
    }
    if let Some(s) = state.get("waiting") {
        let message = s["message"].as_str().map(|m| format!(": {m}")).unwrap_or_default();
        return (format!("waiting, {}{message}", text(&s["reason"])), Role::RowWarn);
    }
    if let Some(s) = state.get("terminated") {
        let code = s["exitCode"].as_i64().unwrap_or(-1);
        let signal = s["signal"].as_i64().map(|n| format!(", signal {n}")).unwrap_or_default();
        let role = if code == 0 { Role::RowDone } else { Role::RowBad };
        let ended = out.ago(s.get("finishedAt"));
        return (format!("ended {ended} ago, {}, exit {code}{signal}", text(&s["reason"])), role);
    }
    ("unknown".into(), Role::Dim)
}

fn probe(p: &Value) -> String {
    let what = if let Some(h) = p.get("httpGet") {
        format!(
            "GET {}://:{}{}",
            h["scheme"].as_str().unwrap_or("HTTP").to_lowercase(),
            plain(&h["port"]),
            h["path"].as_str().unwrap_or("/")
        )
    } else if let Some(t) = p.get("tcpSocket") {
        format!("tcp :{}", plain(&t["port"]))
    } else if let Some(g) = p.get("grpc") {
        format!("grpc :{}", plain(&g["port"]))
    } else {
        let words = list(&p["exec"]["command"]).iter().map(|w| text(w).to_owned());
        format!("exec {}", words.collect::<Vec<_>>().join(" "))
    };
    let n = |key: &str, default: u64| p[key].as_u64().unwrap_or(default);
    let (delay, every, fails) = (n("initialDelaySeconds", 0), n("periodSeconds", 10), n("failureThreshold", 3));
    format!("{what}, after {delay} s, every {every} s, waits {} s, fails at {fails}", n("timeoutSeconds", 1))
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn volumes(out: &mut Writer, spec: &Value) {
    let all = list(&spec["volumes"]);
    if all.is_empty() {
        return;
    }
    out.title("Volumes");
    for v in all {
        let source = v.as_object().and_then(|m| m.iter().find(|(k, _)| *k != "name"));
        let detail = source.map_or_else(String::new, |(kind, s)| {
            let name = ["claimName", "secretName", "name", "path"].iter().find_map(|k| s[*k].as_str()).unwrap_or("");
            format!("{kind} {name}")
        });
        out.pair(1, text(&v["name"]), detail.trim_end());
    }
}

fn placing(out: &mut Writer, spec: &Value) {
    let tolerations = list(&spec["tolerations"]);
    if spec["nodeSelector"].is_null() && tolerations.is_empty() {
        return;
    }
    out.title("Placing");
    out.map("Node selector", &spec["nodeSelector"]);
    for (i, t) in tolerations.iter().enumerate() {
        let key = t["key"].as_str().unwrap_or("(every taint)");
        let value = t["value"].as_str().map(|v| format!("={v}")).unwrap_or_default();
        let effect = t["effect"].as_str().map(|e| format!(":{e}")).unwrap_or_default();
        let time = t["tolerationSeconds"].as_i64().map(|s| format!(" for {s} s")).unwrap_or_default();
        out.pair(1, if i == 0 { "Tolerates" } else { "" }, &format!("{key}{value}{effect}{time}"));
    }
}
