//! How true a pane is at this moment.

use super::problem::{Missing, Problem};
use serde::{Deserialize, Serialize};

/// The state of a stream, shown in the frame of every pane on it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Freshness {
    /// Not asked yet.
    #[default]
    Idle,
    /// The first list is under way.
    Syncing {
        /// Rows so far.
        rows: u64,
    },
    /// The watch stands.
    Live,
    /// Data are old: nothing heard since that moment (Unix ms, local clock).
    Stale {
        /// When the stream was last known to be true.
        since: i64,
        /// Why.
        why: Problem,
    },
    /// Trying again at that moment (Unix ms, local clock); what is shown is from before.
    Reconnecting {
        /// When the stream was last known to be true; `None` if it never was.
        since: Option<i64>,
        /// When the next attempt starts.
        at: i64,
        /// Why it broke.
        why: Problem,
    },
    /// May not be read.
    Forbidden(Missing),
    /// Some namespaces may not be read.
    Partial {
        /// How many are forbidden.
        forbidden: u32,
        /// Of how many asked for.
        of: u32,
    },
    /// The server does not serve this kind.
    NotServed,
}

impl Freshness {
    /// Whether what is shown is known to be current.
    #[must_use]
    pub fn current(&self) -> bool {
        matches!(self, Self::Live | Self::Partial { .. })
    }
}
