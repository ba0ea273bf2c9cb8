//! Which rights we have. One rules review tells most of a namespace's; what it does not grant is
//! asked one by one where the review says it is incomplete (webhook authorizers), and for rights
//! outside namespaces. What nobody could say stays unknown.

use super::connect::Connection;
use super::problem::Asked;
use crate::core::act::Right;
use serde_json::{Value, json};
use std::sync::Arc;

/// A right with the namespace it is wanted in; `None` for cluster-wide.
pub type Wanted = (Right, Option<Arc<str>>);

const ROOT: &str = "/apis/authorization.k8s.io/v1";

/// Answers each: yes, no, or unknown.
pub async fn review(connection: &Connection, wanted: Vec<Wanted>) -> Vec<(Right, Option<Arc<str>>, Option<bool>)> {
    let mut rules: Vec<(Arc<str>, Option<Rules>)> = Vec::new();
    let mut answers = Vec::with_capacity(wanted.len());
    for (right, namespace) in wanted {
        let answer = match &namespace {
            Some(ns) => {
                if !rules.iter().any(|(n, _)| n == ns) {
                    rules.push((ns.clone(), Rules::of(connection, ns).await));
                }
                let known = rules.iter().find(|(n, _)| n == ns).and_then(|(_, r)| r.as_ref());
                match known.and_then(|r| r.says(&right)) {
                    Some(answer) => Some(answer),
                    None => access(connection, &right, Some(ns)).await,
                }
            }
            None => access(connection, &right, None).await,
        };
        let answer = match answer {
            Some(false) => Some(opens_anyway(connection, &right, namespace.as_ref()).await),
            answer => answer,
        };
        answers.push((right, namespace, answer));
    }
    answers
}

/// What is a session with a container: `create` opens one on every server, by SPDY at least.
const SESSIONS: [&str; 3] = ["pods/exec", "pods/attach", "pods/portforward"];
/// The first version that asks for `create` over a WebSocket too; those before it ask for `get` alone.
const BOTH: (u32, u32) = (1, 35);

/// Whether a session that may not be created may be opened all the same: an older server lets those in who may
/// `get` it.
async fn opens_anyway(connection: &Connection, right: &Right, namespace: Option<&Arc<str>>) -> bool {
    if right.verb.as_ref() != "create" || !SESSIONS.contains(&right.resource.as_ref()) {
        return false;
    }
    let Ok(version) = super::discover::version(connection).await else { return false };
    let get = Right { verb: "get".into(), ..right.clone() };
    older(&version.body, BOTH) && access(connection, &get, namespace).await == Some(true)
}

/// Whether `v1.34.4` is older than (1, 35); what is no version is not.
fn older(version: &str, than: (u32, u32)) -> bool {
    let mut parts = version.trim_start_matches('v').split('.').map(|p| p.parse::<u32>().ok());
    let (Some(Some(major)), Some(Some(minor))) = (parts.next(), parts.next()) else { return false };
    (major, minor) < than
}

/// `deployments.apps/scale` in parts: resource, group, subresource.
fn parts(resource: &str) -> (&str, &str, &str) {
    let (name, sub) = resource.split_once('/').unwrap_or((resource, ""));
    let (plural, group) = name.split_once('.').unwrap_or((name, ""));
    (plural, group, sub)
}

struct Rules {
    rules: Vec<Value>,
    incomplete: bool,
}

impl Rules {
    async fn of(connection: &Connection, namespace: &str) -> Option<Self> {
        let body = json!({
            "apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectRulesReview",
            "spec": { "namespace": namespace }
        });
        let ask = ask("selfsubjectrulesreviews.authorization.k8s.io");
        let answer = connection.post_json(&format!("{ROOT}/selfsubjectrulesreviews"), &body, &ask).await.ok()?.body;
        let status = answer.get("status")?;
        Some(Self {
            rules: status.get("resourceRules")?.as_array()?.clone(),
            incomplete: status.get("incomplete").and_then(Value::as_bool).unwrap_or(false),
        })
    }

    /// Yes, no, or `None` when the review does not know.
    fn says(&self, right: &Right) -> Option<bool> {
        if self.rules.iter().any(|rule| grants(rule, right)) {
            return Some(true);
        }
        (!self.incomplete).then_some(false)
    }
}

/// RBAC's matching: `*` for all, `*/sub` for that subresource of all. A rule for named objects
/// grants something, but not for any object: it does not count here, an access review decides.
fn grants(rule: &Value, right: &Right) -> bool {
    let (plural, group, sub) = parts(&right.resource);
    let full = if sub.is_empty() { plural.to_owned() } else { format!("{plural}/{sub}") };
    let any_sub = format!("*/{sub}");
    let has = |key: &str, fits: &dyn Fn(&str) -> bool| {
        rule.get(key).and_then(Value::as_array).is_some_and(|l| l.iter().filter_map(Value::as_str).any(fits))
    };
    let unnamed = rule.get("resourceNames").and_then(Value::as_array).is_none_or(Vec::is_empty);
    unnamed
        && has("verbs", &|v| v == "*" || *v == *right.verb)
        && has("apiGroups", &|g| g == "*" || g == group)
        && has("resources", &|r| r == "*" || r == full || (!sub.is_empty() && r == any_sub))
}

async fn access(connection: &Connection, right: &Right, namespace: Option<&Arc<str>>) -> Option<bool> {
    let (plural, group, sub) = parts(&right.resource);
    let mut wanted = json!({ "verb": right.verb.as_ref(), "resource": plural, "group": group });
    if !sub.is_empty() {
        wanted["subresource"] = sub.into();
    }
    if let Some(ns) = namespace {
        wanted["namespace"] = ns.as_ref().into();
    }
    let body = json!({
        "apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview",
        "spec": { "resourceAttributes": wanted }
    });
    let ask = ask("selfsubjectaccessreviews.authorization.k8s.io");
    let answer = connection.post_json(&format!("{ROOT}/selfsubjectaccessreviews"), &body, &ask).await.ok()?.body;
    answer.pointer("/status/allowed").and_then(Value::as_bool)
}

fn ask(resource: &str) -> Asked {
    Asked { verb: "create", resource: resource.into(), namespace: None }
}

#[cfg(test)]
mod tests;
