//! The line being typed in a pane's lower border, with what is wrong with it.

use super::ink::Ink;
use super::width::{tail, width};
use crate::core::line::Line;
use crate::core::panes::table::Prompt;
use crate::core::role::Role;
use ratatui::layout::{Position, Rect};

/// Draws the open prompt of a pane. Returns where the text cursor is.
pub(super) fn draw(ink: &mut Ink<'_>, area: Rect, prompt: &Prompt, sign: char) -> Option<Position> {
    let line = prompt.line.as_ref()?;
    if area.width < 8 || area.height < 2 {
        return None;
    }
    let (y, left, end) = (area.bottom() - 1, area.x + 2, area.right() - 2);
    let error = prompt.error.as_deref().unwrap_or("");
    let role = if error.is_empty() { Role::Input } else { Role::InputError };
    ink.fill(Rect { x: left - 1, y, width: end + 1 - (left - 1), height: 1 }, role);
    ink.put(left, y, end, sign.encode_utf8(&mut [0; 4]), role);
    // The error takes what the text leaves, or half the border where that is more.
    let room = end - left - 1;
    let free = room.saturating_sub(width(line.text()).saturating_add(4)).max(room / 2);
    let err = if error.is_empty() { 0 } else { width(error).min(free) };
    let field = Rect { x: left + 1, y, width: room - err - u16::from(err > 0) * 2, height: 1 };
    if err > 0 {
        ink.put(end - err, y, end, error, Role::InputError);
    }
    Some(text_field(ink, field, line, role))
}

/// A line's text in one row, scrolled so that its cursor is in sight. Returns where that is.
pub(super) fn text_field(ink: &mut Ink<'_>, area: Rect, line: &Line, role: Role) -> Position {
    let text = line.text();
    let before: String = text.chars().take(line.cursor()).collect();
    let at = width(&before);
    let skip = (at + 1).saturating_sub(area.width);
    let (shown, _) = tail(text, skip);
    let x = (area.x + at.saturating_sub(skip)).min(area.right().saturating_sub(1)).max(area.x);
    if skip > 0 {
        // Cut at the left: no ellipsis at the right, where the cursor is.
        let (fits, _) = super::width::head(shown, area.width);
        ink.put(area.x, area.y, area.right(), fits, role);
    } else {
        ink.put(area.x, area.y, area.right(), shown, role);
    }
    Position { x, y: area.y }
}
