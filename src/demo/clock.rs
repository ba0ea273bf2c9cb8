//! The demo's own time: a start on the calendar plus the runtime's clock, sped up.
//!
//! Built on `tokio::time::Instant`, so a test with paused time sees the same cluster every run.

use jiff::Timestamp;
use tokio::time::{Duration, Instant};

/// Milliseconds since 1970 in the demo's time.
pub(crate) type Millis = i64;

/// One second in [`Millis`].
pub(crate) const SECOND: Millis = 1_000;
/// One minute in [`Millis`].
pub(crate) const MINUTE: Millis = 60 * SECOND;
/// One hour in [`Millis`].
pub(crate) const HOUR: Millis = 60 * MINUTE;
/// One day in [`Millis`].
pub(crate) const DAY: Millis = 24 * HOUR;

/// Where the demo's time stands; a copy is as good as the original.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    epoch: Millis,
    started: Instant,
    speed: f64,
}

impl Clock {
    /// A clock that shows `epoch` (the wall clock when `None`) now and runs `speed` times as fast as the runtime's.
    pub(crate) fn new(epoch: Option<Timestamp>, speed: f64) -> Self {
        let epoch = epoch.unwrap_or_else(Timestamp::now).as_millisecond();
        // Whole seconds: most of Kubernetes' times have no fraction, and ages look odd when the start has one.
        let speed = if speed.is_finite() && speed > 0.0 { speed } else { 1.0 };
        Self { epoch: epoch - epoch.rem_euclid(SECOND), started: Instant::now(), speed }
    }

    /// The time at which the demo began.
    pub(crate) fn epoch(&self) -> Millis {
        self.epoch
    }

    /// The demo's time now.
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds of a session fit")]
    pub(crate) fn now(&self) -> Millis {
        self.epoch + (self.started.elapsed().as_secs_f64() * 1_000.0 * self.speed) as Millis
    }

    /// When the demo's time `at` comes, in the runtime's time.
    pub(crate) fn instant(&self, at: Millis) -> Instant {
        let after = (at - self.epoch).max(0);
        #[expect(clippy::cast_precision_loss, reason = "milliseconds of a session fit")]
        let real = after as f64 / 1_000.0 / self.speed;
        self.started + Duration::from_secs_f64(real)
    }
}

/// `2026-11-21T12:02:20Z`.
pub(crate) fn rfc3339(at: Millis) -> String {
    stamp(at).strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// `2026-11-21T12:02:20.681406Z`: the form of Kubernetes' `MicroTime`.
pub(crate) fn rfc3339_micro(at: Millis) -> String {
    stamp(at).strftime("%Y-%m-%dT%H:%M:%S.%6fZ").to_string()
}

/// `Sat, 21 Nov 2026 12:02:20 GMT`: the form of the HTTP `Date` header.
pub(crate) fn http_date(at: Millis) -> String {
    stamp(at).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// The time in a text of RFC 3339.
pub(crate) fn parse(text: &str) -> Option<Millis> {
    text.parse::<Timestamp>().ok().map(Timestamp::as_millisecond)
}

fn stamp(at: Millis) -> Timestamp {
    Timestamp::from_millisecond(at).unwrap_or(Timestamp::UNIX_EPOCH)
}
