//! Pods summed by node or by namespace, kept up by the pod store's journal. The
//! sums are as true as the store: give it one that sees all namespaces, or show
//! no sums.

use crate::core::health::Health;
use crate::core::pages::Pages;
use crate::core::schema::{Joined, Schema};
use crate::core::store::{Mark, Missed, RowId, RowRef, Store};
use crate::core::value::{NONE, as_int};
use hashbrown::HashMap;
use std::collections::VecDeque;

/// What pods are summed by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum GroupBy {
    /// The node they are bound to (column NODE).
    Node,
    /// Their namespace.
    Namespace,
}

/// The sums of one group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sums {
    /// Pods that have not ended: those the scheduler counts.
    pub pods: u32,
    /// Of them, the unwell ones.
    pub unwell: u32,
    /// Their CPU requests in thousandths.
    pub cpu_requests: i64,
    /// Their memory requests in bytes.
    pub mem_requests: i64,
    /// How many of them are measured; this and what follows are summed by namespace only.
    pub measured: u32,
    /// CPU in use by the measured ones, in thousandths.
    pub cpu: i64,
    /// Memory in use by the measured ones, in bytes.
    pub mem: i64,
}

// What one pod has added to its group: there is one for every pod, so it is kept small.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Part {
    row: RowId,
    group: u32,
    unwell: bool,
    measured: bool,
    // Thousandths of a core: more than four million cores are no pod's.
    cpu_requests: u32,
    cpu: u32,
    mem_requests: i64,
    mem: i64,
}

impl Part {
    fn sums(&self) -> Sums {
        Sums {
            pods: 1,
            unwell: u32::from(self.unwell),
            cpu_requests: i64::from(self.cpu_requests),
            mem_requests: self.mem_requests,
            measured: u32::from(self.measured),
            cpu: i64::from(self.cpu),
            mem: self.mem,
        }
    }
}

#[derive(Debug, Clone, Default)]
struct Group {
    name: String,
    sums: Sums,
    changed: u64,
}

/// Sums by group.
#[derive(Debug, Clone)]
pub struct Rollup {
    by: GroupBy,
    columns: Columns,
    epoch: Option<u32>,
    mark: Mark,
    parts: Pages<Option<Part>>,
    groups: Vec<Group>,
    index: HashMap<String, u32>,
    changes: u64,
    // Rows that have still to be looked at.
    pending: VecDeque<RowId>,
    complete: bool,
}

#[derive(Debug, Clone, Copy, Default)]
struct Columns {
    node: Option<usize>,
    phase: Option<usize>,
    cpu: Option<usize>,
    mem: Option<usize>,
}

impl Columns {
    fn of(schema: &Schema) -> Self {
        Self {
            node: schema.find("NODE"),
            phase: schema.find("PHASE"),
            cpu: schema.find("CPU/R"),
            mem: schema.find("MEM/R"),
        }
    }
}

impl Rollup {
    /// Empty sums.
    #[must_use]
    pub fn new(by: GroupBy) -> Self {
        Self {
            by,
            columns: Columns::default(),
            epoch: None,
            mark: Mark::default(),
            parts: Pages::default(),
            groups: Vec::new(),
            index: HashMap::new(),
            changes: 0,
            pending: VecDeque::new(),
            complete: false,
        }
    }

    /// Follows a pod store, always the same one, and looks at no more than `limit` rows. Tells whether
    /// there is more to do.
    pub fn follow(&mut self, pods: &Store, limit: usize) -> bool {
        if self.epoch != Some(pods.epoch()) {
            self.forget_all();
            self.columns = Columns::of(pods.schema());
            self.epoch = Some(pods.epoch());
        }
        match pods.since(self.mark) {
            Missed::Rows(rows) => self.pending.extend(rows),
            Missed::All => {
                self.forget_all();
                self.pending = pods.rows().map(|r| r.id()).collect();
            }
        }
        self.mark = pods.mark();
        for _ in 0..limit {
            let Some(id) = self.pending.pop_front() else { break };
            self.look(pods, id);
        }
        if self.pending.is_empty() {
            self.pending = VecDeque::new();
            self.complete = true;
        }
        !self.pending.is_empty()
    }

    /// Whether every pod has been counted: until then the sums are too small.
    #[must_use]
    pub fn complete(&self) -> bool {
        self.complete
    }

