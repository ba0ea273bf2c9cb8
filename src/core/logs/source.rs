//! What a log is read from, and how much of it: plain data, compared to tell one reading from
//! another.

use crate::core::kind::{ClusterId, Kind, Scope};
use std::sync::Arc;

/// One reading of a log in this run. A reading with other options is another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct LogId(pub u32);

/// Which pods.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Pods {
    /// These, by namespace and name.
    Named(Vec<(Arc<str>, Arc<str>)>),
    /// All that a selector takes: a workload's, a Service's, a node's. New ones join by themselves.
    Selected {
        /// Where.
        scope: Scope,
        /// `labelSelector`, empty for none.
        labels: Arc<str>,
        /// `fieldSelector`, empty for none.
        fields: Arc<str>,
    },
    /// All whose name a regular expression fits. New ones join by themselves.
    Matching {
        /// Where.
        scope: Scope,
        /// The expression.
        pattern: Arc<str>,
    },
}

impl Pods {
    /// The pods of the Jobs of a `CronJob`.
    #[must_use]
    pub fn of_cron(scope: Scope, name: &str) -> Self {
        Self::Matching { scope, pattern: format!("^{}-[0-9]+-", regex::escape(name)).into() }
    }
}

/// Which of a pod's containers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Containers {
    /// The one its annotation `kubectl.kubernetes.io/default-container` names, else all.
    Usual,
    /// All: init containers, regular ones, ephemeral ones.
    All,
    /// The one of that name.
    Named(Arc<str>),
}

/// Where lines come from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum What {
    /// Containers of pods.
    Pods(Pods, Containers),
    /// Containers of the pods that an object selects which nobody has read yet: kind, namespace, name.
    Of(Arc<Kind>, Arc<str>, Arc<str>, Containers),
    /// The journal of a node by its kubelet: units or files, empty for the kubelet's own.
    Node(Arc<str>, Arc<str>),
}

/// From when on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Since {
    /// The last lines.
    Tail,
    /// The first line that is still kept.
    Head,
    /// So many seconds ago.
    Ago(u32),
    /// A moment (Unix ms), and perhaps a last one.
    At(i64, Option<i64>),
}

/// Lines of one stream that are read first where nothing else is said.
pub const TAIL_ONE: u32 = 1_000;
/// And of each of several.
pub const TAIL_EACH: u32 = 200;

/// One reading.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Wish {
    /// Its identity.
    pub id: LogId,
    /// On which cluster.
    pub cluster: ClusterId,
    /// Of what.
    pub what: What,
    /// From when on.
    pub since: Since,
    /// Whether the run of each container before the present one comes first.
    pub previous: bool,
    /// Lines of each stream that are read first; none for as many as [`Wish::since`] says.
    pub tail: Option<u32>,
    /// Bytes of each stream after which its reading ends.
    pub limit: Option<u64>,
}

impl Wish {
    /// The usual reading: the last lines of the present runs, then what comes.
    #[must_use]
    pub fn new(id: LogId, cluster: ClusterId, what: What) -> Self {
        Self { id, cluster, what, since: Since::Tail, previous: false, tail: None, limit: None }
    }
}
