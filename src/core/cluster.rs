//! What the state knows of one cluster beside its rows.

use super::kind::{ClusterId, Kind, containers, debugging};
use super::problem::Problem;
use super::status::Meter;
use super::usage::UsageBook;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A context a user may choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContextInfo {
    /// Its name in the kubeconfig.
    pub name: Arc<str>,
    /// The server's address, empty when unknown.
    pub server: Arc<str>,
    /// The user entry's name.
    pub user: Arc<str>,
    /// The namespace it names, if any.
    pub namespace: Option<Arc<str>>,
    /// Why it cannot be used, if so.
    pub problem: Option<Arc<str>>,
}

/// The connection as a whole (each stream has its own freshness).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Link {
    /// Nothing has answered yet.
    #[default]
    Connecting,
    /// Something has answered, and nothing failed since.
    Up,
    /// The last request failed.
    Down(Problem),
}

/// Whether usage can be had.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum UsageLink {
    /// Not asked yet.
    #[default]
    Asking,
    /// Measured at that moment (Unix ms, server clock).
    At(i64),
    /// Cannot be had, and why.
    Missing(Problem),
}

/// One cluster.
#[derive(Debug)]
pub struct Cluster {
    /// Its id in this run.
    pub id: ClusterId,
    /// The context it was reached by.
    pub context: ContextInfo,
    /// Whether the context is protected (its header is loud, confirms are harder).
    pub protected: bool,
    /// Whether no request that changes anything leaves for it.
    pub read_only: bool,
    /// Its namespaces of work; empty for all.
    pub namespaces: Vec<Arc<str>>,
    /// The user as the server names it.
    pub user: Option<Arc<str>>,
    /// The server's version.
    pub version: Option<Arc<str>>,
    /// What it serves; the built-in kinds until discovery has answered.
    pub kinds: Vec<Arc<Kind>>,
    /// Whether the server has said what it serves.
    pub discovered: bool,
    /// What of discovery did not answer.
    pub broken: Vec<Arc<str>>,
    /// How the connection is.
    pub link: Link,
    /// Round trip of the last answer, microseconds.
    pub rtt: Option<u64>,
    /// The server's clock minus ours, milliseconds.
    pub skew: i64,
    /// What goes over its line, as far as the status page was there to see it.
    pub meter: Meter,
    /// Usage of pods.
    pub pod_usage: UsageBook,
    /// Usage of nodes.
    pub node_usage: UsageBook,
    /// Where pod usage comes from.
    pub pod_usage_link: UsageLink,
    /// Where node usage comes from.
    pub node_usage_link: UsageLink,
}

impl Cluster {
    /// A cluster nothing has been heard of yet.
    #[must_use]
    pub fn new(id: ClusterId, context: ContextInfo, kinds: Vec<Arc<Kind>>) -> Self {
        let namespaces = context.namespace.iter().cloned().collect();
        Self {
            id,
            context,
            protected: false,
            read_only: false,
            namespaces,
            user: None,
            version: None,
            kinds,
            discovered: false,
            broken: Vec::new(),
            link: Link::default(),
            rtt: None,
            skew: 0,
            meter: Meter::default(),
            pod_usage: UsageBook::default(),
            node_usage: UsageBook::default(),
            pod_usage_link: UsageLink::default(),
            node_usage_link: UsageLink::default(),
        }
    }

    /// The kind a user's word means: exact plural first, then any name, core group first.
    #[must_use]
    pub fn kind(&self, word: &str) -> Option<Arc<Kind>> {
        let exact = |k: &&Arc<Kind>| k.plural.as_ref() == word || k.resource() == word;
        let by_group = |k: &&&Arc<Kind>| !(k.group.is_empty() || k.group.as_ref() == "apps");
        let hits: Vec<_> = self.kinds.iter().filter(|k| k.answers_to(word)).collect();
        hits.iter()
            .copied()
            .find(exact)
            .or_else(|| hits.iter().find(|k| !by_group(k)).copied())
            .or_else(|| hits.first().copied())
            .cloned()
            .or_else(|| [containers(), debugging()].into_iter().find(|k| k.answers_to(word)))
    }
}
