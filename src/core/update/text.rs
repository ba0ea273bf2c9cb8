//! Text panes: making their lines from the watched object, and searching them.

use crate::core::describe;
use crate::core::kind::{ObjectRef, StreamKey};
use crate::core::panes::Body;
use crate::core::panes::text::{Finder, TextPane, What, plain};
use crate::core::problem::Problem;
use crate::core::state::{State, Watched};
use crate::core::yaml;
use serde_json::Value;
use std::sync::Arc;

/// How old a description may be while its object does not change (ms).
const AFRESH_MS: i64 = 1_000;

/// Takes what the watch of an object says.
pub(super) fn watched(state: &mut State, object: &ObjectRef, result: Result<Option<Arc<Value>>, Problem>) {
    let before = match state.objects.remove(object) {
        Some(Watched::There(v)) => Some(v),
        Some(Watched::Gone(v) | Watched::Failed(_, v)) => v,
        None => None,
    };
    let now = match result {
        Ok(Some(value)) => Watched::There(value),
        Ok(None) => Watched::Gone(before),
        Err(problem) => Watched::Failed(problem, before),
    };
    state.objects.insert(object.clone(), now);
    for id in state.panes.keys().copied().collect::<Vec<_>>() {
        remake(state, id, Some(object));
    }
}

/// Makes the lines of a text pane anew, if it shows `only` (any object for `None`).
pub(super) fn remake(state: &mut State, id: crate::core::layout::PaneId, only: Option<&ObjectRef>) {
    let Some(Body::Text(t)) = state.panes.get(&id).map(|p| &p.body) else { return };
    if only.is_some_and(|o| *o != t.object) {
        return;
    }
    let Some(value) = state.objects.get(&t.object).and_then(Watched::value) else { return };
    let lines = match t.what {
        What::Yaml => yaml::lines(value, t.managed_fields),
        What::Describe => describe::lines(&subject(state, t, value)),
    };
    let made = state.now;
    if let Some(Body::Text(t)) = state.panes.get_mut(&id).map(|p| &mut p.body) {
        (t.lines, t.made) = (lines, made);
        t.top = t.top.min(t.lines.len().saturating_sub(1));
        search(t);
    }
}

/// An object with all that its description reads.
fn subject<'a>(state: &'a State, t: &TextPane, value: &'a Value) -> describe::Subject<'a> {
    let beside = describe::Beside::of(state, t);
    let store = |key: Option<StreamKey>| key.and_then(|k| state.streams.get(&k));
    let lease = beside.lease.and_then(|l| state.objects.get(&l)).and_then(Watched::value);
    let (ns, name) = (t.object.namespace.as_ref(), t.object.name.as_ref());
    let usage = match (state.clusters.get(&t.object.cluster), t.object.kind.plural.as_ref()) {
        (Some(c), "pods") => c.pod_usage.containers(ns, name).map(|(n, u)| (n.to_owned(), u)).collect(),
        (Some(c), "nodes") => c.node_usage.latest("", name).map(|u| (name.to_owned(), u)).into_iter().collect(),
        _ => Vec::new(),
    };
    let now = state.server_now(t.object.cluster);
    let (events, pods) = (store(beside.events), store(beside.pods));
    describe::Subject { events, pods, lease, usage, ..describe::Subject::new(value, now) }
}

/// Brings a description up to what stands beside its object, and to the time: once a second.
pub(super) fn follow(state: &mut State, id: crate::core::layout::PaneId) {
    let old = |t: &TextPane| t.what == What::Describe && state.now - t.made >= AFRESH_MS;
    if state.panes.get(&id).is_some_and(|p| matches!(&p.body, Body::Text(t) if old(t))) {
        remake(state, id, None);
    }
}

pub(super) fn managed_fields(state: &mut State) {
    let Some(id) = state.focus() else { return };
    if let Some(Body::Text(t)) = state.focused_mut().map(|p| &mut p.body) {
        t.managed_fields = !t.managed_fields;
    }
    remake(state, id, None);
}

/// Finds the lines that the search hits.
pub(super) fn search(t: &mut TextPane) {
    t.hits.clear();
    let Some(finder) = Finder::new(&t.find.text) else { return };
    t.hits = (0..t.lines.len()).filter(|i| !finder.places(&plain(&t.lines[*i])).is_empty()).collect();
}

/// Goes to the first hit at or below the top.
pub(super) fn to_hit(state: &mut State) {
    if let Some(Body::Text(t)) = state.focused_mut().map(|p| &mut p.body)
        && let Some(line) = t.hits.iter().find(|h| **h >= t.top).or(t.hits.first())
    {
        t.top = *line;
    }
}

/// Goes to the next hit below or above, around the ends.
pub(super) fn next(state: &mut State, by: i32) {
    super::logs::prompt::next(state, by);
    let Some(Body::Text(t)) = state.focused_mut().map(|p| &mut p.body) else { return };
    let hit = if by > 0 {
        t.hits.iter().find(|h| **h > t.top).or(t.hits.first())
    } else {
        t.hits.iter().rev().find(|h| **h < t.top).or(t.hits.last())
    };
    if let Some(line) = hit {
        t.top = *line;
    }
}
