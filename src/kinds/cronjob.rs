//! `CronJob`s: `batch/v1/cronjobs`.

use super::columns::Columns;
use super::meta::Meta;
use super::text::{List, Str, or_default};
use super::time::Moment;
use super::workload::{Selector, Template};
use super::{Row, Spec, decode_json};
use crate::core::health::Health;
use crate::core::row::Batch;
use crate::core::schema::{Schema, Show};
use crate::core::uid::Uid;
use crate::core::value::{self, CellKind};
use serde::Deserialize;

/// The entry of the table.
pub const SPEC: Spec = Spec {
    group: "batch",
    plural: "cronjobs",
    schema,
    json: |bytes, batch| decode_json::<CronJob<'_>>("CronJob", bytes, batch),
    proto: None,
};

fn schema() -> Schema {
    Columns::namespaced()
        .name()
        .text("SCHEDULE", Show::Always, "When it starts jobs, in cron's words")
        .text("TIMEZONE", Show::Room(5), "Where that is meant")
        .text("SUSPEND", Show::Room(3), "Whether it is kept from starting jobs")
        .int("ACTIVE", Show::Room(2), "Jobs that run")
        .cell("LAST SCHEDULE", CellKind::Age, Show::Room(2), "When it last started a job")
        .age()
        .text("CONTAINERS", Show::Wide, "Containers of the template")
        .text("IMAGES", Show::Wide, "Images of the template")
        .text("SELECTOR", Show::Wide, "Selector of the jobs' template")
        .text("WRONG", Show::Room(4), "Why it starts no jobs")
        .done()
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct CronJob<'a> {
    #[serde(borrow)]
    metadata: Meta<'a>,
    #[serde(borrow)]
    spec: CronSpec<'a>,
    status: Status,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct CronSpec<'a> {
    #[serde(borrow)]
    schedule: Str<'a>,
    #[serde(borrow)]
    time_zone: Option<Str<'a>>,
    suspend: Option<bool>,
    #[serde(borrow, deserialize_with = "or_default")]
    job_template: JobTemplate<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct JobTemplate<'a> {
    #[serde(borrow, deserialize_with = "or_default")]
    spec: JobSpec<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct JobSpec<'a> {
    #[serde(borrow, deserialize_with = "or_default")]
    selector: Selector<'a>,
    #[serde(borrow)]
    template: Template<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Status {
    active: List<serde::de::IgnoredAny>,
    last_schedule_time: Moment,
}

impl Row for CronJob<'_> {
    fn meta(&self) -> &Meta<'_> {
        &self.metadata
    }

    fn put(&self, batch: &mut Batch) -> Uid {
        let (spec, job) = (&self.spec, &self.spec.job_template.spec);
        let suspended = spec.suspend == Some(true);
        let head = self.metadata.head(if suspended { Health::Busy } else { Health::Ok }, batch);
        let cells = [
            batch.text_cell(&spec.schedule),
            batch.text_cell(spec.time_zone.as_deref().unwrap_or("<none>")),
            batch.text_cell(match spec.suspend {
                Some(true) => "True",
                Some(false) => "False",
                None => "<unset>",
            }),
            value::int(self.status.active.len() as i64),
            self.status.last_schedule_time.cell(),
            batch.text_cell(&job.template.names()),
            batch.text_cell(&job.template.images()),
            batch.text_cell(&job.selector.printed_or_none()),
            batch.text_cell(if suspended { "suspended" } else { "" }),
        ];
        batch.put(head, &cells);
        head.uid
    }
}
