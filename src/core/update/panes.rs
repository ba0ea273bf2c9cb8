//! Focus, splits and tabs.

use crate::core::layout::{self, Axis, Dir, Node, PaneId, Tab};
use crate::core::msg::Level;
use crate::core::panes::Body;
use crate::core::panes::table::TablePane;
use crate::core::start;
use crate::core::state::State;

/// No screen is served by more panes in one tab than this.
pub(super) const MOST_PANES: usize = 16;
/// The digits that choose a tab.
pub(super) const MOST_TABS: usize = 9;

fn tab_mut(state: &mut State) -> Option<&mut Tab> {
    let at = state.tab;
    state.tabs.get_mut(at)
}

pub(super) fn focus_on(state: &mut State, id: PaneId) {
    state.pending.clear();
    if let Some(tab) = tab_mut(state).filter(|t| t.root.contains(id)) {
        tab.focus = id;
    }
}

pub(super) fn cycle(state: &mut State, by: isize) {
    let Some(tab) = tab_mut(state) else { return };
    let leaves = tab.root.leaves();
    let at = leaves.iter().position(|l| *l == tab.focus).unwrap_or(0);
    let next = (at.cast_signed() + by).rem_euclid(leaves.len().cast_signed()).cast_unsigned();
    focus_on(state, leaves[next]);
}

pub(super) fn focus(state: &mut State, dir: Dir) {
    let rects = state.visible();
    if let Some(next) = state.focus().and_then(|from| layout::neighbour(&rects, from, dir)) {
        focus_on(state, next);
    }
}

pub(super) fn grow(state: &mut State, dir: Dir) {
    if let Some(tab) = tab_mut(state) {
        let at = tab.focus;
        tab.root.grow(at, dir);
    }
}

pub(super) fn even(state: &mut State) {
    if let Some(tab) = tab_mut(state) {
        tab.root.even();
    }
}

pub(super) fn zoom(state: &mut State) {
    if let Some(tab) = tab_mut(state) {
        tab.zoom = !tab.zoom;
    }
}

/// A new pane shows what the old one does, from its beginning.
fn twin(state: &mut State) -> Option<PaneId> {
    let pane = state.focused()?;
    let cluster = pane.cluster;
    if pane.log().is_some() {
        return super::logs::open::twin(state);
    }
    let from = pane.table().or_else(|| {
        pane.back.iter().rev().find_map(|b| if let Body::Table(t) = b { Some(t.as_ref()) } else { None })
    })?;
    let mut body = TablePane::new(cluster, from.key.kind.clone(), from.key.scope.clone());
    body.key = from.key.clone();
    body.origin.clone_from(&from.origin);
    body.form = from.form;
    body.sort = from.sort.clone();
    body.wide = from.wide;
    body.faults_only = from.faults_only;
    Some(start::add_pane(state, cluster, Body::Table(Box::new(body))))
}

pub(super) fn split(state: &mut State, axis: Axis) {
    if state.tabs.get(state.tab).is_some_and(|t| t.root.leaves().len() >= MOST_PANES) {
        return state.say(Level::Warn, format!("{MOST_PANES} panes are the most in one tab"));
    }
    let Some(new) = twin(state) else { return };
    if let Some(tab) = tab_mut(state) {
        tab.root.insert(tab.focus, axis, new);
        tab.zoom = false;
        tab.focus = new;
    }
}

pub(super) fn close(state: &mut State) {
    let Some(tab) = state.tabs.get(state.tab).cloned() else { return };
    let leaves = tab.root.leaves();
    let gone = tab.focus;
    if let Some(root) = tab.root.without(gone) {
        let at = leaves.iter().position(|l| *l == gone).unwrap_or(0);
        let left = root.leaves();
        let focus = left[at.min(left.len() - 1)];
        state.tabs[state.tab] = Tab { root, focus, zoom: tab.zoom && left.len() > 1 };
    } else if state.tabs.len() > 1 {
        state.tabs.remove(state.tab);
        state.tab = state.tab.min(state.tabs.len() - 1);
    } else {
        return state.say(Level::Warn, "this is the last pane; :q quits");
    }
    if let Some(pane) = state.panes.remove(&gone) {
        super::shell::dropped(state, &pane);
    }
}

pub(super) fn new_tab(state: &mut State) {
    if state.tabs.len() >= MOST_TABS {
        return state.say(Level::Warn, format!("{MOST_TABS} tabs are the most"));
    }
    let Some(id) = twin(state) else { return };
    state.tabs.push(Tab { root: Node::Leaf(id), focus: id, zoom: false });
    state.tab = state.tabs.len() - 1;
}

pub(super) fn tab(state: &mut State, at: usize) {
    if at < state.tabs.len() {
        state.tab = at;
    } else {
        state.say(Level::Info, format!("there is no tab {}", at + 1));
    }
}
