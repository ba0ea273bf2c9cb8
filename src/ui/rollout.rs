//! The rollout of a workload: how it stands, its revisions, what differs between two of them.

use super::board::{columns, cursor};
use super::chrome::{self, Frame};
use super::ink::{Ink, Piece};
use super::text_pane::{freshness, spans};
use super::width::width;
use super::words::count;
use crate::core::panes::list::List;
use crate::core::panes::rollout::{RolloutPane, Row, head, parts};
use crate::core::role::Role;
use crate::core::state::State;
use ratatui::layout::Rect;

const TITLES: [&str; 5] = ["REVISION", "PODS", "AGE", "IMAGES", "CAUSE"];
/// The widest a revision's images are shown.
const MOST_IMAGES: u16 = 48;

pub(super) fn draw(ink: &mut Ink<'_>, area: Rect, state: &State, pane: &RolloutPane, focused: bool) {
    let inside = chrome::inner(area);
    let (text, role) = freshness(state.objects.get(&pane.object));
    let o = &pane.object;
    let title = format!("rollout {} {} {}/{}", ink.look.symbols.dot, o.kind.singular, o.namespace, o.name);
    // A cell is left free at the left, as in every list.
    let wide = inside.width.saturating_sub(1);
    let [head, list, diff] = parts(&pane.told, wide, usize::from(inside.height));
    let frame = Frame {
        title: vec![(title, Role::Title)],
        state: vec![text],
        state_role: Some(role),
        left: left(pane),
        right: right(pane, diff.saturating_sub(1)),
    };
    chrome::frame(ink, area, if focused { Role::FrameFocus } else { Role::Frame }, &frame);
    if pane.told.made == 0 {
        ink.put(inside.x + 1, inside.y, inside.right(), "reading the object", Role::FreshSyncing);
        return;
    }
    for (line, y) in self::head(&pane.told, wide).iter().take(head).zip(inside.y..inside.bottom()) {
        spans(ink, Rect { x: inside.x + 1, y, width: inside.width - 1, height: 1 }, line, 0);
    }
    let at = inside.y + head as u16;
    rows(ink, Rect { y: at, height: list as u16, ..inside }, pane, focused);
    difference(ink, Rect { y: at + list as u16, height: diff as u16, ..inside }, pane);
}

fn left(pane: &RolloutPane) -> Vec<Piece> {
    if pane.ask.is_some() && pane.told.rows.is_empty() {
        return vec![("reading the history".to_owned(), Role::FreshSyncing)];
    }
    let all = pane.told.rows.len();
    let words = if all == 1 { "1 revision".to_owned() } else { format!("{} revisions", count(all as u64)) };
    let base = pane.base.map(|n| format!(" compared with {n}")).unwrap_or_default();
    vec![(format!("{words}{base}"), Role::Frame)]
}

/// Where in the difference one is.
fn right(pane: &RolloutPane, visible: usize) -> Vec<Piece> {
    let all = pane.told.diff.len();
    if all <= visible {
        return Vec::new();
    }
    vec![(format!("lines {}-{} of {all}: PgDn", pane.top + 1, (pane.top + visible).min(all)), Role::Frame)]
}

fn rows(ink: &mut Ink<'_>, area: Rect, pane: &RolloutPane, focused: bool) {
    if area.height == 0 {
        return;
    }
    let all = &pane.told.rows;
    let widest = |c: usize| all.iter().map(|r| width(&r.cells[c])).max().unwrap_or(0).max(width(TITLES[c]));
    let mut wide: Vec<u16> = (0..TITLES.len()).map(widest).collect();
    wide[3] = wide[3].min(MOST_IMAGES).min(area.width / 2);
    let put = |ink: &mut Ink<'_>, y: u16, cells: [(&str, Role); 5]| {
        columns(ink, Rect { y, height: 1, ..area }, cells.into_iter().zip(wide.iter().copied()));
    };
    put(ink, area.y, TITLES.map(|t| (t, Role::ColumnTitle)));
    if all.is_empty() {
        ink.put(area.x + 1, area.y + 1, area.right(), "no history", Role::Dim);
    }
    let visible = usize::from(area.height - 1);
    let mut list: List = pane.list;
    list.keep(all.len(), visible);
    for (i, (row, y)) in all.iter().skip(list.top).take(visible).zip(area.y + 1..).enumerate() {
        let role = role(pane, row);
        let cells: Vec<(&str, Role)> = row.cells.iter().map(|c| (c.as_str(), role)).collect();
        if let Ok(cells) = cells.try_into() {
            put(ink, y, cells);
        }
        if list.top + i == list.at {
            cursor(ink, Rect { y, height: 1, ..area }, focused);
        }
    }
}

fn role(pane: &RolloutPane, row: &Row) -> Role {
    match (row.now, pane.base == Some(row.number)) {
        (_, true) => Role::RowBusy,
        (true, _) => Role::RowOk,
        _ => Role::Row,
    }
}

fn difference(ink: &mut Ink<'_>, area: Rect, pane: &RolloutPane) {
    if area.height == 0 {
        return;
    }
    for x in area.left()..area.right() {
        ink.char(x, area.y, ink.look.symbols.border.horizontal, Role::Frame);
    }
    ink.put(area.x + 1, area.y, area.right(), &format!(" {} ", pane.told.pair), Role::Title);
    for (line, y) in pane.told.diff.iter().skip(pane.top).zip(area.y + 1..area.bottom()) {
        spans(ink, Rect { x: area.x + 1, y, width: area.width - 1, height: 1 }, line, 0);
    }
}
