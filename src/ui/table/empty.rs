//! A table without rows says why, and what to do.

use super::Table;
use crate::core::commands::Command;
use crate::core::freshness::Freshness;
use crate::core::keys::{Layer, show_keys};
use crate::core::kind::Scope;
use crate::core::role::Role;
use crate::core::store::Store;
use crate::ui::ink::Ink;
use crate::ui::words::{self, count};
use crate::ui::wrap::wrap;
use ratatui::layout::Rect;

pub(super) fn draw(ink: &mut Ink<'_>, area: Rect, t: &Table<'_>) {
    let (lines, role) = reason(t);
    let wide = area.width.saturating_sub(4);
    let lines: Vec<String> = lines.iter().flat_map(|l| wrap(l, wide)).collect();
    let first = area.y + (area.height.saturating_sub(lines.len() as u16)) / 3;
    for (i, line) in lines.iter().enumerate() {
        let y = first + i as u16;
        if y < area.bottom() {
            ink.put(area.x + 2, y, area.right(), line, if i == 0 { role } else { Role::Dim });
        }
    }
}

/// What to say, the matter first, what to do about it after.
fn reason(t: &Table<'_>) -> (Vec<String>, Role) {
    let kind = &t.body.key.kind;
    let place = place(t);
    let idle = Freshness::Idle;
    let total = t.store.map_or(0, Store::len) as u64;
    match t.store.map_or(&idle, Store::freshness) {
        Freshness::Idle => (vec![format!("connecting: no answer yet about {kind}{place}")], Role::FreshSyncing),
        Freshness::Forbidden(m) => (
            vec![
                format!("you may not {m}"),
                format!("ask for verb {} on {}, or work in a namespace you may see (:ns NAME)", m.verb, m.resource),
            ],
            Role::FreshError,
        ),
        Freshness::NotServed => (
            vec![format!("this server does not serve {}", kind.resource()), ":ctx chooses another one".into()],
            Role::FreshError,
        ),
        Freshness::Syncing { rows } if total == 0 => {
            (vec![format!("reading {kind}{place}: {} so far", count(*rows))], Role::FreshSyncing)
        }
        Freshness::Stale { why, .. } | Freshness::Reconnecting { why, .. } if total == 0 => {
            (vec![format!("{kind} cannot be read: {why}"), retry(t)], Role::FreshStale)
        }
        _ if total == 0 => (vec![format!("no {kind}{place}")], Role::Dim),
        _ => hidden(t, total),
    }
}

fn retry(t: &Table<'_>) -> String {
    let next = match t.store.map(Store::freshness) {
        Some(Freshness::Reconnecting { at, .. }) if *at > t.state.now => {
            format!("the next attempt is in {}", words::span(at - t.state.now + 999))
        }
        _ => "trying again".into(),
    };
    let layers = Layer::of_kind(&t.body.key.kind).chain();
    match t.state.keymap.keys_of(layers, Command::Resync).first() {
        Some(keys) => format!("{next}; {} tries at once", show_keys(keys)),
        None => next,
    }
}

/// There are rows, but none passes.
fn hidden(t: &Table<'_>, total: u64) -> (Vec<String>, Role) {
    let kind = &t.body.key.kind;
    let n = count(total);
    let filter = &t.body.filter.text;
    match (filter.is_empty(), t.body.faults_only) {
        (true, true) if kind.plural.as_ref() == "events" => {
            (vec![format!("no warnings among {n} events")], Role::RowOk)
        }
        (true, true) => (vec![format!("nothing is unwell: all {n} {kind} are as they should be")], Role::RowOk),
        (false, true) => (
            vec![format!("nothing unwell among {n} {kind} matches /{filter}"), "Esc clears the filter".into()],
            Role::Dim,
        ),
        (false, false) => {
            (vec![format!("none of {n} {kind} matches /{filter}"), "Esc clears the filter".into()], Role::Dim)
        }
        (true, false) => (vec![format!("sorting {n} {kind}")], Role::Dim),
    }
}

fn place(t: &Table<'_>) -> String {
    match (&t.body.origin, &t.body.key.scope) {
        (Some(origin), _) => format!(" of {origin}"),
        (None, _) if !t.body.key.kind.namespaced => String::new(),
        (None, Scope::All) => " in any namespace".into(),
        (None, scope) => format!(" in {}", words::scope(scope)),
    }
}
