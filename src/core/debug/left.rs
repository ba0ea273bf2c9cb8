//! What debugging has left behind: pods and containers that say of themselves what they were made for.

use super::{COMPONENT, DEBUGGER, KUBECTL, MANAGED_BY, OURS, Style};
use crate::core::facts::{list, text};
use serde_json::Value;

/// What a pod that debugging made is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Left {
    /// Of `kubectl debug node/...`.
    KubectlNode,
    /// Ours, to look at a node.
    Node,
    /// Ours, a throw-away pod.
    Run,
    /// Ours, a copy of a pod.
    Copy,
    /// A copy of a pod that kubectl made, by all that can be seen: a container is named as kubectl names them, and
    /// the pod has no owner.
    KubectlCopy,
}

impl Left {
    /// In words.
    #[must_use]
    pub fn what(self) -> &'static str {
        match self {
            Self::KubectlNode | Self::Node => "node shell",
            Self::Run => "run",
            Self::Copy | Self::KubectlCopy => "copy of a pod",
        }
    }

    /// Who made it.
    #[must_use]
    pub fn by(self) -> &'static str {
        match self {
            Self::KubectlNode | Self::KubectlCopy => "kubectl",
            Self::Node | Self::Run | Self::Copy => "qd",
        }
    }
}

/// What a pod is, if debugging made it.
#[must_use]
pub fn left(pod: &Value) -> Option<Left> {
    let meta = &pod["metadata"];
    let named = list(&pod["spec"]["containers"]).iter().any(|c| generated(text(&c["name"])));
    let component = text(&meta["labels"][COMPONENT]);
    match text(&meta["labels"][MANAGED_BY]) {
        KUBECTL => Some(Left::KubectlNode),
        OURS if component == Style::Node.component() => Some(Left::Node),
        OURS if component == Style::Copy.component() => Some(Left::Copy),
        OURS if component == Style::Run.component() => Some(Left::Run),
        _ if named && list(&meta["ownerReferences"]).is_empty() => Some(Left::KubectlCopy),
        _ => None,
    }
}

/// Whether a container has a name as kubectl and we make them: `debugger-x7k2p`.
fn generated(name: &str) -> bool {
    let rest = name.strip_prefix(DEBUGGER).and_then(|r| r.strip_prefix('-'));
    rest.is_some_and(|r| r.len() == 5 && r.bytes().all(|b| super::LETTERS.contains(&b)))
}
