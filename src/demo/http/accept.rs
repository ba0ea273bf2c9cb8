//! The form of the answer: the first of the client's choices that the resource has.

use super::super::kinds::Kind;
use super::super::status::{Outcome, Problem};

/// How an object or a list is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Json,
    Table,
    /// Metadata only.
    Partial,
    Protobuf,
}

/// One choice of an Accept header: media type and parameters.
fn choices(accept: &str) -> impl Iterator<Item = (&str, &str)> {
    accept.split(',').map(|choice| {
        let mut parts = choice.split(';').map(str::trim);
        let media = parts.next().unwrap_or("");
        let shape = parts.find_map(|p| p.strip_prefix("as=")).unwrap_or("");
        (media, shape)
    })
}

/// The form for a kind; protobuf is had for pods, nodes and events only.
pub(crate) fn form(accept: &str, kind: &Kind) -> Outcome<Form> {
    if accept.trim().is_empty() {
        return Ok(Form::Json);
    }
    choices(accept)
        .find_map(|(media, shape)| match (media, shape) {
            ("application/json" | "*/*" | "application/*", "") => Some(Form::Json),
            ("application/json", "Table") => Some(Form::Table),
            ("application/json", "PartialObjectMetadata" | "PartialObjectMetadataList") => Some(Form::Partial),
            ("application/vnd.kubernetes.protobuf", "") if super::super::proto::has(kind) => Some(Form::Protobuf),
            _ => None,
        })
        .ok_or_else(Problem::not_acceptable)
}

/// Whether the client prefers aggregated discovery.
pub(crate) fn aggregated(accept: &str) -> bool {
    choices(accept)
        .find(|(media, _)| matches!(*media, "application/json" | "*/*"))
        .is_some_and(|(_, shape)| shape == "APIGroupDiscoveryList")
}
