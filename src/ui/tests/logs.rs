//! Log panes, and that nothing in a log drives the terminal.

use super::world::*;
use super::{frame, look, text};
use crate::core::commands::Command as C;
use crate::core::logs::event::{LogEvent, Place, StreamName, StreamState};
use crate::core::logs::scan;
use crate::core::logs::segment::{Mark, Segment};
use crate::core::logs::source::{Containers, LogId, Pods, What, Wish};
use crate::core::panes::Body;
use crate::core::panes::log::LogPane;
use crate::core::state::State;
use crate::core::update;
use crate::ui::emit::Emitter;
use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::sync::Arc;

const START: i64 = NOW * 1_000 - 60_000_000;

/// A screen whose focused pane follows a workload of two pods.
fn with_log(width: u16, height: u16, zoom: bool, lines: &[(u16, i64, &[u8])]) -> State {
    let mut state = world(width, height);
    let cluster = state.active;
    let scope = crate::core::start::one_namespace("web");
    let pods = Pods::Selected { scope, labels: "app=front".into(), fields: "".into() };
    let what = What::Pods(pods, Containers::Usual);
    let wish = Wish::new(LogId(9), cluster, what);
    let mut log = LogPane::new(wish, "deployment web/front".into());
    let mut send = |event| log.store.apply(event, NOW, 250);
    for pod in ["front-5d8b9-7hhvd", "front-5d8b9-kq2xv"] {
        send(LogEvent::Join(StreamName { namespace: "web".into(), pod: pod.into(), container: "app".into() }));
    }
    send(LogEvent::Pods(Ok(2)));
    send(LogEvent::State(0, StreamState::Live));
    send(LogEvent::State(1, StreamState::Live));
    for (stream, at, text) in lines {
        let mut segment = Segment::default();
        match text.strip_prefix(b"#") {
            Some(note) => segment.push_marked(START + at * 1_000, note, Mark::Gap),
            None => segment.push(START + at * 1_000, text),
        }
        send(LogEvent::Lines(*stream, Place::Past, Arc::new(segment)));
    }
    log.label();
    let pane = state.focused_mut().expect("a pane");
    pane.go(Body::Log(Box::new(log)));
    let at = state.tab;
    state.tabs[at].zoom = zoom;
    turn(&mut state);
    state
}

/// Settles, with searches done at once.
fn turn(state: &mut State) {
    for _ in 0..2 {
        update::settle(state);
        for effect in std::mem::take(&mut state.effects) {
            if let crate::core::effect::Effect::Search { log, lens, generation, job, work } = effect {
                let found = work.iter().map(|w| scan::run(&job, w)).collect();
                let _ =
                    update::update(state, crate::core::msg::Msg::LogFound { log, lens, generation, found, last: true });
            }
        }
    }
}

