//! Taints of nodes and what pods say to them, by the scheduler's rules.

use super::{list, text};
use serde_json::{Map, Value};
use std::fmt;

/// A taint.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Taint {
    /// `dedicated`, `node.kubernetes.io/not-ready`.
    pub key: String,
    /// May be empty.
    pub value: String,
    /// `NoSchedule`, `PreferNoSchedule`, `NoExecute`.
    pub effect: String,
}

impl Taint {
    /// All of a node.
    #[must_use]
    pub fn all(spec: &Value) -> Vec<Self> {
        list(&spec["taints"]).iter().map(Self::of).collect()
    }

    fn of(t: &Value) -> Self {
        Self { key: text(&t["key"]).into(), value: text(&t["value"]).into(), effect: text(&t["effect"]).into() }
    }

    /// As the API writes it; an empty value is left out.
    #[must_use]
    pub fn json(&self) -> Value {
        let mut map = Map::new();
        map.insert("key".into(), self.key.as_str().into());
        if !self.value.is_empty() {
            map.insert("value".into(), self.value.as_str().into());
        }
        map.insert("effect".into(), self.effect.as_str().into());
        Value::Object(map)
    }

    /// Whether two are the same place: one key and effect have one value.
    #[must_use]
    pub fn same_place(&self, other: &Self) -> bool {
        self.key == other.key && self.effect == other.effect
    }

    /// The controller that sets it again when it is taken away while its reason stands.
    #[must_use]
    pub fn keeper(&self) -> Option<&'static str> {
        match self.key.as_str() {
            "node.kubernetes.io/out-of-service" => None,
            "node.kubernetes.io/unschedulable" => Some("the node controller, while the node is cordoned"),
            "node.cloudprovider.kubernetes.io/uninitialized" | "node.cloudprovider.kubernetes.io/shutdown" => {
                Some("the cloud controller manager")
            }
            "ToBeDeletedByClusterAutoscaler" | "DeletionCandidateOfClusterAutoscaler" => Some("the cluster autoscaler"),
            k if k.starts_with("node.kubernetes.io/") => Some("the node controller, while the condition stands"),
            k if k.starts_with("karpenter.sh/") => Some("Karpenter"),
            _ => None,
        }
    }
}

/// As kubectl writes it: `key=value:Effect`, `key:Effect`.
impl fmt::Display for Taint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.value.is_empty() { "" } else { "=" };
        write!(f, "{}{sign}{}:{}", self.key, self.value, self.effect)
    }
}

/// A toleration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toleration {
    /// Empty for every key.
    pub key: String,
    /// `Equal` (empty too), `Exists`, `Lt`, `Gt`.
    pub operator: String,
    /// What the taint's value is compared with.
    pub value: String,
    /// Empty for every effect.
    pub effect: String,
    /// For how long a `NoExecute` taint is borne; `None` for ever.
    pub seconds: Option<i64>,
}

impl Toleration {
    /// All of a pod.
    #[must_use]
    pub fn all(spec: &Value) -> Vec<Self> {
        let one = |t: &Value| Self {
            key: text(&t["key"]).into(),
            operator: text(&t["operator"]).into(),
            value: text(&t["value"]).into(),
            effect: text(&t["effect"]).into(),
            seconds: t["tolerationSeconds"].as_i64(),
        };
        list(&spec["tolerations"]).iter().map(one).collect()
    }

    /// Whether it bears a taint (`ToleratesTaint` of the API's helpers).
    #[must_use]
    pub fn bears(&self, taint: &Taint) -> bool {
        let number = |s: &str| s.parse::<i64>().ok();
        (self.effect.is_empty() || self.effect == taint.effect)
            && (self.key.is_empty() || self.key == taint.key)
            && match self.operator.as_str() {
                "" | "Equal" => self.value == taint.value,
                "Exists" => true,
                "Lt" => number(&taint.value).zip(number(&self.value)).is_some_and(|(t, v)| t < v),
                "Gt" => number(&taint.value).zip(number(&self.value)).is_some_and(|(t, v)| t > v),
                _ => false,
            }
    }
}

/// For how many seconds a `NoExecute` taint is borne: `Some(None)` for ever, `None` not at
/// all. Of several tolerations that bear it the shortest counts, as the taint manager has it.
#[must_use]
pub fn tolerated(tolerations: &[Toleration], taint: &Taint) -> Option<Option<i64>> {
    let bearing: Vec<_> = tolerations.iter().filter(|t| t.bears(taint)).collect();
    if bearing.is_empty() {
        return None;
    }
    Some(bearing.iter().filter_map(|t| t.seconds).map(|s| s.max(0)).min())
}
