//! Labels and annotations.

use super::common::{What, targets, to_patch};
use crate::core::act::{Action, Asked, Class, Entry, Facts, Field, Form, Given, Patch, Plan, Reach, Values, calls};
use crate::core::commands::CommandSpec;
use crate::core::facts::{reverts, text};
use crate::core::job::{Proof, Step};
use crate::core::kind::{Kind, ObjectRef};
use crate::core::plan::{Draft, Line, fields, subject, those, words};
use crate::core::role::Role;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

pub(super) const LABEL: Action = Action {
    spec: CommandSpec { id: "label", title: "labels", doc: "Add, change and remove labels." },
    reach: Reach::Many,
    applies: patched,
    rights: to_patch,
    reads: targets,
    form: |asked, facts| form(asked, facts, &LABELS),
    plan: |asked, facts| make(asked, facts, &LABELS),
};

pub(super) const ANNOTATE: Action = Action {
    spec: CommandSpec { id: "annotate", title: "annotations", doc: "Add, change and remove annotations." },
    reach: Reach::Many,
    applies: patched,
    rights: to_patch,
    reads: targets,
    form: |asked, facts| form(asked, facts, &ANNOTATIONS),
    plan: |asked, facts| make(asked, facts, &ANNOTATIONS),
};

fn patched(kind: &Kind) -> bool {
    kind.verbs.iter().any(|v| v.as_ref() == "patch")
}

/// What labels and annotations differ in.
struct Sort {
    field: &'static str,
    verb: &'static str,
    done: &'static str,
    value: fn(&str) -> Result<(), String>,
    check: fn(&Given, &Values) -> Result<(), String>,
}

const LABELS: Sort = Sort {
    field: "labels",
    verb: "label",
    done: "labelled",
    value: words::value,
    check: |given, _| lines(given).and_then(|l| parse(l, words::value)).map(|_| ()),
};

const ANNOTATIONS: Sort = Sort {
    field: "annotations",
    verb: "annotate",
    done: "annotated",
    value: any,
    check: |given, _| lines(given).and_then(|l| parse(l, any)).map(|_| ()),
};

#[expect(clippy::unnecessary_wraps, reason = "one of the checks of a table")]
fn any(_: &str) -> Result<(), String> {
    Ok(())
}

pub(super) fn lines(given: &Given) -> Result<&[String], String> {
    match given {
        Given::Lines(lines) | Given::Private(lines) => Ok(lines),
        _ => Err("write one key=value a line".into()),
    }
}

pub(super) fn parse(
    lines: &[String],
    value: fn(&str) -> Result<(), String>,
) -> Result<BTreeMap<String, String>, String> {
    let mut all = BTreeMap::new();
    for line in lines.iter().filter(|l| !l.trim().is_empty()) {
        let (k, v) = line.split_once('=').ok_or_else(|| format!("{line}: write key=value"))?;
        words::key(k.trim())?;
        value(v.trim_end())?;
        if all.insert(k.trim().to_owned(), v.trim_end().to_owned()).is_some() {
            return Err(format!("{} stands twice", k.trim()));
        }
    }
    Ok(all)
}

/// kubectl's copy of what was applied: not for editing, and of a Secret it holds what is secret.
const APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// What an editor of single lines can show: the others stay as they are.
fn own(object: &Value, sort: &Sort) -> BTreeMap<String, String> {
    let map = object["metadata"][sort.field].as_object().into_iter().flatten();
    let single = |v: &str| !v.contains(char::is_control) && v.trim_end() == v && v.len() <= MOST_SHOWN;
    map.map(|(k, v)| (k.clone(), text(v).to_owned())).filter(|(k, v)| k != APPLIED && single(v)).collect()
}

/// Longer values are not edited in a line.
const MOST_SHOWN: usize = 500;

fn shared(asked: &Asked, facts: &Facts, sort: &Sort) -> BTreeMap<String, String> {
    let mut each = asked.targets.iter().filter_map(|t| facts.object(t)).map(|o| own(o, sort));
    let first = each.next().unwrap_or_default();
    each.fold(first, |all, own| all.into_iter().filter(|(k, v)| own.get(k) == Some(v)).collect())
}

fn form(asked: &Asked, facts: &Facts, sort: &Sort) -> Form {
    let first = shared(asked, facts, sort).into_iter().map(|(k, v)| format!("{k}={v}")).collect();
    let mut form = Form {
        fields: vec![Field {
            id: sort.field,
            label: sort.field.into(),
            help: "One key=value a line.".into(),
            entry: Entry::Lines(BTreeMap::new()),
            first: Given::Lines(first),
            check: sort.check,
        }],
        notes: Vec::new(),
    };
    let hidden = |o: &Value| o["metadata"][sort.field].as_object().map_or(0, Map::len) - own(o, sort).len();
    let hidden: usize = asked.targets.iter().filter_map(|t| facts.object(t)).map(|o| hidden(o)).sum();
    if hidden > 0 {
        let what = "long ones, of several lines, or kubectl's own";
        form.notes.push(format!("{hidden} are not shown and stay as they are: {what}."));
    }
    if asked.targets.len() > 1 {
        form.notes.push("What all of these objects have; what only some have stays as it is.".into());
        let help = "Replace a value that only some of the objects have.";
        form.fields.push(fields::switch("overwrite", "overwrite", help, false));
    }
    form
}

