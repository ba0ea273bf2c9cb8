//! STATUS, READY and RESTARTS of a pod, as kubectl's server-side printer
//! computes them (`printPod` of Kubernetes 1.35): the rules, in their order.

use super::{Condition, ContainerStatus, Pod, Terminated};
use crate::core::health::Health;
use crate::kinds::time::Moment;
use std::borrow::Cow;

/// What the printer makes of a pod.
#[derive(Debug, PartialEq)]
pub struct Printed<'p> {
    /// STATUS.
    pub status: Cow<'p, str>,
    /// READY: ready containers and all that count.
    pub ready: (u32, u32),
    /// RESTARTS.
    pub restarts: i64,
    /// When the last of them ended the container before; unset when none is remembered.
    pub last_restart: Moment,
}

/// Computes the printed columns.
pub fn printed<'p>(pod: &'p Pod<'_>) -> Printed<'p> {
    let status = &pod.status;
    let mut reason: Cow<'p, str> = Cow::Borrowed(status.reason.or(&status.phase));
    if status.conditions.iter().any(|c| c.kind == "PodScheduled" && c.reason == "SchedulingGated") {
        reason = Cow::Borrowed("SchedulingGated");
    }
    let sidecars = pod.spec.init_containers.iter().filter(|c| c.restartable()).count();
    let init = Init::of(pod);
    let mut out = Printed {
        status: init.status.unwrap_or(reason),
        ready: (init.ready, count(pod.spec.containers.len() + sidecars)),
        restarts: init.restarts.count,
        last_restart: init.restarts.last,
    };
    if !init.running || condition(&status.conditions, "Initialized") {
        let mut restarts = init.sidecar_restarts;
        let main = Main::of(&status.container_statuses, &mut restarts);
        out.ready.0 += main.ready;
        out.restarts = restarts.count;
        out.last_restart = restarts.last;
        if let Some(reason) = main.status {
            out.status = reason;
        }
        // "Completed" of one container must not hide that others run or failed.
        if out.status == "Completed" {
            if main.ready > 0 && condition(&status.conditions, "Ready") {
                out.status = Cow::Borrowed("Running");
            } else if let Some(error) = main.error {
                out.status = error;
            } else if main.ready > 0 {
                out.status = Cow::Borrowed("NotReady");
            }
        }
    }
    if pod.metadata.deleting() {
        if status.reason == "NodeLost" {
            out.status = Cow::Borrowed("Unknown");
        } else if !matches!(&*status.phase, "Failed" | "Succeeded") {
            out.status = Cow::Borrowed("Terminating");
        }
    }
    out
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// Whether a condition is there and true.
pub fn condition(conditions: &[Condition<'_>], kind: &str) -> bool {
    conditions.iter().any(|c| c.kind == kind && c.status == "True")
}

#[derive(Debug, Default, Clone, Copy)]
struct Restarts {
    count: i64,
    last: Moment,
}

impl Restarts {
    fn add(&mut self, container: &ContainerStatus<'_>) {
        self.count = self.count.saturating_add(container.restart_count);
        if let Some(ended) = &container.last_state.terminated {
            self.last = self.last.max(ended.finished_at);
        }
    }
}

// What the init containers make of the pod.
#[derive(Default)]
struct Init<'p> {
    running: bool,
    status: Option<Cow<'p, str>>,
    ready: u32,
    restarts: Restarts,
    sidecar_restarts: Restarts,
}

impl<'p> Init<'p> {
    fn of(pod: &'p Pod<'_>) -> Self {
        let mut out = Self::default();
        for (i, c) in pod.status.init_container_statuses.iter().enumerate() {
            // Of two containers with one name the last counts, as in the printer's map.
            let sidecar = pod
                .spec
                .init_containers
                .iter()
                .rev()
                .find(|s| s.name == c.name)
                .is_some_and(super::Container::restartable);
            out.restarts.add(c);
            if sidecar {
                out.sidecar_restarts.add(c);
            }
            let waiting =
                c.state.waiting.as_ref().map(|w| &*w.reason).filter(|r| !r.is_empty() && *r != "PodInitializing");
            let status = match (&c.state.terminated, waiting) {
                (Some(t), _) if t.exit_code == 0 => continue,
                _ if sidecar && c.started == Some(true) => {
                    out.ready += u32::from(c.ready);
                    continue;
                }
                (Some(t), _) => format!("Init:{}", ended(t)),
                (None, Some(reason)) => format!("Init:{reason}"),
                (None, None) => format!("Init:{i}/{}", pod.spec.init_containers.len()),
            };
            out.status = Some(status.into());
            out.running = true;
            break;
        }
        out
    }
}

fn ended<'p>(t: &'p Terminated<'_>) -> Cow<'p, str> {
    if !t.reason.is_empty() {
        Cow::Borrowed(&t.reason)
    } else if t.signal != 0 {
        format!("Signal:{}", t.signal).into()
    } else {
        format!("ExitCode:{}", t.exit_code).into()
    }
}

// What the regular containers make of the pod; the first one has the last word.
#[derive(Default)]
struct Main<'p> {
    status: Option<Cow<'p, str>>,
    error: Option<Cow<'p, str>>,
    ready: u32,
}

impl<'p> Main<'p> {
    fn of(statuses: &'p [ContainerStatus<'_>], restarts: &mut Restarts) -> Self {
        let mut out = Self::default();
        for c in statuses.iter().rev() {
            restarts.add(c);
            match (&c.state.waiting, &c.state.terminated) {
                (Some(w), _) if !w.reason.is_empty() => out.status = Some(Cow::Borrowed(&w.reason)),
                (_, Some(t)) => {
                    let reason = ended(t);
                    if t.exit_code != 0 {
                        out.error = Some(reason.clone());
                    }
                    out.status = Some(reason);
                }
                _ if c.ready && c.state.running.is_some() => out.ready += 1,
                _ => {}
            }
        }
        out
    }
}

/// Whether the pod is well, by what is printed and by its conditions.
pub fn health(pod: &Pod<'_>, printed: &Printed<'_>) -> Health {
    let unschedulable =
        || pod.status.conditions.iter().any(|c| c.kind == "PodScheduled" && c.reason == "Unschedulable");
    match &*printed.status {
        "Completed" | "Succeeded" => Health::Done,
        "Running" if printed.ready.0 >= printed.ready.1 => Health::Ok,
        "Running" | "NotReady" => Health::Warn,
        "Pending" if unschedulable() => Health::Warn,
        "Pending" | "ContainerCreating" | "PodInitializing" | "Terminating" | "SchedulingGated" => Health::Busy,
        // Init:2/3: on its way.
        s if s.strip_prefix("Init:").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) => Health::Busy,
        _ => Health::Bad,
    }
}

#[cfg(test)]
#[path = "status_tests.rs"]
mod tests;
