use super::*;
use crate::core::health::Health;
use crate::kinds::fixtures::{TAKEN, TAKEN_LOST, agree, cell, fixture, list, puts, shown};
use crate::kinds::wire::Encoding;

#[test]
fn rows_agree_with_kubectl() {
    let (one, two) = (fixture!("nodes.json"), fixture!("nodes.nodelost.json"));
    agree(&(SPEC.schema)(), &list("", "nodes", Encoding::Json, one), fixture!("nodes.wide.txt"), TAKEN);
    agree(&(SPEC.schema)(), &list("", "nodes", Encoding::Json, two), fixture!("nodes.nodelost.wide.txt"), TAKEN_LOST);
}

#[test]
fn protobuf_rows_are_the_json_rows() {
    for (json, proto) in [
        (fixture!("nodes.json"), fixture!("nodes.pb")),
        (fixture!("nodes.nodelost.json"), fixture!("nodes.nodelost.pb")),
    ] {
        let json = list("", "nodes", Encoding::Json, json);
        assert_eq!(json.len(), 2);
        assert_eq!(json, list("", "nodes", Encoding::Protobuf, proto));
    }
}

#[test]
fn taints_allocatable_and_time_since_not_ready() {
    let schema = (SPEC.schema)();
    let batch = list("", "nodes", Encoding::Json, fixture!("nodes.nodelost.json"));
    let get = |name, title| cell(&schema, &batch, name, title);
    assert_eq!(get("worker-1", "TAINTS"), "role=spare:NoSchedule");
    let lost = "node.kubernetes.io/unreachable";
    assert_eq!(get("worker-2", "TAINTS"), format!("{lost}:NoSchedule,{lost}:NoExecute"));
    assert_eq!(
        (get("worker-2", "CPU/A"), get("worker-2", "MEM/A"), get("worker-2", "PODS/A")),
        ("2".into(), "23Gi".into(), "110".into())
    );
    assert_eq!(get("worker-1", "NOTREADY"), "·");
    let (rows, since) = (puts(&batch), schema.find("NOTREADY").unwrap());
    let taken = crate::kinds::time::parse_millis(TAKEN_LOST).unwrap();
    assert_eq!(shown(&schema, &batch, &rows[1], since, taken), "26s");
    assert_eq!((rows[0].0.health, rows[1].0.health), (Health::Busy, Health::Bad));
}

#[test]
fn roles_pressure_and_what_is_unknown() {
    let schema = (SPEC.schema)();
    let mut batch = crate::kinds::batch_for(&schema);
    let node = br#"{"metadata":{"name":"n","labels":{"kubernetes.io/role":"old","node-role.kubernetes.io/b":"",
        "node-role.kubernetes.io/a":"","node-role.kubernetes.io/":""}},"status":{"conditions":[{"type":"Ready","status":"True"},
        {"type":"MemoryPressure","status":"True"},{"type":"NetworkUnavailable","status":"True"},{"type":"DiskPressure","status":"Unknown"}]}}"#;
    (SPEC.json)(node, &mut batch).unwrap();
    (SPEC.json)(br#"{"metadata":{"name":"m"},"spec":{"unschedulable":true}}"#, &mut batch).unwrap();
    let get = |name, title| cell(&schema, &batch, name, title);
    assert_eq!((get("n", "ROLES"), get("n", "PRESSURE")), ("a,b,old".into(), "Memory,NetworkUnavailable".into()));
    assert_eq!((get("m", "STATUS"), get("m", "ROLES")), ("Unknown,SchedulingDisabled".into(), "<none>".into()));
    assert_eq!((get("m", "OS-IMAGE"), get("m", "EXTERNAL-IP")), ("<unknown>".into(), "<none>".into()));
    let health: Vec<_> = puts(&batch).iter().map(|(h, _)| h.health).collect();
    assert_eq!(health, [Health::Warn, Health::Bad]);
}
