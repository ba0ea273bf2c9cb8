//! A form: a field a line, what is wrong with it under it, what it means at the bottom.

use super::open;
use crate::core::act::{Entry, Field};
use crate::core::line::Line;
use crate::core::modals::edit::{Edits, Entered};
use crate::core::modals::flow::Flow;
use crate::core::role::Role;
use crate::core::state::State;
use crate::ui::ink::Ink;
use crate::ui::prompt::text_field;
use crate::ui::width::width;
use crate::ui::wrap::wrap;
use ratatui::layout::{Position, Rect};

/// Forms are not wider than this.
const WIDEST: u16 = 90;

pub(super) fn keys(f: &Flow) -> Vec<(&'static str, &'static str)> {
    let mut all = Vec::new();
    match f.edits.as_ref().and_then(Edits::field).map(|f| &f.entry) {
        Some(Entry::Flag) => all.push(("Space", "switch")),
        Some(Entry::Choice(_)) => all.push(("Left Right", "choose")),
        Some(Entry::Lines(_) | Entry::Private) => all.push(("Up Down", "line")),
        _ => {}
    }
    if f.edits.as_ref().is_some_and(|e| e.entered.len() > 1) {
        all.push(("Tab", "next field"));
    }
    all.extend([("Enter", "plan"), ("Esc", "leave")]);
    all
}

/// One row of the form.
enum Row<'a> {
    /// A field's label with its entry, and whether it has the keys.
    Entry(&'a Field, &'a Entered, bool),
    /// One line of a field: whether it is the first, what is known of it, whether it has the keys.
    Line(&'a Field, &'a Line, bool, &'a str, bool),
    /// What is wrong with the field above.
    Wrong(&'a str),
}

impl Row<'_> {
    fn focused(&self) -> bool {
        matches!(self, Row::Entry(_, _, true) | Row::Line(_, _, _, _, true))
    }

    fn label(&self) -> &str {
        match self {
            Row::Entry(f, ..) | Row::Line(f, _, true, ..) => &f.label,
            Row::Line(..) | Row::Wrong(_) => "",
        }
    }
}

pub(super) fn draw(ink: &mut Ink<'_>, body: Rect, f: &Flow, title: &str, state: &State) -> Option<Position> {
    let edits = f.edits.as_ref()?;
    let rows = rows(edits);
    let wide = body.width.min(WIDEST);
    let room = wide.saturating_sub(4);
    let mut notes: Vec<String> = f.notes.iter().chain(&edits.form.notes).flat_map(|t| wrap(t, room)).collect();
    if edits.entered.len() > 2 {
        notes.push(format!("If the line breaks: {} (on_hangup).", state.options.on_hangup.name()));
    }
    let help = edits.field().map(|f| wrap(&f.help, room)).unwrap_or_default();
    // A blank line above the fields and one below them.
    let above = if notes.is_empty() { 0 } else { notes.len() + 1 };
    let height = above + rows.len() + 1 + help.len() + 2;
    let area = super::centred(body, wide, (height as u16).min(body.height));
    let inside = open(ink, area, title, "");
    let (least, most) = (1 + help.len() as u16, usize::from(inside.height / 3));
    let notes = &notes[..notes.len().min(most)];
    for (text, y) in notes.iter().zip(inside.y..inside.bottom()) {
        ink.put(inside.x + 1, y, inside.right(), text, Role::Dim);
    }
    let below = inside.bottom().saturating_sub(help.len() as u16);
    for (text, y) in help.iter().zip(below..inside.bottom()) {
        ink.put(inside.x + 1, y, inside.right(), text, Role::Dim);
    }
    let y = inside.y + notes.len() as u16 + u16::from(!notes.is_empty());
    let list = Rect { y, height: inside.bottom().saturating_sub(y + least).max(1), ..inside };
    fields(ink, list, &rows)
}

