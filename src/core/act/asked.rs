//! What was asked for: pinned when the key was pressed, and never changed after.

use super::action::ActionId;
use super::form::Values;
use crate::core::kind::{ClusterId, ObjectRef};
use std::sync::Arc;

/// Where an action lands, as confirms, the journal and kubectl lines name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Where {
    /// The cluster of this run.
    pub cluster: ClusterId,
    /// Its context's name.
    pub context: Arc<str>,
    /// Its server.
    pub server: Arc<str>,
    /// Whether the context is protected.
    pub protected: bool,
}

/// What is known beforehand of what a form may ask: from the settings, and from where it was asked.
/// Empty where nothing is known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Known {
    /// The words that start a shell (`shell_command`).
    pub shell: String,
    /// Images to choose from (`debug_images`).
    pub images: Vec<String>,
    /// The namespace that work is done in.
    pub namespace: String,
    /// The node under the cursor.
    pub node: String,
}

/// One request of the user.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// Which action.
    pub action: ActionId,
    /// On what, all on one cluster and of one kind, each with its uid, without doubles.
    /// Empty for what creates.
    pub targets: Vec<ObjectRef>,
    /// What the form says; empty before it was shown.
    pub values: Values,
    /// What is known beside them.
    pub known: Known,
    /// Nodes that the run which this resumes has cordoned: this one's to uncordon.
    pub cordoned: Vec<String>,
    /// Where.
    pub place: Where,
    /// The server's clock when it was asked (Unix ms).
    pub now: i64,
}
