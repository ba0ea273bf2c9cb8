//! What a drain must know: the nodes, their pods and who manages them, all budgets, and
//! where the pods may go.

use crate::core::act::{Asked, Facts, Read};
use crate::core::cluster::Cluster;
use crate::core::facts::{Node, Owner, Pod};
use crate::core::kind::{Kind, ObjectRef};
use crate::core::plan::find;
use crate::core::uid::Uid;
use std::sync::Arc;

/// Nodes whose room is looked at: their pods are all read, so on a large cluster there
/// must be an end to it.
const MOST_PLACES: usize = 20;

/// What to read next.
#[must_use]
pub fn reads(asked: &Asked, facts: &Facts, cluster: &Cluster) -> Vec<Read> {
    let mut out: Vec<_> = asked.targets.iter().cloned().map(Read::Object).collect();
    let (Some(pods), Some(nodes)) = (cluster.kind("pods"), cluster.kind("nodes")) else { return out };
    out.extend(asked.targets.iter().map(|t| find::pods_of(pods.clone(), &t.name)));
    out.extend(cluster.kind("poddisruptionbudgets").map(|k| find::all(k, None)));
    out.push(find::all(nodes, None));
    for target in &asked.targets {
        let Some(Ok((_, items))) = find::listed(facts, "pods", None, &find::on(&target.name)) else { continue };
        for pod in items.iter().map(Pod::of) {
            let owner = pod.meta.controller().and_then(|o| reference(asked, cluster, &pod, o));
            out.extend(owner.map(Read::Object).filter(|r| !out.contains(r)));
        }
    }
    let elsewhere = places(asked, facts).into_iter().map(|n| find::pods_of(pods.clone(), &n.meta.name));
    out.extend(elsewhere.collect::<Vec<_>>());
    out
}

/// The nodes that take pods and are not drained, as many as are looked at.
#[must_use]
pub fn places(asked: &Asked, facts: &Facts) -> Vec<Node> {
    let Some(Ok((_, items))) = find::listed(facts, "nodes", None, "") else { return Vec::new() };
    let stays = |n: &Node| asked.targets.iter().all(|t| *t.name != *n.meta.name);
    items.iter().map(Node::of).filter(|n| n.ready && !n.cordoned && stays(n)).take(MOST_PLACES).collect()
}

/// The object that manages a pod. A `DaemonSet` is looked up in `apps` whatever group its
/// name came from, as kubectl does.
fn reference(asked: &Asked, cluster: &Cluster, pod: &Pod, owner: &Owner) -> Option<ObjectRef> {
    let group = owner.api_version.split_once('/').map_or("", |(g, _)| g);
    let daemons = owner.kind == "DaemonSet";
    let group = if daemons { "apps" } else { group };
    let is = |k: &&Arc<Kind>| k.kind.as_ref() == owner.kind && k.group.as_ref() == group;
    let kind = cluster.kinds.iter().find(is)?.clone();
    Some(ObjectRef {
        cluster: asked.place.cluster,
        namespace: if kind.namespaced { pod.meta.namespace.as_str().into() } else { "".into() },
        kind,
        name: owner.name.as_str().into(),
        uid: if daemons { None } else { Some(Uid::parse(&owner.uid)) },
    })
}
