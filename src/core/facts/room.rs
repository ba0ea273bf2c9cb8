//! Amounts of resources: what a pod asks for, what a node has to give.

use super::list;
use crate::core::quantity::Quantity;
use serde_json::Value;
use std::collections::BTreeMap;

/// Amounts by resource: `cpu`, `memory`, `nvidia.com/gpu`, and `pods` for their number.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Room(pub BTreeMap<String, Quantity>);

impl Room {
    /// Of a resource list.
    #[must_use]
    pub fn of(map: &Value) -> Self {
        let entries = map.as_object().into_iter().flatten();
        Self(entries.filter_map(|(k, v)| Some((k.clone(), quantity(v)?))).collect())
    }

    /// What the scheduler counts for a pod: the sum over its containers and sidecars, at
    /// least what any init container needs beside the sidecars before it; the pod's own
    /// `spec.resources` before all of that; overhead on top; and one place among the pods.
    #[must_use]
    pub fn asked(spec: &Value) -> Self {
        let requests = |c: &Value| Self::of(&c["resources"]["requests"]);
        let mut sum = Self::default();
        list(&spec["containers"]).iter().for_each(|c| sum.add(&requests(c)));
        let (mut sidecars, mut peak) = (Self::default(), Self::default());
        for c in list(&spec["initContainers"]) {
            let mut with = sidecars.clone();
            with.add(&requests(c));
            if c["restartPolicy"].as_str() == Some("Always") {
                sum.add(&requests(c));
                sidecars = with.clone();
            }
            peak.widen(&with);
        }
        sum.widen(&peak);
        sum.0.extend(requests(spec).0);
        sum.add(&Self::of(&spec["overhead"]));
        sum.0.insert("pods".into(), Quantity::from_nanos(1_000_000_000));
        sum
    }

    /// Adds another.
    pub fn add(&mut self, other: &Self) {
        for (k, v) in &other.0 {
            let mine = self.0.entry(k.clone()).or_default();
            *mine = Quantity::from_nanos(mine.nanos().saturating_add(v.nanos()));
        }
    }

    fn widen(&mut self, other: &Self) {
        for (k, v) in &other.0 {
            let mine = self.0.entry(k.clone()).or_default();
            *mine = (*mine).max(*v);
        }
    }

    /// What is missing for `ask` beside what is `used`; `None` if it fits.
    #[must_use]
    pub fn lacks(&self, used: &Self, ask: &Self) -> Option<String> {
        let none = Quantity::default();
        let amount = |r: &Self, k: &String| r.0.get(k).copied().unwrap_or(none).nanos();
        let short = ask.0.iter().filter(|(_, v)| **v > none);
        short.map(|(k, _)| k).find(|k| amount(self, k) < amount(used, k).saturating_add(amount(ask, k))).cloned()
    }
}

fn quantity(v: &Value) -> Option<Quantity> {
    match v {
        Value::String(s) => Quantity::parse(s),
        Value::Number(n) => Quantity::parse(&n.to_string()),
        _ => None,
    }
}
