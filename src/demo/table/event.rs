//! Events, of the old form (firstTimestamp, count) and the new (eventTime, series).

use serde_json::Value;

use super::super::object::{at, int, text};
use super::Moment;
use super::age;
use super::cell;

pub(crate) fn cells(o: &Value, moment: Moment) -> Vec<Value> {
    let time = |path: &str| {
        let at = text(o, path);
        (!at.is_empty()).then(|| age::since(at, moment.0))
    };
    let first = time("firstTimestamp").or_else(|| time("eventTime")).unwrap_or_else(|| "<unknown>".to_owned());
    let (last, count) = if at(o, "series").is_null() {
        (time("lastTimestamp").unwrap_or_else(|| first.clone()), int(o, "count").max(1))
    } else {
        (time("series/lastObservedTime").unwrap_or_else(|| first.clone()), int(o, "series/count"))
    };
    let target = match (text(o, "involvedObject/kind").to_lowercase(), text(o, "involvedObject/name")) {
        (kind, "") => kind,
        (kind, name) => format!("{kind}/{name}"),
    };
    vec![
        last.into(),
        text(o, "type").into(),
        text(o, "reason").into(),
        target.into(),
        text(o, "involvedObject/fieldPath").into(),
        source(o).into(),
        text(o, "message").trim().into(),
        first.into(),
        count.into(),
        cell::name(o),
    ]
}

fn source(o: &Value) -> String {
    let pick = |old: &str, new: &str| {
        let old = text(o, old);
        if old.is_empty() { text(o, new).to_owned() } else { old.to_owned() }
    };
    let component = pick("source/component", "reportingComponent");
    let host = pick("source/host", "reportingInstance");
    if host.is_empty() { component } else { format!("{component}, {host}") }
}
