//! Reading what a program has said: scrolling back, searching, copying lines. What it says meanwhile
//! waits, so that the lines stand still.

use crate::core::effect::Effect;
use crate::core::input::MouseKind;
use crate::core::layout::PaneId;
use crate::core::msg::Level;
use crate::core::panes::Body;
use crate::core::panes::shell::{Look, ShellPane};
use crate::core::state::State;
use crate::core::view::{Move, keep_in_sight};

fn focused(state: &mut State) -> Option<&mut ShellPane> {
    match &mut state.focused_mut()?.body {
        Body::Shell(s) => Some(s),
        _ => None,
    }
}

/// Begins to look; the cursor stands on the screen's last line with text.
pub(in super::super) fn begin(state: &mut State) {
    let Some(shell) = focused(state).filter(|s| s.look.is_none()) else { return };
    let (history, rows) = (shell.screen.history(), usize::from(shell.screen.size().1));
    let (row, _) = shell.screen.term().cursor_position();
    let at = (history + usize::from(row)).min(history + rows - 1);
    shell.led = false;
    shell.look = Some(Look { at, top: history, mark: None, held: Vec::new() });
}

/// Gives the keys back to the program, and draws what it has said meanwhile.
pub(super) fn leave(state: &mut State, pane: PaneId) {
    let Some(Body::Shell(shell)) = state.panes.get_mut(&pane).map(|p| &mut p.body) else { return };
    let Some(look) = shell.look.take() else { return };
    shell.find = crate::core::panes::table::Prompt::default();
    shell.screen.show(usize::MAX);
    super::said(state, pane, &look.held);
}

/// Esc or `q`: what is marked first, then the looking, then a pane whose program has ended.
pub(in super::super) fn back(state: &mut State) -> bool {
    let Some(pane) = state.focus() else { return false };
    let Some(shell) = focused(state) else { return false };
    let runs = shell.runs();
    match &mut shell.look {
        Some(look) if look.mark.is_some() => look.mark = None,
        Some(_) => leave(state, pane),
        None if !runs => super::close(state),
        None => {}
    }
    true
}

/// Moves the cursor; `false` if no program's lines have the focus.
pub(in super::super) fn go(state: &mut State, to: Move) -> bool {
    if focused(state).is_some_and(|s| s.look.is_none() && !s.runs()) {
        begin(state);
    }
    let Some(shell) = focused(state) else { return false };
    let lines = shell.screen.lines();
    let rows = usize::from(shell.screen.size().1);
    if let Some(look) = &mut shell.look {
        look.at = to.from(look.at, lines, rows);
        look.top = keep_in_sight(look.top, look.at, lines, rows);
        let top = look.top;
        shell.screen.show(top);
    }
    true
}

/// The wheel: lines move under the cursor; at the end the program has its keys again.
pub(super) fn wheel(state: &mut State, kind: MouseKind, by: usize) {
    let Some(pane) = state.focus() else { return };
    let Some(shell) = focused(state) else { return };
    let (lines, rows) = (shell.screen.lines(), usize::from(shell.screen.size().1));
    let Some(look) = &mut shell.look else { return };
    let last = lines.saturating_sub(rows);
    look.top = match kind {
        MouseKind::WheelUp => look.top.saturating_sub(by),
        MouseKind::WheelDown => (look.top + by).min(last),
        _ => look.top,
    };
    look.at = look.at.clamp(look.top, (look.top + rows).saturating_sub(1));
    let (top, ends) = (look.top, look.top == last && look.mark.is_none() && kind == MouseKind::WheelDown);
    shell.screen.show(top);
    if ends && shell.runs() {
        leave(state, pane);
    }
}

/// A button goes down on a row of the screen: the cursor goes there, and nothing is marked any more.
pub(super) fn press(state: &mut State, row: u16) {
    let Some(shell) = focused(state) else { return };
    let lines = shell.screen.lines();
    if let Some(look) = &mut shell.look {
        look.mark = None;
        look.at = (look.top + usize::from(row)).min(lines.saturating_sub(1));
    }
}

/// The mouse is dragged from one row of the screen to another: the lines between them are marked.
pub(super) fn drag(state: &mut State, from: u16, to: u16) {
    begin(state);
    let Some(shell) = focused(state) else { return };
    let last = shell.screen.lines().saturating_sub(1);
    if let Some(look) = &mut shell.look {
        look.mark.get_or_insert((look.top + usize::from(from)).min(last));
        look.at = (look.top + usize::from(to)).min(last);
    }
}

/// Marks from this line on, or no more.
pub(in super::super) fn mark(state: &mut State) -> bool {
    let Some(shell) = focused(state) else { return false };
    if let Some(look) = &mut shell.look {
        look.mark = if look.mark.is_some() { None } else { Some(look.at) };
    }
    true
}

/// Copies the marked lines, or the one under the cursor. A line that goes on in the next is one.
pub(in super::super) fn copy(state: &mut State) {
    let Some(shell) = focused(state) else { return };
    let Some(look) = shell.look.clone() else { return };
    let other = look.mark.unwrap_or(look.at);
    let (first, last) = (look.at.min(other), look.at.max(other));
    let mut text = String::new();
    for at in first..=last {
        let (line, wrapped) = shell.screen.line(at);
        text.push_str(if wrapped { &line } else { line.trim_end() });
        if !wrapped && at < last {
            text.push('\n');
        }
    }
    if let Some(look) = &mut shell.look {
        look.mark = None;
    }
    let count = last - first + 1;
    state.effects.push(Effect::Copy(text));
    state.say(Level::Info, if count == 1 { "copied the line".to_owned() } else { format!("copied {count} lines") });
}

/// Goes to the next place with what is searched for.
pub(in super::super) fn find(state: &mut State, forward: bool) -> bool {
    let Some(shell) = focused(state) else { return false };
    let (text, at) = (shell.find.text.clone(), shell.look.as_ref().map_or(0, |l| l.at));
    if text.is_empty() {
        return true;
    }
    match shell.screen.find(&text, at, forward) {
        Some(found) => {
            go(state, Move::To(found.line));
            if found.wrapped {
                state.say(Level::Info, "searched on from the other end");
            }
        }
        None => state.say(Level::Info, format!("{text}: not found")),
    }
    true
}
