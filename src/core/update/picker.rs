//! Choosing a namespace or a context.

use crate::core::cluster::ContextInfo;
use crate::core::effect::Effect;
use crate::core::kind::{ClusterId, Scope};
use crate::core::modals::{Choice, Item, Modal};
use crate::core::msg::Level;
use crate::core::start;
use crate::core::state::State;
use std::sync::Arc;

/// The picker's word for all namespaces.
pub(super) const ALL: &str = "all namespaces";

pub(super) fn open_namespaces(state: &mut State) {
    state.modal = Some(Modal::Namespaces(Choice::default()));
    refresh(state);
}

pub(super) fn open_contexts(state: &mut State) {
    state.effects.push(Effect::ReadContexts);
    state.modal = Some(Modal::Contexts(Choice::default()));
    refresh(state);
}

/// Makes the items of an open picker anew, keeping what is typed and chosen.
pub(super) fn refresh(state: &mut State) {
    let Some(mut modal) = state.modal.take() else { return };
    match &mut modal {
        Modal::Namespaces(c) => fill(c, namespaces(state)),
        Modal::Contexts(c) => fill(c, contexts(state)),
        _ => {}
    }
    state.modal = Some(modal);
}

fn fill(choice: &mut Choice, all: Vec<Item>) {
    let typed = choice.line.text().to_lowercase();
    choice.items = all.into_iter().filter(|i| i.text.to_lowercase().contains(&typed)).collect();
    // What begins with what is typed is meant before what only contains it.
    let begins = |i: &Item| !typed.is_empty() && i.text.as_ref() != ALL && i.text.to_lowercase().starts_with(&typed);
    choice.items.sort_by_key(|i| !begins(i));
    choice.at = choice.at.min(choice.items.len().saturating_sub(1));
}

fn item(text: &Arc<str>, note: impl Into<Arc<str>>) -> Item {
    Item { text: text.clone(), note: note.into(), problem: None }
}

/// What is known: the cluster's namespaces where they may be listed, and in any case those of
/// the context and of the pods seen.
fn namespaces(state: &State) -> Vec<Item> {
    let Some(cluster) = state.cluster() else { return Vec::new() };
    let mut names: Vec<Arc<str>> = names_of(state).map(|(n, _)| n).collect();
    names.extend(cluster.context.namespace.iter().cloned());
    names.extend(cluster.namespaces.iter().cloned());
    names.sort();
    names.dedup();
    let status = |name: &str| names_of(state).find(|(n, _)| n.as_ref() == name).map(|(_, s)| s).unwrap_or_default();
    let all = item(&ALL.into(), "");
    std::iter::once(all).chain(names.iter().map(|n| item(n, status(n)))).collect()
}

fn names_of(state: &State) -> impl Iterator<Item = (Arc<str>, String)> {
    let key = state.cluster().and_then(|c| state.stream(c.id, "namespaces", Scope::All));
    let store = key.and_then(|k| state.streams.get(&k));
    store.into_iter().flat_map(|s| {
        let status = s.schema().find("STATUS");
        s.rows().map(move |r| (r.name().into(), status.map(|c| r.text(c).to_owned()).unwrap_or_default()))
    })
}

fn contexts(state: &State) -> Vec<Item> {
    let here = state.cluster().map(|c| c.context.name.clone());
    let line = |c: &ContextInfo| Item {
        text: c.name.clone(),
        note: if here.as_ref() == Some(&c.name) { format!("{} (here)", c.server).into() } else { c.server.clone() },
        problem: c.problem.clone(),
    };
    state.contexts.iter().map(line).collect()
}

pub(super) fn all_namespaces(state: &mut State) {
    work_in(state, Vec::new());
}

/// Makes these the namespaces of work; none for all.
pub(super) fn work_in(state: &mut State, namespaces: Vec<Arc<str>>) {
    let id = state.active;
    if let Some(c) = state.clusters.get_mut(&id) {
        c.namespaces = namespaces;
        start::rescope(state, id);
    }
}

/// Takes the chosen namespace, or what is typed if nothing in the list fits it: one may know
/// a namespace one may not list.
pub(super) fn take_namespace(state: &mut State, choice: &Choice) {
    let typed = choice.line.text().trim();
    match choice.items.get(choice.at) {
        Some(i) if i.text.as_ref() == ALL => all_namespaces(state),
        Some(i) => work_in(state, vec![i.text.clone()]),
        None if !typed.is_empty() => work_in(state, vec![typed.into()]),
        None => {}
    }
}

/// Leaves the present cluster for another context; works just as well while it is dead.
pub(super) fn switch(state: &mut State, name: &str) {
    let Some(context) = state.contexts.iter().find(|c| c.name.as_ref() == name).cloned() else {
        return state.say(Level::Warn, format!("the kubeconfig has no context {name}"));
    };
    if let Some(problem) = &context.problem {
        return state.say(Level::Warn, format!("context {name}: {problem}"));
    }
    let from = state.active;
    let kinds = state.clusters.get(&from).map(|c| c.kinds.clone()).unwrap_or_default();
    // The old cluster's own kinds mean nothing elsewhere until the new one says so.
    let kinds = kinds.into_iter().filter(|k| k.group.is_empty() || !k.group.contains('.')).collect();
    let to = start::open_cluster(state, context, kinds);
    start::move_panes(state, from, to);
    state.streams.retain(|k, _| k.cluster != from);
    state.objects.retain(|o, _| o.cluster != from);
    // Its jobs and the programs in its containers go on; it is let go of when the last has ended.
    let held = state.held.on(from) || state.panes.values().any(|p| p.cluster == from);
    if !state.jobs.on(from) && !held {
        let_go(state, from);
    }
}

/// Forgets a cluster that nothing needs any more.
pub(super) fn let_go(state: &mut State, cluster: ClusterId) {
    state.clusters.remove(&cluster);
    state.rights.forget(cluster);
    state.effects.push(Effect::Disconnect(cluster));
}
