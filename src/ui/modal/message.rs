//! Something longer than a line, to be read and left.

use super::{centred, open};
use crate::core::role::Role;
use crate::ui::ink::Ink;
use crate::ui::width::width;
use crate::ui::wrap::wrap;
use ratatui::layout::Rect;
use std::sync::Arc;

/// Lines of prose are not wider than this.
const WIDEST: u16 = 68;

pub(super) fn draw(ink: &mut Ink<'_>, body: Rect, title: &str, lines: &[Arc<str>]) {
    let widest = lines.iter().map(|l| width(l)).chain([width(title)]).max().unwrap_or(0).min(WIDEST);
    let wide = widest.saturating_add(4).clamp(20, body.width.max(20));
    let room = wide.min(body.width).saturating_sub(4);
    let lines: Vec<String> =
        lines.iter().flat_map(|l| if l.is_empty() { vec![String::new()] } else { wrap(l, room) }).collect();
    let area = centred(body, wide, lines.len() as u16 + 2);
    let inside = open(ink, area, title, "Esc leaves");
    let height = usize::from(inside.height);
    let cut = lines.len() > height;
    for (i, (line, y)) in lines.iter().zip(inside.y..inside.bottom()).enumerate() {
        let line = if cut && i + 1 == height { "the screen is too small for the rest" } else { line };
        ink.put(inside.x + 1, y, inside.right(), line, Role::Modal);
    }
}
