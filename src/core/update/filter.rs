//! The line typed in a pane: a table's filter, a text's search. What is typed
//! counts at once; what cannot be understood leaves the last good one in force.

use super::{logs, text};
use crate::core::input::{Input, Key, KeyCode};
use crate::core::line::Line;
use crate::core::panes::Body;
use crate::core::panes::log::Asking;
use crate::core::panes::table::Prompt;
use crate::core::query::Query;
use crate::core::state::State;

fn prompt(state: &mut State) -> Option<&mut Prompt> {
    match &mut state.focused_mut()?.body {
        Body::Table(t) => Some(&mut t.filter),
        Body::Text(t) => Some(&mut t.find),
        Body::Log(l) => Some(l.prompt()),
        Body::Journal(j) => Some(&mut j.filter),
        Body::Shell(s) => Some(&mut s.find),
        Body::Jobs(_) | Body::Board(_) | Body::Rollout(_) | Body::Held(_) => None,
    }
}

pub(super) fn open(state: &mut State) {
    if let Some(log) = state.focused_mut().and_then(|p| p.log_mut()) {
        log.asking = Asking::Find;
    }
    open_line(state);
}

/// Opens the line of the prompt that is being asked.
pub(super) fn open_line(state: &mut State) {
    if let Some(p) = prompt(state) {
        p.line = Some(Line::new(&p.text));
    }
}

/// Closes the line and takes back what it did.
pub(super) fn cancel(state: &mut State) {
    if let Some(p) = prompt(state) {
        p.line = None;
        p.error = None;
        p.text.clear();
    }
    apply(state);
}

pub(super) fn input(state: &mut State, input: &Input) {
    match input {
        Input::Key(Key { code: KeyCode::Esc, .. }) => cancel(state),
        Input::Key(Key { code: KeyCode::Enter, .. }) => {
            if let Some(p) = prompt(state)
                && p.error.is_none()
            {
                p.line = None;
            }
            text::to_hit(state);
            super::shell::look::find(state, false);
            logs::prompt::entered(state);
        }
        Input::Key(Key { code: KeyCode::Up, .. }) => super::moves::step(state, -1),
        Input::Key(Key { code: KeyCode::Down, .. }) => super::moves::step(state, 1),
        _ => {
            let log = state.focused().is_some_and(|p| p.log().is_some());
            let plain = state.focused().is_some_and(|p| matches!(p.body, Body::Shell(_)));
            let Some(p) = prompt(state) else { return };
            let Some(line) = &mut p.line else { return };
            if !line.take(input) {
                return;
            }
            let typed = line.text().to_owned();
            let read = if plain {
                Ok(())
            } else if log {
                logs::prompt::check(state, &typed)
            } else {
                Query::parse(&typed).map(|_| ()).map_err(|e| e.to_string())
            };
            let Some(p) = prompt(state) else { return };
            match read {
                Ok(()) => {
                    p.text = typed;
                    p.error = None;
                    apply(state);
                }
                Err(e) => p.error = Some(e),
            }
        }
    }
}

/// Puts the filter's text in force.
pub(super) fn apply(state: &mut State) {
    match state.focused_mut().map(|p| &mut p.body) {
        Some(Body::Table(t)) => {
            if let Ok(query) = Query::parse(&t.filter.text) {
                t.query = query;
            }
        }
        Some(Body::Text(t)) => text::search(t),
        Some(Body::Log(_)) => logs::prompt::apply(state),
        Some(Body::Journal(_)) => super::jobs::filter_journal(state),
        Some(Body::Jobs(_) | Body::Board(_) | Body::Shell(_) | Body::Rollout(_) | Body::Held(_)) | None => {}
    }
}
