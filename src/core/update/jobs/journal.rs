//! The journal's pane: its lines come from disk, while a pane shows them.

use crate::core::effect::Effect;
use crate::core::journal::Line;
use crate::core::modals::Modal;
use crate::core::panes::jobs::JournalPane;
use crate::core::panes::text::Finder;
use crate::core::panes::{Body, Pane};
use crate::core::state::State;
use std::sync::Arc;

/// How often it is read while it is on screen (ms): other runs write to it too.
const READ_MS: i64 = 2_000;

/// Opens the pane.
pub(in crate::core::update) fn open(state: &mut State) {
    let pane = Body::Journal(Box::default());
    match state.focused_mut() {
        Some(p) if !matches!(p.body, Body::Journal(_)) => p.go(pane),
        _ => return,
    }
    read(state);
    filter(state);
}

fn read(state: &mut State) {
    state.jobs.journal_asked = state.now;
    state.effects.push(Effect::ReadJournal);
}

pub(super) fn tick(state: &mut State) {
    others(state);
    let shown =
        state.visible().iter().any(|(id, _)| matches!(state.panes.get(id), Some(Pane { body: Body::Journal(_), .. })));
    if shown && state.now - state.jobs.journal_asked >= READ_MS {
        read(state);
    }
}

/// What other runs are at is looked at again while a pane shows it.
fn others(state: &mut State) {
    let shown =
        state.visible().iter().any(|(id, _)| matches!(state.panes.get(id), Some(Pane { body: Body::Jobs(_), .. })));
    if shown && state.now - state.jobs.others_asked >= READ_MS {
        state.jobs.others_asked = state.now;
        state.effects.push(Effect::ReadOthers);
    }
}

/// Takes what was read.
pub(in crate::core::update) fn told(state: &mut State, lines: Result<Vec<Line>, Arc<str>>) {
    state.jobs.journal = lines;
    filter(state);
}

/// Chooses the lines to show anew.
pub(in crate::core::update) fn filter(state: &mut State) {
    let lines = state.jobs.journal.as_deref().unwrap_or_default();
    let rects = state.visible();
    for pane in state.panes.values_mut() {
        let height = rects.iter().find(|(id, _)| *id == pane.id).map_or(0, |(_, r)| usize::from(r.height));
        let Body::Journal(j) = &mut pane.body else { continue };
        choose(j, lines, height.saturating_sub(2));
    }
}

fn choose(j: &mut JournalPane, lines: &[Line], height: usize) {
    let finder = Finder::new(&j.filter.text);
    let fits = |line: &Line| finder.as_ref().is_none_or(|f| !f.places(&line.told()).is_empty());
    j.shown = (0..lines.len()).filter(|at| fits(&lines[*at])).collect();
    if j.follow {
        j.list.at = j.shown.len().saturating_sub(1);
    }
    j.list.keep(j.shown.len(), height);
}

/// Shows all of the line under the cursor.
pub(super) fn whole(state: &mut State) {
    let Some(Body::Journal(j)) = state.focused().map(|p| &p.body) else { return };
    let lines = state.jobs.journal.as_deref().unwrap_or_default();
    let Some(line) = j.shown.get(j.list.at).and_then(|at| lines.get(*at)) else { return };
    let title = format!("journal, job {}", line.job).into();
    let lines = line.whole().into_iter().map(Into::into).collect();
    state.modal = Some(Modal::Message { title, lines });
}
