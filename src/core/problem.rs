//! Everything that can go wrong with a cluster, as a user should hear it.
//! `cluster::problem` makes these from foreign errors; no foreign text gets
//! to the screen but the server's own `message`.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// A right that is missing.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Missing {
    /// `list`, `watch`, `get`, ...
    pub verb: Arc<str>,
    /// `pods`, `deployments.apps`, `pods/exec`.
    pub resource: Arc<str>,
    /// In which namespace; `None` for cluster-wide.
    pub namespace: Option<Arc<str>>,
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.verb, self.resource)?;
        match &self.namespace {
            Some(ns) => write!(f, " in {ns}"),
            None => write!(f, " cluster-wide"),
        }
    }
}

/// What happened, told so that the reader knows what to do next.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Problem {
    /// No connection: name, address, refusal, TLS.
    Unreachable(Arc<str>),
    /// The server (or a proxy) did not answer in time.
    Timeout(Arc<str>),
    /// 401, or a credential that could not be had.
    Unauthorized(Arc<str>),
    /// 403.
    Forbidden(Missing),
    /// 404: the kind is not served, or the object is gone.
    NotFound(Arc<str>),
    /// 410: the resourceVersion is too old.
    Expired,
    /// 409.
    Conflict(Arc<str>),
    /// 422 or 400.
    Invalid(Arc<str>),
    /// 429 with the seconds of Retry-After.
    Throttled(Option<u32>),
    /// 5xx.
    Server(u16, Arc<str>),
    /// The answer is not what an API server sends.
    Garbage(Arc<str>),
    /// The connection ended in the middle.
    Lost(Arc<str>),
    /// Kubeconfig, flags or environment are wrong.
    Config(Arc<str>),
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable(m) => write!(f, "unreachable: {m}"),
            Self::Timeout(m) => write!(f, "no answer in time: {m}"),
            Self::Unauthorized(m) => write!(f, "not logged in: {m}"),
            Self::Forbidden(m) => write!(f, "forbidden: {m}; ask for verb {} on {}", m.verb, m.resource),
            Self::NotFound(m) => write!(f, "not found: {m}"),
            Self::Expired => f.write_str("resourceVersion too old; listing again"),
            Self::Conflict(m) => write!(f, "conflict: {m}"),
            Self::Invalid(m) => write!(f, "refused as invalid: {m}"),
            Self::Throttled(Some(s)) => write!(f, "throttled by the server; retry after {s} s"),
            Self::Throttled(None) => f.write_str("throttled by the server"),
            Self::Server(code, m) => write!(f, "server error {code}: {m}"),
            Self::Garbage(m) => write!(f, "answer makes no sense: {m}"),
            Self::Lost(m) => write!(f, "connection lost: {m}"),
            Self::Config(m) => f.write_str(m),
        }
    }
}
