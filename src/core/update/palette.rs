//! The palette: `:po kube-system /web @ctx`, commands, contexts and namespaces by name.

use super::{act, columns, command, logs, modal, picker};
use crate::core::commands::Command;
use crate::core::effect::Effect;
use crate::core::input::{Input, Key, KeyCode};
use crate::core::modals::{Choice, Item, Modal};
use crate::core::msg::Level;
use crate::core::panes::Body;
use crate::core::panes::table::TablePane;
use crate::core::query::Query;
use crate::core::start;
use crate::core::state::State;
use crate::core::usage::Target;
use std::sync::Arc;

/// How many commands typed before are kept.
const PAST: usize = 100;
/// How many completions are worth showing.
const MOST_ITEMS: usize = 200;

pub(super) fn open(state: &mut State) {
    let mut choice = Choice::default();
    complete(state, &mut choice);
    state.modal = Some(Modal::Palette(choice));
}

pub(super) fn input(state: &mut State, mut choice: Choice, input: &Input) {
    if let Input::Key(Key { code: KeyCode::Enter, .. }) = input {
        let typed = choice.line.text().trim().to_owned();
        // A choice made with the arrows counts; else what is typed, read as a command.
        let picked = choice.items.get(choice.at).filter(|_| choice.at > 0 || !understood(state, &typed));
        let text = picked.map_or(typed, |i| i.text.to_string());
        return run(state, &text);
    }
    if let Input::Key(Key { code: KeyCode::Tab, .. }) = input {
        if let Some(i) = choice.items.get(choice.at) {
            choice.line.set(&format!("{} ", i.text));
            choice.at = 0;
        }
    } else if matches!(input, Input::Key(Key { code: KeyCode::Up, .. })) && choice.at == 0 {
        remember(state, &mut choice);
    } else if !modal::walk(&mut choice, input) && choice.line.take(input) {
        choice.at = 0;
        choice.past = None;
    }
    complete(state, &mut choice);
    state.modal = Some(Modal::Palette(choice));
}

/// Up at the first item walks back through what was typed before.
fn remember(state: &State, choice: &mut Choice) {
    let at = choice.past.unwrap_or(state.past.len());
    if let Some(before) = at.checked_sub(1) {
        choice.past = Some(before);
        choice.line.set(&state.past[before]);
    }
}

fn understood(state: &State, text: &str) -> bool {
    let word = text.split_whitespace().next().unwrap_or("");
    command_of(word).is_some()
        || matches!(word, "ctx" | "ns" | "top" | "logs" | "q!")
        || word.starts_with('@')
        || state.extras.iter().any(|(name, _)| name.as_ref() == word)
        || state.cluster().is_some_and(|c| c.kind(word).is_some())
}

fn command_of(word: &str) -> Option<Command> {
    match word {
        "q" | "exit" => Some(Command::Quit),
        "all" => Some(Command::AllNamespaces),
        _ => Command::from_id(&word.replace('-', "_")),
    }
}

fn complete(state: &State, choice: &mut Choice) {
    let typed = choice.line.text().trim_start().to_lowercase();
    let mut items: Vec<Item> = Vec::new();
    if let Some(rest) = typed.strip_prefix("ctx ").or_else(|| typed.strip_prefix('@')) {
        items.extend(state.contexts.iter().filter(|c| c.name.to_lowercase().contains(rest.trim())).map(|c| Item {
            text: format!("ctx {}", c.name).into(),
            note: c.server.clone(),
            problem: c.problem.clone(),
        }));
    } else if !typed.contains(' ') {
        items.extend(words(state).filter(|i| fits(i, &typed)).take(MOST_ITEMS));
        items.sort_by_key(|i| (!i.text.starts_with(&typed), i.text.len()));
    }
    choice.items = items;
    choice.at = choice.at.min(choice.items.len().saturating_sub(1));
}

fn fits(item: &Item, typed: &str) -> bool {
    item.text.contains(typed) || (typed.len() > 2 && item.note.to_lowercase().contains(typed))
}

fn words(state: &State) -> impl Iterator<Item = Item> + use<'_> {
    let line = |text: String, note: String| Item { text: text.into(), note: note.into(), problem: None };
    let kinds = state.cluster().map(|c| c.kinds.clone()).unwrap_or_default();
    let kinds = kinds.into_iter().filter(|k| k.verbs.iter().any(|v| v.as_ref() == "list")).map(move |k| {
        let short = k.short.join(" ");
        line(k.resource(), format!("{} {short}", k.kind))
    });
    let fixed = [
        ("ctx", "Switch to a context: ctx NAME."),
        ("ns", "Work in a namespace: ns NAME, or ns alone to choose."),
        (
            "logs",
            "Logs of pods: logs POD, logs deploy/web, logs -l app=web, logs /regex, with -n NS, -A, -c CONTAINER, -p, --since 15m.",
        ),
        ("top", "Usage as bars: top pods, containers, nodes or namespaces."),
        ("containers", "The containers of all pods."),
        ("debugging", "What debugging has left behind: pods to sweep, ephemeral containers."),
    ];
    // Where a word of the palette and a command have one name, the palette's word is what runs.
    let own = move |c: &Command| fixed.iter().all(|(word, _)| *word != c.spec().id);
    let commands = Command::all().filter(own).filter(|c| act::belongs(state, *c)).map(move |c| {
        let problem = act::missing(state, c).map(|m| format!("you may not {m}").into());
        Item { problem, ..line(c.spec().id.replace('_', "-"), c.spec().doc.to_owned()) }
    });
    let fixed = fixed.into_iter().map(move |(t, n)| line(t.to_owned(), n.to_owned()));
    let extras: Vec<_> = state.extras.clone();
    kinds.chain(fixed).chain(commands).chain(extras.into_iter().map(|(text, note)| Item { text, note, problem: None }))
}

