//! Measurements into rows. A join follows three things at its own pace: the
//! store's journal (new rows, changed requests), the book's changes (new
//! samples), and for nodes the sums of their pods. It works in steps of a given
//! size, because a poll of a big cluster changes every row at once.

use super::{GroupBy, Rollup, Usage, UsageBook};
use crate::core::schema::{Joined, Schema};
use crate::core::store::{Mark, Missed, RowId, RowRef, Store};
use crate::core::value::{NONE, int, pair};
use std::collections::VecDeque;

/// What kind of rows are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// Pods: usage, and its share of requests and limits (columns CPU/R CPU/L MEM/R MEM/L).
    Pods,
    /// Containers of pods: as pods, each by its part of its pod's measurement.
    Containers,
    /// Nodes: usage, its share of what pods may take (CPU/A MEM/A), their pods (PODS/A) and requests.
    Nodes,
    /// Namespaces: sums over their pods.
    Namespaces,
}

impl Target {
    /// Whose rows these are, by the plural of a kind of the core group; `None` for rows nothing is joined into.
    #[must_use]
    pub fn of(plural: &str) -> Option<Self> {
        match plural {
            "pods" => Some(Self::Pods),
            "nodes" => Some(Self::Nodes),
            "namespaces" => Some(Self::Namespaces),
            crate::core::kind::CONTAINERS => Some(Self::Containers),
            _ => None,
        }
    }

    /// What the pods are summed by for it, if they are.
    #[must_use]
    pub fn sums(self) -> Option<GroupBy> {
        match self {
            Self::Nodes => Some(GroupBy::Node),
            Self::Namespaces => Some(GroupBy::Namespace),
            Self::Pods | Self::Containers => None,
        }
    }
}

#[derive(Debug, Clone, Default)]
struct Columns {
    cpu_of: Option<usize>,
    mem_of: Option<usize>,
    cpu_limit: Option<usize>,
    mem_limit: Option<usize>,
    pods_of: Option<usize>,
}

impl Columns {
    fn of(schema: &Schema, target: Target) -> Self {
        let find = |pods: &str, nodes: &str| schema.find(if target == Target::Nodes { nodes } else { pods });
        Self {
            cpu_of: find("CPU/R", "CPU/A"),
            mem_of: find("MEM/R", "MEM/A"),
            cpu_limit: find("CPU/L", ""),
            mem_limit: find("MEM/L", ""),
            pods_of: find("", "PODS/A"),
        }
    }
}

/// The state of joining one book (and one roll-up) into one store.
#[derive(Debug, Clone)]
pub struct Join {
    target: Target,
    columns: Columns,
    epoch: Option<u32>,
    mark: Mark,
    round: u32,
    book_seen: Mark,
    sums_seen: u64,
    had_sums: bool,
    // Rows to look at, and places of the book whose rows have to be found first.
    rows: VecDeque<RowId>,
    places: VecDeque<u32>,
    // The row each place was found at, so that it is seldom looked for.
    found: Vec<RowId>,
}

impl Join {
    /// A join that has done nothing yet.
    #[must_use]
    pub fn new(target: Target) -> Self {
        Self {
            target,
            columns: Columns::default(),
            epoch: None,
            mark: Mark::default(),
            round: 0,
            book_seen: Mark::default(),
            sums_seen: 0,
            had_sums: false,
            rows: VecDeque::new(),
            places: VecDeque::new(),
            found: Vec::new(),
        }
    }

    /// Looks at no more than `limit` rows. Tells whether there is more to do.
    /// `sums`: for nodes and namespaces, their pods summed up; `None` while not all pods are known.
    pub fn step(&mut self, store: &mut Store, book: &UsageBook, sums: Option<&Rollup>, limit: usize) -> bool {
        self.gather(store, book, sums);
        for _ in 0..limit {
            let (row, usage) = if let Some(id) = self.rows.pop_front() {
                let row = store.get(id);
                (row, row.and_then(|r| book.latest(r.namespace(), r.name())))
            } else if let Some(place) = self.places.pop_front() {
                (self.find(store, book, place), book.latest_at(place))
            } else {
                break;
            };
            if let Some(row) = row {
                let (id, values) = (row.id(), self.values(&row, usage, book, sums));
                store.set_joined(id, &values);
            }
        }
        // What this join has written itself is no news to it.
        self.mark = store.mark();
        // A poll of a big cluster fills them, and nothing does until the next one.
        if self.rows.is_empty() && self.places.is_empty() {
            (self.rows, self.places) = (VecDeque::new(), VecDeque::new());
        }
        !(self.rows.is_empty() && self.places.is_empty())
    }

