//! A log pane: only the lines on screen are decoded, styled and broken into rows.

mod detail;
mod frame;
mod line;
mod strip;

use super::chrome;
use super::ink::Ink;
use super::wrap::wrap;
use crate::core::logs::event::StreamState;
use crate::core::panes::Pane;
use crate::core::panes::log::LogPane;
use crate::core::role::Role;
use crate::core::state::State;
use ratatui::layout::{Position, Rect};

pub(super) fn draw(
    ink: &mut Ink<'_>,
    area: Rect,
    state: &State,
    pane: &Pane,
    log: &LogPane,
    focused: bool,
) -> Option<Position> {
    let frame = frame::frame(ink, area, state, log);
    chrome::frame(ink, area, if focused { Role::FrameFocus } else { Role::Frame }, &frame);
    let (prompt, sign) = frame::prompt(log);
    let cursor = super::prompt::draw(ink, area, prompt, sign);
    let inner = chrome::inner(area);
    let lines = log.lines_area(area);
    if lines.y > inner.y {
        strip::draw(ink, Rect { height: 1, ..inner }, log);
    }
    if lines.bottom() < inner.bottom() {
        let below = Rect { y: lines.bottom(), height: inner.bottom() - lines.bottom(), ..inner };
        detail::draw(ink, below, log);
    }
    if log.shown().is_empty() {
        empty(ink, lines, log);
        return cursor;
    }
    let now = state.server_now(pane.cluster) * 1_000;
    let look = line::Look::new(log, now, &state.options.logs.zone);
    let mut y = lines.y;
    let mut before = log.window.top.checked_sub(1).and_then(|r| log.shown().get(r));
    for (rank, id) in (log.window.top..).zip(log.shown().from(log.window.top)) {
        if y >= lines.bottom() {
            break;
        }
        let row = Rect { y, height: lines.bottom() - y, ..lines };
        let above = if rank == log.window.top { log.window.above as u16 } else { 0 };
        y += line::draw(ink, row, &look, id, before, above, focused && rank == log.window.cursor);
        before = Some(id);
    }
    cursor
}

/// Why there is no line.
fn empty(ink: &mut Ink<'_>, area: Rect, log: &LogPane) {
    let streams = log.store.streams();
    let (text, role) = match &log.store.pods {
        Some(Err(problem)) => (problem.to_string(), Role::FreshError),
        _ if log.kept.busy() => ("looking through the lines".to_owned(), Role::FreshSyncing),
        _ if log.kept.active() => ("no line passes the filter; Esc clears it".to_owned(), Role::Dim),
        Some(Ok(0)) => ("no pods yet; lines show as soon as there are any".to_owned(), Role::Dim),
        _ => match streams.first().map(|s| &s.state) {
            None => ("looking for pods".to_owned(), Role::FreshSyncing),
            Some(StreamState::Waiting(why)) => (format!("nothing to read yet: {why}"), Role::FreshStale),
            Some(StreamState::Failed(problem)) => (problem.to_string(), Role::FreshError),
            Some(StreamState::Queued) => ("opening".to_owned(), Role::FreshSyncing),
            Some(_) => ("no lines yet".to_owned(), Role::Dim),
        },
    };
    for (i, line) in wrap(&text, area.width.saturating_sub(4)).iter().enumerate() {
        let y = area.y + 1 + i as u16;
        if y < area.bottom() {
            ink.put(area.x + 2, y, area.right(), line, role);
        }
    }
}
