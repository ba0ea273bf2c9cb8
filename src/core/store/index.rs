//! Rows by identity and by name. Four bytes an entry; the keys stay in the slab.

use super::slab::Slab;
use crate::core::row::Sym;
use crate::core::uid::Uid;
use hashbrown::{DefaultHashBuilder, HashTable};
use std::hash::BuildHasher;

/// The live rows' indexes.
#[derive(Debug, Clone, Default)]
pub struct Index {
    by_uid: HashTable<u32>,
    by_name: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl Index {
    /// The slot with that uid.
    #[must_use]
    pub fn uid(&self, slab: &Slab, uid: Uid) -> Option<usize> {
        let hash = self.hasher.hash_one(uid);
        self.by_uid.find(hash, |&s| slab.head(s as usize).uid == uid).map(|&s| s as usize)
    }

    /// The slot with that name: the youngest, should a deleted object and its successor overlap.
    #[must_use]
    pub fn name(&self, slab: &Slab, namespace: Sym, name: Sym) -> Option<usize> {
        let hash = self.hasher.hash_one((namespace, name));
        self.by_name
            .iter_hash(hash)
            .map(|&s| s as usize)
            .filter(|&s| slab.head(s).name == name && slab.head(s).namespace == namespace)
            .max_by_key(|&s| (slab.head(s).created, slab.head(s).uid))
    }

    /// Adds a slot whose head is filled.
    pub fn add(&mut self, slab: &Slab, slot: usize) {
        let Self { by_uid, by_name, hasher } = self;
        let head = slab.head(slot);
        by_uid.insert_unique(hasher.hash_one(head.uid), slot as u32, |&s| hasher.hash_one(slab.head(s as usize).uid));
        by_name.insert_unique(hasher.hash_one((head.namespace, head.name)), slot as u32, |&s| {
            let h = slab.head(s as usize);
            hasher.hash_one((h.namespace, h.name))
        });
    }

    /// Drops a slot whose head still says what it said when it was added.
    pub fn drop(&mut self, slab: &Slab, slot: usize) {
        let head = slab.head(slot);
        if let Ok(found) = self.by_uid.find_entry(self.hasher.hash_one(head.uid), |&s| s as usize == slot) {
            found.remove();
        }
        let hash = self.hasher.hash_one((head.namespace, head.name));
        if let Ok(found) = self.by_name.find_entry(hash, |&s| s as usize == slot) {
            found.remove();
        }
    }
}
