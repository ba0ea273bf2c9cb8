//! One step: a call that changes something, how to tell whether it did, and what to wait for.

use crate::core::act::Call;
use crate::core::job::Record;
use serde_json::Value;

/// How an object looks once a call has taken effect. Read when the answer was lost.
#[derive(Debug, Clone, PartialEq)]
pub enum Proof {
    /// The object has this, as a merge patch of it would find.
    Has(Value),
    /// It is gone, on its way, or another of its name.
    Gone,
}

/// What is seen while waiting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Not there yet: how far.
    Going(String),
    /// There.
    Reached(String),
    /// It will not get there.
    Stuck(String),
}

/// What to wait for after a call.
#[derive(Debug, Clone)]
pub enum Wait {
    /// Until the object is gone, or another of its name has come.
    Gone,
    /// Until this says so, given the whole object.
    Until(fn(&Value) -> Verdict),
    /// Until a container of the pod runs, or has run.
    Runs(String),
}

/// One step.
#[derive(Debug, Clone)]
pub struct Step {
    /// Which object, as the board names it.
    pub subject: String,
    /// What is sent, once; preconditions are part of it.
    pub call: Call,
    /// What the journal says of it.
    pub record: Record,
    /// Reads the object the call is about (the subresource, if it is about one).
    pub read: Call,
    /// How that looks afterwards.
    pub proof: Proof,
    /// What to wait for afterwards, and what to read for it.
    pub wait: Option<(Wait, Call)>,
    /// What is said once it is done: `cordoned`.
    pub done: String,
}

impl Step {
    /// The same, waiting for something to be seen of the object itself.
    #[must_use]
    pub fn waiting(mut self, wait: Wait) -> Self {
        let read = Call { subresource: "".into(), ..self.read.clone() };
        self.wait = Some((wait, read));
        self
    }

    /// Whether an object read is another than the one this is about.
    pub(super) fn another(&self, object: &Value) -> bool {
        let uid = object["metadata"]["uid"].as_str().map(crate::core::uid::Uid::parse);
        self.record.target.uid.is_some() && uid.is_some() && uid != self.record.target.uid
    }
}
