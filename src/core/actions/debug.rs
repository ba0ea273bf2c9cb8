//! A debugging container in a pod that runs, and a copy of a pod to debug.

use super::common::{right_on, targets};
use super::shell::in_containers;
use super::visit::{self, Stay};
use crate::core::act::{Action, Asked, Class, Facts, Form, Given, Patch, Plan, Reach, Read, calls};
use crate::core::cluster::Cluster;
use crate::core::commands::CommandSpec;
use crate::core::debug::{self, DEBUGGER, Style, suffix};
use crate::core::facts::{Container, Meta, Pod, Sort};
use crate::core::kind::ObjectRef;
use crate::core::plan::{self, Draft, Line, fields, subject};
use crate::core::role::Role;
use serde_json::json;

pub(super) const DEBUG: Action = Action {
    spec: CommandSpec {
        id: "debug",
        title: "debug",
        doc: "Put an ephemeral container into the pod and sit in it, in a pane: debug busybox. It stays until the pod goes.",
    },
    reach: Reach::One,
    applies: in_containers,
    rights: |_| {
        vec![
            right_on("get", "pods", true),
            right_on("patch", "pods/ephemeralcontainers", true),
            right_on("create", "pods/attach", true),
        ]
    },
    reads,
    form,
    plan: make,
};

/// The pod, and what its namespace enforces.
fn reads(asked: &Asked, facts: &Facts, cluster: &Cluster) -> Vec<Read> {
    let mut all = targets(asked, facts, cluster);
    let namespace = asked.targets.first().map(|t| t.namespace.clone());
    all.extend(namespace.zip(cluster.kind("namespaces")).map(|(name, kind)| {
        Read::Object(ObjectRef { cluster: asked.place.cluster, kind, namespace: "".into(), name, uid: None })
    }));
    all
}

/// No container: `--target` is left out.
const NOBODY: &str = "none";

fn form(asked: &Asked, facts: &Facts) -> Form {
    let pod = asked.targets.first().and_then(|t| facts.object(t));
    let regular = |c: &Container| c.sort == Sort::Regular;
    let names = pod.map(|p| Container::all(p)).unwrap_or_default();
    let names: Vec<String> = names.into_iter().filter(regular).map(|c| c.name).chain([NOBODY.to_owned()]).collect();
    let mut target = fields::choice("target", "target", "Whose processes it sees.", names.clone());
    let row = Some(asked.values.text("container").to_owned()).filter(|c| names.contains(c));
    if let Some(first) = row.or_else(|| pod.and_then(|p| Container::usual(p))) {
        target.first = Given::Choice(first);
    }
    let command = visit::command_field("Its words, as a shell would split them; empty for the image's own.");
    let rest = vec![target, visit::profile_field(), command, visit::env_field()];
    Form { fields: [visit::image_fields(asked, true), rest].concat(), notes: Vec::new() }
}

fn make(asked: &Asked, facts: &Facts) -> Plan {
    let mut draft = Draft::new(asked, Class::Reversible);
    let title = format!("debug {}", plan::those(&asked.targets));
    let found = asked.targets.first().and_then(|t| Some((t.clone(), draft.target(facts, t)?)));
    let Some((target, object)) = found else { return draft.finish(title) };
    let name = format!("{DEBUGGER}-{}", suffix(asked.now, &target.name));
    let Some(program) = visit::program(&mut draft, asked, &name) else { return draft.finish(title) };
    let pod = Pod::of(object);
    let about = subject(&target);
    if pod.finished() {
        draft.block(about, format!("has ended ({}); nothing can be added to it", pod.phase));
        return draft.finish(title);
    }
    if pod.mirror {
        draft.block(about, "is a static pod, of its node's kubelet; nothing can be added to it");
        return draft.finish(title);
    }
    if pod.meta.deletion.is_some() {
        draft.warn("the pod is being deleted");
    }
    if pod.node.is_empty() {
        draft.warn("the pod is on no node yet; the container begins once it is");
    }
    let (profile, wanted) = (visit::chosen(asked), asked.values.text("target"));
    let wanted = if wanted == NOBODY { "" } else { wanted };
    visit::elevated(&mut draft, profile, "containers");
    let user = object["spec"]["securityContext"]["runAsUser"].as_i64().unwrap_or(0);
    if user != 0 && (profile.elevates() || profile == debug::Profile::General) {
        draft.warn(format!("the pod runs as user {user}, so what the profile grants may not work"));
    }
    draft.warn("an ephemeral container cannot be removed: once ended, it stays in the pod's list until the pod goes");
    visit::forewarn(&mut draft, facts, &target.namespace, Style::Ephemeral, profile);
    let of = if wanted.is_empty() { String::new() } else { format!(", with the processes of {wanted}") };
    let detail = format!("{}, profile {}{of}", program.image, profile.name());
    draft.item(about, format!("add {name}"), detail, Role::RowBusy);
    let line = Line::new(&asked.place).namespace(&target.namespace).word("debug").word(&target.name).word("-it");
    let line = line.flag(true, "image", &program.image).flag(true, "profile", profile.name());
    let line = line.flag(!wanted.is_empty(), "target", wanted).word("-c").word(&name);
    let kubectl = visit::ending(line, &program).done();
    let pinned = ObjectRef { uid: Some(Meta::of(object).id()), ..target };
    let container = debug::ephemeral(&program, profile, wanted);
    let patch = calls::patch(&pinned, Patch::Strategic, json!({"spec": {"ephemeralContainers": [container]}}));
    let stay = Stay {
        word: "debug",
        title,
        style: Style::Ephemeral,
        profile,
        program: &program,
        call: calls::sub(patch, "ephemeralcontainers"),
        pod: pinned,
        kubectl,
        removed: false,
    };
    visit::plan(draft, asked, stay)
}
