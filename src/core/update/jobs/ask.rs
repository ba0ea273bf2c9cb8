//! Questions about jobs: asked one at a time, when nothing else stands over the panes.

use super::{drive, leftovers, refuse, release};
use crate::core::actions;
use crate::core::effect::Effect;
use crate::core::input::Input;
use crate::core::job::{Event, JobId, Override};
use crate::core::jobs::Job;
use crate::core::modals::Modal;
use crate::core::modals::ask::{Ask, Question};
use crate::core::modals::confirm::{Answer, Confirm, Demand};
use crate::core::msg::Level;
use crate::core::state::State;
use crate::core::update::act::{With, begin};

/// Opens a question over the panes.
pub(super) fn open(state: &mut State, title: String, lines: Vec<String>, demand: Demand, question: Question) {
    let confirm = Confirm::new(state.number(), demand);
    state.modal = Some(Modal::Ask(Box::new(Ask { title, lines, confirm, question })));
}

/// Opens the next question that waits, if nothing stands over the panes.
pub(in crate::core::update) fn next(state: &mut State) {
    while state.modal.is_none() {
        let Some(question) = state.questions.pop_front() else { return };
        match question {
            Question::WithoutJournal(id) => without_journal(state, id),
            Question::Leftover(job) => leftovers::ask(state, &job),
            // All others are asked when a key asks for them.
            _ => {}
        }
    }
}

fn without_journal(state: &mut State, id: JobId) {
    let Some(job) = state.jobs.all.get(&id).filter(|j| j.running()) else { return };
    let lines = vec![
        format!("{}: a step could not be written to the journal, so it was not sent.", job.board.title),
        "Go on without the journal? What this job does is then told nowhere but on its board.".to_owned(),
    ];
    open(state, "no journal".into(), lines, Demand::Yes, Question::WithoutJournal(id));
}

/// Asks whether to cancel a job.
pub(super) fn cancel(state: &mut State, id: JobId) {
    let Some(job) = state.jobs.all.get(&id) else { return };
    if !job.running() {
        return state.say(Level::Info, "this job has ended");
    }
    let lines = vec![
        how(job),
        "No new steps are taken; what runs is brought to an end, and the board tells what was done and what not."
            .to_owned(),
    ];
    open(state, format!("cancel {}?", job.board.title), lines, Demand::Yes, Question::Cancel(id));
}

/// A job in a line.
fn how(job: &Job) -> String {
    let totals = if job.board.totals.is_empty() { crate::core::jobs::word(job.board.state) } else { &job.board.totals };
    format!("{}: {totals}", job.board.title)
}

/// Asks what to do with a row.
pub(super) fn over(state: &mut State, id: JobId, row: usize) {
    let Some(job) = state.jobs.all.get(&id).filter(|j| j.running()) else {
        return state.say(Level::Info, "this job has ended");
    };
    let Some(at) = job.board.rows.get(row) else { return };
    if at.may.is_empty() {
        return state.say(Level::Info, format!("there is nothing to override at {}", at.line()));
    }
    let may = at.may.clone();
    let keys = may.iter().map(|o| (key(*o), said(*o).to_owned())).collect();
    let lines = vec![at.line(), at.detail.clone()];
    let title = format!("override {}", at.subject);
    open(state, title, lines, Demand::Pick(keys), Question::Override(id, row, may));
}

fn key(o: Override) -> char {
    match o {
        Override::Skip => 's',
        Override::Force => 'f',
        Override::Now => 'n',
        Override::Retry => 'r',
    }
}

fn said(o: Override) -> &'static str {
    match o {
        Override::Skip => "skip it",
        Override::Force => "delete it whatever its budget says",
        Override::Now => "delete it with no grace",
        Override::Retry => "try again at once",
    }
}

/// Asks which offer of an ended job to take.
pub(super) fn offer(state: &mut State, id: JobId) {
    let Some(job) = state.jobs.all.get(&id) else { return };
    if job.running() || job.board.offers.is_empty() {
        return;
    }
    let keys = job.board.offers.iter().zip('1'..='9').map(|(o, key)| (key, o.title.clone())).collect();
    let lines = vec![how(job)];
    open(state, "what next".into(), lines, Demand::Pick(keys), Question::Offer(id));
}

