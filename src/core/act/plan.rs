//! What will happen, before it happens.

use super::form::Values;
use super::session::{Holding, Session};
use crate::core::job::Machine;
use crate::core::kind::ObjectRef;
use crate::core::role::Role;

/// How a plan must be confirmed. In a protected context each counts as the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Changes nothing by itself: begins at once, asked about in a protected context only.
    Open,
    /// Easily taken back: Enter.
    Reversible,
    /// Disturbs what runs: the default is No, `y` confirms.
    Disruptive,
    /// Cannot be taken back: the object's name is typed (the count, for over five).
    Irreversible,
}

impl Class {
    /// The next harder one.
    #[must_use]
    pub fn harder(self) -> Self {
        match self {
            Self::Open => Self::Reversible,
            Self::Reversible => Self::Disruptive,
            Self::Disruptive | Self::Irreversible => Self::Irreversible,
        }
    }
}

/// What will happen to one object.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Which object.
    pub subject: String,
    /// What: `evict`, `keep`, `3 -> 5`, `add key=v:NoSchedule`.
    pub verdict: String,
    /// Why, or what else is known.
    pub detail: String,
    /// How it looks.
    pub role: Role,
}

/// Why the plan cannot be carried out as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocker {
    /// Which object.
    pub subject: String,
    /// Why, and which field would let it through.
    pub reason: String,
}

/// What a confirmed plan begins.
#[derive(Debug, Clone)]
pub enum Seed {
    /// A job.
    Job(Box<Machine>),
    /// A session in a pane.
    Session(Box<Session>),
    /// A forward or a copy.
    Holding(Box<Holding>),
}

/// A plan.
#[derive(Debug, Clone)]
pub struct Plan {
    /// One sentence: `drain n-11: evict 14 pods, keep 5`.
    pub title: String,
    /// How it must be confirmed (before the context is looked at).
    pub class: Class,
    /// What is typed for [`Class::Irreversible`]: the one object's name.
    pub name: String,
    /// How many objects it acts on.
    pub count: usize,
    /// What happens to which object.
    pub items: Vec<Item>,
    /// Read before you confirm; none is ever dropped.
    pub warnings: Vec<String>,
    /// With any of these it cannot be confirmed.
    pub blockers: Vec<Blocker>,
    /// Who else feels it: "last ready replica behind 2 Services".
    pub blast: Vec<String>,
    /// Who may take it back: "Argo CD application shop/cart (managedFields)".
    pub reverts: Vec<String>,
    /// What could not be read, so that the plan does not know it.
    pub unknown: Vec<String>,
    /// The same in kubectl's words, one command a line.
    pub kubectl: Vec<String>,
    /// What carries it out; `None` when there is nothing to do or a blocker stands.
    pub seed: Option<Seed>,
    /// The calls to try with `dryRun=All`, with the object each is about.
    pub trial: Vec<(ObjectRef, super::call::Call)>,
    /// The values the plan was made with.
    pub values: Values,
}
