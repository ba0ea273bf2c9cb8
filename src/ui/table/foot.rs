//! The lower border of a table: how many rows, of what, in which order.

use super::Table;
use crate::core::columns::shown;
use crate::core::panes::table::Form;
use crate::core::role::Role;
use crate::core::schema::Source;
use crate::core::store::Store;
use crate::ui::ink::{Ink, Piece, pieces_width};
use crate::ui::words::{count, counted};

/// Left and right part. The prompt takes the place of both while it is open.
pub(super) fn pieces(ink: &Ink<'_>, t: &Table<'_>, width: u16) -> (Vec<Piece>, Vec<Piece>) {
    if t.body.filter.line.is_some() {
        return (Vec::new(), Vec::new());
    }
    let Some(store) = t.store else { return (Vec::new(), Vec::new()) };
    let dot = format!(" {} ", ink.look.symbols.dot);
    let counts = store.counts();
    let (shown, total) = ((t.body.view.len() - usize::from(on_tombstone(t, store))) as u64, counts.total as u64);
    let rows = match (shown == total, total) {
        // While nothing was read there is nothing to count.
        (_, 0) if !counted(store.freshness()) => ink.look.symbols.unknown.to_string(),
        (true, _) => count(total),
        (false, _) => format!("{}/{}", count(shown), count(total)),
    };
    let mut left = vec![(rows, Role::Frame)];
    let mut add = |text: String, role: Role| left.extend([(dot.clone(), Role::Dim), (text, role)]);
    let is_events = t.body.key.kind.plural.as_ref() == "events";
    if t.body.faults_only {
        add(if is_events { "warnings only" } else { "faults only" }.into(), Role::FreshStale);
    } else if counts.unwell > 0 && t.body.form == Form::Columns {
        let word = if is_events { "warnings" } else { "unwell" };
        add(format!("{} {word}", count(counts.unwell as u64)), Role::RowWarn);
    }
    if !t.body.marks.is_empty() {
        add(format!("{} marked", count(t.body.marks.len() as u64)), Role::RowMark);
    }
    if let Some(error) = t.body.view.error() {
        add(format!("/{}: {}", t.body.filter.text, error), Role::InputError);
    } else if !t.body.filter.text.is_empty() {
        add(format!("/{}", t.body.filter.text), Role::Match);
    }
    let order = sort(ink, t, store);
    let mut right = Vec::new();
    if t.body.frozen {
        right.push(("frozen".to_owned(), Role::FreshStale));
        right.push((dot.clone(), Role::Dim));
    }
    right.push((order.clone(), Role::Frame));
    // On a small screen the right corner names the neighbour that Tab leads to.
    if t.focused
        && let Some(next) = neighbour(t)
    {
        let room = width.saturating_sub(7);
        left.extend([(dot, Role::Dim), (order, Role::Frame)]);
        right = vec![(next, Role::Frame)];
        if pieces_width(&left) + pieces_width(&right) > room {
            left.truncate(left.len() - 2);
        }
    }
    (left, right)
}

/// Whether the row under the cursor is gone and only held: it counts for nothing.
fn on_tombstone(t: &Table<'_>, store: &Store) -> bool {
    let row = t.body.cursor.row().filter(|r| t.body.view.rank(*r).is_some());
    row.and_then(|r| store.peek(r)).is_some_and(|r| r.gone())
}

fn sort(ink: &Ink<'_>, t: &Table<'_>, store: &Store) -> String {
    let symbols = &ink.look.symbols;
    let arrow = if t.body.sort.descending { symbols.descending } else { symbols.ascending };
    let at = store.schema().find(&t.body.sort.title);
    // Where all are of one namespace its column is not there, and the order is that of names.
    match at.filter(|&at| in_sight(t, store, at)) {
        Some(_) => format!("sort {}{arrow}", t.body.sort.title),
        None => "sort NAME".into(),
    }
}

fn in_sight(t: &Table<'_>, store: &Store, column: usize) -> bool {
    let is_namespace = store.schema().columns.get(column).is_some_and(|c| c.source == Source::Namespace);
    !is_namespace || shown(t.body, store.schema(), t.state.picks(&t.body.key.kind)).contains(&column)
}

/// `Tab: nodes (1 bad)` where the pane has the whole tab and there are others.
fn neighbour(t: &Table<'_>) -> Option<String> {
    let tab = t.state.tabs.get(t.state.tab)?;
    if t.state.visible().len() != 1 {
        return None;
    }
    let panes = tab.root.leaves();
    let at = panes.iter().position(|p| *p == tab.focus)?;
    let next = panes.get((at + 1) % panes.len()).filter(|p| **p != tab.focus)?;
    let pane = t.state.panes.get(next)?;
    let Some(table) = pane.table() else { return Some("Tab: text".into()) };
    let unwell = t.state.streams.get(&table.key).map_or(0, |s| s.counts().unwell);
    let name = if table.form == Form::Bars { "top" } else { table.key.kind.plural.as_ref() };
    let word = if name == "events" { "warnings" } else { "bad" };
    Some(if unwell > 0 && name != "top" {
        format!("Tab: {name} ({} {word})", count(unwell as u64))
    } else {
        format!("Tab: {name}")
    })
}
