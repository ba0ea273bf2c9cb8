//! The only place that reads the clock.

use rustix::time::{ClockId, clock_gettime};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The local clock in Unix milliseconds.
#[must_use]
pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// The same as RFC 3339 with milliseconds, UTC, as the journal writes it.
#[must_use]
pub fn text() -> String {
    let at = jiff::Timestamp::from_millisecond(now()).unwrap_or_default();
    format!("{at:.3}")
}

/// CPU time this thread has used: how much it did, however long it was kept waiting.
#[must_use]
pub fn thread_cpu() -> Duration {
    let t = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(t.tv_sec.unsigned_abs(), u32::try_from(t.tv_nsec).unwrap_or(0))
}
