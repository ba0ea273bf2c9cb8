//! An action on its way to a job: what is read, the form, the plan with its question.

use super::{form, open};
use crate::core::modals::confirm::Demand;
use crate::core::modals::flow::{self, Flow, Reading, Review, Stage};
use crate::core::modals::review;
use crate::core::panes::text::TextLine;
use crate::core::role::Role;
use crate::core::state::State;
use crate::ui::ink::Ink;
use crate::ui::prompt::text_field;
use crate::ui::words::span;
use ratatui::layout::{Position, Rect};

pub(super) fn draw(ink: &mut Ink<'_>, body: Rect, f: &Flow, state: &State) -> Option<Position> {
    match &f.stage {
        Stage::Reading(r) => {
            reading(ink, body, f, r, state.now);
            None
        }
        Stage::Form => form::draw(ink, body, f, &title(ink, f), state),
        Stage::Review(r) => plan(ink, body, f, r, state.now),
    }
}

/// What is done to what.
fn title(ink: &Ink<'_>, f: &Flow) -> String {
    let action = f.action().map_or("", |a| a.spec.title);
    match f.about() {
        about if about.is_empty() => action.to_owned(),
        about => format!("{action} {} {about}", ink.look.symbols.dot),
    }
}

/// The keys of each stage; fixed, so that no keymap can lock anyone in.
pub(super) fn keys(f: &Flow) -> Vec<(&'static str, &'static str)> {
    match &f.stage {
        Stage::Reading(_) => vec![("Esc", "leave")],
        Stage::Form => form::keys(f),
        Stage::Review(r) => {
            let mut all = vec![("PgUp PgDn", "scroll")];
            if !r.plan.trial.is_empty() {
                all.push(("Ctrl-t", "ask the server"));
            }
            if !r.plan.kubectl.is_empty() {
                all.push(("Ctrl-y", "copy kubectl"));
            }
            if f.edits.is_some() {
                all.push(("Shift-Tab", "form"));
            }
            all.push(("Esc", "leave"));
            all
        }
    }
}

fn reading(ink: &mut Ink<'_>, body: Rect, f: &Flow, r: &Reading, now: i64) {
    let area = super::centred(body, 60, 5);
    let title = title(ink, f);
    let inside = open(ink, area, &title, "Esc leaves");
    let (done, all) = (f.facts.answers.len(), f.facts.answers.len() + r.wanted.len());
    let text = match all {
        0 | 1 => "reading the object".to_owned(),
        _ => format!("reading: {done} of {all}"),
    };
    let waited = now - r.since;
    // A moment is not worth a number.
    let text = if waited >= 1_000 { format!("{text}, for {}", span(waited)) } else { text };
    ink.put(inside.x + 1, inside.y + inside.height / 2, inside.right(), &text, Role::Modal);
}

fn plan(ink: &mut Ink<'_>, body: Rect, f: &Flow, r: &Review, now: i64) -> Option<Position> {
    let area = flow::area(body);
    let room = area.width.saturating_sub(4);
    let lines = review::lines(f, r, room);
    let question = review::question(f, r, room);
    let height = usize::from(area.height.saturating_sub(2)).saturating_sub(question.len() + 1);
    let top = r.top.min(lines.len().saturating_sub(height));
    let last = (top + height).min(lines.len());
    let mut right = format!("read {} ago", span(now - r.since));
    if lines.len() > height {
        right = format!("{}-{last}/{} {} {right}", top + 1, lines.len(), ink.look.symbols.dot);
    }
    let title = title(ink, f);
    let inside = open(ink, area, &title, &right);
    let x = inside.x + 1;
    for (line, y) in lines.iter().skip(top).take(height).zip(inside.y..) {
        put(ink, x, y, inside.right(), line);
    }
    let below = inside.bottom().saturating_sub(question.len() as u16);
    let rule = below.saturating_sub(1);
    for x in inside.left()..inside.right() {
        ink.char(x, rule, ink.look.symbols.border.horizontal, Role::Frame);
    }
    if last < lines.len() {
        let more = format!(" {} more lines: PgDn ", lines.len() - last);
        ink.put(x, rule, inside.right(), &more, Role::RowWarn);
    }
    let mut end = Position { x, y: below };
    for (line, y) in question.iter().zip(below..inside.bottom()) {
        end = Position { x: put(ink, x, y, inside.right(), line), y };
    }
    let confirm = r.confirm.as_ref().filter(|c| matches!(c.demand, Demand::Type(_)) && !c.early)?;
    let field = Rect { x: end.x + 1, y: end.y, width: inside.right().saturating_sub(end.x + 2), height: 1 };
    Some(text_field(ink, field, &confirm.typed, Role::Input))
}

/// Draws a line; returns where it ended.
fn put(ink: &mut Ink<'_>, mut x: u16, y: u16, end: u16, line: &TextLine) -> u16 {
    for span in line {
        x = ink.put(x, y, end, &span.text, span.role);
    }
    x
}
