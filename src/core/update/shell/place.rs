//! Where a program's pane stands: beside the one it was asked for in, with the whole screen at first.

use super::super::panes;
use crate::core::kind::ClusterId;
use crate::core::layout::{Axis, Node, PaneId, Tab};
use crate::core::msg::Level;
use crate::core::panes::Body;
use crate::core::panes::shell::{Origin, ShellPane};
use crate::core::start;
use crate::core::state::State;

/// Halves at least this wide stand side by side: what most programs expect.
const WIDE: u16 = 160;

/// Where a new pane is to stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Place {
    /// Beside the focused one, with the whole screen: the user waits for it.
    Here,
    /// In a tab of its own: the user is at something else, and keys must not go astray.
    Aside,
}

/// Whether there is room for one more pane; the user is told if not.
pub(super) fn room(state: &mut State, place: Place) -> Result<(), &'static str> {
    let full = state.tabs.get(state.tab).is_none_or(|t| t.root.leaves().len() >= panes::MOST_PANES);
    if (full || place == Place::Aside) && state.tabs.len() >= panes::MOST_TABS {
        state.say(Level::Warn, "there is no room for one more pane; close some (\\ x)");
        return Err("there was no room for one more pane");
    }
    Ok(())
}

/// Puts a new pane beside the focused one, or into a new tab where this one is full or it is not waited for.
pub(super) fn put(state: &mut State, cluster: ClusterId, place: Place, make: impl FnOnce(Origin) -> ShellPane) {
    let Some(tab) = state.tabs.get(state.tab) else { return };
    let from = Origin { pane: tab.focus, zoom: tab.zoom };
    let full = tab.root.leaves().len() >= panes::MOST_PANES;
    let axis = if state.size.0 >= WIDE { Axis::Row } else { Axis::Column };
    let shell = make(from);
    let ready = format!("{} {} is open in tab {}", shell.word, shell.about(), state.tabs.len() + 1);
    let pane = start::add_pane(state, cluster, Body::Shell(Box::new(shell)));
    let at = state.tab;
    let alone = Tab { root: Node::Leaf(pane), focus: pane, zoom: false };
    if place == Place::Aside {
        state.tabs.push(alone);
        return state.say(Level::Warn, ready);
    }
    state.pending.clear();
    if full {
        state.tabs.push(alone);
        state.tab = state.tabs.len() - 1;
    } else if let Some(tab) = state.tabs.get_mut(at) {
        tab.root.insert(from.pane, axis, pane);
        (tab.focus, tab.zoom) = (pane, true);
    }
}

/// Goes back to where the focused program was asked for; it goes on.
pub(in super::super) fn leave(state: &mut State) {
    let Some(Body::Shell(shell)) = state.focused().map(|p| &p.body) else { return };
    let from = shell.from;
    let at = state.tab;
    let Some(tab) = state.tabs.get_mut(at) else { return };
    let to = if tab.root.contains(from.pane) { Some(from.pane) } else { None };
    let to = to.or_else(|| tab.root.leaves().into_iter().find(|l| *l != tab.focus));
    // It stays in sight: that is what tells leaving from ending.
    tab.zoom = false;
    if let Some(to) = to {
        panes::focus_on(state, to);
    }
}

/// Closes the focused pane, and with it what runs there.
pub(in super::super) fn close(state: &mut State) {
    if let Some(id) = state.focus() {
        close_pane(state, id);
    }
}

/// Closes a pane wherever it is, and puts the focus back to where it came from.
pub(super) fn close_pane(state: &mut State, id: PaneId) {
    let Some(at) = state.tabs.iter().position(|t| t.root.contains(id)) else { return };
    let from = match state.panes.get(&id).map(|p| &p.body) {
        Some(Body::Shell(s)) => Some(s.from),
        _ => None,
    };
    let (here, focus) = (state.tab, state.tabs[at].focus);
    let zoom = state.tabs[at].zoom;
    state.tab = at;
    state.tabs[at].focus = id;
    panes::close(state);
    let gone = !state.panes.contains_key(&id);
    if let Some(tab) = state.tabs.get_mut(at).filter(|_| gone && at == state.tab)
        && let Some(from) = from
    {
        if focus != id {
            (tab.focus, tab.zoom) = (focus, zoom);
        } else if tab.root.contains(from.pane) {
            (tab.focus, tab.zoom) = (from.pane, from.zoom);
        }
    }
    if here != at && here < state.tabs.len() {
        state.tab = here;
    }
}
