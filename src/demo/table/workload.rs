//! Deployments, `ReplicaSets`, `StatefulSets`, `DaemonSets`, their revisions and autoscalers.

use serde_json::Value;

use super::super::object::{at, controller, int, list, text};
use super::Moment;
use super::cell::{age, containers, labels, name, plain, selector};

const TEMPLATE: &str = "spec/template/spec/containers";

pub(crate) fn deployment(o: &Value, m: Moment) -> Vec<Value> {
    let (names, images) = containers(o, TEMPLATE);
    vec![
        name(o),
        format!("{}/{}", int(o, "status/readyReplicas"), int(o, "spec/replicas")).into(),
        int(o, "status/updatedReplicas").into(),
        int(o, "status/availableReplicas").into(),
        age(o, m),
        names,
        images,
        selector(o, "spec/selector"),
    ]
}

pub(crate) fn replica_set(o: &Value, m: Moment) -> Vec<Value> {
    let (names, images) = containers(o, TEMPLATE);
    vec![
        name(o),
        int(o, "spec/replicas").into(),
        int(o, "status/replicas").into(),
        int(o, "status/readyReplicas").into(),
        age(o, m),
        names,
        images,
        selector(o, "spec/selector"),
    ]
}

pub(crate) fn stateful_set(o: &Value, m: Moment) -> Vec<Value> {
    let (names, images) = containers(o, TEMPLATE);
    let ready = format!("{}/{}", int(o, "status/readyReplicas"), int(o, "spec/replicas"));
    vec![name(o), ready.into(), age(o, m), names, images]
}

pub(crate) fn daemon_set(o: &Value, m: Moment) -> Vec<Value> {
    let (names, images) = containers(o, TEMPLATE);
    vec![
        name(o),
        int(o, "status/desiredNumberScheduled").into(),
        int(o, "status/currentNumberScheduled").into(),
        int(o, "status/numberReady").into(),
        int(o, "status/updatedNumberScheduled").into(),
        int(o, "status/numberAvailable").into(),
        labels(o, "spec/template/spec/nodeSelector"),
        age(o, m),
        names,
        images,
        selector(o, "spec/selector"),
    ]
}

pub(crate) fn revision(o: &Value, m: Moment) -> Vec<Value> {
    let owner = controller(o).map_or_else(
        || "<none>".to_owned(),
        |c| {
            let group = text(c, "apiVersion").split_once('/').map_or(String::new(), |(g, _)| format!(".{g}"));
            format!("{}{group}/{}", text(c, "kind").to_lowercase(), text(c, "name"))
        },
    );
    vec![name(o), owner.into(), int(o, "revision").into(), age(o, m)]
}

pub(crate) fn autoscaler(o: &Value, m: Moment) -> Vec<Value> {
    let targets: Vec<String> = list(o, "spec/metrics")
        .iter()
        .enumerate()
        .map(|(i, metric)| {
            let resource = text(metric, "resource/name");
            let current = at(o, "status/currentMetrics").get(i).map(|c| at(c, "resource/current/averageUtilization"));
            let current = current.filter(|c| !c.is_null()).map_or_else(|| "<unknown>".to_owned(), |c| format!("{c}%"));
            format!("{resource}: {current}/{}%", int(metric, "resource/target/averageUtilization"))
        })
        .collect();
    let targets = if targets.is_empty() { "<none>".to_owned() } else { targets.join(", ") };
    let least = at(o, "spec/minReplicas");
    vec![
        name(o),
        format!("{}/{}", text(o, "spec/scaleTargetRef/kind"), text(o, "spec/scaleTargetRef/name")).into(),
        targets.into(),
        if least.is_null() { "<unset>".into() } else { plain(least).into() },
        int(o, "spec/maxReplicas").into(),
        int(o, "status/currentReplicas").into(),
        age(o, m),
    ]
}
