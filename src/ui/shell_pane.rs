//! A program in a container: its screen in a frame of ours. Cells are taken over one by one; no byte of
//! the program gets past the emulator.

use super::chrome::{self, Frame};
use super::ink::Ink;
use super::words::{count, span};
use crate::core::keys::show_keys;
use crate::core::panes::shell::{Look, ShellPane, Stage};
use crate::core::role::Role;
use crate::core::shell::{Ending, holds};
use crate::core::state::State;
use ratatui::layout::{Position, Rect};
use ratatui::widgets::Widget as _;
use tui_term::widget::{Cursor, PseudoTerminal};

pub(super) fn draw(ink: &mut Ink<'_>, area: Rect, state: &State, shell: &ShellPane, focused: bool) -> Option<Position> {
    frame(ink, area, state, shell, focused);
    let at = super::prompt::draw(ink, area, &shell.find, '/');
    let inside = chrome::inner(area);
    let term = shell.screen.term();
    PseudoTerminal::new(term).cursor(Cursor::default().visibility(false)).render(inside, ink.buf);
    match &shell.look {
        Some(look) => {
            look_over(ink, inside, shell, look);
            at
        }
        None => at.or_else(|| cursor(inside, shell, focused)),
    }
}

/// Where the program has put its cursor.
fn cursor(inside: Rect, shell: &ShellPane, focused: bool) -> Option<Position> {
    let term = shell.screen.term();
    if !focused || !shell.runs() || term.hide_cursor() {
        return None;
    }
    let (row, column) = term.cursor_position();
    // Behind the last column a character still waits for the next line.
    let column = column.min(inside.width.saturating_sub(1));
    (row < inside.height).then_some(Position { x: inside.x + column, y: inside.y + row })
}

fn frame(ink: &mut Ink<'_>, area: Rect, state: &State, shell: &ShellPane, focused: bool) {
    let dot = ink.look.symbols.dot;
    let (told, role) = match (&shell.stage, &shell.look) {
        (_, Some(look)) => {
            let held = if look.held.is_empty() { "" } else { ", more below" };
            (format!("line {}{held}", count(look.at as u64 + 1)), Role::FreshSyncing)
        }
        (Stage::Opening, _) => (format!("opening {}", span((state.now - shell.began).max(0))), Role::FreshSyncing),
        (Stage::Running(_), _) => ("live".to_owned(), Role::FreshLive),
        (Stage::Ended(Ending::Exit(0), None), _) => ("exit 0".to_owned(), Role::RowDone),
        (Stage::Ended(Ending::Detached, None), _) => (Ending::Detached.to_string(), Role::FreshLive),
        (Stage::Ended(ending, None), _) => (ending.to_string(), Role::FreshError),
        (Stage::Ended(ending, Some(note)), _) => (format!("{ending}; {note}"), Role::FreshError),
    };
    let right = match &shell.stage {
        _ if shell.look.is_some() => "Esc: back to the program".to_owned(),
        Stage::Ended(..) => "Enter closes".to_owned(),
        _ if focused => leaves(shell),
        _ => "runs on".to_owned(),
    };
    let open = shell.find.line.is_some();
    let carrier = if let Stage::Running(carrier) = shell.stage { carrier } else { "" };
    let frame = Frame {
        title: vec![(shell.word.to_owned(), Role::Title), (format!(" {dot} {}", shell.about()), Role::Title)],
        state: vec![told],
        state_role: Some(role),
        left: if open { Vec::new() } else { vec![(carrier.to_owned(), Role::Dim)] },
        right: if open { Vec::new() } else { vec![(right, Role::Dim)] },
    };
    let border = match (focused, shell.led) {
        (true, true) => Role::Match,
        (true, false) => Role::FrameFocus,
        _ => Role::Frame,
    };
    chrome::frame(ink, area, border, &frame);
}

/// The keys that leave an attached program alone.
fn leaves(shell: &ShellPane) -> String {
    let keys = shell.detach.keys();
    if keys.is_empty() { String::new() } else { format!("{} detaches", show_keys(keys)) }
}

/// What is found, what is marked, and the line of the cursor.
fn look_over(ink: &mut Ink<'_>, inside: Rect, shell: &ShellPane, look: &Look) {
    let text = &shell.find.text;
    let rows = shell.screen.term().rows(0, inside.width);
    for (row, y) in rows.zip(inside.y..inside.bottom()) {
        let at = look.top + usize::from(y - inside.y);
        let line = Rect { y, height: 1, ..inside };
        if !text.is_empty() && holds(&row, text) {
            ink.over(line, Role::Match);
        }
        let marked = look.mark.is_some_and(|m| (m.min(look.at)..=m.max(look.at)).contains(&at));
        if marked {
            ink.over(line, Role::RowMark);
        }
        if at == look.at {
            // No mark at its beginning: that cell is the program's.
            ink.over(line, Role::RowCursor);
        }
    }
}
