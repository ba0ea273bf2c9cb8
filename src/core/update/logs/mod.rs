//! Log panes: taking lines, keeping what is on screen in step with them, and the keys.

pub(super) mod keys;
pub(super) mod merge;
pub(super) mod moves;
pub(super) mod open;
pub(super) mod prompt;
#[cfg(test)]
mod tests;
pub(super) mod words;

use crate::core::effect::Effect;
use crate::core::layout::PaneId;
use crate::core::logs::event::{LogEvent, LogOrder};
use crate::core::logs::lens::LensKind;
use crate::core::logs::scan::{Found, Job};
use crate::core::logs::source::{LogId, Wish};
use crate::core::panes::Body;
use crate::core::panes::log::LogPane;
use crate::core::state::State;
use ratatui::layout::Rect;

/// A pane keeps at least so many bytes, however many there are.
const LEAST: usize = 4 << 20;

fn reading(state: &mut State, id: LogId) -> Option<&mut LogPane> {
    state.panes.values_mut().find_map(|p| p.reading(id))
}

/// Takes a report of a reading.
pub(super) fn take(state: &mut State, id: LogId, event: LogEvent) {
    let (now, window, limit) = (state.now, state.options.logs.reorder_ms, limit(state));
    let Some(log) = reading(state, id) else { return };
    if event == LogEvent::Anew {
        return log.reread(log.wish.clone());
    }
    let joined = matches!(event, LogEvent::Join(_));
    // A reading that has just begun is told what its pane wants besides.
    let begun = log.events && log.store.pods.is_none() && matches!(event, LogEvent::Pods(Ok(_)));
    if let LogEvent::Leave(stream) = event {
        log.store.of_stream(stream).into_iter().for_each(|segment| forget(log, segment));
    }
    log.store.apply(event, now, window);
    if joined {
        log.label();
    }
    while let Some(segment) = log.store.overflow(limit) {
        forget(log, segment);
        log.store.evict(segment);
    }
    if begun {
        state.effects.push(Effect::Log(id, LogOrder::Events(true)));
    }
}

/// Takes note of a segment that is about to go.
fn forget(log: &mut LogPane, segment: u32) {
    let segments = log.store.segments();
    log.kept.forget(segments, segment);
    log.found.forget(segments, segment);
    log.tally.forget(segments, segment);
    log.marks.retain(|m| m.segment != segment);
}

/// Bytes that one log may keep now.
fn limit(state: &State) -> usize {
    let options = &state.options.logs;
    let bodies = state.panes.values().flat_map(|p| std::iter::once(&p.body).chain(&p.back).chain(&p.forward));
    let logs = bodies.filter(|b| matches!(b, Body::Log(_))).count().max(1);
    options.pane_bytes.min(options.total_bytes / logs).max(LEAST)
}

/// Takes what a search found.
pub(super) fn found(state: &mut State, id: LogId, kind: LensKind, generation: u64, found: Vec<Found>, last: bool) {
    let Some(log) = reading(state, id) else { return };
    if log.lens(kind).generation != generation {
        // What an older search has found; who waits for the newer one goes on waiting.
        return;
    }
    let segments = log.store.segments();
    match kind {
        LensKind::Kept => log.kept.take(segments, generation, found, last),
        LensKind::Found => log.found.take(segments, generation, found, last),
        LensKind::Tally => log.tally.take(segments, generation, found, last),
    }
    if last && kind == LensKind::Found {
        prompt::arrived(log);
    }
}

/// Takes note that a reading was stopped. Its lines stay to be seen.
pub(super) fn stopped(state: &mut State, id: LogId) {
    if let Some(log) = reading(state, id) {
        log.stopped = true;
    }
}

/// A log that is on screen again after it was let go is read anew.
pub(super) fn revive(state: &mut State) {
    for (pane, _) in state.visible() {
        if state.panes.get(&pane).and_then(|p| p.log()).is_some_and(|l| l.stopped) {
            reread(state, pane, |_| {});
        }
    }
}

/// Reads a pane's log again with other options.
pub(super) fn reread(state: &mut State, pane: PaneId, change: impl FnOnce(&mut Wish)) {
    let id = state.log_id();
    if let Some(log) = state.panes.get_mut(&pane).and_then(|p| p.log_mut()) {
        let mut wish = Wish { id, ..log.wish.clone() };
        change(&mut wish);
        log.reread(wish);
    }
}

/// Brings a log on screen up to what has come, and hands out the work of its searches.
pub(super) fn settle(log: &mut LogPane, rect: Rect, effects: &mut Vec<Effect>) {
    let wanted = log.strip.then_some(Job::Tally);
    if log.tally.active() != wanted.is_some() {
        log.tally.set(wanted);
    }
    let inside = log.lines_area(rect);
    log.settle(inside.height, inside.width);
    for lens in [LensKind::Kept, LensKind::Found, LensKind::Tally] {
        let store = &log.store;
        let work = match lens {
            LensKind::Kept => log.kept.work(store),
            LensKind::Found => log.found.work(store),
            LensKind::Tally => log.tally.work(store),
        };
        if let Some((job, work)) = work {
            let generation = log.lens(lens).generation;
            effects.push(Effect::Search { log: log.wish.id, lens, generation, job, work });
        }
    }
}

/// The names of the pods of a log.
pub(super) fn names(log: &LogPane) -> Vec<String> {
    let mut names: Vec<String> = log.store.streams().iter().map(|s| s.name.pod.to_string()).collect();
    names.dedup();
    names
}
