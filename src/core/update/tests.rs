use super::*;
use crate::core::cluster::ContextInfo;
use crate::core::health::Health;
use crate::core::keys::Keymap;
use crate::core::kind::{ClusterId, Kind, Scope, StreamKey};
use crate::core::msg::News;
use crate::core::row::{Batch, RowHead, Sym};
use crate::core::schema::{Column, Schema, Show, Source};
use crate::core::start;
use crate::core::state::Options;
use crate::core::stream::StreamEvent;
use crate::core::subs::{self, Sub, subscriptions};
use crate::core::uid::Uid;
use crate::core::value::CellKind;
use proptest::prelude::*;
use std::sync::Arc;

fn kind(plural: &str, singular: &str, namespaced: bool) -> Arc<Kind> {
    Arc::new(Kind {
        group: "".into(),
        version: "v1".into(),
        plural: plural.into(),
        kind: singular.into(),
        singular: singular.to_lowercase().into(),
        short: vec![plural[..2].into()],
        namespaced,
        verbs: vec!["list".into(), "watch".into()],
        scale: false,
    })
}

fn context(name: &str) -> ContextInfo {
    ContextInfo { name: name.into(), server: "x".into(), user: "u".into(), namespace: None, problem: None }
}

/// A console on a small cluster, at a size where all four panes show.
pub(super) fn console(size: (u16, u16)) -> (State, ClusterId) {
    let mut state = State::new(Keymap::default(), Options::default(), size, 1_000_000);
    state.contexts = vec![context("one"), context("two")];
    let kinds = vec![
        kind("nodes", "Node", false),
        kind("pods", "Pod", true),
        kind("events", "Event", true),
        kind("namespaces", "Namespace", false),
    ];
    let id = start::open_cluster(&mut state, context("one"), kinds);
    start::default_layout(&mut state, id);
    state.effects.clear();
    (state, id)
}

pub(super) fn pods(state: &State, id: ClusterId) -> StreamKey {
    let kind = state.clusters[&id].kind("pods").expect("pods are known");
    StreamKey::new(id, kind, Scope::All)
}

fn schema() -> Arc<Schema> {
    let column = |title, source| Column::new(title, CellKind::Text, source, Show::Always, "");
    Arc::new(Schema { columns: vec![column("NAMESPACE", Source::Namespace), column("NAME", Source::Name)], cells: 0 })
}

pub(super) fn rows(state: &mut State, key: &StreamKey, names: &[&str]) {
    let mut batch = Batch::new(Vec::new());
    for name in names {
        let (n, ns) = (batch.sym(name), batch.sym("shop"));
        let head = RowHead {
            uid: Uid::of_name("shop", name),
            name: n,
            namespace: ns,
            owner: Sym::EMPTY,
            labels: Sym::EMPTY,
            created: 0,
            health: Health::Ok,
        };
        batch.put(head, &[]);
    }
    for event in [StreamEvent::Schema(schema()), StreamEvent::Begin, StreamEvent::Batch(batch), StreamEvent::End] {
        update(state, Msg::Stream { key: key.clone(), event });
    }
    settle(state);
}

pub(super) fn press(state: &mut State, code: KeyCode) {
    update(state, Msg::Input(Input::Key(Key::plain(code))));
    settle(state);
}

pub(super) fn under_cursor(state: &State) -> Option<String> {
    let t = state.focused()?.table()?;
    Some(t.cursor.target(state.streams.get(&t.key)?)?.name().to_owned())
}

#[test]
fn the_cursor_stays_on_its_object_when_rows_come_before_it() {
    let (mut state, id) = console((200, 60));
    let key = pods(&state, id);
    rows(&mut state, &key, &["b", "d"]);
    command::run(&mut state, crate::core::commands::Command::MoveDown);
    settle(&mut state);
    assert_eq!(under_cursor(&state).as_deref(), Some("d"));
    rows(&mut state, &key, &["a", "b", "c", "d"]);
    assert_eq!(under_cursor(&state).as_deref(), Some("d"));
}

#[test]
fn a_key_never_lands_on_the_neighbour_of_a_deleted_object() {
    let (mut state, id) = console((200, 60));
    let key = pods(&state, id);
    rows(&mut state, &key, &["a", "b"]);
    rows(&mut state, &key, &["b"]);
    assert_eq!(under_cursor(&state), None, "the cursor stands on the greyed row");
    command::run(&mut state, crate::core::commands::Command::Yaml);
    assert!(state.focused().is_some_and(|p| p.table().is_some()), "nothing was opened");
}

