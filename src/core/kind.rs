//! Kinds of objects as the server names them.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// A cluster of this run. References carry it, so nothing lands on another one after a switch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct ClusterId(pub u32);

/// A served resource.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Kind {
    /// API group, empty for the core group.
    pub group: Arc<str>,
    /// Version to talk.
    pub version: Arc<str>,
    /// Plural, as in the path: `pods`.
    pub plural: Arc<str>,
    /// As in YAML: `Pod`.
    pub kind: Arc<str>,
    /// Singular: `pod`.
    pub singular: Arc<str>,
    /// Short names: `po`.
    pub short: Vec<Arc<str>>,
    /// Whether its objects live in namespaces.
    pub namespaced: bool,
    /// Verbs the server serves.
    pub verbs: Vec<Arc<str>>,
    /// Whether its objects have a `/scale`.
    #[serde(default)]
    pub scale: bool,
}

impl Kind {
    /// `pods`, or `deployments.apps`: the name RBAC and kubectl use.
    #[must_use]
    pub fn resource(&self) -> String {
        if self.group.is_empty() { self.plural.to_string() } else { format!("{}.{}", self.plural, self.group) }
    }

    /// Whether it is no resource of the server, but made of pods here.
    #[must_use]
    pub fn of_pods(&self) -> bool {
        self.group.is_empty() && matches!(self.plural.as_ref(), CONTAINERS | DEBUGGING)
    }

    /// The path of its collection, in one namespace or in all.
    #[must_use]
    pub fn path(&self, namespace: Option<&str>) -> String {
        let root = if self.group.is_empty() {
            format!("/api/{}", self.version)
        } else {
            format!("/apis/{}/{}", self.group, self.version)
        };
        match namespace {
            Some(ns) if self.namespaced => format!("{root}/namespaces/{ns}/{}", self.plural),
            _ => format!("{root}/{}", self.plural),
        }
    }

    /// Whether a word typed by a user means this kind.
    #[must_use]
    pub fn answers_to(&self, word: &str) -> bool {
        let (name, group) = word.split_once('.').unwrap_or((word, ""));
        let by_name = self.plural.eq_ignore_ascii_case(name)
            || self.singular.eq_ignore_ascii_case(name)
            || self.kind.eq_ignore_ascii_case(name)
            || self.short.iter().any(|s| s.eq_ignore_ascii_case(name));
        by_name && (group.is_empty() || self.group.as_ref() == group || self.group.starts_with(&format!("{group}.")))
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.plural)
    }
}

/// Where a stream looks.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub enum Scope {
    /// Cluster-scoped kinds, or all namespaces.
    #[default]
    All,
    /// These namespaces only, in order, without doubles.
    Namespaces(Vec<Arc<str>>),
}

/// What identifies a stream and its store.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct StreamKey {
    /// On which cluster.
    pub cluster: ClusterId,
    /// Of which kind.
    pub kind: Arc<Kind>,
    /// Where.
    pub scope: Scope,
    /// `fieldSelector`, empty for none.
    pub fields: Arc<str>,
    /// `labelSelector`, empty for none.
    pub labels: Arc<str>,
    /// Annotations that the rows carry as columns, in key order; none unless asked for.
    #[serde(default)]
    pub annotations: Arc<[Arc<str>]>,
}

impl StreamKey {
    /// All of a kind in a scope, with what rows of it always carry.
    #[must_use]
    pub fn new(cluster: ClusterId, kind: Arc<Kind>, scope: Scope) -> Self {
        Self { cluster, kind, scope, fields: "".into(), labels: "".into(), annotations: Arc::default() }
    }
}

/// One object, pinned.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ObjectRef {
    /// On which cluster.
    pub cluster: ClusterId,
    /// Of which kind.
    pub kind: Arc<Kind>,
    /// Namespace, empty for cluster-scoped kinds.
    pub namespace: Arc<str>,
    /// Name.
    pub name: Arc<str>,
    /// Identity; `None` when only a name is known (an event's object).
    pub uid: Option<super::uid::Uid>,
}

/// The kind of the rows that stand for a pod's containers: no resource of the server, but
/// made from the one pod that the stream's field selector names.
#[must_use]
pub fn containers() -> Arc<Kind> {
    made_of_pods(CONTAINERS, "Container", "container")
}

/// The kind of the rows that stand for what debugging has left: pods, and ephemeral containers in pods.
#[must_use]
pub fn debugging() -> Arc<Kind> {
    made_of_pods(DEBUGGING, "Debugging", "debugging")
}

fn made_of_pods(plural: &str, kind: &str, singular: &str) -> Arc<Kind> {
    Arc::new(Kind {
        group: "".into(),
        version: "v1".into(),
        plural: plural.into(),
        kind: kind.into(),
        singular: singular.into(),
        short: Vec::new(),
        namespaced: true,
        verbs: vec!["list".into(), "watch".into()],
        scale: false,
    })
}

/// The plural of [`containers`]. No API resource is named so.
pub const CONTAINERS: &str = "containers";

/// The plural of [`debugging`]. No API resource is named so.
pub const DEBUGGING: &str = "debugging";
