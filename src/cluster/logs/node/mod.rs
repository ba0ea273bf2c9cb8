//! Logs of a node through its kubelet. A service of systemd is asked for by the log query, again
//! and again from the last line's time on, since that cannot be followed (`journal`). A service
//! that writes a file below `/var/log` is read on from where the last answer ended (`file`): the
//! query takes no options for one, and says so in place of lines.

mod file;
mod journal;
mod stamp;
#[cfg(test)]
mod tests;

use super::super::connect::Connection;
use super::super::fetch;
use super::super::problem::Asked;
use super::{join_all, request};
use crate::core::logs::event::{LogEvent, Place, StreamName, StreamState};
use crate::core::logs::segment::{Mark, Segment};
use crate::core::logs::source::{Since, Wish};
use crate::core::problem::Problem;
use file::File;
use journal::Journal;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::Sender;
use tokio::task::JoinSet;

/// How often what is new is asked for.
const PERIOD: Duration = Duration::from_secs(3);
/// How often what is not served is asked for again.
const SELDOM: Duration = Duration::from_secs(30);
/// Bytes of one answer at most.
const MOST: usize = 16 << 20;
/// Lines read at first.
const TAIL: u32 = 1_000;

/// Reads logs of a node until nobody listens. `query` names units, services or files, each of
/// which is a stream; the kubelet's own log if empty.
pub(super) async fn run(
    connection: Connection,
    wish: &Wish,
    node: &Arc<str>,
    query: &Arc<str>,
    out: Sender<LogEvent>,
    clock: fn() -> i64,
) {
    let units: Vec<&str> = if query.is_empty() { vec!["kubelet"] } else { query.split_whitespace().collect() };
    let mut tasks = JoinSet::new();
    for (number, unit) in (0_u16..).zip(units) {
        let name = StreamName { namespace: "".into(), pod: node.clone(), container: unit.into() };
        if out.send(LogEvent::Join(name)).await.is_err() {
            return;
        }
        let source = Source { connection: connection.clone(), node: node.clone(), unit: unit.into(), clock };
        let unit = Unit { number, source, since: wish.since, out: out.clone(), place: Place::Past };
        tasks.spawn(unit.run());
    }
    join_all(tasks).await;
}

/// What is read, and from where.
struct Source {
    connection: Connection,
    node: Arc<str>,
    unit: Arc<str>,
    clock: fn() -> i64,
}

impl Source {
    /// The path of something below the node's logs.
    fn path(&self, rest: &str) -> Result<String, Problem> {
        Ok(format!("{}/proxy/logs/{rest}", fetch::path(&request::nodes(), None, &self.node)?))
    }

    fn asked() -> Asked {
        Asked { verb: "get", resource: "nodes/proxy".into(), namespace: None }
    }
}

/// What one answer brought.
enum Got {
    /// Lines; whether there is more to be had at once.
    Lines(Gathered, bool),
    /// It is no unit but a file.
    File,
}

/// One stream.
struct Unit {
    number: u16,
    source: Source,
    since: Since,
    out: Sender<LogEvent>,
    place: Place,
}

impl Unit {
    async fn run(mut self) {
        let mut journal = Journal::default();
        let mut file = self.source.unit.contains('/').then(|| File::new(&self.source.unit));
        loop {
            let got = match &mut file {
                Some(file) => file.read(&self.source, self.since).await,
                None => journal.read(&self.source, self.since).await,
            };
            let wait = match got {
                Ok(Got::File) => {
                    file = Some(File::new(&self.source.unit));
                    continue;
                }
                Ok(Got::Lines(lines, more)) => {
                    if !self.hand_over(lines).await {
                        return;
                    }
                    if more {
                        continue;
                    }
                    PERIOD
                }
                Err(problem) => {
                    let seldom = matches!(problem, Problem::NotFound(_) | Problem::Forbidden(_) | Problem::Invalid(_));
                    if !self.say(StreamState::Failed(explain(problem, file.is_some()))).await {
                        return;
                    }
                    if seldom { SELDOM } else { PERIOD }
                }
            };
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = self.out.closed() => return,
            }
        }
    }

    async fn say(&self, state: StreamState) -> bool {
        self.out.send(LogEvent::State(self.number, state)).await.is_ok()
    }

    async fn hand_over(&mut self, lines: Gathered) -> bool {
        if !self.say(StreamState::Polled).await {
            return false;
        }
        for segment in lines.segments {
            let event = LogEvent::Lines(self.number, self.place, Arc::new(segment));
            if self.out.send(event).await.is_err() {
                return false;
            }
        }
        self.place = Place::Now;
        true
    }
}

/// What to do where a log is not served.
fn explain(problem: Problem, file: bool) -> Problem {
    match problem {
        Problem::NotFound(_) if !file => Problem::NotFound(
            "this kubelet serves no log query: it wants the feature NodeLogQuery and enableSystemLogQuery".into(),
        ),
        other => other,
    }
}

/// Lines with their times, in as many segments as they take.
#[derive(Default)]
struct Gathered {
    segments: Vec<Segment>,
    /// The last line's time in Unix microseconds.
    time: Option<i64>,
}

impl Gathered {
    /// Lines that follow one of that time.
    fn after(time: Option<i64>) -> Self {
        Self { segments: Vec::new(), time }
    }

    /// Adds a line; one without a time has the time of the one before, or `now` (Unix ms).
    fn push(&mut self, line: &str, now: i64) {
        let time = stamp::read(line, now).or(self.time).unwrap_or(now * 1_000);
        self.time = Some(time);
        self.place(time, line, None);
    }

    /// Adds what we have to say.
    fn note(&mut self, text: &str, mark: Mark, now: i64) {
        self.place(self.time.unwrap_or(now * 1_000), text, Some(mark));
    }

    fn place(&mut self, time: i64, text: &str, mark: Option<Mark>) {
        if !self.segments.last().is_some_and(|s| s.fits(time, text.len())) {
            self.segments.push(Segment::default());
        }
        let Some(segment) = self.segments.last_mut() else { return };
        match mark {
            Some(mark) => segment.push_marked(time, text.as_bytes(), mark),
            None => segment.push(time, text.as_bytes()),
        }
    }
}
