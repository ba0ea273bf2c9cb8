//! The journal of a node through its kubelet's log query. It cannot be followed: it is asked for
//! again from the last line's time on, and what was seen is dropped.

use super::super::connect::{Class, Connection};
use super::super::escape::escape;
use super::super::fetch;
use super::super::problem::Asked;
use crate::core::kind::Kind;
use crate::core::logs::event::{LogEvent, Place, StreamName, StreamState};
use crate::core::logs::segment::Segment;
use crate::core::logs::source::{Since, Wish};
use crate::core::problem::Problem;
use jiff::Timestamp;
use std::collections::VecDeque;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::Sender;

/// How often the journal is asked for.
const PERIOD: Duration = Duration::from_secs(3);
/// How often one that is not served is asked for again.
const SELDOM: Duration = Duration::from_secs(30);
/// Bytes of one answer at most.
const MOST: usize = 16 << 20;
/// Lines read at first.
const TAIL: u32 = 1_000;
/// Lines kept to tell what was seen from what is new.
const SEEN: usize = 5_000;

/// Reads the journal of a node until nobody listens. `query` names units or files, `kubelet` if empty.
pub(super) async fn run(
    connection: Connection,
    wish: &Wish,
    node: &Arc<str>,
    query: &Arc<str>,
    out: Sender<LogEvent>,
    clock: fn() -> i64,
) {
    let query: Arc<str> = if query.is_empty() { "kubelet".into() } else { query.clone() };
    let name = StreamName { namespace: "".into(), pod: node.clone(), container: query.clone() };
    if out.send(LogEvent::Join(name)).await.is_err() {
        return;
    }
    let mut journal = Journal { seen: VecDeque::new(), last: None };
    let mut place = Place::Past;
    loop {
        let answer = journal.ask(&connection, wish, node, &query, clock()).await;
        let (events, wait) = match answer {
            Ok(text) => {
                let mut events = vec![LogEvent::State(0, StreamState::Polled)];
                let lines = journal.take(&text, clock());
                if !lines.is_empty() {
                    events.push(LogEvent::Lines(0, std::mem::replace(&mut place, Place::Now), Arc::new(lines)));
                }
                (events, PERIOD)
            }
            Err(problem) => {
                let wait = match &problem {
                    Problem::NotFound(_) | Problem::Forbidden(_) | Problem::Invalid(_) => SELDOM,
                    _ => PERIOD,
                };
                (vec![LogEvent::State(0, StreamState::Failed(explain(problem)))], wait)
            }
        };
        for event in events {
            if out.send(event).await.is_err() {
                return;
            }
        }
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = out.closed() => return,
        }
    }
}

/// What to do where the query is not served.
fn explain(problem: Problem) -> Problem {
    match problem {
        Problem::NotFound(_) => Problem::NotFound(
            "this kubelet serves no log query: it wants the feature NodeLogQuery and enableSystemLogQuery".into(),
        ),
        other => other,
    }
}

struct Journal {
    /// The last lines, to drop them when they come again.
    seen: VecDeque<String>,
    /// The last line's time in Unix seconds.
    last: Option<i64>,
}

impl Journal {
    async fn ask(
        &self,
        connection: &Connection,
        wish: &Wish,
        node: &str,
        query: &str,
        now: i64,
    ) -> Result<String, Problem> {
        let kind = Kind {
            group: "".into(),
            version: "v1".into(),
            plural: "nodes".into(),
            kind: "Node".into(),
            singular: "node".into(),
            short: Vec::new(),
            namespaced: false,
            verbs: Vec::new(),
            scale: false,
        };
        let mut path = format!("{}/proxy/logs/?", fetch::path(&kind, None, node)?);
        for (i, unit) in query.split_whitespace().enumerate() {
            let _ = write!(path, "{}query={}", if i > 0 { "&" } else { "" }, escape(unit));
        }
        let since = |seconds: i64| Timestamp::from_second(seconds).unwrap_or_default();
        match (self.last, wish.since) {
            (Some(last), _) => drop(write!(path, "&sinceTime={}", since(last))),
            (None, Since::Tail) => drop(write!(path, "&tailLines={TAIL}")),
            (None, Since::Head) => {}
            (None, Since::Ago(s)) => drop(write!(path, "&sinceTime={}", since(now / 1_000 - i64::from(s)))),
            (None, Since::At(from, until)) => {
                let _ = write!(path, "&sinceTime={}", since(from / 1_000));
                if let Some(until) = until {
                    let _ = write!(path, "&untilTime={}", since(until / 1_000));
                }
            }
        }
        let asked = Asked { verb: "get", resource: "nodes/proxy".into(), namespace: None };
        Ok(connection.get_text(&path, MOST, Class::List, &asked).await?.body)
    }

