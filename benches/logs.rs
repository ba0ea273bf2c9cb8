//! Logs: bytes into lines, searches over them, many streams merged, memory at its bound. Each with
//! the obvious way beside it, in the same run: `Vec<String>` and the regex crate.
//!
//! `cargo bench --bench logs`; `cargo bench --bench logs -- 100000000` puts so many lines through
//! one store at the end.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a bench prints what it found, and stops where it cannot go on"
)]

use quarterdeck::core::logs::event::{LogEvent, Place, StreamName};
use quarterdeck::core::logs::query::Finder;
use quarterdeck::core::logs::scan;
use quarterdeck::core::logs::segment::Segment;
use quarterdeck::core::logs::split::{Raw, Splitter};
use quarterdeck::core::logs::store::Store;
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

const LINES: usize = 1_000_000;
/// What a body brings at once.
const PIECE: usize = 16 << 10;

/// A line as a server sends it: time, then 160 bytes; every tenth has colours, every fiftieth an error.
fn line(i: usize, out: &mut Vec<u8>) {
    let us = i * 20;
    let text =
        format!("2026-11-21T12:{:02}:{:02}.{:06}123Z ", us / 60_000_000 % 60, us / 1_000_000 % 60, us % 1_000_000);
    out.extend_from_slice(text.as_bytes());
    let start = out.len();
    let level = if i.is_multiple_of(50) { "ERROR" } else { "INFO" };
    let body =
        format!("{level} shop.cart user={} amount={} request served path=/api/v2/items/{i} ", i % 7_919, i % 997);
    if i.is_multiple_of(10) {
        out.extend_from_slice(b"\x1b[32m");
        out.extend_from_slice(body.as_bytes());
        out.extend_from_slice(b"\x1b[0m");
    } else {
        out.extend_from_slice(body.as_bytes());
    }
    if i.is_multiple_of(99_991) {
        out.extend_from_slice(b"needle-in-the-log ");
    }
    while out.len() - start < 160 {
        out.push(b'a' + (i + out.len()) as u8 % 26);
    }
    out.push(b'\n');
}

fn corpus(lines: usize) -> Vec<u8> {
    let mut all = Vec::with_capacity(lines * 200);
    (0..lines).for_each(|i| line(i, &mut all));
    all
}

/// As the reader of an answer does it: pieces of a body into segments.
fn segments(bytes: &[u8]) -> Vec<Arc<Segment>> {
    let (mut splitter, mut done) = (Splitter::default(), Vec::new());
    let mut segment = Segment::default();
    for piece in bytes.chunks(PIECE) {
        splitter.feed(piece, &mut |raw| {
            let Raw::Line(ns, text) = raw else { return };
            let time = ns.div_euclid(1_000);
            if !segment.fits(time, text.len()) {
                done.push(Arc::new(std::mem::take(&mut segment)));
            }
            segment.push(time, text);
        });
    }
    done.push(Arc::new(segment));
    done
}

/// The obvious way: a string a line, escapes taken out by an expression, the time by a library.
fn strings(bytes: &[u8]) -> Vec<(jiff::Timestamp, String)> {
    let escapes = regex::Regex::new("\x1b\\[[0-9;]*m").expect("it is one");
    let text = String::from_utf8_lossy(bytes);
    let split = |line: &str| {
        let (time, text) = line.split_once(' ')?;
        Some((time.parse().ok()?, escapes.replace_all(text, "").into_owned()))
    };
    text.lines().filter_map(split).collect()
}

fn best<T>(times: usize, mut run: impl FnMut() -> T) -> (Duration, T) {
    let mut best = None;
    for _ in 0..times {
        let start = Instant::now();
        let result = black_box(run());
        let took = start.elapsed();
        if best.as_ref().is_none_or(|(b, _)| took < *b) {
            best = Some((took, result));
        }
    }
    best.expect("at least one run")
}

fn ms(d: Duration) -> f64 {
    d.as_secs_f64() * 1_000.0
}

fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with("VmRSS:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<usize>().ok()).unwrap_or(0) << 10
}

fn joined(streams: usize) -> Store {
    let mut store = Store::default();
    for i in 0..streams {
        let name = StreamName { namespace: "shop".into(), pod: format!("p{i}").into(), container: "app".into() };
        store.apply(LogEvent::Join(name), 0, 250);
    }
    store
}

fn ingest(bytes: &[u8]) -> Vec<Arc<Segment>> {
    let (ours, found) = best(5, || segments(bytes));
    let (naive, _) = best(2, || strings(bytes));
    let rate = |d: Duration| LINES as f64 / d.as_secs_f64() / 1e6;
    println!(
        "ingest, cleaning and times: {:.1} M lines/s; obvious way {:.1} M lines/s; {:.1} times",
        rate(ours),
        rate(naive),
        naive.as_secs_f64() / ours.as_secs_f64()
    );
    let text: usize = found.iter().map(|s| (0..s.len()).map(|l| s.range(l).len()).sum::<usize>()).sum();
    let mut store = joined(1);
    found.iter().for_each(|s| store.apply(LogEvent::Lines(0, Place::Now, s.clone()), 0, 250));
    store.place();
    println!(
        "a stored line costs {:.1} B beside its text, its place {:.3} B",
        (store.bytes() - text) as f64 / LINES as f64,
        store.order().size() as f64 / LINES as f64
    );
    found
}

