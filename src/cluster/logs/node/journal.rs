//! The journal of a unit: what was seen is dropped when it comes again.

use super::super::super::connect::Class;
use super::super::super::escape::escape;
use super::{Gathered, Got, MOST, Source, TAIL};
use crate::core::logs::source::Since;
use crate::core::problem::Problem;
use jiff::Timestamp;
use std::collections::VecDeque;
use std::fmt::Write as _;

/// Lines kept to tell what was seen from what is new.
const SEEN: usize = 5_000;
/// What a kubelet answers in place of lines when a service writes a file and the query has options.
const NO_OPTIONS: &str = "options present and query resolved to log files for";

/// How far a unit's journal was read.
#[derive(Default)]
pub(super) struct Journal {
    /// The last lines, to drop them when they come again.
    seen: VecDeque<String>,
    /// The last line's time in Unix microseconds.
    last: Option<i64>,
}

impl Journal {
    /// Asks for what is new.
    pub async fn read(&mut self, source: &Source, since: Since) -> Result<Got, Problem> {
        let now = (source.clock)();
        let path = source.path(&self.query(&source.unit, since, now))?;
        let text = source.connection.get_text(&path, MOST, Class::List, &Source::asked()).await?.body;
        if text.trim_start().starts_with(NO_OPTIONS) {
            return Ok(Got::File);
        }
        Ok(Got::Lines(self.take(&text, now), false))
    }

    fn query(&self, unit: &str, since: Since, now: i64) -> String {
        let mut query = format!("?query={}", escape(unit));
        let second = |seconds: i64| Timestamp::from_second(seconds).unwrap_or_default();
        match (self.last, since) {
            (Some(last), _) => drop(write!(query, "&sinceTime={}", second(last.div_euclid(1_000_000)))),
            (None, Since::Tail) => drop(write!(query, "&tailLines={TAIL}")),
            (None, Since::Head) => {}
            (None, Since::Ago(s)) => drop(write!(query, "&sinceTime={}", second(now / 1_000 - i64::from(s)))),
            (None, Since::At(from, _)) => drop(write!(query, "&sinceTime={}", second(from / 1_000))),
        }
        if let Since::At(_, Some(until)) = since {
            let _ = write!(query, "&untilTime={}", second(until / 1_000));
        }
        query
    }

    /// The lines of an answer that were not seen before.
    pub(super) fn take(&mut self, text: &str, now: i64) -> Gathered {
        let mut lines = Gathered::after(self.last);
        let all: Vec<&str> = text.lines().filter(|l| !l.starts_with("-- ") && !l.is_empty()).collect();
        for line in &all[self.new_from(&all)..] {
            lines.push(line, now);
            self.seen.push_back((*line).to_owned());
        }
        while self.seen.len() > SEEN {
            self.seen.pop_front();
        }
        self.last = lines.time;
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
