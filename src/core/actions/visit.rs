//! What bringing a container in has in common: rights, fields of forms, and the plan whose job is a visit.

use super::common::{is, right_on};
use super::label;
use super::shell::text;
use crate::core::act::calls::{self, dry};
use crate::core::act::{Asked, Call, Check, Class, Entry, Facts, Field, Given, Plan, Read, Right, Seed, Session};
use crate::core::cluster::Cluster;
use crate::core::debug::{MANAGED_BY, OURS, Profile, Program, Style, advice, enforced};
use crate::core::job::visit::{Guest, Visit};
use crate::core::job::{Machine, Proof, Record, Step, Wait};
use crate::core::kind::ObjectRef;
use crate::core::plan::{Draft, Line, fields, read, subject, words as names};
use crate::core::shell::{Task, words};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The image where nobody has chosen one: that of kubectl's own examples.
const IMAGE: &str = "busybox";
/// The choice of no preset.
const NONE: &str = "none";

/// What making a pod, sitting in it and removing it needs.
pub(super) fn rights() -> Vec<Right> {
    vec![
        right_on("get", "pods", true),
        right_on("create", "pods", true),
        right_on("create", "pods/attach", true),
        right_on("delete", "pods", true),
    ]
}

/// The fields of an image: any, or a preset. Without `needed` there may be none at all.
pub(super) fn image_fields(asked: &Asked, needed: bool) -> Vec<Field> {
    let mut presets = asked.known.images.clone();
    if presets.is_empty() {
        presets.push(IMAGE.to_owned());
    }
    let blank: Check = |given, _| {
        if text(given).trim().contains(char::is_whitespace) { Err("an image has no blanks".into()) } else { Ok(()) }
    };
    if !needed {
        presets.insert(0, NONE.to_owned());
    }
    vec![
        fields::line("image", "image", "Any image; empty for the preset below.", "", blank),
        fields::choice("preset", "preset", "What stands for an empty image (debug_images).", presets),
    ]
}

/// The field of a command, which may be empty.
pub(super) fn command_field(help: &str) -> Field {
    fields::line("command", "command", help, "", |given, _| command(text(given)).map(|_| ()))
}

fn command(line: &str) -> Result<Vec<Arc<str>>, String> {
    if line.trim().is_empty() { Ok(Vec::new()) } else { words::split(line) }
}

/// The field of a namespace.
pub(super) fn namespace_field(asked: &Asked) -> Field {
    let check: Check = |given, _| names::label(text(given).trim());
    fields::line("namespace", "namespace", "Where the pod is made.", namespace(asked), check)
}

/// The namespace the form says, or will say.
pub(super) fn namespace(asked: &Asked) -> &str {
    let said = [asked.values.text("namespace"), asked.known.namespace.as_str()];
    said.into_iter().find(|ns| !ns.is_empty()).unwrap_or("default")
}

/// The field of a profile.
pub(super) fn profile_field() -> Field {
    let all = Profile::ALL.map(|p| p.name().to_owned()).to_vec();
    let help = "What it may, as kubectl debug --profile has it; sysadmin is privileged.";
    fields::choice("profile", "profile", help, all)
}

/// The field of variables.
pub(super) fn env_field() -> Field {
    let check: Check = |given, _| {
        let odd = |l: &&String| l.split_once('=').is_none_or(|(n, _)| n.is_empty() || n.contains(char::is_whitespace));
        match label::lines(given)?.iter().find(odd) {
            Some(line) => Err(format!("{line}: write NAME=value")),
            None => Ok(()),
        }
    };
    let help = "Variables, one NAME=value a line. They stand in the pod for all to read, and in no journal.";
    Field { entry: Entry::Private, first: Given::Private(Vec::new()), ..lines_field("env", help, check) }
}

/// The variables in kubectl's words: their values, which may be secrets, are left to the shell that runs them.
fn variables(line: Line, program: &Program) -> Line {
    let names = program.env.iter().filter_map(|v| Some(v.split_once('=')?.0));
    names.fold(line, Line::env)
}

/// A field of lines that is empty at first.
pub(super) fn lines_field(id: &'static str, help: &str, check: Check) -> Field {
    let entry = Entry::Lines(BTreeMap::new());
    Field { id, label: id.into(), help: help.into(), entry, first: Given::Lines(Vec::new()), check }
}

/// What the form says is to run; told in the draft why not, if so.
pub(super) fn program(draft: &mut Draft, asked: &Asked, container: &str) -> Option<Program> {
    let (any, preset) = (asked.values.text("image"), asked.values.text("preset"));
    let image = if any.is_empty() { Some(preset).filter(|p| *p != NONE).unwrap_or_default() } else { any };
    match command(asked.values.text("command")) {
        Ok(command) => Some(Program {
            container: container.to_owned(),
            image: image.to_owned(),
            command,
            env: asked.values.lines("env").to_vec(),
        }),
        Err(why) => {
            draft.block("command", why);
            None
        }
    }
}

/// The profile the form says.
pub(super) fn chosen(asked: &Asked) -> Profile {
    Profile::named(asked.values.text("profile"))
}

