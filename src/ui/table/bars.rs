//! The top pane: a name, what it uses, how that went, and what share of the allowed that is.

use super::Table;
use super::rows::{gutter, overlay, row_role};
use crate::core::cluster::{Cluster, UsageLink};
use crate::core::kind::Scope;
use crate::core::role::Role;
use crate::core::schema::Joined;
use crate::core::store::{RowRef, Store};
use crate::core::usage::{Target, Usage, UsageBook};
use crate::core::value::{NONE, as_int, human_bytes, human_milli};
use crate::ui::ink::Ink;
use crate::ui::spark;
use crate::ui::width::width;
use crate::ui::wrap::wrap;
use ratatui::layout::Rect;

/// A share at which the limit is near (thousandths).
const NEAR: i64 = 900;
/// A share worth a look (thousandths).
const HIGH: i64 = 750;
/// Cells of a history where there is room.
const HISTORY: u16 = 24;

pub(super) fn draw(ink: &mut Ink<'_>, area: Rect, t: &Table<'_>, store: &Store) {
    let Some(cluster) = t.state.clusters.get(&t.pane.cluster) else { return };
    let Some(target) = Target::of(&t.body.key.kind.plural) else { return };
    let (book, source) = if target == Target::Nodes {
        (&cluster.node_usage, &cluster.node_usage_link)
    } else {
        (&cluster.pod_usage, &cluster.pod_usage_link)
    };
    if book.is_empty() {
        return unmeasured(ink, area, cluster, source);
    }
    let what = Measure::of(&t.body.sort.title);
    let top = t.body.cursor.top();
    let rows: Vec<RowRef<'_>> =
        t.body.view.window(top, usize::from(area.height)).filter_map(|id| store.peek(id)).collect();
    let lines: Vec<Line> = rows.iter().map(|r| Line::new(ink, r, what, target, name(t, target, r))).collect();
    let sheet = Sheet::fit(&lines, area.width.saturating_sub(gutter(t)));
    for (i, (row, line)) in rows.iter().zip(&lines).enumerate() {
        let at = Rect { y: area.y + i as u16, height: 1, ..area };
        sheet.row(ink, at, gutter(t), row, line, &history(book, row, what, target));
        overlay(ink, at, t, row, top + i == t.body.cursor.place(), ink.look.style(row_role(row)));
    }
}

/// What a line is called: as much of where it is as the pane's title does not say.
fn name(t: &Table<'_>, target: Target, row: &RowRef<'_>) -> String {
    let mut parts = Vec::new();
    if t.body.key.kind.namespaced && !matches!(&t.body.key.scope, Scope::Namespaces(list) if list.len() == 1) {
        parts.push(row.namespace());
    }
    if target == Target::Containers && t.body.key.fields.is_empty() {
        parts.extend(row.owner().strip_prefix("Pod/"));
    }
    parts.push(row.name());
    parts.join("/")
}

/// Says what is missing, instead of drawing zeros.
fn unmeasured(ink: &mut Ink<'_>, area: Rect, cluster: &Cluster, source: &UsageLink) {
    let text = match source {
        UsageLink::Asking | UsageLink::At(_) => "waiting for the first measurement".to_owned(),
        UsageLink::Missing(why) => format!(
            "no usage on {}: {why}. It needs the metrics API (metrics-server), or the right to get nodes/proxy",
            cluster.context.name
        ),
    };
    for (i, line) in wrap(&text, area.width.saturating_sub(4)).iter().enumerate() {
        let y = area.y + 1 + i as u16;
        if y < area.bottom() {
            ink.put(area.x + 2, y, area.right(), line, if i == 0 { Role::FreshStale } else { Role::Dim });
        }
    }
}

/// What a top pane measures: what it is sorted by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Measure {
    Cpu,
    Mem,
}

impl Measure {
    fn of(title: &str) -> Self {
        if title.to_ascii_uppercase().starts_with("CPU") { Self::Cpu } else { Self::Mem }
    }
}

struct Line {
    name: String,
    value: String,
    share: String,
    role: Role,
    /// What the history is drawn against: the limit or request, where there is one.
    whole: Option<u64>,
}

