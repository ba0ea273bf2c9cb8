//! An order over lines: runs of neighbouring lines of a segment, eight bytes each, in blocks. The
//! log of one container is a run a segment; many merged ones at worst a run a line.

use super::segments::{Key, LineId, Segments};

/// Runs a block holds at most.
const BLOCK: usize = 1024;

/// Neighbouring lines of one segment: number, first line, how many, in 28, 20 and 16 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run(u64);

impl Run {
    const MOST: u32 = (1 << 16) - 1;

    fn new(segment: u32, line: u32, lines: u32) -> Self {
        Self((u64::from(segment) << 36) | (u64::from(line) << 16) | u64::from(lines))
    }

    fn segment(self) -> u32 {
        (self.0 >> 36) as u32
    }

    fn line(self) -> u32 {
        ((self.0 >> 16) & 0xf_ffff) as u32
    }

    fn lines(self) -> u32 {
        (self.0 & 0xffff) as u32
    }

    fn at(self, i: u32) -> LineId {
        LineId { segment: self.segment(), line: self.line() + i }
    }

    fn first(self) -> LineId {
        self.at(0)
    }

    fn last(self) -> LineId {
        self.at(self.lines() - 1)
    }
}

#[derive(Debug, Clone, Default)]
struct Block {
    runs: Vec<Run>,
    lines: u32,
}

impl Block {
    fn push(&mut self, segment: u32, line: u32, lines: u32) {
        self.lines += lines;
        if let Some(run) = self.runs.last_mut()
            && run.segment() == segment
            && run.line() + run.lines() == line
            && run.lines() + lines <= Run::MOST
        {
            *run = Run(run.0 + u64::from(lines));
            return;
        }
        self.runs.push(Run::new(segment, line, lines));
    }

    fn ids(&self) -> impl Iterator<Item = LineId> {
        self.runs.iter().flat_map(|r| (0..r.lines()).map(|i| r.at(i)))
    }
}

/// Lines in order.
#[derive(Debug, Clone, Default)]
pub struct Order {
    blocks: Vec<Block>,
    lines: usize,
}

impl Order {
    /// How many lines.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lines
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lines == 0
    }

    /// Bytes of memory it takes.
    #[must_use]
    pub fn size(&self) -> usize {
        self.blocks.iter().map(|b| b.runs.capacity() * 8 + 32).sum()
    }

    /// Forgets all lines.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    fn last(&self) -> Option<LineId> {
        self.blocks.last()?.runs.last().map(|r| r.last())
    }

    /// The last line.
    #[must_use]
    pub fn newest(&self) -> Option<LineId> {
        self.last()
    }

    /// Puts neighbouring lines of a segment where they belong.
    pub fn put_range(&mut self, segments: &Segments, segment: u32, lines: std::ops::Range<u32>) {
        if lines.is_empty() {
            return;
        }
        let first = LineId { segment, line: lines.start };
        if self.last().is_none_or(|last| segments.key(last) < segments.key(first)) {
            let mut line = lines.start;
            while line < lines.end {
                let n = (lines.end - line).min(Run::MOST);
                self.push(segment, line, n);
                line += n;
            }
            return;
        }
        let ids: Vec<LineId> = lines.map(|line| LineId { segment, line }).collect();
        self.put(segments, &ids);
    }

    /// Puts lines, ordered among themselves, where they belong. A line that is there already stays.
    pub fn put(&mut self, segments: &Segments, ids: &[LineId]) {
        let (Some(first), Some(last)) = (ids.first(), ids.last()) else { return };
        let (from, to) = (segments.key(*first), segments.key(*last));
        if self.last().is_none_or(|l| segments.key(l) < from) {
            ids.iter().for_each(|id| self.push(id.segment, id.line, 1));
            return;
        }
        let begin = self.blocks.partition_point(|b| b.runs.last().is_some_and(|r| segments.key(r.last()) < from));
        let end = self.blocks.partition_point(|b| b.runs.first().is_some_and(|r| segments.key(r.first()) <= to));
        let end = end.max(begin);
        let mut old = self.blocks[begin..end].iter().flat_map(Block::ids).peekable();
        let mut merged = Self::default();
        for id in ids {
            let key = segments.key(*id);
            while let Some(before) = old.next_if(|o| segments.key(*o) < key) {
                merged.push(before.segment, before.line, 1);
            }
            old.next_if_eq(id);
            merged.push(id.segment, id.line, 1);
        }
        old.for_each(|id| merged.push(id.segment, id.line, 1));
        let before: usize = self.blocks[begin..end].iter().map(|b| b.lines as usize).sum();
        self.lines = self.lines + merged.lines - before;
        self.blocks.splice(begin..end, merged.blocks);
    }

    fn push(&mut self, segment: u32, line: u32, lines: u32) {
        self.lines += lines as usize;
        match self.blocks.last_mut() {
            Some(block) if block.runs.len() < BLOCK => block.push(segment, line, lines),
            _ => {
                let mut block = Block::default();
                block.push(segment, line, lines);
                self.blocks.push(block);
            }
        }
    }

    /// Lets go of the lines of a segment that is about to leave its store.
    pub fn forget(&mut self, segments: &Segments, segment: u32) {
        let Some(held) = segments.get(segment) else { return };
        let upto = held.lines.last_time();
        let begin = self
            .blocks
            .partition_point(|b| b.runs.last().is_some_and(|r| segments.key(r.last()).0 < held.lines.time(0)));
        for block in &mut self.blocks[begin..] {
            if block.runs.first().is_some_and(|r| segments.key(r.first()).0 > upto) {
                break;
            }
            let before = block.lines;
            block.runs.retain(|r| r.segment() != segment);
            block.lines = block.runs.iter().map(|r| r.lines()).sum();
            self.lines -= (before - block.lines) as usize;
        }
        self.blocks.retain(|b| b.lines > 0);
    }

    /// How many lines stand before a place.
    #[must_use]
    pub fn rank(&self, segments: &Segments, key: Key) -> usize {
        let at = self.blocks.partition_point(|b| b.runs.last().is_some_and(|r| segments.key(r.last()) < key));
        let before: usize = self.blocks[..at].iter().map(|b| b.lines as usize).sum();
        let Some(block) = self.blocks.get(at) else { return before };
        let run = block.runs.partition_point(|r| segments.key(r.last()) < key);
        let within: usize = block.runs[..run].iter().map(|r| r.lines() as usize).sum();
        let rest = block.runs.get(run).map_or(0, |r| {
            let (mut low, mut high) = (0, r.lines());
            while low < high {
                let middle = u32::midpoint(low, high);
                if segments.key(r.at(middle)) < key { low = middle + 1 } else { high = middle }
            }
            low as usize
        });
        before + within + rest
    }

    /// The line at a place.
    #[must_use]
    pub fn get(&self, rank: usize) -> Option<LineId> {
        self.from(rank).next()
    }

    /// The lines from a place on.
    pub fn from(&self, rank: usize) -> impl Iterator<Item = LineId> {
        let mut skip = rank;
        let mut at = 0;
        while let Some(block) = self.blocks.get(at).filter(|b| b.lines as usize <= skip) {
            skip -= block.lines as usize;
            at += 1;
        }
        self.blocks[at..].iter().flat_map(Block::ids).skip(skip)
    }
}

#[cfg(test)]
#[path = "order_tests.rs"]
mod tests;
