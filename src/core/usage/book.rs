//! All samples of one kind of object (pods, or nodes) of a cluster.

use super::names::Names;
use super::series::{Series, Texts};
use super::{Sample, Usage};
use crate::core::pages::Pages;
use crate::core::store::{Journal, Mark, Missed};
use hashbrown::{DefaultHashBuilder, HashTable};
use std::hash::BuildHasher;

// Points per object at most: 15 minutes at metrics-server's 15 s.
const DEPTH: usize = 60;
// Points of all objects together, 12 bytes each: with 100,000 pods, four each.
const POINTS: usize = 400_000;
const DEPTH_AT_LEAST: usize = 4;
// An object that so many rounds did not name is no longer measured; after twice
// as many it is forgotten. Joins that come at least every few rounds see both.
const ROUNDS: u32 = 4;

/// A bounded history of usage by object.
#[derive(Debug, Clone, Default)]
pub struct UsageBook {
    series: Pages<Option<Series>>,
    free: Vec<u32>,
    index: HashTable<u32>,
    hasher: DefaultHashBuilder,
    texts: Texts,
    names: Names,
    round: u32,
    journal: Journal<u32>,
}

impl UsageBook {
    /// An empty book.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in samples; a round may come in several parts.
    pub fn apply(&mut self, samples: &[Sample]) {
        let depth = (POINTS / self.index.len().max(1)).clamp(DEPTH_AT_LEAST, DEPTH);
        for sample in samples {
            let slot = self.slot(&sample.namespace, &sample.name).unwrap_or_else(|| self.add(sample));
            let Some(series) = &mut self.series[slot] else { continue };
            series.round = self.round;
            if series.push(sample, depth, &mut self.texts) {
                self.journal.note(slot as u32, self.series.len());
            }
        }
    }

    /// Ends a round: one poll has been taken in completely. Objects that several
    /// rounds did not name lose their measurements.
    pub fn end_round(&mut self) {
        self.round = self.round.wrapping_add(1);
        for slot in 0..self.series.len() {
            let Some(series) = &mut self.series[slot] else { continue };
            let unseen = self.round.wrapping_sub(series.round);
            if unseen > ROUNDS * 2 {
                self.forget(slot);
            } else if unseen > ROUNDS && series.latest().is_some() {
                series.clear();
                self.journal.note(slot as u32, self.series.len());
            }
        }
        self.names.tidy(self.series.iter_mut().flatten().map(|s| &mut s.name));
    }

    fn add(&mut self, sample: &Sample) -> usize {
        let slot = self.free.pop().map_or(self.series.len(), |s| s as usize);
        if slot == self.series.len() {
            self.series.push([None]);
        }
        self.series[slot] = Some(Series::new(sample, &mut self.names, &mut self.texts));
        let Self { series, index, hasher, texts, names, .. } = self;
        index.insert_unique(hasher.hash_one((&*sample.namespace, &*sample.name)), slot as u32, |&s| {
            series[s as usize].as_ref().map_or(0, |x| hasher.hash_one((texts.get(x.namespace), names.get(x.name))))
        });
        slot
    }

    fn forget(&mut self, slot: usize) {
        if let Some(series) = self.series[slot].take() {
            let hash = self.hasher.hash_one((self.texts.get(series.namespace), self.names.get(series.name)));
            if let Ok(found) = self.index.find_entry(hash, |&s| s as usize == slot) {
                found.remove();
            }
            self.names.drop(series.name);
            self.free.push(slot as u32);
        }
    }

    fn slot(&self, namespace: &str, name: &str) -> Option<usize> {
        let is = |&s: &u32| {
            let series = self.series[s as usize].as_ref();
            series.is_some_and(|x| self.names.get(x.name) == name && self.texts.get(x.namespace) == namespace)
        };
        self.index.find(self.hasher.hash_one((namespace, name)), is).map(|&s| s as usize)
    }

    fn get(&self, namespace: &str, name: &str) -> Option<&Series> {
        self.series[self.slot(namespace, name)?].as_ref()
    }

    /// How many objects are known.
    #[must_use]
    pub fn len(&self) -> usize {
        self.index.len()
    }

    /// Whether nothing has been measured.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.index.is_empty()
    }

    /// What an object used last; nodes have the empty namespace.
    #[must_use]
    pub fn latest(&self, namespace: &str, name: &str) -> Option<Usage> {
        self.get(namespace, name)?.latest()
    }

    /// What its containers used last.
    pub fn containers(&self, namespace: &str, name: &str) -> impl Iterator<Item = (&str, Usage)> {
        self.get(namespace, name).into_iter().flat_map(|s| s.containers(&self.texts))
    }

    /// Its history, oldest first: at most 60 points, fewer in clusters of many pods.
    pub fn history(&self, namespace: &str, name: &str) -> impl Iterator<Item = Usage> + '_ {
        self.get(namespace, name).into_iter().flat_map(Series::points)
    }

    /// The history of one container of a pod.
    pub fn history_of<'a>(
        &'a self,
        namespace: &str,
        pod: &str,
        container: &str,
    ) -> impl Iterator<Item = Usage> + use<'a> {
        let points = self.get(namespace, pod).map(|s| s.points_of(container, &self.texts));
        points.into_iter().flatten()
    }

    /// All objects with what they used last.
    pub fn all(&self) -> impl Iterator<Item = (&str, &str, Usage)> {
        self.series
            .iter()
            .flatten()
            .filter_map(|s| Some((self.texts.get(s.namespace), self.names.get(s.name), s.latest()?)))
    }

    /// The place after the newest change.
    pub(super) fn mark(&self) -> Mark {
        self.journal.mark()
    }

    pub(super) fn rounds(&self) -> u32 {
        self.round
    }

    /// Whether a follower that was here at that round has missed objects being forgotten.
    pub(super) fn forgot_since(&self, round: u32) -> bool {
        self.round.wrapping_sub(round) > ROUNDS
    }

    /// The places of what has changed since.
    pub(super) fn since(&self, mark: Mark) -> Missed<impl Iterator<Item = u32>> {
        self.journal.since(mark)
    }

    /// One above the highest place.
    pub(super) fn places(&self) -> u32 {
        self.series.len() as u32
    }

    /// What the object at a place used last.
    pub(super) fn latest_at(&self, place: u32) -> Option<Usage> {
        self.series.get(place as usize)?.as_ref()?.latest()
    }

    /// The names of the object at a place.
    pub(super) fn names(&self, place: u32) -> Option<(&str, &str)> {
        self.series.get(place as usize)?.as_ref().map(|s| (self.texts.get(s.namespace), self.names.get(s.name)))
    }
}
