//! What the way to the server does, through the port that misbehaves on command: the pane says
//! how true it is, keys go on, and all is right again by itself.

use crate::agree::agree;
use crate::console::{doubtful, freshness, keys, live, open, until_live, widen};
use crate::judged::{Space, Undo, apply, beside, create, forgot, kubectl, lever, proxy, version};
use crate::pty::Program;
use crate::real::shop::{SHOP, Tide, shop};
use crate::stopwatch::{spread, within};
use std::time::{Duration, Instant};

/// A silent or broken way: what is said within `limit`, and the return within 10 s.
fn survives(name: &'static str, pull: &[&str], limit: Duration) {
    let _turn = proxy();
    let _undo = Undo(&["clear"]);
    let tide = Tide::new(name);
    let mut program = shop("proxy.conf");
    lever(pull);
    let start = Instant::now();
    program.wait_within(limit * 2, "doubt on the screen", doubtful);
    within(&format!("{name}: {:?} on the screen", freshness(&program.screen())), start.elapsed(), limit);
    tide.turn();
    assert!(program.screen().contents().contains("Running"), "the rows stay");
    spread(&format!("{name}: keys meanwhile"), &keys(&mut program, 40));
    lever(&["clear"]);
    within(&format!("{name}: live again"), until_live(&program, Duration::from_mins(1)), Duration::from_secs(10));
    agree(&program, SHOP, &[]);
}

#[test]
fn vanishing_packets_are_found_out() {
    survives("drop", &["drop"], Duration::from_secs(20));
}

#[test]
fn refused_connections_are_said() {
    survives("refuse", &["refuse"], Duration::from_secs(5));
}

#[test]
fn a_cut_is_mended_at_once() {
    let _turn = proxy();
    let _undo = Undo(&["clear"]);
    let tide = Tide::new("cut");
    let program = shop("proxy.conf");
    lever(&["cut"]);
    tide.turn();
    let start = Instant::now();
    program.wait_for("what was made since", |s| s.contents().contains(&tide.during) && live(s));
    within("cut: live with what happened since", start.elapsed(), Duration::from_secs(10));
    agree(&program, SHOP, &[]);
}

#[test]
fn a_far_and_narrow_line_is_only_slow() {
    let _turn = proxy();
    let _undo = Undo(&["clear"]);
    let tide = Tide::new("slow");
    lever(&["latency", "400"]);
    lever(&["throttle", "20000"]);
    let start = Instant::now();
    let mut program = open("proxy.conf", &["-n", "shop"], ":pods", (160, 60));
    spread("0.8 s there and back, 20 KB/s: keys before the first row", &keys_of_help(&mut program, 10));
    within("0.8 s there and back, 20 KB/s: live", until_live(&program, Duration::from_mins(2)), Duration::from_mins(1));
    eprintln!("  {:.1} s after the start", start.elapsed().as_secs_f64());
    tide.turn();
    agree(&program, SHOP, &[]);
    spread("0.8 s there and back, 20 KB/s: keys", &keys(&mut program, 20));
}

/// Opens and closes help: a key with an answer where there are no rows yet.
fn keys_of_help(program: &mut Program, count: usize) -> Vec<Duration> {
    let is_help = |s: &vt100::Screen| s.contents().matches('╭').count() > 1;
    let mut took: Vec<Duration> = (0..count)
        .map(|n| {
            let start = Instant::now();
            program.send(if n % 2 == 0 { "?" } else { "\x1b" });
            program.wait_for("help to come or go", |s| is_help(s) == (n % 2 == 0));
            start.elapsed()
        })
        .collect();
    took.sort();
    took
}

const EVENTS: &str = "/api/v1/namespaces/qd-past/events";

/// An event, as controllers write them.
fn event(namespace: &str, name: &str) -> String {
    format!(
        "apiVersion: v1
kind: Event
metadata: {{name: {name}, namespace: {namespace}}}
involvedObject: {{kind: Pod, namespace: {namespace}, name: nobody}}
reason: Tide
message: the sea came and went
type: Normal
source: {{component: suite}}
firstTimestamp: '2026-01-01T00:00:00Z'
lastTimestamp: '2026-01-01T00:00:00Z'
count: 1
"
    )
}

/// Events are not cached by the server: once etcd forgets, their versions are gone.
#[test]
fn a_place_in_the_stream_that_is_forgotten_costs_a_list_and_nothing_else() {
    let _turn = proxy();
    let _undo = Undo(&["clear"]);
    let space = Space::new("qd-past");
    apply(&event(space.0, "before"));
    let mut program = open("proxy.conf", &["-n", space.0], ":events", (300, 60));
    widen(&mut program);
    program.wait_for("the event", |s| live(s) && s.contents().contains("the sea"));
    let version = version(EVENTS);
    lever(&["refuse"]);
    program.wait_for("doubt on the screen", doubtful);
    apply(&event(space.0, "during"));
    kubectl(&["delete", "event", "before", "-n", space.0]);
    lever(&["compact"]);
    assert!(forgot(EVENTS, &version), "etcd remembers {version}");
    lever(&["clear"]);
    within("410 for events: live again", until_live(&program, Duration::from_mins(1)), Duration::from_secs(10));
    agree(&program, &["get", "events", "-n", space.0, "-o", "wide"], &[]);
}

/// How often a list of events was refused for its age, as the server counts.
fn too_old() -> u64 {
    let metrics = kubectl(&["get", "--raw", "/metrics"]);
    let counts = metrics.lines().filter(|l| {
        let has = |part: &str| l.contains(part);
        l.starts_with("apiserver_request_total{")
            && has(r#"code="410""#)
            && has(r#"resource="events""#)
            && has(r#"verb="LIST""#)
    });
    counts.filter_map(|l| l.rsplit(' ').next()?.parse::<u64>().ok()).sum()
}

/// The pages of a list are of one version. When etcd forgets it between two of them, the list begins anew.
#[test]
fn a_list_that_is_forgotten_between_its_pages_begins_anew() {
    let _turn = proxy();
    let _undo = Undo(&["clear"]);
    let space = Space::new("qd-pages");
    let all: Vec<String> = (0..1_200).map(|n| event(space.0, &format!("tide-{n:04}"))).collect();
    create(&all);
    // Whatever this console shows at first, it is of another namespace.
    let mut program = open("proxy.conf", &["-n", "default"], ":configmaps", (200, 60));
    until_live(&program, Duration::from_mins(1));
    let before = too_old();
    // The first page is written by then, and on its way for half a minute.
    lever(&["throttle", "5000"]);
    program.send(format!(":events {}\r", space.0));
    program.wait_for("the first rows", |s| freshness(s).starts_with("syncing") && s.contents().contains("the sea"));
    apply(&event(space.0, "tide-last"));
    lever(&["compact"]);
    lever(&["clear"]);
    within("410 between pages: live", until_live(&program, Duration::from_mins(2)), Duration::from_secs(30));
    program.wait_for("each event once", |s| s.contents().contains("╰ 1,201"));
    assert!(too_old() > before, "no page was refused");
}

#[test]
fn a_token_that_ran_out_is_said() {
    let _beside = beside();
    let program = open("expired.conf", &["-n", "shop"], ":pods", (160, 50));
    program.wait_for("the reason", |s| s.contents().contains("does not accept this user's credentials"));
}
