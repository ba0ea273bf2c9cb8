//! The columns of pods and the row of one pod: kubectl's, then ours.

use super::Pod;
use super::status::{Printed, condition, health, printed};
use crate::core::row::Batch;
use crate::core::schema::{Joined, Schema, Show};
use crate::core::uid::Uid;
use crate::core::value::{self, CellKind};
use crate::kinds::Row;
use crate::kinds::columns::Columns;
use crate::kinds::meta::Meta;
use crate::kinds::resources::PodParts;

/// Pods as `kubectl get pods -o wide` prints them, then usage, requests and limits, quality of service, owner.
pub fn schema() -> Schema {
    use CellKind::{Bytes, CountAgo, Milli, Pair, Permille};
    Columns::namespaced()
        .name()
        .cell("READY", Pair, Show::Always, "Ready containers of all")
        .text("STATUS", Show::Always, "What kubectl prints: the phase, or the reason that matters most")
        .cell("RESTARTS", CountAgo, Show::Room(2), "Restarts of all containers and when the last one was")
        .age()
        .text("IP", Show::Wide, "Address of the pod")
        .text("NODE", Show::Room(8), "Node it is bound to")
        .text("NOMINATED NODE", Show::Wide, "Node it may preempt others on")
        .text("READINESS GATES", Show::Wide, "Readiness gates that are true, of all")
        .joined("CPU", Milli, Joined::Cpu, Show::Room(3), "CPU in use")
        .joined("MEM", Bytes, Joined::Mem, Show::Room(3), "Memory in use")
        .joined("CPU%R", Permille, Joined::CpuOfRequest, Show::Room(6), "CPU in use, of the requests")
        .joined("CPU%L", Permille, Joined::CpuOfLimit, Show::Room(7), "CPU in use, of the limits")
        .joined("MEM%R", Permille, Joined::MemOfRequest, Show::Room(6), "Memory in use, of the requests")
        .joined("MEM%L", Permille, Joined::MemOfLimit, Show::Room(5), "Memory in use, of the limits")
        .cell("CPU/R", Milli, Show::Hidden, "CPU requests, as the scheduler counts them")
        .cell("CPU/L", Milli, Show::Hidden, "CPU limits; none unless every lasting container has one")
        .cell("MEM/R", Bytes, Show::Hidden, "Memory requests, as the scheduler counts them")
        .cell("MEM/L", Bytes, Show::Hidden, "Memory limits; none unless every lasting container has one")
        .text("QOS", Show::Wide, "Quality of service class")
        .text("PHASE", Show::Hidden, "status.phase: what the scheduler goes by, where STATUS is for people")
        .owner(Show::Wide)
        .done()
}

impl Row for Pod<'_> {
    fn meta(&self) -> &Meta<'_> {
        &self.metadata
    }

    fn put(&self, batch: &mut Batch) -> Uid {
        let printed = printed(self);
        let head = self.metadata.head(health(self, &printed), batch);
        let parts = self.parts();
        let (requests, limits) = (parts.requests(), parts.limits());
        let ip = self.status.pod_ips.first().map_or(&self.status.pod_ip, |a| &a.ip);
        let cells = [
            value::pair(printed.ready.0, printed.ready.1),
            batch.text_cell(&printed.status),
            restarts(&printed),
            batch.text_cell(ip.or("<none>")),
            batch.text_cell(self.spec.node_name.or("<none>")),
            batch.text_cell(self.status.nominated_node_name.or("<none>")),
            self.gates(batch),
            requests.cpu_cell(),
            limits.cpu_cell(),
            requests.memory_cell(),
            limits.memory_cell(),
            batch.text_cell(&self.status.qos_class),
            batch.text_cell(&self.status.phase),
        ];
        batch.put(head, &cells);
        head.uid
    }
}

fn restarts(printed: &Printed<'_>) -> u64 {
    let count = u32::try_from(printed.restarts).unwrap_or(0);
    let known = count != 0 && printed.last_restart.is_set();
    value::count_ago(count, known.then_some(printed.last_restart.0.div_euclid(1000)))
}

impl Pod<'_> {
    fn parts(&self) -> PodParts<'_> {
        PodParts {
            init: self.spec.init_containers.iter().map(|c| (c.restartable(), &c.resources)).collect(),
            regular: self.spec.containers.iter().map(|c| &c.resources).collect(),
            pod: self.spec.resources,
            overhead: self.spec.overhead,
        }
    }

    fn gates(&self, batch: &mut Batch) -> u64 {
        let gates = &self.spec.readiness_gates;
        if gates.is_empty() {
            return batch.text_cell("<none>");
        }
        let open = gates.iter().filter(|g| condition(&self.status.conditions, &g.condition_type)).count();
        batch.text_cell(&format!("{open}/{}", gates.len()))
    }
}
