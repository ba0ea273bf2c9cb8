//! One frame of the default layout at 200x60, whatever the number of rows: CPU time, bytes, and
//! how long a turn takes. Baseline: ratatui's `Table` given all rows, drawn through its own diff.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a bench prints what it found, and stops where it cannot go on"
)]

mod support;

use quarterdeck::core::input::Input;
use quarterdeck::core::keys::parse_key;
use quarterdeck::core::msg::Msg;
use quarterdeck::core::panes::Body;
use quarterdeck::core::panes::jobs::BoardPane;
use quarterdeck::core::panes::list::List;
use quarterdeck::core::panes::table::Sort;
use quarterdeck::core::store::Store;
use quarterdeck::core::update::{settle, update};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::layout::Constraint;
use ratatui::widgets::{Row, Table, TableState};
use std::time::Duration;
use support::cluster::{Generated, Rows, key};
use support::console::Console;
use support::{Dice, drains, figure, logs, median, middle, ms, number, report, thread_cpu};

const COLUMNS: usize = 11;
const CHANGES: u64 = 5_000;
/// Frames of data a second, as the pace allows them.
const FRAMES: u64 = 10;

fn main() {
    support::parts(&[("tables", tables), ("boards", boards), ("logs", a_log)]);
}

fn tables() {
    let most = number("QD_BENCH_PODS", 100_000);
    for pods in [1_000, 10_000, 100_000] {
        if pods > most {
            break;
        }
        println!("{pods} pods on {} nodes", pods / 20);
        let from = Generated::new(pods / 20, pods);
        let mut console = Console::filled(200, 60, &from);
        frames(&mut console);
        turns(&mut console, &from);
    }
}

/// The board of a node with 110 pods beside a frame of tables, and the turns of ten drains.
fn boards() {
    println!("ten drains of {} pods each", drains::PODS);
    let mut console = Console::filled(200, 60, &Generated::new(100, 2_000));
    let table = median(101, || (), |()| console.draw());
    let jobs = drains::begin(&mut console.state, 10);
    let Some(first) = jobs.first().copied() else { return };
    if let Some(pane) = console.state.focused_mut() {
        pane.go(Body::Board(Box::new(BoardPane { job: first, list: List::default() })));
    }
    update(&mut console.state, Msg::Input(Input::Key(parse_key("\\").expect("a key"))));
    update(&mut console.state, Msg::Input(Input::Key(parse_key("z").expect("a key"))));
    std::hint::black_box(console.frame());
    let board = median(101, || (), |()| console.draw());
    report("  a frame with the board", board, "the same screen with tables", table);
    let (mut took, mut longest): (Vec<Duration>, Duration) = (Vec::new(), Duration::ZERO);
    for second in 1..=60 {
        let now = console.state.now + 1_000;
        let start = thread_cpu();
        update(&mut console.state, Msg::Now(now));
        settle(&mut console.state);
        std::hint::black_box(console.draw());
        took.push(thread_cpu().saturating_sub(start));
        // Each answer is a turn of its own; the longest is that of a list.
        let n = second % jobs.len();
        for call in drains::flying(&console.state, jobs[n]) {
            let msg = drains::answer(&console.state, jobs[n], n, call);
            let start = thread_cpu();
            update(&mut console.state, msg);
            longest = longest.max(thread_cpu().saturating_sub(start));
        }
    }
    let worst = took.iter().max().copied().unwrap_or_default().max(longest);
    println!("  a second of ten drains, with its frame: {}", ms(middle(took)));
    figure("  the longest turn of a minute", &ms(worst), "8 ms");
}

