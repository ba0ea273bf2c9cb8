use crate::core::cluster::ContextInfo;
use crate::core::commands::Command as C;
use crate::core::effect::Effect;
use crate::core::input::{Input, Key, KeyCode};
use crate::core::keys::Keymap;
use crate::core::kind::{ClusterId, Scope};
use crate::core::layout::{Axis, Node, PaneId, Tab};
use crate::core::logs::event::{LogEvent, Place, StreamName, StreamState};
use crate::core::logs::scan;
use crate::core::logs::segment::Segment;
use crate::core::logs::source::{Containers, LogId, Pods, Since, What, Wish};
use crate::core::msg::Msg;
use crate::core::panes::Body;
use crate::core::panes::log::LogPane;
use crate::core::start;
use crate::core::state::{Options, State};
use crate::core::subs::{Sub, subscriptions};
use crate::core::update::command::run;
use crate::core::update::{settle, update};
use std::sync::Arc;

/// A state whose only pane is a log of two streams.
fn state() -> (State, PaneId) {
    let mut state = State::new(Keymap::default(), Options::default(), (80, 12), 1_000_000);
    let context = ContextInfo { name: "c".into(), server: "".into(), user: "".into(), namespace: None, problem: None };
    let cluster = start::open_cluster(&mut state, context, Vec::new());
    let pane = add(&mut state, cluster);
    state.tabs = vec![Tab { root: Node::Leaf(pane), focus: pane, zoom: false }];
    (state, pane)
}

fn add(state: &mut State, cluster: ClusterId) -> PaneId {
    let pods = Pods::Selected { scope: Scope::All, labels: "app=web".into(), fields: "".into() };
    let id = state.log_id();
    let wish = Wish::new(id, cluster, What::Pods(pods, Containers::Usual));
    let pane = start::add_pane(state, cluster, Body::Log(Box::new(LogPane::new(wish, "web".into()))));
    for pod in ["web-a", "web-b"] {
        let name = StreamName { namespace: "shop".into(), pod: pod.into(), container: "app".into() };
        send(state, id, LogEvent::Join(name));
    }
    pane
}

fn send(state: &mut State, id: LogId, event: LogEvent) {
    let effects = update(state, Msg::Log(id, event));
    answer(state, effects);
}

/// Carries out searches as the runtime would.
fn answer(state: &mut State, effects: Vec<Effect>) {
    for effect in effects {
        if let Effect::Search { log, lens, generation, job, work } = effect {
            let found = work.iter().map(|w| scan::run(&job, w)).collect();
            let _ = update(state, Msg::LogFound { log, lens, generation, found, last: true });
        }
    }
}

fn turn(state: &mut State) {
    for _ in 0..3 {
        settle(state);
        let effects = std::mem::take(&mut state.effects);
        answer(state, effects);
    }
}

fn lines(state: &mut State, pane: PaneId, stream: u16, from: i64, texts: &[&str]) {
    let mut segment = Segment::default();
    for (i, text) in texts.iter().enumerate() {
        segment.push((from + i as i64) * 1_000_000, text.as_bytes());
    }
    let id = log(state, pane).wish.id;
    send(state, id, LogEvent::Lines(stream, Place::Now, Arc::new(segment)));
    turn(state);
}

fn log(state: &State, pane: PaneId) -> &LogPane {
    state.panes[&pane].log().expect("a log")
}

fn shown(state: &State, pane: PaneId) -> Vec<String> {
    let log = log(state, pane);
    log.shown().from(0).map(|id| log.store.held(id).expect("held").lines.text(id.line as usize).to_owned()).collect()
}

fn under_cursor(state: &State, pane: PaneId) -> String {
    let log = log(state, pane);
    let id = log.at().expect("a line");
    log.store.held(id).expect("held").lines.text(id.line as usize).to_owned()
}

fn press(state: &mut State, command: C) {
    run(state, command);
    turn(state);
}

fn type_in(state: &mut State, text: &str) {
    for c in text.chars() {
        let _ = update(state, Msg::Input(Input::Key(Key::char(c))));
    }
    let _ = update(state, Msg::Input(Input::Key(Key::plain(KeyCode::Enter))));
    turn(state);
}

