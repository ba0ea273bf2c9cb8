//! A piece of the log of one container: the bytes of its lines one after the other, and beside
//! them where each line begins and when it was written. A line costs nine bytes beyond its text.

use super::clean;
use super::paints::Paints;
use crate::core::role::Style;

/// A segment holds at most so many bytes, unless a single line is longer.
pub const MOST_BYTES: usize = 1 << 20;
/// And so many lines.
pub const MOST_LINES: usize = 1 << 20;

/// What is special about a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Not of the container: what we have to say at this place.
    Note,
    /// Not of the container: what is missing at this place.
    Gap,
    /// Not of the container: what the cluster tells of its pod.
    Event,
    /// The line before goes on here: it was too long for one.
    More,
}

/// Lines of one container in the order they were written, with times that never go back.
#[derive(Debug, Clone, Default)]
pub struct Segment {
    bytes: Vec<u8>,
    starts: Vec<u32>,
    times: Vec<u32>,
    base: i64,
    marks: Vec<(u32, Mark)>,
    paints: Paints,
}

impl Segment {
    /// How many lines.
    #[must_use]
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    /// Bytes of memory its lines take, overhead included.
    #[must_use]
    pub fn size(&self) -> usize {
        self.bytes.len() + self.starts.len() * 8 + self.marks.len() * 8 + self.paints.size()
    }

    /// Gives back memory that growing has left over.
    pub fn shrink(&mut self) {
        self.bytes.shrink_to_fit();
        self.starts.shrink_to_fit();
        self.times.shrink_to_fit();
        self.paints.shrink();
    }

    /// When a line was written (Unix microseconds); of a line that is not there, the last one's.
    #[must_use]
    pub fn time(&self, line: usize) -> i64 {
        let line = line.min(self.times.len().saturating_sub(1));
        self.base + self.times.get(line).map_or(0, |t| i64::from(*t))
    }

    /// When the last line was written.
    #[must_use]
    pub fn last_time(&self) -> i64 {
        self.time(usize::MAX)
    }

    /// Where a line lies in [`Segment::bytes`], without its end.
    #[must_use]
    pub fn range(&self, line: usize) -> std::ops::Range<usize> {
        let start = self.starts.get(line).map_or(self.bytes.len(), |s| *s as usize);
        let end = self.starts.get(line + 1).map_or(self.bytes.len(), |s| *s as usize);
        start..end.saturating_sub(1).max(start)
    }

    /// The bytes of a line.
    #[must_use]
    pub fn line(&self, line: usize) -> &[u8] {
        &self.bytes[self.range(line)]
    }

    /// The text of a line.
    #[must_use]
    pub fn text(&self, line: usize) -> &str {
        // Cleaned bytes are always valid; if they ever were not, a line less is better than none.
        std::str::from_utf8(self.line(line)).unwrap_or("")
    }

    /// All lines, each ended by a newline.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The line that a byte of [`Segment::bytes`] belongs to.
    #[must_use]
    pub fn line_of(&self, byte: usize) -> usize {
        self.starts.partition_point(|s| *s as usize <= byte).saturating_sub(1)
    }

    /// What is special about a line.
    #[must_use]
    pub fn mark(&self, line: usize) -> Option<Mark> {
        let at = self.marks.binary_search_by_key(&(line as u32), |m| m.0).ok()?;
        Some(self.marks[at].1)
    }

    /// All special lines.
    pub fn marked(&self) -> impl Iterator<Item = (u32, Mark)> {
        self.marks.iter().copied()
    }

    /// Colours of a line: byte within the line from which each holds.
    pub fn paints(&self, line: usize) -> impl Iterator<Item = (usize, Style)> {
        let range = self.range(line);
        let start = range.start;
        self.paints.within(range).map(move |(byte, style)| (byte - start, style))
    }

    /// Whether a line of that time and length still fits.
    #[must_use]
    pub fn fits(&self, time: i64, length: usize) -> bool {
        self.is_empty()
            || (self.bytes.len() + length < MOST_BYTES
                && self.len() < MOST_LINES
                && u32::try_from(time.max(self.last_time()) - self.base).is_ok())
    }

    /// Appends a line of the container, cleaned. A time before the last one's counts as the last
    /// one's: the order of a container's own lines is never changed. Check [`Segment::fits`] first.
    pub fn push(&mut self, time: i64, raw: &[u8]) {
        self.begin(time);
        clean::append(raw, &mut self.bytes, &mut self.paints);
        self.bytes.push(b'\n');
    }