const LINES: &[(u16, i64, &[u8])] = &[
    (0, 0, b"GET /cart 200 12ms"),
    (1, 302, b"GET /cart 502 3001ms upstream timeout"),
    (0, 900, br#"{"level":"warn","status":429,"path":"/api/v2/items","msg":"slow down"}"#),
    (1, 1_000, b"ERROR \x1b[1;31mit broke\x1b[0m while paying"),
    (1, 1_001, b"\tat example.shop.pay.Ledger.settle(Ledger.java:214)"),
    (1, 1_002, b"Caused by: java.net.SocketTimeoutException"),
    (0, 1_500, "注文を受け付けました ✓ done".as_bytes()),
    (0, 2_000, b"#possible gap 11:59:02Z to 11:59:03Z: the log was rotated meanwhile"),
    (1, 3_000, b"\x1b]0;owned\x07\x1b[2Jtitle and screen are mine"),
];

#[test]
fn followed_at_three_sizes() {
    for (w, h) in [(80, 24), (200, 60), (40, 12)] {
        insta::assert_snapshot!(format!("log_{w}x{h}"), text(&with_log(w, h, true, LINES)));
    }
}

fn log(state: &mut State, change: impl FnOnce(&mut LogPane)) {
    change(state.focused_mut().and_then(|p| p.log_mut()).expect("a log"));
    turn(state);
}

#[test]
fn wrapped_to_the_last_row() {
    let mut state = with_log(48, 13, true, LINES);
    log(&mut state, |l| l.wrap = true);
    insta::assert_snapshot!("log_wrapped", text(&state));
    run(&mut state, C::MoveUp);
    insta::assert_snapshot!("log_wrapped_paused", text(&state));
    run(&mut state, C::PageUp);
    insta::assert_snapshot!("log_wrapped_above", text(&state));
}

#[test]
fn folded_filtered_found_with_strip_and_detail() {
    let mut state = with_log(100, 24, true, LINES);
    log(&mut state, |l| {
        l.strip = true;
        l.detail = true;
        l.wrap = true;
    });
    run(&mut state, C::LogFold);
    run(&mut state, C::MoveUp);
    run(&mut state, C::MoveUp);
    run(&mut state, C::MoveUp);
    run(&mut state, C::MoveUp);
    insta::assert_snapshot!("log_detail", text(&state));
    log(&mut state, |l| l.fields = vec!["level".into(), "status".into(), "msg".into()]);
    insta::assert_snapshot!("log_columns", text(&state));
}

fn run(state: &mut State, command: C) {
    update::run_line(state, command.spec().id);
    turn(state);
}

#[test]
fn nothing_yet_says_why() {
    let mut state = with_log(80, 12, true, &[]);
    log(&mut state, |l| {
        l.store.apply(LogEvent::State(0, StreamState::Waiting("ContainerCreating".into())), NOW, 250);
    });
    insta::assert_snapshot!("log_waiting", text(&state));
}

/// What the terminal shows is what was drawn, and its modes are as before.
fn harmless(state: &State) {
    let (buf, cursor) = frame(state, &look());
    let bytes = Emitter::default().frame(&Buffer::empty(Rect::ZERO), &buf, cursor, true);
    let mut terminal = vt100::Parser::new(state.size.1, state.size.0, 0);
    let modes = |t: &vt100::Parser| t.screen().input_mode_formatted();
    let before = modes(&terminal);
    terminal.process(&bytes);
    assert_eq!(modes(&terminal), before);
    assert!(!terminal.screen().alternate_screen());
    for y in 0..state.size.1 {
        let mut hidden = 0;
        for x in 0..state.size.0 {
            if hidden > 0 {
                hidden -= 1;
                continue;
            }
            let drawn = buf[(x, y)].symbol();
            let shown = terminal.screen().cell(y, x).map(|c| c.contents().to_owned()).unwrap_or_default();
            // The emulator's tables of widths are older than ours: cells beyond ASCII are not compared.
            if drawn.is_ascii() && shown.is_ascii() {
                assert_eq!(shown.trim(), drawn.trim(), "cell {x},{y}");
            }
            hidden = ratatui::buffer::CellWidth::cell_width(drawn).saturating_sub(1);
        }
    }
}

#[test]
fn the_worst_lines_we_know_do_no_harm() {
    let nasty: Vec<(u16, i64, Vec<u8>)> = [
        &b"\x1b[?1049h\x1b[?1000h\x1b[?2004l\x1bc\x1b[6n"[..],
        b"\x1b]52;c;ZXZpbA==\x07\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\",
        b"\x1bP$q\"p\x1b\\ \x90q#0;2;0;0;0\x9c \xc2\x9b2J\xc2\x9d0;x\xc2\x9c",
        b"back\x08\x08\x08 bell\x07 return\rover vertical\x0b form\x0c shift\x0e\x0f null\x00",
        "rtl \u{202e}gpj.exe\u{202c} isolate \u{2067}x\u{2069} zero\u{200b}\u{200d}\u{feff}".as_bytes(),
        b"\xff\xfe\xf0\x9f\x92 \xc0\xaf \xed\xa0\x80",
        b"\x1b[38;5m\x1b[;;;;;;;;;;;;;;;;;;999999999999m\x1b[=1;2c\x1b[>4;2m\x1b[?25l",
    ]
    .iter()
    .enumerate()
    .map(|(i, text)| (0, i as i64, text.to_vec()))
    .chain([(1, 50, [b"x".repeat(1 << 20), "界".repeat(1_000).into_bytes()].concat())])
    .collect();
    let lines: Vec<(u16, i64, &[u8])> = nasty.iter().map(|(s, t, b)| (*s, *t, b.as_slice())).collect();
    for wrap in [false, true] {
        let mut state = with_log(80, 24, true, &lines);
        log(&mut state, |l| l.wrap = wrap);
        harmless(&state);
        run(&mut state, C::MoveUp);
        harmless(&state);
        log(&mut state, |l| (l.detail, l.left) = (true, 16));
        harmless(&state);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn no_line_does_harm(lines in proptest::collection::vec(proptest::collection::vec(prop_oneof![
        Just(0x1b_u8), Just(b'['), Just(b']'), Just(b'P'), Just(b';'), Just(b'm'), Just(b'h'), Just(0xc2), Just(0x9b), any::<u8>()
    ], 0..120), 1..12), wrap in any::<bool>()) {
        let lines: Vec<(u16, i64, &[u8])> = lines.iter().enumerate().map(|(i, l)| (0, i as i64, l.strip_prefix(b"#").unwrap_or(l))).collect();
        let mut state = with_log(80, 24, true, &lines);
        log(&mut state, |l| l.wrap = wrap);
        harmless(&state);
    }
}
