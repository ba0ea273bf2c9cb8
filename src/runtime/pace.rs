//! When a frame may go out. Keys are answered at once; data wait for the line:
//! at most ten frames a second, and never more bytes than the line's budget.

/// Data frames come no closer than this (ms).
const GAP_MS: i64 = 100;
/// A table that has just become whole is not kept back longer than this (ms).
const SOON_MS: i64 = 20;
/// A frame is drawn at least so often, so that ages and states move on (ms).
const TICK_MS: i64 = 1_000;

/// What asks for the next frame, the weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Asked {
    /// Nothing but time.
    Time,
    /// Something changed.
    Data,
    /// What somebody waits for is there.
    Soon,
    /// A key waits for its answer.
    Key,
}

/// The pace of frames. Times are Unix milliseconds.
#[derive(Debug, Clone)]
pub struct Pace {
    /// Bytes a second that data frames may use.
    rate: i64,
    /// Bytes left; below zero while a debt is paid off.
    left: i64,
    /// When `left` was last topped up.
    filled: i64,
    /// When the last frame was drawn.
    drawn: i64,
    /// Why there is to be another one.
    asked: Asked,
}

impl Pace {
    /// A pace for a line that takes `rate` bytes of data a second.
    #[must_use]
    pub fn new(rate: u32, now: i64) -> Self {
        let rate = i64::from(rate.max(200));
        Self { rate, left: rate, filled: now, drawn: now - TICK_MS, asked: Asked::Key }
    }

    /// Data changed.
    pub fn data(&mut self) {
        self.asked = self.asked.max(Asked::Data);
    }

    /// What is waited for is there: a table is whole.
    pub fn soon(&mut self) {
        self.asked = self.asked.max(Asked::Soon);
    }

    /// A key was pressed, or the screen must be drawn for another reason that cannot wait.
    pub fn key(&mut self) {
        self.asked = Asked::Key;
    }

    /// Whether to draw now.
    #[must_use]
    pub fn due(&self, now: i64) -> bool {
        self.asked == Asked::Key || now >= self.next()
    }

    /// When a frame is due if nothing else happens.
    #[must_use]
    pub fn next(&self) -> i64 {
        let gap = match self.asked {
            Asked::Time => TICK_MS,
            Asked::Data => GAP_MS,
            Asked::Soon | Asked::Key => SOON_MS,
        };
        let debt = if self.left < 0 { -self.left * 1000 / self.rate } else { 0 };
        (self.drawn + gap).max(self.filled + debt)
    }

    /// A frame of that many bytes was handed over.
    pub fn drew(&mut self, now: i64, bytes: usize) {
        let gained = (now - self.filled).clamp(0, 60_000) * self.rate / 1000;
        self.left = (self.left + gained).min(self.rate) - i64::try_from(bytes).unwrap_or(i64::MAX / 2);
        self.filled = now;
        self.drawn = now;
        self.asked = Asked::Time;
    }
}

#[cfg(test)]
#[path = "pace_tests.rs"]
mod tests;
