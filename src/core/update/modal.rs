//! Input while a modal is open. Esc always leaves.

use super::{act, columns, jobs, palette, picker};
use crate::core::input::{Input, Key, KeyCode};
use crate::core::modals::{Choice, Help, Modal};
use crate::core::state::State;

pub(super) fn input(state: &mut State, input: &Input) {
    if matches!(input, Input::Key(Key { code: KeyCode::Esc, .. })) {
        leave(state);
        return;
    }
    match state.modal.take() {
        Some(Modal::Act(flow)) => act::input(state, *flow, input),
        Some(Modal::Ask(ask)) => jobs::ask_input(state, *ask, input),
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
        Some(Modal::Status(top)) => state.modal = Some(Modal::Status(scroll(top, input))),
        // A message is read, and any key closes it.
        Some(Modal::Message { .. }) | None => {}
    }
}

/// Closes what stands over the panes; `false` if nothing does.
pub(super) fn leave(state: &mut State) -> bool {
    match state.modal.take() {
        Some(Modal::Ask(ask)) => jobs::dismissed(state, &ask.question),
        Some(_) => jobs::ask_next(state),
        None => return false,
    }
    true
}

/// A frame that shows the question of that number was written to the terminal.
pub(super) fn shown(state: &mut State, number: u32) {
    let confirm = state.modal.as_mut().and_then(Modal::confirm_mut);
    if let Some(confirm) = confirm.filter(|c| c.number == number) {
        confirm.shown = true;
    }
}

/// On a screen of another size a question must be seen again.
pub(super) fn resized(state: &mut State) {
    let number = state.number();
    if let Some(confirm) = state.modal.as_mut().and_then(Modal::confirm_mut) {
        (confirm.number, confirm.shown) = (number, false);
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

/// Up and down in lines; the page itself knows where it ends.
fn scroll(top: usize, input: &Input) -> usize {
    let Input::Key(key) = input else { return top };
    match key.code {
        KeyCode::Up | KeyCode::Char('k') => top.saturating_sub(1),
        KeyCode::Down | KeyCode::Char('j') => top + 1,
        KeyCode::PageUp => top.saturating_sub(10),
        KeyCode::PageDown => top + 10,
        KeyCode::Home => 0,
        _ => top,
    }
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