fn make(asked: &Asked, facts: &Facts, sort: &Sort) -> Plan {
    let mut draft = Draft::new(asked, Class::Reversible);
    let wanted = match parse(asked.values.lines(sort.field), sort.value) {
        Ok(wanted) => wanted,
        Err(why) => {
            draft.block("", why);
            return draft.finish(sort.verb);
        }
    };
    let was = shared(asked, facts, sort);
    let removed: Vec<_> = was.keys().filter(|k| !wanted.contains_key(*k)).collect();
    for target in &asked.targets {
        let Some(object) = draft.target(facts, target) else { continue };
        let map = &object["metadata"][sort.field];
        let mut changes = Vec::new();
        for (k, v) in wanted.iter().filter(|(k, v)| was.get(*k) != Some(*v)) {
            match map[k.as_str()].as_str() {
                Some(has) if has == v => {}
                Some(has) if !was.contains_key(k) && !asked.values.flag("overwrite") && asked.targets.len() > 1 => {
                    draft.block(subject(target), format!("has {k}={has} already; `overwrite` replaces it"));
                }
                has => changes.push((k.as_str(), has, Some(v.as_str()))),
            }
        }
        changes.extend(removed.iter().filter_map(|k| Some((k.as_str(), Some(map[k.as_str()].as_str()?), None))));
        if changes.is_empty() {
            draft.item(subject(target), "as it is", "", Role::Dim);
            continue;
        }
        for (k, ..) in &changes {
            draft.reverts(reverts(object, &["metadata", sort.field, k]));
            if k.starts_with("node-role.kubernetes.io/") || k.contains("kubernetes.io/") {
                draft.warn(format!("{k} has a meaning to Kubernetes: whoever selects by it follows at once"));
            }
        }
        step(&mut draft, asked, target, map, &changes, sort);
    }
    draft.finish(format!("{} {}", sort.verb, those(&asked.targets)))
}

/// Each key with what it was and what it shall be. What it was is tested by the server,
/// so that nobody's change is overwritten unseen.
fn step(
    draft: &mut Draft,
    asked: &Asked,
    target: &ObjectRef,
    map: &Value,
    changes: &[(&str, Option<&str>, Option<&str>)],
    sort: &Sort,
) {
    let root = format!("/metadata/{}", sort.field);
    let mut body = Vec::new();
    if map.is_null() {
        body.push(json!({"op": "test", "path": root, "value": null}));
        body.push(json!({"op": "add", "path": root, "value": {}}));
    }
    let mut line = Line::new(&asked.place).namespace(&target.namespace).word(sort.verb).object(target);
    let (mut has, mut fields, mut told) = (Map::new(), BTreeMap::new(), Vec::new());
    let replaces = changes.iter().any(|(_, was, now)| was.is_some() && now.is_some());
    for (key, was, now) in changes {
        let path = format!("{root}/{}", key.replace('~', "~0").replace('/', "~1"));
        if !map.is_null() {
            body.push(json!({"op": "test", "path": path, "value": was}));
        }
        body.push(match now {
            Some(v) => json!({"op": "add", "path": path, "value": v}),
            None => json!({"op": "remove", "path": path}),
        });
        has.insert((*key).to_owned(), json!(now));
        line = line.word(&now.map_or_else(|| format!("{key}-"), |v| format!("{key}={v}")));
        fields.insert(format!("{}.{key}", sort.field), now.unwrap_or("(removed)").to_owned());
        told.push(match (was, now) {
            (None, Some(v)) => format!("add {key}={v}"),
            (Some(w), Some(v)) => format!("{key}: {w} -> {v}"),
            (_, None) => format!("remove {key}"),
        });
    }
    let kubectl = line.switch(replaces, "overwrite").done();
    draft.item(subject(target), told.join(", "), "", Role::RowBusy);
    draft.plan.kubectl.push(kubectl.clone());
    let what = What { step: sort.verb, fields, kubectl, done: sort.done.into() };
    draft.step(Step {
        subject: subject(target),
        call: calls::patch(target, Patch::Json, Value::Array(body)),
        record: what.record(target),
        read: calls::get(target),
        proof: Proof::Has(json!({"metadata": {sort.field: has}})),
        wait: None,
        done: what.done,
    });
}
