//! The rollout pane: its revisions are read whenever the workload says that they have changed, and all
//! of it is made again once a second and under each key.

use super::go;
use crate::core::act::{ActionId, Facts, Read};
use crate::core::actions;
use crate::core::effect::Effect;
use crate::core::facts::{Revision, history, text};
use crate::core::kind::Kind;
use crate::core::layout::PaneId;
use crate::core::msg::Level;
use crate::core::panes::Body;
use crate::core::panes::rollout::{RolloutPane, parts};
use crate::core::rollout;
use crate::core::state::{State, Watched};
use crate::core::view::Move;
use serde_json::Value;

/// How old the board may be while nothing happens (ms).
const AFRESH_MS: i64 = 1_000;

/// Opens the rollout of the workload under the cursor.
pub(super) fn open(state: &mut State) {
    let object = match state.focused().map(|p| &p.body) {
        Some(Body::Rollout(_)) => return,
        Some(Body::Text(t)) => Some(t.object.clone()),
        _ => go::pick(state).map(|p| p.object),
    };
    let Some(object) = object else { return };
    if !rolls(&object.kind) {
        return state.say(
            Level::Info,
            format!("{} have no rollout; go to a Deployment, StatefulSet or DaemonSet", object.kind),
        );
    }
    go::show(state, Body::Rollout(Box::new(RolloutPane::new(object))));
}

/// Whether objects of a kind have a rollout.
pub(super) fn rolls(kind: &Kind) -> bool {
    let undo = actions::find("rollout_undo").and_then(actions::action);
    undo.is_some_and(|a| (a.applies)(kind))
}

/// What a workload says of its revisions: they are read again when it says something else.
fn mark(value: &Value) -> String {
    let (meta, status) = (&value["metadata"], &value["status"]);
    let revision = text(&meta["annotations"]["deployment.kubernetes.io/revision"]);
    let sets = [text(&status["updateRevision"]), text(&status["currentRevision"])].join(" ");
    format!("{} {} {revision} {sets}", meta["generation"], status["observedGeneration"])
}

/// Brings a visible pane up to its workload and to the time.
pub(super) fn follow(state: &mut State, id: PaneId) {
    let now = state.now;
    let Some(Body::Rollout(r)) = state.panes.get(&id).map(|p| &p.body) else { return };
    let Some(value) = state.objects.get(&r.object).and_then(Watched::value) else { return };
    let seen = mark(value);
    if r.ask.is_none() && r.seen != seen && now - r.asked >= AFRESH_MS {
        read(state, id, seen);
    } else if now - state.panes.get(&id).map_or(0, |p| made(&p.body)) >= AFRESH_MS {
        remake(state, id);
    }
}

fn made(body: &Body) -> i64 {
    if let Body::Rollout(r) = body { r.told.made } else { 0 }
}

fn read(state: &mut State, id: PaneId, seen: String) {
    let ask = state.number();
    let now = state.now;
    let Some(Body::Rollout(r)) = state.panes.get_mut(&id).map(|p| &mut p.body) else { return };
    let object = r.object.clone();
    (r.asked, r.seen) = (now, seen);
    let Some(kind) = state.clusters.get(&object.cluster).and_then(|c| c.kind(history(&object.kind))) else { return };
    r.ask = Some(ask);
    let reads = vec![crate::core::plan::all(kind, Some(object.namespace.clone()))];
    state.effects.push(Effect::Read { ask, cluster: object.cluster, reads });
}

/// Takes revisions that were read; `false` if no pane waits for them.
pub(super) fn facts(state: &mut State, ask: u32, facts: &Facts) -> bool {
    let waits = |b: &Body| matches!(b, Body::Rollout(r) if r.ask == Some(ask));
    let Some(id) = state.panes.iter().find(|(_, p)| waits(&p.body)).map(|(id, _)| *id) else { return false };
    let Some(Body::Rollout(r)) = state.panes.get_mut(&id).map(|p| &mut p.body) else { return false };
    r.ask = None;
    let uid = state.objects.get(&r.object).and_then(Watched::value).map(|v| text(&v["metadata"]["uid"]).to_owned());
    let uid = uid.unwrap_or_default();
    for (read, answer) in &facts.answers {
        let Read::List { kind, .. } = read else { continue };
        r.history = match answer {
            Ok(items) => {
                let mine = |o: &&Value| Revision::of(o, &uid).is_some();
                Ok(crate::core::facts::list(items).iter().filter(mine).cloned().collect())
            }
            Err(why) => Err(format!("its {kind} cannot be listed, so its history is not known: {why}")),
        };
    }
    remake(state, id);
    true
}

/// Makes what is shown anew.
fn remake(state: &mut State, id: PaneId) {
    let Some(Body::Rollout(r)) = state.panes.get(&id).map(|p| &p.body) else { return };
    let Some(value) = state.objects.get(&r.object).and_then(Watched::value) else { return };
    let store = rollout::pods(state, r).and_then(|k| state.streams.get(&k));
    let mut told = rollout::told(r, value, store, state.server_now(r.object.cluster));
    told.made = state.now;
    if let Some(Body::Rollout(r)) = state.panes.get_mut(&id).map(|p| &mut p.body) {
        r.top = r.top.min(told.diff.len().saturating_sub(1));
        r.told = told;
    }
}

/// Moves among the revisions, or pages through the difference; `false` in other panes.
pub(super) fn go(state: &mut State, to: Move) -> bool {
    let Some(area) = state.focused_rect() else { return false };
    let (width, height) = (area.width.saturating_sub(3), usize::from(area.height).saturating_sub(2));
    let Some(id) = state.focus() else { return false };
    let Some(Body::Rollout(r)) = state.panes.get_mut(&id).map(|p| &mut p.body) else { return false };
    let [_, list, diff] = parts(&r.told, width, height);
    let diff = diff.saturating_sub(1);
    match to {
        Move::PageUp | Move::PageDown => {
            let last = r.told.diff.len().saturating_sub(diff);
            r.top = to.from(r.top, r.told.diff.len(), diff).min(last);
        }
        _ => {
            r.list.go(to, r.told.rows.len(), list.saturating_sub(1));
            r.top = 0;
            remake(state, id);
        }
    }
    true
}

/// Takes the revision under the cursor for the one that others are compared with, or lets it go.
pub(super) fn base(state: &mut State) {
    let Some(id) = state.focus() else { return };
    let Some(Body::Rollout(r)) = state.panes.get_mut(&id).map(|p| &mut p.body) else { return };
    let chosen = r.chosen().map(|row| row.number);
    r.base = if r.base == chosen { None } else { chosen };
    r.top = 0;
    remake(state, id);
}

/// What the form of an action begun on the board holds at first: an undo goes to the revision under
/// the cursor.
pub(super) fn first(state: &State, action: ActionId) -> Option<String> {
    let Some(Body::Rollout(r)) = state.focused().map(|p| &p.body) else { return None };
    let row = r.chosen().filter(|row| !row.now)?;
    (actions::find("rollout_undo") == Some(action)).then(|| row.words.clone())
}

#[cfg(test)]
mod tests;
