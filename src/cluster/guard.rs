//! Read-only mode: an allow-list that stands below every request. Nothing passes because it
//! looks harmless; it passes because it is known to change nothing. Some GETs write (exec,
//! attach, port-forward, a node's proxy) and some POSTs only ask (access reviews).

use crate::core::problem::Problem;
use http::Method;
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
    pub fn check(self, method: &Method, path: &str) -> Result<(), Problem> {
        let path = path.split('?').next().unwrap_or(path);
        if self == Self::Open || reads(method, path) {
            return Ok(());
        }
        Err(Problem::Config(format!("read-only mode: {method} {path} was not sent").into()))
    }
}

fn reads(method: &Method, path: &str) -> bool {
    // Another spelling of a path could hide what it means.
    if path.contains('%') || path.contains("//") || path.split('/').any(|s| s == "." || s == "..") {
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
