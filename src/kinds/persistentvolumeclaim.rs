//! Claims on storage: `v1/persistentvolumeclaims`.

use super::columns::Columns;
use super::meta::Meta;
use super::quantity::Quantity;
use super::text::{List, Str, or_default};
use super::{Row, Spec, decode_json};
use crate::core::health::Health;
use crate::core::row::Batch;
use crate::core::schema::{Schema, Show};
use crate::core::uid::Uid;
use crate::core::value::{self, CellKind, NONE};
use serde::Deserialize;

/// The entry of the table.
pub const SPEC: Spec = Spec {
    group: "",
    plural: "persistentvolumeclaims",
    schema,
    json: |bytes, batch| decode_json::<Claim<'_>>("PersistentVolumeClaim", bytes, batch),
    proto: None,
};

fn schema() -> Schema {
    Columns::namespaced()
        .name()
        .text("STATUS", Show::Always, "Bound, Pending, Lost or Terminating")
        .text("VOLUME", Show::Room(4), "The volume it is bound to")
        .text("CAPACITY", Show::Always, "How much it has, as written; sort by SIZE")
        .text("ACCESS MODES", Show::Room(3), "Who may mount it how")
        .text("STORAGECLASS", Show::Room(2), "Storage class")
        .text("VOLUMEATTRIBUTESCLASS", Show::Room(9), "Class of the volume's attributes")
        .age()
        .text("VOLUMEMODE", Show::Wide, "Filesystem or Block")
        .cell("SIZE", CellKind::Bytes, Show::Hidden, "How much it has")
        .cell("REQUESTED", CellKind::Bytes, Show::Hidden, "How much it asks for")
        .done()
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Claim<'a> {
    #[serde(borrow)]
    metadata: Meta<'a>,
    #[serde(borrow)]
    spec: ClaimSpec<'a>,
    #[serde(borrow)]
    status: Status<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ClaimSpec<'a> {
    #[serde(borrow)]
    volume_name: Str<'a>,
    #[serde(borrow)]
    storage_class_name: Str<'a>,
    #[serde(borrow)]
    volume_attributes_class_name: Option<Str<'a>>,
    #[serde(borrow)]
    volume_mode: Option<Str<'a>>,
    #[serde(borrow, deserialize_with = "or_default")]
    resources: Resources<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Resources<'a> {
    #[serde(borrow, deserialize_with = "or_default")]
    requests: Storage<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Storage<'a> {
    #[serde(borrow)]
    storage: Str<'a>,
}

impl Storage<'_> {
    fn cell(&self) -> u64 {
        Quantity::parse(&self.storage).map_or(NONE, |q| value::int(q.whole()))
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Status<'a> {
    #[serde(borrow)]
    phase: Str<'a>,
    #[serde(borrow)]
    access_modes: List<Str<'a>>,
    #[serde(borrow, deserialize_with = "or_default")]
    capacity: Storage<'a>,
}

impl Row for Claim<'_> {
    fn meta(&self) -> &Meta<'_> {
        &self.metadata
    }

    fn put(&self, batch: &mut Batch) -> Uid {
        let (spec, status) = (&self.spec, &self.status);
        let phase = if self.metadata.deleting() { "Terminating" } else { &*status.phase };
        let health = match phase {
            "Bound" => Health::Ok,
            "Lost" => Health::Bad,
            // Pending may wait for a first pod on purpose; the pod that waits is what is unwell.
            _ => Health::Busy,
        };
        let head = self.metadata.head(health, batch);
        let bound = !spec.volume_name.is_empty();
        // What an unbound claim asks for is not what it has.
        let capacity = if bound { status.capacity.storage.or("0") } else { "" };
        let class = self.metadata.annotations.storage_class.as_ref().unwrap_or(&spec.storage_class_name);
        let cells = [
            batch.text_cell(phase),
            batch.text_cell(&spec.volume_name),
            batch.text_cell(capacity),
            batch.text_cell(&if bound { self.modes() } else { String::new() }),
            batch.text_cell(class),
            batch.text_cell(spec.volume_attributes_class_name.as_deref().unwrap_or("<unset>")),
            batch.text_cell(spec.volume_mode.as_deref().unwrap_or("<unset>")),
            if bound { status.capacity.cell() } else { NONE },
            spec.resources.requests.cell(),
        ];
        batch.put(head, &cells);
        head.uid
    }
}

impl Claim<'_> {
    fn modes(&self) -> String {
        const SHORT: [(&str, &str); 4] =
            [("ReadWriteOnce", "RWO"), ("ReadOnlyMany", "ROX"), ("ReadWriteMany", "RWX"), ("ReadWriteOncePod", "RWOP")];
        let has = |mode: &str| self.status.access_modes.iter().any(|m| m == mode);
        SHORT.iter().filter(|(mode, _)| has(mode)).map(|(_, s)| *s).collect::<Vec<_>>().join(",")
    }
}
