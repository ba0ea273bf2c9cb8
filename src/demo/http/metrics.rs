//! metrics.k8s.io: usage of nodes and pods, from the curves.

use std::collections::{BTreeMap, HashSet};

use serde_json::{Map, Value, json};

use super::super::Shared;
use super::super::auth::Deed;
use super::super::clock::rfc3339;
use super::super::entry::Entry;
use super::super::kinds::{KINDS, NODES, PODS};
use super::super::object::put;
use super::super::selector::Labels;
use super::super::status::{Outcome, Problem};
use super::super::store::Key;
use super::super::usage::{self, Usage};
use super::answer::{Answer, JSON, answer, json as reply};
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
    // Taken quickly and written without the world's lock: a big cluster's list takes a while.
    let (taken, found, used, ready) = {
        let world = shared.lock();
        let taken = world.now() - world.now().rem_euclid(15_000);
        let wanted = |key: &Key, entry: &Entry| {
            namespace.is_none_or(|n| n == &*key.0)
                && name.is_none_or(|n| n == &*key.1)
                && labels.matches(|k| entry.label(k))
        };
        let all = world.store.iter(kind).filter(|(key, entry)| wanted(key, entry));
        let found: Vec<(Key, Entry)> = all.map(|(key, entry)| (key.clone(), entry.clone())).collect();
        let used = if nodes { usage::nodes(&world, taken) } else { BTreeMap::new() };
        let ready = world.store.iter(NODES).filter(|(_, e)| e.facts().ready).map(|(k, _)| k.1.clone());
        (taken, found, used, ready.collect::<HashSet<_>>())
    };
    let mut items = found.iter().filter_map(|(key, entry)| {
        let item = if nodes { node(&used, &ready, key, entry, taken) } else { pod(&ready, key, entry, taken) };
        item.map(|(metadata, rest)| whole(&metadata, rest, taken))
    });
    if name.is_some() {
        let mut one = items.next().ok_or_else(|| Problem::not_found(&KINDS[kind], name.unwrap_or("")))?;
        put(&mut one, "kind", if nodes { "NodeMetrics" } else { "PodMetrics" });
        put(&mut one, "apiVersion", "metrics.k8s.io/v1beta1");
        return Ok(reply(200, &one));
    }
    let list_kind = if nodes { "NodeMetricsList" } else { "PodMetricsList" };
    let head =
        format!("{{\"kind\":\"{list_kind}\",\"apiVersion\":\"metrics.k8s.io/v1beta1\",\"metadata\":{{}},\"items\":[");
    let mut out = head.into_bytes();
    for (i, item) in items.enumerate() {
        if i > 0 {
            out.push(b',');
        }
        out.extend_from_slice(item.to_string().as_bytes());
    }
    out.extend_from_slice(b"]}\n");
    Ok(answer(200, JSON, out))
}

/// Metadata, and the member that has the measurements.
type Item = (Value, (&'static str, Value));

fn whole(metadata: &Value, (member, measured): (&str, Value), taken: i64) -> Value {
    let mut item = json!({"metadata": metadata, "timestamp": rfc3339(taken - WINDOW / 2), "window": "30.012s"});
    item[member] = measured;
    item
}

fn metadata(key: &Key, entry: &Entry, taken: i64) -> Value {
    let mut metadata = json!({"name": &*key.1});
    if !key.0.is_empty() {
        metadata["namespace"] = (*key.0).into();
    }
    metadata["creationTimestamp"] = rfc3339(taken).into();
    metadata["labels"] = entry.labels().map(|(k, v)| (k.to_owned(), v.into())).collect::<Map<_, _>>().into();
    metadata
}

fn node(
    all: &BTreeMap<String, Usage>,
    ready: &HashSet<Box<str>>,
    key: &Key,
    entry: &Entry,
    taken: i64,
) -> Option<Item> {
    let used = || all.get(&*key.1).copied().unwrap_or_default().quantities();
    ready.contains(&key.1).then(|| (metadata(key, entry, taken), ("usage", used())))
}

fn pod(ready: &HashSet<Box<str>>, key: &Key, entry: &Entry, taken: i64) -> Option<Item> {
    let used = usage::of_entry(entry, taken);
    let running = entry.field(5) == "Running" && ready.contains(&*entry.field(0));
    (running && !used.is_empty()).then(|| {
        let one = |(name, used): &(String, Usage)| json!({"name": name, "usage": used.quantities()});
        (metadata(key, entry, taken), ("containers", used.iter().map(one).collect()))
    })
}
