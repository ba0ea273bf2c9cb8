//! What pods and containers brought in are made of, field by field as kubectl 1.35 has it.

use super::profile::{Profile, Style};
use super::{COMPONENT, KUBECTL, MANAGED_BY, OURS};
use crate::core::facts::{list, text};
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// What runs in a container brought in.
#[derive(Debug, Clone, Default)]
pub struct Program {
    /// The container's name.
    pub container: String,
    /// Its image.
    pub image: String,
    /// Its command; empty for the image's own.
    pub command: Vec<Arc<str>>,
    /// Variables, as `NAME=value`.
    pub env: Vec<String>,
}

impl Program {
    /// The container, with a terminal that is attached to.
    fn shape(&self) -> Value {
        let mut out = json!({
            "name": self.container,
            "image": self.image,
            "stdin": true,
            "tty": true,
            "terminationMessagePolicy": "File",
        });
        if !self.command.is_empty() {
            out["command"] = self.command.iter().map(AsRef::as_ref).collect();
        }
        if !self.env.is_empty() {
            out["env"] = self.variables();
        }
        out
    }

    fn variables(&self) -> Value {
        let pair = |v: &String| {
            let (name, value) = v.split_once('=').unwrap_or((v, ""));
            json!({"name": name, "value": value})
        };
        self.env.iter().map(pair).collect()
    }
}

fn pod(name: &str, namespace: &str, labels: Map<String, Value>, spec: Value) -> Value {
    let mut pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": namespace}});
    if !labels.is_empty() {
        pod["metadata"]["labels"] = Value::Object(labels);
    }
    pod["spec"] = spec;
    pod
}

/// The labels of a pod that is ours to remove.
fn mine(style: Style) -> Map<String, Value> {
    Map::from_iter([(MANAGED_BY.to_owned(), OURS.into()), (COMPONENT.to_owned(), style.component().into())])
}

/// A pod to look at a node: it tolerates everything, no scheduler is asked, and it is started once.
#[must_use]
pub fn node(name: &str, namespace: &str, node: &str, program: &Program, profile: Profile) -> Value {
    let mut container = program.shape();
    let mut spec = json!({
        "nodeName": node,
        "restartPolicy": "Never",
        "tolerations": [{"operator": "Exists"}],
    });
    profile.secure(Style::Node, &mut container);
    let (sees, mounts) = profile.host();
    if mounts {
        container["volumeMounts"] = json!([{"mountPath": "/host", "name": "host-root"}]);
        spec["volumes"] = json!([{"name": "host-root", "hostPath": {"path": "/"}}]);
    }
    if sees {
        for field in ["hostNetwork", "hostPID", "hostIPC"] {
            spec[field] = true.into();
        }
    }
    spec["containers"] = json!([container]);
    pod(name, namespace, mine(Style::Node), spec)
}

/// A throw-away pod. `over` is laid over its spec: node, service account. Labels are `key=value`.
#[must_use]
pub fn run(name: &str, namespace: &str, program: &Program, profile: Profile, labels: &[String], over: &Value) -> Value {
    let mut container = program.shape();
    container["stdinOnce"] = true.into();
    profile.secure(Style::Run, &mut container);
    let mut spec = json!({"containers": [container], "restartPolicy": "Never"});
    if let (Some(spec), Some(over)) = (spec.as_object_mut(), over.as_object()) {
        spec.extend(over.clone());
    }
    let mut all: Map<String, Value> =
        labels.iter().map(|l| l.split_once('=').unwrap_or((l, ""))).map(|(k, v)| (k.to_owned(), v.into())).collect();
    if all.is_empty() {
        all.insert("run".to_owned(), name.into());
    }
    all.extend(mine(Style::Run));
    pod(name, namespace, all, spec)
}

/// A container for a pod that runs; `target` is the one whose processes it sees, if any.
#[must_use]
pub fn ephemeral(program: &Program, profile: Profile, target: &str) -> Value {
    let mut container = program.shape();
    profile.secure(Style::Ephemeral, &mut container);
    if !target.is_empty() {
        container["targetContainerName"] = target.into();
    }
    container
}

/// How a copy differs from its pod.
#[derive(Debug, Clone, Default)]
pub struct Copied {
    /// Its name.
    pub name: String,
    /// Images by container as `name=image`; `*` stands for all.
    pub images: Vec<String>,
    /// Whether it goes to the same node, past the scheduler.
    pub same_node: bool,
    /// Whether its containers see each other's processes.
    pub share_processes: bool,
    /// Whether it is ours to remove, and says so.
    pub ours: bool,
}

/// A copy of a pod with a container to debug it: a new one, or one of its own with another command. With neither an
/// image nor the name of one of its containers only images are set, and nothing else is dropped, as kubectl has it.
#[must_use]
pub fn copy(from: &Value, how: &Copied, program: &Program, profile: Profile) -> Value {
    let mut spec = from["spec"].clone();
    if let Some(fields) = spec.as_object_mut() {
        fields.shift_remove("ephemeralContainers");
        if !how.same_node {
            fields.shift_remove("nodeName");
        }
    }
    let mut all = list(&spec["containers"]).to_vec();
    for container in &mut all {
        let image = |wanted: &str| how.images.iter().filter_map(|i| i.split_once('=')).find(|(c, _)| *c == wanted);
        if let Some((_, image)) = image(text(&container["name"])).or_else(|| image("*")) {
            container["image"] = image.into();
        }
    }
    let own = all.iter().position(|c| text(&c["name"]) == program.container);
    let debugged = own.is_some() || !program.image.is_empty();
    let meta = &from["metadata"];
    let mut labels = meta["labels"].as_object().cloned().unwrap_or_default();
    if debugged {
        labels.clear();
        let at = own.unwrap_or_else(|| {
            all.push(json!({"name": program.container, "terminationMessagePolicy": "File"}));
            all.len() - 1
        });
        into(&mut all[at], program);
        profile.secure(Style::Copy, &mut all[at]);
        for fields in all.iter_mut().filter_map(Value::as_object_mut) {
            for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
                fields.shift_remove(probe);
            }
        }
        if spec["shareProcessNamespace"].is_null() || !how.share_processes {
            spec["shareProcessNamespace"] = how.share_processes.into();
        }
    }
    spec["containers"] = all.into();
    if how.ours {
        labels.extend(mine(Style::Copy));
    } else if labels.get(MANAGED_BY).is_some_and(|v| v == OURS || v == KUBECTL) {
        // A copy of a pod that is to be swept is another one.
        labels.shift_remove(MANAGED_BY);
    }
    let mut made = pod(&how.name, text(&meta["namespace"]), labels, spec);
    if !debugged && meta["annotations"].is_object() {
        made["metadata"]["annotations"] = meta["annotations"].clone();
    }
    made
}

fn into(container: &mut Value, program: &Program) {
    let new = program.shape();
    for field in ["command", "env", "stdin", "tty"] {
        if !new[field].is_null() {
            container[field] = new[field].clone();
        }
    }
    if !program.command.is_empty()
        && let Some(fields) = container.as_object_mut()
    {
        fields.shift_remove("args");
    }
    if !program.image.is_empty() {
        container["image"] = program.image.as_str().into();
    }
}
