//! What outlives a process: enough to tell the next one what was under way, and
//! to plan it anew from fresh reads.

use crate::core::journal::Object;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A running job, as the state folder keeps it. Written at its beginning and whenever
/// a step changes what is said here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Unique on this machine: start time, process, number.
    pub job: String,
    /// The action's id.
    pub action: String,
    /// The context's name.
    pub context: String,
    /// The server's address.
    pub server: String,
    /// On what.
    pub targets: Vec<Object>,
    /// The form's values, each as text; lines are joined by line feeds.
    pub values: BTreeMap<String, String>,
    /// RFC 3339, UTC.
    pub began: String,
    /// `14 of 19 gone`.
    pub totals: String,
    /// What is left in a changed state: `node n7 cordoned`.
    pub left: Vec<String>,
    /// Nodes this run cordoned: the only ones it may uncordon.
    pub cordoned: Vec<String>,
    /// What this run made for a while and has not seen gone: to be removed.
    #[serde(default)]
    pub made: Vec<Object>,
}

/// A job of another run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leftover {
    /// What it was.
    pub kept: Kept,
    /// Host and process that hold its lock, if they live; then it is theirs.
    pub owner: Option<(String, u32)>,
}
