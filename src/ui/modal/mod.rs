//! What stands over the panes: one box, centred, with what was chosen before visible.

mod ask;
mod choice;
mod columns;
mod flow;
mod form;
mod help;
mod message;
mod status;

use super::chrome::{self, Frame};
use super::ink::{Ink, Piece};
use crate::core::modals::Modal;
use crate::core::role::Role;
use crate::core::state::State;
use ratatui::layout::{Position, Rect};

/// Draws the modal over the panes' rectangle; returns where the text cursor is.
pub(super) fn draw(ink: &mut Ink<'_>, body: Rect, state: &State, modal: &Modal) -> Option<Position> {
    match modal {
        Modal::Palette(c) => choice::palette(ink, body, c),
        Modal::Namespaces(c) => choice::picker(ink, body, c, "namespace", "type to narrow; Enter chooses"),
        Modal::Contexts(c) => choice::picker(ink, body, c, "context", "type to narrow; Enter switches"),
        Modal::Columns(c) => columns::draw(ink, body, c),
        Modal::Help(h) => help::draw(ink, body, state, h),
        Modal::Status(top) => {
            status::draw(ink, body, state, *top);
            None
        }
        Modal::Act(f) => flow::draw(ink, body, f, state),
        Modal::Ask(a) => ask::draw(ink, body, a),
        Modal::Message { title, lines } => {
            message::draw(ink, body, title, lines);
            None
        }
    }
}

/// The keys of a modal, for the hint line: fixed, so that no keymap can lock anyone in.
pub(super) fn hints(modal: &Modal) -> Vec<Vec<Piece>> {
    let hint = |key: &str, text: &str| vec![(key.to_owned(), Role::HintKey), (format!(" {text}"), Role::HintText)];
    match modal {
        Modal::Palette(_) => {
            vec![hint("Up Down", "choose"), hint("Tab", "complete"), hint("Enter", "run"), hint("Esc", "leave")]
        }
        Modal::Namespaces(_) | Modal::Contexts(_) => {
            vec![hint("Up Down", "move"), hint("Enter", "choose"), hint("Esc", "leave")]
        }
        Modal::Columns(_) => vec![
            hint("Ctrl-S", "save"),
            hint("Shift-Up Down", "move"),
            hint("Ctrl-R", "default"),
            hint("Space", "on or off"),
            hint("Enter", "apply"),
            hint("Esc", "leave"),
        ],
        Modal::Help(_) => vec![hint("type", "to search"), hint("Up Down", "scroll"), hint("Esc", "leave")],
        Modal::Status(_) => vec![hint("Up Down", "scroll"), hint("Esc", "leave")],
        Modal::Act(f) => flow::keys(f).into_iter().map(|(key, text)| hint(key, text)).collect(),
        Modal::Message { .. } | Modal::Ask(_) => vec![hint("Esc", "leave")],
    }
}

/// A box of that size in the middle, never larger than the body.
fn centred(body: Rect, width: u16, height: u16) -> Rect {
    let (w, h) = (width.min(body.width), height.min(body.height));
    Rect { x: body.x + (body.width - w) / 2, y: body.y + (body.height - h) / 3, width: w, height: h }
}

/// Clears the box and draws its frame; returns its inside.
fn open(ink: &mut Ink<'_>, area: Rect, title: &str, right: &str) -> Rect {
    ink.fill(area, Role::Modal);
    let right = if right.is_empty() { Vec::new() } else { vec![(right.to_owned(), Role::Modal)] };
    let frame = Frame { title: vec![(title.to_owned(), Role::ModalTitle)], right, ..Frame::default() };
    chrome::frame(ink, area, Role::FrameFocus, &frame);
    chrome::inner(area)
}
