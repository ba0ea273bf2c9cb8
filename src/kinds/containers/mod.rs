//! The containers of whole pods as a table of their own.

mod object;

use super::OfPods;
use super::columns::Columns;
use super::error::DecodeError;
use super::pod::Terminated;
use super::time::Moment;
use crate::core::health::Health;
use crate::core::kind::CONTAINERS;
use crate::core::row::{Batch, RowHead, Sym};
use crate::core::schema::{Joined, Schema, Show};
use crate::core::uid::Uid;
use crate::core::value::{self, CellKind};
use object::{Container, Identity, Pod, Port, Probe, State, Status};

pub(super) const SPEC: OfPods = OfPods { plural: CONTAINERS, schema, read };

/// The columns of containers: what they are, how they do, what they use beside what they ask for.
#[must_use]
pub fn schema() -> Schema {
    use CellKind::{Age, Bytes, CountAgo, Milli, Permille};
    Columns::namespaced()
        .text("POD", Show::Always, "The pod it is in")
        .name()
        .text("KIND", Show::Room(4), "init, sidecar, regular or ephemeral")
        .text("STATE", Show::Always, "Waiting, Running or Terminated")
        .text("REASON", Show::Always, "Why it waits or ended")
        .text("READY", Show::Room(1), "Whether it may serve")
        .cell("RESTARTS", CountAgo, Show::Room(1), "How often it was started again, and when it last ended")
        .text("LAST EXIT", Show::Room(2), "How it ended the last time")
        .text("IMAGE", Show::Room(5), "Image")
        .text("PROBES", Show::Room(6), "Probes and how they ask")
        .joined("CPU", Milli, Joined::Cpu, Show::Room(3), "CPU in use")
        .joined("MEM", Bytes, Joined::Mem, Show::Room(3), "Memory in use")
        .cell("CPU/R", Milli, Show::Room(7), "CPU request")
        .cell("CPU/L", Milli, Show::Room(7), "CPU limit")
        .cell("MEM/R", Bytes, Show::Room(7), "Memory request")
        .cell("MEM/L", Bytes, Show::Room(7), "Memory limit")
        .joined("CPU%R", Permille, Joined::CpuOfRequest, Show::Wide, "CPU in use, of the request")
        .joined("CPU%L", Permille, Joined::CpuOfLimit, Show::Wide, "CPU in use, of the limit")
        .joined("MEM%R", Permille, Joined::MemOfRequest, Show::Wide, "Memory in use, of the request")
        .joined("MEM%L", Permille, Joined::MemOfLimit, Show::Room(6), "Memory in use, of the limit")
        .text("PORTS", Show::Room(8), "Ports it declares")
        .cell("SINCE", Age, Show::Room(4), "Time in this state")
        .done()
}

/// Reads a pod and adds the rows of its containers: init containers and sidecars, regular ones,
/// ephemeral ones, each in the order of the spec. Their uids are made of the pod's and their names.
/// Returns the pod's uid and theirs.
///
/// # Errors
/// Not a pod.
pub fn read(bytes: &[u8], batch: &mut Batch) -> Result<(Uid, Vec<Uid>), DecodeError> {
    // An empty array would pass for an object without members.
    if bytes.trim_ascii_start().first() != Some(&b'{') {
        return Err(DecodeError::new("not an object", "Pod"));
    }
    let pod: Pod<'_> = serde_json::from_slice(bytes).map_err(|e| DecodeError::json("Pod", &e))?;
    let mut all = Vec::new();
    let groups = [
        ("init", &pod.spec.init_containers, &pod.status.init),
        ("regular", &pod.spec.containers, &pod.status.regular),
        ("ephemeral", &pod.spec.ephemeral_containers, &pod.status.ephemeral),
    ];
    for (kind, containers, statuses) in groups {
        for c in containers.iter() {
            let sidecar = kind == "init" && c.restart_policy == "Always";
            let status = statuses.iter().find(|s| s.name == *c.name);
            all.push(put(batch, &pod.metadata, if sidecar { "sidecar" } else { kind }, c, status));
        }
    }
    Ok((Uid::parse(&pod.metadata.uid), all))
}

