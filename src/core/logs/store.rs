//! The lines of one reading: segments by stream, an order over all lines, a bound in bytes.

use super::event::{LogEvent, Place, StreamName, StreamState};
use super::order::Order;
use super::segment::{MOST_BYTES, Segment};
use super::segments::{Held, Key, LineId, Segments};
use crate::core::problem::Problem;
use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;

/// A piece of so many bytes becomes a segment of its own; smaller ones are put together.
const OWN: usize = MOST_BYTES / 4;
/// Lines that wait for their places at most: together they are put faster than one piece at a time,
/// but not without end.
const UNPLACED: usize = 16_384;
/// Of so many streams segments are smaller by as much: to let one go costs what all streams wrote
/// in its time.
const SHARED: usize = 16;
/// The most that is copied to append to a segment that somebody else holds.
const COPIED: usize = 64 << 10;

/// One stream.
#[derive(Debug, Clone)]
pub struct Stream {
    /// Its name.
    pub name: StreamName,
    /// How it is.
    pub state: StreamState,
    /// Its segments, the oldest first.
    segments: VecDeque<u32>,
    /// The places of its first and last segment.
    turns: (i64, i64),
}

/// Lines.
#[derive(Debug, Clone, Default)]
pub struct Store {
    segments: Segments,
    streams: Vec<Stream>,
    order: Order,
    /// Lines that have come and are not in the order yet: segment and which of it.
    unplaced: Vec<(u32, Range<u32>)>,
    waiting: usize,
    bytes: usize,
    arrived: u64,
    dropped: u64,
    late: u64,
    waters: VecDeque<(i64, i64)>,
    /// Whether the pods are known, and how many, or why not.
    pub pods: Option<Result<u32, Problem>>,
    /// Whether older lines are under way.
    pub fetching: bool,
}

impl Store {
    /// All lines in order that were there when [`Store::place`] was called last.
    #[must_use]
    pub fn order(&self) -> &Order {
        &self.order
    }

    /// The segments.
    #[must_use]
    pub fn segments(&self) -> &Segments {
        &self.segments
    }

    /// The streams by number.
    #[must_use]
    pub fn streams(&self) -> &[Stream] {
        &self.streams
    }

    /// Bytes held.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Lines that have come, kept or not; older ones that were asked for are none of them.
    #[must_use]
    pub fn arrived(&self) -> u64 {
        self.arrived
    }

    /// Lines that had to go for newer ones.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Lines that came later than the reorder window allows.
    #[must_use]
    pub fn late(&self) -> u64 {
        self.late
    }

    /// The segment and stream of a line.
    #[must_use]
    pub fn held(&self, id: LineId) -> Option<&Held> {
        self.segments.get(id.segment)
    }

    /// When a line was written (Unix microseconds).
    #[must_use]
    pub fn time(&self, id: LineId) -> i64 {
        self.segments.key(id).0
    }

    /// Whether a line came late.
    #[must_use]
    pub fn is_late(&self, id: LineId) -> bool {
        self.held(id).is_some_and(|h| h.late.iter().any(|(from, to)| (*from..*to).contains(&id.line)))
    }

    /// Takes a report that came at `now` (Unix ms). A line is late when a line written after it
    /// had been here for longer than `window` (ms).
    pub fn apply(&mut self, event: LogEvent, now: i64, window: i64) {
        match event {
            LogEvent::Join(name) => self.streams.push(Stream {
                name,
                state: StreamState::default(),
                segments: VecDeque::new(),
                turns: (0, -1),
            }),
            LogEvent::State(stream, state) => {
                if let Some(s) = self.streams.get_mut(usize::from(stream)) {
                    s.state = state;
                }
            }
            LogEvent::Lines(stream, place, lines) => self.add(stream, place, lines, now, window),
            LogEvent::OlderDone => self.fetching = false,
            LogEvent::Pods(known) => self.pods = Some(known),
            LogEvent::Leave(stream) => {
                for number in self.of_stream(stream) {
                    self.remove(number);
                }
                if let Some(s) = self.streams.get_mut(usize::from(stream)) {
                    s.state = StreamState::Gone;
                }
            }
            LogEvent::Anew => *self = Self::default(),
        }
    }

    /// Puts what has come into the order. Many pieces of many streams that were written at the same
    /// time lie within each other: put one after the other, each would move all that came before it.
    pub fn place(&mut self) {
        self.waiting = 0;
        match self.unplaced.as_mut_slice() {
            [] => {}
            [(segment, range)] => self.order.put_range(&self.segments, *segment, range.clone()),
            many => {
                let lines = many.iter().flat_map(|(segment, range)| {
                    let segment = *segment;
                    range.clone().map(move |line| LineId { segment, line })
                });
                let mut ids: Vec<(Key, LineId)> = lines.map(|id| (self.segments.key(id), id)).collect();
                ids.sort_unstable_by_key(|(key, _)| *key);
                let ids: Vec<LineId> = ids.into_iter().map(|(_, id)| id).collect();
                self.order.put(&self.segments, &ids);
            }
        }
        self.unplaced.clear();
    }

