//! From one view to the next: drilling down, coming back, jumping.

use super::{filter, panes};
use crate::core::effect::Effect;
use crate::core::kind::{self, ObjectRef, Scope};
use crate::core::msg::Level;
use crate::core::panes::Body;
use crate::core::panes::table::TablePane;
use crate::core::panes::text::{TextPane, What};
use crate::core::schema::{Schema, Source};
use crate::core::start;
use crate::core::state::State;
use crate::core::store::RowRef;

/// What is known of the row under the cursor.
pub(super) struct Picked {
    pub object: ObjectRef,
    pub owner: String,
    pub selector: String,
    node: String,
    regarding: String,
}

fn picked(state: &State) -> Option<Picked> {
    let pane = state.focused()?;
    let t = pane.table()?;
    let store = state.streams.get(&t.key)?;
    let row = t.cursor.target(store)?;
    let text = |title: &str| column_text(store.schema(), &row, title);
    let mut object = ObjectRef {
        cluster: pane.cluster,
        kind: t.key.kind.clone(),
        namespace: row.namespace().into(),
        name: row.name().into(),
        uid: Some(row.uid()),
    };
    // A container is no object: what can be read of it is its pod.
    if object.kind.of_pods() {
        object.kind = state.clusters.get(&pane.cluster)?.kind("pods")?;
        if let Some(pod) = row.owner().strip_prefix("Pod/") {
            object.name = pod.into();
            object.uid = None;
        }
    }
    Some(Picked {
        object,
        owner: row.owner().to_owned(),
        selector: text("SELECTOR"),
        node: text("NODE"),
        regarding: text("OBJECT"),
    })
}

fn column_text(schema: &Schema, row: &RowRef<'_>, title: &str) -> String {
    let is_text = |i: &usize| matches!(schema.columns[*i].source, Source::Cell(_));
    let text = schema.find(title).filter(is_text).map(|i| row.text(i)).unwrap_or_default();
    if text == "<none>" { String::new() } else { text.to_owned() }
}

pub(super) fn pick(state: &mut State) -> Option<Picked> {
    let found = picked(state);
    if found.is_none() {
        let gone = state.focused().and_then(|p| p.table()).is_some_and(|t| t.cursor.uid().is_some());
        let why = if gone { "this object is gone" } else { "no row is chosen" };
        state.say(Level::Info, why);
    }
    found
}

pub(super) fn show(state: &mut State, body: Body) {
    if let Some(pane) = state.focused_mut() {
        pane.go(body);
    }
}

/// Opens what the cursor is on.
pub(super) fn enter(state: &mut State) {
    if super::jobs::enter(state)
        || super::shell::press(state)
        || super::held::enter(state)
        || state.focused().is_some_and(|p| p.table().is_none())
    {
        return;
    }
    let Some(p) = pick(state) else { return };
    if p.object.kind.plural.as_ref() == kind::CONTAINERS {
        return super::logs::open::rows(state, false);
    }
    match drill(state, &p) {
        Some(table) => show(state, Body::Table(Box::new(table))),
        None => show(state, Body::Text(Box::new(TextPane::new(p.object, What::Yaml)))),
    }
}

/// The table that a row leads to; `None` where there is nothing below it.
fn drill(state: &State, p: &Picked) -> Option<TablePane> {
    let from = state.focused()?.table()?;
    if from.key.kind.plural.as_ref() == kind::CONTAINERS {
        return None;
    }
    let cluster = state.clusters.get(&p.object.cluster)?;
    let to = |word: &str, scope: Scope| Some(TablePane::new(cluster.id, cluster.kind(word)?, scope));
    let name = &p.object.name;
    let here = start::one_namespace(&p.object.namespace);
    match p.object.kind.plural.as_ref() {
        "namespaces" => Some(to("pods", start::one_namespace(name))?.narrowed("", "", &format!("namespace {name}"))),
        "nodes" => {
            let fields = format!("spec.nodeName={name}");
            Some(to("pods", state.scope(cluster.id))?.narrowed(&fields, "", &format!("node {name}")))
        }
        "pods" if p.object.kind.group.is_empty() => {
            let mut t = TablePane::new(cluster.id, kind::containers(), here);
            t.key.fields = format!("metadata.name={name}").into();
            t.origin = Some(format!("pod {}/{name}", p.object.namespace).into());
            t.sort = crate::core::panes::table::Sort { title: "".into(), descending: false };
            Some(t)
        }
        "customresourcedefinitions" => to(name, state.scope(cluster.id)),
        "cronjobs" => {
            let mut t = to("jobs", here)?.narrowed("", "", &format!("cronjob {name}"));
            t.filter.text = format!("owner:CronJob/{name}");
            t.query = crate::core::query::Query::parse(&t.filter.text).unwrap_or_default();
            Some(t)
        }
        _ if !p.selector.is_empty() => {
            let origin = format!("{} {name}", p.object.kind.singular);
            Some(to("pods", here)?.narrowed("", &p.selector, &origin))
        }
        _ => None,
    }
}

