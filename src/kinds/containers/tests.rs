use super::*;
use crate::kinds::batch_for;
use crate::kinds::fixtures::{cell, fixture, puts};
use serde_json::{Value, json};

fn pod(name: &str) -> Value {
    let list: Value = serde_json::from_slice(fixture!("pods.json")).unwrap();
    list["items"].as_array().unwrap().iter().find(|p| p["metadata"]["name"] == name).unwrap().clone()
}

fn rows(pod: &Value) -> Result<Batch, DecodeError> {
    let mut batch = batch_for(&schema());
    read(&serde_json::to_vec(pod).unwrap(), &mut batch)?;
    Ok(batch)
}

#[test]
fn containers_of_recorded_pods() {
    for (name, container, title, expected) in [
        ("crash", "c", "STATE", "Waiting"),
        ("crash", "c", "REASON", "CrashLoopBackOff"),
        ("crash", "c", "RESTARTS", "11 (3m36s ago)"),
        ("initfail", "c", "KIND", "regular"),
        ("oom", "c", "STATE", "Terminated"),
        ("oom", "c", "REASON", "OOMKilled (137)"),
        ("agent-28gq8", "agent", "READY", "yes"),
        ("agent-28gq8", "side", "STATE", "Running"),
        ("nopull", "c", "LAST EXIT", ""),
    ] {
        let batch = rows(&pod(name)).unwrap();
        assert_eq!(cell(&schema(), &batch, container, title), expected, "{name}/{container} {title}");
    }
}

#[test]
fn every_kind_probes_and_ports() {
    let pod = json!({
        "metadata": {"name": "p", "namespace": "n", "uid": "u"},
        "spec": {
            "initContainers": [{"name": "i"}, {"name": "s", "restartPolicy": "Always"}],
            "containers": [{
                "name": "c", "image": "img", "ports": [{"name": "web", "containerPort": 80, "protocol": "UDP"}, {"containerPort": 81}],
                "readinessProbe": {"httpGet": {"path": "/ok", "port": "web"}}, "livenessProbe": {"tcpSocket": {"port": 81}},
                "startupProbe": {"exec": {"command": ["x"]}},
                "resources": {"requests": {"cpu": "100m", "memory": 1024}, "limits": {"cpu": 2}}
            }],
            "ephemeralContainers": [{"name": "e"}]
        },
        "status": {"containerStatuses": [{"name": "c", "ready": true, "restartCount": 1, "state": {"running": {"startedAt": "2026-11-21T12:00:00Z"}},
            "lastState": {"terminated": {"exitCode": 0, "signal": 9, "finishedAt": null}}}]}
    });
    let batch = rows(&pod).unwrap();
    let get = |name, title| cell(&schema(), &batch, name, title);
    let kinds: Vec<_> = ["i", "s", "c", "e"].map(|n| get(n, "KIND")).into();
    assert_eq!(kinds, ["init", "sidecar", "regular", "ephemeral"]);
    assert_eq!(get("c", "PROBES"), "start exec, ready http :web/ok, live tcp :81");
    assert_eq!(get("c", "PORTS"), "web:80/UDP,81/TCP");
    assert_eq!(
        (get("c", "CPU/R"), get("c", "CPU/L"), get("c", "MEM/R"), get("c", "MEM/L")),
        ("100m".into(), "2".into(), "1Ki".into(), "·".into())
    );
    assert_eq!(
        (get("c", "RESTARTS"), get("c", "LAST EXIT"), get("c", "SINCE")),
        ("1".into(), "Error (signal 9)".into(), "37m".into())
    );
    assert_eq!(puts(&batch)[2].0.health, Health::Ok);
    assert_eq!(puts(&batch)[0].0.health, Health::Busy);
}

#[test]
fn what_is_no_pod_is_refused() {
    for bad in
        [json!(null), json!([]), json!({"spec": {"containers": 7}}), json!({"spec": {"containers": [{"name": 1}]}})]
    {
        assert!(rows(&bad).is_err(), "{bad}");
    }
    assert!(rows(&json!({})).unwrap().is_empty());
}
