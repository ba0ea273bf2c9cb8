//! Forwarding local ports.

use super::common::{is, right_on, targets};
use super::shell::text;
use crate::core::act::{Action, Asked, Class, Facts, Field, Form, Holding, Plan, Reach, Read, Seed};
use crate::core::cluster::Cluster;
use crate::core::commands::CommandSpec;
use crate::core::facts::{self, Container, Pod, list};
use crate::core::held::Work;
use crate::core::held::forward::{self, Pods, Port, Wish};
use crate::core::kind::{Kind, ObjectRef};
use crate::core::plan::{self, Draft, Line, subject};
use crate::core::role::Role;
use serde_json::Value;
use std::sync::Arc;

pub(super) const FORWARD: Action = Action {
    spec: CommandSpec {
        id: "forward",
        title: "forward",
        doc: "Forward a local port to the pod, the Service or the workload: forward 8080:80. It outlives the pod.",
    },
    reach: Reach::One,
    applies,
    rights: |_| {
        vec![
            right_on("get", "pods", true),
            right_on("list", "pods", true),
            right_on("create", "pods/portforward", true),
        ]
    },
    reads,
    form,
    plan: make,
};

fn applies(kind: &Kind) -> bool {
    is(kind, "", "pods")
        || is(kind, "", "services")
        || is(kind, "", "replicationcontrollers")
        || is(kind, "batch", "jobs")
        || ["deployments", "statefulsets", "daemonsets", "replicasets"].iter().any(|p| is(kind, "apps", p))
}

/// The object itself; the kind of pods comes along with a list that is never large.
fn reads(asked: &Asked, facts: &Facts, cluster: &Cluster) -> Vec<Read> {
    let mut all = targets(asked, facts, cluster);
    let selected = asked.targets.first().and_then(|t| Some((t, facts.object(t)?)));
    if let Some((target, object)) = selected
        && let Some(kind) = cluster.kind("pods")
    {
        let labels = labels_of(object).unwrap_or_default();
        // What kubectl would choose among.
        let of_pod = target.kind.plural.as_ref() == "pods";
        if !of_pod && !labels.is_empty() {
            let namespace = Some(target.namespace.clone());
            all.push(Read::List { kind, namespace, fields: "".into(), labels: labels.into() });
        }
    }
    all
}

fn labels_of(object: &Value) -> Option<String> {
    facts::of_pods(object).map(|selector| selector.to_string())
}

/// Labels that each pod of a workload has for itself, or each revision.
const OWN: [&str; 7] = [
    "pod-template-hash",
    "controller-revision-hash",
    "statefulset.kubernetes.io/pod-name",
    "apps.kubernetes.io/pod-index",
    "batch.kubernetes.io/job-completion-index",
    "pod-template-generation",
    "controller-uid",
];

fn kin(pod: &Value) -> String {
    let meta = facts::Meta::of(pod);
    if meta.controller().is_none() {
        return String::new();
    }
    meta.labels.split(',').filter(|l| !OWN.iter().any(|o| l.split('=').next() == Some(o))).collect::<Vec<_>>().join(",")
}

/// The ports there are: as a Service or the containers name them.
fn known(object: &Value) -> Vec<(u16, String)> {
    let service = list(&object["spec"]["ports"]);
    if !service.is_empty() {
        let port = |p: &Value| Some((u16::try_from(p["port"].as_u64()?).ok()?, facts::text(&p["name"]).to_owned()));
        return service.iter().filter_map(port).collect();
    }
    let template = &object["spec"]["template"];
    let pod = if template.is_object() { template } else { object };
    Container::all(pod).into_iter().flat_map(|c| c.ports).collect()
}

fn form(asked: &Asked, facts: &Facts) -> Form {
    let object = asked.targets.first().and_then(|t| facts.object(t));
    let all = object.map(|o| known(o)).unwrap_or_default();
    let first = all.first().map_or(String::new(), |(port, _)| {
        // Ports below 1024 are seldom ours to listen at.
        if *port < 1024 { format!(":{port}") } else { format!("{port}:{port}") }
    });
    let named: Vec<String> =
        all.iter().map(|(p, name)| if name.is_empty() { p.to_string() } else { format!("{p} {name}") }).collect();
    let note =
        if named.is_empty() { "It names no ports.".to_owned() } else { format!("It names {}.", named.join(", ")) };
    Form { fields: fields(&first).to_vec(), notes: vec![note] }
}

/// The fields of a forward, whatever it leads to.
pub(super) fn fields(ports: &str) -> [Field; 2] {
    let help = "LOCAL:REMOTE, as 8080:80; :80 for any local port, 80 for the same.";
    let ports = plan::fields::line("ports", "ports", help, ports, |given, _| forward::ports(text(given)).map(|_| ()));
    let help = "Where it listens: this machine alone, unless told.";
    let address = plan::fields::line("address", "address", help, "127.0.0.1", |given, _| {
        forward::address(text(given)).map(|_| ())
    });
    [ports, address]
}

