//! Logs: the lines of many containers, bounded by bytes, in the order of time.
//!
//! Bytes become lines in `split` (times) and `clean` (what a terminal would obey); `segment` holds
//! them in large pieces that are shared and never change a line; `order` keeps an order over the
//! lines of all segments; `store` puts both together and lets the oldest go. `query`, `fields` and
//! `level` say what a line means; `scan` finds lines beside the loop; `shape` breaks a line into
//! the rows it takes. Nothing here knows where lines come from: `source` only names it.

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// How logs are read and kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogOptions {
    /// Bytes kept by one pane.
    pub pane_bytes: usize,
    /// Bytes kept by all panes together.
    pub total_bytes: usize,
    /// A line that comes later than this after one written before it is marked as late (ms).
    pub reorder_ms: i64,
    /// The zone of local times. A recording shows UTC: zones differ from machine to machine.
    #[serde(skip, default = "utc")]
    pub zone: TimeZone,
}

fn utc() -> TimeZone {
    TimeZone::UTC
}

impl Default for LogOptions {
    fn default() -> Self {
        Self { pane_bytes: 64 << 20, total_bytes: 256 << 20, reorder_ms: 250, zone: TimeZone::UTC }
    }
}

pub mod clean;
pub mod event;
pub mod export;
pub mod fields;
pub mod fold;
pub mod labels;
pub mod lens;
pub mod level;
pub mod moment;
pub mod order;
pub mod paints;
pub mod query;
pub mod scan;
pub mod segment;
pub mod segments;
mod sgr;
pub mod shape;
pub mod source;
pub mod split;
pub mod stamp;
pub mod store;
pub mod strip;
pub mod times;
