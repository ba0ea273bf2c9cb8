//! Which streams the present screen needs: declared here, started and stopped by the runtime.

use super::kind::{ClusterId, ObjectRef, Scope, StreamKey};
use super::modals::Modal;
use super::panes::Body;
use super::state::State;
use std::collections::HashSet;
use std::sync::Arc;

/// One need.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Sub {
    /// Discovery, version, user and a heartbeat of a cluster.
    Cluster(ClusterId),
    /// Rows.
    Stream(StreamKey),
    /// One object, whole, as it changes.
    Object(ObjectRef),
    /// Usage of nodes, and of pods in these namespaces (none for all).
    Usage(ClusterId, Vec<Arc<str>>),
}

/// What the present state needs, without doubles.
#[must_use]
pub fn subscriptions(state: &State) -> HashSet<Sub> {
    let mut needs = HashSet::new();
    for cluster in state.clusters.values() {
        needs.insert(Sub::Cluster(cluster.id));
        needs.insert(Sub::Usage(cluster.id, cluster.namespaces.clone()));
        // The header counts nodes ready and pods unwell, whatever is on screen.
        needs.extend(header_streams(state, cluster.id).into_iter().map(Sub::Stream));
        if matches!(state.modal, Some(Modal::Namespaces(_))) && cluster.id == state.active {
            needs.extend(stream(state, cluster.id, "namespaces", Scope::All).map(Sub::Stream));
        }
    }
    for (id, _) in state.visible() {
        match state.panes.get(&id).map(|p| &p.body) {
            Some(Body::Table(t)) => {
                needs.insert(Sub::Stream(t.key.clone()));
            }
            Some(Body::Text(t)) => {
                needs.insert(Sub::Object(t.object.clone()));
            }
            None => {}
        }
    }
    needs
}

/// The streams that the header reads: all nodes, and the pods of the namespaces of work.
#[must_use]
pub fn header_streams(state: &State, cluster: ClusterId) -> Vec<StreamKey> {
    let nodes = stream(state, cluster, "nodes", Scope::All);
    let pods = stream(state, cluster, "pods", state.scope(cluster));
    nodes.into_iter().chain(pods).collect()
}

fn stream(state: &State, cluster: ClusterId, word: &str, scope: Scope) -> Option<StreamKey> {
    let kind = state.clusters.get(&cluster)?.kind(word)?;
    Some(StreamKey { cluster, kind, scope, fields: "".into(), labels: "".into() })
}
