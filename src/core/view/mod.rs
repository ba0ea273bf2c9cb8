//! What a pane shows of a store: a filtered, sorted order of its rows, kept up
//! by merging changes, never by sorting anew.
//!
//! `sort` says what comes first, `order` holds the entries and merges them,
//! `follow` turns the store's journal into changes of the order, `cursor` is
//! where the user stands, `flash` which cells have just changed, `scroll` which lines are visible, `marks` what the
//! user has picked.

mod cursor;
mod flash;
mod follow;
mod marks;
mod order;
mod scroll;
mod sort;

#[cfg(test)]
mod tests;

pub use cursor::{Cursor, Standing};
pub use flash::Flash;
pub use marks::Marks;
pub use scroll::{Move, keep_in_sight};
pub use sort::SortBy;

use super::query::{Filter, Query, QueryError};
use super::store::{Mark, RowId, Store};
use order::Order;
use sort::Sorter;

/// What to show, and in which order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ViewSpec {
    /// Columns to sort by; none means by namespace and name.
    pub sort: Vec<SortBy>,
    /// Which rows.
    pub query: Query,
    /// Only rows that are unwell.
    pub faults_only: bool,
}

/// A filtered, sorted order over a store. It holds no reference: the store is
/// given at each refresh and must always be the same one.
#[derive(Debug, Default)]
pub struct View {
    spec: ViewSpec,
    // Bound to the schema of `epoch`.
    sorter: Sorter,
    filter: Filter,
    error: Option<QueryError>,
    epoch: Option<u32>,
    // The filter has changed and the sorting has not: rows need new verdicts only.
    asked_anew: bool,
    mark: Mark,
    order: Order,
    frozen: bool,
    pinned: Option<RowId>,
    // Rows to look at again at the next refresh: held in place against their state.
    pending: Vec<RowId>,
    total: usize,
    // When a filter over ages was last asked about every row, Unix ms.
    timed_at: i64,
    version: u64,
}

impl View {
    /// A view that shows nothing until its first [`Self::refresh`].
    #[must_use]
    pub fn new(spec: ViewSpec) -> Self {
        Self { spec, ..Self::default() }
    }

    /// What it shows.
    #[must_use]
    pub fn spec(&self) -> &ViewSpec {
        &self.spec
    }

    /// Shows something else from the next refresh on. The user asked for it, so a held order ends.
    /// Tells whether other rows were asked for, not only another order.
    pub fn set_spec(&mut self, spec: ViewSpec) -> bool {
        if spec == self.spec {
            return false;
        }
        let rows = (&spec.query, spec.faults_only) != (&self.spec.query, self.spec.faults_only);
        if spec.sort == self.spec.sort {
            self.asked_anew = true;
        } else {
            self.epoch = None;
        }
        self.spec = spec;
        (self.frozen, self.pinned) = (false, None);
        rows
    }

    /// Holds the order (`true`): nobody moves or leaves, new rows come at the end. `false` lets it go at the next refresh.
    pub fn freeze(&mut self, frozen: bool) {
        self.frozen = frozen;
    }

    /// Whether the order is held.
    #[must_use]
    pub fn frozen(&self) -> bool {
        self.frozen
    }

    /// Keeps one row in the order even if it is removed or stops to match: the
    /// one under the cursor. It leaves at the first refresh after another is pinned.
    pub fn pin(&mut self, row: Option<RowId>) {
        self.pinned = row;
    }

    /// Why the query does not fit the store's columns; it then lets every row pass.
    #[must_use]
    pub fn error(&self) -> Option<&QueryError> {
        self.error.as_ref()
    }

    /// The filter as bound at the last refresh, for lighting matches.
    #[must_use]
    pub fn filter(&self) -> &Filter {
        &self.filter
    }

    /// How many rows are shown.
    #[must_use]
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether none is shown.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.order.len() == 0
    }

    /// How many rows the store had at the last refresh.
    #[must_use]
    pub fn total(&self) -> usize {
        self.total
    }

    /// Rises whenever the order changes.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.version
    }

    /// The row at a place. Read it with [`Store::peek`]: it may be gone and only held.
    #[must_use]
    pub fn row(&self, place: usize) -> Option<RowId> {
        self.order.entries().get(place).map(|e| e.row)
    }

    /// The place of a row.
    #[must_use]
    pub fn rank(&self, row: RowId) -> Option<usize> {
        self.order.rank(row)
    }

    /// At most `n` rows from a place on.
    pub fn window(&self, start: usize, n: usize) -> impl Iterator<Item = RowId> + '_ {
        self.order.entries().iter().skip(start).take(n).map(|e| e.row)
    }

    /// Follows the store. `now` is the API server's clock in Unix milliseconds.
    /// Tells whether the order has changed.
    pub fn refresh(&mut self, store: &Store, now: i64) -> bool {
        let changed = follow::refresh(self, store, now);
        self.total = store.len();
        self.version += u64::from(changed);
        changed
    }
}
