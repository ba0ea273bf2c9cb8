//! A line with a list under it: the palette and the pickers.

use super::{centred, open};
use crate::core::modals::{Choice, Item};
use crate::core::role::Role;
use crate::ui::ink::Ink;
use crate::ui::prompt::text_field;
use crate::ui::width::width;
use crate::ui::words::count;
use ratatui::layout::{Position, Rect};

pub(super) fn palette(ink: &mut Ink<'_>, body: Rect, c: &Choice) -> Option<Position> {
    let wide = if body.width < 60 { body.width } else { (body.width * 3 / 4).min(96) };
    // The height does not follow the list: a box that jumps with each key is hard to read.
    let area = centred(body, wide, 16.min(body.height.saturating_sub(1)));
    let right = counted(c);
    let inside = open(ink, area, "command", &right);
    let empty = if c.line.text().contains(' ') { "Enter runs this as typed" } else { "nothing is called so" };
    list(ink, inside, c, ':', empty)
}

pub(super) fn picker(ink: &mut Ink<'_>, body: Rect, c: &Choice, title: &str, hint: &str) -> Option<Position> {
    let beside = |i: &Item| width(i.problem.as_ref().unwrap_or(&i.note));
    let widest = c.items.iter().map(|i| width(&i.text)).max().unwrap_or(0).max(12);
    let wide = (widest + c.items.iter().map(beside).max().unwrap_or(0)).saturating_add(6).clamp(44, 90);
    let area = centred(body, wide, 18.min(body.height.saturating_sub(1)));
    let inside = open(ink, area, title, &counted(c));
    if c.line.text().is_empty() && inside.height > 0 {
        ink.put(inside.x + 3, inside.y, inside.right(), hint, Role::Dim);
    }
    let empty = if c.line.text().is_empty() { "nothing to choose from" } else { "nothing is called so" };
    list(ink, inside, c, '/', empty)
}

fn counted(c: &Choice) -> String {
    if c.items.is_empty() {
        String::new()
    } else {
        format!("{}/{}", count(c.at as u64 + 1), count(c.items.len() as u64))
    }
}

fn list(ink: &mut Ink<'_>, area: Rect, c: &Choice, sign: char, empty: &str) -> Option<Position> {
    if area.height == 0 || area.width < 4 {
        return None;
    }
    ink.put(area.x, area.y, area.right(), sign.encode_utf8(&mut [0; 4]), Role::ModalTitle);
    let field = Rect { x: area.x + 1, width: area.width - 2, height: 1, ..area };
    let cursor = text_field(ink, field, &c.line, Role::Input);
    let rows = Rect { y: area.y + 1, height: area.height - 1, ..area };
    if c.items.is_empty() {
        if rows.height > 0 {
            ink.put(rows.x + 1, rows.y, rows.right(), empty, Role::Dim);
        }
        return Some(cursor);
    }
    // The chosen item stays in sight, the list moves under it.
    let height = usize::from(rows.height.max(1));
    let top = (c.at + 1).saturating_sub(height);
    let shown = &c.items[top.min(c.items.len())..(top + height).min(c.items.len())];
    let text_w = shown.iter().map(|i| width(&i.text)).max().unwrap_or(0).min(rows.width / 2).max(12);
    for (i, (item, y)) in shown.iter().zip(rows.y..rows.bottom()).enumerate() {
        self::item(ink, Rect { y, height: 1, ..rows }, item, text_w, top + i == c.at);
    }
    Some(cursor)
}

fn item(ink: &mut Ink<'_>, row: Rect, item: &Item, text_w: u16, chosen: bool) {
    let end = row.right() - 1;
    let role = if item.problem.is_some() { Role::Dim } else { Role::Modal };
    ink.put(row.x + 1, row.y, (row.x + 1 + text_w).min(end), &item.text, role);
    let x = row.x + text_w + 3;
    match &item.problem {
        Some(why) => ink.put(x, row.y, end, why, Role::InputError),
        None => ink.put(x, row.y, end, &item.note, Role::Dim),
    };
    if chosen {
        ink.char(row.x, row.y, ink.look.symbols.cursor, Role::Modal);
        ink.over(row, Role::RowCursor);
    }
}
