//! Pods: `v1/pods`. The slim object is filled from JSON (here, by serde) or
//! from protobuf (`proto`); the row is made of it once, whatever it came from.

mod proto;
mod row;
mod status;
#[cfg(test)]
mod tests;

use super::error::DecodeError;
use super::meta::Meta;
use super::resources::{Amounts, Requirements};
use super::text::{List, Str, or_default};
use super::time::Moment;
use super::{Spec, decode_json, decode_proto};
use serde::Deserialize;

/// The entry of the table.
pub const SPEC: Spec = Spec {
    group: "",
    plural: "pods",
    schema: row::schema,
    json: |bytes, batch| decode_json::<Pod<'_>>("Pod", bytes, batch),
    proto: Some(|bytes, batch| decode_proto::<Pod<'_>>("Pod", bytes, batch)),
};

/// Slim `Pod`.
#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
pub struct Pod<'a> {
    #[serde(borrow)]
    pub metadata: Meta<'a>,
    #[serde(borrow)]
    pub spec: PodSpec<'a>,
    #[serde(borrow)]
    pub status: PodStatus<'a>,
}

/// Slim `PodSpec`.
#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase", default)]
pub struct PodSpec<'a> {
    #[serde(borrow)]
    pub node_name: Str<'a>,
    #[serde(borrow)]
    pub containers: List<Container<'a>>,
    #[serde(borrow)]
    pub init_containers: List<Container<'a>>,
    #[serde(borrow)]
    pub readiness_gates: List<Gate<'a>>,
    #[serde(deserialize_with = "or_default")]
    pub overhead: Amounts,
    #[serde(deserialize_with = "or_default")]
    pub resources: Requirements,
}

/// Slim `Container`.
#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase", default)]
pub struct Container<'a> {
    #[serde(borrow)]
    pub name: Str<'a>,
    #[serde(borrow)]
    pub restart_policy: Str<'a>,
    #[serde(deserialize_with = "or_default")]
    pub resources: Requirements,
}

impl Container<'_> {
    /// Whether an init container is a sidecar: it may run beside the regular ones.
    pub fn restartable(&self) -> bool {
        self.restart_policy == "Always"
    }
}

/// A readiness gate.
#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase", default)]
pub struct Gate<'a> {
    #[serde(borrow)]
    pub condition_type: Str<'a>,
}

/// Slim `PodStatus`.
#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase", default)]
pub struct PodStatus<'a> {
    #[serde(borrow)]
    pub phase: Str<'a>,
    #[serde(borrow)]
    pub reason: Str<'a>,
    #[serde(borrow)]
    pub nominated_node_name: Str<'a>,
    #[serde(borrow, rename = "podIP")]
    pub pod_ip: Str<'a>,
    #[serde(borrow, rename = "podIPs")]
    pub pod_ips: List<PodIp<'a>>,
    #[serde(borrow)]
    pub qos_class: Str<'a>,
    #[serde(borrow)]
    pub conditions: List<Condition<'a>>,
    #[serde(borrow)]
    pub init_container_statuses: List<ContainerStatus<'a>>,
    #[serde(borrow)]
    pub container_statuses: List<ContainerStatus<'a>>,
}

/// An address.
#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
pub struct PodIp<'a> {
    #[serde(borrow)]
    pub ip: Str<'a>,
}

/// A condition of the pod.
#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
pub struct Condition<'a> {
    #[serde(borrow, rename = "type")]
    pub kind: Str<'a>,
    #[serde(borrow)]
    pub status: Str<'a>,
    #[serde(borrow)]
    pub reason: Str<'a>,
}

/// Slim `ContainerStatus`.
#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase", default)]
pub struct ContainerStatus<'a> {
    #[serde(borrow)]
    pub name: Str<'a>,
    #[serde(borrow, deserialize_with = "or_default")]
    pub state: State<'a>,
    #[serde(borrow, deserialize_with = "or_default")]
    pub last_state: State<'a>,
    pub ready: bool,
    pub restart_count: i64,
    pub started: Option<bool>,
}

/// Slim `ContainerState`: at most one of them is there.
#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
pub struct State<'a> {
    #[serde(borrow)]
    pub waiting: Option<Waiting<'a>>,
    pub running: Option<Running>,
    #[serde(borrow)]
    pub terminated: Option<Terminated<'a>>,
}

/// A waiting container.
#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
pub struct Waiting<'a> {
    #[serde(borrow)]
    pub reason: Str<'a>,
}

/// A running container; since when does not matter to the row.
#[derive(Debug, Default, Deserialize, PartialEq)]
pub struct Running {}

/// A container that ended.
#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase", default)]
pub struct Terminated<'a> {
    pub exit_code: i64,
    pub signal: i64,
    #[serde(borrow)]
    pub reason: Str<'a>,
    pub finished_at: Moment,
}