#[test]
fn only_what_is_shown_and_the_header_are_watched() {
    let (mut state, id) = console((200, 60));
    let streams = |s: &State| {
        let mut v: Vec<String> = subscriptions(s)
            .into_iter()
            .filter_map(|n| if let Sub::Stream(k) = n { Some(k.kind.plural.to_string()) } else { None })
            .collect();
        v.sort();
        v
    };
    assert_eq!(streams(&state), ["events", "nodes", "pods"], "two panes on pods share one stream");
    command::run(&mut state, crate::core::commands::Command::PaneZoom);
    assert_eq!(streams(&state), ["nodes", "pods"]);
    command::run(&mut state, crate::core::commands::Command::Namespaces);
    assert!(streams(&state).contains(&"namespaces".to_owned()));
    assert!(subscriptions(&state).contains(&Sub::Cluster(id)));
}

#[test]
fn a_context_can_be_left_while_it_is_dead() {
    let (mut state, id) = console((200, 60));
    update(&mut state, Msg::Cluster(id, News::Failed(crate::core::problem::Problem::Timeout("x".into()))));
    run_line(&mut state, ":ctx two");
    let effects = std::mem::take(&mut state.effects);
    assert!(effects.iter().any(|e| matches!(e, Effect::Connect { context, .. } if &*context.name == "two")));
    assert!(effects.contains(&Effect::Disconnect(id)));
    let active = state.active;
    assert!(active != id && state.panes.values().all(|p| p.cluster == active));
}

#[test]
fn late_news_of_a_left_cluster_changes_nothing() {
    let (mut state, id) = console((200, 60));
    run_line(&mut state, "ctx two");
    update(&mut state, Msg::Cluster(id, News::Version("v9".into())));
    assert_eq!(state.cluster().and_then(|c| c.version.clone()), None);
}

#[test]
fn the_palette_takes_a_kind_with_namespace_and_filter() {
    let (mut state, _) = console((200, 60));
    run_line(&mut state, ":po kube-system /web");
    let t = state.focused().and_then(|p| p.table()).expect("a table");
    assert_eq!(t.key.scope, Scope::Namespaces(vec!["kube-system".into()]));
    assert_eq!(t.filter.text, "web");
    run_line(&mut state, ":nosuchthing");
    assert!(state.notice.as_ref().is_some_and(|n| n.text.contains("nosuchthing")));
}

#[test]
fn enter_opens_and_esc_comes_back_to_the_same_row() {
    let (mut state, id) = console((200, 60));
    let key = pods(&state, id);
    rows(&mut state, &key, &["a", "b"]);
    command::run(&mut state, crate::core::commands::Command::MoveDown);
    command::run(&mut state, crate::core::commands::Command::Enter);
    let t = state.focused().and_then(|p| p.table()).expect("containers");
    assert_eq!(&*t.key.fields, "metadata.name=b");
    command::run(&mut state, crate::core::commands::Command::Escape);
    settle(&mut state);
    assert_eq!(under_cursor(&state).as_deref(), Some("b"));
}

#[test]
fn quitting_by_ctrl_c_takes_two_and_closes_what_is_open_first() {
    let (mut state, _) = console((80, 24));
    command::run(&mut state, crate::core::commands::Command::Palette);
    let c = || Msg::Input(Input::Key(Key::ctrl('c')));
    assert!(update(&mut state, c()).is_empty() && state.modal.is_none());
    assert!(update(&mut state, c()).is_empty());
    assert_eq!(update(&mut state, c()), [Effect::Quit]);
}

#[test]
fn a_filter_that_cannot_be_read_leaves_the_last_good_one() {
    let (mut state, id) = console((200, 60));
    let key = pods(&state, id);
    rows(&mut state, &key, &["web", "db"]);
    command::run(&mut state, crate::core::commands::Command::Filter);
    for c in "we".chars() {
        press(&mut state, KeyCode::Char(c));
    }
    let shown = |s: &State| s.focused().and_then(|p| p.table()).map(|t| t.view.len());
    assert_eq!(shown(&state), Some(1));
    for c in "(".chars() {
        press(&mut state, KeyCode::Char(c));
    }
    let t = state.focused().and_then(|p| p.table()).expect("a table");
    assert!(t.filter.error.is_some());
    assert_eq!(shown(&state), Some(1));
}

