use super::*;
use crate::kinds::fixtures::{TAKEN, TAKEN_LOST, agree, cell, fixture, list, rows};
use crate::kinds::wire::{Answer, Encoding};

#[test]
fn rows_agree_with_kubectl() {
    let (one, two) = (fixture!("pods.json"), fixture!("pods.nodelost.json"));
    agree(&(SPEC.schema)(), &list("", "pods", Encoding::Json, one), fixture!("pods.wide.txt"), TAKEN);
    agree(&(SPEC.schema)(), &list("", "pods", Encoding::Json, two), fixture!("pods.nodelost.wide.txt"), TAKEN_LOST);
}

#[test]
fn protobuf_rows_are_the_json_rows() {
    for (json, proto) in
        [(fixture!("pods.json"), fixture!("pods.pb")), (fixture!("pods.nodelost.json"), fixture!("pods.nodelost.pb"))]
    {
        let json = list("", "pods", Encoding::Json, json);
        assert_eq!(json.len(), 30);
        assert_eq!(json, list("", "pods", Encoding::Protobuf, proto));
    }
}

#[test]
fn watchlist_rows_are_the_same_in_both_encodings() {
    let json = rows(&SPEC, Encoding::Json, Answer::Watch, fixture!("pods.watchlist.jsonl"), usize::MAX);
    let proto = rows(&SPEC, Encoding::Protobuf, Answer::Watch, fixture!("pods.watchlist.pb"), usize::MAX);
    assert!(json.len() >= 30);
    // A WatchList sends objects in no promised order.
    let sorted = |b: &crate::core::row::Batch| {
        let mut all: Vec<_> = crate::kinds::fixtures::puts(b)
            .into_iter()
            .map(|r| {
                let schema = (SPEC.schema)();
                let here = |(i, c): (usize, &crate::core::schema::Column)| {
                    (!matches!(c.source, crate::core::schema::Source::Joined(_)))
                        .then(|| crate::kinds::fixtures::shown(&schema, b, &r, i, 0))
                };
                (r.0.uid, r.0.health, schema.columns.iter().enumerate().filter_map(here).collect::<Vec<_>>())
            })
            .collect();
        all.sort_by_key(|r| r.0);
        all
    };
    assert_eq!(sorted(&json), sorted(&proto));
}

#[test]
fn requests_limits_owner_and_class() {
    let batch = list("", "pods", Encoding::Json, fixture!("pods.json"));
    let schema = (SPEC.schema)();
    let get = |title| cell(&schema, &batch, "web-6f55c6b97b-7clbf", title);
    assert_eq!(get("OWNER"), "ReplicaSet/web-6f55c6b97b");
    assert_eq!((get("QOS"), get("PHASE")), ("Burstable".into(), "Running".into()));
    assert_eq!(
        (get("CPU/R"), get("CPU/L"), get("MEM/R"), get("MEM/L")),
        ("10m".into(), "·".into(), "8Mi".into(), "·".into())
    );
}

#[test]
fn gates_addresses_and_what_is_missing() {
    let schema = (SPEC.schema)();
    let mut batch = crate::kinds::batch_for(&schema);
    let gates = br#"{"metadata":{"name":"g"},"spec":{"readinessGates":[{"conditionType":"x"},{"conditionType":"y"}]},
        "status":{"podIP":"10.0.0.1","conditions":[{"type":"x","status":"True"},{"type":"y","status":"False"}]}}"#;
    (SPEC.json)(gates, &mut batch).unwrap();
    let get = |title| cell(&schema, &batch, "g", title);
    assert_eq!((get("READINESS GATES"), get("IP")), ("1/2".into(), "10.0.0.1".into()));
    assert_eq!((get("NODE"), get("NOMINATED NODE"), get("CPU/R")), ("<none>".into(), "<none>".into(), "·".into()));
}

#[test]
fn the_essential_columns_need_no_more_than_an_old_terminal() {
    let schema = (SPEC.schema)();
    let mut shown: Vec<_> = schema.columns.iter().filter(|c| c.show <= crate::core::schema::Show::Room(2)).collect();
    shown.sort_by_key(|c| schema.find(&c.title));
    let titles: Vec<&str> = shown.iter().map(|c| &*c.title).collect();
    assert_eq!(titles, ["NAMESPACE", "NAME", "READY", "STATUS", "RESTARTS", "AGE"]);
}
