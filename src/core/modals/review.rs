//! A plan as lines of text: what stands in the way first, then what must be known, then what
//! happens to which object. Made here and not where it is drawn, so that scrolling knows its length.

use super::confirm::{Confirm, Demand};
use super::flow::{Flow, Review, Trial, name};
use crate::core::act::{Item, Outcome};
use crate::core::kind::ObjectRef;
use crate::core::panes::text::{Span, TextLine};
use crate::core::role::Role;
use crate::core::width::{head, width};
use crate::core::wrap::wrap;

/// Narrower than this, what is known of an item stands under it.
const LEAST_DETAIL: u16 = 24;
/// Cells between two columns.
const GAP: u16 = 2;

fn line(text: impl Into<String>, role: Role) -> TextLine {
    vec![Span { text: text.into(), role }]
}

/// A heading with points under it; nothing for none.
fn section(out: &mut Vec<TextLine>, title: &str, points: &[String], role: Role, room: u16) {
    if points.is_empty() {
        return;
    }
    out.push(line(title, Role::ModalTitle));
    for point in points {
        for part in wrap(point, room.saturating_sub(2)) {
            out.push(line(format!("  {part}"), role));
        }
    }
}

/// The lines of a plan, none wider than `room` cells.
#[must_use]
pub fn lines(flow: &Flow, review: &Review, room: u16) -> Vec<TextLine> {
    let plan = &review.plan;
    let mut out: Vec<TextLine> = wrap(&plan.title, room).into_iter().map(|l| line(l, Role::Modal)).collect();
    let mut say = |title: &str, points: &[String], role| section(&mut out, title, points, role, room);
    if review.changed {
        let text = "The cluster has changed since you confirmed: this is the plan as it is now.".to_owned();
        say("changed", &[text], Role::RowWarn);
    }
    let blockers: Vec<String> = plan.blockers.iter().map(|b| point(&b.subject, &b.reason)).collect();
    say("blocked", &blockers, Role::RowBad);
    let warnings: Vec<String> = flow.notes.iter().chain(&plan.warnings).cloned().collect();
    say("warnings", &warnings, Role::RowWarn);
    say("not known", &plan.unknown, Role::RowWarn);
    say("who else feels it", &plan.blast, Role::Modal);
    say("who may take it back", &plan.reverts, Role::Modal);
    trial(&mut out, &review.trial, room);
    items(&mut out, &plan.items, room);
    section(&mut out, "the same with kubectl", &plan.kubectl, Role::Dim, room);
    out
}

fn point(subject: &str, reason: &str) -> String {
    if subject.is_empty() { reason.to_owned() } else { format!("{subject}: {reason}") }
}

fn trial(out: &mut Vec<TextLine>, trial: &Trial, room: u16) {
    match trial {
        Trial::None => {}
        Trial::Asked(_) => section(out, "the server says", &["asking it".to_owned()], Role::Dim, room),
        Trial::Told(answers) => {
            out.push(line("the server says", Role::ModalTitle));
            for (object, outcome) in answers {
                told(out, object, outcome, room);
            }
        }
    }
}

fn told(out: &mut Vec<TextLine>, object: &ObjectRef, outcome: &Outcome, room: u16) {
    let (text, role, warnings) = match outcome {
        Ok(reply) => ("would be done".to_owned(), Role::RowOk, &reply.warnings),
        Err(refusal) => (refusal.to_string(), Role::RowBad, &refusal.warnings),
    };
    let mut add = |text: &str, role, indent: &str| {
        for part in wrap(text, room.saturating_sub(width(indent))) {
            out.push(line(format!("{indent}{part}"), role));
        }
    };
    add(&format!("{}: {text}", name(object)), role, "  ");
    for warning in warnings {
        add(&format!("Warning: {warning}"), Role::RowWarn, "    ");
    }
}

