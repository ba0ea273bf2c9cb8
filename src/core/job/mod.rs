//! Work under way. A job is a pure machine: events in, orders out. It never
//! waits and never knows a clock but the one it is told.

mod board;
mod kept;
mod order;

pub use board::{Board, BoardRow, State, Tone};
pub use kept::{Kept, Leftover};
pub use order::{CallId, Event, Order, Override, Record};
use serde::{Deserialize, Serialize};

/// A job of this run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct JobId(pub u32);

/// What carries a plan out. A closed set: each has a file of its own.
#[derive(Debug, Clone)]
pub enum Machine {}

impl Machine {
    /// Takes an event and says what is to be done. `now` is the server's clock (Unix ms).
    #[must_use]
    pub fn step(&mut self, now: i64, event: Event) -> Vec<Order> {
        let _ = (now, event);
        match *self {}
    }

    /// How it stands, for its board, the jobs pane, notices and the journal's last line.
    #[must_use]
    pub fn board(&self, now: i64) -> Board {
        let _ = now;
        match *self {}
    }
}
