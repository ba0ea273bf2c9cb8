//! Usage curves: what each container takes at a moment, from its requests, its name and the time of day.
//!
//! A pure function of time, so metrics, the kubelet's summary and the out-of-memory kills all tell one story.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::clock::{MINUTE, Millis, parse};
use super::entry::Entry;
use super::kinds::{NODES, PODS};
use super::object::{at, list, text};
use super::rng::hash;
use super::world::World;

/// CPU in nanocores, memory in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Usage {
    pub(crate) cpu: u64,
    pub(crate) memory: u64,
}

impl Usage {
    /// As metrics.k8s.io writes it.
    pub(crate) fn quantities(self) -> Value {
        json!({"cpu": format!("{}n", self.cpu), "memory": format!("{}Ki", self.memory / 1024)})
    }

    fn add(&mut self, other: Self) {
        self.cpu += other.cpu;
        self.memory += other.memory;
    }
}

/// What the running containers of a pod take.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "curves are made of floats and never negative"
)]
pub(crate) fn pod(object: &Value, now: Millis) -> Vec<(String, Usage)> {
    let uid = text(object, "metadata/uid");
    let statuses = list(object, "status/containerStatuses").iter().chain(list(object, "status/initContainerStatuses"));
    statuses
        .filter_map(|status| {
            let name = text(status, "name");
            let since = parse(text(status, "state/running/startedAt"))?;
            let spec = list(object, "spec/containers").iter().chain(list(object, "spec/initContainers"));
            let spec = spec.into_iter().find(|c| text(c, "name") == name)?;
            let cpu = quantity(at(spec, "resources/requests/cpu")).unwrap_or(0.02);
            let asked = quantity(at(spec, "resources/requests/memory")).unwrap_or(24e6);
            let limit = quantity(at(spec, "resources/limits/memory")).unwrap_or(asked * 2.0);
            let phase = (hash(uid) ^ hash(name)) as f64 / u64::MAX as f64 * std::f64::consts::TAU;
            let minutes = now as f64 / MINUTE as f64;
            // A slow day, a quick wave of requests and a little noise.
            let noise = (hash(&format!("{uid}{name}{}", now / 15_000)) % 1_000) as f64 / 1_000.0;
            let load =
                0.45 + 0.2 * (minutes / 11.0 + phase).sin() + 0.12 * (minutes * 1.3 + phase).sin() + 0.15 * noise;
            let age = (now - since).max(0) as f64 / 1_000.0;
            let memory = if text(spec, "image").contains("recommend") {
                // The leak of the story: it reaches the limit in under a minute.
                (asked * 0.4 + (limit - asked * 0.4) * (age / 50.0)).min(limit * 0.99)
            } else {
                asked * (0.55 + 0.25 * (1.0 - (-age / 600.0).exp()) + 0.05 * (minutes / 7.0 + phase).cos())
            };
            Some((name.to_owned(), Usage { cpu: (cpu * load * 1e9) as u64, memory: memory as u64 }))
        })
        .collect()
}

/// What the running containers of a stored pod take.
pub(crate) fn of_entry(entry: &Entry, now: Millis) -> Vec<(String, Usage)> {
    match entry {
        Entry::Stamped(stamp) => stamp.usage(now),
        Entry::Full(_) => pod(&entry.value(), now),
    }
}

/// What the system of a node takes by itself.
fn system(name: &str) -> Usage {
    Usage { cpu: 120_000_000 + hash(name) % 60_000_000, memory: 900 << 20 }
}

/// What all nodes take: their pods and their systems.
pub(crate) fn nodes(world: &World, now: Millis) -> BTreeMap<String, Usage> {
    let mut all: BTreeMap<String, Usage> =
        world.store.iter(NODES).map(|(k, _)| (k.1.to_string(), system(&k.1))).collect();
    for (_, entry) in world.store.iter(PODS) {
        if entry.field(5) == "Running"
            && let Some(sum) = all.get_mut(&*entry.field(0))
        {
            of_entry(entry, now).into_iter().for_each(|(_, used)| sum.add(used));
        }
    }
    all
}

/// What one node takes.
pub(crate) fn node(world: &World, name: &str, now: Millis) -> Usage {
    let mut sum = system(name);
    for (_, entry) in world.store.iter(PODS) {
        if entry.field(0) == name && entry.field(5) == "Running" {
            of_entry(entry, now).into_iter().for_each(|(_, used)| sum.add(used));
        }
    }
    sum
}

/// A Kubernetes quantity as a number: `250m`, `64Mi`, `2`.
pub(crate) fn quantity(value: &Value) -> Option<f64> {
    let text = match value {
        Value::String(s) => s.as_str(),
        Value::Number(n) => return n.as_f64(),
        _ => return None,
    };
    let split = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let number: f64 = text[..split].parse().ok()?;
    let factor = match &text[split..] {
        "" => 1.0,
        "n" => 1e-9,
        "u" => 1e-6,
        "m" => 1e-3,
        "k" => 1e3,
        "M" => 1e6,
        "G" => 1e9,
        "T" => 1e12,
        "Ki" => 1024.0,
        "Mi" => 1024.0 * 1024.0,
        "Gi" => 1024.0 * 1024.0 * 1024.0,
        "Ti" => 1024.0_f64.powi(4),
        _ => return None,
    };
    Some(number * factor)
}
