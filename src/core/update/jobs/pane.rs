//! The jobs pane and the boards.

use super::ask;
use crate::core::effect::Effect;
use crate::core::job::{BoardRow, JobId, Override, State as Standing};
use crate::core::jobs::Row;
use crate::core::modals::ask::Question;
use crate::core::msg::Level;
use crate::core::panes::Body;
use crate::core::panes::jobs::{BoardPane, JobsPane};
use crate::core::panes::list::List;
use crate::core::state::State;
use crate::core::update::act::{With, begin};
use crate::core::view::Move;

/// Opens the jobs pane, on the newest job.
pub(in crate::core::update) fn open(state: &mut State) {
    let last = state.jobs.rows().len().saturating_sub(1);
    if let Some(pane) = state.focused_mut()
        && !matches!(pane.body, Body::Jobs(_))
    {
        pane.go(Body::Jobs(Box::new(JobsPane { list: List { at: last, top: 0 } })));
    }
}

/// Shows a job's board in the focused pane.
pub(super) fn show_board(state: &mut State, job: JobId) {
    if let Some(pane) = state.focused_mut() {
        pane.go(Body::Board(Box::new(BoardPane { job, list: List::default() })));
    }
}

/// The job that keys mean, with the row of its board.
fn chosen(state: &State) -> Option<(JobId, Option<usize>)> {
    match &state.focused()?.body {
        Body::Board(b) => Some((b.job, Some(b.list.at))),
        Body::Jobs(j) => match state.jobs.rows().get(j.list.at)? {
            Row::Own(job) => Some((job.id, None)),
            Row::Left(_) => None,
        },
        _ => None,
    }
}

fn pick(state: &mut State) -> Option<(JobId, Option<usize>)> {
    let found = chosen(state);
    if found.is_none() {
        state.say(Level::Info, "choose a job of this run; :work lists them");
    }
    found
}

/// Moves in a list; `false` in panes that are none.
pub(in crate::core::update) fn go(state: &mut State, to: Move) -> bool {
    let height = usize::from(state.focused_rect().map_or(0, |r| r.height));
    let jobs = state.jobs.rows().len();
    let Some(id) = state.focus() else { return false };
    let Some(pane) = state.panes.get_mut(&id) else { return false };
    match &mut pane.body {
        Body::Jobs(j) => j.list.go(to, jobs, height.saturating_sub(3)),
        Body::Board(b) => {
            let Some(job) = state.jobs.all.get(&b.job) else { return true };
            let below = job.board.foot().len();
            b.list.go(to, job.board.rows.len(), height.saturating_sub(3 + below));
        }
        Body::Journal(j) => {
            j.list.go(to, j.shown.len(), height.saturating_sub(2));
            j.follow = j.list.at + 1 >= j.shown.len();
        }
        _ => return false,
    }
    true
}

/// Enter: the board of a job, what is offered at its end, a whole line of the journal.
pub(in crate::core::update) fn enter(state: &mut State) -> bool {
    let Some(pane) = state.focused() else { return false };
    match &pane.body {
        Body::Jobs(j) => match state.jobs.rows().get(j.list.at) {
            Some(Row::Own(job)) => {
                let id = job.id;
                show_board(state, id);
            }
            Some(Row::Left(left)) => {
                let question = Question::Leftover(left.kept.job.clone());
                state.questions.push_front(question);
                ask::next(state);
            }
            None => {}
        },
        Body::Board(b) => {
            let id = b.job;
            ask::offer(state, id);
        }
        Body::Journal(_) => super::journal::whole(state),
        _ => return false,
    }
    true
}

/// Asks whether to cancel the job.
pub(in crate::core::update) fn cancel(state: &mut State) {
    if let Some((id, _)) = pick(state) {
        ask::cancel(state, id);
    }
}

/// Asks what to do with the row under the cursor.
pub(in crate::core::update) fn over(state: &mut State) {
    match pick(state) {
        Some((id, Some(row))) => ask::over(state, id, row),
        Some((_, None)) => state.say(Level::Info, "Enter opens the board; its rows can be overridden"),
        None => {}
    }
}

/// Tries again what failed: at once in a job that runs, by a new plan for one that has ended.
pub(in crate::core::update) fn retry(state: &mut State) {
    let Some((id, _)) = pick(state) else { return };
    let Some(job) = state.jobs.all.get(&id) else { return };
    let may =
        |(at, r): (usize, &BoardRow)| (r.state == Standing::Failed && r.may.contains(&Override::Retry)).then_some(at);
    let failed: Vec<usize> = job.board.rows.iter().enumerate().filter_map(may).collect();
    if !failed.is_empty() {
        return super::again(state, id, &failed);
    }
    if job.running() || job.board.state == Standing::Done {
        return state.say(Level::Info, "nothing has failed that could be tried again");
    }
    let (action, cluster) = (job.asked.action, job.asked.place.cluster);
    let with = With { values: job.asked.values.texts(), cordoned: job.board.cordoned.clone(), ..With::default() };
    let targets = job.asked.targets.clone();
    if state.clusters.contains_key(&cluster) {
        begin(state, action, cluster, targets, with);
    } else {
        let context = job.asked.place.context.clone();
        state.say(Level::Warn, format!("its cluster is not connected any more; :ctx {context} and do it anew"));
    }
}

/// Copies the kubectl line of the job.
pub(in crate::core::update) fn copy(state: &mut State) {
    let Some((id, _)) = pick(state) else { return };
    let line = state.jobs.all.get(&id).map(|j| j.board.kubectl.clone()).unwrap_or_default();
    if line.is_empty() {
        return state.say(Level::Info, "kubectl has no command for this");
    }
    state.effects.push(Effect::Copy(line));
    state.say(Level::Info, "copied the kubectl line");
}
