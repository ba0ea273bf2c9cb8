//! Input while a modal is open. Esc always leaves.

use super::{palette, picker};
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
    let Input::Key(key) = input else { return false };
    let last = choice.items.len().saturating_sub(1);
    choice.at = match key.code {
        KeyCode::Up => choice.at.saturating_sub(1),
        KeyCode::Down => (choice.at + 1).min(last),
        KeyCode::PageUp => choice.at.saturating_sub(10),
        KeyCode::PageDown => (choice.at + 10).min(last),
        _ => return false,
    };
    true
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