fn many(state: &mut State, pane: PaneId, n: usize) {
    let texts: Vec<String> = (0..n).map(|i| format!("line {i}")).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    lines(state, pane, 0, 100, &texts);
}

#[test]
fn reading_back_keeps_the_place_and_counts_what_comes() {
    let (mut state, pane) = state();
    many(&mut state, pane, 30);
    assert!(log(&state, pane).following());
    assert_eq!(under_cursor(&state, pane), "line 29");
    press(&mut state, C::PageUp);
    press(&mut state, C::MoveUp);
    let (at, top) = (under_cursor(&state, pane), log(&state, pane).window.top);
    lines(&mut state, pane, 0, 300, &["new 1", "new 2"]);
    lines(&mut state, pane, 1, 50, &["older 1", "older 2", "older 3"]);
    assert_eq!(under_cursor(&state, pane), at, "the cursor keeps its line");
    assert_eq!(log(&state, pane).window.top, top + 3, "so does the window, when lines come in above");
    assert_eq!(log(&state, pane).unread(), 5);
    press(&mut state, C::Bottom);
    assert_eq!((under_cursor(&state, pane).as_str(), log(&state, pane).unread()), ("new 2", 0));
}

#[test]
fn pages_show_every_line_whatever_rows_they_take() {
    let (mut state, pane) = state();
    let long = "x".repeat(200);
    let texts: Vec<String> = (0..40).map(|i| if i % 3 == 0 { format!("{i} {long}") } else { format!("{i}") }).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    lines(&mut state, pane, 0, 100, &texts);
    press(&mut state, C::LogWrap);
    press(&mut state, C::Top);
    let rect = state.focused_rect().expect("a pane");
    let mut next = 0;
    for _ in 0..60 {
        let l = log(&state, pane);
        if l.following() {
            break;
        }
        let area = l.lines_area(rect);
        assert!(l.window.top <= next, "no line is passed over: {} {next}", l.window.top);
        next = l.bottom(area.height, area.width) + 1;
        press(&mut state, C::PageDown);
    }
    assert!(log(&state, pane).following(), "the end was reached");
}

