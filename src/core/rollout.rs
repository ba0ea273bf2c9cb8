//! A rollout in words: how it stands by kubectl's rules, what holds it up, its revisions, and what
//! differs between two of them.

use super::diff::{self, Part, Side};
use super::facts::{Revision, Workload, bare, count, list, rollout, text};
use super::health::Health;
use super::job::Verdict;
use super::kind::StreamKey;
use super::panes::rollout::{RolloutPane, Row, Told};
use super::panes::text::{Span, TextLine, plain};
use super::role::Role;
use super::start;
use super::state::{State, Watched};
use super::store::{RowRef, Store};
use super::value::human_duration;
use super::yaml;
use serde_json::Value;

/// Pods that hold it up are named up to this many.
const MOST_PODS: usize = 4;
/// Lines that both templates have, shown around each difference.
const AROUND: usize = 3;

fn line(text: impl Into<String>, role: Role) -> TextLine {
    let text: String = text.into();
    vec![Span { text: text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect(), role }]
}

/// The pods of a pane's workload, as soon as its selector is known.
#[must_use]
pub fn pods(state: &State, pane: &RolloutPane) -> Option<StreamKey> {
    let value = state.objects.get(&pane.object).and_then(Watched::value)?;
    let selector = Workload::of(value).selector.filter(|s| !s.0.is_empty())?;
    let key = state.stream(pane.object.cluster, "pods", start::one_namespace(&pane.object.namespace))?;
    Some(StreamKey { labels: selector.to_string().into(), ..key })
}

/// The whole board. `now` is the server's clock (Unix ms).
#[must_use]
pub fn told(pane: &RolloutPane, object: &Value, pods: Option<&Store>, now: i64) -> Told {
    let empty = Vec::new();
    let items = pane.history.as_ref().unwrap_or(&empty);
    let all = Revision::all(items, text(&object["metadata"]["uid"]));
    let present = bare(&object["spec"]["template"]);
    // Of two with one template the newest is in use.
    let now_at = all.iter().position(|r| r.bare() == present);
    let mut head = head(object);
    head.extend(holding(pods, all.first(), now));
    if let Err(why) = &pane.history {
        head.push(line(why.clone(), Role::RowWarn));
    }
    let row = |(at, r): (usize, &Revision<'_>)| row(r, Some(at) == now_at, pods, now);
    let rows: Vec<Row> = all.iter().enumerate().map(row).collect();
    let (pair, diff) = pair(pane, &all, now_at);
    Told { head, rows, pair, diff, made: now }
}

/// The verdict, the strategy with its counts, and the conditions that say no.
fn head(object: &Value) -> Vec<TextLine> {
    let load = Workload::of(object);
    let (mut words, mut role) = match rollout(object) {
        Verdict::Reached(words) => (words, Role::RowOk),
        Verdict::Going(words) => (words, Role::RowBusy),
        Verdict::Stuck(why) => (why, Role::RowBad),
    };
    if load.paused {
        (words, role) = (format!("paused; {words}"), Role::RowWarn);
    }
    let mut out = vec![line(words, role), line(strategy(object, &load), Role::Text)];
    for c in list(&object["status"]["conditions"]) {
        let (kind, is, message) = (text(&c["type"]), text(&c["status"]), text(&c["message"]));
        let bad = match kind {
            "ReplicaFailure" => is == "True",
            "Progressing" | "Available" => is == "False",
            _ => false,
        };
        // What exceeded its deadline has said so already.
        if bad && text(&c["reason"]) != "ProgressDeadlineExceeded" {
            out.push(line(format!("{kind} {is}: {message}"), Role::RowWarn));
        }
    }
    out
}

fn strategy(object: &Value, load: &Workload) -> String {
    let (spec, status) = (&object["spec"], &object["status"]);
    let mut parts = vec![if load.strategy.is_empty() { "RollingUpdate".to_owned() } else { load.strategy.clone() }];
    let shown = |v: &Value| v.as_str().map_or_else(|| v.to_string(), str::to_owned);
    for rolling in [&spec["strategy"]["rollingUpdate"], &spec["updateStrategy"]["rollingUpdate"]] {
        for (key, word) in [("maxSurge", "surge"), ("maxUnavailable", "unavailable")] {
            // A surge of nothing is what a DaemonSet has that was told of none.
            if !rolling[key].is_null() && rolling[key] != 0 {
                parts.push(format!("{word} {}", shown(&rolling[key])));
            }
        }
    }
    if load.partition > 0 {
        parts.push(format!("partition {}: pods below it keep the old template", load.partition));
    }
    if let Some(seconds) = spec["progressDeadlineSeconds"].as_i64() {
        parts.push(format!("deadline {seconds} s"));
    }
    let n = |a: &str, b: &str| count(&status[a]).max(count(&status[b]));
    let updated = n("updatedReplicas", "updatedNumberScheduled");
    let available = n("availableReplicas", "numberAvailable");
    parts.push(format!("{} wanted, {updated} updated, {} ready, {available} available", load.wanted, load.ready));
    parts.join(" · ")
}

/// Whether a pod is of a revision, by its owner or by the hash it carries.
fn is_of(pod: &RowRef<'_>, revision: &Revision<'_>) -> bool {
    if text(&revision.object["kind"]) != "ControllerRevision" {
        return pod.owner().strip_prefix("ReplicaSet/") == Some(revision.name());
    }
    // A StatefulSet's pods carry the whole name, a DaemonSet's the end of it.
    let hash = pod.label("controller-revision-hash").unwrap_or_default();
    !hash.is_empty()
        && (hash == revision.name() || revision.name().strip_suffix(hash).is_some_and(|r| r.ends_with('-')))
}

/// The pods that are not well, those of the newest revision first, with what their status says.
fn holding(pods: Option<&Store>, newest: Option<&Revision<'_>>, now: i64) -> Vec<TextLine> {
    let Some(store) = pods else { return Vec::new() };
    let status = store.schema().find("STATUS");
    let restarts = store.schema().find("RESTARTS");
    let fresh = |p: &RowRef<'_>| newest.is_some_and(|r| is_of(p, r));
    let mut unwell: Vec<_> =
        store.rows().filter(|p| !p.gone() && matches!(p.health(), Health::Warn | Health::Bad)).collect();
    unwell.sort_by_key(|p| (!fresh(p), p.name().to_owned()));
    let words = |p: &RowRef<'_>| {
        let why = status.map_or("", |c| p.text(c));
        let mut count = String::new();
        restarts.into_iter().for_each(|c| p.write(&mut count, c, now));
        let again = if count.is_empty() || count == "0" {
            count.clear();
            count
        } else {
            format!(", restarts {count}")
        };
        let which = if fresh(p) { "new" } else { "old" };
        (
            format!("pod {}  {why}{again}  ({which})", p.name()),
            if p.health() == Health::Bad { Role::RowBad } else { Role::RowWarn },
        )
    };
    let more = unwell.len().saturating_sub(MOST_PODS);
    let mut out: Vec<_> = unwell.iter().take(MOST_PODS).map(words).map(|(w, role)| line(w, role)).collect();
    if more > 0 {
        out.push(line(format!("and {more} more pods that are not well"), Role::RowWarn));
    }
    out
}

