//! A copy of a pod to debug: with a container more, or with another command or image, apart from what serves.

use super::common::is;
use super::shell::text;
use super::visit::{self, Stay};
use crate::core::act::{Action, Asked, Check, Class, Facts, Form, Plan, Reach, Read, calls};
use crate::core::cluster::Cluster;
use crate::core::commands::CommandSpec;
use crate::core::debug::{self, Copied, DEBUGGER, Style, suffix};
use crate::core::facts::{Container, Sort};
use crate::core::plan::{self, Draft, Line, fields, subject, words};
use crate::core::role::Role;

pub(super) const COPY: Action = Action {
    spec: CommandSpec {
        id: "debug_copy",
        title: "debug copy",
        doc: "Make a copy of the pod to debug, with other images or a container more, and sit in it, in a pane.",
    },
    reach: Reach::One,
    applies: |kind| is(kind, "", "pods"),
    rights: |_| visit::rights(),
    reads,
    form,
    plan: make,
};

fn reads(asked: &Asked, _: &Facts, cluster: &Cluster) -> Vec<Read> {
    let Some(target) = asked.targets.first() else { return Vec::new() };
    let place = visit::place_reads(asked, cluster, &target.namespace, &name(asked));
    [Read::Object(target.clone())].into_iter().chain(place).collect()
}

/// What the copy is called, or will be.
fn name(asked: &Asked) -> String {
    let said = asked.values.text("copy-to");
    if !said.is_empty() {
        return said.to_owned();
    }
    let name: String = asked.targets.first().map(|t| t.name.chars().take(240).collect()).unwrap_or_default();
    format!("{}-debug", name.trim_end_matches(['-', '.']))
}

/// The choice of a container of its own.
const NEW: &str = "a new one";

fn form(asked: &Asked, facts: &Facts) -> Form {
    let target = asked.targets.first();
    let to = fields::line("copy-to", "copy to", "What the copy is called.", &name(asked), |given, _| {
        words::name(text(given).trim())
    });
    let pod = target.and_then(|t| facts.object(t));
    let all = pod.map(|p| Container::all(p)).unwrap_or_default();
    let regular = all.into_iter().filter(|c| c.sort == Sort::Regular).map(|c| c.name);
    let names = [NEW.to_owned()].into_iter().chain(regular).collect();
    let container =
        fields::choice("container", "container", "Which one is to be debugged: a new one, or one of its own.", names);
    let check: Check = |given, _| {
        let odd = |l: &&String| l.split_once('=').is_none_or(|(c, i)| c.is_empty() || i.is_empty() || i.contains(' '));
        match super::label::lines(given)?.iter().find(odd) {
            Some(line) => Err(format!("{line}: write container=image, or *=image for all")),
            None => Ok(()),
        }
    };
    let images = visit::lines_field("set-image", "Other images: one container=image a line, *=image for all.", check);
    let command = visit::command_field("What runs in the container instead; empty for what would.");
    let mut all = vec![to];
    all.extend(visit::image_fields(asked, false));
    all.extend([container, command, images, visit::profile_field()]);
    all.push(fields::switch("same-node", "same node", "On the same node, past the scheduler.", false));
    let help = "Its containers see each other's processes.";
    all.push(fields::switch("share-processes", "share processes", help, true));
    all.push(visit::env_field());
    all.push(fields::switch("rm", "remove", "Remove the copy when the session ends (kubectl leaves it).", true));
    Form { fields: all, notes: Vec::new() }
}

fn make(asked: &Asked, facts: &Facts) -> Plan {
    let mut draft = Draft::new(asked, Class::Reversible);
    let title = format!("debug a copy of {}", plan::those(&asked.targets));
    let found = asked.targets.first().and_then(|t| Some((t.clone(), draft.target(facts, t)?)));
    let Some((target, object)) = found else { return draft.finish(title) };
    let own = Some(asked.values.text("container")).filter(|c| *c != NEW && !c.is_empty());
    let name = own.map_or_else(|| format!("{DEBUGGER}-{}", suffix(asked.now, &target.name)), str::to_owned);
    let Some(program) = visit::program(&mut draft, asked, &name) else { return draft.finish(title) };
    if own.is_none() && program.image.is_empty() {
        draft.block("image", "a new container needs an image; or choose one of the pod's own");
        return draft.finish(title);
    }
    let profile = visit::chosen(asked);
    let how = Copied {
        name: asked.values.text("copy-to").to_owned(),
        images: asked.values.lines("set-image").to_vec(),
        same_node: asked.values.flag("same-node"),
        share_processes: asked.values.flag("share-processes"),
        ours: asked.values.flag("rm"),
    };
    let Some(pod) = visit::place(&mut draft, facts, &target.namespace, &how.name) else { return draft.finish(title) };
    visit::elevated(&mut draft, profile, "containers");
    draft.plan.blast.push("the copy runs the same program with the same settings, volumes and rights".to_owned());
    draft.warn("labels, annotations and probes are left out, so nothing sends to the copy or owns it");
    visit::forewarn(&mut draft, facts, &target.namespace, Style::Copy, profile);
    let image = if program.image.is_empty() { "as it is" } else { program.image.as_str() };
    let stays = if how.ours { "" } else { "; it stays" };
    draft.item(subject(&pod), "create", format!("{name}: {image}, profile {}{stays}", profile.name()), Role::RowBusy);
    let line = Line::new(&asked.place).namespace(&target.namespace).word("debug").word(&target.name).word("-it");
    let line = line.flag(true, "copy-to", &how.name).word("-c").word(&name).flag(true, "profile", profile.name());
    let line = line.flag(!program.image.is_empty(), "image", &program.image);
    let line = line.flag(!how.images.is_empty(), "set-image", how.images.join(","));
    let line = line.switch(how.same_node, "same-node").flag(!how.share_processes, "share-processes", false);
    let kubectl = visit::ending(line, &program).done();
    let call = calls::create(&pod, debug::copy(object, &how, &program, profile));
    let removed = how.ours;
    let stay =
        Stay { word: "debug copy", title, style: Style::Copy, profile, program: &program, call, pod, kubectl, removed };
    visit::plan(draft, asked, stay)
}
