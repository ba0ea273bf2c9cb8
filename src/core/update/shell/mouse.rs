//! The mouse over a program: its own where it asked for it; else the wheel looks at older lines, and lines that it is
//! dragged over are marked.

use super::keys::{focused, held, send};
use super::look;
use crate::core::input::{Button, Key, KeyCode, Mouse, MouseKind};
use crate::core::panes::Body;
use crate::core::panes::shell::ShellPane;
use crate::core::shell;
use crate::core::state::State;
use ratatui::layout::Rect;

/// Lines a notch of the wheel moves.
const NOTCH: usize = 3;

fn of(state: &State) -> Option<&ShellPane> {
    match &state.focused()?.body {
        Body::Shell(s) => Some(s),
        _ => None,
    }
}

/// Whether the focused program wants to be told of each move.
pub(in super::super) fn wants_moves(state: &State) -> bool {
    of(state).is_some_and(|s| s.takes_keys() && shell::wants_moves(s.screen.term()))
}

/// Whether a button that went down in the focused program is still held: what follows is its own, wherever that is.
pub(in super::super) fn pressed(state: &State) -> bool {
    of(state).is_some_and(|s| s.pressed.is_some())
}

/// What the mouse does over the focused pane, or with a button that went down in it; `false` if that is no program's.
pub(in super::super) fn mouse(state: &mut State, m: Mouse, rect: Rect) -> bool {
    let Some(shell) = focused(state) else { return false };
    let inside = m.x > rect.x && m.x + 1 < rect.right() && m.y > rect.y && m.y + 1 < rect.bottom();
    let (width, height) = shell.screen.size();
    // A button that is held is followed beyond the frame, as far as the frame.
    let x = m.x.saturating_sub(rect.x + 1).min(width.saturating_sub(1));
    let y = m.y.saturating_sub(rect.y + 1).min(height.saturating_sub(1));
    let from = shell.pressed;
    match m.kind {
        MouseKind::Click => shell.pressed = inside.then_some((x, y)),
        MouseKind::Release => shell.pressed = None,
        _ => {}
    }
    let follows = matches!(m.kind, MouseKind::Drag | MouseKind::Release);
    if !(if follows { from.is_some() } else { inside }) {
        return true;
    }
    let bytes = if shell.takes_keys() { shell::mouse(shell.screen.term(), Mouse { x, y, ..m }) } else { None };
    match bytes {
        Some(bytes) => {
            let mut before = held(shell);
            before.extend(bytes);
            if !before.is_empty() {
                send(state, before);
            }
        }
        None => ours(state, m, y, from),
    }
    true
}

/// The mouse is not the program's.
fn ours(state: &mut State, m: Mouse, row: u16, from: Option<(u16, u16)>) {
    let Some(shell) = focused(state) else { return };
    let looks = shell.look.is_some();
    let term = shell.screen.term();
    let pager = shell.takes_keys() && term.alternate_screen();
    match (m.kind, from) {
        (MouseKind::WheelUp | MouseKind::WheelDown, _) if pager => {
            // A pager that knows no mouse scrolls by its arrows, as in other terminals.
            let code = if m.kind == MouseKind::WheelUp { KeyCode::Up } else { KeyCode::Down };
            let bytes = shell::key(Key::plain(code), term.application_cursor()).repeat(NOTCH);
            send(state, bytes);
        }
        (MouseKind::WheelUp, _) => {
            look::begin(state);
            look::wheel(state, m.kind, NOTCH);
        }
        (MouseKind::WheelDown, _) => look::wheel(state, m.kind, NOTCH),
        (MouseKind::Click, _) if looks && m.button == Button::Left => look::press(state, row),
        (MouseKind::Drag, Some((_, from))) if m.button == Button::Left => look::drag(state, from, row),
        _ => {}
    }
}
