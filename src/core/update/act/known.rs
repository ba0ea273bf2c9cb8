//! What is known beforehand of what a form asks for: from the settings, and from where the action is begun.

use super::pin;
use crate::core::act::Known;
use crate::core::kind::Scope;
use crate::core::state::State;

pub(super) fn of(state: &State) -> Known {
    Known {
        shell: state.options.shell.command.clone(),
        images: state.options.shell.images.clone(),
        namespace: namespace(state),
        node: row(state, "nodes").unwrap_or_default(),
    }
}

/// The name of the chosen row, in a table of that kind.
fn row(state: &State, plural: &str) -> Option<String> {
    let t = state.focused()?.table().filter(|t| t.key.kind.group.is_empty() && *t.key.kind.plural == *plural)?;
    Some(t.cursor.target(state.streams.get(&t.key)?)?.name().to_owned())
}

/// The namespace that work is done in: the row's, else that of the pane, else the context's.
fn namespace(state: &State) -> String {
    let Some(pane) = state.focused() else { return String::new() };
    let cluster = state.clusters.get(&pane.cluster);
    let work = || cluster.and_then(|c| c.namespaces.first().or(c.context.namespace.as_ref()).cloned());
    let looks = || match &pane.table()?.key.scope {
        Scope::Namespaces(all) => all.first().map(ToString::to_string),
        Scope::All => None,
    };
    let here = row(state, "namespaces").or_else(|| Some(pin::namespace(state, pane)?.to_string())).or_else(looks);
    here.or_else(|| Some(work()?.to_string())).unwrap_or_else(|| "default".to_owned())
}
