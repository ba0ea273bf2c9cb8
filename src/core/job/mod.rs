//! Work under way. A job is a pure machine: events in, orders out. It never
//! waits and never knows a clock but the one it is told.

mod again;
mod board;
pub mod drain;
mod kept;
mod order;
mod steps;
pub mod visit;

pub use board::{Board, BoardRow, Offer, Said, State, Tone};
pub use kept::{Kept, Leftover};
pub use order::{CallId, Event, Order, Override, Record};
pub use steps::{Proof, Step, Steps, Verdict, Wait};

use crate::core::kind::ObjectRef;
use serde::{Deserialize, Serialize};

/// A job of this run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct JobId(pub u32);

/// What carries a plan out. A closed set: each has a file of its own.
#[derive(Debug, Clone)]
pub enum Machine {
    /// One call after another.
    Steps(Steps),
    /// Nodes cordoned and emptied.
    Drain(Box<drain::Drain>),
    /// A container brought in for one session.
    Visit(Box<visit::Visit>),
    /// A test's.
    #[cfg(test)]
    Test(crate::core::act::testing::TestMachine),
}

impl Machine {
    /// Takes an event and says what is to be done. `now` is the server's clock (Unix ms).
    #[must_use]
    pub fn step(&mut self, now: i64, event: Event) -> Vec<Order> {
        match self {
            Self::Steps(m) => m.step(now, event),
            Self::Drain(m) => m.step(now, event),
            Self::Visit(m) => m.step(now, event),
            #[cfg(test)]
            Self::Test(m) => m.step(now, event),
        }
    }

    /// Whether it is over in a moment, so that a notice tells enough and no board is opened.
    #[must_use]
    pub fn brief(&self) -> bool {
        match self {
            Self::Steps(m) => m.brief(),
            Self::Drain(_) | Self::Visit(_) => false,
            #[cfg(test)]
            Self::Test(m) => m.brief(),
        }
    }

    /// Whether it goes on for as long as somebody sits at the terminal.
    #[must_use]
    pub fn attended(&self) -> bool {
        matches!(self, Self::Visit(_))
    }

    /// What it has made, or is about to make, that is its own to remove.
    #[must_use]
    pub fn made(&self) -> Vec<ObjectRef> {
        match self {
            Self::Visit(m) => m.made(),
            _ => Vec::new(),
        }
    }

    /// How it stands, for its board, the jobs pane, notices and the journal's last line.
    #[must_use]
    pub fn board(&self, now: i64) -> Board {
        match self {
            Self::Steps(m) => m.board(now),
            Self::Drain(m) => m.board(now),
            Self::Visit(m) => m.board(now),
            #[cfg(test)]
            Self::Test(m) => m.board(now),
        }
    }
}
