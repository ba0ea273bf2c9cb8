//! Picking columns: typed, in the chooser, or by the settings file. What is picked holds for a
//! kind, in every pane, so that all of them go on sharing one stream.

use super::modal;
use crate::core::columns::{self, Pick};
use crate::core::effect::Effect;
use crate::core::input::{Input, Key, KeyCode};
use crate::core::kind::{Kind, StreamKey};
use crate::core::modals::{Chooser, Modal};
use crate::core::msg::Level;
use crate::core::panes::Body;
use crate::core::state::State;
use crate::core::store::Store;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Rows looked at for labels that could be columns, and labels offered.
const ROWS: usize = 2_000;
const LABELS: usize = 60;

/// Makes every pane ask its stream for the annotations that its kind's columns need.
pub(super) fn ask(state: &mut State) {
    if state.columns.is_empty() {
        return;
    }
    let mut panes = std::mem::take(&mut state.panes);
    for pane in panes.values_mut() {
        for body in pane.back.iter_mut().chain(&mut pane.forward).chain(std::iter::once(&mut pane.body)) {
            let Body::Table(t) = body else { continue };
            t.key.annotations = state.picks(&t.key.kind).map(columns::annotations).unwrap_or_default();
        }
    }
    state.panes = panes;
}

/// Gives every stream's rows the label columns of its kind.
pub(super) fn label(state: &mut State) {
    if state.columns.is_empty() && state.streams.values().all(|s| !s.shows_labels()) {
        return;
    }
    let mut streams = std::mem::take(&mut state.streams);
    for (key, store) in &mut streams {
        store.show_labels(&state.picks(&key.kind).map(columns::labels).unwrap_or_default());
    }
    state.streams = streams;
}

/// The kind of the focused table, with its rows.
fn focused(state: &State) -> Option<(Arc<Kind>, &Store)> {
    let t = state.focused()?.table()?;
    Some((t.key.kind.clone(), state.streams.get(&t.key).filter(|s| !s.schema().columns.is_empty())?))
}

const NO_TABLE: &str = "columns are of tables whose rows have come; there is none here";

/// Opens the chooser.
pub(super) fn open(state: &mut State) {
    let Some((kind, store)) = focused(state) else { return state.say(Level::Info, NO_TABLE) };
    let chooser = Chooser::new(kind.clone(), store.schema(), state.picks(&kind), &labels_of(store));
    state.modal = Some(Modal::Columns(Box::new(chooser)));
}

/// Labels that the rows have, each with one of its values.
fn labels_of(store: &Store) -> Vec<(String, String)> {
    let mut found: BTreeMap<&str, &str> = BTreeMap::new();
    for row in store.rows().take(ROWS) {
        for (key, value) in row.labels().split(',').filter_map(|pair| pair.split_once('=')) {
            found.entry(key).or_insert(value);
        }
    }
    found.into_iter().take(LABELS).map(|(k, v)| (k.to_owned(), v.to_owned())).collect()
}

pub(super) fn input(state: &mut State, mut chooser: Box<Chooser>, input: &Input) {
    match input {
        Input::Key(key) if *key == Key::ctrl('s') => return take(state, &chooser, true),
        Input::Key(key) if *key == Key::ctrl('r') => chooser.reset(),
        Input::Key(Key { code: KeyCode::Enter, .. }) => return take(state, &chooser, false),
        Input::Key(Key { code: KeyCode::Char(' '), .. }) => chooser.toggle(),
        Input::Key(Key { code: KeyCode::Up, mods }) if mods.shift => chooser.shift(false),
        Input::Key(Key { code: KeyCode::Down, mods }) if mods.shift => chooser.shift(true),
        _ => {
            let last = chooser.found().len().saturating_sub(1);
            if let Some(at) = modal::walked(chooser.at, last, input) {
                chooser.at = at;
            } else if chooser.line.take(input) {
                chooser.at = 0;
            }
        }
    }
    state.modal = Some(Modal::Columns(chooser));
}