/// Runs a line of the palette. Also what `-c` does.
pub fn run(state: &mut State, text: &str) {
    state.modal = None;
    let text = text.trim().trim_start_matches(':').trim();
    if text.is_empty() {
        return;
    }
    if state.past.last().is_none_or(|last| last != text) {
        state.past.push(text.to_owned());
        if state.past.len() > PAST {
            state.past.remove(0);
        }
    }
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let rest = rest.trim();
    match word {
        "ctx" | "context" | "contexts" if rest.is_empty() => picker::open_contexts(state),
        "ctx" | "context" | "contexts" => picker::switch(state, rest.trim_start_matches('@')),
        "ns" if rest.is_empty() => picker::open_namespaces(state),
        "ns" => picker::work_in(state, namespaces(rest)),
        "logs" | "log" if !rest.is_empty() => logs::words::typed(state, rest),
        "top" => top(state, if rest.is_empty() { "pods" } else { rest }),
        "columns" if !rest.is_empty() => columns::typed(state, rest),
        _ if word.starts_with('@') => picker::switch(state, &word[1..]),
        _ if state.extras.iter().any(|(name, _)| name.as_ref() == word) => {
            state.effects.push(Effect::Extra(text.into()));
        }
        _ => {
            if let Some(Command::Act(id)) = command_of(word) {
                if !act::typed(state, id, rest) {
                    act::open(state, id, rest);
                }
                return;
            }
            if let Some(c) = command_of(word).filter(|_| rest.is_empty()) {
                return command::run(state, c);
            }
            view(state, word, rest);
        }
    }
}

fn namespaces(text: &str) -> Vec<Arc<str>> {
    let mut names: Vec<Arc<str>> =
        text.split([',', ' ']).filter(|n| !n.is_empty() && *n != "all").map(Into::into).collect();
    names.sort();
    names.dedup();
    names
}

fn show(state: &mut State, table: TablePane) {
    if let Some(pane) = state.focused_mut() {
        pane.go(Body::Table(Box::new(table)));
    }
}

fn top(state: &mut State, word: &str) {
    match start::table(state, state.active, word) {
        Some(t) if Target::of(&t.key.kind.plural).is_some() && t.key.kind.group.is_empty() => show(state, t.top()),
        _ => state.say(Level::Warn, format!("usage is known of pods, containers, nodes and namespaces, not of {word}")),
    }
}

/// A kind with its arguments: a namespace, a `/filter`, an `@context`, `-l` and `-A`.
fn view(state: &mut State, word: &str, rest: &str) {
    let whole = rest;
    let (rest, filter) = match rest.find('/') {
        Some(at) if at == 0 || rest[..at].ends_with(' ') => (&rest[..at], rest[at + 1..].trim()),
        _ => (rest, ""),
    };
    let mut names: Option<Vec<Arc<str>>> = None;
    let mut labels = String::new();
    let mut words = rest.split_whitespace();
    while let Some(arg) = words.next() {
        match arg {
            "-A" | "all" => names = Some(Vec::new()),
            "-n" => names = words.next().map(namespaces),
            "-l" => words.next().unwrap_or_default().clone_into(&mut labels),
            _ if arg.starts_with('@') => picker::switch(state, &arg[1..]),
            _ => names = Some(namespaces(arg)),
        }
    }
    let Some(mut table) = start::table(state, state.active, word) else {
        if state.cluster().is_some_and(|c| !c.discovered) {
            // A kind of the server's own: it may be known in a moment.
            state.later = Some(format!("{word} {whole}"));
            return state.say(Level::Info, format!("{word}: asking the server what it serves"));
        }
        return state.say(Level::Warn, format!("no kind or command is called {word}; ? shows what there is"));
    };
    if let Some(names) = names.filter(|_| table.key.kind.namespaced) {
        use crate::core::kind::Scope;
        table.key.scope = if names.is_empty() { Scope::All } else { Scope::Namespaces(names) };
    }
    if !labels.is_empty() {
        table.key.labels = labels.as_str().into();
        table.origin = Some(format!("-l {labels}").into());
    }
    match Query::parse(filter) {
        Ok(query) => {
            filter.clone_into(&mut table.filter.text);
            table.query = query;
        }
        Err(e) => state.say(Level::Warn, format!("filter: {e}")),
    }
    show(state, table);
}
