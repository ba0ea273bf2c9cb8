//! A throw-away pod: made, attached to, removed when its program ends.

use super::common::fields as pairs;
use super::label;
use super::visit::{self, Stay};
use crate::core::act::{Action, Asked, Class, Facts, Form, Plan, Reach, calls};
use crate::core::commands::CommandSpec;
use crate::core::debug::{self, Profile, Style, suffix};
use crate::core::plan::{Draft, Line, fields, subject, words};
use crate::core::role::Role;
use serde_json::{Map, Value, json};

pub(super) const RUN: Action = Action {
    spec: CommandSpec {
        id: "run",
        title: "run",
        doc: "Run an image in a pod of its own, in a pane: run busybox. The pod is removed when its program ends.",
    },
    reach: Reach::None,
    applies: |_| true,
    rights: |_| visit::rights(),
    reads: |asked, _, cluster| {
        // Before the form is filled in, what it would say.
        let name = Some(asked.values.text("name").to_owned()).filter(|n| !n.is_empty());
        visit::place_reads(asked, cluster, visit::namespace(asked), &name.unwrap_or_else(|| first(asked)))
    },
    form,
    plan: make,
};

/// What the pod is called where nobody says otherwise.
fn first(asked: &Asked) -> String {
    format!("run-{}", suffix(asked.now, "run"))
}

fn form(asked: &Asked, _: &Facts) -> Form {
    let node = fields::line(
        "node",
        "node",
        "The node it runs on; empty for the scheduler's choice.",
        &asked.known.node,
        |given, _| {
            let name = super::shell::text(given).trim();
            if name.is_empty() { Ok(()) } else { words::name(name) }
        },
    );
    let help = "Whose rights it has; empty for the namespace's default.";
    let account = fields::line("serviceaccount", "service account", help, "", |given, _| {
        let name = super::shell::text(given).trim();
        if name.is_empty() { Ok(()) } else { words::name(name) }
    });
    let labels = visit::lines_field("labels", "One key=value a line.", |given, _| {
        label::lines(given).and_then(|l| label::parse(l, words::value)).map(|_| ())
    });
    let name = fields::line("name", "name", "What the pod is called.", &first(asked), |given, _| {
        words::label(super::shell::text(given).trim())
    });
    let command = visit::command_field("Its words, as a shell would split them; empty for the image's own.");
    let rest = vec![command, visit::namespace_field(asked), node, account, visit::profile_field(), labels];
    let fields = [visit::image_fields(asked, true), rest, vec![visit::env_field(), name]].concat();
    Form { fields, notes: Vec::new() }
}

fn make(asked: &Asked, facts: &Facts) -> Plan {
    let mut draft = Draft::new(asked, Class::Reversible);
    let (namespace, name, profile) = (asked.values.text("namespace"), asked.values.text("name"), visit::chosen(asked));
    name.clone_into(&mut draft.plan.name);
    let title = format!("run {name}");
    let Some(program) = visit::program(&mut draft, asked, name) else { return draft.finish(title) };
    let title = format!("run {} in {namespace}", program.image);
    let Some(pod) = visit::place(&mut draft, facts, namespace, name) else { return draft.finish(title) };
    visit::elevated(&mut draft, profile, "pods");
    visit::forewarn(&mut draft, facts, namespace, Style::Run, profile);
    let over = over(asked);
    draft.item(subject(&pod), "create", program.image.clone(), Role::RowBusy);
    let labels = asked.values.lines("labels");
    let line = Line::new(&asked.place).namespace(namespace).word("run").word(name).words("-it --rm --restart=Never");
    let line = line.flag(true, "image", &program.image).flag(!labels.is_empty(), "labels", labels.join(","));
    let mut spec = over.clone();
    if profile != Profile::General {
        let mut container = json!({"name": name});
        profile.secure(Style::Run, &mut container);
        spec.insert("containers".into(), json!([container]));
    }
    let line = if spec.is_empty() {
        line
    } else {
        line.flag(true, "override-type", "strategic").flag(true, "overrides", json!({"spec": spec}))
    };
    let line = line.switch(!program.command.is_empty(), "command");
    let kubectl = visit::ending(line, &program).done();
    let call = calls::create(&pod, debug::run(name, namespace, &program, profile, labels, &Value::Object(over)));
    let stay =
        Stay { word: "run", title, style: Style::Run, profile, program: &program, call, pod, kubectl, removed: true };
    visit::plan(draft, asked, stay)
}

/// What the form says of the pod beside its container.
fn over(asked: &Asked) -> Map<String, Value> {
    let all = [("nodeName", "node"), ("serviceAccountName", "serviceaccount")];
    let said = all.map(|(field, id)| (field, asked.values.text(id)));
    pairs(said).into_iter().filter(|(_, v)| !v.is_empty()).map(|(k, v)| (k, v.into())).collect()
}
