//! What goes into a machine and what comes out of it.

use crate::core::act::{Call, Outcome, Session};
use crate::core::kind::ObjectRef;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A call of one machine; it counts them itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CallId(pub u32);

/// What may be done to one row of a board, each confirmed by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Override {
    /// Leave this object alone and go on without it.
    Skip,
    /// Do not ask its budget: delete it.
    Force,
    /// Delete it with no grace.
    Now,
    /// Try what failed again, at once.
    Retry,
}

/// What happens to a machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// It may begin.
    Start,
    /// An answer to one of its calls.
    Answer(CallId, Outcome),
    /// Time has passed (at least once a second).
    Tick,
    /// No new steps: bring what runs to a named state and end.
    Cancel,
    /// Something about one row, by its index in [`super::Board::rows`].
    Override(usize, Override),
    /// The journal could not be written, so this call was not sent.
    NotJournalled(CallId),
    /// The session it had opened is over: how it ended, and whether that was by itself.
    Left(String, bool),
}

/// What the journal says of one step. Written and synced before its call is
/// sent, and again with the answer. Never a secret's value.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// What the step does: `evict`, `cordon`, `scale`.
    pub step: &'static str,
    /// To which object.
    pub target: ObjectRef,
    /// What it changes, by name.
    pub fields: BTreeMap<String, String>,
    /// The same in kubectl's words.
    pub kubectl: String,
}

/// What a machine wants done. After [`Order::Done`] it takes events all the same: a
/// [`Override::Retry`] of a row that failed starts it again, and it ends once more.
#[derive(Debug, Clone, PartialEq)]
pub enum Order {
    /// Send a call. One that mutates has a record; reads have none.
    Call(CallId, Box<Call>, Option<Record>),
    /// Open a session in a pane, and tell of its end ([`Event::Left`]).
    Open(Box<Session>),
    /// Nothing more will come of it.
    Done,
}
