//! Asking which rights we have for the actions of the focused pane, before their keys are pressed.

use super::act;
use crate::core::actions::ACTIONS;
use crate::core::cluster::Link;
use crate::core::effect::Effect;
use crate::core::state::State;

/// Asks for what is not known yet. Answers are kept; most turns ask for nothing.
pub(super) fn ask(state: &mut State) {
    if !state.rights.due(state.now) {
        return;
    }
    let Some(pane) = state.focused() else { return };
    let (cluster, now) = (pane.cluster, state.now);
    // Before anything has answered nobody could; read-only asks for nothing it will not do.
    let up = state.clusters.get(&cluster).is_some_and(|c| c.link == Link::Up);
    if !up || state.read_only(cluster) {
        return;
    }
    let Some(kind) = act::kind_of(state, pane) else { return };
    let namespace = act::namespace(state, pane);
    let mut rights = Vec::new();
    for right in ACTIONS.iter().filter(|a| (a.applies)(&kind)).flat_map(|a| (a.rights)(&kind)) {
        if !rights.contains(&right) {
            rights.push(right);
        }
    }
    let wanted = state.rights.wanted(cluster, &rights, namespace.as_ref(), now);
    if !wanted.is_empty() {
        state.effects.push(Effect::Rights(cluster, wanted));
    }
}
