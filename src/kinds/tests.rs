//! Laws that hold for every kind, and kubectl's columns of the kinds that have no folder of their own.

use super::fixtures::{TAKEN, TAKEN_LOST, agree, cell, fixture, list};
use super::wire::Encoding;
use super::*;
use crate::core::health::Health;
use crate::core::row::Change;
use crate::core::schema::Source;

type Fixture = &'static [u8];

const PRINTED: &[(&str, &str, Fixture, Fixture, &str)] = &[
    ("apps", "deployments", fixture!("deployments.json"), fixture!("deployments.wide.txt"), TAKEN),
    (
        "apps",
        "deployments",
        fixture!("deployments.nodelost.json"),
        fixture!("deployments.nodelost.wide.txt"),
        TAKEN_LOST,
    ),
    ("apps", "replicasets", fixture!("replicasets.json"), fixture!("replicasets.wide.txt"), TAKEN),
    ("apps", "statefulsets", fixture!("statefulsets.json"), fixture!("statefulsets.wide.txt"), TAKEN),
    (
        "apps",
        "statefulsets",
        fixture!("statefulsets.nodelost.json"),
        fixture!("statefulsets.nodelost.wide.txt"),
        TAKEN_LOST,
    ),
    ("apps", "daemonsets", fixture!("daemonsets.json"), fixture!("daemonsets.wide.txt"), TAKEN),
    ("apps", "daemonsets", fixture!("daemonsets.nodelost.json"), fixture!("daemonsets.nodelost.wide.txt"), TAKEN_LOST),
    ("batch", "jobs", fixture!("jobs.json"), fixture!("jobs.wide.txt"), TAKEN),
    ("batch", "jobs", fixture!("jobs.nodelost.json"), fixture!("jobs.nodelost.wide.txt"), TAKEN_LOST),
    ("batch", "cronjobs", fixture!("cronjobs.json"), fixture!("cronjobs.wide.txt"), TAKEN),
    ("", "services", fixture!("services.json"), fixture!("services.wide.txt"), TAKEN),
    (
        "",
        "persistentvolumeclaims",
        fixture!("persistentvolumeclaims.json"),
        fixture!("persistentvolumeclaims.wide.txt"),
        TAKEN,
    ),
];

#[test]
fn rows_agree_with_kubectl() {
    for (group, plural, json, wide, taken) in PRINTED {
        let schema = (spec(group, plural).unwrap().schema)();
        agree(&schema, &list(group, plural, Encoding::Json, json), wide, taken);
    }
}

#[test]
fn what_is_wrong_is_said() {
    let wrong = |group, plural, body, name| {
        let schema = (spec(group, plural).unwrap().schema)();
        cell(&schema, &list(group, plural, Encoding::Json, body), name, "WRONG")
    };
    let lost = fixture!("deployments.nodelost.json");
    assert_eq!(wrong("apps", "deployments", lost, "web"), "unavailable: 2 of 4");
    assert_eq!(
        wrong("apps", "deployments", lost, "hung"),
        "stalled: ProgressDeadlineExceeded; progressing: 1 of 2 updated; unavailable: 1 of 2"
    );
    let jobs = fixture!("jobs.json");
    assert_eq!(
        wrong("batch", "jobs", jobs, "fails"),
        "BackoffLimitExceeded: Job has reached the specified backoff limit"
    );
    assert_eq!(wrong("batch", "jobs", jobs, "once"), "");
    let doomed = wrong("", "namespaces", fixture!("namespaces.json"), "doomed");
    assert!(doomed.contains("SomeFinalizersRemain"), "{doomed}");
}

#[test]
fn every_kind_is_found_and_has_a_sound_schema() {
    for kind in KINDS {
        let same = KINDS.iter().filter(|k| (k.group, k.plural) == (kind.group, kind.plural));
        assert_eq!(same.count(), 1, "{} is listed twice", kind.plural);
        assert_eq!(spec(kind.group, kind.plural).unwrap().plural, kind.plural);
        let schema = (kind.schema)();
        let mut titles: Vec<_> = schema.columns.iter().map(|c| c.title.clone()).collect();
        assert!(titles.iter().all(|t| *t.to_uppercase() == **t));
        titles.sort();
        titles.dedup();
        assert_eq!(titles.len(), schema.columns.len(), "{}: two columns of one name", kind.plural);
        let cells: Vec<u16> =
            schema.columns.iter().filter_map(|c| if let Source::Cell(i) = c.source { Some(i) } else { None }).collect();
        assert_eq!(cells, (0..schema.cells).collect::<Vec<_>>(), "{}", kind.plural);
    }
}

#[test]
fn an_empty_object_is_a_row_and_no_object_is_an_error() {
    for kind in KINDS {
        let mut batch = batch_for(&(kind.schema)());
        (kind.json)(br#"{"metadata":{"name":"x","labels":null,"ownerReferences":null}}"#, &mut batch).unwrap();
        assert_eq!(batch.len(), 1, "{}", kind.plural);
        for bad in [&b""[..], b"{", b"null", b"7", b"{\"metadata\":{\"name\":7}}", b"[]", b"{}"] {
            let error = (kind.json)(bad, &mut batch).unwrap_err();
            assert!(error.place.contains("JSON, line") || error.what.contains("without a name"), "{error}");
        }
        assert_eq!(batch.len(), 1, "{}: an error left half a row", kind.plural);
    }
}

#[test]
fn owners_labels_and_health_are_in_the_head() {
    let batch = list("apps", "replicasets", Encoding::Json, fixture!("replicasets.json"));
    let Change::Put(head) = batch.changes[0] else { panic!("a list puts") };
    assert_eq!(batch.symbols.text(head.owner), "Deployment/hung");
    assert_eq!(batch.symbols.text(head.labels), "app=hung,pod-template-hash=76f5cf659b");
    assert_eq!(head.health, Health::Bad);
}
