//! One line of the table of actions.

use super::asked::Asked;
use super::facts::{Facts, Read};
use super::form::Form;
use super::plan::Plan;
use crate::core::cluster::Cluster;
use crate::core::commands::CommandSpec;
use crate::core::kind::Kind;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// An action's place in `core::actions::ACTIONS`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ActionId(pub u8);

/// How many objects an action takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// None: it makes something new, in the namespace of work.
    None,
    /// One.
    One,
    /// All marked ones, or the one under the cursor.
    Many,
}

/// A right an action needs on each of its objects.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Right {
    /// RBAC's verb.
    pub verb: Arc<str>,
    /// The resource with its group and subresource: `pods/eviction`, `deployments.apps/scale`.
    pub resource: Arc<str>,
    /// Whether it is asked in the object's namespace (else cluster-wide).
    pub namespaced: bool,
}

/// An action: everything else about it follows from this.
pub struct Action {
    /// Its name in keymaps and the palette, its title, its sentence for help.
    pub spec: CommandSpec,
    /// How many objects it takes.
    pub reach: Reach,
    /// Whether it can be done to objects of a kind (one that creates: whether it belongs in its panes).
    pub applies: fn(&Kind) -> bool,
    /// The rights it needs for objects of a kind.
    pub rights: fn(&Kind) -> Vec<Right>,
    /// What must be read, given what is known; called until it asks for nothing new.
    /// The cluster gives the kinds it serves.
    pub reads: fn(&Asked, &Facts, &Cluster) -> Vec<Read>,
    /// The form, made once all was read with no values given; one without fields is not shown.
    pub form: fn(&Asked, &Facts) -> Form,
    /// The plan for the values given.
    pub plan: fn(&Asked, &Facts) -> Plan,
}

impl std::fmt::Debug for Action {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Action").field("id", &self.spec.id).finish_non_exhaustive()
    }
}
