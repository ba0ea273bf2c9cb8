//! Read-only mode: an allow-list that stands below every request. Nothing passes because it
//! looks harmless; it passes because it is known to change nothing. Some GETs write (exec,
//! attach, port-forward, a node's proxy) and some POSTs only ask (access reviews, dry runs).

use crate::core::problem::Problem;
use http::Method;
use serde_json::{Value, json};

#[cfg(test)]
mod tests;

/// Whether requests that may change something are let through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Guard {
    /// Every request passes.
    #[default]
    Open,
    /// Only requests that read pass.
    ReadOnly,
}

/// POSTs that only ask.
const QUESTIONS: [(&str, &str); 5] = [
    ("authorization.k8s.io", "selfsubjectaccessreviews"),
    ("authorization.k8s.io", "selfsubjectrulesreviews"),
    ("authorization.k8s.io", "subjectaccessreviews"),
    ("authorization.k8s.io", "localsubjectaccessreviews"),
    ("authentication.k8s.io", "selfsubjectreviews"),
];

/// Subresources whose GET reads.
const READS: [&str; 5] = ["status", "scale", "log", "ephemeralcontainers", "approval"];

/// What a kubelet serves behind a node's proxy that only reads.
const KUBELET: [&str; 7] = ["stats", "metrics", "healthz", "configz", "pods", "logs", "containerLogs"];

/// A resource path in parts.
#[derive(Debug, Default, PartialEq, Eq)]
struct Target<'a> {
    group: &'a str,
    resource: &'a str,
    subresource: Option<&'a str>,
    rest: Option<&'a str>,
}

impl Guard {
    /// Lets a request pass or says why not.
    ///
    /// # Errors
    /// [`Problem::Config`] naming the request that was held back.
    pub fn check(self, method: &Method, path: &str, body: Option<&Value>) -> Result<(), Problem> {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        if self == Self::Open || reads(method, path) || dry_run(method, path, query, body) {
            return Ok(());
        }
        Err(Problem::Config(format!("read-only mode: {method} {path} was not sent").into()))
    }
}

fn reads(method: &Method, path: &str) -> bool {
    if odd(path) {
        return false;
    }
    let Some(t) = parse(path) else {
        // Health, version, discovery: paths that are no resources.
        return matches!(*method, Method::GET | Method::HEAD);
    };
    match *method {
        Method::GET | Method::HEAD => match t.subresource {
            None => true,
            Some("proxy") => {
                t.group.is_empty() && t.resource == "nodes" && t.rest.is_some_and(|r| KUBELET.contains(&r))
            }
            Some(sub) => READS.contains(&sub),
        },
        Method::POST => t.subresource.is_none() && QUESTIONS.contains(&(t.group, t.resource)),
        _ => false,
    }
}

/// Whether the server is only asked what it would do. A body's word wins over the query's where
/// the server lets it (`DeleteOptions`, also inside an eviction), so it must not say otherwise.
fn dry_run(method: &Method, path: &str, query: &str, body: Option<&Value>) -> bool {
    let asked = query.split('&').filter(|p| p.starts_with("dryRun")).eq(["dryRun=All"]);
    if !asked || odd(path) {
        return false;
    }
    let Some(target) = parse(path) else { return false };
    let says = |options: &Value| options.get("dryRun") == Some(&json!(["All"]));
    match (method, target.subresource) {
        (&Method::DELETE, None) => body.is_none_or(says),
        (&Method::POST, Some("eviction")) => {
            body.and_then(|b| b.get("deleteOptions")).is_none_or(|o| o.get("dryRun").is_none() || says(o))
        }
        (&Method::POST, None) | (&Method::PUT | &Method::PATCH, None | Some("scale" | "status")) => true,
        _ => false,
    }
}

/// Another spelling of a path could hide what it means.
fn odd(path: &str) -> bool {
    path.contains('%') || path.contains("//") || path.split('/').any(|s| s == "." || s == "..")
}

/// The resource a path names; `None` for paths outside `/api/V/...` and `/apis/G/V/...`.
fn parse(path: &str) -> Option<Target<'_>> {
    let mut parts = path.trim_start_matches('/').split('/').filter(|s| !s.is_empty());
    let group = match parts.next()? {
        "api" => "",
        "apis" => parts.next()?,
        _ => return None,
    };
    parts.next()?;
    let mut parts: Vec<_> = parts.collect();
    // The old form of watches: `/api/v1/watch/pods`.
    if parts.first() == Some(&"watch") {
        parts.remove(0);
    }
    if parts.first() == Some(&"namespaces") && parts.len() > 2 && !matches!(parts[2], "status" | "finalize") {
        parts.drain(..2);
    }
    let resource = *parts.first()?;
    Some(Target { group, resource, subresource: parts.get(2).copied(), rest: parts.get(3).copied() })
}