    /// The lines of an answer that were not seen before.
    fn take(&mut self, text: &str, now: i64) -> Segment {
        let mut lines = Segment::default();
        let all: Vec<&str> = text.lines().filter(|l| !l.starts_with("-- ") && !l.is_empty()).collect();
        let new = self.new_from(&all);
        let mut time = self.last.unwrap_or(now / 1_000) * 1_000_000;
        for line in &all[new..] {
            time = stamp(line, now).unwrap_or(time);
            if lines.fits(time, line.len()) {
                lines.push(time, line.as_bytes());
            }
            self.seen.push_back((*line).to_owned());
        }
        while self.seen.len() > SEEN {
            self.seen.pop_front();
        }
        if !lines.is_empty() {
            self.last = Some(lines.last_time().div_euclid(1_000_000));
        }
        lines
    }

    /// Where in an answer the lines begin that follow the last one seen: the answer's beginning is
    /// the end of what was seen.
    fn new_from(&self, all: &[&str]) -> usize {
        let seen: Vec<&str> = self.seen.iter().map(String::as_str).collect();
        let most = all.len().min(seen.len());
        (1..=most).rev().find(|n| seen[seen.len() - n..] == all[..*n]).unwrap_or(0)
    }
}

/// The time of a journal line in Unix microseconds: `2026-11-21T16:25:21.123456+0000 host unit: ...`,
/// or the short form without a year, `Nov 21 16:25:21 host unit: ...`.
fn stamp(line: &str, now: i64) -> Option<i64> {
    let word = line.split(' ').next()?;
    if word.contains('T') && word.len() >= 19 {
        let zoned = word.parse::<Timestamp>().ok().or_else(|| {
            // journalctl writes zones without a colon.
            let (time, zone) = word.split_at(word.len().checked_sub(5)?);
            format!("{time}{}:{}", zone.get(..3)?, zone.get(3..)?).parse().ok()
        })?;
        return Some(zoned.as_microsecond());
    }
    let year = Timestamp::from_millisecond(now).ok()?.to_zoned(jiff::tz::TimeZone::UTC).year();
    let head = line.get(..15)?;
    let time = jiff::civil::DateTime::strptime("%Y %b %d %H:%M:%S", format!("{year} {head}")).ok()?;
    Some(time.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_microsecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_795_262_400_000;

    #[test]
    fn lines_that_come_again_are_dropped() {
        let mut journal = Journal { seen: VecDeque::new(), last: None };
        let first = "-- Logs begin --\nNov 21 11:59:01 n1 kubelet[1]: a\nNov 21 11:59:02 n1 kubelet[1]: b\nNov 21 11:59:02 n1 kubelet[1]: b\n";
        assert_eq!(journal.take(first, NOW).len(), 3);
        assert_eq!(journal.last, Some(NOW / 1_000 - 58));
        let again =
            "Nov 21 11:59:02 n1 kubelet[1]: b\nNov 21 11:59:02 n1 kubelet[1]: b\nNov 21 11:59:03 n1 kubelet[1]: c\n";
        let new = journal.take(again, NOW);
        assert_eq!((new.len(), new.text(0)), (1, "Nov 21 11:59:03 n1 kubelet[1]: c"));
    }

    #[test]
    fn times_in_every_form() {
        let at = NOW * 1_000;
        for line in ["2026-11-21T12:00:00Z n1 x", "2026-11-21T13:00:00.000000+0100 n1 x", "Nov 21 12:00:00 n1 x"] {
            assert_eq!(stamp(line, NOW), Some(at), "{line}");
        }
        assert_eq!(stamp("a file's line", NOW), None);
    }
}
