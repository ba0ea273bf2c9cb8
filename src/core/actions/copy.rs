//! Copying files out of containers and into them.

use super::common::{right_on, targets};
use super::shell::{choice, container, in_containers, text};
use crate::core::act::{Action, Asked, Class, Facts, Form, Given, Holding, Plan, Reach, Right, Seed, Values};
use crate::core::commands::CommandSpec;
use crate::core::held::Work;
use crate::core::held::copy::{Wish, parts};
use crate::core::plan::{self, Draft, Line, subject};
use crate::core::role::Role;

pub(super) const OUT: Action = Action {
    spec: CommandSpec {
        id: "copy_out",
        title: "copy out",
        doc: "Copy a file or folder out of the container, checked; nothing outside the target is ever written.",
    },
    reach: Reach::One,
    applies: in_containers,
    rights: |_| rights(),
    reads: targets,
    form: |asked, facts| form(asked, facts, true),
    plan: |asked, facts| make(asked, facts, true),
};

pub(super) const IN: Action = Action {
    spec: CommandSpec {
        id: "copy_in",
        title: "copy in",
        doc: "Copy a file or folder of this machine into the container, checked.",
    },
    reach: Reach::One,
    applies: in_containers,
    rights: |_| rights(),
    reads: targets,
    form: |asked, facts| form(asked, facts, false),
    plan: |asked, facts| make(asked, facts, false),
};

fn rights() -> Vec<Right> {
    vec![right_on("get", "pods", true), right_on("create", "pods/exec", true)]
}

fn named(given: &Given, _: &Values) -> Result<(), String> {
    match parts(text(given).trim()) {
        Some(_) => Ok(()),
        None => Err("a path with a name at its end, as /var/log/app.log".into()),
    }
}

fn some(given: &Given, _: &Values) -> Result<(), String> {
    if text(given).trim().is_empty() { Err("a path".into()) } else { Ok(()) }
}

fn form(asked: &Asked, facts: &Facts, out: bool) -> Form {
    let line = plan::fields::line;
    let mut fields = if out {
        vec![
            line("remote", "from", "The file or folder in the container.", "", named),
            line("local", "to", "A folder that is there, or the new name on this machine.", ".", some),
        ]
    } else {
        vec![
            line("local", "from", "The file or folder on this machine.", "", named),
            line("remote", "to", "A folder that is there, or the new name in the container.", "/tmp/", some),
        ]
    };
    fields.extend(choice(asked, facts));
    let help = "Replace what is there under the same name.";
    fields.push(plan::fields::switch("replace", "replace", help, false));
    Form { fields, notes: Vec::new() }
}

fn make(asked: &Asked, facts: &Facts, out: bool) -> Plan {
    let mut draft = Draft::new(asked, Class::Reversible);
    let title = format!("copy {} {}", if out { "out of" } else { "into" }, plan::those(&asked.targets));
    let Some((pod, _, found)) = container(&mut draft, asked, facts) else { return draft.finish(title) };
    let (remote, local) = (asked.values.text("remote"), asked.values.text("local"));
    let place = format!("{}:{remote}", subject(&pod));
    let (from, to) = if out { (place.as_str(), local) } else { (local, place.as_str()) };
    draft.item(from, "to", to, Role::RowBusy);
    let line = Line::new(&asked.place).word("cp").word(from).word(to).word("-c").word(&found.name);
    draft.plan.kubectl.push(line.done());
    let about = format!("{from} to {to}");
    let wish = Wish {
        pod,
        container: found.name.into(),
        out,
        remote: remote.into(),
        local: local.into(),
        replace: asked.values.flag("replace"),
    };
    draft.plan.seed = Some(Seed::Holding(Box::new(Holding { work: Work::Copy(wish), about })));
    let mut plan = draft.finish(title);
    plan.count = 1;
    plan
}
