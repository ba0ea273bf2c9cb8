//! The way of an action from its key to its job: what is read, what is filled in, the plan.

use super::confirm::Confirm;
use super::edit::Edits;
use crate::core::act::{Action, Asked, Facts, Outcome, Plan, Read};
use crate::core::actions;
use crate::core::kind::ObjectRef;
use ratatui::layout::Rect;
use std::collections::BTreeMap;

/// An action under way, before it is a job.
#[derive(Debug, Clone)]
pub struct Flow {
    /// What was asked for; its values are those of the form once that was left.
    pub asked: Asked,
    /// Said with everything: marked objects that were left out.
    pub notes: Vec<String>,
    /// Field values that were given beforehand: by the palette (the first field's, under an
    /// empty name) or by the job that is resumed.
    pub given: BTreeMap<String, String>,
    /// The job of an earlier run that this resumes.
    pub resumes: Option<String>,
    /// What was read so far.
    pub facts: Facts,
    /// The form, once it is made.
    pub edits: Option<Edits>,
    /// Where it is.
    pub stage: Stage,
}

/// Where a flow is.
#[derive(Debug, Clone)]
pub enum Stage {
    /// Waiting for what must be read.
    Reading(Reading),
    /// The form is open.
    Form,
    /// The plan is open.
    Review(Box<Review>),
}

/// What is being read.
#[derive(Debug, Clone)]
pub struct Reading {
    /// Comes back with the answer; others are stale.
    pub ask: u32,
    /// What was asked for last.
    pub wanted: Vec<Read>,
    /// How many times was asked.
    pub rounds: u32,
    /// Since when (Unix ms, local clock): the facts are no younger.
    pub since: i64,
    /// What for.
    pub then: Then,
}

/// What follows the reading.
#[derive(Debug, Clone)]
pub enum Then {
    /// The form; without fields, the plan.
    Form,
    /// The plan.
    Plan,
    /// This plan was confirmed but was old: it is carried out if it is still the same.
    Again(Box<Review>),
}

/// A plan on the screen.
#[derive(Debug, Clone)]
pub struct Review {
    /// The plan.
    pub plan: Plan,
    /// The question; none where nothing can be done.
    pub confirm: Option<Confirm>,
    /// When its facts were begun to be read (Unix ms, local clock).
    pub since: i64,
    /// First visible line.
    pub top: usize,
    /// What the server would say.
    pub trial: Trial,
    /// Whether it differs from the one that was confirmed a moment ago.
    pub changed: bool,
}

/// A dry run.
#[derive(Debug, Clone, PartialEq)]
pub enum Trial {
    /// Not asked for.
    None,
    /// Asked for, under that number.
    Asked(u32),
    /// What came of it, by object.
    Told(Vec<(ObjectRef, Outcome)>),
}

impl Flow {
    /// The action's line of the table.
    #[must_use]
    pub fn action(&self) -> Option<&'static Action> {
        actions::action(self.asked.action)
    }

    /// The question it stands at, if it stands at one.
    #[must_use]
    pub fn confirm(&self) -> Option<&Confirm> {
        if let Stage::Review(r) = &self.stage { r.confirm.as_ref() } else { None }
    }

    /// See [`Flow::confirm`].
    pub fn confirm_mut(&mut self) -> Option<&mut Confirm> {
        if let Stage::Review(r) = &mut self.stage { r.confirm.as_mut() } else { None }
    }

    /// What it is about, for titles: `n-11`, `shop/web-1`, `4 nodes`.
    #[must_use]
    pub fn about(&self) -> String {
        match self.asked.targets.as_slice() {
            [] => String::new(),
            [one] => name(one),
            many => format!("{} {}", many.len(), many[0].kind.plural),
        }
    }
}

/// An object as a person names it.
#[must_use]
pub fn name(object: &ObjectRef) -> String {
    if object.namespace.is_empty() { object.name.to_string() } else { format!("{}/{}", object.namespace, object.name) }
}

/// The widest a plan is drawn: prose and tables wider than this are hard to read.
const WIDEST: u16 = 110;

/// The rectangle of a plan over the panes.
#[must_use]
pub fn area(body: Rect) -> Rect {
    let width = body.width.min(WIDEST);
    let height = if body.height > 40 { body.height - 8 } else { body.height };
    Rect { x: body.x + (body.width - width) / 2, y: body.y + (body.height - height) / 2, width, height }
}
