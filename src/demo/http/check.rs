//! Validation, as far as actions meet it: names, and fields that must not change.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use super::super::kinds::Kind;
use super::super::object::{list, text};
use super::super::status::{Outcome, Problem};

static NAME: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$").ok());

const BAD_NAME: &str = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

/// A new object must have a good name, a pod's containers images.
pub(super) fn named(kind: &Kind, object: &Value) -> Outcome<()> {
    let name = text(object, "metadata/name");
    let bad_name = format!("Invalid value: \"{name}\": {BAD_NAME}");
    let mut causes: Vec<(String, &str, String)> = Vec::new();
    if name.is_empty() {
        causes.push((
            "metadata.name".into(),
            "FieldValueRequired",
            "Required value: name or generateName is required".into(),
        ));
    } else if name.len() > 253 || !NAME.as_ref().is_some_and(|r| r.is_match(name)) {
        causes.push(("metadata.name".into(), "FieldValueInvalid", bad_name));
    }
    if kind.plural == "pods" {
        let containers = list(object, "spec/containers");
        if containers.is_empty() {
            causes.push(("spec.containers".into(), "FieldValueRequired", "Required value".into()));
        }
        for (i, c) in containers.iter().enumerate() {
            if text(c, "image").is_empty() {
                causes.push((format!("spec.containers[{i}].image"), "FieldValueRequired", "Required value".into()));
            }
        }
    }
    refuse(kind, name, &causes)
}

fn refuse(kind: &Kind, name: &str, causes: &[(String, &str, String)]) -> Outcome<()> {
    if causes.is_empty() {
        return Ok(());
    }
    let causes: Vec<(&str, &str, &str)> = causes.iter().map(|(f, r, m)| (f.as_str(), *r, m.as_str())).collect();
    Err(Problem::invalid(kind, name, &causes))
}

/// Selectors of workloads are immutable, and so is most of a pod; replicas are not negative.
pub(super) fn unchanged(kind: &Kind, before: &Value, after: &Value) -> Outcome<()> {
    let name = text(before, "metadata/name");
    let mut causes: Vec<(String, &str, String)> = Vec::new();
    if kind.group == "apps" && before["spec"]["selector"] != after["spec"]["selector"] {
        causes.push((
            "spec.selector".into(),
            "FieldValueInvalid",
            format!("Invalid value: {}: field is immutable", after["spec"]["selector"]),
        ));
    }
    if let Some(n) = after["spec"]["replicas"].as_i64().filter(|n| *n < 0) {
        causes.push((
            "spec.replicas".into(),
            "FieldValueInvalid",
            format!("Invalid value: {n}: must be greater than or equal to 0"),
        ));
    }
    if kind.plural == "pods" && before["spec"]["nodeName"] != after["spec"]["nodeName"] {
        causes.push(("spec".into(), "FieldValueForbidden", "Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)".into()));
    }
    refuse(kind, name, &causes)
}
