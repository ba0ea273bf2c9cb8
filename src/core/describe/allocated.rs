//! What the pods of a node ask for, in sums and one by one.

use super::Subject;
use super::write::Writer;
use crate::core::freshness::Freshness;
use crate::core::role::Role;
use crate::core::schema::Joined;
use crate::core::store::{RowRef, Store};
use crate::core::value::{NONE, as_int, human_bytes, human_milli};

/// The pods that the scheduler counts on this node, by namespace and name.
fn of_node<'a>(pods: &'a Store, node: &str) -> Vec<RowRef<'a>> {
    let (Some(on), Some(phase)) = (pods.schema().find("NODE"), pods.schema().find("PHASE")) else { return Vec::new() };
    let Some(sym) = pods.symbols().find(node) else { return Vec::new() };
    let ended = |r: &RowRef<'_>| matches!(r.text(phase), "Succeeded" | "Failed");
    let mut all: Vec<RowRef<'_>> = pods.rows().filter(|r| r.sym(on) == Some(sym) && !ended(r)).collect();
    all.sort_by_key(|r| (r.namespace(), r.name()));
    all
}

pub(super) fn describe(out: &mut Writer, subject: &Subject<'_>, node: &str, room: Room) {
    let Some(store) = subject.pods else { return };
    out.title("Allocated");
    match store.freshness() {
        Freshness::Forbidden(missing) => {
            return out.text(1, &format!("its pods are not known: you may not {missing}"), Role::FreshError);
        }
        // Sums over a part of the pods would be no sums.
        f if !f.current() && store.is_empty() => return out.text(1, "reading its pods", Role::FreshSyncing),
        Freshness::Syncing { .. } => return out.text(1, "reading its pods", Role::FreshSyncing),
        _ => {}
    }
    let pods = of_node(store, node);
    sums(out, subject, store, &pods, room);
    out.title(&format!("Pods ({})", pods.len()));
    if pods.is_empty() {
        return out.text(1, "none", Role::Dim);
    }
    let titles = ["NAMESPACE", "NAME", "STATUS", "CPU/R", "CPU/L", "MEM/R", "MEM/L", "CPU", "MEM", "AGE"];
    let mut rows = vec![titles.map(str::to_owned).to_vec()];
    for pod in &pods {
        let cell = |title: &str| {
            let mut text = String::new();
            if let Some(c) = store.schema().find(title) {
                pod.write(&mut text, c, subject.now);
            }
            text
        };
        rows.push(titles.map(cell).to_vec());
    }
    let role = |i: usize| pods.get(i).map_or(Role::TextValue, |p| Role::of_health(p.health()));
    out.judged_table(1, &rows, 3, role);
}

/// What pods may take of a node.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Room {
    pub cpu: Option<i64>,
    pub mem: Option<i64>,
    pub pods: Option<i64>,
}

fn sums(out: &mut Writer, subject: &Subject<'_>, store: &Store, pods: &[RowRef<'_>], room: Room) {
    let sum = |title: &str| {
        let column = store.schema().find(title);
        let all = pods.iter().map(|p| column.and_then(|c| p.number(c)));
        all.fold((0_i64, 0_usize), |(sum, none), v| v.map_or((sum, none + 1), |v| (sum.saturating_add(v), none)))
    };
    let share = |v: i64, of: Option<i64>| {
        of.filter(|of| *of > 0).map(|of| format!(" ({:.0}%)", v as f64 / of as f64 * 100.0)).unwrap_or_default()
    };
    let mut rows = vec![["RESOURCE", "REQUESTS", "LIMITS", "IN USE"].map(str::to_owned).to_vec()];
    let node = subject.usage.first().map(|(_, u)| *u);
    for (name, requests, limits, used, of, show) in [
        ("cpu", "CPU/R", "CPU/L", node.map(|u| u.cpu), room.cpu, human_milli as fn(i64) -> String),
        ("memory", "MEM/R", "MEM/L", node.map(|u| u.mem), room.mem, human_bytes as fn(i64) -> String),
    ] {
        let (asked, limited) = (sum(requests).0, sum(limits));
        let told = |v: i64| format!("{}{}", show(v), share(v, of));
        let limits = match limited.1 {
            0 => told(limited.0),
            n if n == pods.len() => "none".to_owned(),
            n => format!("{}, {n} without", told(limited.0)),
        };
        let used = used.map_or_else(|| "·".to_owned(), told);
        rows.push(vec![name.into(), told(asked), limits, used]);
    }
    let count = i64::try_from(pods.len()).unwrap_or(i64::MAX);
    let of = room.pods.map(|n| format!(" of {n}")).unwrap_or_default();
    rows.push(vec!["pods".into(), format!("{count}{of}{}", share(count, room.pods)), String::new(), String::new()]);
    out.table(1, &rows);
    let measured = pods.iter().filter(|p| p.joined(Joined::Cpu) != NONE).count();
    if measured > 0 {
        let total = |what| pods.iter().filter_map(|p| as_int(p.joined(what))).sum::<i64>();
        let (cpu, mem) = (human_milli(total(Joined::Cpu)), human_bytes(total(Joined::Mem)));
        out.text(1, &format!("{measured} measured pods use cpu {cpu}, memory {mem}"), Role::Dim);
    }
}
