//! The keys that may come next in a sequence, in a box above the hint line, when the line is too short for them.

use super::chrome::{self, Frame};
use super::hints::Hint;
use super::ink::{Ink, pieces_width};
use crate::core::role::Role;
use ratatui::layout::Rect;

/// Blanks between two columns of hints.
const GAP: u16 = 2;

/// Draws the box at the lower edge of the panes.
pub(super) fn draw(ink: &mut Ink<'_>, body: Rect, typed: &str, hints: &[Hint]) {
    let room = body.width.saturating_sub(4);
    let widest = hints.iter().map(|h| pieces_width(h)).max().unwrap_or(0).clamp(1, room.max(1));
    let columns = usize::from(((room + GAP) / (widest + GAP)).max(1));
    let rows = hints.len().div_ceil(columns).min(usize::from(body.height.saturating_sub(2)));
    let height = rows as u16 + 2;
    if height > body.height {
        return;
    }
    let area = Rect { y: body.bottom() - height, height, ..body };
    ink.fill(area, Role::Modal);
    let frame = Frame { title: vec![(typed.to_owned(), Role::ModalTitle)], ..Frame::default() };
    chrome::frame(ink, area, Role::FrameFocus, &frame);
    // Down first: neighbours in the keymap belong together.
    for (i, hint) in hints.iter().enumerate().take(rows * columns) {
        let (column, row) = (i / rows, i % rows);
        let x = area.x + 2 + column as u16 * (widest + GAP);
        ink.pieces(x, area.y + 1 + row as u16, area.right() - 1, hint);
    }
}
