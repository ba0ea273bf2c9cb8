//! What an answer means for a call that changes something, and when it may be sent again.
//!
//! Nothing that may have taken effect is sent twice unread. What certainly was not
//! carried out (never sent, or throttled) may be sent again, later and later.

use crate::core::act::{Outcome, Refusal};

/// How often a call is sent, or an object read, before it is given up.
pub const MOST_TRIES: u32 = 8;

/// Milliseconds between two tries of what a disruption budget refused: kubectl's.
pub const BUDGET_MS: i64 = 5_000;

/// What an answer means.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// Carried out.
    Done,
    /// Certainly not carried out; may be sent again after so many milliseconds.
    Later(i64),
    /// It may have taken effect: read before anything else, after so many milliseconds.
    Unsure(i64),
    /// The object is not there.
    Gone,
    /// Not carried out, and asking again would not help.
    Refused,
}

/// Judges the answer to a mutating call that was sent `tries` times.
#[must_use]
pub fn mutation(outcome: &Outcome, tries: u32) -> Answer {
    let Err(refusal) = outcome else { return Answer::Done };
    let pause = pause(refusal, tries);
    match refusal.code {
        // A budget is asked again for as long as it takes, as often as kubectl does.
        _ if refusal.budget().is_some() => Answer::Later(BUDGET_MS),
        _ if refusal.unknown => Answer::Unsure(pause),
        0 | 429 if tries < MOST_TRIES => Answer::Later(pause),
        404 => Answer::Gone,
        // The server or a proxy before it failed somewhere on the way.
        500 | 502..=599 => Answer::Unsure(pause),
        _ => Answer::Refused,
    }
}

/// Judges the answer to a read that was sent `tries` times in a row without an answer.
#[must_use]
pub fn read(outcome: &Outcome, tries: u32) -> Answer {
    let Err(refusal) = outcome else { return Answer::Done };
    match refusal.code {
        404 => Answer::Gone,
        0 | 408 | 429 | 500..=599 => Answer::Later(pause(refusal, tries)),
        _ if refusal.unknown => Answer::Later(pause(refusal, tries)),
        _ => Answer::Refused,
    }
}

/// Milliseconds until the next try: what the server asks for, else 1, 2, 4 ... 30 s.
#[must_use]
pub fn pause(refusal: &Refusal, tries: u32) -> i64 {
    match refusal.retry_after {
        Some(s) => i64::from(s.clamp(1, 300)) * 1000,
        None => (1000 << tries.saturating_sub(1).min(5)).min(30_000),
    }
}

/// Whole seconds until a moment, begun ones counted; 0 once it has passed.
#[must_use]
pub fn seconds(now: i64, at: i64) -> i64 {
    ((at - now).max(0) + 999) / 1000
}
