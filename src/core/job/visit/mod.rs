//! A container brought in, attached to, and taken away again when its session ends. A pod of its own is removed
//! whatever has happened meanwhile; an ephemeral container can only be left to end.

mod board;

#[cfg(test)]
mod tests;

use super::steps::{Row, Step};
use super::{CallId, Event, Order, Override, Proof, Record, Said, State, Tone};
use crate::core::act::{Call, Outcome, Session, calls};
use crate::core::debug::{Profile, Style, advice, violation};
use crate::core::kind::ObjectRef;
use crate::core::uid::Uid;

/// What is brought in, and how.
#[derive(Debug, Clone)]
pub struct Guest {
    /// `node shell on n-07`.
    pub title: String,
    /// In kubectl's words.
    pub kubectl: String,
    /// Makes the pod, or adds the container to it, and waits until it runs.
    pub bring: Step,
    /// What is opened then. Its pod gets the uid that the server gives.
    pub session: Session,
    /// What it is brought into.
    pub style: Style,
    /// How much it may.
    pub profile: Profile,
    /// In kubectl's words, what removes the pod; `None` for what stays.
    pub remove: Option<String>,
}

/// Where its session is.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Stage {
    Before,
    Open,
    After(Said, Tone),
}

/// One guest and its session.
#[derive(Debug, Clone)]
pub struct Visit {
    guest: Guest,
    bring: Row,
    stage: Stage,
    leave: Option<Row>,
    /// Whether the pod may be there, and is to be removed.
    made: bool,
    calls: u32,
    began: Option<i64>,
    ended: Option<i64>,
    stopping: bool,
    warnings: Vec<String>,
}

/// Seconds that a pod has for its end: nobody is in it any more.
const GRACE: i64 = 1;

impl Visit {
    /// Not begun.
    #[must_use]
    pub fn new(guest: Guest) -> Self {
        let bring = Row::new(guest.bring.clone());
        Self {
            guest,
            bring,
            stage: Stage::Before,
            leave: None,
            made: false,
            calls: 0,
            began: None,
            ended: None,
            stopping: false,
            warnings: Vec::new(),
        }
    }

    /// Pods that are this run's to remove: named before they are there, gone from here once they are gone.
    #[must_use]
    pub fn made(&self) -> Vec<ObjectRef> {
        let removed = self.leave.as_ref().is_some_and(|l| l.is(State::Done));
        let never = self.bring.over().is_some() && !self.made;
        if self.guest.remove.is_none() || removed || never { Vec::new() } else { vec![self.guest.session.pod.clone()] }
    }

    /// See [`super::Machine::step`].
    pub fn step(&mut self, now: i64, event: Event) -> Vec<Order> {
        match event {
            Event::Start => _ = self.began.get_or_insert(now),
            Event::Tick => {}
            Event::Answer(id, outcome) => self.answer(now, id, &outcome),
            Event::Left(said, well) => {
                if self.stage == Stage::Open {
                    self.stage = Stage::After(said.into(), if well { Tone::Good } else { Tone::Warn });
                }
            }
            Event::Cancel if self.ended.is_some() => {}
            Event::Cancel => {
                self.stopping = true;
                self.bring.cancel(now);
                if self.stage == Stage::Open {
                    self.stage = Stage::After("ended, as it was asked to".into(), Tone::Warn);
                }
            }
            Event::Override(1.., Override::Retry) => {
                if let Some(leave) = self.leave.as_mut().filter(|l| l.is(State::Failed)) {
                    leave.retry(now);
                    self.ended = None;
                }
            }
            Event::Override(..) => {}
            Event::NotJournalled(id) => {
                let rows = [Some(&mut self.bring), self.leave.as_mut()];
                if let Some(row) = rows.into_iter().flatten().find(|r| r.awaits(id)) {
                    row.end(State::Failed, Tone::Bad, "not sent: the journal could not be written");
                }
            }
        }
        self.go_on(now)
    }