/// Leaves the program, after a question if jobs run.
pub(in crate::core::update) fn quit(state: &mut State) {
    let running: Vec<String> = state.jobs.running().map(how).collect();
    let mut shells = super::super::shell::open_ones(state);
    shells.extend(super::super::held::open_ones(state));
    if running.is_empty() && !shells.is_empty() {
        let title = if shells.len() == 1 { "one is still open" } else { "some are still open" };
        let lines = shells.into_iter().chain(["Leaving ends them.".to_owned()]).collect();
        return open(state, title.into(), lines, Demand::Yes, Question::QuitShells);
    }
    if running.is_empty() {
        return state.effects.push(Effect::Quit);
    }
    let mut lines = running;
    lines.extend(shells);
    lines.push(format!("If the line breaks they {} (on_hangup).", state.options.on_hangup.name()));
    let keys = vec![
        ('s', "stop them, then leave".to_owned()),
        ('f', "leave once they are done".to_owned()),
        ('l', "leave now; the next start tells what was left".to_owned()),
    ];
    open(state, "jobs are running".into(), lines, Demand::Pick(keys), Question::Quit);
}

/// A key while a question is open.
pub(in crate::core::update) fn input(state: &mut State, mut ask: Ask, input: &Input) {
    if matches!(input, Input::Paste(_)) {
        state.say(Level::Warn, super::super::NO_PASTE);
    }
    match ask.confirm.take(input) {
        Answer::Open => state.modal = Some(Modal::Ask(Box::new(ask))),
        Answer::No => dismissed(state, &ask.question),
        Answer::Yes(at) => yes(state, ask.question, at),
    }
}

/// A question was left, or answered with no.
pub(in crate::core::update) fn dismissed(state: &mut State, question: &Question) {
    if let Question::WithoutJournal(id) = question {
        refuse(state, *id);
    }
    next(state);
}

fn yes(state: &mut State, question: Question, at: usize) {
    match question {
        Question::Cancel(id) => drive(state, id, Event::Cancel),
        Question::Override(id, row, may) => match may.get(at) {
            Some(o @ (Override::Skip | Override::Retry)) => drive(state, id, Event::Override(row, *o)),
            Some(o) => overridden(state, id, row, *o),
            None => {}
        },
        Question::Overridden(id, row, o) => drive(state, id, Event::Override(row, o)),
        Question::Offer(id) => take_offer(state, id, at),
        Question::Quit => leave(state, at),
        Question::QuitShells => state.effects.push(Effect::Quit),
        Question::WithoutJournal(id) => release(state, id),
        Question::Leftover(job) => leftovers::answer(state, &job, at),
    }
    next(state);
}

/// What cannot be taken back is confirmed by the object's name.
fn overridden(state: &mut State, id: JobId, row: usize, o: Override) {
    let Some(job) = state.jobs.all.get(&id) else { return };
    let Some(at) = job.board.rows.get(row) else { return };
    let name = at.subject.rsplit('/').next().unwrap_or(&at.subject).to_owned();
    let mut lines = vec![format!("{}: {}. This cannot be taken back.", at.subject, said(o))];
    if job.asked.place.protected {
        lines.push(format!("protected: {} at {}", job.asked.place.context, job.asked.place.server));
    }
    open(state, said(o).into(), lines, Demand::Type(name), Question::Overridden(id, row, o));
}

fn take_offer(state: &mut State, id: JobId, at: usize) {
    let Some(job) = state.jobs.all.get(&id) else { return };
    let cluster = job.asked.place.cluster;
    let Some(offer) = job.board.offers.get(at).cloned() else { return };
    if let Some(action) = actions::find(offer.action) {
        begin(state, action, cluster, offer.targets, With::default());
    }
}

fn leave(state: &mut State, at: usize) {
    match at {
        0 => {
            state.jobs.leaving = true;
            let running: Vec<JobId> = state.jobs.running().map(|j| j.id).collect();
            for id in running {
                drive(state, id, Event::Cancel);
            }
        }
        1 => state.jobs.leaving = true,
        _ => return state.effects.push(Effect::Quit),
    }
    if state.jobs.running().next().is_some() {
        state.say(Level::Warn, "leaving once the running jobs have ended");
    }
}