fn put(batch: &mut Batch, pod: &Identity<'_>, kind: &str, c: &Container<'_>, status: Option<&Status<'_>>) -> Uid {
    let unknown = Status::default();
    let status = status.unwrap_or(&unknown);
    let (state, reason, since) = status.state.told();
    let head = RowHead {
        uid: Uid::of_name(&pod.uid, &c.name),
        name: batch.sym(&c.name),
        namespace: batch.sym(&pod.namespace),
        owner: batch.sym(&format!("Pod/{}", &*pod.name)),
        labels: Sym::EMPTY,
        created: 0,
        health: status.health(kind),
    };
    let last = status.last_state.terminated.as_ref();
    let last_end = last.map(|t| t.finished_at).filter(|t| t.is_set() && status.restart_count > 0);
    let cells = [
        batch.text_cell(&pod.name),
        batch.text_cell(kind),
        batch.text_cell(state),
        batch.text_cell(&reason),
        batch.text_cell(if status.ready { "yes" } else { "no" }),
        value::count_ago(u32::try_from(status.restart_count).unwrap_or(0), last_end.map(|t| t.0.div_euclid(1000))),
        batch.text_cell(&last.map(exit).unwrap_or_default()),
        batch.text_cell(&c.image),
        batch.text_cell(&c.probes()),
        c.resources.requests.cpu_cell(),
        c.resources.limits.cpu_cell(),
        c.resources.requests.memory_cell(),
        c.resources.limits.memory_cell(),
        batch.text_cell(&c.ports()),
        since.cell(),
    ];
    batch.put(head, &cells);
    head.uid
}

// `OOMKilled (137)`, `signal 9`, `Completed`.
fn exit(t: &Terminated<'_>) -> String {
    match (t.exit_code, t.signal) {
        (0, 0) => t.reason.or("Completed").to_owned(),
        (code, 0) => format!("{} ({code})", t.reason.or("Error")),
        (_, signal) => format!("{} (signal {signal})", t.reason.or("Error")),
    }
}

impl State<'_> {
    fn told(&self) -> (&'static str, String, Moment) {
        if let Some(w) = &self.waiting {
            ("Waiting", w.reason.to_string(), Moment::default())
        } else if let Some(r) = &self.running {
            ("Running", String::new(), r.started_at)
        } else if let Some(t) = &self.terminated {
            ("Terminated", exit(t), t.finished_at)
        } else {
            // The kubelet has not said anything yet.
            ("", String::new(), Moment::default())
        }
    }
}

impl Status<'_> {
    fn health(&self, kind: &str) -> Health {
        let state = &self.state;
        if let Some(w) = &state.waiting {
            let on_its_way = matches!(&*w.reason, "" | "ContainerCreating" | "PodInitializing");
            return if on_its_way { Health::Busy } else { Health::Bad };
        }
        match (&state.running, &state.terminated) {
            (Some(_), _) if self.ready || kind == "ephemeral" => Health::Ok,
            (Some(_), _) if kind == "init" => Health::Busy,
            (Some(_), _) => Health::Warn,
            (None, Some(t)) if t.exit_code == 0 => Health::Done,
            (None, Some(_)) => Health::Bad,
            (None, None) => Health::Busy,
        }
    }
}

impl Container<'_> {
    fn ports(&self) -> String {
        let port = |p: &Port<'_>| {
            let name = if p.name.is_empty() { String::new() } else { format!("{}:", &*p.name) };
            format!("{name}{}/{}", p.number, p.protocol.or("TCP"))
        };
        self.ports.iter().map(port).collect::<Vec<_>>().join(",")
    }

    fn probes(&self) -> String {
        let all = [("start", &self.startup_probe), ("ready", &self.readiness_probe), ("live", &self.liveness_probe)];
        let told = all.into_iter().filter_map(|(what, p)| p.as_ref().map(|p| format!("{what} {}", p.how())));
        told.collect::<Vec<_>>().join(", ")
    }
}

impl Probe<'_> {
    fn how(&self) -> String {
        match (&self.http_get, &self.tcp_socket, &self.grpc) {
            (Some(t), ..) => format!("http :{}{}", t.port, t.path.or("/")),
            (_, Some(t), _) => format!("tcp :{}", t.port),
            (.., Some(t)) => format!("grpc :{}", t.port),
            _ => "exec".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests;
