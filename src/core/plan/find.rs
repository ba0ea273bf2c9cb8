//! Looking answers up by what they are about.

use crate::core::act::{Facts, Read, Refusal};
use crate::core::kind::{Kind, ObjectRef};
use serde_json::Value;
use std::sync::Arc;

/// A list that was read, with its kind.
pub type Listed<'a> = Result<(&'a Arc<Kind>, &'a [Value]), &'a Refusal>;

/// The list of a resource in a namespace (`None` for all) by a field selector.
#[must_use]
pub fn listed<'a>(facts: &'a Facts, resource: &str, ns: Option<&str>, by: &str) -> Option<Listed<'a>> {
    facts.answers.iter().find_map(|(read, answer)| match read {
        Read::List { kind, namespace, fields, labels }
            if kind.resource() == resource
                && namespace.as_deref() == ns
                && fields.as_ref() == by
                && labels.is_empty() =>
        {
            let items = |v: &'a Arc<Value>| (kind, v.as_array().map_or(&[][..], Vec::as_slice));
            Some(answer.as_ref().map(items))
        }
        _ => None,
    })
}

/// An object of a kind that was read, by its place.
#[must_use]
pub fn read<'a>(
    facts: &'a Facts,
    kind: &str,
    ns: &str,
    name: &str,
) -> Option<(&'a ObjectRef, Result<&'a Value, &'a Refusal>)> {
    facts.answers.iter().find_map(|(read, answer)| match read {
        Read::Object(o) if o.kind.kind.as_ref() == kind && o.namespace.as_ref() == ns && o.name.as_ref() == name => {
            Some((o, answer.as_ref().map(AsRef::as_ref)))
        }
        _ => None,
    })
}

/// A read of all objects of a kind in a namespace (`None` for all).
#[must_use]
pub fn all(kind: Arc<Kind>, namespace: Option<Arc<str>>) -> Read {
    Read::List { kind, namespace, fields: "".into(), labels: "".into() }
}

/// A read of the pods of a node.
#[must_use]
pub fn pods_of(pods: Arc<Kind>, node: &str) -> Read {
    Read::List { kind: pods, namespace: None, fields: on(node).into(), labels: "".into() }
}

/// The field selector for what runs on a node.
#[must_use]
pub fn on(node: &str) -> String {
    format!("spec.nodeName={node}")
}
