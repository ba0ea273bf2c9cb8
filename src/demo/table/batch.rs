//! Jobs and `CronJobs`.

use serde_json::Value;

use super::super::clock::parse;
use super::super::object::{at, condition, flag, int, list, text};
use super::Moment;
use super::age;
use super::cell::{self, containers, or, selector};

pub(crate) fn job(o: &Value, m: Moment) -> Vec<Value> {
    let wanted = at(o, "spec/completions");
    let done = int(o, "status/succeeded");
    let completions = match (wanted.as_i64(), int(o, "spec/parallelism")) {
        (Some(n), _) => format!("{done}/{n}"),
        (None, p) if p > 1 => format!("{done}/1 of {p}"),
        _ => format!("{done}/1"),
    };
    let ended = parse(text(o, "status/completionTime")).unwrap_or(m.0);
    let took = parse(text(o, "status/startTime")).map_or(String::new(), |start| age::human(ended - start));
    let is = |kind: &str| condition(o, kind) == "True";
    let status = if is("Complete") {
        "Complete"
    } else if is("Failed") {
        "Failed"
    } else if !text(o, "metadata/deletionTimestamp").is_empty() {
        "Terminating"
    } else if is("Suspended") {
        "Suspended"
    } else if is("FailureTarget") {
        "FailureTarget"
    } else if is("SuccessCriteriaMet") {
        "SuccessCriteriaMet"
    } else {
        "Running"
    };
    let (names, images) = containers(o, "spec/template/spec/containers");
    vec![
        cell::name(o),
        status.into(),
        completions.into(),
        took.into(),
        cell::age(o, m),
        names,
        images,
        selector(o, "spec/selector"),
    ]
}

pub(crate) fn cron_job(o: &Value, m: Moment) -> Vec<Value> {
    let last = text(o, "status/lastScheduleTime");
    let last = if last.is_empty() { "<none>".to_owned() } else { age::since(last, m.0) };
    let (names, images) = containers(o, "spec/jobTemplate/spec/template/spec/containers");
    vec![
        cell::name(o),
        text(o, "spec/schedule").into(),
        or(o, "spec/timeZone", "<none>").into(),
        if flag(o, "spec/suspend") { "True" } else { "False" }.into(),
        list(o, "status/active").len().into(),
        last.into(),
        cell::age(o, m),
        names,
        images,
        selector(o, "spec/jobTemplate/spec/selector"),
    ]
}
