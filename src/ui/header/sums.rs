//! The header's sums over nodes and pods. They come from the streams the header subscribes
//! to; one that is forbidden or partial makes its sum unknown.

use super::Part;
use crate::core::cluster::Cluster;
use crate::core::kind::StreamKey;
use crate::core::role::Role;
use crate::core::state::State;
use crate::core::store::Store;
use crate::core::subs::header_streams;
use crate::core::usage::{FleetSums, Share};
use crate::ui::ink::{Ink, Piece};
use crate::ui::words::{count, counted};

fn key(state: &State, cluster: &Cluster, plural: &str) -> Option<StreamKey> {
    header_streams(state, cluster.id).into_iter().find(|k| k.kind.plural.as_ref() == plural)
}

/// The header's store of a kind, if it says the whole truth about it.
fn store<'a>(state: &'a State, cluster: &Cluster, plural: &str) -> Option<&'a Store> {
    // Old counts are shown (the panes say how old); incomplete ones are not.
    state.streams.get(&key(state, cluster, plural)?).filter(|s| counted(s.freshness()))
}

/// The sums over the nodes, if they are the whole truth.
fn fleet<'a>(state: &'a State, cluster: &Cluster) -> Option<(&'a Store, &'a FleetSums)> {
    let nodes = store(state, cluster, "nodes")?;
    Some((nodes, state.fleets.get(&key(state, cluster, "nodes")?)?.sums()))
}

pub(super) fn nodes(ink: &Ink<'_>, state: &State, cluster: &Cluster) -> Part {
    let Some((nodes, sums)) = fleet(state, cluster) else { return unknown(ink, "nodes") };
    let (ready, total) = (usize::try_from(sums.ready).unwrap_or(0), nodes.counts().total);
    let role = if ready < total { Role::RowWarn } else { Role::Header };
    let text = format!("{}/{}", count(ready as u64), count(total as u64));
    Part::new(vec![vec![("nodes ".into(), Role::Header), (text, role)]])
}

pub(super) fn pods(ink: &Ink<'_>, state: &State, cluster: &Cluster) -> Part {
    let Some(pods) = store(state, cluster, "pods") else { return unknown(ink, "pods") };
    let counts = pods.counts();
    let mut pieces: Vec<Piece> = vec![("pods ".into(), Role::Header)];
    if counts.unwell > 0 {
        pieces.push((format!("{} bad", count(counts.unwell as u64)), Role::RowBad));
        pieces.push(("/".into(), Role::Header));
    }
    pieces.push((count(counts.total as u64), Role::Header));
    let brief = vec![(format!("{} bad", count(counts.unwell as u64)), Role::RowBad)];
    Part::new(if counts.unwell > 0 { vec![pieces, brief] } else { vec![pieces] })
}

fn unknown(ink: &Ink<'_>, what: &str) -> Part {
    Part::new(vec![vec![(format!("{what} {}", ink.look.symbols.unknown), Role::Header)]])
}

/// CPU and memory: requested and used, of what pods may take.
pub(super) fn usage(ink: &Ink<'_>, state: &State, cluster: &Cluster) -> Part {
    let Some((_, sums)) = fleet(state, cluster).filter(|(n, _)| !n.is_empty()) else { return Part::new(Vec::new()) };
    let (cpu, mem) = (Shares::of(&sums.cpu), Shares::of(&sums.mem));
    let unknown = ink.look.symbols.unknown;
    let long = format!("cpu {} mem {}", cpu.both(unknown), mem.both(unknown));
    let brief = format!("cpu {} mem {}", cpu.used(unknown), mem.used(unknown));
    Part::new(vec![vec![(long, Role::Header)], vec![(brief, Role::Header)]])
}

/// Shares of the allocatable, in percent.
struct Shares {
    requested: Option<i64>,
    used: Option<i64>,
}

impl Shares {
    fn of(share: &Share) -> Self {
        let percent = |part: i64, whole: i64| (whole > 0).then(|| (part as f64 / whole as f64 * 100.0).round() as i64);
        Self {
            requested: percent(share.asked, share.room).filter(|_| share.unknown == 0),
            used: percent(share.used, share.measured),
        }
    }

    fn both(&self, unknown: char) -> String {
        let show = |v: Option<i64>| v.map_or_else(|| unknown.to_string(), |v| v.to_string());
        format!("{}/{}", show(self.requested), self.used(unknown))
    }

    fn used(&self, unknown: char) -> String {
        self.used.map_or_else(|| unknown.to_string(), |v| format!("{v}%"))
    }
}
