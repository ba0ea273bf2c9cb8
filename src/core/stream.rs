//! What a stream tells the state.

use super::freshness::Freshness;
use super::row::Batch;
use super::schema::Schema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// One report of a stream. A list is `Schema`, `Begin`, batches, `End`; watch
/// events are batches after it. A relist is `Begin`, batches, `End` again: rows
/// that were not put since `Begin` go at `End`, so nothing blanks meanwhile.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum StreamEvent {
    /// What the rows carry. Sent first, and again when the server's columns change.
    Schema(Arc<Schema>),
    /// A list begins.
    Begin,
    /// Rows.
    Batch(Batch),
    /// The list is complete.
    End,
    /// How true the pane is.
    Fresh(Freshness),
}
