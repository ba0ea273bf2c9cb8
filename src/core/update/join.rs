//! What is measured, and what is summed up over pods, put into the rows it belongs to: as
//! much a turn as a turn can bear.

use crate::core::freshness::Freshness;
use crate::core::kind::{Scope, StreamKey};
use crate::core::state::State;
use crate::core::subs;
use crate::core::usage::{GroupBy, Join, Rollup, Target};

/// Rows a turn looks at in each stream.
const ROWS: usize = 256;
/// Pods a turn counts for each sum: there is less to do for one.
const COUNTED: usize = 4_096;

/// Goes on with the joins of all pod and node streams. Tells whether there is more to do.
pub(super) fn step(state: &mut State) -> bool {
    let mut more = roll_up(state);
    let State { clusters, streams, joins, sums, .. } = state;
    joins.retain(|key, _| streams.contains_key(key));
    sums.retain(|(id, _), _| clusters.contains_key(id));
    for (key, store) in streams.iter_mut().filter(|(k, _)| k.kind.group.is_empty()) {
        let Some(cluster) = clusters.get(&key.cluster) else { continue };
        let Some(target) = Target::of(&key.kind.plural) else { continue };
        let book = if target == Target::Nodes { &cluster.node_usage } else { &cluster.pod_usage };
        let sums = target.sums().and_then(|by| sums.get(&(key.cluster, by))).filter(|s| s.complete());
        more |= joins.entry(key.clone()).or_insert_with(|| Join::new(target)).step(store, book, sums, ROWS);
    }
    sum_nodes(state);
    more
}

/// Brings the header's sums over nodes up to their rows.
pub fn sum_nodes(state: &mut State) {
    let keys: Vec<_> = state.clusters.keys().flat_map(|id| subs::header_streams(state, *id)).collect();
    state.fleets.retain(|key, _| keys.contains(key) && state.streams.contains_key(key));
    for key in keys.into_iter().filter(|k| k.kind.plural.as_ref() == "nodes") {
        if let Some(nodes) = state.streams.get(&key) {
            state.fleets.entry(key).or_default().follow(nodes);
        }
    }
}

/// How many pods each node or namespace has and what they ask for: from the pods of all
/// namespaces, and only while those can all be seen. What one cannot fully see is never a number. Tells whether there is more to do.
fn roll_up(state: &mut State) -> bool {
    let mut more = false;
    for id in state.clusters.keys().copied().collect::<Vec<_>>() {
        let keys = subs::header_streams(state, id);
        let pods = keys.iter().find(|k| k.kind.plural.as_ref() == "pods" && k.scope == Scope::All);
        let pods = pods.and_then(|k| state.streams.get(k)).filter(|p| *p.freshness() == Freshness::Live);
        for by in [GroupBy::Node, GroupBy::Namespace] {
            let wanted =
                |k: &StreamKey| k.cluster == id && Target::of(&k.kind.plural).and_then(Target::sums) == Some(by);
            match pods.filter(|_| state.streams.keys().any(wanted)) {
                Some(pods) => {
                    let sums = state.sums.entry((id, by)).or_insert_with(|| Rollup::new(by));
                    more |= sums.follow(pods, COUNTED);
                }
                // Sums of a stream that is behind would be half truths; after a gap they are made anew.
                None => drop(state.sums.remove(&(id, by))),
            }
        }
    }
    more
}
