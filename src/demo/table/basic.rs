//! Kinds whose rows are a few plain fields.

use serde_json::Value;

use super::super::object::{at, int, map, text};
use super::Moment;
use super::age::since;
use super::cell::{age, name, or, plain as words};

pub(crate) fn plain(o: &Value, m: Moment) -> Vec<Value> {
    vec![name(o), age(o, m)]
}

pub(crate) fn namespace(o: &Value, m: Moment) -> Vec<Value> {
    vec![name(o), text(o, "status/phase").into(), age(o, m)]
}

pub(crate) fn config_map(o: &Value, m: Moment) -> Vec<Value> {
    let size = |path: &str| map(o, path).map_or(0, serde_json::Map::len);
    vec![name(o), (size("data") + size("binaryData")).into(), age(o, m)]
}

pub(crate) fn secret(o: &Value, m: Moment) -> Vec<Value> {
    vec![name(o), text(o, "type").into(), map(o, "data").map_or(0, serde_json::Map::len).into(), age(o, m)]
}

pub(crate) fn quota(o: &Value, m: Moment) -> Vec<Value> {
    let mut hard: Vec<(&String, &Value)> = map(o, "status/hard").into_iter().flatten().collect();
    hard.sort_by_key(|(k, _)| *k);
    let told = |limits: bool| {
        hard.iter()
            .filter(|(k, _)| k.starts_with("limits.") == limits)
            .map(|(k, v)| {
                let used = map(o, "status/used").and_then(|u| u.get(*k)).map_or_else(|| "0".to_owned(), words);
                format!("{k}: {used}/{}", words(v))
            })
            .collect::<Vec<_>>()
            .join(", ")
    };
    vec![name(o), told(false).into(), told(true).into(), age(o, m)]
}

pub(crate) fn budget(o: &Value, m: Moment) -> Vec<Value> {
    let part = |path: &str| match at(o, path) {
        Value::Null => "N/A".to_owned(),
        other => words(other),
    };
    vec![
        name(o),
        part("spec/minAvailable").into(),
        part("spec/maxUnavailable").into(),
        int(o, "status/disruptionsAllowed").into(),
        age(o, m),
    ]
}

pub(crate) fn lease(o: &Value, m: Moment) -> Vec<Value> {
    vec![name(o), text(o, "spec/holderIdentity").into(), age(o, m)]
}

pub(crate) fn definition(o: &Value, _: Moment) -> Vec<Value> {
    vec![name(o), or(o, "metadata/creationTimestamp", "").into()]
}

/// The custom kind: its columns are the CRD's printer columns, `date` ones printed as ages.
pub(crate) fn backup(o: &Value, m: Moment) -> Vec<Value> {
    let last = text(o, "status/lastRun");
    let date = |at: &str| if at.is_empty() { Value::Null } else { since(at, m.0).into() };
    vec![
        name(o),
        at(o, "spec/schedule").clone(),
        at(o, "spec/keep").clone(),
        date(last),
        at(o, "status/phase").clone(),
        at(o, "status/detail").clone(),
        date(text(o, "metadata/creationTimestamp")),
    ]
}
