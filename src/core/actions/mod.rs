//! The table of actions: one file and one line for each.

mod attach;
mod common;
mod copy;
mod cordon;
mod debug;
mod debug_copy;
mod delete;
mod drain;
mod evict;
mod finished;
mod forward;
mod forward_labels;
mod image;
mod jobs;
mod label;
mod namespace;
mod node_shell;
mod rollout;
mod run;
mod scale;
mod shell;
mod sweep;
mod taint;
mod undo;
mod visit;

#[cfg(test)]
mod tests;

use crate::core::act::{Action, ActionId};

/// All actions, in the order help lists them.
pub static ACTIONS: &[Action] = &[
    cordon::CORDON,
    cordon::UNCORDON,
    drain::DRAIN,
    taint::TAINT,
    taint::OUT_OF_SERVICE,
    label::LABEL,
    label::ANNOTATE,
    scale::SCALE,
    rollout::RESTART,
    rollout::PAUSE,
    rollout::RESUME,
    undo::UNDO,
    image::IMAGE,
    jobs::RUN,
    jobs::SUSPEND,
    jobs::RESUME,
    jobs::RERUN,
    delete::DELETE,
    delete::KILL,
    evict::EVICT,
    finished::DELETE_FINISHED,
    namespace::CREATE,
    shell::SHELL,
    shell::EXEC,
    attach::ATTACH,
    run::RUN,
    debug::DEBUG,
    debug_copy::COPY,
    node_shell::NODE_SHELL,
    sweep::SWEEP,
    forward::FORWARD,
    forward_labels::FORWARD_LABELS,
    copy::OUT,
    copy::IN,
];

/// An action's line.
#[must_use]
pub fn action(id: ActionId) -> Option<&'static Action> {
    let found = ACTIONS.get(usize::from(id.0));
    #[cfg(test)]
    let found = found.or_else(|| crate::core::act::testing::action(id));
    found
}

/// The action with that name.
#[must_use]
pub fn find(name: &str) -> Option<ActionId> {
    let found = ACTIONS.iter().position(|a| a.spec.id == name).and_then(|i| u8::try_from(i).ok()).map(ActionId);
    #[cfg(test)]
    let found = found.or_else(|| crate::core::act::testing::find(name));
    found
}
