//! What the status page says: what the console itself costs and how its streams are. Told from
//! what the state holds, so that a recording shows it too.

use super::cluster::Cluster;
use super::freshness::Freshness;
use super::kind::{Scope, StreamKey};
use super::panes::text::{Span, TextLine};
use super::role::Role;
use super::state::State;
use super::store::Store;
use super::value::{human_bytes, human_duration};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::fmt::Write as _;
use std::sync::Arc;

/// Seconds that rates are taken over.
const SPAN: usize = 10;

/// Facts of this run that do not change.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct About {
    /// The program's version.
    pub version: Arc<str>,
    /// The file of the program's log.
    pub log: Option<Arc<str>>,
    /// The kubeconfig files that were read.
    pub kubeconfig: Vec<Arc<str>>,
    /// The file that is recorded into.
    pub recording: Option<Arc<str>>,
    /// When it was started (Unix ms).
    pub started: i64,
}

/// What was sent to a cluster and received from it so far, at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Traffic {
    /// The local clock (Unix ms).
    pub at: i64,
    /// Requests sent.
    pub requests: u64,
    /// Bytes of answers, as they came over the line.
    pub bytes: u64,
}

/// The last seconds of a connection.
#[derive(Debug, Clone, Default)]
pub struct Meter {
    points: VecDeque<Traffic>,
}

impl Meter {
    /// Takes in what is known now.
    pub fn add(&mut self, now: Traffic) {
        // After a pause the rates begin anew: an average over it would tell nothing.
        if self.points.back().is_some_and(|last| now.at - last.at > 5_000 || now.requests < last.requests) {
            self.points.clear();
        }
        self.points.push_back(now);
        if self.points.len() > SPAN + 1 {
            self.points.pop_front();
        }
    }

    /// All so far.
    #[must_use]
    pub fn total(&self) -> Option<Traffic> {
        self.points.back().copied()
    }

    /// Requests and bytes a second, over the last ten.
    #[must_use]
    pub fn rates(&self) -> Option<(f64, f64)> {
        let (first, last) = (self.points.front()?, self.points.back()?);
        let seconds = (last.at - first.at) as f64 / 1000.0;
        let per = |a: u64, b: u64| (b - a) as f64 / seconds;
        (seconds > 0.5).then(|| (per(first.requests, last.requests), per(first.bytes, last.bytes)))
    }
}

/// The lines of the page.
#[must_use]
pub fn lines(state: &State) -> Vec<TextLine> {
    let about = &state.about;
    let up = human_duration(state.now - about.started);
    let memory = state.memory.map_or("·".into(), |b| human_bytes(b.cast_signed()));
    let mut out = vec![
        line("qd", &format!("{}, up {up}", about.version)),
        line("memory", &memory),
        line("terminal", &format!("{}/s", human_bytes(state.line_speed.cast_signed()))),
        line("log", about.log.as_deref().unwrap_or("none: there is no folder for it")),
    ];
    for (i, file) in about.kubeconfig.iter().enumerate() {
        out.push(line(if i == 0 { "kubeconfig" } else { "" }, file));
    }
    if let Some(file) = &about.recording {
        out.push(line("recording", file));
    }
    for cluster in state.clusters.values() {
        out.push(Vec::new());
        of_cluster(state, cluster, &mut out);
    }
    out
}

fn of_cluster(state: &State, cluster: &Cluster, out: &mut Vec<TextLine>) {
    let server = if cluster.context.server.is_empty() { "·" } else { &*cluster.context.server };
    out.push(vec![span(&format!("{}  {server}", cluster.context.name), Role::ModalTitle)]);
    let (mut asked, mut received) = ("·".to_owned(), "·".to_owned());
    if let Some(total) = cluster.meter.total() {
        asked = total.requests.to_string();
        received = human_bytes(total.bytes.cast_signed());
        if let Some((requests, bytes)) = cluster.meter.rates() {
            let _ = write!(asked, " ({requests:.1}/s)");
            let _ = write!(received, " ({}/s)", human_bytes(bytes as i64));
        }
    }
    out.push(line("requests", &asked));
    out.push(line("received", &received));
    if let Some(rtt) = cluster.rtt {
        out.push(line("round trip", &format!("{:.1} ms", rtt as f64 / 1000.0)));
    }
    let mut streams: Vec<(&StreamKey, &Store)> =
        state.streams.iter().filter(|(key, _)| key.cluster == cluster.id).collect();
    streams.sort_by_key(|(key, _)| *key);
    out.push(line("streams", &streams.len().to_string()));
    for (key, store) in streams {
        let role = if store.freshness().current() { Role::TextValue } else { Role::NoticeWarn };
        let broke = match store.reconnects() {
            0 => String::new(),
            1 => ", reconnected once".to_owned(),
            n => format!(", reconnected {n} times"),
        };
        let text = format!("  {:<34} {:>7}  {}{broke}", name(key), store.counts().total, words(store, state.now));
        out.push(vec![span(&text, role)]);
    }
}

/// What is asked for, as short as it stays clear.
fn name(key: &StreamKey) -> String {
    let mut text = key.kind.resource();
    let _ = match &key.scope {
        Scope::All => Ok(()),
        Scope::Namespaces(names) if names.len() == 1 => write!(text, " in {}", names[0]),
        Scope::Namespaces(names) => write!(text, " in {} namespaces", names.len()),
    };
    for selector in [&key.fields, &key.labels].into_iter().filter(|s| !s.is_empty()) {
        let _ = write!(text, " {selector}");
    }
    text
}

fn words(store: &Store, now: i64) -> String {
    match store.freshness() {
        Freshness::Idle => "not asked yet".into(),
        Freshness::Syncing { rows } => format!("syncing {rows}"),
        Freshness::Live => "live".into(),
        Freshness::Stale { since, .. } => format!("stale since {}", human_duration(now - since)),
        Freshness::Reconnecting { at, .. } => format!("again in {}", human_duration((at - now).max(0))),
        Freshness::Forbidden(_) => "forbidden".into(),
        Freshness::Partial { forbidden, of } => format!("{forbidden} of {of} namespaces forbidden"),
        Freshness::NotServed => "not served".into(),
    }
}

fn line(key: &str, value: &str) -> TextLine {
    vec![span(&format!("{key:<12}"), Role::TextKey), span(value, Role::TextValue)]
}

fn span(text: &str, role: Role) -> Span {
    // Names come from files and servers: nothing of them may drive the terminal.
    Span { text: text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect(), role }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64, requests: u64, bytes: u64) -> Traffic {
        Traffic { at: second * 1000, requests, bytes }
    }

    #[test]
    fn rates_are_of_the_last_ten_seconds() {
        let mut meter = Meter::default();
        assert_eq!((meter.total(), meter.rates()), (None, None));
        meter.add(at(0, 100, 1_000));
        assert_eq!(meter.rates(), None);
        for second in 1..=30 {
            meter.add(at(second, 100 + second as u64 * 2, 1_000));
        }
        assert_eq!(meter.rates(), Some((2.0, 0.0)));
        // After a pause they begin anew, and so they do with another connection.
        meter.add(at(100, 500, 9_000));
        assert_eq!(meter.rates(), None);
        meter.add(at(101, 3, 10));
        assert_eq!((meter.rates(), meter.total().map(|t| t.requests)), (None, Some(3)));
    }
}
