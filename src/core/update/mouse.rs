//! The mouse: a click gives focus and chooses a row, the wheel scrolls what it is over. What a program has asked for
//! is its own.

use super::{moves, panes, shell};
use crate::core::input::{Button, Mice, Mouse, MouseKind};
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
    let focus = state.focus();
    // What follows a press belongs to where that was; a mere move gives no focus.
    let held = matches!(m.kind, MouseKind::Drag | MouseKind::Release) && shell::pressed(state);
    let is = |id, rect: Rect| if held { Some(id) == focus } else { rect.contains(at) };
    let Some((id, rect)) = state.visible().into_iter().find(|(id, r)| is(*id, *r)) else { return };
    if matches!(m.kind, MouseKind::Drag | MouseKind::Release | MouseKind::Move) {
        if Some(id) == focus {
            shell::mouse(state, m, rect);
        }
        return;
    }
    panes::focus_on(state, id);
    if shell::mouse(state, m, rect) {
        return;
    }
    match (m.kind, m.button) {
        (MouseKind::WheelUp, _) => moves::step(state, -NOTCH),
        (MouseKind::WheelDown, _) => moves::step(state, NOTCH),
        (MouseKind::Click, Button::Left) => click(state, rect, at),
        _ => {}
    }
}

/// What the terminal is to tell of the mouse.
#[must_use]
pub fn mice(state: &State) -> Mice {
    if !state.options.mouse {
        Mice::None
    } else if state.modal.is_none() && shell::wants_moves(state) {
        Mice::Moves
    } else {
        Mice::Buttons
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
