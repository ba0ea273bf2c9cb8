//! metrics.k8s.io: usage of nodes and pods, from the curves.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::Shared;
use super::super::auth::Deed;
use super::super::clock::rfc3339;
use super::super::entry::Entry;
use super::super::kinds::{KINDS, NODES, PODS};
use super::super::object::{at, condition, list, put, text};
use super::super::selector::Labels;
use super::super::status::{Outcome, Problem};
use super::super::usage::{self, Usage};
use super::super::world::World;
use super::answer::{Answer, json as reply};
use super::server::Ask;

/// Usage is measured over half a minute and is as old as that on average.
const WINDOW: i64 = 30_000;

pub(super) fn metrics(
    shared: &Shared,
    ask: &Ask,
    nodes: bool,
    namespace: Option<&str>,
    name: Option<&str>,
) -> Outcome<Answer> {
    let kind = if nodes { NODES } else { PODS };
    let verb = if name.is_some() { "get" } else { "list" };
    let deed = Deed { verb, group: "metrics.k8s.io", resource: KINDS[kind].plural, namespace: namespace.unwrap_or("") };
    ask.user.check(&KINDS[kind], name.unwrap_or(""), deed)?;
    let labels = Labels::parse(ask.query.get("labelSelector"))?;
    let world = shared.lock();
    let taken = world.now() - world.now().rem_euclid(15_000);
    let mut items = Vec::new();
    let used = if nodes { usage::nodes(&world, taken) } else { BTreeMap::new() };
    for (key, entry) in world.store.iter(kind) {
        if namespace.is_some_and(|n| n != &*key.0) || name.is_some_and(|n| n != &*key.1) {
            continue;
        }
        if !labels.matches(|k| entry.label(k)) {
            continue;
        }
        let object = entry.value();
        items.extend(if nodes { node(&used, &object, taken) } else { pod(&world, entry, &object, taken) });
    }
    if let Some(name) = name {
        let mut one = items.pop().ok_or_else(|| Problem::not_found(&KINDS[kind], name))?;
        put(&mut one, "kind", if nodes { "NodeMetrics" } else { "PodMetrics" });
        put(&mut one, "apiVersion", "metrics.k8s.io/v1beta1");
        return Ok(reply(200, &one));
    }
    let list_kind = if nodes { "NodeMetricsList" } else { "PodMetricsList" };
    Ok(reply(200, &json!({"kind": list_kind, "apiVersion": "metrics.k8s.io/v1beta1", "metadata": {}, "items": items})))
}

fn head(object: &Value, taken: i64) -> Value {
    let mut metadata = json!({"name": text(object, "metadata/name")});
    if !text(object, "metadata/namespace").is_empty() {
        metadata["namespace"] = text(object, "metadata/namespace").into();
    }
    metadata["creationTimestamp"] = rfc3339(taken).into();
    metadata["labels"] = at(object, "metadata/labels").clone();
    json!({"metadata": metadata, "timestamp": rfc3339(taken - WINDOW / 2), "window": "30.012s"})
}

fn node(all: &BTreeMap<String, Usage>, object: &Value, taken: i64) -> Option<Value> {
    (condition(object, "Ready") == "True").then(|| {
        let used = all.get(text(object, "metadata/name")).copied().unwrap_or_default();
        let mut item = head(object, taken);
        item["usage"] = used.quantities();
        item
    })
}

fn pod(world: &World, entry: &Entry, object: &Value, taken: i64) -> Option<Value> {
    let running = text(object, "status/phase") == "Running" && world.node_ready(text(object, "spec/nodeName"));
    let used = usage::of_entry(entry, taken);
    (running && !used.is_empty()).then(|| {
        let mut item = head(object, taken);
        let containers: Vec<Value> = list(object, "status/containerStatuses")
            .iter()
            .filter_map(|c| used.iter().find(|(name, _)| name == text(c, "name")))
            .map(|(name, u)| json!({"name": name, "usage": u.quantities()}))
            .collect();
        item["containers"] = containers.into();
        item
    })
}