/// What a plan says of a forward.
pub(super) fn item(draft: &mut Draft, subject: &str, wish: &Wish) {
    let local = if wish.local == 0 { "any port".to_owned() } else { wish.local.to_string() };
    draft.item(subject, format!("{} {local}", wish.address), format!("to port {}", wish.port), Role::RowBusy);
    if !wish.address.is_loopback() {
        draft.at_least(Class::Reversible);
        draft.warn(format!("whoever reaches {} on this machine reaches the pod", wish.address));
    }
}

/// A kubectl line with its address and its ports; the remote one as the user has said it.
pub(super) fn ending(line: Line, wish: &Wish, remote: &Port) -> String {
    let line = line.flag(wish.address.to_string() != "127.0.0.1", "address", wish.address);
    let ports = if wish.local == 0 { format!(":{remote}") } else { format!("{}:{remote}", wish.local) };
    line.word(&ports).done()
}

/// The port of the pods behind a Service's port.
fn behind(service: &Value, port: &Port) -> Result<Port, String> {
    let fits = |p: &&Value| match port {
        Port::Number(n) => p["port"].as_u64() == Some(u64::from(*n)),
        Port::Named(name) => p["name"].as_str() == Some(name),
    };
    let Some(found) = list(&service["spec"]["ports"]).iter().find(fits) else {
        return Err(format!("the Service has no port {port}"));
    };
    Ok(match &found["targetPort"] {
        Value::String(name) => Port::Named(name.as_str().into()),
        Value::Number(n) if n.as_u64() != Some(0) => Port::Number(u16::try_from(n.as_u64().unwrap_or(0)).unwrap_or(0)),
        _ => Port::Number(u16::try_from(found["port"].as_u64().unwrap_or(0)).unwrap_or(0)),
    })
}

fn make(asked: &Asked, facts: &Facts) -> Plan {
    let mut draft = Draft::new(asked, Class::Open);
    let title = format!("forward to {}", plan::those(&asked.targets));
    let Some(target) = asked.targets.first() else { return draft.finish(title) };
    let Some(object) = draft.target(facts, target).cloned() else { return draft.finish(title) };
    match wish(&mut draft, asked, facts, target, &object) {
        Ok((wish, remote)) => {
            let about = format!("{} {}:{remote}", target.kind.singular, subject(target));
            item(&mut draft, &subject(target), &wish);
            let line = Line::new(&asked.place).namespace(&target.namespace).word("port-forward").object(target);
            draft.plan.kubectl.push(ending(line, &wish, &remote));
            draft.plan.seed = Some(Seed::Holding(Box::new(Holding { work: Work::Forward(wish), about })));
        }
        Err(why) => draft.block(subject(target), why),
    }
    let mut plan = draft.finish(title);
    plan.count = 1;
    plan
}

/// The forward, with the port as the user said it.
fn wish(
    draft: &mut Draft,
    asked: &Asked,
    facts: &Facts,
    target: &ObjectRef,
    object: &Value,
) -> Result<(Wish, Port), String> {
    let (local, said) = forward::ports(asked.values.text("ports"))?;
    let address = forward::address(asked.values.text("address"))?;
    let of_pod = target.kind.plural.as_ref() == "pods";
    let service = target.kind.plural.as_ref() == "services";
    let port = if service { behind(object, &said)? } else { said.clone() };
    let labels = if of_pod { kin(object) } else { labels_of(object).unwrap_or_default() };
    let kind = if of_pod {
        if Pod::of(object).finished() {
            return Err("has ended; nothing listens in it any more".into());
        }
        target.kind.clone()
    } else {
        if labels.is_empty() {
            return Err("selects no pods".into());
        }
        let found = facts.answers.iter().find_map(|(read, answer)| match read {
            Read::List { kind, .. } => Some((kind.clone(), answer)),
            _ => None,
        });
        let Some((kind, answer)) = found else { return Err("its pods are not known".into()) };
        match answer.as_ref().map(|v| v.as_array().map_or(0, Vec::len)) {
            Ok(0) => draft.warn("it has no pods now; the forward waits for one"),
            Ok(_) => {}
            Err(why) => return Err(format!("its pods cannot be read: {why}")),
        }
        kind
    };
    let name = of_pod.then(|| target.name.clone());
    let pods = Pods { kind, namespace: target.namespace.clone(), name, labels: Arc::from(labels) };
    Ok((Wish { cluster: target.cluster, pods, address, local, port }, said))
}
