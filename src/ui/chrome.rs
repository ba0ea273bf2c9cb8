//! The frame of a pane or modal: thin borders that carry what belongs to the whole.

use super::ink::{Ink, Piece, pieces_width};
use super::width::width;
use crate::core::role::Role;
use ratatui::layout::Rect;

/// What the borders say.
#[derive(Default)]
pub(super) struct Frame {
    /// Upper left: what this is.
    pub title: Vec<Piece>,
    /// Upper right: the first of these that leaves the title room is shown.
    pub state: Vec<String>,
    /// The role of `state`.
    pub state_role: Option<Role>,
    /// Lower left.
    pub left: Vec<Piece>,
    /// Lower right; gives way to the left.
    pub right: Vec<Piece>,
}

/// The inside of a frame.
pub(super) fn inner(area: Rect) -> Rect {
    Rect {
        x: area.x.saturating_add(1),
        y: area.y.saturating_add(1),
        width: area.width.saturating_sub(2),
        height: area.height.saturating_sub(2),
    }
}

/// Draws the frame. Too small an area stays empty.
pub(super) fn frame(ink: &mut Ink<'_>, area: Rect, border: Role, frame: &Frame) {
    if area.width < 4 || area.height < 2 {
        return;
    }
    let b = ink.look.symbols.border;
    let (left, right, top, bottom) = (area.left(), area.right() - 1, area.top(), area.bottom() - 1);
    for x in left..=right {
        ink.char(x, top, b.horizontal, border);
        ink.char(x, bottom, b.horizontal, border);
    }
    for y in top..=bottom {
        ink.char(left, y, b.vertical, border);
        ink.char(right, y, b.vertical, border);
    }
    for (x, y, c) in [
        (left, top, b.top_left),
        (right, top, b.top_right),
        (left, bottom, b.bottom_left),
        (right, bottom, b.bottom_right),
    ] {
        ink.char(x, y, c, border);
    }
    upper(ink, area, frame);
    edge(ink, area, bottom, &frame.left, &frame.right);
}

fn upper(ink: &mut Ink<'_>, area: Rect, frame: &Frame) {
    let role = frame.state_role.unwrap_or(Role::Fresh);
    // Corners, a blank around each text, one stroke between them.
    let room = area.width.saturating_sub(7);
    let title = pieces_width(&frame.title);
    let fits = |t: &&String| width(t) <= room.saturating_sub(title.min(room / 2));
    let state = frame.state.iter().find(fits).or(frame.state.last());
    let state: Vec<Piece> = state.map(|t| (t.clone(), role)).into_iter().collect();
    edge(ink, area, area.top(), &frame.title, &state);
}

/// Text on a border: left first, right as far as there is room.
fn edge(ink: &mut Ink<'_>, area: Rect, y: u16, left: &[Piece], right: &[Piece]) {
    let end = area.right() - 1;
    let room = area.width.saturating_sub(7);
    let mut right_w = pieces_width(right);
    let left_w = pieces_width(left);
    if y == area.top() {
        // The state of a pane is worth more than the end of its title.
        right_w = if right_w > room { 0 } else { right_w };
    } else if left_w + right_w > room {
        right_w = 0;
    }
    let left_end = if right_w > 0 { end - right_w - 3 } else { end - 1 };
    if left_w > 0 {
        let x = area.left() + 1;
        ink.put(x, y, x + 1, " ", Role::Frame);
        let at = ink.pieces(x + 1, y, left_end, left);
        ink.put(at, y, at + 1, " ", Role::Frame);
    }
    if right_w > 0 {
        let x = end - right_w - 2;
        ink.put(x, y, x + 1, " ", Role::Frame);
        ink.pieces(x + 1, y, end - 1, right);
        ink.put(end - 1, y, end, " ", Role::Frame);
    }
}
