//! The jobs pane: what was asked for, the newest last.

use super::board::{clock, columns, cursor, standing};
use super::chrome::{self, Frame};
use super::ink::{Ink, Piece};
use super::width::width;
use super::words::count;
use crate::core::job::{BoardRow, State as Standing};
use crate::core::jobs::{Job, Row, word};
use crate::core::panes::jobs::JobsPane;
use crate::core::role::Role;
use crate::core::state::State;
use ratatui::layout::Rect;

const TITLES: [&str; 4] = ["STATE", "JOB", "TIME", "HOW IT STANDS"];

pub(super) fn draw(ink: &mut Ink<'_>, area: Rect, state: &State, pane: &JobsPane, focused: bool) {
    let rows = state.jobs.rows();
    let running = state.jobs.running().count();
    let frame = Frame {
        title: vec![("jobs".into(), Role::Title)],
        state: vec![if running == 0 { "none running".into() } else { format!("{} running", count(running as u64)) }],
        state_role: Some(if running == 0 { Role::FreshLive } else { Role::FreshSyncing }),
        left: vec![(count(rows.len() as u64), Role::Frame)],
        right: Vec::new(),
    };
    chrome::frame(ink, area, if focused { Role::FrameFocus } else { Role::Frame }, &frame);
    let inside = chrome::inner(area);
    if inside.height == 0 {
        return;
    }
    let lines: Vec<[Piece; 4]> = rows.iter().map(|r| line(r, state.now)).collect();
    let widest = |at: usize| lines.iter().map(|l| width(&l[at].0)).max().unwrap_or(0).max(width(TITLES[at]));
    let wide = [widest(0), widest(1).min(inside.width / 2), widest(2), inside.width];
    let put = |ink: &mut Ink<'_>, y: u16, pieces: [(&str, Role); 4]| {
        columns(ink, Rect { y, height: 1, ..inside }, pieces.into_iter().zip(wide));
    };
    put(ink, inside.y, TITLES.map(|t| (t, Role::ColumnTitle)));
    if lines.is_empty() {
        ink.put(inside.x + 1, inside.y + 1, inside.right(), "nothing was asked for yet", Role::Dim);
    }
    let visible = usize::from(inside.height - 1);
    let mut list = pane.list;
    list.keep(lines.len(), visible);
    for (i, (line, y)) in lines.iter().skip(list.top).take(visible).zip(inside.y + 1..).enumerate() {
        put(ink, y, [0, 1, 2, 3].map(|at| (line[at].0.as_str(), line[at].1)));
        if list.top + i == list.at {
            cursor(ink, Rect { y, height: 1, ..inside }, focused);
        }
    }
}

fn line(row: &Row<'_>, now: i64) -> [Piece; 4] {
    match row {
        Row::Own(job) => {
            let left = job.board.left.first().map(|l| format!("left: {l}"));
            let how = [Some(job.board.totals.clone()), failed(job), left];
            [
                (word(job.board.state).into(), standing(job.board.state)),
                (job.board.title.clone(), Role::Row),
                (clock(job, now), Role::Row),
                (joined(how.into_iter().flatten()), Role::Row),
            ]
        }
        Row::Left(left) => {
            let kept = &left.kept;
            let about = match kept.targets.as_slice() {
                [] => String::new(),
                [one] => format!(" {}", one.name),
                many => format!(" {} objects", many.len()),
            };
            let (state, role, whose) = match &left.owner {
                Some((host, process)) => ("elsewhere", Role::RowBusy, format!("qd {process} on {host}")),
                None => ("left", Role::RowWarn, format!("of an earlier run on {}", kept.context)),
            };
            let how = joined([kept.totals.clone(), whose].into_iter().chain(kept.left.first().cloned()));
            [
                (state.into(), role),
                (format!("{}{about}", kept.action), Role::Row),
                (String::new(), Role::Row),
                (how, Role::Row),
            ]
        }
    }
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.filter(|t| !t.is_empty()).collect::<Vec<_>>().join("; ")
}

/// The first thing that failed.
fn failed(job: &Job) -> Option<String> {
    job.board.rows.iter().find(|r| r.state == Standing::Failed).map(BoardRow::line)
}
