//! What is typed in a log pane: find, filter, fields, a time to go to.

use super::moves;
use crate::core::logs::moment;
use crate::core::logs::query::{Filter, Finder};
use crate::core::logs::scan::Job;
use crate::core::logs::segments::LineId;
use crate::core::panes::log::{Asking, LogPane};
use crate::core::state::State;

/// Whether what is typed can be used.
pub(in super::super) fn check(state: &State, typed: &str) -> Result<(), String> {
    let Some(log) = state.focused().and_then(|p| p.log()) else { return Ok(()) };
    match log.asking {
        Asking::Find => Finder::new(typed).map(|_| ()),
        Asking::Filter => Filter::new(typed).map(|_| ()),
        Asking::Fields => Ok(()),
        Asking::Jump if typed.trim().is_empty() => Ok(()),
        Asking::Jump => moment::read(typed, state.now, &state.options.logs.zone).map(|_| ()),
    }
}

/// Puts in force what was typed.
pub(in super::super) fn apply(state: &mut State) {
    let Some(log) = state.focused_mut().and_then(|p| p.log_mut()) else { return };
    match log.asking {
        Asking::Find => {
            let job = Finder::new(&log.find.text).ok().filter(|_| !log.find.text.is_empty()).map(Job::Find);
            log.found.set(job);
        }
        Asking::Filter => refilter(log),
        Asking::Fields => {
            log.fields = log.entry.text.split([' ', ',']).filter(|f| !f.is_empty()).map(Into::into).collect();
        }
        Asking::Jump => {}
    }
}

/// Puts the filter's text and the choices beside it in force.
pub(super) fn refilter(log: &mut LogPane) {
    let filter = Filter::new(&log.filter.text).unwrap_or_default();
    let idle = filter.is_empty() && !log.fold;
    let context = if filter.is_empty() { 0 } else { log.context };
    let job = (!idle).then_some(Job::Filter { filter, fold: log.fold, context });
    if log.kept.job() != job.as_ref() {
        log.kept.set(job);
    }
}

/// Enter: the text stays. A search goes to its nearest hit, a time is gone to.
pub(in super::super) fn entered(state: &mut State) {
    let (now, zone) = (state.now, state.options.logs.zone.clone());
    let Some(log) = state.focused_mut().and_then(|p| p.log_mut()) else { return };
    match log.asking {
        Asking::Find if !log.find.text.is_empty() => {
            log.seeking = Some(0);
            if !log.found.busy() {
                arrived(log);
            }
        }
        Asking::Jump => {
            if let Ok(at) = moment::read(&log.entry.text, now, &zone) {
                moves::to_time(log, at * 1_000);
            }
            log.entry.text.clear();
        }
        Asking::Find | Asking::Filter | Asking::Fields => {}
    }
    moves::lock(state);
}

/// A search is done: if the user waits for it, the cursor goes to the nearest hit, looking up from
/// the end and down from anywhere else.
pub(super) fn arrived(log: &mut LogPane) {
    let Some(steps) = log.seeking.take() else { return };
    let near = if log.following() { -1 } else { 1 };
    let mut hit = log.at().and_then(|at| step(log, at, near, true));
    for _ in 0..steps.unsigned_abs() {
        hit = hit.and_then(|at| step(log, at, steps.signum(), false));
    }
    if let Some(id) = hit {
        log.go(id);
    }
}

/// The next hit below or above a line that shows, around the ends; with `here` the line itself counts.
fn step(log: &LogPane, at: LineId, by: i32, here: bool) -> Option<LineId> {
    let (segments, hits) = (log.store.segments(), &log.found.order);
    let shows = |id: &LineId| {
        let order = log.shown();
        order.get(order.rank(segments, segments.key(*id))) == Some(*id)
    };
    let rank = hits.rank(segments, segments.key(at));
    let on = hits.get(rank) == Some(at);
    if by > 0 {
        let first = rank + usize::from(on && !here);
        return hits.from(first).find(shows).or_else(|| hits.from(0).find(shows));
    }
    let last = rank + usize::from(on && here);
    let above = (0..last).rev().filter_map(|r| hits.get(r)).take(MOST).find(shows);
    above.or_else(|| (last..hits.len()).rev().filter_map(|r| hits.get(r)).take(MOST).find(shows))
}

/// Hidden hits that are passed over at most in one step upwards.
const MOST: usize = 10_000;

/// `n` and `N`. While the search still goes on they are owed.
pub(in super::super) fn next(state: &mut State, by: i32) {
    let Some(log) = state.focused_mut().and_then(|p| p.log_mut()) else { return };
    if let Some(steps) = &mut log.seeking {
        *steps = steps.saturating_add(by);
    } else if let Some(id) = log.at().and_then(|at| step(log, at, by, false)) {
        log.go(id);
        moves::lock(state);
    }
}

/// Esc in a log: what was searched goes first, then the detail, then the filter, then the marks.
/// `false` when there was nothing left to clear.
pub(in super::super) fn clear(state: &mut State) -> bool {
    let Some(log) = state.focused_mut().and_then(|p| p.log_mut()) else { return false };
    if !log.find.text.is_empty() {
        log.find.text.clear();
        log.found.set(None);
        log.seeking = None;
    } else if log.detail {
        log.detail = false;
    } else if !log.filter.text.is_empty() {
        log.filter.text.clear();
        refilter(log);
    } else if !log.marks.is_empty() {
        log.marks.clear();
    } else {
        return false;
    }
    true
}
