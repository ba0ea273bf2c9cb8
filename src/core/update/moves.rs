//! Movement and marks in the focused pane.

use crate::core::panes::Body;
use crate::core::panes::table::TablePane;
use crate::core::state::State;
use crate::core::store::Store;
use crate::core::view::Move;

/// For how long the order holds after the cursor has moved (ms): nothing slips under a key.
const HOLD_MS: i64 = 2_000;

/// The focused table with its rows and the number of visible ones.
fn on_table(state: &mut State, act: impl FnOnce(&mut TablePane, &Store, usize)) -> bool {
    let height = state.focused_rect().map_or(0, |r| r.height);
    let now = state.now;
    let Some(id) = state.focus() else { return false };
    let Some(Body::Table(t)) = state.panes.get_mut(&id).map(|p| &mut p.body) else { return false };
    let Some(store) = state.streams.get(&t.key) else { return false };
    let rows = t.rows_in(height);
    t.hold_until = now + HOLD_MS;
    act(t, store, rows);
    true
}

fn go(state: &mut State, to: Move) {
    let taken = super::jobs::go(state, to)
        || super::rollout::go(state, to)
        || super::shell::look::go(state, to)
        || super::held::go(state, to);
    if taken {
        return;
    }
    if !on_table(state, |t, store, rows| t.cursor.go(to, store, &t.view, rows)) {
        super::logs::moves::go(state, to);
        scroll_text(state, to);
    }
}

/// A text has no cursor: its first visible line moves.
fn scroll_text(state: &mut State, to: Move) {
    let height = usize::from(state.focused_rect().map_or(0, |r| r.height.saturating_sub(2)));
    if let Some(Body::Text(t)) = state.focused_mut().map(|p| &mut p.body) {
        let last = t.lines.len().saturating_sub(height);
        t.top = to.from(t.top, t.lines.len(), height).min(last);
    }
}

pub(super) fn step(state: &mut State, by: isize) {
    let n = by.unsigned_abs();
    go(state, if by < 0 { Move::Up(n) } else { Move::Down(n) });
}

pub(super) fn page(state: &mut State, by: isize) {
    go(state, if by < 0 { Move::PageUp } else { Move::PageDown });
}

pub(super) fn end(state: &mut State, last: bool) {
    go(state, if last { Move::Bottom } else { Move::Top });
}

pub(super) fn to(state: &mut State, row: usize) {
    go(state, Move::To(row));
}

/// Scrolls columns, or text by a few cells.
pub(super) fn sideways(state: &mut State, by: i16) {
    let last = state.shown_columns().len().saturating_sub(2);
    match state.focused_mut().map(|p| &mut p.body) {
        // The name stays, and with it one column to read.
        Some(Body::Table(t)) => {
            t.left = t.left.saturating_add_signed(by).min(u16::try_from(last).unwrap_or(u16::MAX));
        }
        Some(Body::Text(t)) => t.left = t.left.saturating_add_signed(by * 8),
        Some(Body::Log(l)) => l.left = l.left.saturating_add_signed(by * 8),
        _ => {}
    }
}

/// Marks the row and goes on to the next, so that a run of Space marks a run of rows.
pub(super) fn mark(state: &mut State) {
    if super::shell::look::mark(state) {
        return;
    }
    on_table(state, |t, store, rows| {
        if let Some(row) = t.cursor.target(store) {
            t.marks.toggle(row.uid());
            t.cursor.go(Move::Down(1), store, &t.view, rows);
        }
    });
}

pub(super) fn mark_range(state: &mut State) {
    on_table(state, |t, store, _| {
        if let Some(row) = t.cursor.target(store) {
            t.marks.range(store, &t.view, row.uid());
        }
    });
}

pub(super) fn mark_all(state: &mut State) {
    on_table(state, |t, store, _| t.marks.all(store, &t.view));
}

pub(super) fn clear_marks(state: &mut State) {
    on_table(state, |t, _, _| t.marks.clear());
}
