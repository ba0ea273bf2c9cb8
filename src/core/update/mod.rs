//! The one place where state changes: messages in, effects out. No clock, no
//! I/O, no randomness; the same messages give the same state.

mod columns;
mod command;
mod filter;
mod go;
mod join;
mod modal;
mod mouse;
mod moves;
mod news;
mod palette;
mod panes;
mod picker;
mod settle;
mod sort;
mod text;

#[cfg(test)]
mod tests;

pub use palette::run as run_line;
pub use settle::{follow, settle};

use super::effect::Effect;
use super::input::{Input, Key, KeyCode};
use super::keys::Resolve;
use super::msg::{Level, Msg};
use super::state::State;

/// How long a notice stays (ms).
const NOTICE_MS: i64 = 8_000;

/// Applies one message and returns what is to be done outside.
pub fn update(state: &mut State, msg: Msg) -> Vec<Effect> {
    // Only rows are many, and they open no pane.
    let rows = matches!(msg, Msg::Stream { .. });
    match msg {
        Msg::Input(input) => take_input(state, &input),
        Msg::Now(now) => tick(state, now),
        Msg::Stream { key, event } => {
            state.streams.entry(key).or_default().apply(event);
        }
        Msg::Stopped(key) => {
            state.streams.remove(&key);
        }
        Msg::Object(object, result) => text::watched(state, &object, result),
        Msg::Unwatched(object) => {
            state.objects.remove(&object);
        }
        Msg::Cluster(id, what) => news::cluster(state, id, what),
        Msg::Contexts(list) => {
            state.contexts = list;
            picker::refresh(state);
        }
        Msg::Notice(level, text) => state.say(level, text),
        Msg::LineSpeed(bytes) => state.line_speed = bytes,
        Msg::Facts(..) | Msg::Tried(..) | Msg::Rights(..) | Msg::Job(..) | Msg::Journal(_) | Msg::Leftovers(_) => {}
        Msg::Replay(replay) => state.replay = Some(replay),
    }
    if !rows {
        columns::ask(state);
    }
    std::mem::take(&mut state.effects)
}

fn tick(state: &mut State, now: i64) {
    state.now = now;
    if state.notice.as_ref().is_some_and(|n| now - n.at > NOTICE_MS) {
        state.notice = None;
    }
}

fn take_input(state: &mut State, input: &Input) {
    match input {
        Input::Resize(width, height) => state.size = (*width, *height),
        Input::Focus(_) => {}
        Input::Mouse(m) => mouse::mouse(state, *m),
        Input::Key(_) | Input::Paste(_) => {
            if state.notice.as_ref().is_some_and(|n| n.level == Level::Info) {
                state.notice = None;
            }
            if matches!(input, Input::Key(k) if *k == Key::ctrl('c')) {
                return leave(state);
            }
            if state.modal.is_some() {
                modal::input(state, input);
            } else if state.focused_mut().is_some_and(|p| p.open_line().is_some()) {
                filter::input(state, input);
            } else if let Input::Key(key) = input {
                press(state, *key);
            } else {
                state.say(Level::Warn, "pasted text goes to text fields only");
            }
        }
    }
}

/// Ctrl-C closes what stands open first, then asks, then leaves.
fn leave(state: &mut State) {
    if state.modal.take().is_some() {
        return;
    }
    if state.focused_mut().is_some_and(|p| p.open_line().is_some()) {
        return filter::cancel(state);
    }
    match state.quit_asked {
        Some(at) if state.now - at < 3_000 => state.effects.push(Effect::Quit),
        _ => {
            state.quit_asked = Some(state.now);
            state.say(Level::Warn, "press Ctrl-C again to quit");
        }
    }
}

fn press(state: &mut State, key: Key) {
    let layer = state.layer();
    match state.keymap.resolve(&mut state.pending, layer.chain(), key) {
        Resolve::Command(command) => command::run(state, command),
        Resolve::Pending(_) | Resolve::Cancelled => {}
        Resolve::NotFound if key.code == KeyCode::Esc => {}
        Resolve::NotFound => {
            state.say(Level::Info, format!("{key} does nothing here; ? shows the keys"));
        }
    }
}
