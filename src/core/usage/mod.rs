//! What things use: samples of CPU and memory, a short history of each object,
//! and their way into the rows of stores.
//!
//! `book` keeps the samples, `join` writes them into the joined cells of pod and
//! node rows, `rollup` sums pods by node or namespace, `fleet` sums nodes. Nothing here ever turns
//! "not measured" into a zero: it stays [`super::value::NONE`].

mod book;
mod fleet;
mod join;
mod names;
mod rollup;
mod series;

#[cfg(test)]
mod tests;

pub use book::UsageBook;
pub use fleet::{Fleet, FleetSums, Share};
pub use join::{Join, Target};
pub use rollup::{GroupBy, Rollup, Sums};

use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What one object used over one window of measurement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    /// Namespace; empty for nodes.
    pub namespace: Arc<str>,
    /// Name.
    pub name: Arc<str>,
    /// CPU in thousandths of a core.
    pub cpu: i64,
    /// Memory in bytes.
    pub mem: i64,
    /// The end of the window, Unix milliseconds (the server's clock).
    pub at: i64,
    /// Its containers: name, CPU in thousandths, memory in bytes.
    pub containers: Vec<(Arc<str>, i64, i64)>,
}

/// One point of an object's history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    /// When, Unix milliseconds, to the second.
    pub at: i64,
    /// CPU in thousandths of a core.
    pub cpu: i64,
    /// Memory in bytes, to about seven digits.
    pub mem: i64,
}
