//! A `PodDisruptionBudget`: whom it covers and what it allows now.

use super::{Meta, Pod, matching, text};
use crate::core::query::Selector;
use serde_json::Value;

/// What a budget says of pods that run and are not ready.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unhealthy {
    /// They may go if those that are ready are enough (`IfHealthyBudget`, the default).
    IfHealthyBudget,
    /// They may always go (`AlwaysAllow`).
    AlwaysAllow,
}

/// A budget.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Budget {
    /// Its metadata.
    pub meta: Meta,
    /// Whom it covers; `None` for nobody.
    pub selector: Option<Selector>,
    /// Disruptions it allows now.
    pub allowed: i64,
    /// Ready pods it counts.
    pub healthy: i64,
    /// Ready pods it wants.
    pub desired: i64,
    /// Pods it covers.
    pub expected: i64,
    /// See [`Unhealthy`].
    pub unhealthy: Unhealthy,
    /// Whether its numbers are those of its latest form; else the server refuses for now.
    pub observed: bool,
}

impl Budget {
    /// Of an object.
    #[must_use]
    pub fn of(budget: &Value) -> Self {
        let (spec, status) = (&budget["spec"], &budget["status"]);
        let n = |key: &str| status[key].as_i64().unwrap_or(0);
        Self {
            meta: Meta::of(budget),
            selector: matching(&spec["selector"]),
            allowed: n("disruptionsAllowed"),
            healthy: n("currentHealthy"),
            desired: n("desiredHealthy"),
            expected: n("expectedPods"),
            unhealthy: match text(&spec["unhealthyPodEvictionPolicy"]) {
                "AlwaysAllow" => Unhealthy::AlwaysAllow,
                _ => Unhealthy::IfHealthyBudget,
            },
            observed: n("observedGeneration") >= budget["metadata"]["generation"].as_i64().unwrap_or(0),
        }
    }

    /// Whether it covers a pod.
    #[must_use]
    pub fn covers(&self, pod: &Pod) -> bool {
        self.meta.namespace == pod.meta.namespace && self.selector.as_ref().is_some_and(|s| s.matches(&pod.meta.labels))
    }

    /// `shop/web allows 0 (4 of 4 healthy)`.
    #[must_use]
    pub fn words(&self) -> String {
        let Self { meta, allowed, healthy, desired, .. } = self;
        format!("{} allows {allowed} (needs {desired} healthy, has {healthy})", meta.name)
    }
}
