//! Screens as text, and for some as roles.

mod chooser;
mod columns;
mod describe;
mod world;

mod logs;
mod over;
mod rollout;
mod screens;
mod shell;
mod sizes;
mod units;

use super::{Look, draw};
use crate::core::role::{Color, Role, Style, Symbols, Theme};
use crate::core::state::State;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Color as Paint;
use std::fmt::Write as _;

/// Roles that are laid over others: their number is the background, so that both are seen.
const OVERLAYS: &[Role] = &[Role::RowCursor, Role::RowMark, Role::Match];

/// A theme in which every role is a colour of its own.
fn look() -> Look {
    let theme = Theme::new("roles", |role| {
        let number = Some(Color::Indexed(role as u8));
        Some(match role {
            Role::Dim => Style { fg: number, dim: true, ..Style::default() },
            r if OVERLAYS.contains(&r) => Style { bg: number, ..Style::default() },
            _ => Style { fg: number, ..Style::default() },
        })
    });
    Look::new(&theme, Symbols::UNICODE)
}

fn frame(state: &State, look: &Look) -> (Buffer, Option<Position>) {
    let mut buf = Buffer::empty(Rect { x: 0, y: 0, width: state.size.0, height: state.size.1 });
    let cursor = draw(state, look, &mut buf);
    (buf, cursor)
}

/// The frame as text; the place of the text cursor stands below.
fn text(state: &State) -> String {
    let (buf, cursor) = frame(state, &look());
    let mut out = as_text(&buf);
    if let Some(at) = cursor {
        let _ = writeln!(out, "cursor at {},{}", at.x, at.y);
    }
    out
}

fn as_text(buf: &Buffer) -> String {
    let mut out = String::new();
    for y in buf.area.top()..buf.area.bottom() {
        let mut line = String::new();
        let mut hidden = 0;
        for x in buf.area.left()..buf.area.right() {
            let symbol = buf[(x, y)].symbol();
            if hidden > 0 {
                hidden -= 1;
                continue;
            }
            hidden = unicode_width::UnicodeWidthStr::width(symbol).saturating_sub(1);
            line.push_str(symbol);
        }
        let _ = writeln!(out, "{}", line.trim_end());
    }
    out
}

/// Which role is where: `from-to role` for each run that is not blank.
fn roles(state: &State) -> String {
    let (buf, _) = frame(state, &look());
    let name = |paint: Paint| match paint {
        Paint::Indexed(i) => Role::ALL.get(usize::from(i)).map_or("?", |r| r.name()),
        _ => "",
    };
    let mut out = String::new();
    for y in buf.area.top()..buf.area.bottom() {
        let mut runs: Vec<(u16, u16, String)> = Vec::new();
        for x in buf.area.left()..buf.area.right() {
            let cell = &buf[(x, y)];
            if cell.symbol() == " " {
                continue;
            }
            let over = name(cell.bg);
            let role = format!("{}{}{over}", name(cell.fg), if over.is_empty() { "" } else { "+" });
            match runs.last_mut() {
                Some(run) if run.2 == role && x - run.1 <= 2 => run.1 = x,
                _ => runs.push((x, x, role)),
            }
        }
        let line: Vec<String> = runs.iter().map(|(a, b, r)| format!("{a}-{b} {r}")).collect();
        let _ = writeln!(out, "{y}: {}", line.join(", "));
    }
    out
}
