//! From the rows of what debugging has left to pods: a row is one, or an ephemeral container in one.

use super::pin::Pinned;
use crate::core::act::{Action, Reach};
use crate::core::kind::{Kind, ObjectRef, containers};
use crate::core::panes::Pane;
use crate::core::state::State;
use std::sync::Arc;

/// Nothing but its pod's end ends an ephemeral container's stay; a pod that serves is not removed on its behalf.
const STAYS: &str = "an ephemeral container cannot be removed: it goes with its pod";

/// Puts the pods in place of the rows. What is for pods alone leaves ephemeral containers out.
pub(super) fn to_pods(
    state: &State,
    pane: &Pane,
    pinned: &mut Pinned,
    action: &Action,
    pods: &Arc<Kind>,
) -> Result<(), String> {
    let Some(store) = pane.table().and_then(|t| state.streams.get(&t.key)) else {
        return Err("no row is chosen".into());
    };
    let inside = |t: &ObjectRef| {
        let row = store.find(t.uid?)?;
        Some(row.owner().strip_prefix("Pod/")?.to_owned())
    };
    let into = (action.applies)(&containers());
    let all = std::mem::take(&mut pinned.targets);
    let mut left_out = 0;
    for target in all {
        match inside(&target) {
            None => pinned.targets.push(ObjectRef { kind: pods.clone(), ..target }),
            Some(pod) if into => {
                pinned.container = Some(target.name.to_string());
                // The row has no uid of the pod: it is pinned when it is read.
                pinned.targets.push(ObjectRef { kind: pods.clone(), name: pod.into(), uid: None, ..target });
            }
            Some(_) => left_out += 1,
        }
    }
    match (pinned.targets.is_empty(), left_out) {
        (true, _) => Err(STAYS.to_owned()),
        (false, 0) => Ok(()),
        (false, _) if action.reach == Reach::One => Err(STAYS.to_owned()),
        (false, 1) => {
            pinned.notes.push(format!("One is left out: {STAYS}."));
            Ok(())
        }
        (false, n) => {
            pinned.notes.push(format!("{n} are left out: {STAYS}."));
            Ok(())
        }
    }
}
