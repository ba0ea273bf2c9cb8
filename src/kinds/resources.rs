//! Requests and limits: of one container as written, of a pod as the scheduler
//! and the kubelet add them up.

use super::error::DecodeError;
use super::pb::{Message, Value};
use super::quantity::{Amount, Quantity};
use super::text::or_default;
use crate::core::value::{self, NONE};
use serde::Deserialize;

/// CPU and memory out of a resource list; all else is skipped.
#[derive(Debug, Clone, Copy, Default, Deserialize, PartialEq)]
#[serde(default)]
pub struct Amounts {
    pub cpu: Amount,
    pub memory: Amount,
}

impl Amounts {
    /// Takes an entry of a protobuf resource list.
    ///
    /// # Errors
    /// Broken bytes.
    pub fn take(&mut self, entry: Value<'_>) -> Result<(), DecodeError> {
        match entry.amount()? {
            (key, amount) if key == "cpu" => self.cpu = amount,
            (key, amount) if key == "memory" => self.memory = amount,
            _ => {}
        }
        Ok(())
    }

    fn plus(self, other: Self) -> Self {
        Self { cpu: add(self.cpu, other.cpu), memory: add(self.memory, other.memory) }
    }

    fn max(self, other: Self) -> Self {
        let max = |a: Amount, b: Amount| Amount(a.0.max(b.0));
        Self { cpu: max(self.cpu, other.cpu), memory: max(self.memory, other.memory) }
    }

    // What is set here, else what is set there.
    fn or(self, other: Self) -> Self {
        Self { cpu: Amount(self.cpu.0.or(other.cpu.0)), memory: Amount(self.memory.0.or(other.memory.0)) }
    }

    /// A `Milli` cell of the CPU.
    pub fn cpu_cell(self) -> u64 {
        self.cpu.0.map_or(NONE, |q| value::int(q.milli()))
    }

    /// A `Bytes` cell of the memory.
    pub fn memory_cell(self) -> u64 {
        self.memory.0.map_or(NONE, |q| value::int(q.whole()))
    }
}

fn add(a: Amount, b: Amount) -> Amount {
    match (a.0, b.0) {
        (Some(x), Some(y)) => Amount(Some(Quantity::from_nanos(x.nanos().saturating_add(y.nanos())))),
        _ => Amount(a.0.or(b.0)),
    }
}

/// Slim `ResourceRequirements`.
#[derive(Debug, Clone, Copy, Default, Deserialize, PartialEq)]
#[serde(default)]
pub struct Requirements {
    #[serde(deserialize_with = "or_default")]
    pub requests: Amounts,
    #[serde(deserialize_with = "or_default")]
    pub limits: Amounts,
}

impl<'a> Message<'a> for Requirements {
    fn field(&mut self, number: u32, value: Value<'a>) -> Result<(), DecodeError> {
        match number {
            1 => self.limits.take(value),
            2 => self.requests.take(value),
            _ => Ok(()),
        }
    }
}

/// What a pod's parts ask for, in the order of the spec.
#[derive(Debug, Default)]
pub struct PodParts<'r> {
    /// Init containers; `true` for sidecars (restartable ones).
    pub init: Vec<(bool, &'r Requirements)>,
    /// Regular containers.
    pub regular: Vec<&'r Requirements>,
    /// `spec.resources`, where set.
    pub pod: Requirements,
    /// `spec.overhead`.
    pub overhead: Amounts,
}

impl PodParts<'_> {
    /// The requests the scheduler counts: the sum over containers and sidecars, at least
    /// what any init container needs beside the sidecars before it; the pod's own
    /// `spec.resources` before all of that; overhead on top.
    pub fn requests(&self) -> Amounts {
        let mut sum = self.regular.iter().fold(Amounts::default(), |a, r| a.plus(r.requests));
        let (mut sidecars, mut peak) = (Amounts::default(), Amounts::default());
        for (sidecar, r) in &self.init {
            let with = sidecars.plus(r.requests);
            if *sidecar {
                sum = sum.plus(r.requests);
                sidecars = with;
            }
            peak = peak.max(with);
        }
        self.pod.requests.or(sum.max(peak)).plus(self.overhead)
    }

    /// The limits the kubelet enforces on the pod as a whole: the pod's own, else the
    /// sum over what runs at length, and none at all where one of these has none (a sum
    /// of some limits would make a pod look over a limit nobody set).
    pub fn limits(&self) -> Amounts {
        let sidecars = self.init.iter().filter(|(s, _)| *s).map(|(_, r)| *r);
        let lasting = || self.regular.iter().copied().chain(sidecars.clone());
        let mut sum = lasting().fold(Amounts::default(), |a, r| a.plus(r.limits));
        if lasting().any(|r| r.limits.cpu.0.is_none()) {
            sum.cpu = Amount(None);
        }
        if lasting().any(|r| r.limits.memory.0.is_none()) {
            sum.memory = Amount(None);
        }
        let limits = self.pod.limits.or(sum);
        Amounts {
            cpu: if limits.cpu.0.is_some() { add(limits.cpu, self.overhead.cpu) } else { limits.cpu },
            memory: if limits.memory.0.is_some() { add(limits.memory, self.overhead.memory) } else { limits.memory },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn req(cpu: &str, limit: &str) -> Requirements {
        Requirements {
            requests: Amounts { cpu: Amount::parse(cpu), memory: Amount(None) },
            limits: Amounts { cpu: Amount::parse(limit), memory: Amount(None) },
        }
    }

    fn milli(a: Amount) -> Option<i64> {
        a.0.map(Quantity::milli)
    }

    #[test]
    fn init_containers_sidecars_and_overhead_count_as_the_scheduler_counts_them() {
        let (side, init, app) = (req("100m", "1"), req("700m", "1"), req("300m", "2"));
        let mut parts = PodParts {
            init: vec![(true, &side), (false, &init)],
            regular: vec![&app],
            overhead: Amounts { cpu: Amount::parse("10m"), memory: Amount(None) },
            ..PodParts::default()
        };
        // While init runs, the sidecar runs too: 700 + 100, more than 300 + 100.
        assert_eq!(milli(parts.requests().cpu), Some(810));
        assert_eq!(milli(parts.limits().cpu), Some(3010));
        assert_eq!(parts.requests().memory, Amount(None));
        parts.pod = req("250m", "");
        assert_eq!(milli(parts.requests().cpu), Some(260));
    }

    #[test]
    fn one_container_without_a_limit_leaves_the_pod_without() {
        let (a, b) = (req("1", "1"), req("1", ""));
        let parts = PodParts { regular: vec![&a, &b], ..PodParts::default() };
        assert_eq!(parts.limits().cpu, Amount(None));
    }
}
