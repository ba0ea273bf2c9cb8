//! Where a binding holds: everywhere, in a group of views, or in one.

use crate::core::kind::{CONTAINERS, DEBUGGING, Kind};

/// A layer of the keymap. A pane is asked for its layers, nearest first:
/// [`Layer::Pods`], [`Layer::Table`], [`Layer::Global`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Layer {
    /// Everywhere but in text fields.
    Global,
    /// All tables.
    Table,
    /// Tables of pods.
    Pods,
    /// Tables of nodes.
    Nodes,
    /// Tables of events.
    Events,
    /// Tables of Deployments and other owners of pods.
    Workloads,
    /// YAML, describe and other text.
    Text,
    /// Usage.
    Top,
    /// Logs.
    Logs,
    /// Tables of containers.
    Containers,
    /// Tables of Services, namespaces and whatever else leads to pods.
    Sources,
    /// Jobs and their boards.
    Jobs,
    /// After the leader, in a program's pane.
    Shell,
    /// Lines that a program has said.
    Lines,
    /// The rollout of a workload.
    Rollout,
}

impl Layer {
    /// All layers, in the order maps and help list them.
    pub const ALL: &'static [Self] = &[
        Self::Global,
        Self::Table,
        Self::Pods,
        Self::Nodes,
        Self::Events,
        Self::Workloads,
        Self::Text,
        Self::Top,
        Self::Logs,
        Self::Containers,
        Self::Sources,
        Self::Jobs,
        Self::Shell,
        Self::Lines,
        Self::Rollout,
    ];

    /// Its name in keymap files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::Table => "table",
            Self::Pods => "pods",
            Self::Nodes => "nodes",
            Self::Events => "events",
            Self::Workloads => "workloads",
            Self::Text => "text",
            Self::Top => "top",
            Self::Logs => "logs",
            Self::Containers => "containers",
            Self::Sources => "sources",
            Self::Jobs => "jobs",
            Self::Shell => "shell",
            Self::Lines => "lines",
            Self::Rollout => "rollout",
        }
    }

    /// The layer with that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|l| l.name() == name)
    }

    /// The layers a pane of this layer looks through, nearest first.
    #[must_use]
    pub fn chain(self) -> &'static [Self] {
        match self {
            Self::Global => &[Self::Global],
            Self::Table => &[Self::Table, Self::Global],
            Self::Pods => &[Self::Pods, Self::Table, Self::Global],
            Self::Nodes => &[Self::Nodes, Self::Table, Self::Global],
            Self::Events => &[Self::Events, Self::Table, Self::Global],
            Self::Workloads => &[Self::Workloads, Self::Table, Self::Global],
            Self::Text => &[Self::Text, Self::Global],
            Self::Top => &[Self::Top, Self::Table, Self::Global],
            Self::Logs => &[Self::Logs, Self::Global],
            Self::Containers => &[Self::Containers, Self::Table, Self::Global],
            Self::Sources => &[Self::Sources, Self::Table, Self::Global],
            Self::Jobs => &[Self::Jobs, Self::Global],
            // All other keys are the program's.
            Self::Shell => &[Self::Shell],
            Self::Lines => &[Self::Lines, Self::Global],
            Self::Rollout => &[Self::Rollout, Self::Global],
        }
    }

    /// The layer of a table of that kind.
    #[must_use]
    pub fn of_kind(kind: &Kind) -> Self {
        match (kind.group.as_ref(), kind.plural.as_ref()) {
            ("", "pods" | DEBUGGING) => Self::Pods,
            ("", "nodes") => Self::Nodes,
            ("", CONTAINERS) => Self::Containers,
            ("", "services" | "namespaces") => Self::Sources,
            ("" | "events.k8s.io", "events") => Self::Events,
            ("apps", "deployments" | "statefulsets" | "daemonsets" | "replicasets")
            | ("batch", "jobs" | "cronjobs")
            | ("", "replicationcontrollers") => Self::Workloads,
            _ => Self::Table,
        }
    }
}