/// The turns of a pane that reads a hundred containers, 50,000 lines a second.
fn a_log() {
    const STREAMS: usize = 100;
    const LINES: usize = 50_000;
    println!("a log of {STREAMS} containers, {LINES} lines a second");
    let mut console = Console::filled(200, 60, &Generated::new(100, 2_000));
    logs::open(&mut console, STREAMS);
    std::hint::black_box(console.frame());
    let mut took: Vec<Duration> = Vec::new();
    for turn in 0..600 {
        let now = console.state.now + 1_000 / FRAMES as i64;
        let events = logs::tenth(now * 1_000, STREAMS, LINES / FRAMES as usize);
        let start = thread_cpu();
        update(&mut console.state, Msg::Now(now));
        for event in events {
            update(&mut console.state, event);
        }
        settle(&mut console.state);
        std::hint::black_box(console.draw());
        took.push(thread_cpu().saturating_sub(start));
        if turn == 0 {
            assert!(console.text().contains("request 49 took"), "the lines are on the screen");
        }
    }
    let worst = took.iter().max().copied().unwrap_or_default();
    println!("  a turn of {} lines and a frame: {}", LINES / FRAMES as usize, ms(middle(took)));
    figure("  the longest of a minute", &ms(worst), "8 ms");
}

fn by_cpu(console: &mut Console) {
    let pods = key("pods");
    for pane in console.state.panes.values_mut() {
        if let Body::Table(t) = &mut pane.body
            && t.key == pods
        {
            t.sort = Sort { title: "CPU".into(), descending: true };
        }
    }
}

fn frames(console: &mut Console) {
    let first = console.frame();
    println!("  first frame: {} bytes", first.len());
    let same = console.draw();
    figure("  bytes when nothing has changed", &same.len().to_string(), "0");
    let ours = median(101, || (), |()| console.draw());
    let store = &console.state.streams[&key("pods")];
    let runs = (2_000_000 / store.len().max(1)).clamp(3, 101);
    let mut terminal = Terminal::new(TestBackend::new(200, 60)).expect("a screen in memory");
    let theirs = median(runs, || (), |()| obvious(&mut terminal, store));
    report("  drawing and comparing", ours, "Table of all rows", theirs);
    figure("  a frame, CPU", &ms(ours), "1.5 ms");
    let down = |console: &mut Console| {
        update(&mut console.state, Msg::Input(Input::Key(parse_key("j").expect("a key"))));
        console.frame().len()
    };
    let bytes = down(console);
    let key = median(51, || (), |()| down(console));
    println!("  cursor down, with its frame: {}, {bytes} bytes", ms(key));
}

fn obvious(terminal: &mut Terminal<TestBackend>, store: &Store) {
    let now = quarterdeck::runtime::clock::now();
    let cells = |r: &quarterdeck::core::store::RowRef<'_>| {
        let cell = |c: usize| {
            let mut text = String::new();
            r.write(&mut text, c, now);
            text
        };
        Row::new((0..COLUMNS).map(cell).collect::<Vec<_>>())
    };
    let mut place = TableState::default().with_selected(Some(store.len() / 2));
    let drawn = terminal.draw(|frame| {
        let rows: Vec<Row<'_>> = store.rows().map(|r| cells(&r)).collect();
        let table = Table::new(rows, [Constraint::Fill(1); COLUMNS]);
        frame.render_stateful_widget(table, frame.area(), &mut place);
    });
    drawn.expect("a screen in memory");
}

// Turns under 5,000 updates a second, sorted by CPU, with a round of measurements on the way:
// rows taken in at once and a frame, and a key with its frame.
fn turns(console: &mut Console, from: &Generated) {
    by_cpu(console);
    console.settle_fully();
    let events = from.stream("pods");
    let rows = Rows::of(&events);
    let mut dice = Dice(5);
    let mut took: Vec<Duration> = Vec::new();
    for turn in 0..60 {
        let status = if turn % 2 == 0 { "CrashLoopBackOff" } else { "Running" };
        let batch = rows.changed((0..CHANGES / FRAMES).map(|_| dice.roll(rows.len() as u64)), status);
        if turn % 30 == 10 {
            console.measure();
        }
        let start = thread_cpu();
        console.tell("pods", batch);
        settle(&mut console.state);
        std::hint::black_box(console.draw());
        took.push(thread_cpu().saturating_sub(start));
    }
    let worst = took.iter().max().copied().unwrap_or_default();
    println!("  a turn of {} updates and a frame: {}", CHANGES / FRAMES, ms(middle(took)));
    figure("  the longest of 60", &ms(worst), "8 ms");
}
