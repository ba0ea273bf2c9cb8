//! The board of a job: a row for each object, its standing in words, what is known beside it.

use super::chrome::{self, Frame};
use super::ink::{Ink, Piece};
use super::width::width;
use super::words::span;
use super::wrap::wrap;
use crate::core::job::{Board, BoardRow, State as Standing, Tone};
use crate::core::jobs::{Job, word};
use crate::core::panes::jobs::BoardPane;
use crate::core::panes::list::List;
use crate::core::role::Role;
use crate::core::state::State;
use ratatui::layout::Rect;

/// Cells between two columns.
const GAP: u16 = 2;

pub(super) fn draw(ink: &mut Ink<'_>, area: Rect, state: &State, pane: &BoardPane, focused: bool) {
    let border = if focused { Role::FrameFocus } else { Role::Frame };
    let inside = chrome::inner(area);
    let Some(job) = state.jobs.all.get(&pane.job) else {
        chrome::frame(ink, area, border, &Frame { title: vec![("job".into(), Role::Title)], ..Frame::default() });
        ink.put(inside.x + 1, inside.y, inside.right(), "this job is not kept any more", Role::Dim);
        return;
    };
    let board = &job.board;
    let frame = Frame {
        title: title(ink, job, state.now),
        state: vec![board.totals.clone()],
        state_role: Some(Role::Title),
        left: vec![(board.kubectl.clone(), Role::Dim)],
        right: Vec::new(),
    };
    chrome::frame(ink, area, border, &frame);
    let foot = board.foot();
    let below = inside.bottom().saturating_sub(foot.len() as u16).max(inside.y + 1);
    for ((text, tone), y) in foot.iter().zip(below..inside.bottom()) {
        ink.put(inside.x + 1, y, inside.right(), text, role(*tone));
    }
    let mut list = Rect { height: below.saturating_sub(inside.y), ..inside };
    let measured: Vec<[u16; 3]> = board.rows.iter().map(measured).collect();
    let wide = widths(&measured, list.width);
    let whole = whole(board, pane.list, &measured, wide, list);
    list.height -= whole.len() as u16;
    for (text, y) in whole.iter().zip(list.bottom()..below) {
        ink.put(inside.x + 1, y, inside.right(), text, Role::Dim);
    }
    rows(ink, list, board, (pane.list, wide), focused);
}

/// How wide the texts of a row are: its object, its state, and what is known beside it.
fn measured(row: &BoardRow) -> [u16; 3] {
    let [subject, words, why, detail] =
        [&row.subject, &row.said.words, &row.said.why, &row.detail].map(|text| width(text));
    let between = if why > 0 && detail > 0 { BETWEEN } else { 0 };
    [subject, words, why.saturating_add(between).saturating_add(detail)]
}

/// The widths of the three columns.
fn widths(rows: &[[u16; 3]], room: u16) -> [u16; 3] {
    let widest = |column: usize, title: &str| rows.iter().map(|r| r[column]).max().unwrap_or(0).max(width(title));
    let subject = widest(0, "OBJECT").min(room * 2 / 5);
    let words = widest(1, "STATE").min(room * 2 / 5);
    [subject, words, room.saturating_sub(1 + subject + GAP + words + GAP)]
}

/// Cells between two parts of a line.
const BETWEEN: u16 = 3;
/// Most lines for one row in full.
const MOST_WHOLE: usize = 4;

