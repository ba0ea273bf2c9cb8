//! Where the user stands: on an object, not on a line. If the object goes, the
//! cursor stays on its greyed row and means nothing until it is moved, so that
//! no key ever lands on a neighbour.

use super::View;
use super::scroll::{Move, keep_in_sight};
use crate::core::store::{RowId, RowRef, Store};
use crate::core::uid::Uid;

/// How the cursor stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Standing {
    /// On no row: nothing is shown, or nothing was shown yet.
    #[default]
    Nowhere,
    /// On a row that is there.
    On,
    /// On a row that is gone; actions have no target.
    Gone,
}

/// A cursor in a view, with the scroll position.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cursor {
    uid: Option<Uid>,
    row: Option<RowId>,
    place: usize,
    top: usize,
    standing: Standing,
    ride: Ride,
}

// Whether the cursor stays on the first row, whichever that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Ride {
    // While the first list comes in: following an object then would drag the
    // cursor down with every batch.
    #[default]
    UntilCurrent,
    UntilMoved,
    Never,
}

impl Cursor {
    /// A cursor that takes the first row once the list is complete, and then follows it.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A cursor that stays on the first row, whichever that is, until it is moved (newest-first lists).
    #[must_use]
    pub fn riding() -> Self {
        Self { ride: Ride::UntilMoved, ..Self::default() }
    }

    /// Starts over at the first row, and stays there if it did so before.
    pub fn restart(&mut self) {
        let ride = if self.ride == Ride::UntilMoved { Ride::UntilMoved } else { Ride::UntilCurrent };
        *self = Self { ride, ..Self::default() };
    }

    /// A cursor that looks for this object and follows it (coming back to a pane).
    #[must_use]
    pub fn on(uid: Uid) -> Self {
        Self { uid: Some(uid), ride: Ride::Never, ..Self::default() }
    }

    /// Its place in the view.
    #[must_use]
    pub fn place(&self) -> usize {
        self.place
    }

    /// The first visible place.
    #[must_use]
    pub fn top(&self) -> usize {
        self.top
    }

    /// How it stands.
    #[must_use]
    pub fn standing(&self) -> Standing {
        self.standing
    }

    /// The object it is on, also when that is gone.
    #[must_use]
    pub fn uid(&self) -> Option<Uid> {
        self.uid
    }

    /// The row to pin in the view: the one it is on, also when that is gone.
    #[must_use]
    pub fn row(&self) -> Option<RowId> {
        self.row
    }

    /// What an action would act on: the row under the cursor, unless it is gone.
    #[must_use]
    pub fn target<'a>(&self, store: &'a Store) -> Option<RowRef<'a>> {
        store.find(self.uid?).filter(|_| self.standing == Standing::On)
    }

    /// Follows the object after each refresh of the view: same object, same line
    /// of the screen if it can be. `height` is the number of visible rows.
    pub fn sync(&mut self, store: &Store, view: &View, height: usize) {
        let current = store.freshness().current();
        if self.uid.is_none() || self.ride != Ride::Never {
            self.stand(store, view, 0);
        } else if let Some((row, place)) = self.find(store, view) {
            self.top = (self.top + place).saturating_sub(self.place);
            (self.row, self.place) = (Some(row), place);
            self.standing = if store.get(row).is_some() { Standing::On } else { Standing::Gone };
        } else if self.row.is_none() {
            // Looked for and not found so far; once the list is complete it will not come.
            if current {
                self.stand(store, view, 0);
            }
        } else {
            // Gone without a trace, or filtered away: the line stays, the target does not.
            self.place = self.place.min(view.len().saturating_sub(1));
            self.standing = Standing::Gone;
        }
        if current && self.ride == Ride::UntilCurrent && self.standing == Standing::On {
            self.ride = Ride::Never;
        }
        self.top = keep_in_sight(self.top, self.place, view.len(), height);
    }

    /// Moves. `height` is the number of visible rows.
    pub fn go(&mut self, to: Move, store: &Store, view: &View, height: usize) {
        self.ride = Ride::Never;
        self.stand(store, view, to.from(self.place, view.len(), height));
        self.top = keep_in_sight(self.top, self.place, view.len(), height);
    }

    /// After the user has changed the filter: if the object is not among the rows
    /// shown, takes the one that stands in its line now.
    pub fn settle(&mut self, store: &Store, view: &View, height: usize) {
        self.sync(store, view, height);
        if self.standing != Standing::On {
            self.stand(store, view, self.place);
        }
    }

    /// Scrolls without moving, as a wheel does; the cursor is taken along only at the edges.
    pub fn scroll(&mut self, lines: isize, store: &Store, view: &View, height: usize) {
        let last = view.len().saturating_sub(height.max(1));
        self.top = self.top.saturating_add_signed(lines).min(last);
        let to = self.place.clamp(self.top, self.top + height.max(1) - 1);
        if to != self.place {
            self.ride = Ride::Never;
            self.stand(store, view, to);
        }
    }

    fn stand(&mut self, store: &Store, view: &View, place: usize) {
        self.place = place.min(view.len().saturating_sub(1));
        self.row = view.row(self.place);
        let row = self.row.and_then(|id| store.peek(id));
        self.uid = row.map(|r| r.uid());
        self.standing = match row {
            None => Standing::Nowhere,
            Some(r) if r.gone() => Standing::Gone,
            Some(_) => Standing::On,
        };
    }

    // The object's row in the view: the living one first, else the one that is held.
    fn find(&self, store: &Store, view: &View) -> Option<(RowId, usize)> {
        let living = self.uid.and_then(|u| store.find(u)).map(|r| r.id());
        // After a change of columns an old id may be another object's.
        let held = self.row.filter(|&id| store.peek(id).map(|r| r.uid()) == self.uid);
        living.into_iter().chain(held).find_map(|id| Some((id, view.rank(id)?)))
    }
}