impl Line {
    fn new(ink: &Ink<'_>, row: &RowRef<'_>, what: Measure, target: Target, name: String) -> Self {
        let (used, of_limit, of_request) = match what {
            Measure::Cpu => (Joined::Cpu, Joined::CpuOfLimit, Joined::CpuOfRequest),
            Measure::Mem => (Joined::Mem, Joined::MemOfLimit, Joined::MemOfRequest),
        };
        let used = as_int(row.joined(used));
        let value = match (used, what) {
            (None, _) => ink.look.symbols.unknown.to_string(),
            (Some(v), Measure::Cpu) => human_milli(v),
            (Some(v), Measure::Mem) => human_bytes(v),
        };
        let (share, of) = match (row.joined(of_limit), row.joined(of_request)) {
            (limit, _) if limit != NONE => (as_int(limit), "limit"),
            (_, request) => (as_int(request), if target == Target::Nodes { "allocatable" } else { "request" }),
        };
        let role = match share {
            // More than was asked for is no fault; near the limit is.
            Some(s) if of != "request" && s >= NEAR => Role::RowBad,
            Some(s) if of != "request" && s >= HIGH => Role::RowWarn,
            _ => Role::RowOk,
        };
        let whole = used.zip(share).filter(|(_, s)| *s > 0).map(|(u, s)| (u as f64 * 1000.0 / s as f64) as u64);
        let share = share.map_or_else(String::new, |s| format!("{:>3}% of {of}", (s + 5) / 10));
        Self { name, value, share, role, whole }
    }
}

fn history(book: &UsageBook, row: &RowRef<'_>, what: Measure, target: Target) -> Vec<u64> {
    let value = |u: Usage| u64::try_from(if what == Measure::Cpu { u.cpu } else { u.mem }).unwrap_or(0);
    match (target, row.owner().strip_prefix("Pod/")) {
        (Target::Containers, Some(pod)) => book.history_of(row.namespace(), pod, row.name()).map(value).collect(),
        // Sums of what was measured at different moments have no history of their own.
        (Target::Containers | Target::Namespaces, _) => Vec::new(),
        (Target::Pods | Target::Nodes, _) => book.history(row.namespace(), row.name()).map(value).collect(),
    }
}

/// Where the parts of a line stand.
struct Sheet {
    name: u16,
    value: u16,
    spark: u16,
    share: u16,
}

impl Sheet {
    /// The name gets what it needs up to half the room; the history what is left.
    fn fit(lines: &[Line], room: u16) -> Self {
        let widest = |f: fn(&Line) -> &str| lines.iter().map(|l| width(f(l))).max().unwrap_or(0);
        let value = widest(|l| &l.value).max(5);
        let mut share = widest(|l| &l.share);
        if room < value + share + 24 {
            share = share.min(4);
        }
        let rest = room.saturating_sub(value + share + 3);
        let name = widest(|l| &l.name).min((rest * 7 / 10).max(rest.saturating_sub(HISTORY)));
        let spark = rest.saturating_sub(name).min(HISTORY);
        Self { name: rest.saturating_sub(spark).min(name), value, spark, share }
    }

    fn row(&self, ink: &mut Ink<'_>, at: Rect, gutter: u16, row: &RowRef<'_>, line: &Line, history: &[u64]) {
        let base = row_role(row);
        ink.patch(at, ink.look.style(base));
        let mut x = at.x + gutter;
        let of = |x: u16, w: u16| (x + w).min(at.right());
        ink.put(x, at.y, of(x, self.name), &line.name, base);
        x += self.name + 1;
        ink.put_right(x, at.y, of(x, self.value), &line.value, ink.look.style(base));
        x += self.value + 1;
        let spark = spark::line(history, line.whole, usize::from(self.spark), &ink.look.symbols);
        ink.put(x, at.y, of(x, self.spark), &spark, Role::Spark);
        x += self.spark + 1;
        let share = if self.share <= 4 { line.share.get(..4).unwrap_or("") } else { &line.share };
        ink.put(x, at.y, of(x, self.share), share, line.role);
    }
}
