use serde_json::Value;

use super::super::clock::parse;
use super::super::kinds::{CRONJOBS, DAEMONSETS, DEPLOYMENTS, EVENTS, JOBS, KINDS, KindId, NODES, PODS, STATEFULSETS};
use super::{Include, Moment, columns, row_of};

/// The rows of a real server's Table, and ours of the same objects.
fn equal(kind: KindId, list: &str, table: &str) {
    let (list, table): (Value, Value) = (serde_json::from_str(list).unwrap(), serde_json::from_str(table).unwrap());
    let kind = &KINDS[kind];
    let ours: Value = serde_json::from_str(columns(kind)).unwrap();
    assert_eq!(ours, table["columnDefinitions"]);
    // Taken when the table was: ages are compared too, but for a second's difference.
    let moment = Moment(parse("2026-11-21T12:37:29Z").unwrap());
    for (object, real) in list["items"].as_array().unwrap().iter().zip(table["rows"].as_array().unwrap()) {
        let mut out = Vec::new();
        row_of(kind, object, Include::Metadata, moment, &mut out);
        let row: Value = serde_json::from_slice(&out).unwrap();
        for (i, cell) in row["cells"].as_array().unwrap().iter().enumerate() {
            let real = &real["cells"][i];
            let age = |v: &Value| v.as_str().is_some_and(|s| s.ends_with(['s', 'm', 'h']) || s.ends_with("ago)"));
            assert!(cell == real || (age(cell) && age(real)), "{}: {cell} is not {real}", object["metadata"]["name"]);
        }
        let keys = |v: &Value| v.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys(&row), keys(real));
        assert_eq!(keys(&row["object"]), keys(&real["object"]));
    }
}

#[test]
fn pods_are_printed_as_a_real_server_does() {
    equal(
        PODS,
        include_str!("../../../tests/fixtures/pods.json"),
        include_str!("../../../tests/fixtures/pods.table.json"),
    );
}

#[test]
fn nodes_are_printed_as_a_real_server_does() {
    equal(
        NODES,
        include_str!("../../../tests/fixtures/nodes.json"),
        include_str!("../../../tests/fixtures/nodes.table.json"),
    );
}

/// kubectl's wide text, cut into cells, against ours.
fn wide(kind: KindId, list: &str, text: &str, skip: &[usize]) {
    let list: Value = serde_json::from_str(list).unwrap();
    let moment = Moment(parse("2026-11-21T12:37:32Z").unwrap());
    for (object, line) in list["items"].as_array().unwrap().iter().zip(text.lines().skip(1)) {
        let cells = (KINDS[kind].cells)(object, moment);
        let real: Vec<&str> = line.split("  ").map(str::trim).filter(|s| !s.is_empty()).skip(1).collect();
        for (i, cell) in cells.iter().enumerate().filter(|(i, _)| !skip.contains(i)) {
            let cell = cell.as_str().map_or_else(|| cell.to_string(), str::to_owned);
            assert_eq!(cell, real[i], "cell {i} of {}", object["metadata"]["name"]);
        }
    }
}

#[test]
fn workloads_are_printed_as_a_real_server_does() {
    let f = |s: &'static str| s;
    wide(
        DEPLOYMENTS,
        f(include_str!("../../../tests/fixtures/deployments.json")),
        include_str!("../../../tests/fixtures/deployments.wide.txt"),
        &[4],
    );
    wide(
        STATEFULSETS,
        f(include_str!("../../../tests/fixtures/statefulsets.json")),
        include_str!("../../../tests/fixtures/statefulsets.wide.txt"),
        &[2],
    );
    wide(
        DAEMONSETS,
        f(include_str!("../../../tests/fixtures/daemonsets.json")),
        include_str!("../../../tests/fixtures/daemonsets.wide.txt"),
        &[7],
    );
    wide(
        JOBS,
        f(include_str!("../../../tests/fixtures/jobs.json")),
        include_str!("../../../tests/fixtures/jobs.wide.txt"),
        &[3, 4],
    );
    wide(
        CRONJOBS,
        f(include_str!("../../../tests/fixtures/cronjobs.json")),
        include_str!("../../../tests/fixtures/cronjobs.wide.txt"),
        &[5, 6],
    );
}

#[test]
fn events_have_the_real_columns() {
    let ours: Value = serde_json::from_str(columns(&KINDS[EVENTS])).unwrap();
    assert_eq!(ours.as_array().unwrap().len(), 10);
}

#[test]
fn every_kind_has_its_id_and_its_columns() {
    use super::super::kinds::{BACKUPS, BUDGETS, LEASES, NAMESPACES, REVISIONS};
    for (id, plural) in [
        (NAMESPACES, "namespaces"),
        (PODS, "pods"),
        (DEPLOYMENTS, "deployments"),
        (REVISIONS, "controllerrevisions"),
        (BUDGETS, "poddisruptionbudgets"),
        (LEASES, "leases"),
        (BACKUPS, "backups"),
    ] {
        assert_eq!(KINDS[id].plural, plural);
    }
    for kind in KINDS {
        let columns: Value = serde_json::from_str(columns(kind)).unwrap();
        let cells = (kind.cells)(&Value::Null, Moment(0));
        assert_eq!(columns.as_array().unwrap().len(), cells.len(), "{}", kind.plural);
    }
}
