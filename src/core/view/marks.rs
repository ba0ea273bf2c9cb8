//! What the user has picked, by identity: marks stay on their objects whatever
//! the order or the filter does.

use super::View;
use crate::core::store::Store;
use crate::core::uid::Uid;
use hashbrown::HashSet;

/// Marked objects, and where a range began.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marks {
    uids: HashSet<Uid>,
    anchor: Option<Uid>,
}

impl Marks {
    /// How many objects are marked.
    #[must_use]
    pub fn len(&self) -> usize {
        self.uids.len()
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.uids.is_empty()
    }

    /// Whether this one is.
    #[must_use]
    pub fn has(&self, uid: Uid) -> bool {
        self.uids.contains(&uid)
    }

    /// The marked objects, in no order that means anything.
    pub fn uids(&self) -> impl Iterator<Item = Uid> + '_ {
        self.uids.iter().copied()
    }

    /// Marks or unmarks one; a range begins here.
    pub fn toggle(&mut self, uid: Uid) {
        if !self.uids.remove(&uid) {
            self.uids.insert(uid);
        }
        self.anchor = Some(uid);
    }

    /// Marks all rows from where the last mark was set to this one, both included.
    /// Without an earlier mark in the view, only this one.
    pub fn range(&mut self, store: &Store, view: &View, uid: Uid) {
        let place = |u: Uid| store.find(u).and_then(|r| view.rank(r.id()));
        let from = self.anchor.and_then(place);
        if let Some(to) = place(uid) {
            let from = from.unwrap_or(to);
            self.add(store, view, from.min(to), from.abs_diff(to) + 1);
        }
        self.anchor = Some(uid);
    }

    /// Marks all rows shown.
    pub fn all(&mut self, store: &Store, view: &View) {
        self.add(store, view, 0, view.len());
    }

    fn add(&mut self, store: &Store, view: &View, start: usize, n: usize) {
        self.uids.extend(view.window(start, n).filter_map(|id| store.get(id)).map(|r| r.uid()));
    }

    /// Unmarks all.
    pub fn clear(&mut self) {
        self.uids.clear();
        self.anchor = None;
    }

    /// Drops the marks of objects that are gone.
    pub fn prune(&mut self, store: &Store) {
        self.uids.retain(|&u| store.find(u).is_some());
    }
}
