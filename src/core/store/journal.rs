//! What changed, in order, for any number of followers at their own pace. The
//! ring keeps the newest changes; a follower that comes too late is told to look
//! at everything, which is then also the cheaper way.

use std::collections::VecDeque;

const AT_LEAST: usize = 8192;

/// A follower's place in the journal. The default place is before everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Mark(u64);

/// What a follower has missed.
#[derive(Debug)]
pub enum Missed<I> {
    /// These rows were put or removed since; doubles are possible.
    Rows(I),
    /// Too much: look at all rows.
    All,
}

/// The ring.
#[derive(Debug, Clone)]
pub struct Journal<T> {
    ring: VecDeque<T>,
    // The number of the oldest change in the ring. Starts at 1, so that the default mark is behind.
    first: u64,
}

impl<T> Default for Journal<T> {
    fn default() -> Self {
        Self { ring: VecDeque::new(), first: 1 }
    }
}

impl<T: Copy> Journal<T> {
    /// Notes a change of a row. `rows` is the size of the whole: half of it is
    /// where following one by one stops being worth it.
    pub fn note(&mut self, id: T, rows: usize) {
        while self.ring.len() >= AT_LEAST.max(rows / 2) {
            self.ring.pop_front();
            self.first += 1;
        }
        self.ring.push_back(id);
    }

    /// Sends every follower back to the start.
    pub fn reset(&mut self) {
        self.first += self.ring.len() as u64 + 1;
        self.ring.clear();
    }

    /// The place after the newest change.
    #[must_use]
    pub fn mark(&self) -> Mark {
        Mark(self.first + self.ring.len() as u64)
    }

    /// What came after a place.
    pub fn since(&self, mark: Mark) -> Missed<impl Iterator<Item = T>> {
        match mark.0.checked_sub(self.first) {
            Some(skip) => Missed::Rows(self.ring.iter().copied().skip(skip as usize)),
            None => Missed::All,
        }
    }
}
