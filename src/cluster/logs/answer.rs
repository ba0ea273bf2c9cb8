//! One answer: bytes into lines, lines into segments, segments into the slot. While the slot is
//! taken lines gather; when a segment is full the socket is not read any more.

use super::super::connect::Stream;
use super::leap::Pace;
use super::resume::{Resume, Verdict};
use crate::core::logs::event::{LogEvent, Place};
use crate::core::logs::segment::{MOST_BYTES, Mark, Segment};
use crate::core::logs::split::{Raw, Splitter};
use crate::core::problem::Problem;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};

/// After so long without a byte all that was there before we asked has been read.
const QUIET: Duration = Duration::from_millis(200);

/// How an answer ended.
#[derive(Debug)]
pub(super) enum End {
    /// In order: the container has ended, or the server has closed.
    Over,
    /// It broke.
    Broken(Problem),
    /// The last moment that was asked for is over.
    Enough,
    /// A line does not join what was read before: it may be of another run. It was not taken.
    Doubt,
    /// Lines may have been passed over before the next one, which was not taken.
    Leap,
    /// Older lines are wanted.
    Ordered,
    /// Nobody listens any more.
    Closed,
}

/// How far an answer is trusted to be of the run that was read before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trust {
    /// Nothing was read before.
    First,
    /// It is asked for again: a line that does not join is not taken.
    Again,
    /// It was looked up: a line that does not join is one behind a gap.
    Sure,
}

/// Why the rest of an answer is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stop {
    Enough,
    Doubt,
    Leap,
}

impl From<Stop> for End {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Enough => Self::Enough,
            Stop::Doubt => Self::Doubt,
            Stop::Leap => Self::Leap,
        }
    }
}

/// Lines on their way to the slot.
pub(super) struct Lines {
    pub number: u16,
    pub resume: Resume,
    /// Nanoseconds after which nothing is wanted.
    pub until: Option<i64>,
    pub place: Place,
    pub trust: Trust,
    pub pace: Pace,
    stop: Option<Stop>,
    /// Bytes that have come, times included.
    pub read: u64,
    ready: VecDeque<Segment>,
    splitter: Splitter,
    dropping: bool,
    /// Bytes read of the present line, its time aside, and bytes given out of the last one: less
    /// than all of it if the answer broke within.
    at: usize,
    shown: usize,
    /// What is to be said before the next line.
    note: Option<(String, Mark)>,
    /// What the kubelet said last: it repeats itself.
    said: String,
}

impl Lines {
    pub fn new(number: u16, until: Option<i64>) -> Self {
        Self {
            number,
            resume: Resume::default(),
            until,
            place: Place::Past,
            trust: Trust::First,
            pace: Pace::new(),
            stop: None,
            read: 0,
            ready: VecDeque::new(),
            splitter: Splitter::default(),
            dropping: false,
            at: 0,
            shown: 0,
            note: None,
            said: String::new(),
        }
    }

    /// Another run of the container begins.
    pub fn next_run(&mut self) {
        self.resume = Resume::default();
        self.trust = Trust::First;
    }

    /// Says something at this place in the log: at the last line's time, or with the first line.
    pub fn note(&mut self, text: String, mark: Mark) {
        match self.resume.last() {
            Some(ns) => self.push(ns, text.as_bytes(), Some(mark)),
            None => self.note = Some((text, mark)),
        }
    }

    fn push(&mut self, ns: i64, text: &[u8], mark: Option<Mark>) {
        let time = ns.div_euclid(1_000);
        if !self.ready.back().is_some_and(|s| s.fits(time, text.len())) {
            self.ready.push_back(Segment::default());
        }
        let Some(segment) = self.ready.back_mut() else { return };
        match mark {
            Some(mark) => segment.push_marked(time, text, mark),
            None => segment.push(time, text),
        }
    }

    fn take(&mut self, raw: Raw<'_>) {
        match raw {
            Raw::Line(ns, text) => {
                self.stop = self.stop.or_else(|| self.stops(ns));
                if self.stop.is_some() {
                    return;
                }
                let verdict = self.resume.see(ns);
                self.dropping = verdict == Verdict::Drop;
                self.at = 0;
                if self.dropping && self.resume.at_last() {
                    self.rest(text);
                }
                if let Verdict::Gap(from, to) = verdict {
                    let text = format!("possible gap {} to {}: the log was rotated meanwhile", clock(from), clock(to));
                    self.push(from, text.as_bytes(), Some(Mark::Gap));
                }
                if !self.dropping {
                    self.pace.took(ns);
                    (self.at, self.shown) = (text.len(), text.len());
                    self.said.clear();
                    if let Some((note, mark)) = self.note.take() {
                        self.push(ns, note.as_bytes(), Some(mark));
                    }
                    self.push(ns, text, None);
                }
            }
            Raw::More(text) if self.stop.is_none() && (!self.dropping || self.resume.at_last()) => {
                self.rest(text);
            }
            Raw::More(_) => {}
            Raw::Message(text) => {
                let text = String::from_utf8_lossy(text);
                if !text.trim().is_empty() && text != self.said {
                    self.said = text.into_owned();
                    let (words, mark) = told(self.said.trim());
                    self.note(words, mark);
                }
            }
        }
    }

