//! A question about a job, with what must be known to answer it.

use super::{centred, open};
use crate::core::modals::ask::Ask;
use crate::core::modals::confirm::Demand;
use crate::core::modals::review::asked;
use crate::core::role::Role;
use crate::ui::ink::Ink;
use crate::ui::prompt::text_field;
use crate::ui::wrap::wrap;
use ratatui::layout::{Position, Rect};

/// Lines of prose are not wider than this.
const WIDEST: u16 = 72;

pub(super) fn draw(ink: &mut Ink<'_>, body: Rect, a: &Ask) -> Option<Position> {
    let wide = WIDEST.min(body.width);
    let room = wide.saturating_sub(4);
    let text: Vec<String> = a.lines.iter().filter(|l| !l.is_empty()).flat_map(|l| wrap(l, room)).collect();
    let question = question(a, room);
    let typed = u16::from(matches!(a.confirm.demand, Demand::Type(_)));
    let area = centred(body, wide, (text.len() + question.len()) as u16 + typed + 3);
    let inside = open(ink, area, &a.title, "Esc leaves");
    let below = inside.bottom().saturating_sub(question.len() as u16 + typed);
    for (line, y) in text.iter().zip(inside.y..below.saturating_sub(1)) {
        ink.put(inside.x + 1, y, inside.right(), line, Role::Modal);
    }
    let role = if a.confirm.early || a.confirm.wrong { Role::RowWarn } else { Role::ModalTitle };
    for (line, y) in question.iter().zip(below..inside.bottom()) {
        ink.put(inside.x + 1, y, inside.right(), line, role);
    }
    if typed == 0 || a.confirm.early {
        return None;
    }
    let field = Rect { x: inside.x + 1, y: inside.bottom() - 1, width: room.max(4), height: 1 };
    Some(text_field(ink, field, &a.confirm.typed, Role::Input))
}

/// What answers it: choices stand one a line.
fn question(a: &Ask, room: u16) -> Vec<String> {
    match &a.confirm.demand {
        Demand::Pick(keys) if !a.confirm.early => {
            let choices = keys.iter().map(|(key, what)| format!("{key}: {what}"));
            choices.chain(["Enter: leave it as it is".to_owned()]).flat_map(|l| wrap(&l, room)).collect()
        }
        _ => wrap(&asked(&a.confirm, ""), room),
    }
}
