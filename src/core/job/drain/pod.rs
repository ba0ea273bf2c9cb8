//! One pod on its way off its node.

use super::rules::Verdict;
use crate::core::act::{Call, Outcome, Refusal, calls};
use crate::core::facts::Meta;
use crate::core::job::again::{self, Answer, BUDGET_MS};
use crate::core::job::{CallId, Override, Record, Said, State, Tone};
use crate::core::kind::ObjectRef;
use std::collections::BTreeMap;

/// Sends of one call that came to nothing seen before it is given up.
const MOST_UNSEEN: u32 = 3;

/// A pod of the plan.
#[derive(Debug, Clone, PartialEq)]
pub struct PodPlan {
    /// It, with its uid.
    pub object: ObjectRef,
    /// What becomes of it.
    pub verdict: Verdict,
    /// What else is known: its budgets, its warnings.
    pub detail: String,
    /// Its place in [`super::Plan::controllers`].
    pub controller: Option<usize>,
    /// Its own seconds of grace.
    pub grace: i64,
}

/// How a pod is asked to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Its budgets are asked.
    Evict,
    /// They are not.
    Delete,
    /// Nor is it given any grace.
    Now,
}

/// Why nothing more may be begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Closing {
    /// It was asked for.
    Cancel,
    /// The node's time is up.
    Timeout,
}

/// Where a pod is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Phase {
    /// Not asked to go yet.
    Waiting,
    /// Asked; no answer yet.
    Asking(CallId),
    /// Refused for now; asked again at that time.
    Refused { due: i64, why: String, budget: bool },
    /// The answer was lost: the next list sent from that call on tells.
    Unsure { from: CallId, why: String },
    /// On its way, since then.
    Terminating { since: i64, until: Option<i64>, grace: i64 },
    /// Over.
    Ended(State, Tone, Said),
}

/// A pod under way.
#[derive(Debug, Clone)]
pub(super) struct Pod {
    pub node: usize,
    pub plan: PodPlan,
    pub phase: Phase,
    pub way: Way,
    /// Sends whose effect nobody saw.
    pub unseen: u32,
    /// Refusals in a row that did not come from a budget.
    pub refused: u32,
}

impl Pod {
    pub fn new(node: usize, plan: PodPlan, way: Way) -> Self {
        let phase = match &plan.verdict {
            Verdict::Evict => Phase::Waiting,
            Verdict::Keep(why) => Phase::Ended(State::Kept, Tone::Dim, Said::because("kept", why)),
            Verdict::Block(why) => Phase::Ended(State::Failed, Tone::Bad, Said::because("blocked", why)),
        };
        Self { node, plan, phase, way, unseen: 0, refused: 0 }
    }

    pub fn ended(&self) -> bool {
        matches!(self.phase, Phase::Ended(..))
    }

    /// Whether a list of its node tells something about it.
    pub fn watched(&self) -> bool {
        !matches!(self.phase, Phase::Ended(..) | Phase::Waiting)
    }

    pub fn is(&self, state: State) -> bool {
        matches!(self.phase, Phase::Ended(s, ..) if s == state)
    }

    pub fn end(&mut self, state: State, tone: Tone, said: impl Into<Said>) {
        self.phase = Phase::Ended(state, tone, said.into());
    }

