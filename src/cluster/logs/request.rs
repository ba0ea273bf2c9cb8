//! The words of log requests.

use super::super::fetch;
use super::super::problem::Asked;
use crate::core::kind::Kind;
use crate::core::logs::event::StreamName;
use crate::core::problem::Problem;
use jiff::Timestamp;
use std::fmt::Write as _;

/// From where on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum From {
    /// The first line that is kept.
    Start,
    /// So many lines before the end.
    Tail(u32),
    /// So many seconds ago.
    Ago(u32),
    /// A moment (Unix nanoseconds).
    Time(i64),
}

/// One request for the log of a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Request {
    pub from: From,
    /// No more than so many lines of what that is.
    pub tail: Option<u32>,
    /// No more than so many bytes.
    pub limit: Option<u64>,
    /// Whether lines come as they are written.
    pub follow: bool,
    /// The run before the present one.
    pub previous: bool,
}

impl Request {
    /// What is there from a place on.
    pub fn of(from: From) -> Self {
        Self { from, tail: None, limit: None, follow: false, previous: false }
    }
}

/// The kind of pods, as far as paths and refusals need it.
pub(super) fn pods() -> Kind {
    kind("pod", "Pod", true)
}

/// The kind of nodes.
pub(super) fn nodes() -> Kind {
    kind("node", "Node", false)
}

/// The kind of events.
pub(super) fn events() -> Kind {
    kind("event", "Event", true)
}

fn kind(singular: &str, name: &str, namespaced: bool) -> Kind {
    Kind {
        group: "".into(),
        version: "v1".into(),
        plural: format!("{singular}s").into(),
        kind: name.into(),
        singular: singular.into(),
        short: Vec::new(),
        namespaced,
        verbs: Vec::new(),
        scale: false,
    }
}

/// The path and query of a request.
///
/// # Errors
/// A name no pod can have.
pub(super) fn path(name: &StreamName, request: Request) -> Result<String, Problem> {
    let mut path = fetch::path(&pods(), Some(&name.namespace), &name.pod)?;
    let _ = write!(path, "/log?container={}&timestamps=true", name.container);
    if request.follow {
        path.push_str("&follow=true");
    }
    if request.previous {
        path.push_str("&previous=true");
    }
    match request.from {
        From::Start => {}
        From::Tail(n) => drop(write!(path, "&tailLines={n}")),
        From::Ago(s) => drop(write!(path, "&sinceSeconds={s}")),
        // The server counts in whole seconds: what is cut off here is read again and dropped.
        From::Time(ns) => {
            let at = Timestamp::from_second(ns.div_euclid(1_000_000_000)).unwrap_or_default();
            let _ = write!(path, "&sinceTime={at}");
        }
    }
    if let Some(n) = request.tail {
        let _ = write!(path, "&tailLines={n}");
    }
    if let Some(bytes) = request.limit {
        let _ = write!(path, "&limitBytes={bytes}");
    }
    Ok(path)
}

/// What a refusal is told in.
pub(super) fn asked(name: &StreamName) -> Asked {
    Asked { verb: "get", resource: "pods/log".into(), namespace: Some(name.namespace.clone()) }
}
