//! Whole screens.

use super::world::*;
use super::{as_text, frame, look, roles, text};
use crate::core::cluster::{Link, UsageLink};
use crate::core::freshness::Freshness;
use crate::core::health::Health;
use crate::core::input::Key;
use crate::core::kind::Scope;
use crate::core::line::Line;
use crate::core::msg::Level;
use crate::core::problem::{Missing, Problem};
use crate::core::role::{Role, Style, Symbols, Theme};
use crate::core::state::State;
use crate::core::stream::StreamEvent;
use crate::core::uid::Uid;
use crate::ui::Look;

fn fresh(state: &mut State, plural: &str, freshness: &Freshness) {
    store(state, plural, |s| {
        s.apply(StreamEvent::Fresh(freshness.clone()));
    });
}

fn lost() -> Problem {
    Problem::Lost("connection reset by peer".into())
}

fn list_pods() -> Missing {
    Missing { verb: "list".into(), resource: "pods".into(), namespace: None }
}

/// The pods' store as the stream leaves it when it may not read any.
fn emptied(state: &mut State) {
    store(state, "pods", |s| {
        s.apply(StreamEvent::Begin);
        s.apply(StreamEvent::End);
    });
    // Nobody stands on a row that was there before.
    for table in state.panes.values_mut().filter_map(|p| p.table_mut()) {
        (table.view, table.cursor) = Default::default();
    }
    settle(state);
}

#[test]
fn default_layout() {
    for (w, h) in [(80, 24), (200, 60), (120, 30), (40, 12)] {
        insta::assert_snapshot!(format!("default_{w}x{h}"), text(&world(w, h)));
    }
    insta::assert_snapshot!("default_120x30_roles", roles(&world(120, 30)));
}

#[test]
fn filter_in_force_and_being_typed() {
    let mut state = world(80, 24);
    focused(&mut state, |t| t.filter.text = "s status:run".into());
    insta::assert_snapshot!(text(&state));
    insta::assert_snapshot!("filter_roles", roles(&state));
    focused(&mut state, |t| t.filter.line = Some(Line::new("s status:run")));
    insta::assert_snapshot!("filter_typed", text(&state));
    focused(&mut state, |t| {
        t.filter.line = Some(Line::new("s status:run ["));
        t.filter.error = Some("`[` opens a set that is never closed".into());
    });
    insta::assert_snapshot!("filter_wrong", text(&state));
}

#[test]
fn a_filter_that_hides_all_says_so() {
    let mut state = world(80, 24);
    focused(&mut state, |t| t.filter.text = "nosuchpod".into());
    insta::assert_snapshot!(text(&state));
}

#[test]
fn faults_only() {
    let mut state = world(80, 24);
    focused(&mut state, |t| t.faults_only = true);
    insta::assert_snapshot!(text(&state));
}

#[test]
fn marks_wide_and_scrolled_columns() {
    let mut state = world(80, 24);
    focused(&mut state, |t| {
        t.marks.toggle(Uid::of_name("shop", "search-0"));
        t.marks.toggle(Uid::of_name("batch", "report-29x8k"));
        t.frozen = true;
    });
    insta::assert_snapshot!("marks", text(&state));
    focused(&mut state, |t| {
        t.wide = true;
        t.left = 2;
        t.chosen = Some(4);
    });
    insta::assert_snapshot!("wide", text(&state));
}

#[test]
fn stale_and_reconnecting() {
    let mut state = world(120, 30);
    fresh(&mut state, "nodes", &Freshness::Stale { since: NOW - 14_000, why: lost() });
    fresh(&mut state, "pods", &Freshness::Reconnecting { since: Some(NOW - 14_000), at: NOW + 2_100, why: lost() });
    if let Some(c) = state.clusters.values_mut().next() {
        c.link = Link::Down(lost());
    }
    insta::assert_snapshot!(text(&state));
    insta::assert_snapshot!("stale_roles", roles(&state));
}

#[test]
fn syncing_with_and_without_rows() {
    let mut state = world(80, 24);
    fresh(&mut state, "pods", &Freshness::Syncing { rows: 1200 });
    insta::assert_snapshot!("syncing_rows", text(&state));
    emptied(&mut state);
    insta::assert_snapshot!("syncing_empty", text(&state));
}

#[test]
fn before_any_answer() {
    let mut state = world(80, 24);
    state.streams.clear();
    for pane in state.panes.values_mut() {
        if let Some(t) = pane.table_mut() {
            t.view = crate::core::view::View::default();
        }
    }
    let cluster = state.clusters.values_mut().next().expect("a cluster");
    (cluster.link, cluster.version, cluster.user, cluster.rtt) = (Link::Connecting, None, None, None);
    insta::assert_snapshot!(text(&state));
}

#[test]
fn forbidden_partial_not_served_and_failed() {
    let mut state = world(80, 24);
    emptied(&mut state);
    fresh(&mut state, "pods", &Freshness::Forbidden(list_pods()));
    insta::assert_snapshot!("forbidden", text(&state));
    fresh(&mut state, "pods", &Freshness::NotServed);
    insta::assert_snapshot!("not_served", text(&state));
    fresh(&mut state, "pods", &Freshness::Live);
    insta::assert_snapshot!("empty", text(&state));
    let why = Problem::Unreachable("dial tcp 10.0.0.1:6443: connection refused".into());
    fresh(&mut state, "pods", &Freshness::Reconnecting { since: None, at: NOW + 4_000, why });
    insta::assert_snapshot!("error", text(&state));
    let mut state = world(80, 24);
    fresh(&mut state, "pods", &Freshness::Partial { forbidden: 2, of: 5 });
    insta::assert_snapshot!("partial", text(&state));
}

