//! What counts as unwell, in the same words for every kind.

use serde::{Deserialize, Serialize};

/// An object's state as an operator sorts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub enum Health {
    /// Works as it should.
    #[default]
    Ok,
    /// Ended well; nothing to do.
    Done,
    /// On its way (starting, rolling out, terminating) or out of service on purpose.
    Busy,
    /// Works in part, or may soon not.
    Warn,
    /// Does not work.
    Bad,
}

impl Health {
    /// Whether "faults only" shows it.
    #[must_use]
    pub fn unwell(self) -> bool {
        matches!(self, Self::Warn | Self::Bad)
    }
}
