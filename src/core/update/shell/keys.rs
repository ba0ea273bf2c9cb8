//! What is typed into a program, and what the leader keeps from it.

use super::super::command;
use crate::core::effect::Effect;
use crate::core::input::{Input, Key, KeyCode};
use crate::core::keys::{Layer, Resolve};
use crate::core::msg::Level;
use crate::core::panes::Body;
use crate::core::panes::shell::ShellPane;
use crate::core::shell::{self, ShellOrder, Step};
use crate::core::state::State;

pub(super) fn focused(state: &mut State) -> Option<&mut ShellPane> {
    match &mut state.focused_mut()?.body {
        Body::Shell(s) => Some(s),
        _ => None,
    }
}

/// Takes a key or a paste that is the focused program's; `false` if it is not.
pub(in super::super) fn takes(state: &mut State, input: &Input) -> bool {
    if state.modal.is_some() {
        return false;
    }
    let leader = state.options.shell.leader;
    let Some(shell) = focused(state).filter(|s| s.takes_keys()) else { return false };
    match input {
        Input::Paste(text) => {
            let mut bytes = held(shell);
            bytes.extend(shell::paste(text, shell.screen.term().bracketed_paste()));
            shell.led = false;
            send(state, bytes);
        }
        Input::Key(k) if shell.led => led(state, *k, leader),
        Input::Key(k) if *k == leader => {
            shell.led = true;
            let bytes = held(shell);
            if !bytes.is_empty() {
                send(state, bytes);
            }
        }
        Input::Key(k) => match shell.detach.step(*k) {
            Step::Whole => super::detached(state),
            Step::Pass(keys) if keys.is_empty() => {}
            Step::Pass(keys) => {
                let bytes = encoded(shell, &keys);
                send(state, bytes);
            }
        },
        _ => return false,
    }
    true
}

fn encoded(shell: &ShellPane, keys: &[Key]) -> Vec<u8> {
    keys.iter().flat_map(|k| shell::key(*k, shell.screen.term().application_cursor())).collect()
}

/// Keys that have begun the sequence that leaves the program: something else follows, so they are its own.
pub(super) fn held(shell: &mut ShellPane) -> Vec<u8> {
    let keys = shell.detach.flush();
    encoded(shell, &keys)
}

/// The key after the leader: the console's.
fn led(state: &mut State, key: Key, leader: Key) {
    if key == leader && !state.pending.active() {
        if let Some(shell) = focused(state) {
            shell.led = false;
            let bytes = shell::key(key, shell.screen.term().application_cursor());
            send(state, bytes);
        }
        return;
    }
    let resolved = state.keymap.resolve(&mut state.pending, Layer::Shell.chain(), key);
    if matches!(resolved, Resolve::Pending(_)) {
        return;
    }
    if let Some(shell) = focused(state) {
        shell.led = false;
    }
    match resolved {
        Resolve::Command(c) => command::run(state, c),
        _ if key.code == KeyCode::Esc => {}
        _ => state.say(Level::Info, format!("{leader} {key} does nothing; {leader} ? shows the keys")),
    }
}

/// A key in a pane whose program has ended, or whose lines are being read: Enter closes the first.
pub(in super::super) fn key(state: &mut State) -> bool {
    let Some(shell) = focused(state) else { return false };
    if shell.look.is_none() && !shell.runs() {
        super::close(state);
    }
    true
}

pub(super) fn send(state: &mut State, bytes: Vec<u8>) {
    let Some(shell) = focused(state) else { return };
    let id = shell.wish.id;
    if !shell.wish.stdin {
        return state.say(Level::Info, "this program takes no input");
    }
    if !bytes.is_empty() {
        state.effects.push(Effect::Shell(id, ShellOrder::Type(bytes)));
    }
}
