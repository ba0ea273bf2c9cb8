//! What an action lands on: pinned when the key is pressed, by uid, and never changed after.

use super::{debugging, takes};
use crate::core::act::{Action, Reach};
use crate::core::actions;
use crate::core::commands::Command;
use crate::core::kind::{CONTAINERS, ClusterId, DEBUGGING, Kind, ObjectRef};
use crate::core::panes::table::TablePane;
use crate::core::panes::{Body, Pane};
use crate::core::problem::Missing;
use crate::core::state::{State, Watched};
use crate::core::store::{RowRef, Store};
use crate::core::uid::Uid;
use std::sync::Arc;

/// Pinned objects.
#[derive(Debug)]
pub(super) struct Pinned {
    /// All on this cluster.
    pub cluster: ClusterId,
    /// Each with its uid, in the order of the screen.
    pub targets: Vec<ObjectRef>,
    /// What was left out.
    pub notes: Vec<String>,
    /// The container whose row it was begun on.
    pub container: Option<String>,
}

/// The objects that an action begun now is about.
pub(super) fn targets(state: &State, action: &Action) -> Result<Pinned, String> {
    let pane = state.focused().ok_or("no pane has the focus")?;
    let mut pinned = Pinned { cluster: pane.cluster, targets: Vec::new(), notes: Vec::new(), container: None };
    let kind = kind_of(state, pane).ok_or_else(|| "go to a table of the objects it is to be done to".to_owned())?;
    let of_container = kind.plural.as_ref() == CONTAINERS && kind.group.is_empty();
    if of_container && !(action.applies)(&kind) {
        return Err("a container is no object of its own; Esc leads back to its pod".into());
    }
    if !(action.applies)(&kind) {
        return Err(format!("cannot be done to {kind}"));
    }
    if action.reach == Reach::None {
        return Ok(pinned);
    }
    match &pane.body {
        Body::Table(t) => {
            let store = state.streams.get(&t.key).ok_or("no row is chosen")?;
            rows(&mut pinned, t, store)?;
        }
        Body::Text(t) => pinned.targets.push(whole(state, &t.object)?),
        Body::Rollout(r) => pinned.targets.push(whole(state, &r.object)?),
        _ => return Err("go to a table of the objects it is to be done to".into()),
    }
    let of_debugging = pane.table().is_some_and(|t| *t.key.kind.plural == *DEBUGGING);
    if of_debugging {
        debugging::to_pods(state, pane, &mut pinned, action, &kind)?;
    }
    takes(action.reach, pinned.targets.len())?;
    if of_container {
        to_pod(state, pane, &mut pinned)?;
    }
    Ok(pinned)
}

/// The marked rows, or the one under the cursor.
fn rows(pinned: &mut Pinned, t: &TablePane, store: &Store) -> Result<(), String> {
    let object = |row: &RowRef<'_>| ObjectRef {
        cluster: t.key.cluster,
        kind: t.key.kind.clone(),
        namespace: row.namespace().into(),
        name: row.name().into(),
        uid: Some(row.uid()),
    };
    if t.marks.is_empty() {
        let gone = t.cursor.uid().is_some();
        let row = t.cursor.target(store);
        let row = row.ok_or(if gone { "this object is gone" } else { "no row is chosen" })?;
        pinned.targets.push(object(&row));
        return Ok(());
    }
    let marked: Vec<Option<RowRef<'_>>> = t.marks.uids().map(|u| store.find(u)).collect();
    let gone = marked.iter().filter(|r| r.is_none()).count();
    pinned.targets = marked.iter().flatten().map(object).collect();
    pinned.targets.sort_by(|a, b| (&a.namespace, &a.name).cmp(&(&b.namespace, &b.name)));
    match (pinned.targets.len(), gone) {
        (0, _) => Err("all marked objects are gone".into()),
        (_, 0) => Ok(()),
        (_, 1) => {
            pinned.notes.push("One marked object is gone and left out.".into());
            Ok(())
        }
        _ => {
            pinned.notes.push(format!("{gone} marked objects are gone and left out."));
            Ok(())
        }
    }
}

