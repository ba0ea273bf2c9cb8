//! The only place that reads the clock.

use std::time::{SystemTime, UNIX_EPOCH};

/// The local clock in Unix milliseconds.
#[must_use]
pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
