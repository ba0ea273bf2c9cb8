//! One pane in the order of time out of several, and several out of one.

use super::super::panes;
use crate::core::layout::{Axis, PaneId};
use crate::core::logs::source::{Containers, Pods, What, Wish};
use crate::core::msg::Level;
use crate::core::panes::Body;
use crate::core::panes::log::LogPane;
use crate::core::start;
use crate::core::state::State;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The most panes that one is taken apart into.
const MOST: usize = 8;

pub(in super::super) fn toggle(state: &mut State) {
    let Some(focus) = state.focus() else { return };
    let leaves = state.tabs.get(state.tab).map(|t| t.root.leaves()).unwrap_or_default();
    let is_log = |id: &PaneId| state.panes.get(id).is_some_and(|p| p.log().is_some());
    let logs: Vec<PaneId> = leaves.into_iter().filter(is_log).collect();
    if !logs.contains(&focus) {
        return;
    }
    if logs.len() > 1 { together(state, focus, &logs) } else { apart(state, focus) }
}

/// The pods that a log has been read from so far.
fn pods(log: &LogPane) -> BTreeSet<(Arc<str>, Arc<str>)> {
    log.store
        .streams()
        .iter()
        .filter(|s| !s.name.is_events())
        .map(|s| (s.name.namespace.clone(), s.name.pod.clone()))
        .collect()
}

fn together(state: &mut State, focus: PaneId, logs: &[PaneId]) {
    let of = |id: &PaneId| state.panes.get(id).and_then(|p| p.log());
    let Some(first) = of(&focus).map(|l| l.wish.clone()) else { return };
    let all: BTreeSet<_> = logs.iter().filter_map(of).flat_map(pods).collect();
    let containers: BTreeSet<_> = logs
        .iter()
        .filter_map(of)
        .flat_map(|l| l.store.streams())
        .filter(|s| !s.name.is_events())
        .map(|s| s.name.container.clone())
        .collect();
    let same = logs.iter().filter_map(of).all(|l| l.wish.cluster == first.cluster);
    if !same || matches!(first.what, What::Node(..)) || all.is_empty() {
        return state.say(Level::Info, "only logs of pods of one cluster go into one pane");
    }
    let single = containers.first().filter(|_| containers.len() == 1);
    let containers = single.map_or(Containers::All, |c| Containers::Named(c.clone()));
    let title = format!("{} pods", all.len());
    let wish =
        Wish { id: state.log_id(), what: What::Pods(Pods::Named(all.into_iter().collect()), containers), ..first };
    for id in logs.iter().filter(|id| **id != focus) {
        panes::focus_on(state, *id);
        panes::close(state);
    }
    panes::focus_on(state, focus);
    if let Some(pane) = state.panes.get_mut(&focus) {
        pane.go(Body::Log(Box::new(LogPane::new(wish, title.into()))));
    }
}

fn apart(state: &mut State, focus: PaneId) {
    let Some(log) = state.panes.get(&focus).and_then(|p| p.log()) else { return };
    let (wish, streams) = (log.wish.clone(), log.store.streams());
    let names: Vec<_> = streams.iter().map(|s| s.name.clone()).filter(|n| !n.is_events()).collect();
    match names.len() {
        0 | 1 => return state.say(Level::Info, "this log has one stream"),
        n if n > MOST => {
            return state.say(Level::Warn, format!("{n} streams are too many for panes; {MOST} are the most"));
        }
        _ => {}
    }
    let cluster = wish.cluster;
    let mut first = true;
    for name in names {
        let title = format!("pod {}/{} {}", name.namespace, name.pod, name.container);
        let what = What::Pods(Pods::Named(vec![(name.namespace, name.pod)]), Containers::Named(name.container));
        let wish = Wish { id: state.log_id(), what, ..wish.clone() };
        let body = Body::Log(Box::new(LogPane::new(wish, title.into())));
        if std::mem::take(&mut first) {
            if let Some(pane) = state.panes.get_mut(&focus) {
                pane.go(body);
            }
            continue;
        }
        let id = start::add_pane(state, cluster, body);
        let at = state.tab;
        if let Some(tab) = state.tabs.get_mut(at) {
            tab.root.insert(tab.focus, Axis::Column, id);
            tab.focus = id;
            tab.zoom = false;
        }
    }
    if let Some(tab) = state.tabs.get_mut(state.tab) {
        tab.root.even();
    }
    panes::focus_on(state, focus);
}