    fn forget_all(&mut self) {
        self.complete = false;
        self.parts.clear();
        self.changes += 1;
        for group in &mut self.groups {
            (group.sums, group.changed) = (Sums::default(), self.changes);
        }
    }

    fn look(&mut self, pods: &Store, id: RowId) {
        let live = pods.get(id);
        self.parts.fill(id.slot() + 1, None);
        let old = self.parts[id.slot()];
        // An old row's removal must not take away what its successor in the slot has added.
        if live.is_none() && old.is_none_or(|p| p.row != id) {
            return;
        }
        let new = live.and_then(|row| self.part(&row));
        self.parts[id.slot()] = new;
        if old.zip(new).is_some_and(|(a, b)| Part { row: b.row, ..a } == b) {
            return;
        }
        self.changes += 1;
        for (part, sign) in [(old, -1), (new, 1)] {
            if let Some(part) = part {
                let group = &mut self.groups[part.group as usize];
                group.sums.add(&part.sums(), sign);
                group.changed = self.changes;
            }
        }
    }

    // What a pod adds; nothing once it has ended, as `kubectl describe node` counts.
    fn part(&mut self, row: &RowRef<'_>) -> Option<Part> {
        let ended = match self.columns.phase {
            Some(phase) => matches!(row.text(phase), "Succeeded" | "Failed"),
            None => row.health() == Health::Done,
        };
        let name = match self.by {
            GroupBy::Node => self.columns.node.map_or("", |c| row.text(c)),
            GroupBy::Namespace => row.namespace(),
        };
        if ended || name.is_empty() || name == "<none>" {
            return None;
        }
        let number = |column: Option<usize>| column.and_then(|c| row.number(c)).unwrap_or(0);
        // Nodes are measured themselves, and change less often than what their pods use.
        let used = |what| if self.by == GroupBy::Node { NONE } else { row.joined(what) };
        let (cpu, mem) = (used(Joined::Cpu), used(Joined::Mem));
        let small = |v: i64| u32::try_from(v.max(0)).unwrap_or(u32::MAX);
        Some(Part {
            row: row.id(),
            group: self.group(name),
            unwell: row.health().unwell(),
            measured: cpu != NONE,
            cpu_requests: small(number(self.columns.cpu)),
            cpu: small(as_int(cpu).unwrap_or(0)),
            mem_requests: number(self.columns.mem),
            mem: as_int(mem).unwrap_or(0),
        })
    }

    fn group(&mut self, name: &str) -> u32 {
        if let Some(&g) = self.index.get(name) {
            return g;
        }
        let g = self.groups.len() as u32;
        self.groups.push(Group { name: name.to_owned(), ..Group::default() });
        self.index.insert(name.to_owned(), g);
        g
    }

    /// The sums of a node or namespace; zeros for one that has no pods.
    #[must_use]
    pub fn sums(&self, name: &str) -> Sums {
        self.index.get(name).map_or_else(Sums::default, |&g| self.groups[g as usize].sums)
    }

    /// All groups that have pods.
    pub fn groups(&self) -> impl Iterator<Item = (&str, Sums)> {
        self.groups.iter().filter(|g| g.sums.pods > 0).map(|g| (g.name.as_str(), g.sums))
    }

    /// The sums over all groups.
    #[must_use]
    pub fn all(&self) -> Sums {
        let mut all = Sums::default();
        for g in &self.groups {
            all.add(&g.sums, 1);
        }
        all
    }

    pub(super) fn changes(&self) -> u64 {
        self.changes
    }

    pub(super) fn changed_since(&self, change: u64) -> impl Iterator<Item = &str> {
        self.groups.iter().filter(move |g| g.changed > change).map(|g| g.name.as_str())
    }
}

impl Sums {
    fn add(&mut self, other: &Self, sign: i32) {
        let count = |a: u32, b: u32| a.saturating_add_signed(b as i32 * sign);
        let sum = |a: i64, b: i64| a.saturating_add(b.saturating_mul(i64::from(sign)));
        self.pods = count(self.pods, other.pods);
        self.unwell = count(self.unwell, other.unwell);
        self.measured = count(self.measured, other.measured);
        self.cpu_requests = sum(self.cpu_requests, other.cpu_requests);
        self.mem_requests = sum(self.mem_requests, other.mem_requests);
        self.cpu = sum(self.cpu, other.cpu);
        self.mem = sum(self.mem, other.mem);
    }
}