fn take(state: &mut State, chooser: &Chooser, save: bool) {
    let picks = chooser.picks();
    let picks = (picks != chooser.default).then_some(picks);
    if save {
        let columns = picks.as_ref().map(|all| all.iter().map(ToString::to_string).collect());
        state.effects.push(Effect::SaveColumns { kind: chooser.kind.resource().into(), columns });
    }
    set(state, &chooser.kind, picks);
}

/// `:columns +label:app -NODE`, `:columns NAME STATUS`, `:columns default`.
pub(super) fn typed(state: &mut State, text: &str) {
    let Some((kind, store)) = focused(state) else { return state.say(Level::Info, NO_TABLE) };
    if text == "default" {
        return set(state, &kind, None);
    }
    let schema = store.schema().clone();
    let before = state.picks(&kind).map_or_else(|| columns::by_default(&schema.without_keys()), <[Pick]>::to_vec);
    match edited(before, text, &|p| offered(&schema, p)) {
        Ok(picks) => set(state, &kind, Some(picks)),
        Err(why) => state.say(Level::Warn, why),
    }
}

fn offered(schema: &crate::core::schema::Schema, pick: &Pick) -> bool {
    matches!(pick, Pick::Label(_) | Pick::Annotation(_)) || schema.columns.iter().any(|c| Pick::of(c) == *pick)
}

/// Words with a sign change what is shown; words without one say all of it. Titles with blanks are quoted.
fn edited(mut picks: Vec<Pick>, text: &str, offered: &dyn Fn(&Pick) -> bool) -> Result<Vec<Pick>, String> {
    let words = words(text);
    if words.iter().any(|w| !w.starts_with(['+', '-'])) {
        picks.clear();
    }
    for word in &words {
        let pick = Pick::parse(word.trim_start_matches(['+', '-']))?;
        if word.starts_with('-') {
            picks.retain(|p| *p != pick);
        } else if !offered(&pick) {
            return Err(format!("no column {pick}; :columns lists those there are"));
        } else if !picks.contains(&pick) {
            picks.push(pick);
        }
    }
    Ok(picks)
}

fn words(text: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut quoted = false;
    for c in text.chars() {
        match c {
            '"' => quoted = !quoted,
            ' ' | ',' if !quoted => out.push(String::new()),
            c => out.last_mut().into_iter().for_each(|w| w.push(c)),
        }
    }
    out.retain(|w| !w.is_empty());
    out
}

/// Picks these columns for a kind; `None` gives it its own back. Rows that lack an annotation
/// are read anew, and stand as they are until then.
fn set(state: &mut State, kind: &Kind, picks: Option<Vec<Pick>>) {
    let name: Arc<str> = kind.resource().into();
    state.columns.remove(&kind.plural);
    match picks {
        Some(picks) => drop(state.columns.insert(name, picks.into())),
        None => drop(state.columns.remove(&name)),
    }
    let annotations = state.picks(kind).map(columns::annotations).unwrap_or_default();
    let mine = |k: &&StreamKey| k.kind.resource() == kind.resource() && k.annotations != annotations;
    for old in state.streams.keys().filter(mine).cloned().collect::<Vec<_>>() {
        let new = StreamKey { annotations: annotations.clone(), ..old.clone() };
        if let Some(store) = state.streams.remove(&old) {
            state.streams.insert(new.clone(), store);
        }
        state.effects.extend([Effect::Resync(old), Effect::Resync(new)]);
    }
    let panes = state
        .panes
        .values_mut()
        .flat_map(|p| p.back.iter_mut().chain(&mut p.forward).chain(std::iter::once(&mut p.body)));
    for body in panes {
        if let Body::Table(t) = body
            && t.key.kind.resource() == kind.resource()
        {
            t.key.annotations.clone_from(&annotations);
            (t.left, t.chosen) = (0, None);
        }
    }
    label(state);
}

#[cfg(test)]
mod tests;
