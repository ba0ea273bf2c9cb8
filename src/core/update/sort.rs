//! The order of a table: by a column's title, the same again turns it round.

use crate::core::msg::Level;
use crate::core::panes::table::{Sort, TablePane};
use crate::core::schema::Schema;
use crate::core::state::State;
use crate::core::value::CellKind;
use std::sync::Arc;

fn with(state: &mut State, act: impl FnOnce(&mut TablePane, &Arc<Schema>) -> Result<(), String>) {
    let Some(id) = state.focus() else { return };
    let Some(t) = state.panes.get_mut(&id).and_then(|p| p.table_mut()) else { return };
    let Some(store) = state.streams.get(&t.key) else { return };
    let schema = store.schema().clone();
    if let Err(why) = act(t, &schema) {
        state.say(Level::Info, why);
    }
}

fn set(t: &mut TablePane, schema: &Schema, column: usize) {
    let c = &schema.columns[column];
    let same = t.sort.title == c.title;
    // Usage is read from the largest, all else from the smallest.
    let first = matches!(c.kind, CellKind::Milli | CellKind::Bytes | CellKind::Permille | CellKind::CountAgo);
    t.sort = Sort { title: c.title.clone(), descending: if same { !t.sort.descending } else { first } };
}

/// Sorts by the first of these titles that the table has.
pub(super) fn by(state: &mut State, titles: &[&str]) {
    with(state, |t, schema| match titles.iter().find_map(|title| schema.find(title)) {
        Some(column) => {
            set(t, schema, column);
            Ok(())
        }
        None => Err(format!("this table has no column {}", titles[0])),
    });
}

/// Chooses another column.
pub(super) fn choose(state: &mut State, step: isize) {
    let shown = state.shown_columns();
    with(state, |t, schema| {
        let now = t.chosen.or_else(|| schema.find(&t.sort.title));
        let at = now.and_then(|c| shown.iter().position(|s| *s == c)).unwrap_or(0);
        let next = (at.cast_signed() + step).rem_euclid(shown.len().max(1).cast_signed()).cast_unsigned();
        t.chosen = shown.get(next).copied();
        Ok(())
    });
}

/// Sorts by the chosen column.
pub(super) fn chosen(state: &mut State) {
    with(state, |t, schema| match t.chosen.filter(|c| *c < schema.columns.len()) {
        Some(column) => {
            set(t, schema, column);
            Ok(())
        }
        None => Err("choose a column first, with Shift-Left and Shift-Right".into()),
    });
}