pub(super) fn any_input() -> impl Strategy<Value = Input> {
    let code = prop_oneof![
        any::<char>().prop_map(KeyCode::Char),
        Just(KeyCode::Enter),
        Just(KeyCode::Esc),
        Just(KeyCode::Up),
        Just(KeyCode::Down),
        Just(KeyCode::Tab),
        Just(KeyCode::Backspace),
        Just(KeyCode::PageDown),
        prop::sample::select(vec![':', '/', '\\', '?', 'x', 'v', 's', 'z', ' ', '*', 'y', 'd', 'q'])
            .prop_map(KeyCode::Char),
    ];
    prop_oneof![
        8 => (code, any::<bool>()).prop_map(|(code, ctrl)| Input::Key(Key { code, mods: crate::core::input::Mods { ctrl, ..Default::default() } })),
        1 => ".{0,20}".prop_map(Input::Paste),
        1 => (0_u16..250, 0_u16..80).prop_map(|(w, h)| Input::Resize(w, h)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_input_panics_or_loses_the_focus(inputs in prop::collection::vec(any_input(), 0..120)) {
        let (mut state, id) = console((120, 30));
        state.keymap = crate::config::keymap::default_map();
        let key = pods(&state, id);
        rows(&mut state, &key, &["a", "b", "c"]);
        for input in inputs {
            update(&mut state, Msg::Input(input));
            settle(&mut state);
            let tab = &state.tabs[state.tab];
            prop_assert!(tab.root.contains(tab.focus));
            prop_assert!(state.panes.contains_key(&tab.focus));
            let _ = subscriptions(&state);
        }
        let listed: usize = state.tabs.iter().map(|t| t.root.leaves().len()).sum();
        prop_assert_eq!(listed, state.panes.len());
    }
}

#[test]
fn what_is_read_of_a_container_is_its_pod() {
    let (mut state, id) = console((200, 60));
    run_line(&mut state, "containers");
    let key = state.focused().unwrap().table().unwrap().key.clone();
    assert_eq!((key.kind.plural.as_ref(), key.fields.as_ref()), (crate::core::kind::CONTAINERS, ""));
    let mut batch = Batch::new(Vec::new());
    let (name, namespace, owner) = (batch.sym("app"), batch.sym("shop"), batch.sym("Pod/cart-1"));
    let uid = Uid::of_name("u", "app");
    batch.put(RowHead { uid, name, namespace, owner, labels: Sym::EMPTY, created: 0, health: Health::Ok }, &[]);
    for event in [StreamEvent::Schema(schema()), StreamEvent::Begin, StreamEvent::Batch(batch), StreamEvent::End] {
        update(&mut state, Msg::Stream { key: key.clone(), event });
    }
    settle(&mut state);
    let wanted = |s: &Sub| match s {
        Sub::Object(o) => (o.cluster, o.kind.plural.as_ref(), o.name.as_ref()) == (id, "pods", "cart-1"),
        _ => false,
    };
    command::run(&mut state, crate::core::commands::Command::Describe);
    assert!(subscriptions(&state).iter().any(wanted));
}

#[test]
fn where_kubelets_are_asked_only_nodes_in_sight_are() {
    let (mut state, id) = console((200, 60));
    let nodes = subs::header_streams(&state, id).into_iter().find(|k| k.kind.plural.as_ref() == "nodes").unwrap();
    let names: Vec<String> = (0..200).map(|i| format!("n-{i:03}")).collect();
    rows(&mut state, &nodes, &names.iter().map(String::as_str).collect::<Vec<_>>());
    let seen = subs::nodes_in_sight(&state, id);
    assert!(!seen.is_empty() && seen.len() < 60, "{}", seen.len());
    assert!(seen.iter().all(|n| n.as_ref() < "n-060"), "{seen:?}");
}

#[test]
fn the_kind_namespaces_is_a_table_and_its_picker_has_another_name() {
    let (mut state, _) = console((80, 24));
    run_line(&mut state, "namespaces");
    assert_eq!(state.focused().unwrap().table().unwrap().key.kind.plural.as_ref(), "namespaces");
    run_line(&mut state, "namespace");
    assert!(matches!(state.modal, Some(crate::core::modals::Modal::Namespaces(_))));
}

#[test]
fn what_begins_as_typed_is_chosen_before_what_contains_it() {
    let (mut state, id) = console((80, 24));
    let key = state.stream(id, "namespaces", Scope::All).unwrap();
    rows(&mut state, &key, &["base", "shop", "team-shop"]);
    run_line(&mut state, "ns");
    press(&mut state, KeyCode::Char('s'));
    let Some(crate::core::modals::Modal::Namespaces(c)) = &state.modal else { panic!("the picker is open") };
    let found: Vec<&str> = c.items.iter().map(|i| i.text.as_ref()).collect();
    assert_eq!(found, ["shop", "all namespaces", "base", "team-shop"]);
}

#[test]
fn a_slow_answer_says_nothing_of_the_clock() {
    let (mut state, id) = console((80, 24));
    let mut answered = |rtt_ms: u64, skew| {
        update(&mut state, Msg::Cluster(id, News::Answered(rtt_ms * 1_000, Some(skew))));
        state.clusters[&id].skew
    };
    assert_eq!(answered(3_000, -2_500), 0, "the header may be three seconds old");
    assert_eq!(answered(10, -2_500), -2_500);
    assert_eq!(answered(10, 300), 0);
}

#[test]
fn the_palette_offers_each_word_once() {
    let (mut state, _) = console((80, 24));
    press(&mut state, KeyCode::Esc);
    command::run(&mut state, crate::core::commands::Command::Palette);
    for c in "top".chars() {
        press(&mut state, KeyCode::Char(c));
    }
    let Some(crate::core::modals::Modal::Palette(c)) = &state.modal else { panic!("the palette is open") };
    assert_eq!(c.items.iter().filter(|i| i.text.as_ref() == "top").count(), 1);
}