    fn add(&mut self, stream: u16, place: Place, lines: Arc<Segment>, now: i64, window: i64) {
        let most = MOST_BYTES / self.streams.len().clamp(1, SHARED);
        let Some(s) = self.streams.get_mut(usize::from(stream)) else { return };
        if lines.is_empty() {
            return;
        }
        let (count, newest) = (lines.len(), lines.last_time());
        if place != Place::Older {
            self.arrived += count as u64;
        }
        let (segment, from) = if place == Place::Older {
            s.turns.0 -= 1;
            self.bytes += lines.size();
            let number = self.segments.push(Held { lines, stream, turn: s.turns.0, late: Vec::new() });
            s.segments.push_front(number);
            (number, 0)
        } else {
            let tail = s.segments.back().copied().filter(|n| {
                let held = self.segments.get(*n).map_or(0, |h| h.lines.size());
                lines.size() < OWN && held + lines.size() <= most
            });
            if let Some((number, from)) = tail.and_then(|n| append(&mut self.segments, n, &lines, &mut self.bytes)) {
                (number, from)
            } else {
                seal(&mut self.segments, s.segments.back().copied());
                s.turns.1 += 1;
                self.bytes += lines.size();
                let number = self.segments.push(Held { lines, stream, turn: s.turns.1, late: Vec::new() });
                s.segments.push_back(number);
                (number, 0)
            }
        };
        let range = from..from + count as u32;
        self.unplaced.push((segment, range.clone()));
        self.waiting += count;
        if self.waiting >= UNPLACED {
            self.place();
        }
        if place == Place::Now && self.streams.len() > 1 {
            self.mark_late(segment, range, now, window);
        }
        match self.waters.back_mut() {
            Some(last) if last.0 == now => last.1 = last.1.max(newest),
            Some(last) => {
                let most = last.1.max(newest);
                self.waters.push_back((now, most));
            }
            None => self.waters.push_back((now, newest)),
        }
    }

    /// Marks the lines of a range that belong above what has been on screen for a while.
    fn mark_late(&mut self, segment: u32, range: Range<u32>, now: i64, window: i64) {
        while self.waters.get(1).is_some_and(|w| w.0 <= now - window) {
            self.waters.pop_front();
        }
        let Some((_, water)) = self.waters.front().copied().filter(|w| w.0 <= now - window) else { return };
        let Some(held) = self.segments.get_mut(segment) else { return };
        let late = range.clone().take_while(|l| held.lines.time(*l as usize) < water).count() as u32;
        if late == 0 {
            return;
        }
        self.late += u64::from(late);
        match held.late.last_mut() {
            Some(last) if last.1 == range.start => last.1 += late,
            _ => held.late.push((range.start, range.start + late)),
        }
    }

    /// The segment that must go first if more than `limit` bytes are held. Other
    /// orders over the lines must forget it before [`Store::evict`] does.
    pub fn overflow(&self, limit: usize) -> Option<u32> {
        if self.bytes <= limit {
            return None;
        }
        let oldest = |n: &u32| self.segments.get(*n).map_or(i64::MIN, |h| h.lines.last_time());
        self.streams.iter().filter_map(|s| s.segments.front().copied()).min_by_key(oldest)
    }

    /// The segments of a stream. Other orders over the lines must forget them before
    /// [`LogEvent::Leave`] is applied.
    #[must_use]
    pub fn of_stream(&self, stream: u16) -> Vec<u32> {
        self.streams.get(usize::from(stream)).map(|s| s.segments.iter().copied().collect()).unwrap_or_default()
    }

    /// Lets a segment go that [`Store::overflow`] named.
    pub fn evict(&mut self, number: u32) {
        self.dropped += self.remove(number) as u64;
    }

    /// Takes a segment out; returns how many lines it had.
    fn remove(&mut self, number: u32) -> usize {
        self.place();
        self.order.forget(&self.segments, number);
        let Some(held) = self.segments.remove(number) else { return 0 };
        self.bytes = self.bytes.saturating_sub(held.lines.size());
        if let Some(s) = self.streams.get_mut(usize::from(held.stream)) {
            s.segments.retain(|n| *n != number);
        }
        held.lines.len()
    }
}

/// Puts lines behind a segment's own, if they fit and nobody would have to copy much for it.
fn append(segments: &mut Segments, number: u32, lines: &Segment, bytes: &mut usize) -> Option<(u32, u32)> {
    let held = segments.get_mut(number)?;
    if !held.lines.takes(lines) || (Arc::get_mut(&mut held.lines).is_none() && held.lines.size() > COPIED) {
        return None;
    }
    let tail = Arc::make_mut(&mut held.lines);
    let (from, before) = (tail.len() as u32, tail.size());
    tail.append(lines);
    *bytes += tail.size() - before;
    Some((number, from))
}

/// A segment that will not grow any more gives back what it kept for growing.
fn seal(segments: &mut Segments, number: Option<u32>) {
    let lines = number.and_then(|n| segments.get_mut(n)).and_then(|h| Arc::get_mut(&mut h.lines));
    if let Some(lines) = lines {
        lines.shrink();
    }
}

#[cfg(test)]
#[path = "store_tests.rs"]
mod tests;