#[test]
fn filter_find_and_fold_are_three_things() {
    let (mut state, pane) = state();
    lines(&mut state, pane, 0, 100, &["INFO start", "ERROR it broke", "\tat a.b", "Caused by: c", "INFO end"]);
    lines(&mut state, pane, 1, 101, &[r#"{"level":"error","status":502}"#, r#"{"level":"info","status":200}"#]);
    press(&mut state, C::LogFilter);
    type_in(&mut state, "level>=error");
    assert_eq!(shown(&state, pane), ["ERROR it broke", r#"{"level":"error","status":502}"#]);
    lines(&mut state, pane, 0, 200, &["ERROR again", "INFO no"]);
    assert_eq!(shown(&state, pane).len(), 3, "new lines are filtered as they come");
    press(&mut state, C::Escape);
    assert_eq!(shown(&state, pane).len(), 9);
    press(&mut state, C::LogFold);
    assert_eq!(shown(&state, pane).len(), 7);
    press(&mut state, C::LogFold);
    press(&mut state, C::Find);
    type_in(&mut state, "error");
    assert_eq!(log(&state, pane).found.order.len(), 3);
    assert_eq!(under_cursor(&state, pane), "ERROR again", "from the end the nearest is above");
    press(&mut state, C::FindPrevious);
    press(&mut state, C::FindPrevious);
    assert_eq!(under_cursor(&state, pane), "ERROR it broke");
    press(&mut state, C::FindPrevious);
    assert_eq!(under_cursor(&state, pane), "ERROR again", "around the end");
    assert_eq!(shown(&state, pane).len(), 9, "finding hides nothing");
}

#[test]
fn the_time_lock_takes_the_other_pane_along() {
    let (mut state, pane) = state();
    let cluster = state.active;
    many(&mut state, pane, 60);
    let other = add(&mut state, cluster);
    state.tabs[0].root.insert(pane, Axis::Row, other);
    lines(&mut state, other, 0, 90, &["before", "also before"]);
    lines(&mut state, other, 0, 120, &["between"]);
    lines(&mut state, other, 0, 150, &["after"]);
    press(&mut state, C::LogTimeLock);
    press(&mut state, C::LogJump);
    state.now = 3_600_000;
    type_in(&mut state, "1970-01-01T00:02:10Z");
    assert_eq!(under_cursor(&state, pane), "line 30");
    assert_eq!(under_cursor(&state, other), "between");
    press(&mut state, C::Bottom);
    assert!(log(&state, other).following());
}

#[test]
fn other_options_are_another_reading_and_going_back_ends_it() {
    let (mut state, pane) = state();
    many(&mut state, pane, 3);
    let before = log(&state, pane).wish.id;
    press(&mut state, C::LogSince3);
    let wish = log(&state, pane).wish.clone();
    assert_eq!((wish.since, wish.id != before, shown(&state, pane).len()), (Since::Ago(300), true, 0));
    assert!(subscriptions(&state).contains(&Sub::Log(wish.clone())));
    // Another view over it: the reading goes on. Back beyond it: it ends.
    let body = Body::Log(Box::new(LogPane::new(Wish { id: state.log_id(), ..wish.clone() }, "x".into())));
    state.panes.get_mut(&pane).expect("there").go(body);
    assert!(subscriptions(&state).contains(&Sub::Log(wish.clone())));
    press(&mut state, C::Back);
    assert_eq!(log(&state, pane).wish, wish);
    assert_eq!(subscriptions(&state).iter().filter(|s| matches!(s, Sub::Log(_))).count(), 1);
}

#[test]
fn the_oldest_lines_go_and_nothing_else_changes() {
    let (mut state, pane) = state();
    state.options.logs.pane_bytes = 4 << 20;
    press(&mut state, C::LogErrors);
    let text = format!("ERROR {}", "x".repeat(1_000));
    for i in 0..40 {
        lines(&mut state, pane, 0, 100 + i * 200, &vec![text.as_str(); 200]);
    }
    let l = log(&state, pane);
    assert!(l.store.dropped() > 0 && l.store.bytes() <= 4 << 20);
    assert_eq!(l.shown().len(), l.store.order().len(), "the filter's lines went with them");
    let id = l.wish.id;
    send(&mut state, id, LogEvent::State(0, StreamState::Live));
    assert_eq!(log(&state, pane).store.streams()[0].state, StreamState::Live);
}

#[test]
fn a_step_asked_for_while_the_search_goes_on_is_taken_when_it_is_done() {
    let (mut state, pane) = state();
    lines(&mut state, pane, 0, 100, &["request 1", "two", "request 3", "request 4"]);
    press(&mut state, C::Top);
    press(&mut state, C::Find);
    for c in "request".chars() {
        let _ = update(&mut state, Msg::Input(Input::Key(Key::char(c))));
    }
    let _ = update(&mut state, Msg::Input(Input::Key(Key::plain(KeyCode::Enter))));
    settle(&mut state);
    let searches = std::mem::take(&mut state.effects);
    run(&mut state, C::FindNext);
    run(&mut state, C::FindNext);
    assert_eq!(under_cursor(&state, pane), "request 1", "nothing is known yet");
    answer(&mut state, searches);
    turn(&mut state);
    assert_eq!(under_cursor(&state, pane), "request 4");
    press(&mut state, C::FindNext);
    assert_eq!(under_cursor(&state, pane), "request 1", "and each is taken once");
}

#[test]
fn who_waits_for_a_hit_is_not_sent_off_by_an_older_search() {
    let (mut state, pane) = state();
    lines(&mut state, pane, 0, 100, &["one request", "two", "three"]);
    press(&mut state, C::Find);
    let mut searches = Vec::new();
    for c in "req".chars() {
        let _ = update(&mut state, Msg::Input(Input::Key(Key::char(c))));
        settle(&mut state);
        searches.append(&mut state.effects);
    }
    let _ = update(&mut state, Msg::Input(Input::Key(Key::plain(KeyCode::Enter))));
    assert!(searches.len() > 1, "each letter is a search");
    answer(&mut state, searches);
    turn(&mut state);
    assert_eq!(under_cursor(&state, pane), "one request");
}
