//! The header's sums over nodes and pods. They are read from the streams the header
//! subscribes to; one that is forbidden or partial makes its sum unknown.

use super::Part;
use crate::core::cluster::Cluster;
use crate::core::role::Role;
use crate::core::schema::Joined;
use crate::core::state::State;
use crate::core::store::{RowRef, Store};
use crate::core::subs::header_streams;
use crate::core::value::as_int;
use crate::ui::ink::{Ink, Piece};
use crate::ui::words::{count, counted};
use std::collections::HashMap;

/// The header's store of a kind, if it says the whole truth about it.
fn store<'a>(state: &'a State, cluster: &Cluster, plural: &str) -> Option<&'a Store> {
    let key = header_streams(state, cluster.id).into_iter().find(|k| k.kind.plural.as_ref() == plural)?;
    // Old counts are shown (the panes say how old); incomplete ones are not.
    state.streams.get(&key).filter(|s| counted(s.freshness()))
}

pub(super) fn nodes(ink: &Ink<'_>, state: &State, cluster: &Cluster) -> Part {
    let Some(nodes) = store(state, cluster, "nodes") else { return unknown(ink, "nodes") };
    let total = nodes.counts().total;
    let Some(status) = nodes.schema().find("STATUS") else { return unknown(ink, "nodes") };
    // Thousands of nodes share a handful of texts: each is read once, not each row's.
    let mut known = HashMap::new();
    let mut is_ready = |row: &RowRef<'_>| {
        let says = || row.text(status).split(',').any(|word| word == "Ready");
        row.sym(status).map_or_else(says, |sym| *known.entry(sym).or_insert_with(says))
    };
    let ready = nodes.rows().filter(|row| is_ready(row)).count();
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
    let Some(nodes) = store(state, cluster, "nodes").filter(|n| !n.is_empty()) else { return Part::new(Vec::new()) };
    let cpu = Shares::of(nodes, Joined::CpuRequests, Joined::Cpu, "CPU/A");
    let mem = Shares::of(nodes, Joined::MemRequests, Joined::Mem, "MEM/A");
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
    fn of(nodes: &Store, requests: Joined, used: Joined, room: &str) -> Self {
        let Some(room) = nodes.schema().find(room) else { return Self { requested: None, used: None } };
        let (mut asked, mut all, mut all_known) = (0_i64, 0_i64, true);
        let (mut taken, mut measured) = (0_i64, 0_i64);
        for row in nodes.rows() {
            let Some(has) = as_int(row.cell(room)) else { continue };
            all += has;
            match as_int(row.joined(requests)) {
                Some(r) => asked += r,
                None => all_known = false,
            }
            // A node that is not measured (it may be down) counts on neither side.
            if let Some(u) = as_int(row.joined(used)) {
                taken += u;
                measured += has;
            }
        }
        let percent = |part: i64, whole: i64| (whole > 0).then(|| (part as f64 / whole as f64 * 100.0).round() as i64);
        Self { requested: percent(asked, all).filter(|_| all_known), used: percent(taken, measured) }
    }

    fn both(&self, unknown: char) -> String {
        let show = |v: Option<i64>| v.map_or_else(|| unknown.to_string(), |v| v.to_string());
        format!("{}/{}", show(self.requested), self.used(unknown))
    }

    fn used(&self, unknown: char) -> String {
        self.used.map_or_else(|| unknown.to_string(), |v| format!("{v}%"))
    }
}
