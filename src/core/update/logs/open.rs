//! Which logs a row or marked rows mean.

use super::super::go;
use crate::core::kind::{CONTAINERS, Scope};
use crate::core::layout::PaneId;
use crate::core::logs::source::{Containers, Pods, What, Wish};
use crate::core::msg::Level;
use crate::core::panes::Body;
use crate::core::panes::log::LogPane;
use crate::core::start;
use crate::core::state::State;
use std::sync::Arc;

/// Opens the logs of the marked rows, or of the one under the cursor.
pub(in super::super) fn rows(state: &mut State, previous: bool) {
    if state.focused().is_some_and(|p| p.log().is_some()) {
        // In a log the same keys read it again, with the run before or without.
        if let Some(pane) = state.focus() {
            super::reread(state, pane, |w| w.previous = previous && !w.previous);
        }
        return;
    }
    let marked = marked_pods(state);
    if marked.len() > 1 {
        let title = format!("{} pods", marked.len());
        return show(state, What::Pods(Pods::Named(marked), Containers::Usual), previous, &title);
    }
    let Some(p) = go::pick(state) else { return };
    let (namespace, name) = (p.object.namespace.clone(), p.object.name.clone());
    let kind = p.object.kind.clone();
    let here = start::one_namespace(&namespace);
    let title = if kind.namespaced {
        format!("{} {namespace}/{name}", kind.singular)
    } else {
        format!("{} {name}", kind.singular)
    };
    let selected = |scope: Scope, labels: &str, fields: &str| {
        let pods = Pods::Selected { scope, labels: labels.into(), fields: fields.into() };
        What::Pods(pods, Containers::Usual)
    };
    let what = match kind.plural.as_ref() {
        "pods" if kind.group.is_empty() => What::Pods(Pods::Named(vec![(namespace, name)]), Containers::Usual),
        CONTAINERS => match pod_of(state) {
            Some(pod) => What::Pods(Pods::Named(vec![(namespace, pod)]), Containers::Named(name)),
            None => return,
        },
        "namespaces" => selected(start::one_namespace(&name), "", ""),
        "nodes" => selected(Scope::All, "", &format!("spec.nodeName={name}")),
        "cronjobs" => What::Pods(Pods::of_cron(here, &name), Containers::Usual),
        _ if !p.selector.is_empty() => selected(here, &p.selector, ""),
        other => return state.say(Level::Info, format!("{other} have no logs; go to their pods")),
    };
    show(state, what, previous, &title);
}

/// The pod whose containers the focused table shows.
fn pod_of(state: &State) -> Option<Arc<str>> {
    let table = state.focused()?.table()?;
    table.key.fields.strip_prefix("metadata.name=").map(Into::into)
}

fn marked_pods(state: &State) -> Vec<(Arc<str>, Arc<str>)> {
    let Some(table) = state.focused().and_then(|p| p.table()) else { return Vec::new() };
    if table.key.kind.plural.as_ref() != "pods" {
        return Vec::new();
    }
    let Some(store) = state.streams.get(&table.key) else { return Vec::new() };
    let rows = table.marks.uids().filter_map(|u| store.find(u));
    rows.map(|r| (r.namespace().into(), r.name().into())).collect()
}

fn show(state: &mut State, what: What, previous: bool, title: &str) {
    let Some(cluster) = state.focused().map(|p| p.cluster) else { return };
    let wish = Wish { previous, ..Wish::new(state.log_id(), cluster, what) };
    pane(state, wish, title);
}

/// A log pane in place of what the focused one shows.
pub(super) fn pane(state: &mut State, wish: Wish, title: &str) {
    go::show(state, Body::Log(Box::new(LogPane::new(wish, title.into()))));
}

/// A new pane with the same log as the focused one, read anew, with its own filter and place.
pub(in super::super) fn twin(state: &mut State) -> Option<PaneId> {
    let id = state.log_id();
    let pane = state.focused()?;
    let (cluster, log) = (pane.cluster, pane.log()?);
    let mut twin = LogPane::new(Wish { id, ..log.wish.clone() }, log.title.clone());
    (twin.times, twin.prefix, twin.wrap) = (log.times, log.prefix, log.wrap);
    twin.fields.clone_from(&log.fields);
    Some(start::add_pane(state, cluster, Body::Log(Box::new(twin))))
}
