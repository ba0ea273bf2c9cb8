//! The list of forwards and copies.

use super::board::{columns, cursor};
use super::chrome::{self, Frame};
use super::ink::{Ink, Piece};
use super::width::width;
use super::words::{count, span};
use crate::core::held::{Held, Standing, Work};
use crate::core::panes::held::HeldPane;
use crate::core::role::Role;
use crate::core::state::State;
use crate::core::value::human_bytes;
use ratatui::layout::Rect;

const TITLES: [&str; 6] = ["STATE", "WHAT", "AT", "IN", "OUT", "HOW IT STANDS"];

pub(super) fn draw(ink: &mut Ink<'_>, area: Rect, state: &State, pane: &HeldPane, focused: bool) {
    let all: Vec<&Held> = state.held.all.values().collect();
    let running = state.held.running().count();
    let frame = Frame {
        title: vec![("forwards and copies".into(), Role::Title)],
        state: vec![if running == 0 { "none open".into() } else { format!("{} open", count(running as u64)) }],
        state_role: Some(if running == 0 { Role::FreshLive } else { Role::FreshSyncing }),
        left: vec![(count(all.len() as u64), Role::Frame)],
        right: Vec::new(),
    };
    chrome::frame(ink, area, if focused { Role::FrameFocus } else { Role::Frame }, &frame);
    let inside = chrome::inner(area);
    if inside.height == 0 {
        return;
    }
    let lines: Vec<[Piece; 6]> = all.iter().map(|h| line(h, state.now)).collect();
    let widest = |at: usize| lines.iter().map(|l| width(&l[at].0)).max().unwrap_or(0).max(width(TITLES[at]));
    let wide = [
        widest(0),
        widest(1).min(inside.width * 2 / 5),
        widest(2).min(inside.width / 4),
        widest(3),
        widest(4),
        inside.width,
    ];
    let put = |ink: &mut Ink<'_>, y: u16, pieces: [(&str, Role); 6]| {
        columns(ink, Rect { y, height: 1, ..inside }, pieces.into_iter().zip(wide));
    };
    put(ink, inside.y, TITLES.map(|t| (t, Role::ColumnTitle)));
    if lines.is_empty() {
        let text = "nothing is forwarded or copied; F on a pod, a Service or a workload forwards a port";
        ink.put(inside.x + 1, inside.y + 1, inside.right(), text, Role::Dim);
    }
    let visible = usize::from(inside.height - 1);
    let mut list = pane.list;
    list.keep(lines.len(), visible);
    for (i, (line, y)) in lines.iter().skip(list.top).take(visible).zip(inside.y + 1..).enumerate() {
        put(ink, y, [0, 1, 2, 3, 4, 5].map(|at| (line[at].0.as_str(), line[at].1)));
        if list.top + i == list.at {
            cursor(ink, Rect { y, height: 1, ..inside }, focused);
        }
    }
}

fn line(held: &Held, now: i64) -> [Piece; 6] {
    let (word, role) = match held.standing {
        Standing::Opening => ("waiting", Role::RowBusy),
        Standing::Live => ("live", Role::RowOk),
        Standing::Done => ("over", Role::RowDone),
        Standing::Failed => ("failed", Role::RowBad),
    };
    let c = held.counts;
    let much = match (&held.work, c.whole) {
        (Work::Forward(_), _) if held.runs() => {
            format!("{} of {} connections", count(c.open.into()), count(c.all.into()))
        }
        (Work::Forward(_), _) => format!("{} connections", count(c.all.into())),
        (Work::Copy(_), Some(whole)) if held.runs() && whole > 0 => {
            let percent = (c.into + c.out).min(whole) * 100 / whole;
            format!("{percent} % of {}, {}/s", size(whole), size(held.speed(now)))
        }
        (Work::Copy(_), _) => format!("{} files, {}/s", count(c.open.into()), size(held.speed(now))),
    };
    let took = span(held.ended.unwrap_or(now) - held.began);
    let note = held.notes.last().map(|n| format!("; {n}")).unwrap_or_default();
    [
        (word.into(), role),
        (held.title(), Role::Row),
        (held.at.to_string(), Role::Row),
        (size(c.into), Role::Row),
        (size(c.out), Role::Row),
        (format!("{}; {much}; {took}{note}", held.words), Role::Row),
    ]
}

fn size(bytes: u64) -> String {
    human_bytes(i64::try_from(bytes).unwrap_or(i64::MAX))
}
