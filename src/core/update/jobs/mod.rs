//! Jobs: events go into their machines, what the machines want goes out, and what becomes of
//! them is told. No call that changes anything leaves from anywhere else.

mod ask;
mod journal;
mod leftovers;
mod pane;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod visit_tests;

pub(super) use ask::{dismissed, input as ask_input, next as ask_next, quit};
pub(super) use journal::{filter as filter_journal, open as open_journal, told as journal_told};
pub(super) use leftovers::told as leftovers_told;
pub(super) use pane::{cancel, copy, enter, go, open as open_pane, over, retry};

use super::picker;
use super::shell::{self, Place};
use crate::core::act::{Asked, Call, Refusal, Session};
use crate::core::actions;
use crate::core::effect::{Effect, Sending};
use crate::core::job::{Event, JobId, Machine, Order, Override, State as Standing};
use crate::core::jobs::{Job, Trust, time};
use crate::core::journal::{Line, Object, Phase};
use crate::core::modals::ask::Question;
use crate::core::msg::Level;
use crate::core::panes::Body;
use crate::core::problem::Problem;
use crate::core::state::{OnHangup, State};
use std::collections::VecDeque;

/// A machine is told the time this often (ms).
const TICK_MS: i64 = 1_000;
/// Whoever confirmed something this short a time ago still looks at it (ms).
const HERE_MS: i64 = 5_000;

/// Begins a job that was confirmed.
pub(super) fn begin(state: &mut State, asked: Asked, machine: Machine, kubectl: &[String]) {
    let cluster = asked.place.cluster;
    let user = state.clusters.get(&cluster).and_then(|c| c.user.clone()).unwrap_or_default();
    let (now, server_now) = (state.now, state.server_now(cluster));
    let run = state.options.run.clone();
    let brief = machine.brief();
    let id = state.jobs.add(asked, machine, (&run, &user), now, server_now);
    let Some(job) = state.jobs.all.get(&id) else { return };
    let title = job.board.title.clone();
    let line = Line { kubectl: kubectl.join("; "), fields: job.asked.values.texts(), ..about(job, Phase::Begin, now) };
    state.effects.push(Effect::Journal(Box::new(line)));
    if brief {
        state.say(Level::Info, format!("{title} …"));
    } else {
        keep(state, id);
        pane::show_board(state, id);
    }
    drive(state, id, Event::Start);
}

/// A line about a whole job.
fn about(job: &Job, phase: Phase, now: i64) -> Line {
    Line {
        time: time(now),
        phase,
        job: job.head.job.clone(),
        call: 0,
        context: job.head.context.clone(),
        server: job.head.server.clone(),
        user: job.head.user.clone(),
        step: actions::action(job.asked.action).map_or("", |a| a.spec.id).to_owned(),
        targets: job.asked.targets.iter().map(Object::from).collect(),
        fields: std::collections::BTreeMap::default(),
        result: String::new(),
        kubectl: String::new(),
    }
}

/// Something happened to a job.
pub(super) fn event(state: &mut State, id: JobId, event: Event) {
    let Some(job) = state.jobs.all.get_mut(&id).filter(|j| j.running()) else { return };
    match &event {
        Event::Answer(call, _) => drop(job.flying.remove(call)),
        Event::NotJournalled(call) => {
            if let Some(sending) = job.flying.remove(call) {
                job.held.push(sending);
                if job.trust == Trust::Without {
                    return release(state, id);
                }
                if job.trust == Trust::Journalled {
                    job.trust = Trust::Refused;
                    state.questions.push_back(Question::WithoutJournal(id));
                    ask::next(state);
                }
                return;
            }
        }
        _ => {}
    }
    drive(state, id, event);
}

/// Puts an event into a machine and does what it wants.
fn drive(state: &mut State, id: JobId, event: Event) {
    let mut events = VecDeque::from([event]);
    let mut done = false;
    while let Some(event) = events.pop_front() {
        let Some(job) = state.jobs.all.get_mut(&id).filter(|j| j.running()) else { return };
        let cluster = job.asked.place.cluster;
        let skew = state.clusters.get(&cluster).map_or(0, |c| c.skew);
        for order in job.machine.step(state.now + skew, event) {
            match order {
                Order::Done => done = true,
                Order::Open(session) => {
                    if let Err(why) = open(state, id, *session) {
                        events.push_back(Event::Left(why.to_owned(), false));
                    }
                }
                Order::Call(call_id, call, record) => {
                    let record = record.and_then(|r| Some((state.jobs.all.get(&id)?.head.clone(), r)));
                    let sending = Sending { job: id, id: call_id, call: *call, record };
                    if let Err(why) = send(state, sending) {
                        events.push_back(Event::Answer(call_id, Err(why)));
                    }
                }
            }
        }
    }
    let Some(job) = state.jobs.all.get_mut(&id) else { return };
    let skew = state.clusters.get(&job.asked.place.cluster).map_or(0, |c| c.skew);
    job.board = job.machine.board(state.now + skew);
    // What is ours to uncordon or to remove must not be lost with us.
    let made = || job.machine.made().iter().map(Object::from).collect::<Vec<_>>();
    let ours = job.kept.as_ref().is_some_and(|k| k.cordoned != job.board.cordoned || k.made != made());
    if ours && !done {
        keep(state, id);
    }
    if done {
        finish(state, id);
    }
}

