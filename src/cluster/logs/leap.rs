//! A kubelet follows a log through its rotations by the name of the file. Where the reader is so far
//! behind that the file it goes over to is not the next one but one later, the file between is passed
//! over without a word, and the answer goes on as if nothing was missing. Two things give it away
//! together: the last line before was old when it came, by at least the time between two rotations,
//! and the next one was written as long after it.

use tokio::time::Instant;

/// The least time between two rotations of a log, in nanoseconds: a kubelet looks every ten seconds
/// (`containerLogMonitorInterval`); ones that were told to look more often are allowed for.
const ROTATION: i64 = 4_000_000_000;
/// Bytes of an answer before a leap is looked into, once more for each: less is no file that took so
/// long to read, and a log that is written slowly and read again after a cut is not asked for over and
/// over.
const WORTH: u64 = 1 << 20;

/// How far behind its writer a log is read.
#[derive(Debug)]
pub(super) struct Pace {
    begun: Instant,
    /// Nanoseconds from `begun` to the bytes that are being read.
    now: i64,
    /// The least difference between a line's coming and its writing: that of the clocks, and the way.
    least: i64,
    /// How much later than that the last line of this answer came.
    behind: Option<i64>,
    /// Bytes since the answer began.
    bytes: u64,
    following: bool,
}

impl Pace {
    pub fn new() -> Self {
        let begun = Instant::now();
        Self { begun, now: 0, least: i64::MAX, behind: None, bytes: 0, following: false }
    }

    /// An answer begins. Only one that goes on at the end of a file can pass over another.
    pub fn answer(&mut self, following: bool) {
        (self.behind, self.bytes, self.following) = (None, 0, following);
    }

    /// So many bytes have come.
    pub fn came(&mut self, bytes: usize) {
        self.now = i64::try_from(self.begun.elapsed().as_nanos()).unwrap_or(i64::MAX);
        self.bytes += bytes as u64;
    }

    /// Whether lines may be missing between the last one, of the time `last`, and the next.
    pub fn leaps(&self, last: Option<i64>, next: i64) -> bool {
        self.following
            && self.bytes >= WORTH
            && self.behind.is_some_and(|behind| behind >= ROTATION)
            && last.is_some_and(|last| next.saturating_sub(last) >= ROTATION)
    }

    /// A line of this time was taken.
    pub fn took(&mut self, at: i64) {
        let age = self.now.saturating_sub(at);
        self.least = self.least.min(age);
        self.behind = Some(age.saturating_sub(self.least));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    const SECOND: i64 = 1_000_000_000;
    /// What the writer's clock shows when ours begins.
    const THERE: i64 = 1_700_000_000 * SECOND;

    async fn after(pace: &mut Pace, wait: u64, bytes: usize, second: i64) {
        tokio::time::advance(Duration::from_secs(wait)).await;
        pace.came(bytes);
        pace.took(THERE + second * SECOND);
    }

    fn leaps(pace: &Pace, from: i64, to: i64) -> bool {
        pace.leaps(Some(THERE + from * SECOND), THERE + to * SECOND)
    }

    #[tokio::test(start_paused = true)]
    async fn who_is_behind_and_leaps_has_missed_something() {
        let mut pace = Pace::new();
        pace.answer(true);
        after(&mut pace, 1, 1 << 20, 1).await;
        assert!(!leaps(&pace, 1, 20), "it was silent, and we were there");
        after(&mut pace, 9, 1 << 20, 5).await;
        assert!(leaps(&pace, 5, 9));
        assert!(!leaps(&pace, 5, 8), "too little for a file");
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_written_before_it_was_asked_for_is_not_late() {
        let mut pace = Pace::new();
        pace.answer(true);
        for second in -90..0 {
            after(&mut pace, 0, 1 << 20, second * 10).await;
        }
        assert!(!leaps(&pace, -10, 0), "the newest so far is the measure");
    }

    #[tokio::test(start_paused = true)]
    async fn it_is_asked_once_a_megabyte_and_only_of_what_is_followed() {
        let mut pace = Pace::new();
        pace.answer(true);
        after(&mut pace, 1, 1 << 20, 1).await;
        pace.answer(true);
        after(&mut pace, 60, 1_000, 5).await;
        assert!(!leaps(&pace, 5, 10), "a slow log after a cut");
        after(&mut pace, 0, 1 << 20, 10).await;
        assert!(leaps(&pace, 10, 15));
        pace.answer(false);
        after(&mut pace, 0, 1 << 21, 15).await;
        assert!(!leaps(&pace, 15, 20), "a run that is over has one file");
    }
}
