//! The user's own terminal, lent to a program: what it says goes there by way of [`Sieve`], what is typed goes to it
//! as it is, until the leader comes. The pane's screen is fed all the while, so that it is true afterwards.

use super::look;
use crate::core::effect::Effect;
use crate::core::layout::PaneId;
use crate::core::msg::Level;
use crate::core::panes::Body;
use crate::core::panes::shell::ShellPane;
use crate::core::shell::{self, Lent, LentEvent, ShellOrder, Sieve};
use crate::core::state::State;

fn of(state: &mut State, pane: PaneId) -> Option<&mut ShellPane> {
    match &mut state.panes.get_mut(&pane)?.body {
        Body::Shell(s) => Some(s),
        _ => None,
    }
}

/// The pane of the program that has the terminal.
fn holder(state: &State) -> Option<PaneId> {
    let raw = |body: &Body| matches!(body, Body::Shell(s) if s.raw.is_some());
    state.panes.values().find(|p| raw(&p.body)).map(|p| p.id)
}

/// Lends the terminal to the focused program.
pub(in super::super) fn begin(state: &mut State) {
    match refused(state) {
        Some(why) => state.say(Level::Info, why),
        None => lend(state),
    }
}

/// Why it may not have it, if so.
fn refused(state: &State) -> Option<String> {
    let leader = state.options.shell.leader;
    let Some(Body::Shell(shell)) = state.focused().map(|p| &p.body) else {
        return Some("only a program in a pane can have the terminal; go to one, or open a shell".into());
    };
    if state.replay.is_some() {
        return Some("a recording has no programs".into());
    }
    if !shell.runs() || !shell.wish.tty {
        return Some("no program with a terminal runs here".into());
    }
    shell::key(leader, false).is_empty().then(|| format!("no terminal sends {leader}: choose another shell_leader"))
}

fn lend(state: &mut State) {
    let Some(pane) = state.focus() else { return };
    look::leave(state, pane);
    let leader = state.options.shell.leader;
    let Some(shell) = of(state, pane) else { return };
    let mut sieve = Sieve::default();
    let said = format!("qd: this terminal is with {} now; {leader} leads back\r\n", shell.about());
    let first = sieve.feed(&[said.into_bytes(), painted(shell.screen.term())].concat());
    (shell.raw, shell.led, shell.pressed) = (Some(sieve), false, None);
    state.effects.push(Effect::Terminal(Lent::Begin(first)));
}

/// What a program has drawn so far, for a terminal that has other lines above it.
fn painted(term: &vt100::Screen) -> Vec<u8> {
    let mut out = Vec::new();
    let (height, width) = term.size();
    let (row, column) = term.cursor_position();
    if term.alternate_screen() {
        out.extend_from_slice(b"\x1b[?1049h");
        out.extend(term.contents_formatted());
    } else {
        let blank = |text: String| text.trim().is_empty();
        let last = term.rows(0, width).map(blank).collect::<Vec<_>>().iter().rposition(|blank| !blank).unwrap_or(0);
        let last = last.max(row.into()).min(usize::from(height - 1));
        for (at, line) in term.rows_formatted(0, width).take(last + 1).enumerate() {
            out.extend_from_slice(if at == 0 { b"" } else { b"\r\n" });
            out.extend(line);
            out.extend_from_slice(b"\x1b[m");
        }
        let up = last - usize::from(row);
        let go = |out: &mut Vec<u8>, by: usize, to: char| {
            if by > 0 {
                out.extend_from_slice(format!("\x1b[{by}{to}").as_bytes());
            }
        };
        out.push(b'\r');
        go(&mut out, up, 'A');
        go(&mut out, column.min(width - 1).into(), 'C');
        out.extend(term.attributes_formatted());
        out.extend_from_slice(if term.hide_cursor() { b"\x1b[?25l" } else { b"\x1b[?25h" });
    }
    out.extend(term.input_mode_formatted());
    out
}

/// Takes the terminal back, if that program has it, or whoever has it.
pub(super) fn end(state: &mut State, pane: Option<PaneId>) {
    let Some(holder) = holder(state).filter(|h| pane.is_none_or(|p| p == *h)) else { return };
    if let Some(shell) = of(state, holder) {
        shell.raw = None;
        state.effects.push(Effect::Terminal(Lent::End));
    }
}

/// Something is heard of the terminal while a program has it.
pub(in super::super) fn event(state: &mut State, event: LentEvent) {
    match event {
        LentEvent::Typed(bytes) => typed(state, &bytes),
        LentEvent::Wanted => end(state, None),
    }
}

fn typed(state: &mut State, bytes: &[u8]) {
    let leader = shell::key(state.options.shell.leader, false);
    let Some(shell) = holder(state).and_then(|pane| of(state, pane)) else { return };
    // A terminal sends a key whole; what comes behind the leader was meant for nobody.
    let at = memchr::memmem::find(bytes, &leader);
    let own = &bytes[..at.unwrap_or(bytes.len())];
    let (id, stdin) = (shell.wish.id, shell.wish.stdin);
    if stdin && !own.is_empty() {
        state.effects.push(Effect::Shell(id, ShellOrder::Type(own.to_vec())));
    }
    if at.is_some() {
        end(state, None);
    }
}

/// What the program says goes to the terminal, too, while it has that.
pub(super) fn said(shell: &mut ShellPane, bytes: &[u8]) -> Option<Effect> {
    let passed = shell.raw.as_mut()?.feed(bytes);
    (!passed.is_empty()).then_some(Effect::Terminal(Lent::Write(passed)))
}
