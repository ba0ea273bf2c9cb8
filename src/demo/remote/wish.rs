//! What a request for a session asks, of which container, and what the node says against it.

use serde_json::Value;

use super::super::Shared;
use super::super::http::logs::{container, state_of};
use super::super::http::server::Ask;
use super::super::life::kubelet::host_ip;
use super::super::object::text;
use super::super::status::{Outcome, Problem};

/// What is to be done in the container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Task {
    Exec { words: Vec<String> },
    Attach,
    Forward { ports: Vec<u16> },
}

/// A request for a session, read.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "the streams of the request, each asked for by itself")]
pub(super) struct Wish {
    pub(super) pod: Value,
    /// Empty for a port-forward.
    pub(super) container: String,
    pub(super) task: Task,
    pub(super) stdin: bool,
    pub(super) stdout: bool,
    pub(super) stderr: bool,
    pub(super) tty: bool,
    /// A port-forward over a plain channel WebSocket without ports.
    portless: bool,
}

/// What the node says instead of beginning a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct No {
    /// The code of the node's answer; 0 when the node cannot be reached.
    pub(super) code: u16,
    pub(super) why: String,
}

impl Wish {
    /// Reads the request; refuses what the API server itself refuses.
    pub(super) fn read(ask: &Ask, pod: Value, sub: &str) -> Outcome<Self> {
        let name = text(&pod, "metadata/name").to_owned();
        let forward = sub == "portforward";
        let container = if forward { String::new() } else { container(&pod, &name, ask.query.get("container"))? };
        let ports = ports(ask)?;
        if text(&pod, "spec/nodeName").is_empty() {
            return Err(Problem::bad_request(format!("pod {name} does not have a host assigned")));
        }
        let task = match sub {
            "exec" => Task::Exec { words: ask.query.all("command").map(str::to_owned).collect() },
            "attach" => Task::Attach,
            _ => Task::Forward { ports: ports.clone() },
        };
        let tty = ask.query.flag("tty");
        Ok(Self {
            pod,
            container,
            task,
            stdin: ask.query.flag("stdin"),
            stdout: ask.query.flag("stdout"),
            // A terminal has one output.
            stderr: ask.query.flag("stderr") && !tty,
            tty,
            portless: forward && ports.is_empty() && channel_socket(ask),
        })
    }

    pub(super) fn forwards(&self) -> bool {
        matches!(self.task, Task::Forward { .. })
    }

    /// What the node says against it, if anything.
    pub(super) fn refusal(&self, shared: &Shared) -> Option<No> {
        let node = text(&self.pod, "spec/nodeName");
        let (name, space) = (text(&self.pod, "metadata/name"), text(&self.pod, "metadata/namespace"));
        {
            let world = shared.lock();
            if !world.node_ready(node) {
                let why = format!("dial tcp {}:10250: connect: no route to host", host_ip(&world, node));
                return Some(No { code: 0, why });
            }
        }
        let no = |code: u16, why: String| Some(No { code, why });
        let running = !state_of(&self.pod, &self.container)["state"]["running"].is_null();
        match &self.task {
            Task::Forward { .. } if matches!(text(&self.pod, "status/phase"), "Succeeded" | "Failed") => {
                no(500, format!("pod not found (\"{name}_{space}\")"))
            }
            Task::Forward { .. } if self.portless => no(400, "query parameter \"port\" is required".to_owned()),
            Task::Forward { ports } => {
                ports.contains(&0).then(|| No { code: 400, why: "port \"0\" must be > 0".to_owned() })
            }
            _ if !(self.stdin || self.stdout || self.stderr || self.tty) => {
                no(400, "you must specify at least 1 of stdin, stdout, stderr".to_owned())
            }
            Task::Exec { .. } if !running => no(500, format!("container not found (\"{}\")", self.container)),
            Task::Attach if !running => {
                no(500, format!("container {} not found in pod {name}_{space}", self.container))
            }
            Task::Exec { .. } | Task::Attach => None,
        }
    }
}

fn channel_socket(ask: &Ask) -> bool {
    let header = |name: &str| ask.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or("");
    header("upgrade").eq_ignore_ascii_case("websocket") && !header("sec-websocket-protocol").contains("SPDY")
}

fn ports(ask: &Ask) -> Outcome<Vec<u16>> {
    let words = ask.query.all("ports").flat_map(|v| v.split(',')).filter(|w| !w.is_empty());
    words
        .map(|word| {
            word.parse().map_err(|_| {
                let told = format!("cannot convert to []int32: strconv.ParseUint: parsing \"{word}\": invalid syntax");
                Problem::bad_request(told)
            })
        })
        .collect()
}
