//! A plan while it is being made.

use super::pinned::{Pinned, pinned};
use crate::core::act::calls::dry;
use crate::core::act::{Asked, Blocker, Class, Facts, Item, Plan, Seed};
use crate::core::job::{Machine, Step, Steps};
use crate::core::kind::ObjectRef;
use crate::core::role::Role;
use serde_json::Value;

/// How many steps are under way at a time, unless a plan says otherwise.
const PARALLEL: usize = 10;

/// Collects a plan.
#[derive(Debug)]
pub struct Draft {
    /// The plan so far; free to be written to.
    pub plan: Plan,
    steps: Vec<Step>,
    parallel: usize,
    stop_on_error: bool,
}

/// An object as a list of a plan names it.
#[must_use]
pub fn subject(object: &ObjectRef) -> String {
    if object.namespace.is_empty() { object.name.to_string() } else { format!("{}/{}", object.namespace, object.name) }
}

/// `deployment cart`, or `3 deployments`.
#[must_use]
pub fn those(targets: &[ObjectRef]) -> String {
    match targets {
        [] => String::new(),
        [one] => format!("{} {}", one.kind.singular, one.name),
        [first, ..] => format!("{} {}", targets.len(), first.kind.plural),
    }
}

impl Draft {
    /// An empty plan of that class.
    #[must_use]
    pub fn new(asked: &Asked, class: Class) -> Self {
        let plan = Plan {
            title: String::new(),
            class,
            name: asked.targets.first().map(|t| t.name.to_string()).unwrap_or_default(),
            count: 0,
            items: Vec::new(),
            warnings: Vec::new(),
            blockers: Vec::new(),
            blast: Vec::new(),
            reverts: Vec::new(),
            unknown: Vec::new(),
            kubectl: Vec::new(),
            seed: None,
            trial: Vec::new(),
            values: asked.values.clone(),
        };
        Self { plan, steps: Vec::new(), parallel: PARALLEL, stop_on_error: false }
    }

    /// How many steps at a time, and whether none begins after a failure.
    #[must_use]
    pub fn pace(mut self, parallel: usize, stop_on_error: bool) -> Self {
        (self.parallel, self.stop_on_error) = (parallel, stop_on_error);
        self
    }

    /// The target's whole object. One that is gone, was made anew or cannot be read is
    /// told and left out.
    pub fn target<'a>(&mut self, facts: &'a Facts, target: &ObjectRef) -> Option<&'a Value> {
        let name = subject(target);
        match pinned(facts, target) {
            Pinned::Here(object) => return Some(object),
            Pinned::Gone => self.item(name, "gone", "nothing to do", Role::RowTomb),
            Pinned::Another => {
                self.item(
                    name,
                    "left alone",
                    "made anew since the key was pressed; this is another one",
                    Role::RowWarn,
                );
            }
            Pinned::Unread(refusal) => {
                let why = refusal.to_string();
                self.plan.unknown.push(format!("{name}: {why}"));
                self.block(name, format!("could not be read: {why}"));
            }
            Pinned::NotAsked => self.block(name, "was not read"),
        }
        None
    }

    /// One more line.
    pub fn item(
        &mut self,
        subject: impl Into<String>,
        verdict: impl Into<String>,
        detail: impl Into<String>,
        role: Role,
    ) {
        let (subject, verdict, detail) = (subject.into(), verdict.into(), detail.into());
        self.plan.items.push(Item { subject, verdict, detail, role });
    }

    /// Why it cannot be.
    pub fn block(&mut self, subject: impl Into<String>, reason: impl Into<String>) {
        self.plan.blockers.push(Blocker { subject: subject.into(), reason: reason.into() });
    }

    /// A warning, once.
    pub fn warn(&mut self, warning: impl Into<String>) {
        once(&mut self.plan.warnings, warning.into());
    }

    /// Somebody who may take it back, once.
    pub fn reverts(&mut self, who: impl IntoIterator<Item = String>) {
        who.into_iter().for_each(|w| once(&mut self.plan.reverts, w));
    }

    /// At least that class.
    pub fn at_least(&mut self, class: Class) {
        self.plan.class = self.plan.class.max(class);
    }

    /// One more step.
    pub fn step(&mut self, step: Step) {
        self.steps.push(step);
    }

    /// Whether there is a step yet.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.steps.is_empty()
    }

    /// The plan, carried out by its steps one and all.
    #[must_use]
    pub fn finish(mut self, title: impl Into<String>) -> Plan {
        self.plan.title = title.into();
        self.plan.count = self.steps.len();
        self.plan.trial = self.steps.iter().map(|s| (s.record.target.clone(), dry(&s.call))).collect();
        if self.plan.blockers.is_empty() && !self.steps.is_empty() {
            let (title, kubectl) = (self.plan.title.clone(), self.plan.kubectl.join("\n"));
            let steps = Steps::new(title, kubectl, self.steps, self.parallel, self.stop_on_error);
            self.plan.seed = Some(Seed::Job(Box::new(Machine::Steps(steps))));
        }
        self.plan
    }
}

fn once(lines: &mut Vec<String>, line: String) {
    if !lines.contains(&line) {
        lines.push(line);
    }
}
