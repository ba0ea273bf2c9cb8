//! The table of actions: one file and one line for each.

use crate::core::act::{Action, ActionId};

/// All actions, in the order help lists them.
pub static ACTIONS: &[Action] = &[];

/// An action's line.
#[must_use]
pub fn action(id: ActionId) -> Option<&'static Action> {
    ACTIONS.get(usize::from(id.0))
}

/// The action with that name.
#[must_use]
pub fn find(name: &str) -> Option<ActionId> {
    ACTIONS.iter().position(|a| a.spec.id == name).and_then(|i| u8::try_from(i).ok()).map(ActionId)
}
