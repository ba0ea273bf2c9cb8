//! The columns of nodes and the row of one node: kubectl's, then ours.

use super::{Condition, Node};
use crate::core::health::Health;
use crate::core::row::Batch;
use crate::core::schema::{Joined, Schema, Show};
use crate::core::uid::Uid;
use crate::core::value::{self, CellKind, NONE};
use crate::kinds::Row;
use crate::kinds::columns::Columns;
use crate::kinds::meta::Meta;
use crate::kinds::quantity::Quantity;

/// Nodes as `kubectl get nodes -o wide` prints them, then pods, usage, requests, taints and pressure.
pub fn schema() -> Schema {
    use CellKind::{Age, Bytes, Int, Milli, Pair, Permille};
    Columns::clustered()
        .name()
        .text("STATUS", Show::Always, "Ready, NotReady or Unknown, and whether scheduling is disabled")
        .text("ROLES", Show::Room(4), "Roles, from labels")
        .age()
        .text("VERSION", Show::Room(5), "Version of its kubelet")
        .text("INTERNAL-IP", Show::Wide, "Address inside the cluster")
        .text("EXTERNAL-IP", Show::Wide, "Address outside the cluster")
        .text("OS-IMAGE", Show::Wide, "Operating system")
        .text("KERNEL-VERSION", Show::Wide, "Kernel")
        .text("CONTAINER-RUNTIME", Show::Wide, "Container runtime")
        .joined("PODS", Pair, Joined::Pods, Show::Room(2), "Pods bound to it, of those it may run")
        .joined("CPU", Milli, Joined::Cpu, Show::Room(6), "CPU in use")
        .joined("MEM", Bytes, Joined::Mem, Show::Room(6), "Memory in use")
        .joined("CPU%", Permille, Joined::CpuOfRequest, Show::Room(3), "CPU in use, of allocatable")
        .joined("MEM%", Permille, Joined::MemOfRequest, Show::Room(3), "Memory in use, of allocatable")
        .joined("CPU/R", Milli, Joined::CpuRequests, Show::Room(7), "Sum of its pods' CPU requests")
        .joined("MEM/R", Bytes, Joined::MemRequests, Show::Room(7), "Sum of its pods' memory requests")
        .cell("CPU/A", Milli, Show::Hidden, "CPU that pods may take")
        .cell("MEM/A", Bytes, Show::Hidden, "Memory that pods may take")
        .cell("PODS/A", Int, Show::Hidden, "How many pods it may run")
        .text("TAINTS", Show::Room(9), "Taints, as kubectl taint writes them")
        .text("PRESSURE", Show::Room(8), "Conditions that are wrong: memory, disk, PIDs, network")
        .cell("NOTREADY", Age, Show::Room(8), "How long it has not been ready")
        .done()
}

const UNSCHEDULABLE: &str = "node.kubernetes.io/unschedulable";

impl Row for Node<'_> {
    fn meta(&self) -> &Meta<'_> {
        &self.metadata
    }

    fn put(&self, batch: &mut Batch) -> Uid {
        let pressure = self.pressure();
        let head = self.metadata.head(self.health(&pressure), batch);
        let info = &self.status.node_info;
        let room = &self.status.allocatable;
        let not_ready = self.ready().filter(|c| c.status != "True").map_or(NONE, |c| c.last_transition_time.cell());
        let cells = [
            batch.text_cell(&self.printed_status()),
            batch.text_cell(&self.roles()),
            batch.text_cell(&info.kubelet_version),
            batch.text_cell(self.address("InternalIP")),
            batch.text_cell(self.address("ExternalIP")),
            batch.text_cell(info.os_image.or("<unknown>")),
            batch.text_cell(info.kernel_version.or("<unknown>")),
            batch.text_cell(info.container_runtime_version.or("<unknown>")),
            room.cpu.0.map_or(NONE, |q| value::int(q.milli())),
            room.memory.0.map_or(NONE, |q| value::int(q.whole())),
            room.pods.0.map_or(NONE, |q: Quantity| value::int(q.whole())),
            batch.text_cell(&self.taints()),
            batch.text_cell(&pressure),
            not_ready,
        ];
        batch.put(head, &cells);
        head.uid
    }
}

impl Node<'_> {
    // Of two conditions of one type the last counts, as in the printer's map.
    fn ready(&self) -> Option<&Condition<'_>> {
        self.status.conditions.iter().rev().find(|c| c.kind == "Ready")
    }

    fn printed_status(&self) -> String {
        let mut out = match self.ready() {
            Some(c) if c.status == "True" => "Ready",
            Some(_) => "NotReady",
            None => "Unknown",
        }
        .to_owned();
        if self.spec.unschedulable {
            out.push_str(",SchedulingDisabled");
        }
        out
    }

    fn roles(&self) -> String {
        let mut roles: Vec<&str> = Vec::new();
        for (key, value) in &self.metadata.labels.0 {
            match key.strip_prefix("node-role.kubernetes.io/") {
                Some(role) if !role.is_empty() => roles.push(role),
                None if key == "kubernetes.io/role" && !value.is_empty() => roles.push(value),
                _ => {}
            }
        }
        roles.sort_unstable();
        roles.dedup();
        if roles.is_empty() { "<none>".to_owned() } else { roles.join(",") }
    }

    fn address(&self, kind: &str) -> &str {
        self.status.addresses.iter().find(|a| a.kind == kind).map_or("<none>", |a| &a.address)
    }

    // The cordon's own taint says nothing that STATUS does not.
    fn taints(&self) -> String {
        let taints = self.spec.taints.iter().filter(|t| t.key != UNSCHEDULABLE).map(|t| {
            let eq = if t.value.is_empty() { "" } else { "=" };
            format!("{}{eq}{}:{}", &*t.key, &*t.value, &*t.effect)
        });
        taints.collect::<Vec<_>>().join(",")
    }

    // Every condition but Ready is good when it is False; Unknown comes with NotReady and tells nothing new.
    fn pressure(&self) -> String {
        let wrong = self.status.conditions.iter().filter(|c| c.kind != "Ready" && c.status == "True");
        wrong.map(|c| c.kind.strip_suffix("Pressure").unwrap_or(&c.kind)).collect::<Vec<_>>().join(",")
    }

    fn health(&self, pressure: &str) -> Health {
        match self.ready() {
            Some(c) if c.status == "True" => {}
            _ => return Health::Bad,
        }
        if !pressure.is_empty() {
            Health::Warn
        } else if self.spec.unschedulable || self.metadata.deleting() {
            Health::Busy
        } else {
            Health::Ok
        }
    }
}
