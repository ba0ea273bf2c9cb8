//! The line under the cursor in full: structured lines field by field, others with all that belongs
//! to them.

use crate::core::logs::labels;
use crate::core::logs::segments::LineId;
use crate::core::logs::{fields, fold, shape};
use crate::core::panes::log::LogPane;
use crate::core::role::Role;
use crate::ui::ink::Ink;
use crate::ui::width::width;
use ratatui::layout::Rect;

pub(super) fn draw(ink: &mut Ink<'_>, area: Rect, log: &LogPane) {
    let line = ink.look.symbols.border.horizontal;
    for x in area.left()..area.right() {
        ink.char(x, area.y, line, Role::Frame);
    }
    let Some(id) = log.at() else { return };
    let Some(held) = log.store.held(id) else { return };
    let name = log.store.streams().get(usize::from(held.stream)).map(|s| labels::full(&s.name)).unwrap_or_default();
    let time = jiff::Timestamp::from_microsecond(log.store.time(id)).unwrap_or_default();
    ink.put(area.x + 1, area.y, area.right() - 1, &format!(" {time:.6} {name} "), Role::Title);
    let inside = Rect { x: area.x + 1, y: area.y + 1, width: area.width.saturating_sub(2), height: area.height - 1 };
    let text = held.lines.text(id.line as usize);
    let all = fields::all(text);
    if all.is_empty() { plain(ink, inside, log, id) } else { pairs(ink, inside, &all) }
}

fn pairs(ink: &mut Ink<'_>, area: Rect, all: &[fields::Field<'_>]) {
    let names = all.iter().map(|(n, _)| width(n)).max().unwrap_or(0).min(area.width / 3);
    let room = area.width.saturating_sub(names + 2).max(2);
    let mut y = area.y;
    for (name, value) in all {
        if y >= area.bottom() {
            return;
        }
        ink.put(area.x, y, area.x + names, name, Role::TextKey);
        for row in rows(value, room) {
            if y >= area.bottom() {
                return;
            }
            ink.put(area.x + names + 2, y, area.right(), row, Role::TextValue);
            y += 1;
        }
    }
}

fn plain(ink: &mut Ink<'_>, area: Rect, log: &LogPane, id: LineId) {
    let Some(held) = log.store.held(id) else { return };
    let line = id.line as usize;
    let last = line + fold::followers(&held.lines, line);
    let mut y = area.y;
    for text in (line..=last).map(|l| held.lines.text(l)) {
        for row in rows(text, area.width.max(2)) {
            if y >= area.bottom() {
                return;
            }
            ink.put(area.x, y, area.right(), row, Role::Log);
            y += 1;
        }
    }
}

/// A text in rows.
fn rows(text: &str, room: u16) -> impl Iterator<Item = &str> {
    let text = shape::part(text);
    let starts = shape::rows(text, room);
    let ends = starts.iter().skip(1).copied().chain([text.len()]).collect::<Vec<_>>();
    starts.into_iter().zip(ends).map(move |(from, to)| &text[from..to])
}
