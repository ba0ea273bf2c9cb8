//! Attaching to what a container runs already.

use super::common::{right_on, targets};
use super::shell::{choice, container, in_containers};
use crate::core::act::{Action, Asked, Class, Facts, Form, Plan, Reach, Seed, Session};
use crate::core::commands::CommandSpec;
use crate::core::facts::Sort;
use crate::core::plan::{self, Draft, Line, subject};
use crate::core::role::Role;
use crate::core::shell::Task;

pub(super) const ATTACH: Action = Action {
    spec: CommandSpec {
        id: "attach",
        title: "attach",
        doc: "Attach to the container's own program, in a pane; the keys of shell_detach leave it running.",
    },
    reach: Reach::One,
    applies: in_containers,
    rights: |_| vec![right_on("get", "pods", true), right_on("create", "pods/attach", true)],
    reads: targets,
    form: |asked, facts| {
        let sure = !asked.values.text("container").is_empty();
        Form { fields: if sure { Vec::new() } else { choice(asked, facts) }, notes: Vec::new() }
    },
    plan: make,
};

fn make(asked: &Asked, facts: &Facts) -> Plan {
    let mut draft = Draft::new(asked, Class::Open);
    let title = format!("attach to {}", plan::those(&asked.targets));
    let Some((pod, _, found)) = container(&mut draft, asked, facts) else { return draft.finish(title) };
    let how = match (found.stdin, found.tty) {
        (true, true) => "its terminal",
        (true, false) => "its input and output",
        (false, _) => "its output; it takes no input",
    };
    draft.item(subject(&pod), format!("attach to {}", found.name), how, Role::RowBusy);
    if found.sort == Sort::Ephemeral {
        draft.warn("it is an ephemeral container: once its program has ended it is not started again");
    }
    let flags = match (found.stdin, found.tty) {
        (true, true) => "attach -it",
        (true, false) => "attach -i",
        (false, _) => "attach",
    };
    let line = Line::new(&asked.place).namespace(&pod.namespace).words(flags).word(&pod.name);
    draft.plan.kubectl.push(line.word("-c").word(&found.name).done());
    draft.plan.seed = Some(Seed::Session(Box::new(Session {
        word: "attach",
        pod,
        container: found.name.into(),
        task: Task::Attach,
        stdin: found.stdin,
        tty: found.tty,
        goes: false,
    })));
    let mut plan = draft.finish(title);
    plan.count = 1;
    plan
}