    /// Whether a line of this time, and what follows it, is not to be taken.
    fn stops(&self, ns: i64) -> Option<Stop> {
        let first = self.resume.last().is_none() && self.trust != Trust::First;
        if self.until.is_some_and(|until| ns > until) {
            Some(Stop::Enough)
        } else if self.trust == Trust::Again && (first || self.resume.strange(ns)) {
            Some(Stop::Doubt)
        } else if self.pace.leaps(self.resume.last(), ns) {
            Some(Stop::Leap)
        } else {
            None
        }
    }

    /// More of the last line. A line that a cut left without its end is read again from its
    /// beginning: what was given out of it does not come again.
    fn rest(&mut self, text: &[u8]) {
        let new = text.get(self.shown.saturating_sub(self.at)..).filter(|new| !new.is_empty());
        self.at += text.len();
        self.shown = self.shown.max(self.at);
        if let (Some(new), Some(ns)) = (new, self.resume.last()) {
            self.push(ns, new, Some(Mark::More));
        }
    }

    fn feed(&mut self, bytes: &[u8]) {
        self.read += bytes.len() as u64;
        self.pace.came(bytes.len());
        let mut splitter = std::mem::take(&mut self.splitter);
        splitter.feed(bytes, &mut |raw| self.take(raw));
        self.splitter = splitter;
    }

    /// The container has ended: what is left is its last line, which nobody ended.
    pub fn finish(&mut self) {
        let mut splitter = std::mem::take(&mut self.splitter);
        splitter.finish(&mut |raw| self.take(raw));
    }

    /// The server has closed: what is left is half a line, which comes again, or words of the kubelet,
    /// which it does not end.
    pub fn leftover(&mut self) {
        let mut splitter = std::mem::take(&mut self.splitter);
        splitter.finish(&mut |raw| {
            if let Raw::Message(_) = raw {
                self.take(raw);
            }
        });
    }

    fn waiting(&self) -> bool {
        !self.ready.is_empty()
    }

    /// Whether no more fits: the next line would begin another segment.
    fn full(&self) -> bool {
        self.ready.len() > 1 || self.ready.back().is_some_and(|s| s.size() >= MOST_BYTES / 2)
    }

    fn next(&mut self) -> Option<LogEvent> {
        let lines = self.ready.pop_front()?;
        Some(LogEvent::Lines(self.number, self.place, Arc::new(lines)))
    }

    /// Hands over what is there; `false` when nobody listens any more.
    pub async fn flush(&mut self, out: &mpsc::Sender<LogEvent>) -> bool {
        while let Some(event) = self.next() {
            if out.send(event).await.is_err() {
                return false;
            }
        }
        true
    }

    /// Reads an answer to its end.
    pub async fn read(
        &mut self,
        mut body: Stream,
        out: &mpsc::Sender<LogEvent>,
        orders: &mut watch::Receiver<(u64, u32)>,
    ) -> End {
        self.splitter.reset();
        (self.dropping, self.stop) = (false, None);
        let end = self.gather(&mut body, out, orders).await;
        self.trust = Trust::Again;
        // A place in the queue that nobody asks after any more would keep others from the slot: it
        // was let go with the loop.
        if self.flush(out).await { end } else { End::Closed }
    }

    async fn gather(
        &mut self,
        body: &mut Stream,
        out: &mpsc::Sender<LogEvent>,
        orders: &mut watch::Receiver<(u64, u32)>,
    ) -> End {
        let reserve = out.clone().reserve_owned();
        tokio::pin!(reserve);
        loop {
            tokio::select! {
                biased;
                permit = &mut reserve, if self.waiting() => {
                    let Ok(permit) = permit else { return End::Closed };
                    if let Some(event) = self.next() {
                        permit.send(event);
                    }
                    reserve.set(out.clone().reserve_owned());
                }
                chunk = body.chunk(), if !self.full() => match chunk {
                    Ok(Some(bytes)) => {
                        self.feed(&bytes);
                        if let Some(stop) = self.stop {
                            if stop == Stop::Doubt {
                                // Nothing of it was taken.
                                self.read -= bytes.len() as u64;
                            }
                            self.splitter.reset();
                            return stop.into();
                        }
                    }
                    Ok(None) => return End::Over,
                    Err(problem) => {
                        self.splitter.reset();
                        return End::Broken(problem);
                    }
                },
                () = tokio::time::sleep(QUIET), if self.place == Place::Past && !self.waiting() => {
                    self.place = Place::Now;
                }
                changed = orders.changed() => {
                    if changed.is_err() {
                        return End::Closed;
                    }
                    self.splitter.reset();
                    return End::Ordered;
                }
                () = out.closed() => return End::Closed,
            }
        }
    }
}

/// What the kubelet writes instead of lines, in words of what it means for the reader.
fn told(words: &str) -> (String, Mark) {
    if words.starts_with("unable to retrieve container logs for") {
        return ("possible gap: the node keeps no log of this run any more".to_owned(), Mark::Gap);
    }
    (format!("the kubelet says: {words}"), Mark::Note)
}

/// A time of day in UTC, for notes.
pub(super) fn clock(ns: i64) -> String {
    let time = jiff::Timestamp::from_microsecond(ns.div_euclid(1_000)).unwrap_or_default();
    time.strftime("%H:%M:%S%.3fZ").to_string()
}
