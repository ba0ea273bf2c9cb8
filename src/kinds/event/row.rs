//! The columns of events and the row of one event, as kubectl prints them.

use super::Event;
use crate::core::health::Health;
use crate::core::row::Batch;
use crate::core::schema::{Schema, Show};
use crate::core::uid::Uid;
use crate::core::value::{self, CellKind};
use crate::kinds::Row;
use crate::kinds::columns::Columns;
use crate::kinds::meta::Meta;

/// Events as `kubectl get events -o wide` prints them.
pub fn schema() -> Schema {
    use CellKind::{Age, Int};
    Columns::namespaced()
        .cell("LAST SEEN", Age, Show::Always, "When it was last seen")
        .text("TYPE", Show::Room(2), "Normal or Warning")
        .text("REASON", Show::Always, "Why, in one word")
        .text("OBJECT", Show::Always, "What it is about, as kind/name")
        .text("SUBOBJECT", Show::Wide, "Which part of the object")
        .text("SOURCE", Show::Wide, "Who reported it")
        .text("MESSAGE", Show::Always, "What happened")
        .cell("FIRST SEEN", Age, Show::Wide, "When it was first seen")
        .cell("COUNT", Int, Show::Room(3), "How often it was seen")
        .add("NAME", CellKind::Text, crate::core::schema::Source::Name, Show::Wide, "Name of the event itself")
        .done()
}

impl Row for Event<'_> {
    fn meta(&self) -> &Meta<'_> {
        &self.metadata
    }

    fn put(&self, batch: &mut Batch) -> Uid {
        let health = if self.kind == "Warning" { Health::Warn } else { Health::Ok };
        let head = self.metadata.head(health, batch);
        let first = self.first_timestamp.or(self.at);
        let (last, count) = match &self.series {
            Some(series) => (series.last_observed_time, series.count),
            // Events of the newer API that happened once have no count.
            None => (self.last_timestamp.or(first), if self.count == 0 { 1 } else { self.count }),
        };
        let cells = [
            last.cell(),
            batch.text_cell(&self.kind),
            batch.text_cell(&self.reason),
            batch.text_cell(&self.object()),
            batch.text_cell(&self.involved_object.field_path),
            batch.text_cell(&self.reporter()),
            batch.text_cell(self.message.trim()),
            first.cell(),
            value::int(count),
        ];
        batch.put(head, &cells);
        head.uid
    }
}

impl Event<'_> {
    fn object(&self) -> String {
        let mut out = self.involved_object.kind.to_lowercase();
        if !self.involved_object.name.is_empty() {
            out.push('/');
            out.push_str(&self.involved_object.name);
        }
        out
    }

    fn reporter(&self) -> String {
        let component = self.source.component.or(&self.reporting_component);
        match self.source.host.or(&self.reporting_instance) {
            "" => component.to_owned(),
            instance => format!("{component}, {instance}"),
        }
    }
}