    // The row of a place of the book.
    fn find<'s>(&mut self, store: &'s Store, book: &UsageBook, place: u32) -> Option<RowRef<'s>> {
        let (namespace, name) = book.names(place)?;
        let at = place as usize;
        let known = self.found.get(at).and_then(|&id| store.get(id));
        // A place may be another object's by now.
        let row = known
            .filter(|r| r.name() == name && r.namespace() == namespace)
            .or_else(|| store.find_name(namespace, name))?;
        if self.found.len() <= at {
            self.found.resize(at + 1, RowId::NOBODY);
        }
        self.found[at] = row.id();
        Some(row)
    }

    fn gather(&mut self, store: &Store, book: &UsageBook, sums: Option<&Rollup>) {
        let turned = self.had_sums != sums.is_some();
        self.had_sums = sums.is_some();
        let lost = self.epoch != Some(store.epoch()) || book.forgot_since(self.round) || turned;
        self.round = book.rounds();
        let missed = if lost { Missed::All } else { store.since(self.mark) };
        match missed {
            // More than there are rows: then all of them, once, are less to do.
            Missed::Rows(rows) if self.rows.len() <= store.len() => self.rows.extend(rows),
            Missed::Rows(_) => self.rows = store.rows().map(|r| r.id()).collect(),
            Missed::All => {
                self.epoch = Some(store.epoch());
                self.columns = Columns::of(store.schema(), self.target);
                self.places.clear();
                self.found.clear();
                self.rows = store.rows().map(|r| r.id()).collect();
            }
        }
        match book.since(self.book_seen) {
            // What is still waiting from before is looked at with the newest sample anyway.
            _ if self.book_seen == book.mark() || self.target == Target::Namespaces => {}
            _ if self.target == Target::Containers => self.rows = store.rows().map(|r| r.id()).collect(),
            Missed::Rows(places) if self.places.len() <= book.places() as usize => self.places.extend(places),
            _ => self.places = (0..book.places()).collect(),
        }
        self.book_seen = book.mark();
        if let Some(sums) = sums.filter(|s| s.changes() != self.sums_seen) {
            let find = |name: &str| store.find_name("", name).map(|r| r.id());
            self.rows.extend(sums.changed_since(self.sums_seen).filter_map(find));
            self.sums_seen = sums.changes();
        }
    }

    // An older sample is of an object that had the name before.
    fn measured(&self, row: &RowRef<'_>, usage: Option<Usage>, book: &UsageBook) -> Option<Usage> {
        let usage = match self.target {
            Target::Containers => {
                let pod = row.owner().strip_prefix("Pod/")?;
                book.containers(row.namespace(), pod).find(|(name, _)| *name == row.name()).map(|(_, u)| u)
            }
            _ => usage,
        };
        usage.filter(|u| u.at >= row.created() / 1000 * 1000)
    }

    fn values(
        &self,
        row: &RowRef<'_>,
        usage: Option<Usage>,
        book: &UsageBook,
        sums: Option<&Rollup>,
    ) -> [(Joined, u64); 9] {
        let c = &self.columns;
        let sums = sums.filter(|_| self.target.sums().is_some()).map(|s| s.sums(row.name()));
        let (cpu, mem) = if self.target == Target::Namespaces {
            sums.filter(|s| s.measured > 0).map(|s| (s.cpu, s.mem)).unzip()
        } else {
            self.measured(row, usage, book).map(|u| (u.cpu, u.mem)).unzip()
        };
        let cell = |value: Option<i64>| value.map_or(NONE, int);
        let share = |value: Option<i64>, of: Option<usize>| {
            let of = of.and_then(|c| row.number(c)).filter(|&of| of > 0);
            cell(value.zip(of).map(|(v, of)| permille(v, of)))
        };
        let room = c.pods_of.and_then(|c| row.number(c)).and_then(|n| u32::try_from(n).ok());
        let pods = match (self.target, sums) {
            (Target::Namespaces, Some(s)) => int(i64::from(s.pods)),
            (_, sums) => sums.zip(room).map_or(NONE, |(s, room)| pair(s.pods, room)),
        };
        [
            (Joined::Cpu, cell(cpu)),
            (Joined::Mem, cell(mem)),
            (Joined::CpuOfRequest, share(cpu, c.cpu_of)),
            (Joined::CpuOfLimit, share(cpu, c.cpu_limit)),
            (Joined::MemOfRequest, share(mem, c.mem_of)),
            (Joined::MemOfLimit, share(mem, c.mem_limit)),
            (Joined::Pods, pods),
            (Joined::CpuRequests, sums.map_or(NONE, |s| int(s.cpu_requests))),
            (Joined::MemRequests, sums.map_or(NONE, |s| int(s.mem_requests))),
        ]
    }
}

fn permille(value: i64, of: i64) -> i64 {
    i64::try_from(i128::from(value) * 1000 / i128::from(of)).unwrap_or(i64::MAX)
}