fn rows(edits: &Edits) -> Vec<Row<'_>> {
    let mut out = Vec::new();
    for (at, (field, entered)) in edits.form.fields.iter().zip(&edits.entered).enumerate() {
        let focused = at == edits.at;
        if let Entered::Lines(lines, line) = entered {
            let known = if let Entry::Lines(known) = &field.entry { Some(known) } else { None };
            let beside = |l: &Line| known.and_then(|k| k.get(l.text())).map_or("", String::as_str);
            let row = |(i, l)| Row::Line(field, l, i == 0, beside(l), focused && i == *line);
            out.extend(lines.iter().enumerate().map(row));
        } else {
            out.push(Row::Entry(field, entered, focused));
        }
        out.extend(edits.wrong.get(at).and_then(Option::as_deref).map(Row::Wrong));
    }
    out
}

fn fields(ink: &mut Ink<'_>, area: Rect, rows: &[Row<'_>]) -> Option<Position> {
    let label = rows.iter().map(|r| width(r.label())).max().unwrap_or(0).min(area.width / 2);
    let height = usize::from(area.height);
    let at = rows.iter().position(Row::focused).unwrap_or(0);
    // What is wrong with the focused field stays in sight with it.
    let top = (at + 2).min(rows.len()).saturating_sub(height);
    let x = area.x + 2 + label + 2;
    let entry = Rect { x, width: area.right().saturating_sub(x + 1), height: 1, ..area };
    let mut cursor = None;
    for (row, y) in rows.iter().skip(top).zip(area.y..area.bottom()) {
        ink.put(area.x + 2, y, area.x + 2 + label, row.label(), Role::Modal);
        let entry = Rect { y, ..entry };
        let at = match row {
            Row::Entry(field, entered, _) => self::entry(ink, entry, field, entered),
            Row::Line(_, line, _, beside, _) => Some(one_line(ink, entry, line, beside)),
            Row::Wrong(why) => {
                ink.put(x, y, area.right() - 1, why, Role::InputError);
                None
            }
        };
        if row.focused() {
            ink.char(area.x, y, ink.look.symbols.cursor, Role::Modal);
            ink.over(Rect { y, height: 1, ..area }, Role::RowCursor);
            cursor = at;
        }
    }
    cursor
}

fn one_line(ink: &mut Ink<'_>, area: Rect, line: &Line, beside: &str) -> Position {
    let wide = width(beside).min(area.width / 2);
    let text = Rect { width: area.width - wide - u16::from(wide > 0), ..area };
    let at = text_field(ink, text, line, Role::Input);
    if line.text().is_empty() {
        ink.put(area.x, area.y, area.right(), "add one", Role::Dim);
    }
    ink.put(area.right() - wide, area.y, area.right(), beside, Role::RowWarn);
    at
}

/// Draws what is entered; returns where the text cursor would be.
fn entry(ink: &mut Ink<'_>, area: Rect, field: &Field, entered: &Entered) -> Option<Position> {
    match (entered, &field.entry) {
        (Entered::Text(line), _) => return Some(text_field(ink, area, line, Role::Input)),
        (Entered::Flag(on), _) => {
            ink.put(area.x, area.y, area.right(), if *on { "[x]" } else { "[ ]" }, Role::Input);
        }
        (Entered::Choice(at), Entry::Choice(all)) => choices(ink, area, all, *at),
        _ => {}
    }
    None
}

/// Choices beside each other; where they do not all fit, those from the chosen one on.
fn choices(ink: &mut Ink<'_>, area: Rect, all: &[String], at: usize) {
    let wide = |c: &String| width(c) + 3;
    let fits = all.iter().map(wide).sum::<u16>() <= area.width;
    let mut x = area.x;
    for (i, choice) in all.iter().enumerate().skip(if fits { 0 } else { at }) {
        let chosen = i == at;
        let text = if chosen { format!("[{choice}]") } else { format!(" {choice} ") };
        x = ink.put(x, area.y, area.right(), &text, if chosen { Role::Input } else { Role::Dim }) + 1;
    }
}
