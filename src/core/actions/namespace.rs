//! Making namespaces. (They are deleted as anything else is.)

use super::common::{What, fields, is, right};
use crate::core::act::{Action, Asked, Class, Facts, Form, Given, Plan, Reach, calls};
use crate::core::commands::CommandSpec;
use crate::core::facts::text;
use crate::core::job::{Proof, Step};
use crate::core::kind::ObjectRef;
use crate::core::plan::{self, Draft, Line, fields as form_fields, subject, words};
use crate::core::role::Role;
use serde_json::json;

pub(super) const CREATE: Action = Action {
    spec: CommandSpec { id: "namespace_create", title: "new namespace", doc: "Make a namespace." },
    reach: Reach::None,
    applies: |kind| is(kind, "", "namespaces"),
    rights: |kind| vec![right("create", kind, "")],
    reads: |_, _, cluster| cluster.kind("namespaces").map(|k| plan::all(k, None)).into_iter().collect(),
    form: |_, _| Form {
        fields: vec![form_fields::line("name", "name", "What it is called.", "", |given, _| match given {
            Given::Text(t) => words::label(t.trim()),
            _ => Ok(()),
        })],
        notes: Vec::new(),
    },
    plan: make,
};

fn make(asked: &Asked, facts: &Facts) -> Plan {
    let mut draft = Draft::new(asked, Class::Reversible);
    let name = asked.values.text("name").to_owned();
    let title = format!("create namespace {name}");
    if let Err(why) = words::label(&name) {
        draft.block(name, why);
        return draft.finish(title);
    }
    draft.plan.name.clone_from(&name);
    let (kind, items) = match plan::listed(facts, "namespaces", None, "") {
        Some(Ok(listed)) => listed,
        other => {
            let why = other.and_then(Result::err).map_or_else(|| "they were not listed".into(), ToString::to_string);
            draft.block(name, format!("whether it is there already is not known: {why}"));
            return draft.finish(title);
        }
    };
    if items.iter().any(|o| text(&o["metadata"]["name"]) == name) {
        draft.block(name, "is there already");
        return draft.finish(title);
    }
    let target = ObjectRef {
        cluster: asked.place.cluster,
        kind: kind.clone(),
        namespace: "".into(),
        name: name.as_str().into(),
        uid: None,
    };
    draft.item(subject(&target), "create", "", Role::RowOk);
    let what = What {
        step: "create",
        fields: fields([("name", &name)]),
        kubectl: Line::new(&asked.place).words("create namespace").word(&name).done(),
        done: "created".into(),
    };
    draft.plan.kubectl.push(what.kubectl.clone());
    draft.step(Step {
        subject: subject(&target),
        call: calls::create(&target, json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})),
        record: what.record(&target),
        read: calls::get(&target),
        proof: Proof::Has(json!({"metadata": {"name": name}})),
        wait: None,
        done: what.done,
    });
    draft.finish(title)
}