    /// Appends a line that is special.
    pub fn push_marked(&mut self, time: i64, raw: &[u8], mark: Mark) {
        self.marks.push((self.len() as u32, mark));
        self.push(time, raw);
    }

    fn begin(&mut self, time: i64) {
        if self.is_empty() {
            self.base = time;
        }
        let last = self.times.last().copied().unwrap_or(0);
        let after = u32::try_from((time - self.base).max(0)).unwrap_or(u32::MAX);
        self.times.push(after.max(last));
        self.starts.push(self.bytes.len() as u32);
    }

    /// Whether all of another segment fits behind this one's lines.
    #[must_use]
    pub fn takes(&self, other: &Self) -> bool {
        self.len() + other.len() <= MOST_LINES && self.fits(other.last_time(), other.bytes.len())
    }

    /// Appends another segment's lines. Check [`Segment::takes`] first.
    pub fn append(&mut self, other: &Self) {
        if self.is_empty() {
            self.base = other.base;
        }
        let (bytes, lines) = (self.bytes.len() as u32, self.len() as u32);
        let mut last = self.times.last().copied().unwrap_or(0);
        self.times.extend(other.times.iter().map(|t| {
            let after = u32::try_from((other.base - self.base + i64::from(*t)).max(0)).unwrap_or(u32::MAX);
            last = last.max(after);
            last
        }));
        self.starts.extend(other.starts.iter().map(|s| s + bytes));
        self.marks.extend(other.marks.iter().map(|(l, m)| (l + lines, *m)));
        self.paints.append(&other.paints, bytes);
        self.bytes.extend_from_slice(&other.bytes);
    }
}

/// As the tests compare them.
impl PartialEq for Segment {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
            && self.starts == other.starts
            && self.marks == other.marks
            && self.paints == other.paints
            && (0..self.len()).all(|i| self.time(i) == other.time(i))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lines_come_back() {
        let mut s = Segment::default();
        s.push(1_000_000, b"one");
        s.push(1_500_000, b"");
        s.push_marked(1_400_000, "gap: 2 s, 三".as_bytes(), Mark::Gap);
        assert_eq!((s.text(0), s.text(1), s.text(2)), ("one", "", "gap: 2 s, 三"));
        assert_eq!((s.time(0), s.time(1), s.time(2)), (1_000_000, 1_500_000, 1_500_000), "time never goes back");
        assert_eq!((s.mark(1), s.mark(2)), (None, Some(Mark::Gap)));
        assert_eq!((s.line_of(0), s.line_of(3), s.line_of(4), s.line_of(5)), (0, 0, 1, 2));
    }

    #[test]
    fn what_does_not_fit_says_so() {
        let mut s = Segment::default();
        assert!(s.fits(0, 5 << 20), "a single line always does");
        s.push(0, &vec![b'x'; MOST_BYTES]);
        assert!(!s.fits(0, 1));
        let mut s = Segment::default();
        s.push(0, b"");
        assert!(!s.fits(i64::from(u32::MAX) + 1, 0), "an hour and more later");
    }

    proptest! {
        #[test]
        fn appending_is_the_same_as_pushing(
            lines in proptest::collection::vec((0_i64..9_000, "(\x1b\\[3[1-6]m)?[a-zé]{0,6}"), 0..20), at in 0_usize..20
        ) {
            let at = at.min(lines.len());
            let make = |part: &[(i64, String)]| {
                let mut s = Segment::default();
                for (i, (time, text)) in part.iter().enumerate() {
                    if i % 5 == 4 { s.push_marked(*time, text.as_bytes(), Mark::More) } else { s.push(*time, text.as_bytes()) }
                }
                s
            };
            let (mut head, tail) = (make(&lines[..at]), make(&lines[at..]));
            let mut pushed = head.clone();
            for i in 0..tail.len() {
                match tail.mark(i) {
                    Some(mark) => pushed.push_marked(tail.time(i), tail.line(i), mark),
                    None => pushed.push(tail.time(i), tail.line(i)),
                }
            }
            prop_assert!(head.takes(&tail));
            head.append(&tail);
            for i in 0..pushed.len() {
                prop_assert_eq!((head.text(i), head.time(i), head.mark(i)), (pushed.text(i), pushed.time(i), pushed.mark(i)));
            }
        }
    }
}
