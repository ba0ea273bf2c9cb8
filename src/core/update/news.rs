//! News of a cluster.

use super::palette;
use crate::core::cluster::{Link, UsageLink};
use crate::core::kind::{ClusterId, StreamKey};
use crate::core::msg::News;
use crate::core::panes::Body;
use crate::core::problem::Problem;
use crate::core::state::State;
use crate::core::usage::Sample;

/// Skew below this is not worth saying and is within a Date header's grain (ms).
const SKEW_MS: i64 = 2_000;

pub(super) fn cluster(state: &mut State, id: ClusterId, news: News) {
    let Some(c) = state.clusters.get_mut(&id) else { return };
    match news {
        News::Kinds(kinds, broken) => {
            c.kinds = kinds;
            c.broken = broken;
            c.discovered = true;
            adopt_kinds(state, id);
            if let Some(line) = state.later.take().filter(|_| state.active == id) {
                palette::run(state, &line);
            }
        }
        News::Version(v) => c.version = Some(v),
        News::User(u) => c.user = Some(u),
        News::Answered(rtt, skew) => {
            c.rtt = Some(rtt);
            c.link = Link::Up;
            if let Some(skew) = skew {
                // The header has whole seconds, and was written some time within the round trip:
                // follow only what is more than both.
                let grain = SKEW_MS + i64::try_from(rtt / 1_000).unwrap_or(i64::MAX / 2);
                if (skew - c.skew).abs() > grain {
                    c.skew = if skew.abs() > grain { skew } else { 0 };
                }
            }
        }
        News::Traffic(traffic) => c.meter.add(traffic),
        News::Failed(problem) => c.link = Link::Down(problem),
        News::PodSamples(samples) => {
            measured(&mut c.pod_usage_link, &samples);
            c.pod_usage.apply(&samples);
        }
        News::NodeSamples(samples) => {
            measured(&mut c.node_usage_link, &samples);
            c.node_usage.apply(&samples);
        }
        News::PodUsage(result) => usage(state, id, "pods", result),
        News::NodeUsage(result) => usage(state, id, "nodes", result),
    }
}

/// Panes made before discovery answered take the server's own description of their kind.
fn adopt_kinds(state: &mut State, id: ClusterId) {
    let Some(cluster) = state.clusters.get(&id) else { return };
    for pane in state.panes.values_mut().filter(|p| p.cluster == id) {
        for body in pane.back.iter_mut().chain(std::iter::once(&mut pane.body)) {
            let Body::Table(t) = body else { continue };
            let same = |k: &&std::sync::Arc<crate::core::kind::Kind>| {
                k.plural == t.key.kind.plural && k.group == t.key.kind.group
            };
            if let Some(kind) = cluster.kinds.iter().find(same)
                && *kind != t.key.kind
            {
                // The stream's identity must not change under a running stream for a detail of
                // the description: only the version decides what is asked of the server.
                if kind.version != t.key.kind.version {
                    t.turn_to(StreamKey { kind: kind.clone(), ..t.key.clone() });
                }
            }
        }
    }
}

fn usage(state: &mut State, id: ClusterId, plural: &str, result: Result<Vec<Sample>, Problem>) {
    let now = state.server_now(id);
    let Some(c) = state.clusters.get_mut(&id) else { return };
    let (book, link) = match plural {
        "pods" => (&mut c.pod_usage, &mut c.pod_usage_link),
        _ => (&mut c.node_usage, &mut c.node_usage_link),
    };
    match result {
        Ok(samples) => {
            if !measured(link, &samples) && !matches!(link, UsageLink::At(_)) {
                *link = UsageLink::At(now);
            }
            book.apply(&samples);
            book.end_round();
        }
        Err(problem) => *link = UsageLink::Missing(problem),
    }
}

/// Notes when something was measured; whether there was anything.
fn measured(link: &mut UsageLink, samples: &[Sample]) -> bool {
    let at = samples.iter().map(|s| s.at).max();
    if let Some(at) = at {
        *link = UsageLink::At(at);
    }
    at.is_some()
}