#[test]
fn wide_characters_line_up_and_control_characters_do_not_draw() {
    let mut state = world(80, 24);
    store(&mut state, "pods", |s| {
        let mut batch = crate::core::row::Batch::new(vec![false, true, false, true, true]);
        let odd: &[Pod] = &[
            Pod("a", "日本語のポッド", (1, 1), "Running", 0, DAY, Health::Ok),
            Pod("a", "e\u{301}te\u{301}-👩‍👩‍👧-x", (1, 1), "Ru\u{1b}[31mn", 2, DAY, Health::Ok),
            Pod("a", "tab\there\u{202e}", (1, 1), "Running\r\nx", 0, DAY, Health::Ok),
        ];
        for p in odd {
            put_pod(&mut batch, p);
        }
        s.apply(StreamEvent::Batch(batch));
    });
    let shown = text(&state);
    assert!(!shown.chars().any(|c| c.is_control() && c != '\n'));
    insta::assert_snapshot!(shown);
}

#[test]
fn a_deleted_row_under_the_cursor_stays_greyed() {
    let mut state = world(80, 24);
    store(&mut state, "pods", |s| {
        let mut batch = crate::core::row::Batch::new(vec![false, true, false, true, true]);
        batch.gone(Uid::of_name("batch", "report-29x8k"));
        s.apply(StreamEvent::Batch(batch));
    });
    insta::assert_snapshot!(text(&state));
    let row = roles(&state).lines().nth(3).map(str::to_owned).expect("the first row");
    assert!(row.contains("row.tomb"), "{row}");
    assert!(!row.contains("row.bad"), "{row}");
}

#[test]
fn one_namespace_needs_no_namespace_column() {
    let mut state = world(80, 24);
    let key = {
        let t = state.focused_mut().and_then(|p| p.table_mut()).expect("a table");
        t.key.scope = Scope::Namespaces(vec!["shop".into()]);
        t.key.clone()
    };
    state.streams.insert(key, pods());
    let cluster = state.clusters.values_mut().next().expect("a cluster");
    cluster.namespaces = vec!["shop".into()];
    settle(&mut state);
    insta::assert_snapshot!(text(&state));
}

#[test]
fn a_top_pane_without_measurements_says_what_is_missing() {
    let mut state = world(120, 30);
    let cluster = state.clusters.values_mut().next().expect("a cluster");
    cluster.pod_usage = crate::core::usage::UsageBook::default();
    cluster.pod_usage_link = UsageLink::Missing(Problem::NotFound("metrics.k8s.io/v1beta1".into()));
    insta::assert_snapshot!(text(&state));
}

#[test]
fn notices_and_sequences_take_the_hint_line() {
    let mut state = world(80, 24);
    state.say(Level::Error, "forbidden: delete pods in shop; ask for verb delete on pods");
    insta::assert_snapshot!("notice", text(&state).lines().last().unwrap_or(""));
    state.notice = None;
    let layers = state.layer().chain();
    let map = state.keymap.clone();
    map.resolve(&mut state.pending, layers, Key::char('\\'));
    insta::assert_snapshot!("pending", text(&state).lines().last().unwrap_or(""));
    state.size = (40, 12);
    insta::assert_snapshot!("pending_40x12", text(&state));
}

#[test]
fn the_header_tells_of_tabs_skew_and_read_only() {
    let mut state = world(120, 30);
    state.options.read_only = true;
    let tab = state.tabs[0].clone();
    state.tabs.push(tab);
    state.clusters.values_mut().for_each(|c| c.skew = -7_000);
    insta::assert_snapshot!(text(&state).lines().next().unwrap_or(""));
}

#[test]
fn too_small_says_what_it_needs() {
    let mut state = world(38, 10);
    insta::assert_snapshot!(text(&state));
    state.size = (10, 3);
    insta::assert_snapshot!("tiny", text(&state));
}

#[test]
fn ascii_symbols_are_enough() {
    let mut state = world(80, 24);
    let theme = Theme::new("plain", |_: Role| Some(Style::default()));
    for modal in [false, true] {
        if modal {
            state.modal = Some(crate::core::modals::Modal::Help(crate::core::modals::Help::default()));
        }
        let (buf, _) = frame(&state, &Look::new(&theme, Symbols::ASCII));
        let shown = as_text(&buf);
        assert!(shown.is_ascii(), "{shown}");
        insta::assert_snapshot!(format!("ascii_{modal}"), shown);
    }
    let _ = look();
}

#[test]
fn the_header_keeps_its_ground_under_whatever_stands_in_it() {
    let ground = Style { bg: Some(crate::core::role::Color::Indexed(9)), ..Style::default() };
    let theme = Theme::new("grounds", |role: Role| Some(if role == Role::Header { ground } else { Style::default() }));
    let state = world(120, 24);
    let (buf, _) = frame(&state, &Look::new(&theme, Symbols::UNICODE));
    let header: Vec<_> = (0..120).map(|x| buf[(x, 0)].bg).collect();
    assert!(header.iter().all(|bg| *bg == header[0]), "{header:?}");
    assert_ne!(header[0], buf[(5, 5)].bg, "which is its own");
}