/// Items in columns; on a narrow screen what is known of one stands under it.
fn items(out: &mut Vec<TextLine>, items: &[Item], room: u16) {
    if items.is_empty() {
        return;
    }
    out.push(line("what happens", Role::ModalTitle));
    let widest = |f: fn(&Item) -> &str, most: u16| items.iter().map(|i| width(f(i))).max().unwrap_or(0).min(most);
    let subject = widest(|i| &i.subject, room / 2);
    let verdict = widest(|i| &i.verdict, room / 3);
    let left = room.saturating_sub(2 + subject + GAP + verdict + GAP);
    for item in items {
        let mut row = line(format!("  {}", fit(&item.subject, subject)), item.role);
        row.push(Span { text: format!("  {}", fit(&item.verdict, verdict)), role: item.role });
        if width(&item.subject) > subject || width(&item.verdict) > verdict {
            // Cut short in its columns: said in full, over as many lines as it takes.
            let whole = format!("{} {}", item.subject, item.verdict);
            out.extend(wrap(&whole, room.saturating_sub(2)).iter().map(|l| line(format!("  {l}"), item.role)));
            under(out, &item.detail, room, 4);
            continue;
        }
        if left < LEAST_DETAIL {
            out.push(row);
            under(out, &item.detail, room, 4);
            continue;
        }
        let mut details = wrap(&item.detail, left).into_iter();
        row.push(Span { text: format!("  {}", details.next().unwrap_or_default()), role: Role::Dim });
        out.push(row);
        let indent = usize::from(2 + subject + GAP + verdict + GAP);
        out.extend(details.map(|d| line(format!("{}{d}", " ".repeat(indent)), Role::Dim)));
    }
}

fn under(out: &mut Vec<TextLine>, text: &str, room: u16, indent: u16) {
    if text.is_empty() {
        return;
    }
    let pad = " ".repeat(usize::from(indent));
    out.extend(wrap(text, room.saturating_sub(indent)).iter().map(|l| line(format!("{pad}{l}"), Role::Dim)));
}

/// The text, filled up or cut to so many cells.
fn fit(text: &str, cells: u16) -> String {
    let (kept, used) = head(text, cells);
    format!("{kept}{}", " ".repeat(usize::from(cells - used)))
}

/// The question under a plan, with where it lands.
#[must_use]
pub fn question(flow: &Flow, review: &Review, room: u16) -> Vec<TextLine> {
    let mut out = Vec::new();
    let place = &flow.asked.place;
    if place.protected {
        let text = format!("protected: {} at {}", place.context, place.server);
        out.extend(wrap(&text, room).into_iter().map(|l| line(l, Role::HeaderProtected)));
    }
    let (text, role) = match &review.confirm {
        Some(confirm) => (
            asked(confirm, &place.context),
            if confirm.early || confirm.wrong { Role::RowWarn } else { Role::ModalTitle },
        ),
        None if !review.plan.blockers.is_empty() => ("It cannot be done as it stands.".to_owned(), Role::RowBad),
        None => ("There is nothing to do.".to_owned(), Role::ModalTitle),
    };
    out.extend(wrap(&text, room).into_iter().map(|l| line(l, role)));
    out
}

/// What answers a question, in words; `context` is where it lands, if that is to be said.
#[must_use]
pub fn asked(confirm: &Confirm, context: &str) -> String {
    if confirm.early {
        return "Read it first: keys typed before this was on the screen do not count.".to_owned();
    }
    let on = if context.is_empty() { String::new() } else { format!(" on {context}") };
    match &confirm.demand {
        Demand::Enter => format!("Enter: do it{on}. Esc: leave."),
        Demand::Yes => format!("Do it{on}? y: yes. Enter: NO."),
        Demand::Type(wanted) if confirm.wrong => format!("That is not {wanted}. Type {wanted} and Enter to do it{on}:"),
        Demand::Type(wanted) => format!("Type {wanted} and Enter to do it{on}:"),
        Demand::Pick(keys) => {
            let all: Vec<String> = keys.iter().map(|(key, what)| format!("{key}: {what}")).collect();
            format!("{}; Enter: leave it", all.join("; "))
        }
    }
}
