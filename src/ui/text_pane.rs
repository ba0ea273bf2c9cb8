//! A text pane: YAML or a description, with what the search found lit.

use super::chrome::{self, Frame};
use super::ink::{Ink, Piece};
use super::width::{tail, width};
use super::words::{self, count};
use super::wrap::wrap;
use crate::core::panes::text::{Finder, TextLine, TextPane, What, plain};
use crate::core::role::Role;
use crate::core::state::{State, Watched};
use ratatui::layout::{Position, Rect};

pub(super) fn draw(ink: &mut Ink<'_>, area: Rect, state: &State, pane: &TextPane, focused: bool) -> Option<Position> {
    let inside = chrome::inner(area);
    let watched = state.objects.get(&pane.object);
    let (text, role) = freshness(watched);
    let frame = Frame {
        title: title(ink, pane),
        state: vec![text],
        state_role: Some(role),
        left: left(ink, pane),
        right: position(pane, inside.height),
    };
    chrome::frame(ink, area, if focused { Role::FrameFocus } else { Role::Frame }, &frame);
    let cursor = super::prompt::draw(ink, area, &pane.find, '/');
    if pane.lines.is_empty() {
        empty(ink, inside, watched);
    } else {
        lines(ink, inside, pane);
        if !matches!(watched, Some(Watched::There(_))) {
            ink.over(inside, Role::Dim);
        }
    }
    cursor
}

/// How true a watched object is, in words.
pub(super) fn freshness(watched: Option<&Watched>) -> (String, Role) {
    match watched {
        None => ("reading".to_owned(), Role::FreshSyncing),
        Some(Watched::There(_)) => ("live".to_owned(), Role::FreshLive),
        Some(Watched::Gone(_)) => ("deleted; its last state".to_owned(), Role::FreshStale),
        Some(Watched::Failed(why, Some(_))) => (format!("stale: {}", words::short(why)), Role::FreshStale),
        Some(Watched::Failed(why, None)) => (words::short(why), Role::FreshError),
    }
}

fn title(ink: &Ink<'_>, pane: &TextPane) -> Vec<Piece> {
    let what = match pane.what {
        What::Yaml => "yaml",
        What::Describe => "describe",
    };
    let o = &pane.object;
    let name = if o.namespace.is_empty() { o.name.to_string() } else { format!("{}/{}", o.namespace, o.name) };
    vec![(format!("{what} {} {} {name}", ink.look.symbols.dot, o.kind.singular), Role::Title)]
}

fn left(ink: &Ink<'_>, pane: &TextPane) -> Vec<Piece> {
    let mut left = Vec::new();
    let dot = format!(" {} ", ink.look.symbols.dot);
    if pane.lines.is_empty() || pane.find.line.is_some() {
        return left;
    }
    left.push((format!("{} lines", count(pane.lines.len() as u64)), Role::Frame));
    if !pane.find.text.is_empty() {
        left.push((dot.clone(), Role::Dim));
        left.push((format!("/{} ", pane.find.text), Role::Match));
        let at = pane.hits.iter().position(|h| *h >= pane.top).map_or(pane.hits.len(), |i| i + 1);
        let found = match pane.hits.len() {
            0 => "not found".to_owned(),
            n => format!("{} of {} lines", count(at as u64), count(n as u64)),
        };
        left.push((found, Role::Frame));
    }
    if pane.what == What::Yaml && pane.managed_fields {
        left.extend([(dot, Role::Dim), ("managedFields".to_owned(), Role::Frame)]);
    }
    left
}

/// Where in the text one is.
fn position(pane: &TextPane, height: u16) -> Vec<Piece> {
    let all = pane.lines.len();
    if all <= usize::from(height) || pane.find.line.is_some() {
        return Vec::new();
    }
    let last = (pane.top + usize::from(height)).min(all);
    let text = match (pane.top, last == all) {
        (0, _) => "top".to_owned(),
        (_, true) => "end".to_owned(),
        _ => format!("{}-{} {}%", count(pane.top as u64 + 1), count(last as u64), last * 100 / all),
    };
    vec![(text, Role::Frame)]
}

fn empty(ink: &mut Ink<'_>, area: Rect, watched: Option<&Watched>) {
    let (text, role) = match watched {
        None | Some(Watched::There(_)) => ("reading the object".to_owned(), Role::FreshSyncing),
        Some(Watched::Gone(_)) => ("the object is gone".to_owned(), Role::FreshStale),
        Some(Watched::Failed(why, _)) => (why.to_string(), Role::FreshError),
    };
    for (i, line) in wrap(&text, area.width.saturating_sub(4)).iter().enumerate() {
        let y = area.y + 1 + i as u16;
        if y < area.bottom() {
            ink.put(area.x + 2, y, area.right(), line, role);
        }
    }
}

fn lines(ink: &mut Ink<'_>, area: Rect, pane: &TextPane) {
    let found = Finder::new(&pane.find.text);
    let shown = pane.lines.iter().enumerate().skip(pane.top).take(usize::from(area.height));
    for ((at, line), y) in shown.zip(area.y..) {
        let row = Rect { x: area.x + 1, y, width: area.width.saturating_sub(1), height: 1 };
        spans(ink, row, line, pane.left);
        if let Some(found) = &found
            && pane.hits.binary_search(&at).is_ok()
        {
            light(ink, row, line, pane.left, found);
        }
    }
}

/// Draws a line without its first `skip` cells.
pub(super) fn spans(ink: &mut Ink<'_>, row: Rect, line: &TextLine, skip: u16) {
    let mut skip = skip;
    let mut x = row.x;
    for span in line {
        let wide = width(&span.text);
        if skip >= wide {
            skip -= wide;
            continue;
        }
        let (rest, blank) = tail(&span.text, skip);
        skip = 0;
        x = ink.put(x + blank, row.y, row.right(), rest, span.role);
    }
}

fn light(ink: &mut Ink<'_>, row: Rect, line: &TextLine, skip: u16, found: &Finder) {
    let whole = plain(line);
    for range in found.places(&whole) {
        let (Some(before), Some(hit)) = (whole.get(..range.start), whole.get(range)) else { continue };
        let (from, to) = (width(before), width(before).saturating_add(width(hit)));
        let (from, to) = (from.saturating_sub(skip), to.saturating_sub(skip).min(row.width));
        if from < to {
            ink.over(Rect { x: row.x + from, width: to - from, ..row }, Role::Match);
        }
    }
}
