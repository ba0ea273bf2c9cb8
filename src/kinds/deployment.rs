//! Deployments: `apps/v1/deployments`.

use super::columns::Columns;
use super::meta::Meta;
use super::text::{List, or_default};
use super::workload::{Condition, Selector, Template, Verdict, condition};
use super::{Row, Spec, decode_json};
use crate::core::health::Health;
use crate::core::row::Batch;
use crate::core::schema::{Schema, Show};
use crate::core::uid::Uid;
use crate::core::value::{self, CellKind};
use serde::Deserialize;

/// The entry of the table.
pub const SPEC: Spec = Spec {
    group: "apps",
    plural: "deployments",
    schema,
    json: |bytes, batch| decode_json::<Deployment<'_>>("Deployment", bytes, batch),
    proto: None,
};

fn schema() -> Schema {
    Columns::namespaced()
        .name()
        .cell("READY", CellKind::Pair, Show::Always, "Ready replicas of those wanted")
        .int("UP-TO-DATE", Show::Room(3), "Replicas of the newest template")
        .int("AVAILABLE", Show::Room(3), "Replicas ready for long enough")
        .age()
        .text("CONTAINERS", Show::Wide, "Containers of the template")
        .text("IMAGES", Show::Wide, "Images of the template")
        .text("SELECTOR", Show::Wide, "Which pods are its own")
        .text("WRONG", Show::Room(2), "What keeps it from being as wanted")
        .done()
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Deployment<'a> {
    #[serde(borrow)]
    metadata: Meta<'a>,
    #[serde(borrow)]
    spec: DeploymentSpec<'a>,
    #[serde(borrow)]
    status: Status<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct DeploymentSpec<'a> {
    replicas: Option<i64>,
    paused: bool,
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
    updated_replicas: i64,
    ready_replicas: i64,
    available_replicas: i64,
    #[serde(borrow)]
    conditions: List<Condition<'a>>,
}

impl Row for Deployment<'_> {
    fn meta(&self) -> &Meta<'_> {
        &self.metadata
    }

    fn put(&self, batch: &mut Batch) -> Uid {
        let verdict = self.verdict();
        let head = self.metadata.head(verdict.health, batch);
        let (spec, status) = (&self.spec, &self.status);
        let cells = [
            super::pair(status.ready_replicas, self.wanted()),
            value::int(status.updated_replicas),
            value::int(status.available_replicas),
            batch.text_cell(&spec.template.names()),
            batch.text_cell(&spec.template.images()),
            batch.text_cell(&spec.selector.printed()),
            batch.text_cell(&verdict.text()),
        ];
        batch.put(head, &cells);
        head.uid
    }
}

impl Deployment<'_> {
    // The server fills in 1 where nothing was said.
    fn wanted(&self) -> i64 {
        self.spec.replicas.unwrap_or(1)
    }

    // The order of `kubectl rollout status`, with what it does not say added.
    fn verdict(&self) -> Verdict {
        let status = &self.status;
        let mut verdict = Verdict::of(&self.metadata, status.observed_generation);
        if self.spec.paused {
            verdict.say(Health::Busy, "paused");
        }
        if let Some(c) = condition(&status.conditions, "Progressing").filter(|c| c.status == "False") {
            verdict.say(Health::Bad, format!("stalled: {}", &*c.reason));
        }
        if let Some(c) = condition(&status.conditions, "ReplicaFailure").filter(|c| c.is_true()) {
            verdict.say(Health::Bad, c.why());
        }
        let (wanted, updated) = (self.wanted(), status.updated_replicas);
        if updated < wanted {
            verdict.say(Health::Busy, format!("progressing: {updated} of {wanted} updated"));
        } else if status.replicas > updated {
            verdict.say(Health::Busy, format!("progressing: {} old to end", status.replicas - updated));
        }
        verdict.count("unavailable", status.available_replicas, wanted);
        verdict
    }
}
