use super::*;
use crate::core::columns::FORM;
use crate::core::schema::{Column, Schema, Show, Source};
use crate::core::stream::StreamEvent;
use crate::core::subs::{Sub, subscriptions};
use crate::core::update::tests::{console, rows, under_cursor};
use crate::core::update::{settle, update};
use crate::core::value::CellKind;
use crate::core::{kind::Scope, msg::Msg};

fn key(state: &State) -> StreamKey {
    state.focused().unwrap().table().unwrap().key.clone()
}

/// A console whose pods have come.
fn with_pods() -> State {
    let (mut state, _) = console((200, 60));
    let pods = key(&state);
    rows(&mut state, &pods, &["a", "b"]);
    state
}

fn titles(state: &State) -> String {
    let store = &state.streams[&key(state)];
    let all: Vec<_> = state.shown_columns().into_iter().map(|i| store.schema().columns[i].title.to_string()).collect();
    all.join(" ")
}

fn run(state: &mut State, line: &str) {
    crate::core::update::run_line(state, line);
    settle(state);
}

fn press(state: &mut State, key: Key) {
    let effects = update(state, Msg::Input(Input::Key(key)));
    state.effects = effects;
    settle(state);
}

fn plain(code: KeyCode) -> Key {
    Key::plain(code)
}

#[test]
fn words_with_signs_change_and_words_without_say_all() {
    let all = |_: &Pick| true;
    let start = || vec![Pick::Title("NAME".into()), Pick::Title("AGE".into())];
    let after = |text: &str| {
        edited(start(), text, &all).map(|p| p.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
    };
    assert_eq!(after("+label:app -age").unwrap(), "NAME label:app");
    assert_eq!(after("status, \"last seen\" name").unwrap(), "STATUS LAST SEEN NAME");
    assert_eq!(after("+age").unwrap(), "NAME AGE");
    assert!(after("+label:").unwrap_err().contains(FORM));
    assert!(edited(start(), "+NOPE", &|_| false).unwrap_err().contains("no column NOPE"));
}

#[test]
fn a_label_is_a_column_at_once_and_needs_no_other_stream() {
    let mut state = with_pods();
    let before = key(&state);
    run(&mut state, "columns +label:app -NAMESPACE");
    assert_eq!(titles(&state), "NAME APP");
    assert_eq!(key(&state), before);
    assert!(state.effects.is_empty());
    run(&mut state, "columns default");
    assert_eq!(titles(&state), "NAMESPACE NAME");
}

#[test]
fn an_annotation_asks_for_other_rows_and_keeps_those_there_are() {
    let mut state = with_pods();
    let before = key(&state);
    let at = under_cursor(&state);
    run(&mut state, "columns +annotation:team");
    let now = key(&state);
    assert_eq!(now.annotations.as_ref(), [Arc::from("team")]);
    assert_eq!(state.effects, [Effect::Resync(before.clone()), Effect::Resync(now.clone())]);
    assert!(subscriptions(&state).contains(&Sub::Stream(now.clone())));
    assert!(!subscriptions(&state).contains(&Sub::Stream(before)), "the header reads the same stream");
    assert_eq!((state.streams[&now].len(), under_cursor(&state)), (2, at.clone()), "nothing blanks");
    let column = |title, source| Column::new(title, CellKind::Text, source, Show::Always, "");
    let own = vec![column("NAMESPACE", Source::Namespace), column("NAME", Source::Name)];
    let schema = Schema { columns: own, cells: 0 }.with_annotations(&now.annotations);
    update(&mut state, Msg::Stream { key: now.clone(), event: StreamEvent::Schema(Arc::new(schema)) });
    settle(&mut state);
    assert_eq!((titles(&state).as_str(), state.streams[&now].len()), ("NAMESPACE NAME TEAM", 2));
    assert_eq!(under_cursor(&state), at);
}

#[test]
fn panes_opened_later_ask_for_the_same() {
    let mut state = with_pods();
    run(&mut state, "columns +annotation:team");
    run(&mut state, "po kube-system");
    update(&mut state, Msg::Now(1));
    assert_eq!(key(&state).annotations.as_ref(), [Arc::from("team")]);
    assert_eq!(key(&state).scope, Scope::Namespaces(vec!["kube-system".into()]));
}

#[test]
fn the_chooser_switches_moves_adds_and_saves() {
    let mut state = with_pods();
    run(&mut state, "columns");
    press(&mut state, plain(KeyCode::Char(' ')));
    let mut down = plain(KeyCode::Down);
    down.mods.shift = true;
    press(&mut state, down);
    for c in "label:app".chars() {
        press(&mut state, Key::char(c));
    }
    press(&mut state, Key::char(' '));
    press(&mut state, Key::ctrl('s'));
    assert_eq!(titles(&state), "NAME APP");
    let columns = Some(vec!["NAME".to_owned(), "label:app".to_owned()]);
    assert_eq!(state.effects, [Effect::SaveColumns { kind: "pods".into(), columns }]);
    run(&mut state, "columns");
    press(&mut state, Key::ctrl('r'));
    press(&mut state, plain(KeyCode::Enter));
    assert_eq!(titles(&state), "NAMESPACE NAME");
    assert!(state.columns.is_empty());
}

#[test]
fn leaving_the_chooser_changes_nothing() {
    let mut state = with_pods();
    run(&mut state, "columns");
    press(&mut state, Key::char(' '));
    press(&mut state, plain(KeyCode::Esc));
    assert!(state.modal.is_none() && state.columns.is_empty());
}
