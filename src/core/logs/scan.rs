//! Looking through segments: pure, so that it can run beside the loop.

use super::fold;
use super::level::Level;
use super::query::{Filter, Finder};
use super::segment::{Mark, Segment};
use super::strip::Counts;
use std::sync::Arc;

/// What to look for.
#[derive(Debug, Clone, PartialEq)]
pub enum Job {
    /// Lines to let through.
    Filter {
        /// Which.
        filter: Filter,
        /// Whether lines that belong together are one.
        fold: bool,
        /// How many more around each.
        context: u8,
    },
    /// Lines that have an expression.
    Find(Finder),
    /// How many lines and errors when.
    Tally,
}

/// A segment to look through.
#[derive(Debug, Clone, PartialEq)]
pub struct Work {
    /// Its number.
    pub segment: u32,
    /// The first line that was not looked at before.
    pub from: u32,
    /// Its lines.
    pub lines: Arc<Segment>,
}

/// What was found in a segment.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Found {
    /// Its number.
    pub segment: u32,
    /// Lines, ascending.
    pub lines: Vec<u32>,
    /// Counts by second.
    pub counts: Counts,
}

/// Looks through a segment.
#[must_use]
pub fn run(job: &Job, work: &Work) -> Found {
    let mut found = Found { segment: work.segment, ..Found::default() };
    match job {
        Job::Find(finder) => each_line(finder, &work.lines, work.from as usize, |line| {
            found.lines.push(line as u32);
        }),
        Job::Filter { filter, fold, context } => {
            found.lines = filtered(filter, *fold, usize::from(*context), &work.lines, work.from as usize);
        }
        Job::Tally => found.counts = tally(&work.lines, work.from as usize),
    }
    found
}

/// Gives out each line from `from` on that an expression is in. The whole segment is searched at
/// once; what the expression took across the end of a line is looked at again by itself.
pub fn each_line(finder: &Finder, lines: &Segment, from: usize, mut out: impl FnMut(usize)) {
    let bytes = lines.bytes();
    let mut at = lines.range(from).start;
    while at < bytes.len() {
        let Some(hit) = finder.next(bytes, at) else { return };
        let line = lines.line_of(hit.start);
        let range = lines.range(line);
        if hit.end <= range.end || finder.fits(&bytes[range.clone()]) {
            out(line);
        }
        at = range.end + 1;
    }
}

fn filtered(filter: &Filter, fold: bool, context: usize, lines: &Segment, from: usize) -> Vec<u32> {
    // What came before may belong to what is new.
    let begin = if fold { fold::head(lines, from) } else { from };
    let begin = begin.saturating_sub(context);
    let begin = if fold { fold::head(lines, begin) } else { begin };
    let mut hits = Vec::new();
    if let Some(anchor) = filter.anchor().filter(|_| !fold) {
        each_line(anchor, lines, begin, |line| {
            if special(lines, line) || filter.fits(lines.line(line)) {
                hits.push(line as u32);
            }
        });
    } else {
        let mut line = begin;
        while line < lines.len() {
            let more = if fold { fold::followers(lines, line) } else { 0 };
            let bytes = lines.range(line).start..lines.range(line + more).end;
            if special(lines, line) || filter.fits(&lines.bytes()[bytes]) {
                hits.push(line as u32);
            }
            line += more + 1;
        }
    }
    // What we say ourselves is never hidden: a gap matters to every filter.
    let mut all: Vec<u32> = notes(lines, begin).collect();
    all.extend(hits.iter().copied());
    if context > 0 {
        let around = |l: &u32| (*l as usize).saturating_sub(context)..=(*l as usize + context).min(lines.len() - 1);
        let near = hits.iter().flat_map(around).filter(|l| !fold || !fold::belongs(lines, *l));
        all.extend(near.map(|l| l as u32));
    }
    all.sort_unstable();
    all.dedup();
    all
}

fn special(lines: &Segment, line: usize) -> bool {
    lines.mark(line).is_some_and(|m| m != Mark::More)
}

fn notes(lines: &Segment, from: usize) -> impl Iterator<Item = u32> {
    lines.marked().filter(move |(line, mark)| *line as usize >= from && *mark != Mark::More).map(|(line, _)| line)
}

fn tally(lines: &Segment, from: usize) -> Counts {
    let mut counts = Counts::new();
    for line in from..lines.len() {
        if lines.mark(line).is_some() {
            continue;
        }
        let second = lines.time(line).div_euclid(1_000_000);
        let error = u32::from(Level::of_line(lines.text(line)).is_some_and(|l| l >= Level::Error));
        match counts.last_mut() {
            Some(last) if last.0 == second => (last.1, last.2) = (last.1 + 1, last.2 + error),
            _ => counts.push((second, 1, error)),
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(lines: &[&str]) -> Arc<Segment> {
        let mut s = Segment::default();
        for (i, line) in lines.iter().enumerate() {
            if line.starts_with('#') {
                s.push_marked(i as i64 * 1_000_000, line.as_bytes(), Mark::Gap);
            } else {
                s.push(i as i64 * 1_000_000, line.as_bytes());
            }
        }
        Arc::new(s)
    }

    fn filter(text: &str, fold: bool, context: u8) -> Job {
        Job::Filter { filter: Filter::new(text).expect(text), fold, context }
    }

    const TEXT: &[&str] =
        &["ok one", "ERROR two", "\tat a.b", "Caused by: x", "ok three", "# gap", "ok four", "ERROR five"];

    fn lines(job: &Job, from: u32) -> Vec<u32> {
        run(job, &Work { segment: 7, from, lines: segment(TEXT) }).lines
    }

    #[test]
    fn each_job_finds_its_lines() {
        let find = |text: &str| Job::Find(Finder::new(text).expect(text));
        assert_eq!(lines(&find("error"), 0), [1, 7]);
        assert_eq!(lines(&find("^ok"), 5), [6]);
        assert_eq!(lines(&find(r"two\s+at"), 0), [0_u32; 0], "no match goes over the end of a line");
        assert_eq!(lines(&find(r"e\s*"), 0), [0, 1, 3, 4, 7]);
        assert_eq!(lines(&filter("ERROR", false, 0), 0), [1, 5, 7]);
        assert_eq!(lines(&filter("!ok", false, 0), 0), [1, 2, 3, 5, 7]);
        assert_eq!(lines(&filter("caused", true, 0), 0), [1, 5], "a trace is found by any of its lines");
        assert_eq!(lines(&filter("", true, 0), 0), [0, 1, 4, 5, 6, 7]);
        assert_eq!(lines(&filter("three", false, 1), 0), [3, 4, 5]);
        assert_eq!(lines(&filter("three", false, 2), 5), [2, 3, 4, 5, 6], "context across what was looked at before");
        let counts = run(&Job::Tally, &Work { segment: 7, from: 0, lines: segment(TEXT) }).counts;
        assert_eq!(counts.iter().map(|c| c.1).sum::<u32>(), 7);
        assert_eq!(counts.iter().map(|c| c.2).sum::<u32>(), 2);
    }
}
