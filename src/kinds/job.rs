//! Jobs: `batch/v1/jobs`.

use super::columns::Columns;
use super::meta::Meta;
use super::text::{List, or_default};
use super::time::Moment;
use super::workload::{Condition, Selector, Template, condition};
use super::{Row, Spec, decode_json};
use crate::core::health::Health;
use crate::core::row::Batch;
use crate::core::schema::{Schema, Show};
use crate::core::uid::Uid;
use crate::core::value::{self, CellKind, NONE};
use serde::Deserialize;

/// The entry of the table.
pub const SPEC: Spec = Spec {
    group: "batch",
    plural: "jobs",
    schema,
    json: |bytes, batch| decode_json::<Job<'_>>("Job", bytes, batch),
    proto: None,
};

fn schema() -> Schema {
    Columns::namespaced()
        .name()
        .text("STATUS", Show::Always, "Running, Complete, Failed, Suspended, Terminating")
        .text("COMPLETIONS", Show::Always, "Pods that succeeded, of those needed")
        .cell("DURATION", CellKind::Span, Show::Room(3), "How long it took to complete, or since when it runs")
        .age()
        .text("CONTAINERS", Show::Wide, "Containers of the template")
        .text("IMAGES", Show::Wide, "Images of the template")
        .text("SELECTOR", Show::Wide, "Which pods are its own")
        .text("WRONG", Show::Room(2), "Why it failed or does not run")
        .owner(Show::Wide)
        .done()
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Job<'a> {
    #[serde(borrow)]
    metadata: Meta<'a>,
    #[serde(borrow)]
    spec: JobSpec<'a>,
    #[serde(borrow)]
    status: Status<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct JobSpec<'a> {
    completions: Option<i64>,
    parallelism: Option<i64>,
    #[serde(borrow, deserialize_with = "or_default")]
    selector: Selector<'a>,
    #[serde(borrow)]
    template: Template<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Status<'a> {
    succeeded: i64,
    failed: i64,
    start_time: Moment,
    completion_time: Moment,
    #[serde(borrow)]
    conditions: List<Condition<'a>>,
}

impl Row for Job<'_> {
    fn meta(&self) -> &Meta<'_> {
        &self.metadata
    }

    fn put(&self, batch: &mut Batch) -> Uid {
        let printed = self.printed_status();
        let (health, wrong) = self.verdict(printed);
        let head = self.metadata.head(health, batch);
        let (spec, start, end) = (&self.spec, self.status.start_time, self.status.completion_time);
        // A failed job has no time of completion: kubectl goes on counting, and so does this.
        let took = match (start.is_set(), end.is_set()) {
            (false, _) => NONE,
            (true, true) => value::span(end.0 - start.0),
            (true, false) => value::span_since(start.0),
        };
        let cells = [
            batch.text_cell(printed),
            batch.text_cell(&self.completions()),
            took,
            batch.text_cell(&spec.template.names()),
            batch.text_cell(&spec.template.images()),
            batch.text_cell(&spec.selector.printed_or_none()),
            batch.text_cell(&wrong),
        ];
        batch.put(head, &cells);
        head.uid
    }
}

impl Job<'_> {
    fn holds(&self, kind: &str) -> bool {
        condition(&self.status.conditions, kind).is_some_and(Condition::is_true)
    }

    // The printer's order: ends first, then deletion, then what is on its way.
    fn printed_status(&self) -> &'static str {
        const ENDS: [(&str, &str); 2] = [("Complete", "Complete"), ("Failed", "Failed")];
        const WAYS: [&str; 3] = ["Suspended", "FailureTarget", "SuccessCriteriaMet"];
        if let Some((_, text)) = ENDS.iter().find(|(kind, _)| self.holds(kind)) {
            text
        } else if self.metadata.deleting() {
            "Terminating"
        } else {
            WAYS.into_iter().find(|kind| self.holds(kind)).unwrap_or("Running")
        }
    }

    fn completions(&self) -> String {
        let done = self.status.succeeded;
        match (self.spec.completions, self.spec.parallelism.unwrap_or(0)) {
            (Some(all), _) => format!("{done}/{all}"),
            (None, parallel) if parallel > 1 => format!("{done}/1 of {parallel}"),
            (None, _) => format!("{done}/1"),
        }
    }

    fn verdict(&self, printed: &str) -> (Health, String) {
        let why = |kind| condition(&self.status.conditions, kind).map(Condition::why).unwrap_or_default();
        match printed {
            "Complete" => (Health::Done, String::new()),
            "Failed" => (Health::Bad, why("Failed")),
            "FailureTarget" => (Health::Bad, why("FailureTarget")),
            "Suspended" => (Health::Busy, "suspended".to_owned()),
            "Terminating" => (Health::Busy, "terminating".to_owned()),
            _ if self.status.failed > 0 => (Health::Warn, format!("failed pods: {}", self.status.failed)),
            _ => (Health::Ok, String::new()),
        }
    }
}
