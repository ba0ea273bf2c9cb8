//! What a session is asked for with.

use crate::cluster::escape::escape;
use crate::cluster::fetch;
use crate::cluster::problem::Asked;
use crate::core::kind::ObjectRef;
use crate::core::problem::Problem;
use std::fmt::Write as _;
use std::sync::Arc;

/// What is to be done in a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Task {
    /// These words, run as they are: no shell reads them.
    Exec(Vec<Arc<str>>),
    /// Whatever runs already.
    Attach,
}

/// A request for a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The pod.
    pub pod: ObjectRef,
    /// Which of its containers.
    pub container: Arc<str>,
    /// What.
    pub task: Task,
    /// Whether input goes in.
    pub stdin: bool,
    /// Whether there is a terminal; it has one output.
    pub tty: bool,
    /// Whether the end of the input must be told: what reads to its end would wait for ever else.
    pub closes: bool,
}

impl Request {
    fn subresource(&self) -> &'static str {
        match self.task {
            Task::Exec(_) => "exec",
            Task::Attach => "attach",
        }
    }

    /// Path and query.
    pub(super) fn path(&self) -> Result<String, Problem> {
        let namespace = Some(&self.pod.namespace).filter(|ns| !ns.is_empty());
        let mut path = fetch::path(&self.pod.kind, namespace, &self.pod.name)?;
        let _ = write!(path, "/{}?container={}&stdout=true", self.subresource(), escape(&self.container));
        for (so, name) in [(self.stdin, "stdin"), (self.tty, "tty"), (!self.tty, "stderr")] {
            if so {
                let _ = write!(path, "&{name}=true");
            }
        }
        if let Task::Exec(words) = &self.task {
            for word in words {
                let _ = write!(path, "&command={}", escape(word));
            }
        }
        Ok(path)
    }

    /// What it needs, for what a refusal says. `create` opens a session on every server: by SPDY at least.
    pub(super) fn asked(&self) -> Asked {
        let resource = format!("pods/{}", self.subresource());
        Asked { verb: "create", resource: resource.into(), namespace: Some(self.pod.namespace.clone()) }
    }
}
