//! Help: what each key does in the focused pane, nearest first, searchable; commands
//! without a key follow, as the palette takes them.

use super::{centred, open};
use crate::core::commands::Command;
use crate::core::keys::{Layer, show_keys};
use crate::core::modals::Help;
use crate::core::role::Role;
use crate::core::state::State;
use crate::core::update;
use crate::ui::ink::Ink;
use crate::ui::prompt::text_field;
use crate::ui::width::width;
use ratatui::layout::{Position, Rect};
use std::borrow::Cow;

/// A line of help.
enum Line {
    /// Where the keys under it work.
    Section(&'static str),
    /// Keys and what they do.
    Keys(String, Cow<'static, str>),
}

pub(super) fn draw(ink: &mut Ink<'_>, body: Rect, state: &State, help: &Help) -> Option<Position> {
    let area = centred(body, body.width.min(100), body.height);
    let lines = lines(state, help.line.text());
    let height = usize::from(area.height.saturating_sub(3));
    let top = help.top.min(lines.len().saturating_sub(height));
    let last = (top + height).min(lines.len());
    let right = if lines.is_empty() { String::new() } else { format!("{}-{}/{}", top + 1, last, lines.len()) };
    let inside = open(ink, area, &format!("keys in {}", state.layer().name()), &right);
    if inside.height == 0 || inside.width < 8 {
        return None;
    }
    ink.put(inside.x, inside.y, inside.right(), "/", Role::ModalTitle);
    let field = Rect { x: inside.x + 1, width: inside.width - 2, height: 1, ..inside };
    if help.line.text().is_empty() {
        ink.put(field.x + 2, field.y, field.right(), "type to search", Role::Dim);
    }
    let cursor = text_field(ink, field, &help.line, Role::Input);
    if lines.is_empty() {
        ink.put(inside.x + 1, inside.y + 1, inside.right(), "no key and no command is described so", Role::Dim);
    }
    let keys_w = lines.iter().map(|l| if let Line::Keys(k, _) = l { width(k) } else { 0 }).max().unwrap_or(0);
    let keys_w = keys_w.min(inside.width / 3);
    for (line, y) in lines[top..last].iter().zip(inside.y + 1..inside.bottom()) {
        match line {
            Line::Section(name) => {
                ink.put(inside.x + 1, y, inside.right(), name, Role::ModalTitle);
            }
            Line::Keys(keys, doc) => {
                ink.put(inside.x + 2, y, inside.x + 2 + keys_w, keys, Role::HintKey);
                ink.put(inside.x + 4 + keys_w, y, inside.right() - 1, doc, Role::Modal);
            }
        }
    }
    Some(cursor)
}

fn lines(state: &State, search: &str) -> Vec<Line> {
    let search = search.trim().to_lowercase();
    let layers = state.layer().chain();
    let bound = state.keymap.active(layers);
    let fits = |keys: &str, c: Command| {
        let spec = c.spec();
        search.is_empty()
            || keys.to_lowercase().contains(&search)
            || begins_word(&spec.doc.to_lowercase(), &search)
            || begins_word(spec.id, &search)
    };
    let mut out = Vec::new();
    for &here in layers {
        let mut section = Vec::new();
        let mut seen = Vec::new();
        for b in bound.iter().filter(|b| b.layer == here && update::belongs(state, b.command)) {
            if seen.contains(&b.command) {
                continue;
            }
            seen.push(b.command);
            let all = bound.iter().filter(|o| o.layer == here && o.command == b.command);
            let keys = all.map(|o| show_keys(&o.keys)).collect::<Vec<_>>().join(", ");
            if fits(&keys, b.command) {
                section.push(Line::Keys(keys, doc(state, b.command)));
            }
        }
        if !section.is_empty() {
            out.push(Line::Section(heading(here)));
            out.append(&mut section);
        }
    }
    let unbound =
        Command::all().filter(|c| update::belongs(state, *c)).filter(|c| bound.iter().all(|b| b.command != *c));
    let by_name: Vec<_> = unbound.map(|c| (format!(":{}", c.spec().id.replace('_', "-")), c)).collect();
    let mut rest: Vec<_> =
        by_name.into_iter().filter(|(k, c)| fits(k, *c)).map(|(k, c)| Line::Keys(k, doc(state, c))).collect();
    if !rest.is_empty() {
        out.push(Line::Section("by name only"));
        out.append(&mut rest);
    }
    out
}

/// Whether a word of the text begins so: `sort` is not looked for in the middle of others.
fn begins_word(text: &str, search: &str) -> bool {
    text.match_indices(search).any(|(at, _)| !text[..at].ends_with(char::is_alphanumeric))
}

/// What a command does, and which right it wants that is not there.
fn doc(state: &State, command: Command) -> Cow<'static, str> {
    let doc = command.spec().doc;
    match update::missing(state, command) {
        Some(missing) => format!("{doc} (You may not: {missing}.)").into(),
        None => doc.into(),
    }
}

fn heading(layer: Layer) -> &'static str {
    match layer {
        Layer::Global => "everywhere",
        Layer::Table => "in all tables",
        Layer::Pods => "on pods",
        Layer::Nodes => "on nodes",
        Layer::Events => "on events",
        Layer::Workloads => "on workloads",
        Layer::Text => "in text",
        Layer::Top => "on usage",
        Layer::Logs => "in logs (ordered by the nodes' clocks)",
        Layer::Containers => "on containers",
        Layer::Sources => "on what has pods",
        Layer::Jobs => "on jobs and boards",
        Layer::Shell => "in a program, after the leader",
        Layer::Lines => "on what a program has said",
        Layer::Rollout => "on a rollout",
    }
}
