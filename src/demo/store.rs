//! What etcd and the watch cache are to a real server: objects by key, one rising version, a window of past changes.

use std::collections::{BTreeMap, VecDeque};

use tokio::sync::watch;

use super::entry::Entry;
use super::kinds::{KINDS, KindId};
use super::selector::Selector;

/// Namespace (empty for cluster-wide kinds) and name.
pub(crate) type Key = (Box<str>, Box<str>);

/// A key from texts.
pub(crate) fn key(namespace: &str, name: &str) -> Key {
    (namespace.into(), name.into())
}

/// What happened to one object.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    pub(crate) rv: u64,
    pub(crate) key: Key,
    pub(crate) before: Option<Entry>,
    /// The object after it; for a deletion its last state, at the deletion's version.
    pub(crate) after: Entry,
    pub(crate) deleted: bool,
}

/// The objects of one kind.
#[derive(Debug)]
struct Shelf {
    objects: BTreeMap<Key, Entry>,
    log: VecDeque<Change>,
    /// Changes at or below this version are forgotten.
    floor: u64,
    tip: watch::Sender<u64>,
}

/// All objects.
#[derive(Debug)]
pub(crate) struct Store {
    shelves: Vec<Shelf>,
    rv: u64,
    window: usize,
    /// The beginning is over: what is stored from now on is remembered for long, so as bytes.
    settled: bool,
}

/// A page of a list.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) items: Vec<Entry>,
    /// The last key given, when more follows.
    pub(crate) last: Option<Key>,
    pub(crate) remaining: usize,
}

impl Store {
    /// A store whose versions begin after `rv` and which remembers `window` changes of each kind.
    pub(crate) fn new(rv: u64, window: usize) -> Self {
        let shelf =
            |_| Shelf { objects: BTreeMap::new(), log: VecDeque::new(), floor: rv, tip: watch::Sender::new(rv) };
        Self { shelves: KINDS.iter().map(shelf).collect(), rv, window, settled: false }
    }

    /// The newest version.
    pub(crate) fn rv(&self) -> u64 {
        self.rv
    }

    /// Claims the next version; the caller writes it into the object it then puts.
    pub(crate) fn next_rv(&mut self) -> u64 {
        self.rv += 1;
        self.rv
    }

    pub(crate) fn get(&self, kind: KindId, key: &Key) -> Option<&Entry> {
        self.shelves[kind].objects.get(key)
    }

    pub(crate) fn len(&self, kind: KindId) -> usize {
        self.shelves[kind].objects.len()
    }

    /// All objects of a kind in the order of their keys.
    pub(crate) fn iter(&self, kind: KindId) -> impl Iterator<Item = (&Key, &Entry)> {
        self.shelves[kind].objects.iter()
    }

