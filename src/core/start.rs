//! The first screen, and how panes of a kind are made.

use super::cluster::{Cluster, ContextInfo};
use super::columns::Pick;
use super::effect::Effect;
use super::keys::Keymap;
use super::kind::{ClusterId, Kind, Scope};
use super::layout::{Axis, Node, PaneId, Tab};
use super::msg::Level;
use super::panes::table::TablePane;
use super::panes::{Body, Pane};
use super::state::{Options, State};
use super::status::About;
use super::update::run_line;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// All that the first state is made of. A recording begins with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beginning {
    /// The screen.
    pub size: (u16, u16),
    /// The local clock (Unix ms).
    pub now: i64,
    /// The user's choices.
    pub options: Options,
    /// Contexts to choose from.
    pub contexts: Vec<ContextInfo>,
    /// The one to begin with, if there is any.
    pub first: Option<ContextInfo>,
    /// Its namespaces of work; empty for all.
    pub namespaces: Vec<Arc<str>>,
    /// The kinds that are known before discovery has answered.
    pub kinds: Vec<Arc<Kind>>,
    /// Commands of rooms above the core, with what they do.
    pub extras: Vec<(Arc<str>, Arc<str>)>,
    /// Columns picked by kind.
    #[serde(default)]
    pub columns: BTreeMap<Arc<str>, Arc<[Pick]>>,
    /// What the user should know first.
    pub notice: Option<(Level, Arc<str>)>,
    /// Facts of this run, for the status page.
    #[serde(default)]
    pub about: About,
    /// A line of the palette to begin with.
    pub command: Option<String>,
}

/// The first state.
#[must_use]
pub fn begin(keymap: Keymap, from: &Beginning) -> State {
    let mut state = State::new(keymap, from.options.clone(), from.size, from.now);
    state.contexts.clone_from(&from.contexts);
    state.extras.clone_from(&from.extras);
    state.about.clone_from(&from.about);
    state.columns.clone_from(&from.columns);
    if let Some(context) = from.first.clone() {
        let problem = context.problem.clone();
        let id = open_cluster(&mut state, context, from.kinds.clone());
        if let Some(cluster) = state.clusters.get_mut(&id) {
            cluster.namespaces.clone_from(&from.namespaces);
        }
        default_layout(&mut state, id);
        if let Some(why) = problem {
            state.say(Level::Error, why);
        }
    } else {
        state.say(Level::Error, "no kubeconfig was found; set KUBECONFIG, pass --kubeconfig, or try qd --demo");
    }
    if let Some((level, text)) = &from.notice {
        state.say(*level, text.clone());
    }
    if let Some(line) = &from.command {
        run_line(&mut state, line);
    }
    state
}

/// Adds a cluster for a context, asks for its connection, and makes it the active one.
pub fn open_cluster(state: &mut State, context: ContextInfo, kinds: Vec<Arc<Kind>>) -> ClusterId {
    let id = state.cluster_id();
    let mut cluster = Cluster::new(id, context.clone(), kinds);
    let is = |globs: &[String]| globs.iter().any(|glob| matches_glob(glob, &context.name));
    cluster.protected = is(&state.options.protected);
    cluster.read_only = state.options.read_only || is(&state.options.read_only_contexts);
    state.clusters.insert(id, cluster);
    state.active = id;
    state.effects.push(Effect::Connect { cluster: id, context });
    id
}

/// Makes a pane that shows `body`; it is not in any tab yet.
pub fn add_pane(state: &mut State, cluster: ClusterId, body: Body) -> PaneId {
    let id = state.pane_id();
    state.panes.insert(id, Pane { id, cluster, body, back: Vec::new(), forward: Vec::new() });
    id
}

/// A table over a kind by its name, in the cluster's namespaces of work.
#[must_use]
pub fn table(state: &State, cluster: ClusterId, word: &str) -> Option<TablePane> {
    let kind = state.clusters.get(&cluster)?.kind(word)?;
    Some(TablePane::new(cluster, kind, state.scope(cluster)))
}

