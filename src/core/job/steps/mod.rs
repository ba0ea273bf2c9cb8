//! The general machine: steps, some of them at a time, each a call and what follows it.

mod row;
mod step;

#[cfg(test)]
mod tests;

pub use step::{Proof, Step, Verdict, Wait};

use super::{Board, BoardRow, CallId, Event, Order, Override, State, Tone};
use row::Phase;
pub(super) use row::Row;
use std::fmt::Write as _;

/// Steps under way.
#[derive(Debug, Clone)]
pub struct Steps {
    title: String,
    kubectl: String,
    rows: Vec<Row>,
    parallel: usize,
    stop_on_error: bool,
    calls: u32,
    began: Option<i64>,
    ended: Option<i64>,
    stopping: bool,
    warnings: Vec<String>,
}

impl Steps {
    /// Steps in their order, at most `parallel` of them under way at a time (a step that
    /// waits for something counts). After a failure no other begins, if `stop_on_error`.
    #[must_use]
    pub fn new(title: String, kubectl: String, steps: Vec<Step>, parallel: usize, stop_on_error: bool) -> Self {
        Self {
            title,
            kubectl,
            rows: steps.into_iter().map(Row::new).collect(),
            parallel: parallel.max(1),
            stop_on_error,
            calls: 0,
            began: None,
            ended: None,
            stopping: false,
            warnings: Vec::new(),
        }
    }

    /// Its steps, in their order.
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        self.rows.iter().map(|r| &r.step)
    }

    /// See [`super::Machine::brief`].
    #[must_use]
    pub fn brief(&self) -> bool {
        self.rows.len() == 1 && self.rows.iter().all(|r| r.step.wait.is_none())
    }

    /// See [`super::Machine::step`].
    pub fn step(&mut self, now: i64, event: Event) -> Vec<Order> {
        match event {
            Event::Start => _ = self.began.get_or_insert(now),
            Event::Tick => {}
            Event::Answer(id, outcome) => {
                let Some(row) = self.rows.iter_mut().find(|r| r.awaits(id)) else { return Vec::new() };
                row.answer(now, self.stopping, &outcome);
                let warnings = match &outcome {
                    Ok(reply) => &reply.warnings,
                    Err(refusal) => &refusal.warnings,
                };
                for w in warnings {
                    let line = format!("{}: {w}", row.step.subject);
                    if !self.warnings.contains(&line) {
                        self.warnings.push(line);
                    }
                }
            }
            Event::Cancel if self.ended.is_some() => {}
            Event::Cancel => {
                self.stopping = true;
                self.rows.iter_mut().for_each(|r| r.cancel(now));
            }
            Event::Override(at, what) => self.override_row(now, at, what),
            Event::Left(..) => {}
            Event::NotJournalled(id) => {
                let Some(row) = self.rows.iter_mut().find(|r| r.awaits(id)) else { return Vec::new() };
                row.end(State::Failed, Tone::Bad, "not sent: the journal could not be written");
                // Whoever waits would fail in the same way.
                self.rows.iter_mut().filter(|r| r.phase == Phase::Waiting).for_each(|r| r.cancel(now));
            }
        }
        self.go_on(now)
    }

    fn override_row(&mut self, now: i64, at: usize, what: Override) {
        let may = self.may(at);
        let Some(row) = self.rows.get_mut(at).filter(|_| may.contains(&what)) else { return };
        match what {
            Override::Skip => row.end(State::Kept, Tone::Dim, "left alone"),
            Override::Retry => {
                row.retry(now);
                self.ended = None;
            }
            Override::Force | Override::Now => {}
        }
    }

    fn may(&self, at: usize) -> Vec<Override> {
        match self.rows.get(at).map(|r| &r.phase) {
            Some(Phase::Ended(State::Failed | State::Cancelled, ..)) if !self.stopping => vec![Override::Retry],
            Some(Phase::Waiting | Phase::Later(..)) if self.began.is_some() => vec![Override::Skip],
            _ => Vec::new(),
        }
    }

    /// Sends what is due; says so when nothing is left.
    fn go_on(&mut self, now: i64) -> Vec<Order> {
        let mut orders = Vec::new();
        if self.began.is_none() || self.ended.is_some() {
            if self.stopping && self.began.is_none() {
                (self.began, self.ended) = (Some(now), Some(now));
                orders.push(Order::Done);
            }
            return orders;
        }
        if self.stop_on_error && self.count(State::Failed) > 0 {
            for row in self.rows.iter_mut().filter(|r| r.phase == Phase::Waiting) {
                row.end(State::Cancelled, Tone::Dim, "not begun, because another failed");
            }
        }
        let mut active = self.rows.iter().filter(|r| r.active()).count();
        for row in &mut self.rows {
            let waiting = row.phase == Phase::Waiting;
            if waiting && active >= self.parallel {
                continue;
            }
            let id = CallId(self.calls);
            if let Some(call) = row.due(now, self.stopping, id) {
                self.calls += 1;
                active += usize::from(waiting);
                let record = (!call.verb.reads()).then(|| row.step.record.clone());
                orders.push(Order::Call(id, Box::new(call), record));
            }
        }
        if self.rows.iter().all(|r| r.over().is_some()) {
            self.ended = Some(now);
            orders.push(Order::Done);
        }
        orders
    }

    fn count(&self, state: State) -> usize {
        self.rows.iter().filter(|r| r.is(state)).count()
    }

    fn state(&self) -> State {
        match (self.began, self.ended) {
            (None, _) => State::Waiting,
            (_, None) if self.stopping => State::Stopping,
            (_, None) => State::Running,
            _ if self.count(State::Failed) > 0 => State::Failed,
            _ if self.count(State::Cancelled) > 0 || self.stopping => State::Cancelled,
            _ => State::Done,
        }
    }

    /// See [`super::Machine::board`].
    #[must_use]
    pub fn board(&self, now: i64) -> Board {
        let rows: Vec<_> = self.rows.iter().enumerate().map(|(i, r)| show(r, now, self.may(i))).collect();
        let kept = self.count(State::Kept);
        let mut totals = format!("{} of {} done", self.count(State::Done), self.rows.len() - kept);
        for (state, word) in [(State::Failed, "failed"), (State::Cancelled, "not done"), (State::Kept, "left alone")] {
            if self.count(state) > 0 {
                let _ = write!(totals, " · {} {word}", self.count(state));
            }
        }
        let undone = rows
            .iter()
            .filter(|r| matches!((r.state, r.tone), (State::Failed | State::Cancelled, _) | (State::Done, Tone::Warn)));
        Board {
            title: self.title.clone(),
            state: self.state(),
            totals,
            began: self.began,
            ended: self.ended,
            left: undone.map(BoardRow::line).collect(),
            rows,
            cordoned: Vec::new(),
            warnings: self.warnings.clone(),
            kubectl: self.kubectl.clone(),
            offers: Vec::new(),
        }
    }
}

fn show(row: &Row, now: i64, may: Vec<Override>) -> BoardRow {
    let (state, tone, said) = row.told(now);
    let object = Some(row.step.record.target.clone());
    BoardRow { subject: row.step.subject.clone(), state, said, detail: String::new(), tone, may, object }
}
