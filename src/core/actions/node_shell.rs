//! A shell on a node: a pod in the node's own namespaces, with its files at /host, that goes when its shell ends.

use super::common::{node, right};
use super::visit::{self, Stay};
use crate::core::act::{Action, Asked, Class, Facts, Form, Plan, Reach, Read, calls};
use crate::core::cluster::Cluster;
use crate::core::commands::CommandSpec;
use crate::core::debug::{self, Style, suffix};
use crate::core::facts::Node;
use crate::core::plan::{self, Draft, Line, subject};
use crate::core::role::Role;

pub(super) const NODE_SHELL: Action = Action {
    spec: CommandSpec {
        id: "node_shell",
        title: "node shell",
        doc: "Open a shell on the node, in a pane: a pod with its processes, network and files, removed at its end.",
    },
    reach: Reach::One,
    applies: node,
    rights: |kind| [vec![right("get", kind, "")], visit::rights()].concat(),
    reads,
    form: |asked, _| {
        let command = visit::command_field("Empty for the image's own; chroot /host for the node's own programs.");
        let rest = vec![visit::namespace_field(asked), visit::profile_field(), command];
        Form { fields: [visit::image_fields(asked, true), rest].concat(), notes: Vec::new() }
    },
    plan: make,
};

/// The pod's name: kubectl's, short enough for a node's longest.
fn name(asked: &Asked) -> String {
    let node = asked.targets.first().map(|t| t.name.to_string()).unwrap_or_default();
    let short: String = node.chars().take(200).collect();
    format!("node-debugger-{}-{}", short.trim_end_matches(['-', '.']), suffix(asked.now, &node))
}

fn reads(asked: &Asked, _: &Facts, cluster: &Cluster) -> Vec<Read> {
    let place = visit::place_reads(asked, cluster, visit::namespace(asked), &name(asked));
    asked.targets.iter().cloned().map(Read::Object).chain(place).collect()
}

fn make(asked: &Asked, facts: &Facts) -> Plan {
    let mut draft = Draft::new(asked, Class::Disruptive);
    let title = format!("node shell on {}", plan::those(&asked.targets).trim_start_matches("node "));
    let (namespace, profile, name) = (visit::namespace(asked), visit::chosen(asked), name(asked));
    let found = asked.targets.first().and_then(|t| Some((t.clone(), Node::of(draft.target(facts, t)?))));
    let Some((target, node)) = found else { return draft.finish(title) };
    let Some(program) = visit::program(&mut draft, asked, "debugger") else { return draft.finish(title) };
    let Some(pod) = visit::place(&mut draft, facts, namespace, &name) else { return draft.finish(title) };
    if !node.ready {
        draft.warn(format!("the node is not ready, so the pod may not start: {}", node.why));
    }
    if node.has("kubernetes.io/os", "windows") {
        draft.warn("a Windows node has no such namespaces and files; the image must be one for Windows");
    }
    visit::forewarn(&mut draft, facts, namespace, Style::Node, profile);
    let (sees, mounts) = profile.host();
    let mut may = vec!["tolerates every taint"];
    may.extend(sees.then_some("sees the node's network, processes and IPC"));
    may.extend(mounts.then_some("has the node's / at /host, to read and to write"));
    may.extend((profile == debug::Profile::Sysadmin).then_some("is privileged"));
    draft.plan.blast.push(format!("{}: it {}", target.name, may.join(", ")));
    draft.item(subject(&pod), "create", format!("{}, profile {}", program.image, profile.name()), Role::RowBusy);
    let line = Line::new(&asked.place).namespace(namespace).word("debug").word(&format!("node/{}", target.name));
    let line = line.word("-it").flag(true, "image", &program.image).flag(true, "profile", profile.name());
    let kubectl = visit::ending(line, &program).done();
    let body = debug::node(&name, namespace, &target.name, &program, profile);
    let call = calls::create(&pod, body);
    let style = Style::Node;
    let stay = Stay { word: "node shell", title, style, profile, program: &program, call, pod, kubectl, removed: true };
    visit::plan(draft, asked, stay)
}
