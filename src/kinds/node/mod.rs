//! Nodes: `v1/nodes`. Filled from JSON (here) or protobuf (`proto`), printed in `row`.

mod proto;
mod row;
#[cfg(test)]
mod tests;

use super::error::DecodeError;
use super::meta::Meta;
use super::pb::Value;
use super::quantity::Amount;
use super::text::{List, Str, or_default};
use super::time::Moment;
use super::{Spec, decode_json, decode_proto};
use serde::Deserialize;

/// The entry of the table.
pub const SPEC: Spec = Spec {
    group: "",
    plural: "nodes",
    schema: row::schema,
    json: |bytes, batch| decode_json::<Node<'_>>("Node", bytes, batch),
    proto: Some(|bytes, batch| decode_proto::<Node<'_>>("Node", bytes, batch)),
};

/// Slim `Node`.
#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
pub struct Node<'a> {
    #[serde(borrow)]
    pub metadata: Meta<'a>,
    #[serde(borrow)]
    pub spec: NodeSpec<'a>,
    #[serde(borrow)]
    pub status: NodeStatus<'a>,
}

/// Slim `NodeSpec`.
#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
pub struct NodeSpec<'a> {
    pub unschedulable: bool,
    #[serde(borrow)]
    pub taints: List<Taint<'a>>,
}

/// A taint.
#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
pub struct Taint<'a> {
    #[serde(borrow)]
    pub key: Str<'a>,
    #[serde(borrow)]
    pub value: Str<'a>,
    #[serde(borrow)]
    pub effect: Str<'a>,
}

/// Slim `NodeStatus`.
#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase", default)]
pub struct NodeStatus<'a> {
    #[serde(deserialize_with = "or_default")]
    pub allocatable: Allocatable,
    #[serde(borrow)]
    pub conditions: List<Condition<'a>>,
    #[serde(borrow)]
    pub addresses: List<Address<'a>>,
    #[serde(borrow, deserialize_with = "or_default")]
    pub node_info: NodeInfo<'a>,
}

/// What pods may take; all resources but these are skipped.
#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
pub struct Allocatable {
    pub cpu: Amount,
    pub memory: Amount,
    pub pods: Amount,
}

impl Allocatable {
    fn take(&mut self, entry: Value<'_>) -> Result<(), DecodeError> {
        let (key, amount) = entry.amount()?;
        match &*key {
            "cpu" => self.cpu = amount,
            "memory" => self.memory = amount,
            "pods" => self.pods = amount,
            _ => {}
        }
        Ok(())
    }
}

/// A condition of the node.
#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase", default)]
pub struct Condition<'a> {
    #[serde(borrow, rename = "type")]
    pub kind: Str<'a>,
    #[serde(borrow)]
    pub status: Str<'a>,
    pub last_transition_time: Moment,
}

/// An address.
#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
pub struct Address<'a> {
    #[serde(borrow, rename = "type")]
    pub kind: Str<'a>,
    #[serde(borrow)]
    pub address: Str<'a>,
}

/// Slim `NodeSystemInfo`.
#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase", default)]
pub struct NodeInfo<'a> {
    #[serde(borrow)]
    pub kernel_version: Str<'a>,
    #[serde(borrow)]
    pub os_image: Str<'a>,
    #[serde(borrow)]
    pub container_runtime_version: Str<'a>,
    #[serde(borrow)]
    pub kubelet_version: Str<'a>,
}
