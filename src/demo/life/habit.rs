//! What the containers of the demo's images do.

use serde_json::Value;

use super::super::clock::{MINUTE, Millis, SECOND};
use super::super::object::{list, text};

/// What the containers of an image do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Habit {
    Serve,
    /// Killed for memory after a while, again and again.
    Leak(Millis),
    /// The image does not exist.
    Missing,
    /// Serves, but its readiness probe never succeeds.
    NeverReady,
    /// Ready and unready in turns.
    Flap,
    /// Ends well after a while.
    Finish(Millis),
    /// Ends badly after a while.
    Fail(Millis),
}

/// What images do, by a part of their name; everything else serves.
const HABITS: &[(&str, Habit)] = &[
    ("/recommend:", Habit::Leak(48 * SECOND)),
    ("/ledger:3.0.0-rc1", Habit::Missing),
    (":missing", Habit::Missing),
    ("/checkout:2.8.0", Habit::NeverReady),
    ("/reviews:", Habit::Flap),
    ("/price-sync:", Habit::Finish(20 * SECOND)),
    ("/invoices:", Habit::Finish(70 * SECOND)),
    ("/reindex:", Habit::Finish(90 * SECOND)),
    ("/pgdump:", Habit::Finish(4 * MINUTE)),
    ("/stock-import:", Habit::Fail(12 * SECOND)),
    // Of the jobs in tests/cluster/suite, which judges this cluster too: one says its line and ends, one fails.
    ("qd.test/talker:", Habit::Finish(SECOND)),
    ("qd.test/crasher:", Habit::Fail(SECOND)),
];

/// What a pod's main container does.
pub(crate) fn habit(pod: &Value) -> Habit {
    let mut images = list(pod, "spec/containers").iter().map(|c| text(c, "image"));
    images
        .find_map(|image| HABITS.iter().find(|(part, _)| image.contains(part)))
        .map_or(Habit::Serve, |(_, habit)| *habit)
}
