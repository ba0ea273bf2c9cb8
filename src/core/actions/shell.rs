//! Programs in containers: a shell, or any command.

use super::common::{is, right_on, targets};
use crate::core::act::{Action, Asked, Class, Facts, Field, Form, Given, Plan, Reach, Right, Seed, Session};
use crate::core::commands::CommandSpec;
use crate::core::facts::{Container, Pod, windows};
use crate::core::kind::{CONTAINERS, Kind, ObjectRef};
use crate::core::plan::{self, Draft, Line, subject};
use crate::core::role::Role;
use crate::core::shell::{Task, words};
use serde_json::Value;
use std::sync::Arc;

pub(super) const SHELL: Action = Action {
    spec: CommandSpec {
        id: "shell",
        title: "shell",
        doc: "Open a shell in the container, in a pane: bash where there is one, else sh (shell_command).",
    },
    reach: Reach::One,
    applies: in_containers,
    rights: |_| to_exec(),
    reads: targets,
    form: |asked, facts| {
        let sure = !asked.values.text("container").is_empty();
        Form { fields: if sure { Vec::new() } else { choice(asked, facts) }, notes: Vec::new() }
    },
    plan: |asked, facts| make(asked, facts, "shell"),
};

pub(super) const EXEC: Action = Action {
    spec: CommandSpec {
        id: "exec",
        title: "exec",
        doc: "Run a command in the container, in a pane: exec ls -l /tmp. No shell reads it.",
    },
    reach: Reach::One,
    applies: in_containers,
    rights: |_| to_exec(),
    reads: targets,
    form: |asked, facts| {
        let command = plan::fields::line(
            "command",
            "command",
            "The words of the command, as a shell would split them; for pipes sh -c '...'.",
            "",
            |given, _| words::split(text(given)).map(|_| ()),
        );
        Form { fields: [vec![command], choice(asked, facts)].concat(), notes: Vec::new() }
    },
    plan: |asked, facts| make(asked, facts, "exec"),
};

/// A field's text.
pub(super) fn text(given: &Given) -> &str {
    match given {
        Given::Text(s) | Given::Choice(s) => s,
        _ => "",
    }
}

/// Pods, and the rows that stand for their containers.
pub(super) fn in_containers(kind: &Kind) -> bool {
    is(kind, "", "pods") || is(kind, "", CONTAINERS)
}

fn to_exec() -> Vec<Right> {
    vec![right_on("get", "pods", true), right_on("create", "pods/exec", true)]
}

/// The field that asks for a container, where there are several and the pod does not say which is meant. The row's own
/// stands in it.
pub(super) fn choice(asked: &Asked, facts: &Facts) -> Vec<Field> {
    let Some(pod) = asked.targets.first().and_then(|t| facts.object(t)) else { return Vec::new() };
    let given = asked.values.text("container").to_owned();
    let all: Vec<String> = Container::all(pod).into_iter().map(|c| c.name).collect();
    if all.len() < 2 || (given.is_empty() && Container::named(pod)) {
        return Vec::new();
    }
    let first = if given.is_empty() { Container::usual(pod).unwrap_or_default() } else { given };
    let mut field = plan::fields::choice("container", "container", "Which of the pod's containers.", all);
    field.first = Given::Choice(first);
    vec![field]
}

/// The pod and the container that are meant; told in the draft why not, if so.
pub(super) fn container(draft: &mut Draft, asked: &Asked, facts: &Facts) -> Option<(ObjectRef, Value, Container)> {
    let target = asked.targets.first()?;
    let object = draft.target(facts, target)?;
    let pod = Pod::of(object);
    let name = subject(target);
    let wanted = Some(asked.values.text("container")).filter(|c| !c.is_empty()).map(str::to_owned);
    let Some(wanted) = wanted.or_else(|| Container::usual(object)) else {
        draft.block(name, "has no container");
        return None;
    };
    let Some(found) = Container::all(object).into_iter().find(|c| c.name == wanted) else {
        draft.block(name, format!("has no container {wanted}"));
        return None;
    };
    if pod.finished() {
        draft.block(name, format!("has ended ({}); nothing runs in it any more", pod.phase));
        return None;
    }
    if pod.node.is_empty() {
        draft.block(name, "is on no node yet");
        return None;
    }
    if let Some(why) = found.still() {
        draft.block(format!("{name} {wanted}"), why);
        return None;
    }
    let pinned = ObjectRef { uid: Some(pod.meta.id()), ..target.clone() };
    Some((pinned, object.clone(), found))
}

fn make(asked: &Asked, facts: &Facts, word: &'static str) -> Plan {
    let mut draft = Draft::new(asked, Class::Open);
    let Some((pod, object, found)) = container(&mut draft, asked, facts) else {
        return draft.finish(format!("{word} in {}", plan::those(&asked.targets)));
    };
    let typed = asked.values.text("command").to_owned();
    let run = if word == "shell" {
        shell(&asked.known.shell, &object)
    } else {
        match words::split(&typed) {
            Ok(words) => words,
            Err(why) => {
                draft.block("command", why);
                return draft.finish(format!("{word} in {}", plan::those(&asked.targets)));
            }
        }
    };
    let said = if word == "shell" { "a shell".to_owned() } else { typed };
    draft.item(subject(&pod), format!("{word} in {}", found.name), said, Role::RowBusy);
    let line = Line::new(&asked.place).namespace(&pod.namespace).words("exec -it").word(&pod.name);
    let line = run.iter().fold(line.word("-c").word(&found.name).word("--"), |line, word| line.word(word));
    draft.plan.kubectl.push(line.done());
    draft.plan.seed = Some(Seed::Session(Box::new(Session {
        word,
        pod,
        container: found.name.into(),
        task: Task::Exec(run),
        stdin: true,
        tty: true,
        goes: word == "shell",
    })));
    let mut plan = draft.finish(format!("{word} in {}", plan::those(&asked.targets)));
    plan.count = 1;
    plan
}

/// The words that start a shell: the user's own, else bash, else sh.
fn shell(own: &str, pod: &Value) -> Vec<Arc<str>> {
    if let Ok(words) = words::split(own) {
        return words;
    }
    if windows(pod) {
        return vec!["powershell".into()];
    }
    vec!["sh".into(), "-c".into(), "command -v bash >/dev/null && exec bash || exec sh".into()]
}
