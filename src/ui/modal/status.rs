//! The status page.

use super::{centred, open};
use crate::core::state::State;
use crate::core::status;
use crate::ui::ink::{Ink, Piece};
use ratatui::layout::Rect;

pub(super) fn draw(ink: &mut Ink<'_>, body: Rect, state: &State, top: usize) {
    let lines = status::lines(state);
    let area = centred(body, 100, (lines.len() + 2).min(usize::from(u16::MAX)) as u16);
    let height = usize::from(area.height.saturating_sub(2));
    let top = top.min(lines.len().saturating_sub(height));
    let last = (top + height).min(lines.len());
    let right = if lines.len() > height { format!("{}-{last}/{}", top + 1, lines.len()) } else { String::new() };
    let inside = open(ink, area, "status of qd", &right);
    for (line, y) in lines[top..last].iter().zip(inside.y..inside.bottom()) {
        let pieces: Vec<Piece> = line.iter().map(|s| (s.text.clone(), s.role)).collect();
        ink.pieces(inside.x + 1, y, inside.right().saturating_sub(1), &pieces);
    }
}
