//! Events: `v1/events`. Filled from JSON (here) or protobuf (`proto`), printed in `row`.

mod proto;
mod row;
#[cfg(test)]
mod tests;

use super::error::DecodeError;
use super::meta::Meta;
use super::text::{Str, or_default};
use super::time::Moment;
use super::{Spec, decode_json, decode_proto};
use serde::Deserialize;

/// The entry of the table.
pub const SPEC: Spec = Spec {
    group: "",
    plural: "events",
    schema: row::schema,
    json: |bytes, batch| decode_json::<Event<'_>>("Event", bytes, batch),
    proto: Some(|bytes, batch| decode_proto::<Event<'_>>("Event", bytes, batch)),
};

/// Slim core `Event`.
#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase", default)]
pub struct Event<'a> {
    #[serde(borrow)]
    pub metadata: Meta<'a>,
    #[serde(borrow, deserialize_with = "or_default")]
    pub involved_object: Involved<'a>,
    #[serde(borrow)]
    pub reason: Str<'a>,
    #[serde(borrow)]
    pub message: Str<'a>,
    #[serde(borrow, deserialize_with = "or_default")]
    pub source: Origin<'a>,
    pub first_timestamp: Moment,
    pub last_timestamp: Moment,
    pub count: i64,
    #[serde(borrow, rename = "type")]
    pub kind: Str<'a>,
    #[serde(rename = "eventTime")]
    pub at: Moment,
    pub series: Option<Series>,
    #[serde(borrow)]
    pub reporting_component: Str<'a>,
    #[serde(borrow)]
    pub reporting_instance: Str<'a>,
}

/// What the event is about.
#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase", default)]
pub struct Involved<'a> {
    #[serde(borrow)]
    pub kind: Str<'a>,
    #[serde(borrow)]
    pub name: Str<'a>,
    #[serde(borrow)]
    pub field_path: Str<'a>,
}

/// Who reported it, in the older form.
#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
pub struct Origin<'a> {
    #[serde(borrow)]
    pub component: Str<'a>,
    #[serde(borrow)]
    pub host: Str<'a>,
}

/// How often it was seen, in the newer form.
#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase", default)]
pub struct Series {
    pub count: i64,
    pub last_observed_time: Moment,
}
