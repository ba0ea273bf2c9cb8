//! What a search has made of the lines so far: which it let through, and what is left to do.
//! The work itself is done elsewhere; a lens hands it out and takes the results.

use super::order::Order;
use super::scan::{Found, Job, Work};
use super::segments::{LineId, Segments};
use super::store::Store;
use super::strip::Strip;
use std::collections::HashMap;
use std::sync::Arc;

/// Which of the searches over a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LensKind {
    /// What the filter lets through.
    Kept,
    /// What was found.
    Found,
    /// Lines and errors over time.
    Tally,
}

/// A search over a store, kept up with it.
#[derive(Debug, Default)]
pub struct Lens {
    /// What it looks for; `None` while it rests.
    job: Option<Arc<Job>>,
    /// Raised with every new search: results of older ones are dropped.
    pub generation: u64,
    /// The lines it let through.
    pub order: Order,
    /// What it counted.
    pub strip: Strip,
    /// Lines of each segment that were looked at or are being looked at.
    done: HashMap<u32, u32>,
    /// Whether work is out.
    out: bool,
    /// Whether all lines that were there when the search began were looked at.
    whole: bool,
}

impl Lens {
    /// Whether it looks for something.
    #[must_use]
    pub fn active(&self) -> bool {
        self.job.is_some()
    }

    /// What it looks for.
    #[must_use]
    pub fn job(&self) -> Option<&Job> {
        self.job.as_deref()
    }

    /// Whether lines that were there when the search began are still to be looked at. Those that come
    /// while it is kept up do not count: there are always some.
    #[must_use]
    pub fn busy(&self) -> bool {
        self.active() && !self.whole
    }

    /// Looks for something else, or rests.
    pub fn set(&mut self, job: Option<Job>) {
        self.job = job.map(Arc::new);
        self.restart();
    }

    /// Begins anew with all lines.
    pub fn restart(&mut self) {
        self.generation += 1;
        self.order.clear();
        self.strip = Strip::default();
        self.done.clear();
        (self.out, self.whole) = (false, false);
    }

    /// Takes note of a segment that is about to go.
    pub fn forget(&mut self, segments: &Segments, segment: u32) {
        self.order.forget(segments, segment);
        self.done.remove(&segment);
        self.strip.forget(segment);
    }

    /// The work that is to be done, unless some is out already: the newest lines first.
    pub fn work(&mut self, store: &Store) -> Option<(Arc<Job>, Vec<Work>)> {
        let job = self.job.clone().filter(|_| !self.out)?;
        let mut work = Vec::new();
        for (segment, held) in store.segments().newest_first() {
            let lines = held.lines.len() as u32;
            let from = self.done.get(&segment).copied().unwrap_or(0);
            if from < lines {
                self.done.insert(segment, lines);
                work.push(Work { segment, from, lines: held.lines.clone() });
            }
        }
        self.out = !work.is_empty();
        // In an empty store there is nothing to wait for.
        self.whole |= work.is_empty();
        (!work.is_empty()).then_some((job, work))
    }

    /// Takes results. Those of an older search, and of segments that are gone, are dropped.
    pub fn take(&mut self, segments: &Segments, generation: u64, found: Vec<Found>, last: bool) {
        if generation != self.generation {
            return;
        }
        for part in found {
            if segments.get(part.segment).is_some() {
                let ids: Vec<LineId> =
                    part.lines.iter().map(|line| LineId { segment: part.segment, line: *line }).collect();
                self.order.put(segments, &ids);
                self.strip.add(part.segment, &part.counts);
            }
        }
        self.out &= !last;
        self.whole |= last;
    }
}
