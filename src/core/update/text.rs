//! Text panes: making their lines from the watched object, and searching them.

use crate::core::describe;
use crate::core::kind::ObjectRef;
use crate::core::panes::Body;
use crate::core::panes::text::{TextLine, TextPane, What};
use crate::core::problem::Problem;
use crate::core::query::Query;
use crate::core::schema::Schema;
use crate::core::state::{State, Watched};
use crate::core::yaml;
use serde_json::Value;
use std::sync::Arc;

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
    let Some(pane) = state.panes.get_mut(&id) else { return };
    let now = state.now + state.clusters.get(&pane.cluster).map_or(0, |c| c.skew);
    let Body::Text(t) = &mut pane.body else { return };
    if only.is_some_and(|o| *o != t.object) {
        return;
    }
    let value = match state.objects.get(&t.object) {
        Some(Watched::There(v)) => v,
        Some(Watched::Gone(Some(v)) | Watched::Failed(_, Some(v))) => v,
        _ => return,
    };
    t.lines = match t.what {
        What::Yaml => yaml::lines(value, t.managed_fields),
        What::Describe => describe::lines(value, now),
    };
    search(t);
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
    let Ok(query) = Query::parse(&t.find.text) else { return };
    // A text has no columns: the query is bound to none, and only its plain terms light anything.
    let Ok(filter) = query.bind(&Schema::default()) else { return };
    if query.is_empty() {
        return;
    }
    let whole = |line: &TextLine| line.iter().map(|s| s.text.as_str()).collect::<String>();
    t.hits = (0..t.lines.len()).filter(|i| !filter.highlight(0, &whole(&t.lines[*i])).is_empty()).collect();
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