/// What must be read of the place of a new pod: whether its name is free, and what its namespace enforces.
pub(super) fn place_reads(asked: &Asked, cluster: &Cluster, namespace: &str, name: &str) -> Vec<Read> {
    let object = |kind: &str, ns: &str, name: &str| {
        let kind = cluster.kind(kind)?;
        let (namespace, name) = (ns.into(), name.into());
        Some(Read::Object(ObjectRef { cluster: asked.place.cluster, kind, namespace, name, uid: None }))
    };
    if names::label(namespace).is_err() || names::name(name).is_err() {
        return Vec::new();
    }
    [object("pods", namespace, name), object("namespaces", "", namespace)].into_iter().flatten().collect()
}

/// The new pod, if there is a place for it.
pub(super) fn place(draft: &mut Draft, facts: &Facts, namespace: &str, name: &str) -> Option<ObjectRef> {
    if let Err(why) = names::name(name) {
        draft.block("name", why);
        return None;
    }
    if let Some((_, Err(refusal))) = read(facts, "Namespace", "", namespace)
        && refusal.code == 404
    {
        draft.block(namespace, "there is no namespace of that name");
        return None;
    }
    let found = facts.answers.iter().find_map(|(question, answer)| match question {
        Read::Object(o) if is(&o.kind, "", "pods") && *o.namespace == *namespace && *o.name == *name => {
            Some((o.clone(), answer.is_ok()))
        }
        _ => None,
    });
    match found {
        Some((pod, false)) => Some(ObjectRef { uid: None, ..pod }),
        Some((_, true)) => {
            draft.block(name, "a pod of that name is there already; choose another");
            None
        }
        None => {
            draft.block(namespace, "whether the pod's name is free is not known");
            None
        }
    }
}

/// Says that the profile elevates, if so.
pub(super) fn elevated(draft: &mut Draft, profile: Profile, of: &str) {
    if profile.elevates() {
        draft.at_least(Class::Disruptive);
        draft.warn(format!("profile {} grants more than {of} have by themselves", profile.name()));
    }
}

/// Says beforehand what the namespace's Pod Security is going to say, as far as it was read.
pub(super) fn forewarn(draft: &mut Draft, facts: &Facts, namespace: &str, style: Style, profile: Profile) {
    let level = read(facts, "Namespace", "", namespace).and_then(|(_, n)| n.ok()).and_then(enforced);
    if let Some((level, advice)) = level.and_then(|l| Some((l, advice(l, style, profile)?))) {
        let name = level.name();
        draft.warn(format!("namespace {namespace} enforces Pod Security level {name}, which refuses this; {advice}"));
    }
}

/// A visit, as its plan knows it.
pub(super) struct Stay<'a> {
    /// `node shell`, for the pane's title and the journal.
    pub word: &'static str,
    /// The plan's title.
    pub title: String,
    pub style: Style,
    pub profile: Profile,
    pub program: &'a Program,
    /// What the container is brought in with, and the pod it will be in.
    pub call: Call,
    pub pod: ObjectRef,
    /// In kubectl's words.
    pub kubectl: String,
    /// Whether the pod is removed at the end.
    pub removed: bool,
}

/// The plan that begins it.
pub(super) fn plan(mut draft: Draft, asked: &Asked, stay: Stay<'_>) -> Plan {
    let Stay { word, title, style, profile, program, call, pod, kubectl, removed } = stay;
    draft.plan.kubectl.push(kubectl.clone());
    if program.image.ends_with(":latest") || !program.image.rsplit('/').next().unwrap_or_default().contains([':', '@'])
    {
        draft.warn(format!("{}: an image without a fixed tag is asked for at its registry each time", program.image));
    }
    let name = &program.container;
    let proof = match style {
        Style::Ephemeral => json!({"spec": {"ephemeralContainers": [{"name": name}]}}),
        _ if removed => json!({"metadata": {"name": pod.name.as_ref(), "labels": {MANAGED_BY: OURS}}}),
        _ => json!({"metadata": {"name": pod.name.as_ref()}}),
    };
    let pairs = [("container", name.as_str()), ("image", &program.image), ("profile", profile.name())];
    let subject = match style {
        Style::Ephemeral => format!("{} {name}", subject(&pod)),
        _ => subject(&pod),
    };
    let bring = Step {
        subject,
        record: Record {
            step: word,
            target: pod.clone(),
            fields: super::common::fields(pairs),
            kubectl: kubectl.clone(),
        },
        read: calls::get(&pod),
        proof: Proof::Has(proof),
        wait: Some((Wait::Runs(name.clone()), calls::get(&pod))),
        done: if style == Style::Ephemeral { "added" } else { "created" }.into(),
        call,
    };
    let remove =
        Line::new(&asked.place).namespace(&pod.namespace).words("delete pod").word(&pod.name).word("--now").done();
    let trial = vec![(pod.clone(), dry(&bring.call))];
    let session =
        Session { word, pod, container: name.as_str().into(), task: Task::Attach, stdin: true, tty: true, goes: true };
    let remove = removed.then_some(remove);
    let mut plan = draft.finish(title.clone());
    if plan.blockers.is_empty() {
        let visit = Visit::new(Guest { title, kubectl, bring, session, style, profile, remove });
        plan.seed = Some(Seed::Job(Box::new(Machine::Visit(Box::new(visit)))));
    }
    (plan.count, plan.trial) = (1, trial);
    plan
}

/// The variables, and the command after `--` if there is one.
pub(super) fn ending(line: Line, program: &Program) -> Line {
    let line = variables(line, program);
    let line = if program.command.is_empty() { line } else { line.word("--") };
    program.command.iter().fold(line, |line, word| line.word(word))
}
