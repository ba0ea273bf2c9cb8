//! `StatefulSet`s: `apps/v1/statefulsets`.

use super::columns::Columns;
use super::meta::Meta;
use super::text::Str;
use super::workload::{Template, Verdict};
use super::{Row, Spec, decode_json};
use crate::core::health::Health;
use crate::core::row::Batch;
use crate::core::schema::{Schema, Show};
use crate::core::uid::Uid;
use crate::core::value::CellKind;
use serde::Deserialize;

/// The entry of the table.
pub const SPEC: Spec = Spec {
    group: "apps",
    plural: "statefulsets",
    schema,
    json: |bytes, batch| decode_json::<StatefulSet<'_>>("StatefulSet", bytes, batch),
    proto: None,
};

fn schema() -> Schema {
    Columns::namespaced()
        .name()
        .cell("READY", CellKind::Pair, Show::Always, "Ready replicas of those wanted")
        .age()
        .text("CONTAINERS", Show::Wide, "Containers of the template")
        .text("IMAGES", Show::Wide, "Images of the template")
        .text("WRONG", Show::Room(2), "What keeps it from being as wanted")
        .done()
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct StatefulSet<'a> {
    #[serde(borrow)]
    metadata: Meta<'a>,
    #[serde(borrow)]
    spec: SetSpec<'a>,
    #[serde(borrow)]
    status: Status<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SetSpec<'a> {
    replicas: Option<i64>,
    #[serde(borrow)]
    template: Template<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Status<'a> {
    observed_generation: i64,
    replicas: i64,
    ready_replicas: i64,
    updated_replicas: i64,
    available_replicas: i64,
    #[serde(borrow)]
    current_revision: Str<'a>,
    #[serde(borrow)]
    update_revision: Str<'a>,
}

impl Row for StatefulSet<'_> {
    fn meta(&self) -> &Meta<'_> {
        &self.metadata
    }

    fn put(&self, batch: &mut Batch) -> Uid {
        let verdict = self.verdict();
        let head = self.metadata.head(verdict.health, batch);
        let cells = [
            super::pair(self.status.ready_replicas, self.wanted()),
            batch.text_cell(&self.spec.template.names()),
            batch.text_cell(&self.spec.template.images()),
            batch.text_cell(&verdict.text()),
        ];
        batch.put(head, &cells);
        head.uid
    }
}

impl StatefulSet<'_> {
    fn wanted(&self) -> i64 {
        self.spec.replicas.unwrap_or(1)
    }

    fn verdict(&self) -> Verdict {
        let (status, wanted) = (&self.status, self.wanted());
        let mut verdict = Verdict::of(&self.metadata, status.observed_generation);
        // A partition may hold back the update on purpose: it is then not an error, but under way.
        if status.current_revision != status.update_revision && status.updated_replicas < wanted {
            verdict.say(Health::Busy, format!("progressing: {} of {wanted} updated", status.updated_replicas));
        } else if status.replicas != wanted {
            verdict.say(Health::Busy, format!("scaling: {} of {wanted} there", status.replicas));
        }
        verdict.count("unavailable", status.available_replicas, wanted);
        verdict
    }
}
