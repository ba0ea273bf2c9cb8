//! The one place where state changes: messages in, effects out. No clock, no
//! I/O, no randomness; the same messages give the same state.

mod act;
mod columns;
mod command;
mod filter;
mod go;
mod held;
mod jobs;
mod join;
mod logs;
mod modal;
mod mouse;
mod moves;
mod news;
mod palette;
mod panes;
mod picker;
mod rights;
mod rollout;
mod settle;
mod shell;
mod sort;
mod text;

#[cfg(test)]
mod tests;

pub use act::{belongs, missing};
pub use join::sum_nodes;
pub use mouse::mice;
pub use palette::run as run_line;
pub use settle::{follow, settle, views};
pub(super) use shell::needs as shells;

use super::effect::Effect;
use super::input::{Input, Key, KeyCode};
use super::keys::Resolve;
use super::msg::{Level, Msg};
use super::state::State;

/// What is said of pasted text where no text field has the keys.
const NO_PASTE: &str = "pasted text goes to text fields only";
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
        Msg::Log(id, event) => logs::take(state, id, event),
        Msg::LogStopped(id) => logs::stopped(state, id),
        Msg::LogFound { log, lens, generation, found, last } => logs::found(state, log, lens, generation, found, last),
        Msg::Held(id, event) => held::event(state, id, event),
        Msg::Shell(id, event) => shell::event(state, id, event),
        Msg::Lent(event) => shell::lent(state, event),
        Msg::Contexts(list) => {
            state.contexts = list;
            picker::refresh(state);
        }
        Msg::Notice(level, text) => state.say(level, text),
        Msg::LineSpeed(bytes) => state.line_speed = bytes,
        Msg::Memory(bytes) => state.memory = bytes,
        Msg::Facts(ask, facts) => {
            if !rollout::facts(state, ask, &facts) {
                act::facts(state, ask, facts);
            }
        }
        Msg::Tried(ask, answers) => act::tried(state, ask, answers),
        Msg::Rights(cluster, answers) => state.rights.told(cluster, answers, state.now),
        Msg::Job(id, event) => jobs::event(state, id, event),
        Msg::Journal(lines) => jobs::journal_told(state, lines),
        Msg::Parting => jobs::part(state),
        Msg::Leftovers(list) => jobs::leftovers_told(state, list),
        Msg::Shown(number) => modal::shown(state, number),
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
    rights::ask(state);
    jobs::tick(state);
}

fn take_input(state: &mut State, input: &Input) {
    match input {
        Input::Resize(width, height) => {
            state.size = (*width, *height);
            modal::resized(state);
        }
        Input::Focus(_) => {}
        Input::Mouse(m) => mouse::mouse(state, *m),
        Input::Key(_) | Input::Paste(_) => {
            if state.notice.as_ref().is_some_and(|n| n.level == Level::Info) {
                state.notice = None;
            }
            if state.now < state.deaf || shell::takes(state, input) {
                return;
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
                state.say(Level::Warn, NO_PASTE);
            }
        }
    }
}

/// Ctrl-C closes what stands open first, then asks, then leaves.
fn leave(state: &mut State) {
    if modal::leave(state) {
        return;
    }
    if state.focused_mut().is_some_and(|p| p.open_line().is_some()) {
        return filter::cancel(state);
    }
    match state.quit_asked {
        Some(at) if state.now - at < 3_000 => jobs::quit(state),
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
