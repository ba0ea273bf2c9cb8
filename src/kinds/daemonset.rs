//! `DaemonSet`s: `apps/v1/daemonsets`.

use super::columns::Columns;
use super::meta::Meta;
use super::text::or_default;
use super::workload::{Selector, Template, Verdict};
use super::{Row, Spec, decode_json};
use crate::core::health::Health;
use crate::core::row::Batch;
use crate::core::schema::{Schema, Show};
use crate::core::uid::Uid;
use crate::core::value;
use serde::Deserialize;

/// The entry of the table.
pub const SPEC: Spec = Spec {
    group: "apps",
    plural: "daemonsets",
    schema,
    json: |bytes, batch| decode_json::<DaemonSet<'_>>("DaemonSet", bytes, batch),
    proto: None,
};

fn schema() -> Schema {
    Columns::namespaced()
        .name()
        .int("DESIRED", Show::Always, "Nodes that should run it")
        .int("CURRENT", Show::Room(3), "Nodes that run it and should")
        .int("READY", Show::Always, "Nodes where it is ready")
        .int("UP-TO-DATE", Show::Room(3), "Nodes with the newest template")
        .int("AVAILABLE", Show::Room(3), "Nodes where it is ready for long enough")
        .text("NODE SELECTOR", Show::Room(6), "Labels its nodes must have")
        .age()
        .text("CONTAINERS", Show::Wide, "Containers of the template")
        .text("IMAGES", Show::Wide, "Images of the template")
        .text("SELECTOR", Show::Wide, "Which pods are its own")
        .text("WRONG", Show::Room(2), "What keeps it from being as wanted")
        .done()
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct DaemonSet<'a> {
    #[serde(borrow)]
    metadata: Meta<'a>,
    #[serde(borrow)]
    spec: SetSpec<'a>,
    status: Status,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SetSpec<'a> {
    #[serde(borrow, deserialize_with = "or_default")]
    selector: Selector<'a>,
    #[serde(borrow)]
    template: Template<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Status {
    observed_generation: i64,
    desired_number_scheduled: i64,
    current_number_scheduled: i64,
    number_ready: i64,
    updated_number_scheduled: i64,
    number_available: i64,
    number_misscheduled: i64,
}

impl Row for DaemonSet<'_> {
    fn meta(&self) -> &Meta<'_> {
        &self.metadata
    }

    fn put(&self, batch: &mut Batch) -> Uid {
        let verdict = self.verdict();
        let head = self.metadata.head(verdict.health, batch);
        let (template, status) = (&self.spec.template, &self.status);
        let nodes = template.spec.node_selector.joined();
        let cells = [
            value::int(status.desired_number_scheduled),
            value::int(status.current_number_scheduled),
            value::int(status.number_ready),
            value::int(status.updated_number_scheduled),
            value::int(status.number_available),
            batch.text_cell(if nodes.is_empty() { "<none>" } else { &nodes }),
            batch.text_cell(&template.names()),
            batch.text_cell(&template.images()),
            batch.text_cell(&self.spec.selector.printed_or_none()),
            batch.text_cell(&verdict.text()),
        ];
        batch.put(head, &cells);
        head.uid
    }
}

impl DaemonSet<'_> {
    fn verdict(&self) -> Verdict {
        let status = &self.status;
        let wanted = status.desired_number_scheduled;
        let mut verdict = Verdict::of(&self.metadata, status.observed_generation);
        if status.updated_number_scheduled < wanted {
            verdict.say(Health::Busy, format!("progressing: {} of {wanted} updated", status.updated_number_scheduled));
        }
        verdict.count("unavailable", status.number_available, wanted);
        if status.number_misscheduled > 0 {
            verdict.say(Health::Warn, format!("misscheduled: {}", status.number_misscheduled));
        }
        verdict
    }
}
