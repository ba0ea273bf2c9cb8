//! Measurements: `metrics.k8s.io` lists, and a kubelet's stats summary for
//! clusters without that API. What was not measured is `None`, never zero.

use super::error::DecodeError;
use super::quantity::{Amount, Quantity};
use super::resources::Amounts;
use super::text::{List, Str, or_default};
use super::time::{Moment, parse_go_duration};
use serde::Deserialize;

/// What one pod or node used.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sample {
    /// The pod's namespace, empty for nodes.
    pub namespace: String,
    /// The pod or node.
    pub name: String,
    /// Per container: name, CPU in thousandths of a core, memory (working set) in bytes. Empty for nodes.
    pub containers: Vec<(String, Option<i64>, Option<i64>)>,
    /// CPU in thousandths of a core; of a pod, the sum of its containers if all were measured.
    pub cpu_milli: Option<i64>,
    /// Memory (working set) in bytes; of a pod, the sum of its containers if all were measured.
    pub mem_bytes: Option<i64>,
    /// When the measured window ended, Unix milliseconds; 0 when not told.
    pub at_ms: i64,
    /// How long the window was, in milliseconds; 0 when not told.
    pub window_ms: i64,
}

/// A kubelet's own measurements.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary {
    /// The node.
    pub node: Sample,
    /// Its pods.
    pub pods: Vec<Sample>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Metrics<'a> {
    #[serde(borrow)]
    items: List<Item<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Item<'a> {
    #[serde(borrow)]
    metadata: Identity<'a>,
    timestamp: Moment,
    #[serde(borrow)]
    window: Str<'a>,
    #[serde(deserialize_with = "or_default")]
    usage: Amounts,
    #[serde(borrow)]
    containers: List<Container<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Identity<'a> {
    #[serde(borrow)]
    name: Str<'a>,
    #[serde(borrow)]
    namespace: Str<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Container<'a> {
    #[serde(borrow)]
    name: Str<'a>,
    #[serde(deserialize_with = "or_default")]
    usage: Amounts,
}

fn milli(a: Amount) -> Option<i64> {
    a.0.map(Quantity::milli)
}

fn whole(a: Amount) -> Option<i64> {
    a.0.map(Quantity::whole)
}

// The sum, exact before it is rounded; none when one is missing or there is nothing to add.
fn sum(all: impl Iterator<Item = Amount>) -> Amount {
    let mut out = None;
    for a in all {
        let Some(q) = a.0 else { return Amount(None) };
        let so_far = out.map_or(0, Quantity::nanos);
        out = Some(Quantity::from_nanos(q.nanos().saturating_add(so_far)));
    }
    Amount(out)
}

impl Item<'_> {
    fn sample(&self, total: Amounts) -> Sample {
        let container = |c: &Container<'_>| (c.name.to_string(), milli(c.usage.cpu), whole(c.usage.memory));
        Sample {
            namespace: self.metadata.namespace.to_string(),
            name: self.metadata.name.to_string(),
            containers: self.containers.iter().map(container).collect(),
            cpu_milli: milli(total.cpu),
            mem_bytes: whole(total.memory),
            at_ms: self.timestamp.0,
            window_ms: parse_go_duration(&self.window).unwrap_or(0),
        }
    }
}

fn metrics<'a>(body: &'a [u8], what: &str) -> Result<Metrics<'a>, DecodeError> {
    serde_json::from_slice(body).map_err(|e| DecodeError::json(what, &e))
}

/// Reads a `NodeMetricsList`.
///
/// # Errors
/// Not JSON of that shape.
pub fn nodes(body: &[u8]) -> Result<Vec<Sample>, DecodeError> {
    Ok(metrics(body, "NodeMetricsList")?.items.iter().map(|i| i.sample(i.usage)).collect())
}

/// Reads one `PodMetrics`, an item of a `PodMetricsList`: there are as many as pods, so the list
/// is never held.
///
/// # Errors
/// Not JSON of that shape.
pub fn pod(item: &[u8]) -> Result<Sample, DecodeError> {
    let item: Item<'_> = serde_json::from_slice(item).map_err(|e| DecodeError::json("PodMetrics", &e))?;
    let total = Amounts {
        cpu: sum(item.containers.iter().map(|c| c.usage.cpu)),
        memory: sum(item.containers.iter().map(|c| c.usage.memory)),
    };
    Ok(item.sample(total))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Stats<'a> {
    #[serde(borrow)]
    node: NodeStats<'a>,
    #[serde(borrow)]
    pods: List<PodStats<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct NodeStats<'a> {
    #[serde(borrow, rename = "nodeName")]
    name: Str<'a>,
    #[serde(deserialize_with = "or_default")]
    cpu: Cpu,
    #[serde(deserialize_with = "or_default")]
    memory: Memory,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct PodStats<'a> {
    #[serde(borrow)]
    pod_ref: Identity<'a>,
    #[serde(borrow)]
    containers: List<ContainerStats<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ContainerStats<'a> {
    #[serde(borrow)]
    name: Str<'a>,
    #[serde(deserialize_with = "or_default")]
    cpu: Cpu,
    #[serde(deserialize_with = "or_default")]
    memory: Memory,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Cpu {
    time: Moment,
    usage_nano_cores: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Memory {
    working_set_bytes: Option<u64>,
}

impl Cpu {
    fn amount(&self) -> Amount {
        Amount(self.usage_nano_cores.map(|n| Quantity::from_nanos(n.into())))
    }
}

impl Memory {
    fn amount(&self) -> Amount {
        Amount(self.working_set_bytes.map(|n| Quantity::from_nanos(i128::from(n) * 1_000_000_000)))
    }
}

/// Reads a kubelet's `/stats/summary`. A pod's usage is the sum of its containers, as
/// metrics.k8s.io has it, not that of its control group, which counts the pause container too.
///
/// # Errors
/// Not JSON of that shape.
pub fn summary(body: &[u8]) -> Result<Summary, DecodeError> {
    let stats: Stats<'_> = serde_json::from_slice(body).map_err(|e| DecodeError::json("stats summary", &e))?;
    let pod = |p: &PodStats<'_>| Sample {
        namespace: p.pod_ref.namespace.to_string(),
        name: p.pod_ref.name.to_string(),
        containers: p
            .containers
            .iter()
            .map(|c| (c.name.to_string(), milli(c.cpu.amount()), whole(c.memory.amount())))
            .collect(),
        cpu_milli: milli(sum(p.containers.iter().map(|c| c.cpu.amount()))),
        mem_bytes: whole(sum(p.containers.iter().map(|c| c.memory.amount()))),
        at_ms: p.containers.iter().map(|c| c.cpu.time.0).max().unwrap_or(0),
        window_ms: 0,
    };
    let node = Sample {
        name: stats.node.name.to_string(),
        cpu_milli: milli(stats.node.cpu.amount()),
        mem_bytes: whole(stats.node.memory.amount()),
        at_ms: stats.node.cpu.time.0,
        ..Sample::default()
    };
    Ok(Summary { node, pods: stats.pods.iter().map(pod).collect() })
}

#[cfg(test)]
#[path = "usage_tests.rs"]
mod tests;