/// Opens a session that a job wants: before the user who waits for it at the board, else in a tab of its own.
fn open(state: &mut State, id: JobId, session: Session) -> Result<(), &'static str> {
    let Some(job) = state.jobs.all.get(&id) else { return Ok(()) };
    let (asked, kubectl) = (job.asked.clone(), job.board.kubectl.clone());
    let waits = matches!(state.focused().map(|p| &p.body), Some(Body::Board(b)) if b.job == id);
    let place = if waits && state.modal.is_none() { Place::Here } else { Place::Aside };
    shell::open(state, &asked, session, &[kubectl], Some(id), place)
}

/// A session that a job had opened is over.
pub(super) fn left(state: &mut State, id: JobId, said: String, well: bool) {
    event(state, id, Event::Left(said, well));
}

/// Sends a call of a job, or says why it may not leave. Here and in no other place.
fn send(state: &mut State, mut sending: Sending) -> Result<(), Refusal> {
    let read_only = state.read_only(sending.call.cluster);
    let Some(job) = state.jobs.all.get_mut(&sending.job) else { return Ok(()) };
    if changes(&sending.call) {
        if read_only {
            return Err(refusal("read-only mode: it was not sent"));
        }
        if sending.call.cluster != job.asked.place.cluster {
            return Err(refusal("it is about another cluster: it was not sent"));
        }
        match job.trust {
            Trust::Journalled => {}
            Trust::Without => sending.record = None,
            Trust::Refused => {
                job.held.push(sending);
                return Ok(());
            }
        }
    }
    job.flying.insert(sending.id, sending.clone());
    state.effects.push(Effect::Send(Box::new(sending)));
    Ok(())
}

/// Whether a call may change something.
fn changes(call: &Call) -> bool {
    !call.verb.reads() && !call.dry_run
}

fn refusal(why: &str) -> Refusal {
    Refusal::unsent(Problem::Config(why.into()))
}

/// Sends what waited for the user's word, without the journal.
fn release(state: &mut State, id: JobId) {
    let Some(job) = state.jobs.all.get_mut(&id) else { return };
    job.trust = Trust::Without;
    for sending in std::mem::take(&mut job.held) {
        let call = sending.id;
        if let Err(why) = send(state, sending) {
            drive(state, id, Event::Answer(call, Err(why)));
        }
    }
}

/// Tells the machine that what waited for the user's word was not sent.
fn refuse(state: &mut State, id: JobId) {
    let Some(job) = state.jobs.all.get_mut(&id) else { return };
    // Should it go on and want more, that is asked about again.
    job.trust = Trust::Journalled;
    for sending in std::mem::take(&mut job.held) {
        drive(state, id, Event::NotJournalled(sending.id));
    }
}

/// Tries rows again that failed; a job that has ended begins once more.
fn again(state: &mut State, id: JobId, rows: &[usize]) {
    let now = state.now;
    let connected = |s: &State, j: &Job| s.clusters.contains_key(&j.asked.place.cluster);
    let Some(job) = state.jobs.all.get(&id) else { return };
    if !connected(state, job) {
        let context = job.asked.place.context.clone();
        return state.say(Level::Warn, format!("its cluster is not connected any more; :ctx {context} and do it anew"));
    }
    let Some(job) = state.jobs.all.get_mut(&id) else { return };
    if job.ended.take().is_some() {
        job.ticked = now;
        let line = about(job, Phase::Begin, now);
        let brief = job.machine.brief();
        state.effects.push(Effect::Journal(Box::new(line)));
        if !brief {
            keep(state, id);
        }
    }
    for row in rows {
        drive(state, id, Event::Override(*row, Override::Retry));
    }
}

