//! The chooser of columns: what is shown, in its order, and what could be.

use super::{centred, open};
use crate::core::modals::{Chooser, Entry};
use crate::core::role::Role;
use crate::ui::ink::Ink;
use crate::ui::prompt::text_field;
use crate::ui::width::width;
use crate::ui::words::count;
use ratatui::layout::{Position, Rect};

/// The box is not wider than this.
const WIDEST: u16 = 84;

pub(super) fn draw(ink: &mut Ink<'_>, body: Rect, c: &Chooser) -> Option<Position> {
    let found = c.found();
    let area = centred(body, body.width.min(WIDEST), body.height.saturating_sub(1).min(30));
    let on = c.entries.iter().filter(|e| e.on).count();
    let right = format!("{} of {} shown", count(on as u64), count(c.entries.len() as u64));
    let inside = open(ink, area, &format!("columns of {}", c.kind.plural), &right);
    if inside.height < 2 || inside.width < 12 {
        return None;
    }
    ink.put(inside.x, inside.y, inside.right(), "/", Role::ModalTitle);
    let field = Rect { x: inside.x + 1, width: inside.width - 2, height: 1, ..inside };
    if c.line.text().is_empty() {
        let hint = "type to narrow, or label:KEY, annotation:KEY";
        ink.put(field.x + 2, field.y, field.right(), hint, Role::Dim);
    }
    let cursor = text_field(ink, field, &c.line, Role::Input);
    let rows = Rect { y: inside.y + 1, height: inside.height - 1, ..inside };
    if found.is_empty() {
        let (text, role) = match c.typed() {
            Some(pick) => (format!("Space adds {pick}"), Role::Modal),
            None => ("no column is called so; label:KEY and annotation:KEY are".into(), Role::Dim),
        };
        ink.put(rows.x + 1, rows.y, rows.right(), &text, role);
        return Some(cursor);
    }
    let height = usize::from(rows.height);
    let top = (c.at + 1).saturating_sub(height);
    let shown = &found[top.min(found.len())..(top + height).min(found.len())];
    let name_w = shown.iter().map(|&i| width(&c.entries[i].pick.to_string())).max().unwrap_or(0).min(rows.width / 2);
    for (i, (&entry, y)) in shown.iter().zip(rows.y..rows.bottom()).enumerate() {
        line(ink, Rect { y, height: 1, ..rows }, &c.entries[entry], name_w, top + i == c.at);
    }
    Some(cursor)
}

fn line(ink: &mut Ink<'_>, row: Rect, e: &Entry, name_w: u16, chosen: bool) {
    let role = if e.on { Role::Modal } else { Role::Dim };
    ink.put(row.x + 1, row.y, row.right(), if e.on { "[x]" } else { "[ ]" }, role);
    ink.put(row.x + 5, row.y, row.x + 5 + name_w, &e.pick.to_string(), role);
    ink.put(row.x + 7 + name_w, row.y, row.right().saturating_sub(1), &e.doc, Role::Dim);
    if chosen {
        ink.char(row.x, row.y, ink.look.symbols.cursor, Role::Modal);
        ink.over(row, Role::RowCursor);
    }
}
