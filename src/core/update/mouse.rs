//! The mouse: a click gives focus and chooses a row, the wheel scrolls what it is over.

use super::{moves, panes};
use crate::core::input::{Mouse, MouseKind};
use crate::core::panes::Body;
use crate::core::state::State;
use ratatui::layout::{Position, Rect};

/// Lines a notch of the wheel moves.
const NOTCH: isize = 3;

pub(super) fn mouse(state: &mut State, m: Mouse) {
    if state.modal.is_some() || !state.options.mouse {
        return;
    }
    let at = Position { x: m.x, y: m.y };
    let Some((id, rect)) = state.visible().into_iter().find(|(_, r)| r.contains(at)) else { return };
    panes::focus_on(state, id);
    if super::shell::mouse(state, m, rect) {
        return;
    }
    match m.kind {
        MouseKind::WheelUp => moves::step(state, -NOTCH),
        MouseKind::WheelDown => moves::step(state, NOTCH),
        MouseKind::Click => click(state, rect, at),
    }
}

fn click(state: &mut State, rect: Rect, at: Position) {
    if super::logs::moves::click(state, rect, at.y) {
        return;
    }
    let Some(Body::Table(t)) = state.focused().map(|p| &p.body) else { return };
    let first = rect.y + t.lines_above();
    if at.y >= first && at.y + 1 < rect.bottom() {
        let row = t.cursor.top() + usize::from(at.y - first);
        moves::to(state, row);
    }
}
