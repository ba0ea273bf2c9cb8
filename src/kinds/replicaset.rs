//! `ReplicaSet`s: `apps/v1/replicasets`.

use super::columns::Columns;
use super::meta::Meta;
use super::text::{List, or_default};
use super::workload::{Condition, Selector, Template, Verdict, condition};
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
    plural: "replicasets",
    schema,
    json: |bytes, batch| decode_json::<ReplicaSet<'_>>("ReplicaSet", bytes, batch),
    proto: None,
};

fn schema() -> Schema {
    Columns::namespaced()
        .name()
        .int("DESIRED", Show::Always, "Replicas wanted")
        .int("CURRENT", Show::Room(3), "Replicas there are")
        .int("READY", Show::Always, "Replicas that are ready")
        .age()
        .text("CONTAINERS", Show::Wide, "Containers of the template")
        .text("IMAGES", Show::Wide, "Images of the template")
        .text("SELECTOR", Show::Wide, "Which pods are its own")
        .text("WRONG", Show::Room(2), "What keeps it from being as wanted")
        .owner(Show::Wide)
        .done()
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ReplicaSet<'a> {
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
    #[serde(borrow, deserialize_with = "or_default")]
    selector: Selector<'a>,
    #[serde(borrow)]
    template: Template<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Status<'a> {
    observed_generation: i64,
    replicas: i64,
    ready_replicas: i64,
    available_replicas: i64,
    #[serde(borrow)]
    conditions: List<Condition<'a>>,
}

impl Row for ReplicaSet<'_> {
    fn meta(&self) -> &Meta<'_> {
        &self.metadata
    }

    fn put(&self, batch: &mut Batch) -> Uid {
        let verdict = self.verdict();
        let head = self.metadata.head(verdict.health, batch);
        let (spec, status) = (&self.spec, &self.status);
        let cells = [
            value::int(self.wanted()),
            value::int(status.replicas),
            value::int(status.ready_replicas),
            batch.text_cell(&spec.template.names()),
            batch.text_cell(&spec.template.images()),
            batch.text_cell(&spec.selector.printed_or_none()),
            batch.text_cell(&verdict.text()),
        ];
        batch.put(head, &cells);
        head.uid
    }
}

impl ReplicaSet<'_> {
    fn wanted(&self) -> i64 {
        self.spec.replicas.unwrap_or(1)
    }

    fn verdict(&self) -> Verdict {
        let status = &self.status;
        let mut verdict = Verdict::of(&self.metadata, status.observed_generation);
        if let Some(c) = condition(&status.conditions, "ReplicaFailure").filter(|c| c.is_true()) {
            verdict.say(Health::Bad, c.why());
        }
        verdict.count("unavailable", status.available_replicas, self.wanted());
        // What older rollouts left behind: nothing is wanted of it and nothing is there.
        if verdict.health == Health::Ok && self.wanted() == 0 && status.replicas == 0 {
            verdict.health = Health::Done;
        }
        verdict
    }
}
