//! The segments of all streams of a store, by number, and what a line's place among all is.

use super::segment::Segment;
use std::collections::VecDeque;
use std::sync::Arc;

/// A line: its segment's number and its own within it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LineId {
    /// The segment.
    pub segment: u32,
    /// The line.
    pub line: u32,
}

/// What lines are ordered by: time first; lines of one container never change places.
pub type Key = (i64, u16, i64, u32);

/// A segment in its store.
#[derive(Debug, Clone)]
pub struct Held {
    /// The lines.
    pub lines: Arc<Segment>,
    /// Which stream they are of.
    pub stream: u16,
    /// Its place among the stream's segments.
    pub turn: i64,
    /// Lines that came later than the reorder window allows, as ranges.
    pub late: Vec<(u32, u32)>,
}

/// Segments by number. Numbers are never used twice.
#[derive(Debug, Clone, Default)]
pub struct Segments {
    held: VecDeque<Option<Held>>,
    first: u32,
}

impl Segments {
    /// The next number.
    #[must_use]
    pub fn next(&self) -> u32 {
        self.first.wrapping_add(self.held.len() as u32)
    }

    /// Puts a segment under the next number.
    pub fn push(&mut self, held: Held) -> u32 {
        let number = self.next();
        self.held.push_back(Some(held));
        number
    }

    /// A segment.
    #[must_use]
    pub fn get(&self, number: u32) -> Option<&Held> {
        self.held.get(number.checked_sub(self.first)? as usize)?.as_ref()
    }

    /// See [`Segments::get`].
    pub fn get_mut(&mut self, number: u32) -> Option<&mut Held> {
        self.held.get_mut(number.checked_sub(self.first)? as usize)?.as_mut()
    }

    /// Lets a segment go.
    pub fn remove(&mut self, number: u32) -> Option<Held> {
        let held = self.held.get_mut(number.checked_sub(self.first)? as usize)?.take();
        while let Some(None) = self.held.front() {
            self.held.pop_front();
            self.first += 1;
        }
        held
    }

    /// All segments, the newest first.
    pub fn newest_first(&self) -> impl Iterator<Item = (u32, &Held)> {
        let numbered = self.held.iter().enumerate().rev();
        numbered.filter_map(|(i, h)| Some((self.first + i as u32, h.as_ref()?)))
    }

    /// What a line is ordered by; of a line that is gone, before all.
    #[must_use]
    pub fn key(&self, id: LineId) -> Key {
        self.get(id.segment)
            .map_or((i64::MIN, 0, 0, 0), |h| (h.lines.time(id.line as usize), h.stream, h.turn, id.line))
    }
}
