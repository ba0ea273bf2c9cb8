//! What happens once after all messages of a turn: the visible views follow
//! their stores, and the cursors their objects. Drawing then only reads.

use super::{columns, join, picker, rollout, text};
use crate::core::modals::Modal;
use crate::core::panes::Body;
use crate::core::panes::table::TablePane;
use crate::core::state::State;
use crate::core::store::Store;
use crate::core::view::{Cursor, SortBy, ViewSpec};

/// Brings everything that is on screen up to the rows that have arrived, and what is joined into
/// them as far as a turn can bear. Tells whether there is more to do soon.
pub fn settle(state: &mut State) -> bool {
    let more = join::step(state);
    super::logs::revive(state);
    columns::label(state);
    views(state);
    more
}

/// Brings only the order of rows and the cursors up: enough between two keys.
pub fn views(state: &mut State) {
    let visible = state.visible();
    for (id, rect) in visible {
        text::follow(state, id);
        rollout::follow(state, id);
        let Some(pane) = state.panes.get_mut(&id) else { continue };
        if let Body::Log(l) = &mut pane.body {
            super::logs::settle(l, rect, &mut state.effects);
            continue;
        }
        if let Body::Shell(s) = &mut pane.body {
            super::shell::settle(s, rect, state.size, &mut state.effects);
            continue;
        }
        let Body::Table(t) = &mut pane.body else { continue };
        let Some(store) = state.streams.get(&t.key) else { continue };
        let skew = state.clusters.get(&pane.cluster).map_or(0, |c| c.skew);
        follow(t, store, state.now, skew, rect.height);
        if state.options.flash {
            let rows = t.view.window(t.cursor.top(), t.rows_in(rect.height)).collect();
            t.flash.follow(store, rows, state.now);
        }
    }
    if matches!(state.modal, Some(Modal::Namespaces(_))) {
        picker::refresh(state);
    }
}

/// Brings one table up to its rows: order, filter, and a cursor that stays on its object. `now` is
/// the local clock and `skew` what the server's is ahead (ms); `height` is the pane's.
pub fn follow(t: &mut TablePane, store: &Store, now: i64, skew: i64, height: u16) {
    let sort = store.schema().find(&t.sort.title);
    let sort = sort.map(|column| SortBy { column, descending: t.sort.descending });
    let spec = ViewSpec { sort: sort.into_iter().collect(), query: t.query.clone(), faults_only: t.faults_only };
    // The row under the cursor is held against what the cluster does, never against what the
    // user asks for: another filter lets it go, and the cursor takes the first row that fits.
    let asked = t.view.set_spec(spec);
    t.view.freeze(!asked && (t.frozen || now < t.hold_until));
    t.view.pin(t.cursor.row().filter(|_| !asked));
    t.view.refresh(store, now + skew);
    if asked && t.cursor.row().is_none_or(|row| t.view.rank(row).is_none()) {
        t.cursor.restart();
    }
    t.filter.error =
        t.view.error().map(ToString::to_string).or(t.filter.error.take().filter(|_| t.filter.line.is_some()));
    if let Some((namespace, name)) = &t.seek
        && let Some(row) = store.find_name(namespace, name)
    {
        t.cursor = Cursor::on(row.uid());
        t.seek = None;
    }
    t.cursor.sync(store, &t.view, t.rows_in(height));
}
