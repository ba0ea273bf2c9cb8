//! A log that a service writes into a file below `/var/log`: read on from the byte where the last
//! answer ended. A few bytes are read twice each time, to notice that it is another file by now.

use super::super::super::connect::{Part, Span};
use super::super::super::escape::escape;
use super::{Gathered, Got, MOST, Source, TAIL, stamp};
use crate::core::logs::segment::Mark;
use crate::core::logs::source::Since;
use crate::core::problem::Problem;

/// Bytes looked at for the last lines.
const LAST: u64 = 512 << 10;
/// Bytes looked at for the lines since a time.
const BACK: u64 = 8 << 20;
/// Bytes read twice.
const TWICE: usize = 64;
/// A line longer than this is given out in pieces.
const LONGEST: usize = 512 << 10;

/// How far a file was read.
pub(super) struct File {
    /// What it may be called, as a kubelet looks for it; one once it was found.
    names: Vec<String>,
    /// Where the next answer begins; `None` before the first.
    at: Option<u64>,
    /// The last bytes before that place.
    tail: Vec<u8>,
    /// A line that is not ended yet.
    part: Vec<u8>,
    time: Option<i64>,
}

impl File {
    /// A file by its path below `/var/log`, or the one a service writes.
    pub fn new(unit: &str) -> Self {
        let names = if let Some(path) = unit.strip_prefix("/var/log/") {
            vec![path.to_owned()]
        } else if unit.contains('/') {
            vec![unit.trim_start_matches('/').to_owned()]
        } else {
            vec![format!("{unit}.log"), unit.to_owned(), format!("{unit}/{unit}.log")]
        };
        Self { names, at: None, tail: Vec::new(), part: Vec::new(), time: None }
    }

    /// Reads what is new.
    pub async fn read(&mut self, source: &Source, since: Since) -> Result<Got, Problem> {
        let now = (source.clock)();
        let span = match (self.at, since) {
            (Some(at), _) => Span::From(at - self.tail.len() as u64),
            (None, Since::Tail) => Span::Last(LAST),
            (None, Since::Head) => Span::From(0),
            (None, Since::Ago(_) | Since::At(..)) => Span::Last(BACK),
        };
        let part = self.find(source, span).await?;
        let first = self.at.is_none();
        let mut lines = Gathered::after(self.time);
        let new = if first { Some(begin(&part)) } else { self.go_on(&part, &mut lines, now) };
        let Some(new) = new else {
            // It is another file: from its beginning.
            (self.at, self.tail) = (Some(0), Vec::new());
            self.part.clear();
            return Ok(Got::Lines(lines, true));
        };
        self.split(new, &mut lines, now, &wanted(since, now));
        if first && since == Since::Tail {
            keep_last(&mut lines, TAIL as usize);
        }
        self.time = lines.time;
        let end = part.from + part.bytes.len() as u64;
        self.at = Some(end);
        self.tail = part.bytes[part.bytes.len().saturating_sub(TWICE)..].to_vec();
        Ok(Got::Lines(lines, end < part.total && !new.is_empty()))
    }

    /// The file, under the first of its names that there is.
    async fn find(&mut self, source: &Source, span: Span) -> Result<Part, Problem> {
        let mut missing = None;
        for name in &self.names {
            let path: Vec<String> = name.split('/').map(escape).collect();
            let path = source.path(&path.join("/"))?;
            match source.connection.part(&path, span, MOST, &Source::asked()).await {
                Ok(part) if part.content_type == "text/html" => {
                    missing.get_or_insert(Problem::Invalid(format!("{name} is a folder on the node").into()));
                }
                Ok(part) => {
                    self.names = vec![name.clone()];
                    return Ok(part);
                }
                Err(Problem::NotFound(_)) => {}
                Err(problem) => return Err(problem),
            }
        }
        let names = self.names.join(", ");
        Err(missing.unwrap_or_else(|| {
            Problem::NotFound(format!("node {} has neither such a unit nor /var/log/{names}", source.node).into())
        }))
    }

    /// A later one: what is new of it, or `None` if it is no longer the same file.
    fn go_on<'a>(&mut self, part: &'a Part, lines: &mut Gathered, now: i64) -> Option<&'a [u8]> {
        let at = self.at.unwrap_or(0);
        let from = at - self.tail.len() as u64;
        // Who serves no parts sends all of it.
        let skip = usize::try_from(from.saturating_sub(part.from)).unwrap_or(usize::MAX);
        let new = part.bytes.get(skip..).and_then(|b| b.strip_prefix(self.tail.as_slice()));
        if new.is_none() || part.total < at {
            lines.note("possible gap: the file was replaced by a new one", Mark::Gap, now);
            return None;
        }
        new
    }

    fn split(&mut self, bytes: &[u8], lines: &mut Gathered, now: i64, wanted: &std::ops::RangeInclusive<i64>) {
        let mut rest = bytes;
        while let Some(end) = memchr::memchr(b'\n', rest) {
            self.part.extend_from_slice(&rest[..end]);
            rest = &rest[end + 1..];
            self.give(lines, now, wanted);
        }
        self.part.extend_from_slice(rest);
        if self.part.len() > LONGEST {
            self.give(lines, now, wanted);
        }
    }

    fn give(&mut self, lines: &mut Gathered, now: i64, wanted: &std::ops::RangeInclusive<i64>) {
        let line = std::mem::take(&mut self.part);
        let text = String::from_utf8_lossy(&line);
        let time = stamp::read(&text, now).or(lines.time);
        if time.is_none_or(|t| wanted.contains(&t)) {
            lines.push(&text, now);
        } else {
            lines.time = time;
        }
    }
}

/// What is of use of the first answer: before its first line's beginning there is half a line.
fn begin(part: &Part) -> &[u8] {
    if part.from == 0 {
        return &part.bytes;
    }
    let start = memchr::memchr(b'\n', &part.bytes).map_or(part.bytes.len(), |i| i + 1);
    &part.bytes[start..]
}

/// The times that are wanted, in Unix microseconds.
fn wanted(since: Since, now: i64) -> std::ops::RangeInclusive<i64> {
    match since {
        Since::Tail | Since::Head => i64::MIN..=i64::MAX,
        Since::Ago(seconds) => (now - i64::from(seconds) * 1_000) * 1_000..=i64::MAX,
        Since::At(from, until) => from * 1_000..=until.map_or(i64::MAX, |u| u * 1_000),
    }
}

/// Lets all but the last lines go.
fn keep_last(lines: &mut Gathered, n: usize) {
    let all: usize = lines.segments.iter().map(crate::core::logs::segment::Segment::len).sum();
    let mut skip = all.saturating_sub(n);
    let old = std::mem::take(&mut lines.segments);
    for segment in &old {
        for line in skip.min(segment.len())..segment.len() {
            lines.place(segment.time(line), segment.text(line), None);
        }
        skip = skip.saturating_sub(segment.len());
    }
}
