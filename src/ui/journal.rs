//! The journal: a line for each step, the newest last.

use super::board::{columns, cursor};
use super::chrome::{self, Frame};
use super::ink::Ink;
use super::words::count;
use super::wrap::wrap;
use crate::core::journal::{Line, Phase};
use crate::core::panes::jobs::JournalPane;
use crate::core::role::Role;
use crate::core::state::State;
use ratatui::layout::{Position, Rect};

/// Panes at least this wide tell the day and the context of each line.
const ROOMY: u16 = 110;

pub(super) fn draw(
    ink: &mut Ink<'_>,
    area: Rect,
    state: &State,
    pane: &JournalPane,
    focused: bool,
) -> Option<Position> {
    let journal = &state.jobs.journal;
    frame(ink, area, state, pane, focused);
    let at = super::prompt::draw(ink, area, &pane.filter, '/');
    let inside = chrome::inner(area);
    let lines = match journal {
        Ok(lines) => lines,
        Err(why) => {
            for (line, y) in wrap(why, inside.width.saturating_sub(2)).iter().zip(inside.y..inside.bottom()) {
                ink.put(inside.x + 1, y, inside.right(), line, Role::FreshError);
            }
            return at;
        }
    };
    if pane.shown.is_empty() {
        let text = if lines.is_empty() { "nothing was changed yet" } else { "no line fits the filter" };
        ink.put(inside.x + 1, inside.y, inside.right(), text, Role::Dim);
    }
    let visible = usize::from(inside.height);
    let mut list = pane.list;
    list.keep(pane.shown.len(), visible);
    let shown = pane.shown.iter().skip(list.top).take(visible).filter_map(|at| lines.get(*at));
    for (i, (line, y)) in shown.zip(inside.y..).enumerate() {
        let row = Rect { y, height: 1, ..inside };
        self::line(ink, row, line);
        if list.top + i == list.at {
            cursor(ink, row, focused);
        }
    }
    at
}

fn frame(ink: &mut Ink<'_>, area: Rect, state: &State, pane: &JournalPane, focused: bool) {
    let all = count(state.jobs.journal.as_ref().map_or(0, Vec::len) as u64);
    let shown = count(pane.shown.len() as u64);
    let left = if pane.filter.text.is_empty() {
        vec![(format!("{all} lines"), Role::Frame)]
    } else {
        let filter = format!(" {} /{}", ink.look.symbols.dot, pane.filter.text);
        vec![(format!("{shown}/{all}"), Role::Frame), (filter, Role::Match)]
    };
    let path = state.options.journal.as_deref().unwrap_or("not written");
    let open = pane.filter.line.is_some();
    let frame = Frame {
        title: vec![("journal".into(), Role::Title)],
        state: vec![if pane.follow { "newest".into() } else { "held".into() }],
        state_role: Some(Role::FreshLive),
        left: if open { Vec::new() } else { left },
        right: if open { Vec::new() } else { vec![(path.to_owned(), Role::Dim)] },
    };
    chrome::frame(ink, area, if focused { Role::FrameFocus } else { Role::Frame }, &frame);
}

/// Time, phase, step, object, matter.
fn line(ink: &mut Ink<'_>, row: Rect, line: &Line) {
    // As 2026-11-21T12:04:28.123Z: the day only where there is room.
    let day = line.time.get(5..10).unwrap_or("");
    let time = line.time.get(11..19).unwrap_or(&line.time);
    let failed = line.result.starts_with("failed") || (line.phase == Phase::Result && !line.result.starts_with("ok"));
    let role = match line.phase {
        _ if failed => Role::RowBad,
        Phase::Intent => Role::Dim,
        _ => Role::Row,
    };
    let (about, matter) = (line.about(), line.matter());
    let roomy = row.width >= ROOMY;
    let first = [((day, Role::Dim), 5), ((line.context.as_str(), Role::Dim), 14)];
    let first = first.into_iter().filter(|_| roomy);
    let rest = [
        ((time, Role::Dim), 8),
        ((line.word(), role), 6),
        ((line.step.as_str(), role), 10),
        ((about.as_str(), role), if roomy { 32 } else { row.width / 4 }),
        ((matter.as_str(), role), row.width),
    ];
    columns(ink, row, first.chain(rest));
}
