//! Which streams the present screen needs: declared here, started and stopped by the runtime.

use super::describe::Beside;
use super::held;
use super::kind::{ClusterId, ObjectRef, Scope, StreamKey};
use super::logs::source::Wish;
use super::modals::Modal;
use super::panes::Body;
use super::panes::table::TablePane;
use super::shell;
use super::state::State;
use super::store::RowRef;
use super::usage::Target;
use std::collections::{BTreeSet, HashSet};
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
    /// What the program itself costs: its memory.
    Vitals,
    /// What goes over a cluster's line.
    Traffic(ClusterId),
    /// The lines of a log, for as long as a pane has them.
    Log(Wish),
    /// A program in a container, for as long as its pane is there.
    Shell(shell::Wish),
    /// A forward or a copy, until it is over.
    Held(held::HeldId, held::Work),
    /// Usage of nodes, and of pods in these namespaces (none for all).
    Usage(ClusterId, Vec<Arc<str>>),
}

/// What the present state needs, without doubles.
#[must_use]
pub fn subscriptions(state: &State) -> HashSet<Sub> {
    let mut needs = HashSet::new();
    for cluster in state.clusters.values() {
        needs.insert(Sub::Cluster(cluster.id));
        // One that is only kept for its jobs needs nothing else.
        if cluster.id != state.active {
            continue;
        }
        needs.insert(Sub::Usage(cluster.id, cluster.namespaces.clone()));
        // The header counts nodes ready and pods unwell, whatever is on screen.
        needs.extend(header_streams(state, cluster.id).into_iter().map(Sub::Stream));
        if matches!(state.modal, Some(Modal::Namespaces(_))) && cluster.id == state.active {
            needs.extend(state.stream(cluster.id, "namespaces", Scope::All).map(Sub::Stream));
        }
    }
    if matches!(state.modal, Some(Modal::Status(_))) {
        needs.insert(Sub::Vitals);
        needs.extend(state.clusters.keys().map(|id| Sub::Traffic(*id)));
    }
    for (id, _) in state.visible() {
        match state.panes.get(&id).map(|p| &p.body) {
            Some(Body::Table(t)) => {
                needs.insert(Sub::Stream(t.key.clone()));
            }
            Some(Body::Text(t)) => {
                needs.insert(Sub::Object(t.object.clone()));
                let beside = Beside::of(state, t);
                needs.extend(beside.events.into_iter().chain(beside.pods).map(Sub::Stream));
                needs.extend(beside.lease.map(Sub::Object));
            }
            Some(Body::Rollout(r)) => {
                needs.insert(Sub::Object(r.object.clone()));
                needs.extend(super::rollout::pods(state, r).map(Sub::Stream));
            }
            _ => {}
        }
    }
    needs.extend(readings(state));
    needs.extend(super::update::shells(state));
    needs.extend(state.held.running().map(|h| Sub::Held(h.id, h.work.clone())));
    needs
}

/// The nodes whose usage is in sight, by name and without doubles: where there is no metrics API
/// only their kubelets are asked. Empty where no pane shows any.
#[must_use]
pub fn nodes_in_sight(state: &State, cluster: ClusterId) -> Vec<Arc<str>> {
    let mut names: BTreeSet<&str> = BTreeSet::new();
    for (id, rect) in state.visible() {
        let Some(pane) = state.panes.get(&id).filter(|p| p.cluster == cluster) else { continue };
        match &pane.body {
            Body::Table(t) => names.extend(nodes_of(state, t, rect.height)),
            Body::Text(t) if t.object.kind.plural.as_ref() == "nodes" => drop(names.insert(&t.object.name)),
            _ => {}
        }
    }
    names.into_iter().take(NODES_AT_MOST).map(Arc::from).collect()
}

/// Kubelets asked at most in a round.
const NODES_AT_MOST: usize = 60;

// The nodes that the rows in sight are of.
fn nodes_of<'a>(state: &'a State, t: &TablePane, height: u16) -> Vec<&'a str> {
    let (Some(target), Some(store)) = (Target::of(&t.key.kind.plural), state.streams.get(&t.key)) else {
        return Vec::new();
    };
    let node = store.schema().find("NODE");
    let rows = t.view.window(t.cursor.top(), t.rows_in(height)).filter_map(|r| store.get(r));
    let name = |r: RowRef<'a>| match target {
        Target::Nodes => Some(r.name()),
        Target::Pods => node.map(|c| r.text(c)),
        Target::Containers => node_of_pod(state, &t.key, &r),
        Target::Namespaces => None,
    };
    rows.filter_map(name).filter(|n| !n.is_empty() && *n != "<none>").collect()
}

// The node of a container's pod, where the pods are known.
fn node_of_pod<'a>(state: &'a State, of: &StreamKey, container: &RowRef<'a>) -> Option<&'a str> {
    let pods = header_streams(state, of.cluster).into_iter().find(|k| k.kind.plural.as_ref() == "pods")?;
    let pods = state.streams.get(&pods)?;
    let pod = pods.find_name(container.namespace(), container.owner().strip_prefix("Pod/")?)?;
    Some(pod.text(pods.schema().find("NODE")?))
}

/// The logs of all panes, on screen or not: lines that were not taken cannot be had again. What was
/// left by going back is let go.
fn readings(state: &State) -> impl Iterator<Item = Sub> {
    let bodies = state.panes.values().flat_map(|p| std::iter::once(&p.body).chain(&p.back));
    bodies.filter_map(|b| match b {
        Body::Log(l) if !l.stopped => Some(Sub::Log(l.wish.clone())),
        _ => None,
    })
}

/// The streams that the header reads: all nodes, and the pods of the namespaces of work.
#[must_use]
pub fn header_streams(state: &State, cluster: ClusterId) -> Vec<StreamKey> {
    let nodes = state.stream(cluster, "nodes", Scope::All);
    let pods = state.stream(cluster, "pods", state.scope(cluster));
    nodes.into_iter().chain(pods).collect()
}
