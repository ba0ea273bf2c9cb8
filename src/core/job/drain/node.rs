//! One node of a drain: cordoned, listed, emptied, listed once more.

use super::pod::Closing;
use crate::core::job::steps::Row;
use crate::core::job::{CallId, Said, State, Step, Tone};
use crate::core::kind::ObjectRef;

/// Milliseconds between two lists of a node's pods.
pub(super) const LOOK_MS: i64 = 2_000;

/// A node of the plan.
#[derive(Debug, Clone)]
pub struct NodePlan {
    /// It, with its uid.
    pub object: ObjectRef,
    /// What cordons it; `None` if it is cordoned already.
    pub cordon: Option<Step>,
    /// Whether it was cordoned by the run that this one resumes.
    pub ours: bool,
    /// What else is known: that it is not ready.
    pub detail: String,
}

/// Where a node is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Stage {
    /// Not begun.
    Waiting,
    /// No new pods from now on.
    Cordoning,
    /// Its pods are listed: some may have come since the plan.
    Listing,
    /// They are on their way.
    Emptying,
    /// Listed once more.
    Checking,
    /// Over.
    Ended(State, Tone, Said),
}

/// The list of a node's pods.
#[derive(Debug, Clone, Default)]
pub(super) struct Look {
    /// On its way.
    pub call: Option<CallId>,
    /// Sent from then on.
    pub due: i64,
    /// Lists in a row without an answer, and why.
    pub blind: u32,
    pub why: String,
}

/// A node under way.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub plan: NodePlan,
    pub cordon: Option<Row>,
    pub stage: Stage,
    pub look: Look,
    /// When its time is up.
    pub deadline: Option<i64>,
    pub closing: Option<Closing>,
    /// Pods that came meanwhile or stay, as the last list found them.
    pub remaining: Vec<String>,
}

impl Node {
    pub fn new(plan: NodePlan) -> Self {
        let cordon = plan.cordon.clone().map(Row::new);
        Self {
            plan,
            cordon,
            stage: Stage::Waiting,
            look: Look::default(),
            deadline: None,
            closing: None,
            remaining: Vec::new(),
        }
    }

    pub fn active(&self) -> bool {
        !matches!(self.stage, Stage::Waiting | Stage::Ended(..))
    }

    pub fn is(&self, state: State) -> bool {
        matches!(self.stage, Stage::Ended(s, ..) if s == state)
    }

    pub fn end(&mut self, state: State, tone: Tone, said: impl Into<Said>) {
        self.stage = Stage::Ended(state, tone, said.into());
    }

    /// Whether this job has cordoned it, or the one it resumes.
    pub fn cordoned(&self) -> bool {
        self.plan.ours || self.cordon.as_ref().is_some_and(|r| r.is(State::Done))
    }

    /// Goes on once the cordon has come to an end; `false` while it has not.
    pub fn after_cordon(&mut self, now: i64) -> bool {
        let Some(row) = self.cordon.as_ref().filter(|_| self.stage == Stage::Cordoning) else { return false };
        let Some((state, said)) = row.over() else { return false };
        match state {
            State::Done if self.closing.is_none() => {
                self.stage = Stage::Listing;
                self.look.due = now;
            }
            State::Done => self.end(State::Cancelled, Tone::Warn, "cordoned; nothing evicted"),
            State::Cancelled => self.end(State::Cancelled, Tone::Warn, Said::because("not cordoned", said.to_string())),
            _ => self.end(State::Failed, Tone::Bad, Said::because("not drained, its cordon failed", said.to_string())),
        }
        true
    }

    /// Cordoned or not, in words.
    pub fn service(&self) -> &'static str {
        match &self.cordon {
            _ if self.cordoned() => "cordoned",
            None => "was cordoned before",
            Some(_) => "not cordoned",
        }
    }
}
