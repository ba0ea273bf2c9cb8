//! Input while a modal is open. Esc always leaves.

use super::{columns, palette, picker};
use crate::core::input::{Input, Key, KeyCode};
use crate::core::modals::{Choice, Help, Modal};
use crate::core::state::State;

pub(super) fn input(state: &mut State, input: &Input) {
    if matches!(input, Input::Key(Key { code: KeyCode::Esc, .. })) {
        state.modal = None;
        return;
    }
    match state.modal.take() {
        Some(Modal::Palette(c)) => palette::input(state, c, input),
        Some(Modal::Namespaces(c)) => choose(state, c, input, Modal::Namespaces, picker::take_namespace),
        Some(Modal::Contexts(c)) => choose(state, c, input, Modal::Contexts, |state, c| {
            if let Some(i) = c.items.get(c.at) {
                let name = i.text.clone();
                picker::switch(state, &name);
            }
        }),
        Some(Modal::Columns(c)) => columns::input(state, c, input),
        Some(Modal::Help(h)) => state.modal = Some(Modal::Help(help(h, input))),
        // A message is read, and any key closes it.
        Some(Modal::Message { .. }) | None => {}
    }
}

/// A picker: arrows choose, letters narrow, Enter takes.
fn choose(
    state: &mut State,
    mut choice: Choice,
    input: &Input,
    wrap: fn(Choice) -> Modal,
    take: fn(&mut State, &Choice),
) {
    if matches!(input, Input::Key(Key { code: KeyCode::Enter, .. })) {
        return take(state, &choice);
    }
    if !walk(&mut choice, input) && choice.line.take(input) {
        choice.at = 0;
    }
    state.modal = Some(wrap(choice));
    picker::refresh(state);
}

/// Moves the choice; `false` if the input does not.
pub(super) fn walk(choice: &mut Choice, input: &Input) -> bool {
    let to = walked(choice.at, choice.items.len().saturating_sub(1), input);
    choice.at = to.unwrap_or(choice.at);
    to.is_some()
}

/// Where an input leads in a list whose last place is `last`; `None` if it leads nowhere.
pub(super) fn walked(at: usize, last: usize, input: &Input) -> Option<usize> {
    let Input::Key(key) = input else { return None };
    Some(match key.code {
        KeyCode::Up => at.saturating_sub(1),
        KeyCode::Down => (at + 1).min(last),
        KeyCode::PageUp => at.saturating_sub(10),
        KeyCode::PageDown => (at + 10).min(last),
        _ => return None,
    })
}

fn help(mut h: Help, input: &Input) -> Help {
    let code = if let Input::Key(k) = input { Some(k.code) } else { None };
    match code {
        Some(KeyCode::Up) => h.top = h.top.saturating_sub(1),
        Some(KeyCode::Down) => h.top += 1,
        Some(KeyCode::PageUp) => h.top = h.top.saturating_sub(10),
        Some(KeyCode::PageDown) => h.top += 10,
        Some(KeyCode::Home) => h.top = 0,
        _ => {
            if h.line.take(input) {
                h.top = 0;
            }
        }
    }
    h
}
