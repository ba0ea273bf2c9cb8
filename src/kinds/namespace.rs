//! Namespaces: `v1/namespaces`.

use super::columns::Columns;
use super::meta::Meta;
use super::text::{List, Str};
use super::workload::Condition;
use super::{Row, Spec, decode_json};
use crate::core::health::Health;
use crate::core::row::Batch;
use crate::core::schema::{Joined, Schema, Show};
use crate::core::uid::Uid;
use crate::core::value::CellKind;
use serde::Deserialize;

/// The entry of the table.
pub const SPEC: Spec = Spec {
    group: "",
    plural: "namespaces",
    schema,
    json: |bytes, batch| decode_json::<Namespace<'_>>("Namespace", bytes, batch),
    proto: None,
};

fn schema() -> Schema {
    Columns::clustered()
        .name()
        .text("STATUS", Show::Always, "Active or Terminating")
        .age()
        .joined("PODS", CellKind::Int, Joined::Pods, Show::Room(3), "Pods that have not ended")
        .joined("CPU", CellKind::Milli, Joined::Cpu, Show::Room(4), "CPU its pods use")
        .joined("MEM", CellKind::Bytes, Joined::Mem, Show::Room(4), "Memory its pods use")
        .joined("CPU/R", CellKind::Milli, Joined::CpuRequests, Show::Room(5), "Sum of its pods' CPU requests")
        .joined("MEM/R", CellKind::Bytes, Joined::MemRequests, Show::Room(5), "Sum of its pods' memory requests")
        .text("WRONG", Show::Room(2), "What a terminating namespace waits for")
        .done()
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Namespace<'a> {
    #[serde(borrow)]
    metadata: Meta<'a>,
    #[serde(borrow)]
    status: Status<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Status<'a> {
    #[serde(borrow)]
    phase: Str<'a>,
    #[serde(borrow)]
    conditions: List<Condition<'a>>,
}

impl Row for Namespace<'_> {
    fn meta(&self) -> &Meta<'_> {
        &self.metadata
    }

    fn put(&self, batch: &mut Batch) -> Uid {
        // Each condition names something deletion waits for or fails at; all are good when False.
        let reasons = || self.status.conditions.iter().filter(|c| c.is_true());
        let health = match (&*self.status.phase, reasons().next()) {
            ("Terminating", None) => Health::Busy,
            ("Terminating", Some(_)) => Health::Warn,
            _ => Health::Ok,
        };
        let head = self.metadata.head(health, batch);
        let wrong = reasons().map(Condition::why).collect::<Vec<_>>().join("; ");
        let cells = [batch.text_cell(&self.status.phase), batch.text_cell(&wrong)];
        batch.put(head, &cells);
        head.uid
    }
}