/// Tells the next start how the job stands, if that has changed.
fn keep(state: &mut State, id: JobId) {
    let Some(job) = state.jobs.all.get_mut(&id) else { return };
    let kept = job.keep(actions::action(job.asked.action).map_or("", |a| a.spec.id));
    if job.kept.as_ref() != Some(&kept) {
        job.kept = Some(kept.clone());
        state.effects.push(Effect::Keep(id, Some(Box::new(kept))));
    }
}

/// Time has passed.
pub(super) fn tick(state: &mut State) {
    let now = state.now;
    let due = |j: &&Job| now - j.ticked >= TICK_MS;
    let due: Vec<JobId> = state.jobs.running().filter(due).map(|j| j.id).collect();
    for id in due {
        if let Some(job) = state.jobs.all.get_mut(&id) {
            job.ticked = now;
        }
        drive(state, id, Event::Tick);
        if state.jobs.all.get(&id).is_some_and(|j| j.running() && j.kept.is_some()) {
            keep(state, id);
        }
    }
    ask::next(state);
    journal::tick(state);
}

/// The terminal is gone. Jobs begin no new steps, or go on to their end, as the settings say.
pub(super) fn part(state: &mut State) {
    state.jobs.parting = true;
    let running: Vec<JobId> = state.jobs.running().map(|j| j.id).collect();
    for id in running {
        // Nobody is there to say that it may go on without the journal.
        refuse(state, id);
        let attended = state.jobs.all.get(&id).is_some_and(|j| j.machine.attended());
        if attended || state.options.on_hangup == OnHangup::Stop {
            drive(state, id, Event::Cancel);
        }
    }
}

/// A job has ended: the journal, the next start and the user are told.
fn finish(state: &mut State, id: JobId) {
    let now = state.now;
    let Some(job) = state.jobs.all.get_mut(&id) else { return };
    job.ended = Some(now);
    job.held.clear();
    job.flying.clear();
    let cluster = job.asked.place.cluster;
    let brief = job.machine.brief();
    let (level, text) = outcome(job);
    let line = Line { result: text.clone(), ..about(job, Phase::End, now) };
    let kept = job.kept.take().is_some();
    let title = job.board.title.clone();
    state.effects.push(Effect::Journal(Box::new(line)));
    if kept {
        // What a broken line has stopped is offered by the next start; what the user ended is over.
        let left = |j: &Job| state.jobs.parting && j.board.state != Standing::Done || !j.machine.made().is_empty();
        let undone = state.jobs.all.get(&id).is_some_and(left);
        if undone {
            keep(state, id);
        } else {
            state.effects.push(Effect::Keep(id, None));
        }
    }
    let told = format!("{title}: {text}");
    if !brief || level > Level::Info {
        state.effects.push(Effect::Attention(told.clone()));
    }
    state.say(level, told);
    // Who has just asked for it is told in full why it was not done.
    let here = state.jobs.all.get(&id).is_some_and(|j| now - j.began < HERE_MS) && state.modal.is_none();
    if brief && level == Level::Error && here {
        pane::show_board(state, id);
    }
    if state.active != cluster && !state.jobs.on(cluster) && state.panes.values().all(|p| p.cluster != cluster) {
        picker::let_go(state, cluster);
    }
    if state.jobs.leaving && state.jobs.running().next().is_none() {
        state.effects.push(Effect::Quit);
    }
}

/// How a job ended, in a line: the first failure is named where there is one.
fn outcome(job: &Job) -> (Level, String) {
    let board = &job.board;
    let level = match board.state {
        Standing::Done | Standing::Kept => Level::Info,
        Standing::Cancelled => Level::Warn,
        _ => Level::Error,
    };
    if let ([one], true) = (board.rows.as_slice(), level > Level::Info && job.machine.brief()) {
        // The title names the object, and there is nothing to count.
        let word = if level == Level::Warn { "cancelled" } else { "failed" };
        return (level, format!("{word}: {}", one.said));
    }
    let mut text = match board.state {
        Standing::Done | Standing::Kept => "done".to_owned(),
        Standing::Cancelled => "cancelled".to_owned(),
        _ => "failed".to_owned(),
    };
    let mut add = |more: &str| {
        if !more.is_empty() {
            text.push_str("; ");
            text.push_str(more);
        }
    };
    add(&board.totals);
    let failed: Vec<_> = board.rows.iter().filter(|r| r.state == Standing::Failed).collect();
    if let Some(first) = failed.first() {
        add(&first.line());
    }
    for left in &board.left {
        add(left);
    }
    (level, text)
}
