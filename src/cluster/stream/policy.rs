//! What to do after an answer has ended: pure, so that every failure is a line
//! of a table in the tests.

use super::pass::End;
use crate::core::problem::{Missing, Problem};
use std::time::Duration;

/// The first wait after a failure.
const FIRST: Duration = Duration::from_millis(500);
/// The longest.
const LONGEST: Duration = Duration::from_secs(8);
/// How often a right or a kind that is missing is asked for again.
const SELDOM: Duration = Duration::from_secs(30);
/// How often what cannot be watched is listed.
const POLL: Duration = Duration::from_secs(15);
/// A stream that has lived so long has recovered: its failures count from the beginning again.
const LIVED: Duration = Duration::from_secs(20);

/// What to ask next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// List and watch in one request.
    WatchList,
    /// A page of the list; the token is empty for the first.
    Page(String),
    /// Go on from where the list ended.
    Watch,
}

/// What to tell the reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Say {
    Nothing,
    Forbidden(Missing),
    NotServed,
    Stale(Problem),
    Reconnecting(Problem),
}

/// What follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Next {
    /// How long to wait first.
    pub wait: Duration,
    /// Whether the place in the stream is lost.
    pub relist: bool,
    /// Whether protobuf is of no use here.
    pub plain_json: bool,
    /// What to say meanwhile.
    pub say: Say,
}

/// The state of the decision.
#[derive(Debug, Clone)]
pub(super) struct Policy {
    watch_list: bool,
    bookmarks: bool,
    watched: bool,
    token: String,
    failures: u32,
    garbled: u32,
}

impl Policy {
    /// `bookmarks` tells whether the server sends any for this kind (events get none).
    pub fn new(bookmarks: bool) -> Self {
        Self { watch_list: bookmarks, bookmarks, watched: true, token: String::new(), failures: 0, garbled: 0 }
    }

    /// For a kind that can be listed but not watched (metrics): its list is read again and again.
    pub fn polling() -> Self {
        Self { watched: false, ..Self::new(false) }
    }

    /// What to ask; `listed` when there is a place to go on from.
    pub fn step(&self, listed: bool) -> Step {
        if !self.token.is_empty() {
            Step::Page(self.token.clone())
        } else if listed && self.watched {
            Step::Watch
        } else if self.watch_list {
            Step::WatchList
        } else {
            Step::Page(String::new())
        }
    }

    /// What follows the end of an answer that lived for a while.
    pub fn after(&mut self, end: End, lived: Duration, jitter: u64) -> Next {
        let now = Next { wait: Duration::ZERO, relist: false, plain_json: false, say: Say::Nothing };
        if lived > LIVED {
            self.failures = 0;
        }
        match end {
            End::Page(token) => {
                self.token = token;
                now
            }
            End::Listed { .. } => {
                self.token.clear();
                self.garbled = 0;
                if self.watched { now } else { Next { wait: POLL, relist: true, ..now } }
            }
            // An orderly end: the server's own time limit, or its shutdown.
            End::Over if lived > LIVED => now,
            End::Over => {
                let why = Problem::Lost("the server ended the stream at once".into());
                Next { say: Say::Reconnecting(why), ..self.back_off(jitter, now) }
            }
            // Events have no bookmarks: silence means nothing, and a new request costs little.
            End::Silent if !self.bookmarks => now,
            End::Silent => {
                let why = Problem::Timeout("the watch has gone silent".into());
                Next { say: Say::Stale(why), ..now }
            }
            End::Garbled(why) => {
                self.garbled += 1;
                let plain_json = self.garbled == 1;
                let next = self.restart(jitter, now);
                Next { plain_json, say: Say::Reconnecting(Problem::Garbage(why.into())), ..next }
            }
            End::Failed(problem) => self.failed(problem, jitter, now),
        }
    }

    fn failed(&mut self, problem: Problem, jitter: u64, now: Next) -> Next {
        match problem {
            Problem::Expired => {
                let listing = !self.token.is_empty();
                self.token.clear();
                let next = Next { relist: true, ..now };
                // A token that expires again and again must not become a storm of lists.
                if listing || self.failures > 0 {
                    Next { relist: true, ..self.back_off(jitter, next) }
                } else {
                    self.failures += 1;
                    next
                }
            }
            Problem::Forbidden(missing) => {
                self.token.clear();
                Next { wait: SELDOM, relist: true, say: Say::Forbidden(missing), ..now }
            }
            // The older way: some servers and all aggregated ones may not know WatchList.
            Problem::Invalid(_) | Problem::NotFound(_) if self.watch_list => {
                self.watch_list = false;
                Next { relist: true, ..now }
            }
            Problem::NotFound(_) => Next { wait: SELDOM, relist: true, say: Say::NotServed, ..now },
            Problem::Throttled(Some(seconds)) => {
                let wait = Duration::from_secs(u64::from(seconds.clamp(1, 60)));
                Next { wait, say: Say::Reconnecting(problem), ..now }
            }
            other => Next { say: Say::Reconnecting(other), ..self.back_off(jitter, now) },
        }
    }

    fn restart(&mut self, jitter: u64, now: Next) -> Next {
        self.token.clear();
        Next { relist: true, ..self.back_off(jitter, now) }
    }

    /// Half a second, doubling to eight, each shortened by up to a half at random.
    fn back_off(&mut self, jitter: u64, now: Next) -> Next {
        let full = FIRST.saturating_mul(1 << self.failures.min(8)).min(LONGEST);
        self.failures += 1;
        let spared = full.mul_f64((jitter % 1000) as f64 / 2000.0);
        Next { wait: full.saturating_sub(spared), ..now }
    }
}

#[cfg(test)]
#[path = "policy_tests.rs"]
mod tests;