/// From the row of a container to its pod. The row has no uid of it; where no table of pods knows it,
/// the pod is pinned when it is read.
fn to_pod(state: &State, pane: &Pane, pinned: &mut Pinned) -> Result<(), String> {
    let t = pane.table().ok_or("no row is chosen")?;
    let kind = state.clusters.get(&pane.cluster).and_then(|c| c.kind("pods")).ok_or("pods are not known here")?;
    let pod = t.key.fields.strip_prefix("metadata.name=");
    for target in &mut pinned.targets {
        let row = target.uid.and_then(|u| state.streams.get(&t.key)?.find(u));
        let owner = row.and_then(|r| r.owner().strip_prefix("Pod/"));
        let name: Arc<str> = pod.or(owner).ok_or("the container's pod is not known")?.into();
        pinned.container = Some(target.name.to_string());
        let mut stores = state.streams.iter().filter(|(k, _)| k.cluster == pane.cluster && k.kind == kind);
        let uid = stores.find_map(|(_, s)| Some(s.find_name(&target.namespace, &name)?.uid()));
        *target = ObjectRef { kind: kind.clone(), name, uid, ..target.clone() };
    }
    Ok(())
}

/// The object of a text pane, with its uid.
fn whole(state: &State, object: &ObjectRef) -> Result<ObjectRef, String> {
    let uid = match state.objects.get(object) {
        Some(Watched::There(v)) => v.pointer("/metadata/uid").and_then(|u| u.as_str()).map(Uid::parse),
        Some(Watched::Gone(_)) => return Err("this object is gone".into()),
        _ => None,
    };
    let uid = object.uid.or(uid).ok_or("the object was not read yet")?;
    Ok(ObjectRef { uid: Some(uid), ..object.clone() })
}

/// The kind of object a pane is about.
fn of_pane(pane: &Pane) -> Option<Arc<Kind>> {
    match &pane.body {
        Body::Table(t) => Some(t.key.kind.clone()),
        Body::Text(t) => Some(t.object.kind.clone()),
        Body::Rollout(r) => Some(r.object.kind.clone()),
        _ => None,
    }
}

/// The kind of object that actions of a pane are done to: what debugging has left are pods.
pub(in crate::core::update) fn kind_of(state: &State, pane: &Pane) -> Option<Arc<Kind>> {
    let kind = of_pane(pane)?;
    if *kind.plural == *DEBUGGING { state.clusters.get(&pane.cluster)?.kind("pods") } else { Some(kind) }
}

/// Why an action may not be begun, if so: read-only, or a right that is known to be missing.
pub(super) fn refused(state: &mut State, action: &Action, cluster: ClusterId, targets: &[ObjectRef]) -> Option<String> {
    if state.read_only(cluster) {
        return Some("this is read-only; nothing that changes anything is sent".into());
    }
    let missing = targets.iter().find_map(|t| {
        let rights = (action.rights)(&t.kind);
        state.rights.missing(cluster, &rights, Some(&t.namespace).filter(|ns| !ns.is_empty()))
    })?;
    // Perhaps somebody grants it just now: what was known is asked for anew.
    state.rights.forget(cluster);
    Some(format!("forbidden: {missing}; ask for verb {} on {}", missing.verb, missing.resource))
}

/// Whether a command belongs in the focused pane: an action only where it can be done.
#[must_use]
pub fn belongs(state: &State, command: Command) -> bool {
    let kind = state.focused().and_then(|p| kind_of(state, p));
    if command == Command::Rollout {
        return kind.is_some_and(|k| super::super::rollout::rolls(&k));
    }
    let Command::Act(id) = command else { return true };
    actions::action(id).zip(kind).is_some_and(|(a, k)| (a.applies)(&k))
}

/// The right that is known to be missing for a command in the focused pane.
#[must_use]
pub fn missing(state: &State, command: Command) -> Option<Missing> {
    let Command::Act(id) = command else { return None };
    let pane = state.focused()?;
    let action = actions::action(id)?;
    let kind = kind_of(state, pane).filter(|k| (action.applies)(k))?;
    state.rights.missing(pane.cluster, &(action.rights)(&kind), namespace(state, pane).as_ref())
}

/// The namespace an action of a pane would land in, as far as there is one.
pub(in crate::core::update) fn namespace(state: &State, pane: &Pane) -> Option<Arc<str>> {
    let ns: Arc<str> = match &pane.body {
        Body::Table(t) => {
            let store = state.streams.get(&t.key)?;
            t.cursor.target(store)?.namespace().into()
        }
        Body::Text(t) => t.object.namespace.clone(),
        Body::Rollout(r) => r.object.namespace.clone(),
        _ => return None,
    };
    Some(ns).filter(|ns| !ns.is_empty())
}