fn search(found: &[Arc<Segment>]) {
    let bare: Vec<&[u8]> = found.iter().map(|s| s.bytes()).collect();
    for (what, pattern) in [
        ("a rare text", "needle-in-the-log"),
        ("a rare text, either case", "(?i)needle-in-the-log"),
        ("an expression", r"user=\d+ amount=4\d\d"),
        ("an error", "ERROR"),
    ] {
        let finder = Finder::new(pattern).expect("it is one");
        let (ours, hits) = best(5, || {
            let mut hits = 0;
            found.iter().for_each(|s| scan::each_line(&finder, s, 0, |_| hits += 1));
            hits
        });
        let mut build = regex::bytes::RegexBuilder::new(pattern);
        let insensitive = !pattern.chars().any(char::is_uppercase);
        let regex = build.case_insensitive(insensitive).multi_line(true).build().expect("it is one");
        let (theirs, _) = best(5, || bare.iter().map(|b| regex.find_iter(b).count()).sum::<usize>());
        println!(
            "{what} in {LINES} lines: {:.1} ms, {hits} lines; the regex crate over bare bytes {:.1} ms; {:.2} times",
            ms(ours),
            ms(theirs),
            ours.as_secs_f64() / theirs.as_secs_f64()
        );
    }
    let memmem = memchr::memmem::Finder::new("needle-in-the-log");
    let (bare, _) = best(5, || bare.iter().map(|b| memmem.find_iter(b).count()).sum::<usize>());
    let finder = Finder::new("Needle-in-the-log|needle-in-the-log").expect("it is one");
    let (ours, ()) = best(5, || found.iter().for_each(|s| scan::each_line(&finder, s, 0, |_| {})));
    println!("memmem over bare bytes {:.1} ms; two texts at once {:.1} ms", ms(bare), ms(ours));
}

/// Many streams at 50,000 lines a second, in pieces of 4 KiB, into one order.
fn merge() {
    const STREAMS: usize = 100;
    const SECONDS: usize = 4;
    let mut pieces = Vec::new();
    let a_stream = 50_000 * SECONDS / STREAMS;
    for stream in 0..STREAMS {
        let mut bytes = Vec::new();
        (0..a_stream).for_each(|i| line(i * STREAMS + stream, &mut bytes));
        let mut at = 0;
        let mut rest: &[u8] = &bytes;
        while !rest.is_empty() {
            let cut = rest
                .get(..4_096)
                .map_or(rest.len(), |p| p.iter().rposition(|b| *b == b'\n').map_or(rest.len(), |n| n + 1));
            pieces.push((at, stream, rest[..cut].to_vec()));
            rest = &rest[cut..];
            at += 1;
        }
    }
    pieces.sort_by_key(|p| (p.0, p.1));
    let turn = (pieces.len() / (SECONDS * 10)).max(1);
    let (took, store) = best(3, || {
        let mut store = joined(STREAMS);
        let mut splitters = vec![Splitter::default(); STREAMS];
        for (i, (_, stream, bytes)) in pieces.iter().enumerate() {
            let mut segment = Segment::default();
            splitters[*stream].feed(bytes, &mut |raw| {
                if let Raw::Line(ns, text) = raw {
                    segment.push(ns.div_euclid(1_000), text);
                }
            });
            store.apply(LogEvent::Lines(*stream as u16, Place::Now, Arc::new(segment)), i as i64, 250);
            // As a console on a screen does it, ten times a second.
            if i % turn == 0 {
                store.place();
            }
        }
        store.place();
        store
    });
    let times: Vec<i64> = store.order().from(0).map(|id| store.time(id)).collect();
    assert!(times.is_sorted(), "lines are in order");
    println!(
        "merge of {STREAMS} streams, 50,000 lines/s: {:.1} % of a core, {} lines in order, {:.1} B a line for the order",
        took.as_secs_f64() / SECONDS as f64 * 100.0,
        times.len(),
        store.order().size() as f64 / times.len() as f64
    );
}

/// Far more lines than fit.
fn bound(lines: usize) {
    const LIMIT: usize = 64 << 20;
    let bytes = corpus(100_000);
    let pieces = segments(&bytes);
    let mut store = joined(1);
    let (mut most, mut done, mut first) = (0, 0, 0);
    let start = Instant::now();
    while done < lines {
        for piece in &pieces {
            store.apply(LogEvent::Lines(0, Place::Now, Arc::new(piece.as_ref().clone())), 0, 250);
            while let Some(number) = store.overflow(LIMIT) {
                store.evict(number);
            }
            done += piece.len();
        }
        most = most.max(resident());
        if first == 0 && store.dropped() > 0 {
            first = resident();
        }
    }
    println!(
        "{done} lines through {} MiB in {:.1} s: resident {} MiB when first full, {} MiB at most",
        LIMIT >> 20,
        start.elapsed().as_secs_f64(),
        first >> 20,
        most >> 20
    );
}

fn main() {
    let asked = std::env::args().find_map(|a| a.parse().ok());
    let bytes = corpus(LINES);
    let found = ingest(&bytes);
    drop(bytes);
    search(&found);
    drop(found);
    merge();
    bound(asked.unwrap_or(10_000_000));
}