/// The row under the cursor in full, if any row of the board is cut. As many lines as the longest
/// may take, so that the list stays where it is while the cursor moves.
fn whole(board: &Board, list: List, rows: &[[u16; 3]], wide: [u16; 3], area: Rect) -> Vec<String> {
    let cut = rows.iter().any(|parts| parts.iter().zip(wide).any(|(has, room)| *has > room));
    if !cut {
        return Vec::new();
    }
    let room = area.width.saturating_sub(2);
    let lines = |r: &BoardRow| {
        let detail = if r.detail.is_empty() { String::new() } else { format!(" · {}", r.detail) };
        wrap(&format!("{}{detail}", r.line()), room)
    };
    let length = |parts: &[u16; 3]| parts.iter().fold(2 * BETWEEN, |sum, w| sum.saturating_add(*w));
    let longest = rows.iter().map(length).max().unwrap_or(0);
    let mut all = board.rows.get(list.at).map(lines).unwrap_or_default();
    // What breaking at blanks leaves empty at the ends of lines is a part of them.
    let may = longest.saturating_add(longest / 8).div_ceil(room.max(1));
    // Two rows at least stay in sight.
    let most = all.len().max(may.into()).min(MOST_WHOLE).min(usize::from(area.height.saturating_sub(3)));
    all.resize(most, String::new());
    all
}

/// What the job is, where it is as a whole, and for how long.
fn title(ink: &Ink<'_>, job: &Job, now: i64) -> Vec<Piece> {
    let text = format!(" {} {}", word(job.board.state), clock(job, now));
    let title = format!("{} {}", job.board.title, ink.look.symbols.dot);
    vec![(title, Role::Title), (text, standing(job.board.state))]
}

/// How long a job runs or ran.
pub(super) fn clock(job: &Job, now: i64) -> String {
    let s = (job.ended.unwrap_or(now) - job.began).max(0) / 1000;
    if s < 3_600 { format!("{}:{:02}", s / 60, s % 60) } else { span(s * 1000) }
}

/// The role of a standing.
pub(super) fn standing(state: Standing) -> Role {
    match state {
        Standing::Waiting | Standing::Running | Standing::Stopping => Role::RowBusy,
        Standing::Done => Role::RowOk,
        Standing::Failed => Role::RowBad,
        Standing::Cancelled => Role::RowWarn,
        Standing::Kept => Role::RowDone,
    }
}

fn role(tone: Tone) -> Role {
    match tone {
        Tone::Plain => Role::Row,
        Tone::Busy => Role::RowBusy,
        Tone::Good => Role::RowOk,
        Tone::Warn => Role::RowWarn,
        Tone::Bad => Role::RowBad,
        Tone::Dim => Role::RowDone,
    }
}

fn rows(ink: &mut Ink<'_>, area: Rect, board: &Board, (mut list, wide): (List, [u16; 3]), focused: bool) {
    if area.height == 0 {
        return;
    }
    let all = &board.rows;
    let visible = usize::from(area.height - 1);
    list.keep(all.len(), visible);
    let put = |ink: &mut Ink<'_>, y: u16, pieces: [(&str, Role); 3]| {
        columns(ink, Rect { y, height: 1, ..area }, pieces.into_iter().zip(wide));
    };
    put(ink, area.y, ["OBJECT", "STATE", "DETAIL"].map(|t| (t, Role::ColumnTitle)));
    if all.is_empty() {
        ink.put(area.x + 1, area.y + 1, area.right(), "nothing to show yet", Role::Dim);
    }
    for (i, (row, y)) in all.iter().skip(list.top).take(visible).zip(area.y + 1..).enumerate() {
        let role = role(row.tone);
        put(ink, y, [(&row.subject, role), (&row.said.words, role), (&row.more(), Role::Dim)]);
        if list.top + i == list.at {
            cursor(ink, Rect { y, height: 1, ..area }, focused);
        }
    }
}

/// The cursor over a line of a list.
pub(super) fn cursor(ink: &mut Ink<'_>, line: Rect, focused: bool) {
    ink.char(line.x, line.y, ink.look.symbols.cursor, if focused { Role::Row } else { Role::Dim });
    if focused {
        ink.over(line, Role::RowCursor);
    }
}

/// Texts in columns of these widths, cut where the line ends.
pub(super) fn columns<'a>(ink: &mut Ink<'_>, line: Rect, pieces: impl Iterator<Item = ((&'a str, Role), u16)>) {
    let mut x = line.x + 1;
    for ((text, role), wide) in pieces {
        ink.put(x, line.y, x.saturating_add(wide).min(line.right()), text, role);
        x = x.saturating_add(wide + GAP).min(line.right());
    }
}
