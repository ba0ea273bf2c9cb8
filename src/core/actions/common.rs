//! What the lines of the table have in common.

use crate::core::act::{Asked, Call, Facts, Form, Patch, Read, Right, calls};
use crate::core::cluster::Cluster;
use crate::core::job::{Proof, Record, Step, Wait};
use crate::core::kind::{Kind, ObjectRef};
use crate::core::plan;
use serde_json::Value;
use std::collections::BTreeMap;

/// Whether a kind is that one, in any version.
pub(super) fn is(kind: &Kind, group: &str, plural: &str) -> bool {
    kind.group.as_ref() == group && kind.plural.as_ref() == plural
}

/// Nodes.
pub(super) fn node(kind: &Kind) -> bool {
    is(kind, "", "nodes")
}

/// A right on objects of a kind, or on a subresource of theirs.
pub(super) fn right(verb: &'static str, kind: &Kind, subresource: &str) -> Right {
    let resource = kind.resource();
    let resource = if subresource.is_empty() { resource } else { format!("{resource}/{subresource}") };
    Right { verb: verb.into(), resource: resource.into(), namespaced: kind.namespaced }
}

/// A right on a resource of a name known beforehand.
pub(super) fn right_on(verb: &'static str, resource: &str, namespaced: bool) -> Right {
    Right { verb: verb.into(), resource: resource.into(), namespaced }
}

/// To read and to patch the object itself.
pub(super) fn to_patch(kind: &Kind) -> Vec<Right> {
    vec![right("get", kind, ""), right("patch", kind, "")]
}

/// The targets themselves.
pub(super) fn targets(asked: &Asked, _: &Facts, _: &Cluster) -> Vec<Read> {
    asked.targets.iter().cloned().map(Read::Object).collect()
}

/// Nothing to fill in.
pub(super) fn no_form(_: &Asked, _: &Facts) -> Form {
    Form::default()
}

/// A step that merges a patch into an object.
pub(super) fn merge(target: &ObjectRef, body: Value, what: &What) -> Step {
    let mut proof = body.clone();
    if let Some(meta) = proof.get_mut("metadata").and_then(Value::as_object_mut) {
        meta.shift_remove("resourceVersion");
    }
    Step {
        subject: plan::subject(target),
        call: calls::patch(target, Patch::Merge, body),
        record: what.record(target),
        read: calls::get(target),
        proof: Proof::Has(proof),
        wait: None,
        done: what.done.clone(),
    }
}

/// What a step is called.
pub(super) struct What {
    /// The journal's word for it.
    pub step: &'static str,
    /// What it changes, by name.
    pub fields: BTreeMap<String, String>,
    /// In kubectl's words.
    pub kubectl: String,
    /// Said once it is done.
    pub done: String,
}

impl What {
    pub fn record(&self, target: &ObjectRef) -> Record {
        Record { step: self.step, target: target.clone(), fields: self.fields.clone(), kubectl: self.kubectl.clone() }
    }

    /// The step that removes this: done when it is gone.
    pub fn removal(self, target: &ObjectRef, call: Call) -> Step {
        let step = Step {
            subject: plan::subject(target),
            call,
            record: self.record(target),
            read: calls::get(target),
            proof: Proof::Gone,
            wait: None,
            done: self.done,
        };
        step.waiting(Wait::Gone)
    }
}

/// Names and values of what a step changes.
pub(super) fn fields<const N: usize>(pairs: [(&str, &str); N]) -> BTreeMap<String, String> {
    pairs.into_iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect()
}
