//! The nodes of a cluster summed up for the header, kept up by their store's journal: thousands
//! of nodes are not walked for every frame.

use crate::core::schema::{Joined, Schema};
use crate::core::store::{Mark, Missed, RowId, RowRef, Store};
use crate::core::value::as_int;

/// What of one resource there is, is asked for and is used; CPU in thousandths, memory in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Share {
    /// What pods may take, of all nodes that tell.
    pub room: i64,
    /// What their pods ask for.
    pub asked: i64,
    /// Nodes of which that is not known: while there are any, `asked` is too small.
    pub unknown: i64,
    /// What is used on the nodes that are measured.
    pub used: i64,
    /// What pods may take of those nodes: one that is down counts on neither side.
    pub measured: i64,
}

/// The sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FleetSums {
    /// Nodes that are Ready, also those that are cordoned.
    pub ready: i64,
    /// CPU.
    pub cpu: Share,
    /// Memory.
    pub mem: Share,
}

#[derive(Debug, Clone, Copy, Default)]
struct Columns {
    status: Option<usize>,
    cpu: Option<usize>,
    mem: Option<usize>,
}

/// Follows a node store.
#[derive(Debug, Clone, Default)]
pub struct Fleet {
    columns: Columns,
    epoch: Option<u32>,
    mark: Mark,
    // What each node has added, by slot.
    parts: Vec<Option<(RowId, FleetSums)>>,
    sums: FleetSums,
}

impl Fleet {
    /// Follows a node store; always the same one.
    pub fn follow(&mut self, nodes: &Store) {
        let missed = if self.epoch == Some(nodes.epoch()) { nodes.since(self.mark) } else { Missed::All };
        match missed {
            Missed::Rows(rows) => rows.for_each(|id| self.look(nodes, id)),
            Missed::All => {
                *self = Self { columns: Columns::of(nodes.schema()), epoch: Some(nodes.epoch()), ..Self::default() };
                nodes.rows().for_each(|row| self.look(nodes, row.id()));
            }
        }
        self.mark = nodes.mark();
    }

    /// The sums over all nodes.
    #[must_use]
    pub fn sums(&self) -> &FleetSums {
        &self.sums
    }

    fn look(&mut self, nodes: &Store, id: RowId) {
        let live = nodes.get(id);
        if self.parts.len() <= id.slot() {
            self.parts.resize(id.slot() + 1, None);
        }
        let old = self.parts[id.slot()];
        // An old row's removal must not take away what its successor in the slot has added.
        if live.is_none() && old.is_none_or(|(row, _)| row != id) {
            return;
        }
        let new = live.map(|row| (id, self.columns.part(&row)));
        self.parts[id.slot()] = new;
        for (part, sign) in [(old, -1), (new, 1)] {
            if let Some((_, part)) = part {
                self.sums.add(&part, sign);
            }
        }
    }
}

impl Columns {
    fn of(schema: &Schema) -> Self {
        Self { status: schema.find("STATUS"), cpu: schema.find("CPU/A"), mem: schema.find("MEM/A") }
    }

    fn part(&self, row: &RowRef<'_>) -> FleetSums {
        let ready = self.status.is_some_and(|c| row.text(c).split(',').any(|word| word == "Ready"));
        FleetSums {
            ready: i64::from(ready),
            cpu: Share::of(row, self.cpu, Joined::CpuRequests, Joined::Cpu),
            mem: Share::of(row, self.mem, Joined::MemRequests, Joined::Mem),
        }
    }
}

impl Share {
    fn of(row: &RowRef<'_>, room: Option<usize>, requests: Joined, used: Joined) -> Self {
        let Some(room) = room.and_then(|c| row.number(c)) else { return Self::default() };
        let (asked, used) = (as_int(row.joined(requests)), as_int(row.joined(used)));
        Self {
            room,
            asked: asked.unwrap_or(0),
            unknown: i64::from(asked.is_none()),
            used: used.unwrap_or(0),
            measured: used.map_or(0, |_| room),
        }
    }

    fn add(&mut self, other: &Self, sign: i64) {
        let add = |a: &mut i64, b: i64| *a = a.saturating_add(b.saturating_mul(sign));
        add(&mut self.room, other.room);
        add(&mut self.asked, other.asked);
        add(&mut self.unknown, other.unknown);
        add(&mut self.used, other.used);
        add(&mut self.measured, other.measured);
    }
}

impl FleetSums {
    fn add(&mut self, other: &Self, sign: i64) {
        self.ready += other.ready * sign;
        self.cpu.add(&other.cpu, sign);
        self.mem.add(&other.mem, sign);
    }
}
