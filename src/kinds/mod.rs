//! Wire bytes to rows: what an API server's answers mean, one file a kind.
//! Pure: no network, no clock, no client library. `wire` cuts answers into
//! objects; [`KINDS`] turns objects of the kinds we know by heart into rows;
//! `table` does it for all others from the server's own Table; `usage` reads
//! measurements; `containers` makes rows of one whole pod.

pub mod annotations;
pub mod columns;
pub mod containers;
mod cronjob;
mod daemonset;
mod debugging;
mod deployment;
mod error;
mod event;
#[cfg(test)]
mod fixtures;
mod job;
mod meta;
mod namespace;
mod node;
mod pb;
mod persistentvolumeclaim;
mod pod;
mod replicaset;
mod resources;
mod service;
mod statefulset;
pub mod table;
mod text;
pub mod time;
pub mod usage;
pub mod wire;
mod workload;

pub use crate::core::quantity;
pub use columns::{batch_for, text_cells};
pub use error::DecodeError;

use crate::core::row::Batch;
use crate::core::schema::Schema;
use crate::core::uid::Uid;
use serde::Deserialize;

/// Reads one object and adds its row to a batch.
pub type Decode = fn(&[u8], &mut Batch) -> Result<Uid, DecodeError>;

/// A kind whose objects become rows here. A new kind is one file and one line in [`KINDS`].
#[derive(Debug, Clone, Copy)]
pub struct Spec {
    /// API group, empty for the core group.
    pub group: &'static str,
    /// Plural, as in the path.
    pub plural: &'static str,
    /// The columns; fixed.
    pub schema: fn() -> Schema,
    /// Reads a JSON object.
    pub json: Decode,
    /// Reads a protobuf object without its envelope, where we have a reader.
    pub proto: Option<Decode>,
}

/// The kinds that are read straight to rows; all others come as the server's Table.
pub const KINDS: &[Spec] = &[
    pod::SPEC,
    node::SPEC,
    event::SPEC,
    namespace::SPEC,
    deployment::SPEC,
    replicaset::SPEC,
    statefulset::SPEC,
    daemonset::SPEC,
    job::SPEC,
    cronjob::SPEC,
    service::SPEC,
    persistentvolumeclaim::SPEC,
];

/// A kind that is no resource of the server: its rows are made of whole pods, some of each.
#[derive(Debug, Clone, Copy)]
pub struct OfPods {
    /// Its plural.
    pub plural: &'static str,
    /// The columns; fixed.
    pub schema: fn() -> Schema,
    /// Reads a pod and adds its rows. Returns the pod's uid and theirs.
    pub read: fn(&[u8], &mut Batch) -> Result<(Uid, Vec<Uid>), DecodeError>,
}

/// The kinds that are made of pods.
pub const OF_PODS: &[OfPods] = &[containers::SPEC, debugging::SPEC];

/// The entry of a kind that is made of pods.
#[must_use]
pub fn of_pods(plural: &str) -> Option<&'static OfPods> {
    OF_PODS.iter().find(|s| s.plural == plural)
}

/// The entry of a kind.
#[must_use]
pub fn spec(group: &str, plural: &str) -> Option<&'static Spec> {
    KINDS.iter().find(|s| s.group == group && s.plural == plural)
}

// A slim object that knows its row.
trait Row {
    fn meta(&self) -> &meta::Meta<'_>;
    fn put(&self, batch: &mut Batch) -> Uid;

    // Every object has a name: bytes that have none are of something else.
    fn put_named(&self, kind: &str, batch: &mut Batch) -> Result<Uid, DecodeError> {
        if self.meta().name.is_empty() {
            return Err(DecodeError::new("an object without a name", kind));
        }
        Ok(self.put(batch))
    }
}

fn decode_json<'a, T: Row + Deserialize<'a>>(
    kind: &str,
    bytes: &'a [u8],
    batch: &mut Batch,
) -> Result<Uid, DecodeError> {
    serde_json::from_slice::<T>(bytes).map_err(|e| DecodeError::json(kind, &e))?.put_named(kind, batch)
}

fn decode_proto<'a, T: Row + pb::Message<'a>>(
    kind: &str,
    bytes: &'a [u8],
    batch: &mut Batch,
) -> Result<Uid, DecodeError> {
    T::read(bytes).map_err(|e| e.within(kind))?.put_named(kind, batch)
}

// A `Pair` cell of two counts as the API has them.
fn pair(a: i64, b: i64) -> u64 {
    let count = |n: i64| u32::try_from(n.max(0)).unwrap_or(u32::MAX);
    crate::core::value::pair(count(a), count(b))
}

#[cfg(test)]
mod tests;
