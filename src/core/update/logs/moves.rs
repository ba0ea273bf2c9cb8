//! Moving in a log. Going up leaves the end; going past the last line returns to it.

use crate::core::logs::segments::LineId;
use crate::core::panes::Body;
use crate::core::panes::log::LogPane;
use crate::core::state::State;
use crate::core::view::Move;
use ratatui::layout::Rect;

/// Moves the cursor of the focused log.
pub(in super::super) fn go(state: &mut State, to: Move) {
    let Some(rect) = state.focused_rect() else { return };
    let Some(log) = state.focused_mut().and_then(|p| p.log_mut()) else { return };
    let area = log.lines_area(rect);
    let count = log.shown().len();
    if count == 0 {
        return;
    }
    let (height, at) = (usize::from(area.height.max(1)), log.window.cursor);
    match to {
        Move::Bottom => log.follow(),
        Move::Down(_) | Move::PageDown | Move::HalfDown if log.following() => {}
        Move::PageDown => {
            // The last line that was seen whole is the first one next: nothing is passed over.
            let last = log.bottom(area.height, area.width);
            if last + 1 >= count {
                log.follow();
            } else {
                place(log, last.max(log.window.top + 1), last.max(log.window.top + 1));
            }
        }
        Move::PageUp => {
            log.pause();
            let top = log.window.top;
            let first = log.up_to(top, area.height, area.width);
            place(log, first, first);
        }
        _ => {
            let next = to.from(at, count, height);
            if next + 1 == count && matches!(to, Move::Down(_)) && at + 1 == count {
                log.follow();
            } else {
                log.pause();
                if let Some(id) = log.shown().get(next) {
                    log.go(id);
                }
            }
        }
    }
    lock(state);
}

fn place(log: &mut LogPane, top: usize, cursor: usize) {
    log.pause();
    log.top = log.shown().get(top);
    log.cursor = log.shown().get(cursor);
}

/// A click puts the cursor on the line under it; `false` if the pane is no log.
pub(in super::super) fn click(state: &mut State, rect: Rect, y: u16) -> bool {
    let Some(log) = state.focused_mut().and_then(|p| p.log_mut()) else { return false };
    let area = log.lines_area(rect);
    if y >= area.y
        && y < area.bottom()
        && let Some(id) = log.line_at(y - area.y, area.width)
    {
        log.go(id);
    }
    true
}

/// Puts the cursor on the first line written at or after a time (Unix microseconds), or on the last.
pub(super) fn to_time(log: &mut LogPane, at: i64) {
    let order = log.shown();
    let rank = order.rank(log.store.segments(), (at, 0, i64::MIN, 0)).min(order.len().saturating_sub(1));
    let Some(id) = order.get(rank) else { return };
    log.pause();
    log.cursor = Some(id);
    log.top = Some(id);
}

/// Under the time lock, takes the other log panes of the tab to the moment of the focused one.
pub(super) fn lock(state: &mut State) {
    if !state.time_lock {
        return;
    }
    let Some(from) = state.focus() else { return };
    let Some(log) = state.panes.get(&from).and_then(|p| p.log()) else { return };
    let at: Option<i64> = log.cursor.map(|id: LineId| log.store.time(id));
    let others: Vec<_> = state.tabs.get(state.tab).map(|t| t.root.leaves()).unwrap_or_default();
    for id in others.into_iter().filter(|id| *id != from) {
        let Some(Body::Log(other)) = state.panes.get_mut(&id).map(|p| &mut p.body) else { continue };
        match at {
            Some(at) => {
                // The last line written by then: what had happened at that moment.
                let order = other.shown();
                let after = order.rank(other.store.segments(), (at + 1, 0, i64::MIN, 0));
                if let Some(line) = order.get(after.saturating_sub(1)) {
                    other.pause();
                    other.cursor = Some(line);
                }
            }
            None => other.follow(),
        }
    }
}