fn row(r: &Revision<'_>, present: bool, pods: Option<&Store>, now: i64) -> Row {
    let mine = |p: &RowRef<'_>| !p.gone() && is_of(p, r);
    let pods = pods.map_or_else(String::new, |s| s.rows().filter(mine).count().to_string());
    let age = r.made().map(|at| human_duration(now - at)).unwrap_or_default();
    let number = if present { format!("{} now", r.number) } else { r.number.to_string() };
    let clean = |s: &str| s.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    Row {
        number: r.number,
        now: present,
        cells: [number, pods, age, clean(&r.images()), clean(r.cause())],
        words: r.words(),
    }
}

/// The revision under the cursor beside the chosen one; without one, beside what is in use now, and that
/// beside the one before it.
fn pair(pane: &RolloutPane, all: &[Revision<'_>], now_at: Option<usize>) -> (String, Vec<TextLine>) {
    let Some(chosen) = all.get(pane.list.at.min(all.len().saturating_sub(1))) else { return Default::default() };
    let base = pane.base.and_then(|n| all.iter().find(|r| r.number == n));
    let present = now_at.and_then(|at| all.get(at));
    let other = base.or_else(|| match present {
        Some(p) if p.number == chosen.number => all.iter().find(|r| r.number < p.number),
        other => other,
    });
    let Some(other) = other.filter(|o| o.number != chosen.number) else {
        let words = if all.len() > 1 { "choose another to compare with it" } else { "the only one there is" };
        return (format!("revision {}: {words}", chosen.number), Vec::new());
    };
    // From the older to the newer, whichever the cursor is on.
    let (old, new) = if other.number < chosen.number { (other, chosen) } else { (chosen, other) };
    let lines = compared(&old.bare(), &new.bare());
    let words = if lines.is_empty() { ", the same template" } else { "" };
    (format!("revision {} -> {}{words}", old.number, new.number), lines)
}

/// What differs between two templates, as YAML.
#[must_use]
pub fn compared(old: &Value, new: &Value) -> Vec<TextLine> {
    let text = |v: &Value| yaml::lines(v, false).iter().map(plain).collect::<Vec<_>>();
    let (old, new) = (text(old), text(new));
    if old == new {
        return Vec::new();
    }
    let (a, b): (Vec<_>, Vec<_>) = (old.iter().map(String::as_str).collect(), new.iter().map(String::as_str).collect());
    let parts = diff::folded(&diff::lines(&a, &b), AROUND);
    let told = |part: &Part<'_>| match part {
        Part::Line(Side::Both, l) => line(format!("  {l}"), Role::Dim),
        Part::Line(Side::Old, l) => line(format!("- {l}"), Role::RowBad),
        Part::Line(Side::New, l) => line(format!("+ {l}"), Role::RowOk),
        Part::Gap(n) => line(format!("  ... {n} lines that both have"), Role::TextComment),
    };
    parts.iter().map(told).collect()
}

#[cfg(test)]
mod tests;