    fn answer(&mut self, now: i64, id: CallId, outcome: &Outcome) {
        let warnings = match outcome {
            Ok(reply) => &reply.warnings,
            Err(refusal) => &refusal.warnings,
        };
        for w in warnings.iter().map(ToString::to_string) {
            if !self.warnings.contains(&w) {
                self.warnings.push(w);
            }
        }
        if let Some(leave) = self.leave.as_mut().filter(|l| l.awaits(id)) {
            return leave.answer(now, self.stopping, outcome);
        }
        if !self.bring.awaits(id) {
            return;
        }
        self.bring.answer(now, self.stopping, outcome);
        let refused = self.bring.is(State::Failed);
        if let Ok(reply) = outcome
            && self.bring.took()
        {
            self.made = true;
            let uid = reply.body["metadata"]["uid"].as_str().map(Uid::parse);
            let pod = &mut self.guest.session.pod;
            pod.uid = pod.uid.or(uid);
            // From here on another pod of its name is another one.
            self.bring.step.record.target.uid = pod.uid;
        }
        // A call that may have taken effect leaves something to look for.
        self.made |= refused && self.bring.unsure;
        if let (true, Err(refusal)) = (refused && !self.made, outcome) {
            let advice = violation(&refusal.message).map(|(level, told)| {
                let advice = advice(level, self.guest.style, self.guest.profile);
                let advice = advice.map(|a| format!("; {a}")).unwrap_or_default();
                (
                    format!("refused: the namespace enforces Pod Security level {}{advice}", level.name()),
                    told.to_owned(),
                )
            });
            if let Some((words, why)) = advice {
                self.bring.end(State::Failed, Tone::Bad, Said::because(words, why));
            }
        }
    }

    /// Sends what is due, opens the session, says so when nothing is left.
    fn go_on(&mut self, now: i64) -> Vec<Order> {
        let mut orders = Vec::new();
        if self.began.is_none() || self.ended.is_some() {
            if self.stopping && self.began.is_none() {
                (self.began, self.ended) = (Some(now), Some(now));
                orders.push(Order::Done);
            }
            return orders;
        }
        let (stopping, id) = (self.stopping, CallId(self.calls));
        if let Some(call) = self.bring.due(now, stopping, id) {
            self.send(id, call, true, &mut orders);
        }
        let runs = self.bring.is(State::Done) && !stopping;
        if runs && self.stage == Stage::Before && self.guest.session.pod.uid.is_some() {
            self.stage = Stage::Open;
            orders.push(Order::Open(Box::new(self.guest.session.clone())));
        }
        let over = self.bring.over().is_some() && self.stage != Stage::Open;
        // What was made unseen is not removed unseen: the next start is told of it.
        if over && self.leave.is_none() && self.made && self.guest.session.pod.uid.is_some() {
            self.leave = self.guest.remove.clone().map(|kubectl| Row::new(removal(&self.guest.session.pod, kubectl)));
        }
        let id = CallId(self.calls);
        // A pod that was made is removed also by whoever is stopping.
        if let Some(call) = self.leave.as_mut().and_then(|l| l.due(now, false, id)) {
            self.send(id, call, false, &mut orders);
        }
        if over && self.leave.as_ref().is_none_or(|l| l.over().is_some()) {
            self.ended = Some(now);
            orders.push(Order::Done);
        }
        orders
    }

    fn send(&mut self, id: CallId, call: Call, bring: bool, orders: &mut Vec<Order>) {
        self.calls += 1;
        let row = if bring { Some(&self.bring) } else { self.leave.as_ref() };
        let record = row.filter(|_| !call.verb.reads()).map(|r| r.step.record.clone());
        orders.push(Order::Call(id, Box::new(call), record));
    }
}

/// Removes the pod, if it is the one that was made.
fn removal(pod: &ObjectRef, kubectl: String) -> Step {
    let record = Record { step: "remove", target: pod.clone(), fields: std::collections::BTreeMap::new(), kubectl };
    Step {
        subject: crate::core::plan::subject(pod),
        call: calls::delete(pod, Some(GRACE), None),
        record,
        read: calls::get(pod),
        proof: Proof::Gone,
        wait: None,
        done: "removed".into(),
    }
    .waiting(super::Wait::Gone)
}