/// Esc: the filter first, then the marks, then back.
pub(super) fn escape(state: &mut State) {
    if super::logs::prompt::clear(state) {
        return;
    }
    match state.focused_mut().map(|p| &mut p.body) {
        Some(Body::Table(t)) if !t.filter.text.is_empty() => filter::cancel(state),
        Some(Body::Table(t)) if !t.marks.is_empty() => t.marks.clear(),
        Some(Body::Text(t)) if !t.find.text.is_empty() => filter::cancel(state),
        Some(Body::Journal(j)) if !j.filter.text.is_empty() => filter::cancel(state),
        Some(Body::Shell(s)) if !s.find.text.is_empty() => filter::cancel(state),
        _ => back(state),
    }
}

pub(super) fn back(state: &mut State) {
    if super::shell::look::back(state) {
        return;
    }
    if !state.focused_mut().is_some_and(super::super::panes::Pane::go_back) {
        state.say(Level::Info, "this is where the pane began; :q quits");
    }
    remake(state);
}

pub(super) fn forward(state: &mut State) {
    if !state.focused_mut().is_some_and(super::super::panes::Pane::go_forward) {
        state.say(Level::Info, "there is no later view");
    }
    remake(state);
}

/// Back and forth between this view and the last one.
pub(super) fn last(state: &mut State) {
    let Some(pane) = state.focused_mut() else { return };
    if !pane.go_forward() && !pane.go_back() {
        state.say(Level::Info, "there is no other view yet");
    }
    remake(state);
}

fn remake(state: &mut State) {
    if let Some(id) = state.focus() {
        super::text::remake(state, id, None);
    }
}

/// Goes to the node a pod runs on.
pub(super) fn node(state: &mut State) {
    let Some(p) = pick(state) else { return };
    if p.node.is_empty() {
        return state.say(Level::Info, "no node is named in this row");
    }
    jump(state, "nodes", "", &p.node);
}

/// Goes to the owner, or from an event to its object.
pub(super) fn owner(state: &mut State) {
    let Some(p) = pick(state) else { return };
    let target = if p.owner.is_empty() { &p.regarding } else { &p.owner };
    match target.split_once('/') {
        Some((kind, name)) => jump(state, kind, &p.object.namespace, name),
        None => state.say(Level::Info, "nothing owns this object"),
    }
}

/// Shows one object of a kind in its table, with the cursor on it.
fn jump(state: &mut State, word: &str, namespace: &str, name: &str) {
    let Some(pane) = state.focused() else { return };
    let cluster = pane.cluster;
    let Some(kind) = state.clusters.get(&cluster).and_then(|c| c.kind(word)) else {
        return state.say(Level::Warn, format!("the server serves no kind {word}"));
    };
    let scope = if kind.namespaced { start::one_namespace(namespace) } else { Scope::All };
    let mut table = TablePane::new(cluster, kind, scope);
    table.seek = Some((namespace.into(), name.into()));
    show(state, Body::Table(Box::new(table)));
}

/// Opens a text pane on the row under the cursor, or turns the present one to it.
pub(super) fn text(state: &mut State, what: What) {
    let id = state.focus();
    if let Some(Body::Rollout(r)) = state.focused().map(|p| &p.body) {
        let object = r.object.clone();
        show(state, Body::Text(Box::new(TextPane::new(object, what))));
    } else if let Some(Body::Text(t)) = state.focused_mut().map(|p| &mut p.body) {
        if t.what != what {
            let other = TextPane::new(t.object.clone(), what);
            **t = other;
        }
    } else {
        let Some(p) = pick(state) else { return };
        show(state, Body::Text(Box::new(TextPane::new(p.object, what))));
    }
    if let Some(id) = id {
        super::text::remake(state, id, None);
    }
    panes::focus_on(state, id.unwrap_or(crate::core::layout::PaneId(0)));
}

/// Copies the names of the marked rows, or of the one under the cursor.
pub(super) fn copy_names(state: &mut State) {
    let names: Vec<String> = match state.focused().map(|p| &p.body) {
        Some(Body::Table(t)) => {
            let Some(store) = state.streams.get(&t.key) else { return };
            let marked: Vec<_> = t.marks.uids().collect();
            let uids = if marked.is_empty() { t.cursor.uid().into_iter().collect() } else { marked };
            uids.into_iter().filter_map(|u| store.find(u)).map(|r| r.name().to_owned()).collect()
        }
        Some(Body::Text(t)) => vec![t.object.name.to_string()],
        Some(Body::Rollout(r)) => vec![r.object.name.to_string()],
        Some(Body::Log(l)) => super::logs::names(l),
        _ => Vec::new(),
    };
    match names.as_slice() {
        [] => state.say(Level::Info, "no row is chosen"),
        [one] => state.say(Level::Info, format!("copied {one}")),
        many => state.say(Level::Info, format!("copied {} names", many.len())),
    }
    if !names.is_empty() {
        state.effects.push(Effect::Copy(names.join("\n")));
    }
}
