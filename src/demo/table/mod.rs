//! Server-side printing: the Table form of every kind, cells as kubectl shows them.
//!
//! The columns are data (`columns.json`, from the API's own documentation); the cells are one function a kind.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde_json::Value;

use super::clock::Millis;
use super::entry::Entry;
use super::kinds::Kind;

mod age;
pub(crate) mod basic;
pub(crate) mod batch;
mod cell;
pub(crate) mod event;
pub(crate) mod network;
pub(crate) mod node;
pub(crate) mod pod;
pub(crate) mod storage;
pub(crate) mod workload;

#[cfg(test)]
mod tests;

/// The moment a row is printed at; ages depend on it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment(pub(crate) Millis);

/// How much of the object rides along in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Include {
    /// Nothing.
    None,
    /// A `PartialObjectMetadata`: the default.
    #[default]
    Metadata,
    /// The whole object.
    Object,
}

/// The encoded column definitions of each kind.
static COLUMNS: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    let all: HashMap<String, Value> = serde_json::from_str(include_str!("columns.json")).unwrap_or_default();
    all.into_iter().map(|(plural, columns)| (plural, columns.to_string())).collect()
});

/// The column definitions of a kind as JSON.
pub(crate) fn columns(kind: &Kind) -> &'static str {
    COLUMNS.get(kind.plural).or_else(|| COLUMNS.get("default")).map_or("[]", String::as_str)
}

/// Writes `{"kind":"Table",...,"columnDefinitions":[...],"rows":[`; the caller writes rows and `]}`.
pub(crate) fn open(kind: &Kind, metadata: &Value, with_columns: bool, out: &mut Vec<u8>) {
    let columns = if with_columns { columns(kind) } else { "null" };
    let head = format!(
        "{{\"kind\":\"Table\",\"apiVersion\":\"meta.k8s.io/v1\",\"metadata\":{metadata},\"columnDefinitions\":{columns},\"rows\":["
    );
    out.extend_from_slice(head.as_bytes());
}

/// Writes one row.
pub(crate) fn row(kind: &Kind, entry: &Entry, include: Include, moment: Moment, out: &mut Vec<u8>) {
    if include != Include::Metadata || matches!(entry, Entry::Full(_)) {
        return row_of(kind, &entry.value(), include, moment, out);
    }
    cells(kind, &entry.shown(), moment, out);
    out.extend_from_slice(PARTIAL);
    entry.write_metadata(out);
    out.extend_from_slice(b"}}");
}

/// Writes the row of an object at hand.
pub(crate) fn row_of(kind: &Kind, object: &Value, include: Include, moment: Moment, out: &mut Vec<u8>) {
    cells(kind, object, moment, out);
    match include {
        Include::None => out.extend_from_slice(b"null"),
        Include::Metadata => partial(object, out),
        Include::Object => whole(kind, object, out),
    }
    out.push(b'}');
}

/// What leads to the metadata of a partial object.
const PARTIAL: &[u8] = b"{\"kind\":\"PartialObjectMetadata\",\"apiVersion\":\"meta.k8s.io/v1\",\"metadata\":";

/// Writes the cells of a row, up to where its object begins.
fn cells(kind: &Kind, object: &Value, moment: Moment, out: &mut Vec<u8>) {
    let cells = Value::Array((kind.cells)(object, moment));
    out.extend_from_slice(b"{\"cells\":");
    out.extend_from_slice(cells.to_string().as_bytes());
    let done = if kind.plural == "pods" { pod::conditions(object) } else { None };
    if let Some(conditions) = done {
        out.extend_from_slice(b",\"conditions\":");
        out.extend_from_slice(conditions.as_bytes());
    }
    out.extend_from_slice(b",\"object\":");
}

/// Writes the metadata of an object as a `PartialObjectMetadata`.
pub(crate) fn partial(object: &Value, out: &mut Vec<u8>) {
    out.extend_from_slice(PARTIAL);
    out.extend_from_slice(object["metadata"].to_string().as_bytes());
    out.push(b'}');
}

/// Writes the metadata of a stored object as a `PartialObjectMetadata`.
pub(crate) fn partial_of(entry: &Entry, out: &mut Vec<u8>) {
    out.extend_from_slice(PARTIAL);
    entry.write_metadata(out);
    out.push(b'}');
}

/// Writes an object at hand with kind and apiVersion first.
fn whole(kind: &Kind, object: &Value, out: &mut Vec<u8>) {
    let start = out.len();
    out.extend_from_slice(object.to_string().as_bytes());
    super::entry::head(kind, start, out);
}
