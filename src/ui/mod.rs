//! Drawing: the state into a frame. Reads only; the same state gives the same frame.
//!
//! `look` is a theme translated for the frame buffer, `ink` writes into it, `width` knows how wide
//! text is, `chrome` draws frames; then one file (or folder) for each thing on the screen.

mod board;
mod chrome;
pub mod emit;
mod header;
mod held;
mod hints;
mod ink;
mod jobs;
mod journal;
mod log_pane;
mod look;
mod modal;
mod prompt;
mod rollout;
mod shell_pane;
mod spark;
mod table;
mod text_pane;
mod which;
mod words;

#[cfg(test)]
mod tests;

pub use look::Look;

use crate::core::layout;
use crate::core::panes::Body;
use crate::core::role::Role;
use crate::core::state::State;
use crate::core::{width, wrap};
use ink::Ink;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

pub use crate::core::layout::MIN_SIZE;

/// Draws the whole screen into `buf`, whose area is the terminal. Returns where the terminal's
/// cursor belongs while text is being typed, else `None`.
pub fn draw(state: &State, look: &Look, buf: &mut Buffer) -> Option<Position> {
    let area = buf.area;
    let mut ink = Ink { buf, look };
    ink.fill(area, Role::Base);
    if area.width < MIN_SIZE.0 || area.height < MIN_SIZE.1 {
        too_small(&mut ink, area);
        return None;
    }
    let (top, body, bottom) = layout::screen(area.width, area.height);
    header::draw(&mut ink, top, state);
    let mut cursor = None;
    if let Some(tab) = state.tabs.get(state.tab) {
        for (id, rect) in tab.rects(body) {
            let at = pane(&mut ink, rect, state, id, tab.focus == id);
            cursor = at.or(cursor);
        }
    }
    if let Some(modal) = &state.modal {
        cursor = modal::draw(&mut ink, body, state, modal);
    }
    hints::draw(&mut ink, bottom, body, state);
    cursor
}

fn pane(ink: &mut Ink<'_>, area: Rect, state: &State, id: layout::PaneId, focused: bool) -> Option<Position> {
    let pane = state.panes.get(&id)?;
    match &pane.body {
        Body::Table(t) => {
            let store = state.streams.get(&t.key);
            table::draw(ink, area, &table::Table { state, pane, body: t, store, focused })
        }
        Body::Text(t) => text_pane::draw(ink, area, state, t, focused),
        Body::Log(l) => log_pane::draw(ink, area, state, pane, l, focused),
        Body::Jobs(j) => {
            jobs::draw(ink, area, state, j, focused);
            None
        }
        Body::Board(b) => {
            board::draw(ink, area, state, b, focused);
            None
        }
        Body::Journal(j) => journal::draw(ink, area, state, j, focused),
        Body::Held(h) => {
            held::draw(ink, area, state, h, focused);
            None
        }
        Body::Shell(s) => shell_pane::draw(ink, area, state, s, focused),
        Body::Rollout(r) => {
            rollout::draw(ink, area, state, r, focused);
            None
        }
    }
}

fn too_small(ink: &mut Ink<'_>, area: Rect) {
    let text = format!("terminal too small: {}x{}, needs {}x{}", area.width, area.height, MIN_SIZE.0, MIN_SIZE.1);
    for (line, y) in wrap::wrap(&text, area.width).iter().zip(area.top()..area.bottom()) {
        ink.put(area.x, y, area.right(), line, Role::NoticeWarn);
    }
}