/// Nodes, pods, events and top together; on a narrow screen pods alone, with one key from each
/// pane to the next.
pub fn default_layout(state: &mut State, cluster: ClusterId) {
    let mut make = |word: &str, top: bool| {
        let pane = table(state, cluster, word)?;
        let mut pane = if top { pane.top() } else { pane };
        // A console opens on trouble: warnings, not the daily noise.
        pane.faults_only = word == "events";
        Some(add_pane(state, cluster, Body::Table(Box::new(pane))))
    };
    let (Some(nodes), Some(pods), Some(events), Some(top)) =
        (make("nodes", false), make("pods", false), make("events", false), make("pods", true))
    else {
        return;
    };
    let leaf = Node::Leaf;
    let wide = state.size.0 >= 120 && state.size.1 >= 28;
    state.tabs = if wide {
        let upper = Node::split(Axis::Row, 430, leaf(nodes), leaf(pods));
        let lower = Node::split(Axis::Row, 600, leaf(events), leaf(top));
        vec![Tab { root: Node::split(Axis::Column, 640, upper, lower), focus: pods, zoom: false }]
    } else {
        let all = Node::split(
            Axis::Column,
            500,
            Node::split(Axis::Row, 500, leaf(pods), leaf(nodes)),
            Node::split(Axis::Row, 500, leaf(events), leaf(top)),
        );
        // Zoomed: Tab then shows the neighbours one after the other at full size.
        vec![Tab { root: all, focus: pods, zoom: true }]
    };
    state.tab = 0;
}

/// Points every pane of one cluster at another: the same questions, asked elsewhere.
pub fn move_panes(state: &mut State, from: ClusterId, to: ClusterId) {
    let scope = state.scope(to);
    let kinds: Vec<Arc<Kind>> = state.clusters.get(&to).map(|c| c.kinds.clone()).unwrap_or_default();
    let moves = |p: &&mut Pane| p.cluster == from && !matches!(p.body, Body::Shell(_));
    for pane in state.panes.values_mut().filter(moves) {
        pane.cluster = to;
        pane.forward.clear();
        // Where a pane came from names objects of the old cluster; its first view does not.
        while let Some(body) = pane.back.pop() {
            pane.body = body;
        }
        if let Body::Table(t) = &mut pane.body {
            let kind = kinds.iter().find(|k| k.resource() == t.key.kind.resource()).unwrap_or(&t.key.kind).clone();
            let mut fresh = TablePane::new(to, kind, scope.clone());
            fresh.form = t.form;
            fresh.sort = t.sort.clone();
            fresh.wide = t.wide;
            fresh.faults_only = t.faults_only;
            **t = fresh;
        }
    }
}

/// Points the tables of a cluster at its present namespaces.
pub fn rescope(state: &mut State, cluster: ClusterId) {
    let scope = state.scope(cluster);
    for pane in state.panes.values_mut().filter(|p| p.cluster == cluster) {
        let bodies = pane.back.iter_mut().chain(std::iter::once(&mut pane.body));
        for body in bodies {
            let Body::Table(t) = body else { continue };
            if t.key.kind.namespaced && t.origin.is_none() && t.key.scope != scope {
                t.turn_to(super::kind::StreamKey { scope: scope.clone(), ..t.key.clone() });
            }
        }
    }
}

/// Whether a whole text matches a glob with `*` for any run of characters.
#[must_use]
pub fn matches_glob(glob: &str, text: &str) -> bool {
    let mut parts = glob.split('*');
    let first = parts.next().unwrap_or("");
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let mut tail = parts.peekable();
    if tail.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = tail.next() {
        if tail.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    true
}

/// A scope of one namespace.
#[must_use]
pub fn one_namespace(name: &str) -> Scope {
    if name.is_empty() { Scope::All } else { Scope::Namespaces(vec![name.into()]) }
}