    fn done(&self) -> &'static str {
        if self.way == Way::Evict { "evicted" } else { "deleted" }
    }

    /// Asks it to go, if that is due.
    pub fn due(
        &mut self,
        now: i64,
        id: CallId,
        version: Option<&str>,
        grace: Option<i64>,
        line: &str,
    ) -> Option<(Call, Record)> {
        match &self.phase {
            Phase::Waiting => {}
            Phase::Refused { due, .. } if *due <= now => {}
            _ => return None,
        }
        self.phase = Phase::Asking(id);
        let (object, mut fields) = (&self.plan.object, BTreeMap::new());
        let grace = if self.way == Way::Now { Some(0) } else { grace };
        if let Some(s) = grace {
            fields.insert("gracePeriodSeconds".to_owned(), s.to_string());
        }
        let (step, call) = match (self.way, version) {
            (Way::Evict, Some(version)) => ("evict", calls::evict(object, version, grace)),
            _ => ("delete", calls::delete(object, grace, None)),
        };
        let record = Record { step, target: object.clone(), fields, kubectl: line.to_owned() };
        Some((call, record))
    }

    /// Takes the answer.
    pub fn answer(&mut self, now: i64, next: CallId, closing: Option<Closing>, outcome: &Outcome, grace: Option<i64>) {
        let Err(refusal) = outcome else {
            (self.unseen, self.refused) = (0, 0);
            let grace = if self.way == Way::Now { 0 } else { grace.unwrap_or(self.plan.grace) };
            self.phase = Phase::Terminating { since: now, until: None, grace };
            return self.close(closing);
        };
        let why = refusal.why();
        if refusal.budget().is_some() {
            self.phase = Phase::Refused { due: now + BUDGET_MS, why, budget: true };
        } else if refusal.causes.iter().any(|c| c.reason.as_ref() == "NamespaceTerminating") {
            // As kubectl: on its way anyhow, or asked again.
            self.phase =
                Phase::Refused { due: now + BUDGET_MS, why: "its namespace is being deleted".into(), budget: false };
        } else if two_budgets(refusal) {
            let said = Said::because("cannot be evicted", "more than one disruption budget covers it");
            return self.end(State::Failed, Tone::Bad, said);
        } else if matches!(refusal.code, 0 | 429) && !refusal.unknown {
            self.refused += 1;
            let due = now + again::pause(refusal, self.refused);
            self.phase = Phase::Refused { due, why, budget: false };
        } else {
            match again::mutation(outcome, 1) {
                Answer::Gone => return self.end(State::Done, Tone::Good, "was gone already"),
                Answer::Unsure(_) => self.unsure(next, why),
                // Another pod of its name, perhaps: the list tells.
                _ if refusal.code == 409 => self.unsure(next, why),
                _ => return self.end(State::Failed, Tone::Bad, Said::because(format!("not {}", self.done()), why)),
            }
        }
        self.close(closing);
    }

    fn unsure(&mut self, next: CallId, why: String) {
        self.unseen += 1;
        self.phase = Phase::Unsure { from: next, why };
    }

    /// What a list of its node, sent as call `sent`, says of it: its metadata, or that it
    /// is not there.
    pub fn seen(&mut self, now: i64, sent: CallId, closing: Option<Closing>, meta: Option<&Meta>) {
        let meta = meta.filter(|m| Some(m.id()) == self.plan.object.uid);
        match (&self.phase, meta) {
            (Phase::Ended(..) | Phase::Waiting | Phase::Asking(_), _) => return,
            (_, None) => return self.end(State::Done, Tone::Good, "gone"),
            (_, Some(m)) if m.deletion.is_some() => {
                let grace = m.grace.unwrap_or(self.plan.grace);
                let since = m.deletion.map_or(now, |at| at - grace * 1000);
                self.phase = Phase::Terminating { since, until: m.deletion, grace };
                (self.unseen, self.refused) = (0, 0);
            }
            (Phase::Unsure { from, why }, Some(_)) if sent >= *from => {
                if self.unseen >= MOST_UNSEEN && closing.is_none() {
                    let said = Said::because(format!("not {}", self.done()), why);
                    return self.end(State::Failed, Tone::Bad, said);
                }
                self.phase = Phase::Refused { due: now, why: why.clone(), budget: false };
            }
            _ => {}
        }
        self.close(closing);
    }

    /// Brings it to a named state, if nothing more may be begun. What is not known yet
    /// stays until an answer or a list tells.
    pub fn close(&mut self, closing: Option<Closing>) {
        let Some(closing) = closing else { return };
        let (state, lead) = match closing {
            Closing::Cancel => (State::Cancelled, ""),
            Closing::Timeout => (State::Failed, "timed out; "),
        };
        match &self.phase {
            Phase::Waiting => self.end(state, Tone::Dim, format!("{lead}not {}", self.done())),
            Phase::Refused { why, .. } => {
                let said = Said::because(format!("{lead}not {}", self.done()), why);
                self.end(state, Tone::Warn, said);
            }
            Phase::Terminating { .. } => {
                let words = format!("{lead}{} and terminating; not waited for", self.done());
                self.end(state, Tone::Warn, words);
            }
            Phase::Asking(_) | Phase::Unsure { .. } | Phase::Ended(..) => {}
        }
    }

    /// Nobody can tell any more what became of it.
    pub fn unknown(&mut self, blind: &str) {
        if let Phase::Unsure { why, .. } = &self.phase {
            let why = format!("{why}; and the node's pods cannot be listed: {blind}");
            self.end(State::Failed, Tone::Bad, Said::because(format!("unknown whether it was {}", self.done()), why));
        }
    }

    /// What may be done to it now.
    pub fn may(&self, eviction: bool) -> Vec<Override> {
        let evicts = self.way == Way::Evict && eviction;
        let mut may = Vec::new();
        match &self.phase {
            _ if self.plan.verdict != Verdict::Evict => {}
            Phase::Ended(State::Failed | State::Cancelled, ..) => {
                may.push(Override::Retry);
                may.extend(evicts.then_some(Override::Force));
                may.push(Override::Now);
            }
            Phase::Refused { .. } => {
                may.push(Override::Skip);
                may.extend(evicts.then_some(Override::Force));
                may.push(Override::Now);
            }
            Phase::Waiting => may.push(Override::Skip),
            Phase::Terminating { .. } => {
                may.push(Override::Skip);
                may.extend((self.way != Way::Now).then_some(Override::Now));
            }
            Phase::Asking(_) | Phase::Unsure { .. } | Phase::Ended(..) => {}
        }
        may
    }

    /// One of those, asked for.
    pub fn take(&mut self, what: Override) {
        match what {
            Override::Skip => return self.end(State::Kept, Tone::Dim, "left alone"),
            Override::Retry => {}
            Override::Force => self.way = Way::Delete,
            Override::Now => self.way = Way::Now,
        }
        (self.unseen, self.refused) = (0, 0);
        self.phase = Phase::Waiting;
    }

    /// State, look and words of its line.
    pub fn told(&self, now: i64) -> (State, Tone, Said) {
        let (tone, said) = match &self.phase {
            Phase::Waiting => return (State::Waiting, Tone::Dim, "waiting".into()),
            Phase::Ended(state, tone, said) => return (*state, *tone, said.clone()),
            Phase::Asking(_) => (Tone::Busy, if self.way == Way::Evict { "evicting" } else { "deleting" }.into()),
            Phase::Refused { due, why, budget } => {
                let lead = if *budget { "refused" } else { "not yet" };
                (Tone::Warn, Said::because(format!("{lead}, next try in {} s", again::seconds(now, *due)), why))
            }
            Phase::Unsure { why, .. } => (Tone::Warn, Said::because("answer lost, looking", why)),
            Phase::Terminating { since, grace, .. } => {
                let gone = (now - since).max(0).div_euclid(1000);
                let tone = if gone > grace + 5 { Tone::Warn } else { Tone::Busy };
                (tone, format!("terminating {gone} s of {grace}").into())
            }
        };
        (State::Running, tone, said)
    }
}

/// The server's answer for a pod under two budgets has no reason, so its message is what tells.
fn two_budgets(refusal: &Refusal) -> bool {
    refusal.code == 500 && refusal.message.contains("more than one PodDisruptionBudget")
}