    /// The objects of one namespace.
    pub(crate) fn within<'a>(&'a self, kind: KindId, namespace: &str) -> impl Iterator<Item = (&'a Key, &'a Entry)> {
        let from = key(namespace, "");
        let namespace: Box<str> = namespace.into();
        self.shelves[kind].objects.range(from..).take_while(move |(k, _)| k.0 == namespace)
    }

    /// Stores an object, new or changed.
    pub(crate) fn put(&mut self, kind: KindId, key: Key, entry: Entry) {
        let entry = if self.settled { entry.packed() } else { entry };
        let before = self.shelves[kind].objects.insert(key.clone(), entry.clone());
        self.log(kind, Change { rv: entry.rv(), key, before, after: entry, deleted: false });
    }

    /// Takes an object away; `last` is its final state at the deletion's version.
    pub(crate) fn remove(&mut self, kind: KindId, key: &Key, last: Entry) {
        let before = self.shelves[kind].objects.remove(key);
        self.log(kind, Change { rv: last.rv(), key: key.clone(), before, after: last, deleted: true });
    }

    /// Lets go of the trees that were stored, now that less changes: what remains are bytes.
    pub(crate) fn pack(&mut self) {
        for entry in self.shelves.iter_mut().flat_map(|s| s.objects.values_mut()) {
            *entry = entry.packed();
        }
    }

    /// Forgets the past, so that what was put so far counts as the beginning.
    pub(crate) fn settle(&mut self) {
        self.settled = true;
        for shelf in &mut self.shelves {
            shelf.log = VecDeque::new();
            shelf.floor = self.rv;
            shelf.tip.send_replace(self.rv);
        }
    }

    fn log(&mut self, kind: KindId, change: Change) {
        let shelf = &mut self.shelves[kind];
        let rv = change.rv;
        shelf.log.push_back(change);
        while shelf.log.len() > self.window {
            if let Some(old) = shelf.log.pop_front() {
                shelf.floor = old.rv;
            }
        }
        shelf.tip.send_replace(rv);
    }

    /// Tells when the kind changes.
    pub(crate) fn tip(&self, kind: KindId) -> watch::Receiver<u64> {
        self.shelves[kind].tip.subscribe()
    }

    /// The oldest version from which a watch can start.
    pub(crate) fn floor(&self, kind: KindId) -> u64 {
        self.shelves[kind].floor
    }

    /// Up to `most` changes after `rv`, or `None` when some of them are forgotten.
    pub(crate) fn since(&self, kind: KindId, rv: u64, most: usize) -> Option<Vec<Change>> {
        let shelf = &self.shelves[kind];
        if rv < shelf.floor {
            return None;
        }
        let from = shelf.log.partition_point(|c| c.rv <= rv);
        Some(shelf.log.range(from..).take(most).cloned().collect())
    }

    /// A page as of version `rv`, after the key `after`; `None` when that version is forgotten.
    pub(crate) fn page(
        &self,
        kind: KindId,
        selector: &Selector,
        rv: u64,
        after: Option<&Key>,
        limit: usize,
    ) -> Option<Page> {
        let shelf = &self.shelves[kind];
        if rv < shelf.floor {
            return None;
        }
        // What was different then: the oldest "before" of everything that changed since.
        let mut then: BTreeMap<&Key, Option<&Entry>> = BTreeMap::new();
        let from = shelf.log.partition_point(|c| c.rv <= rv);
        for change in shelf.log.range(from..).rev() {
            then.insert(&change.key, change.before.as_ref());
        }
        let start = after.cloned().or_else(|| selector.namespace.as_deref().map(|n| key(n, "")));
        let range = start.map_or_else(|| shelf.objects.range::<Key, _>(..), |s| shelf.objects.range(s..));
        let inside = |k: &Key| after.is_none_or(|a| k > a) && selector.namespace.as_deref().is_none_or(|n| *k.0 == *n);
        let now = range
            .take_while(|(k, _)| selector.namespace.as_deref().is_none_or(|n| *k.0 <= *n))
            .filter(|(k, _)| inside(k));
        let wanted = |k: &Key, e: &Entry| selector.matches(&k.0, &k.1, e);
        let mut all: Vec<(&Key, &Entry)> = Vec::new();
        if then.is_empty() {
            all.extend(now.filter(|(k, e)| wanted(k, e)));
        } else {
            let kept = now.filter(|(k, _)| !then.contains_key(k));
            let old = then.iter().filter_map(|(k, e)| e.map(|e| (*k, e))).filter(|(k, _)| inside(k));
            all.extend(kept.chain(old).filter(|(k, e)| wanted(k, e)));
            all.sort_by(|a, b| a.0.cmp(b.0));
        }
        let total = all.len();
        all.truncate(limit);
        let last = (all.len() < total).then(|| all.last().map(|(k, _)| (*k).clone())).flatten();
        let remaining = total - all.len();
        Some(Page { items: all.into_iter().map(|(_, e)| e.clone()).collect(), last, remaining })
    }
}
