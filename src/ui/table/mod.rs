//! A table pane. Only the rows in sight are read and formatted, whatever the store holds.

mod bars;
mod columns;
mod empty;
mod foot;
mod grid;
mod rows;

use super::chrome::{self, Frame};
use super::ink::{Ink, Piece};
use super::words;
use crate::core::cluster::UsageLink;
use crate::core::freshness::Freshness;
use crate::core::kind::Scope;
use crate::core::panes::Pane;
use crate::core::panes::table::{Form, TablePane};
use crate::core::role::Role;
use crate::core::state::State;
use crate::core::store::Store;
use ratatui::layout::{Position, Rect};

/// A table with what surrounds it.
pub(super) struct Table<'a> {
    pub state: &'a State,
    pub pane: &'a Pane,
    pub body: &'a TablePane,
    pub store: Option<&'a Store>,
    pub focused: bool,
}

/// Draws the pane; returns where the text cursor is, if its filter is being typed.
pub(super) fn draw(ink: &mut Ink<'_>, area: Rect, t: &Table<'_>) -> Option<Position> {
    let inside = chrome::inner(area);
    let (left, right) = foot::pieces(ink, t, area.width);
    let (state, role) = freshness(t);
    let frame = Frame { title: title(ink, t), state, state_role: Some(role), left, right };
    let border = if t.focused { Role::FrameFocus } else { Role::Frame };
    chrome::frame(ink, area, border, &frame);
    let cursor = t.body.filter.line.as_ref().and_then(|_| super::prompt::draw(ink, area, &t.body.filter, '/'));
    match t.store {
        Some(store) if !t.body.view.is_empty() => match t.body.form {
            Form::Columns => rows::draw(ink, inside, t, store),
            Form::Bars => bars::draw(ink, inside, t, store),
        },
        _ => empty::draw(ink, inside, t),
    }
    if t.store.is_some_and(|s| old(s.freshness())) && !inside.is_empty() {
        let below = inside.height.saturating_sub(t.body.lines_above().saturating_sub(1));
        ink.over(Rect { y: inside.bottom() - below, height: below, ..inside }, Role::Dim);
    }
    cursor
}

/// Whether what is shown was true once, but may not be now.
fn old(f: &Freshness) -> bool {
    matches!(
        f,
        Freshness::Stale { .. } | Freshness::Reconnecting { .. } | Freshness::Forbidden(_) | Freshness::NotServed
    )
}

fn title(ink: &Ink<'_>, t: &Table<'_>) -> Vec<Piece> {
    let key = &t.body.key;
    let dot = format!(" {} ", ink.look.symbols.dot);
    let name = if t.body.form == Form::Bars { format!("top {}", key.kind.plural) } else { key.kind.plural.to_string() };
    let mut title = vec![(name, Role::Title)];
    if let Some(origin) = &t.body.origin {
        title.push((format!("{dot}{origin}"), Role::Title));
    } else if key.kind.namespaced && (t.body.form == Form::Columns || key.scope != Scope::All) {
        title.push((format!("{dot}{}", words::scope(&key.scope)), Role::Title));
    }
    if t.body.faults_only && key.kind.plural.as_ref() == "events" {
        title.push((format!("{dot}warnings"), Role::Title));
    }
    title
}

fn freshness(t: &Table<'_>) -> (Vec<String>, Role) {
    let fallback = Freshness::Idle;
    let (mut forms, role) = words::freshness(t.store.map_or(&fallback, Store::freshness), t.state.now);
    if t.body.form == Form::Bars
        && role == Role::FreshLive
        && let Some(cluster) = t.state.clusters.get(&t.pane.cluster)
    {
        let link = match t.body.key.kind.plural.as_ref() {
            "nodes" => &cluster.node_usage_link,
            _ => &cluster.pod_usage_link,
        };
        match link {
            UsageLink::At(at) => {
                let age = t.state.server_now(t.pane.cluster) - at;
                forms.insert(0, format!("live, usage {} old", words::span(age)));
            }
            UsageLink::Asking => {}
            UsageLink::Missing(why) => {
                return (vec![format!("no usage: {}", words::short(why)), "no usage".into()], Role::FreshStale);
            }
        }
    }
    (forms, role)
}
