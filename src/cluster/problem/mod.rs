//! Every failure becomes a [`Problem`](crate::core::problem::Problem) here, in our words. Foreign errors are looked at for what
//! they mean, never printed; only the server's own `message` gets through, cleaned.
//!
//! `status` reads refusals (HTTP status and Status body), `transport` reads errors of sockets,
//! TLS and HTTP.

mod status;
#[cfg(test)]
mod tests;
mod transport;

pub use status::{from_event, from_response};
pub use transport::{from_error, from_kube};

use crate::core::kind::Kind;
use std::sync::Arc;

/// What was asked: the words a refusal is told in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// `list`, `watch`, `get`, ... as RBAC names it.
    pub verb: &'static str,
    /// `pods`, `deployments.apps`, or a path that is no resource.
    pub resource: Arc<str>,
    /// In which namespace; `None` for cluster-wide.
    pub namespace: Option<Arc<str>>,
}

impl Asked {
    /// A request about a kind.
    #[must_use]
    pub fn kind(verb: &'static str, kind: &Kind, namespace: Option<&Arc<str>>) -> Self {
        let namespace = namespace.filter(|_| kind.namespaced).cloned();
        Self { verb, resource: kind.resource().into(), namespace }
    }

    /// A request for a path that is no object (`/version`).
    #[must_use]
    pub fn path(path: &str) -> Self {
        let path = path.split('?').next().unwrap_or(path);
        Self { verb: "get", resource: path.into(), namespace: None }
    }
}

/// The server's words, made fit for one line: no control characters, at most 300 characters.
pub(crate) fn clean(text: &str) -> String {
    const MOST: usize = 300;
    let mut out: String = text.trim().chars().map(|c| if c.is_control() { ' ' } else { c }).take(MOST + 1).collect();
    if out.chars().count() > MOST {
        out = out.chars().take(MOST - 1).collect();
        out.push('…');
    }
    out
}
