use super::*;
use crate::cluster::testing::{Log, Part, Reply, Seen, server};
use crate::core::kind::ClusterId;
use crate::core::logs::event::{Place, StreamState};
use crate::core::logs::segment::Mark;
use crate::core::logs::source::{Containers, LogId, Pods};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::mpsc;

/// A pod with one container in its run number `run`, the one before it ended by a kill.
fn pod(run: u32, running: bool) -> Value {
    let began = |id: u32| format!("2026-11-21T12:00:{:02}Z", id * 9 - 9);
    let ended = |id: u32| {
        let id =
            json!({"exitCode": 137, "reason": "OOMKilled", "containerID": format!("c://{id}"), "startedAt": began(id)});
        json!({"terminated": id})
    };
    let state = if running { json!({"running": {"startedAt": began(run)}}) } else { ended(run) };
    let last = if run > 1 { ended(run - 1) } else { json!({}) };
    json!({
        "metadata": {"name": "cart", "namespace": "shop", "uid": "u1", "resourceVersion": run.to_string()},
        "spec": {"containers": [{"name": "app"}]},
        "status": {"phase": "Running", "containerStatuses": [
            {"name": "app", "containerID": format!("c://{run}"), "restartCount": run - 1, "state": state, "lastState": last}
        ]},
    })
}

fn list(pods: &[Value]) -> Reply {
    Reply::json(&json!({"kind": "PodList", "metadata": {"resourceVersion": "1"}, "items": pods}))
}

fn event(kind: &str, pod: &Value) -> String {
    format!("{}\n", json!({"type": kind, "object": pod}))
}

/// A line at so many milliseconds after 12:00.
fn line(ms: u32, text: &str) -> String {
    format!("2026-11-21T12:00:{:02}.{:03}000000Z {text}\n", ms / 1_000, ms % 1_000)
}

fn text(body: &str) -> Reply {
    Reply::new(200, body.to_owned()).with("content-type", "text/plain")
}

fn wish(previous: bool) -> Wish {
    let pods = Pods::Named(vec![("shop".into(), "cart".into())]);
    let what = What::Pods(pods, Containers::Usual);
    Wish { previous, ..Wish::new(LogId(1), ClusterId(0), what) }
}

struct Reader {
    events: mpsc::Receiver<LogEvent>,
    orders: mpsc::Sender<LogOrder>,
    lines: Vec<String>,
    older: Vec<String>,
    states: Vec<StreamState>,
    log: Log,
}

impl Reader {
    /// A reading of a server whose pods come from `pods` and whose log requests, counted from 0, are
    /// answered by `logs`.
    fn new(wish: Wish, watch: Reply, logs: impl Fn(usize, &Seen) -> Reply + Send + Sync + 'static) -> Self {
        Self::looking(wish, watch, pod(1, true), logs)
    }

    /// The same of a server that shows `found` to whoever looks the pod up.
    fn looking(
        wish: Wish,
        watch: Reply,
        found: Value,
        logs: impl Fn(usize, &Seen) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let asked = AtomicUsize::new(0);
        let first = pod(1, true);
        let (connection, log) = server(move |_, seen| {
            if seen.uri.contains("/log?") {
                logs(asked.fetch_add(1, Ordering::Relaxed), seen)
            } else if seen.uri.contains("watch=true") {
                watch.clone()
            } else if seen.uri.ends_with("/pods/cart") {
                Reply::json(&found)
            } else {
                list(std::slice::from_ref(&first))
            }
        });
        let (out, events) = mpsc::channel(1);
        let (orders, mut asked) = mpsc::channel(1);
        tokio::spawn(async move { run(connection, wish, out, &mut asked, || 0).await });
        Self { events, orders, lines: Vec::new(), older: Vec::new(), states: Vec::new(), log }
    }

    /// Reads until something holds of what was read.
    async fn until(&mut self, enough: impl Fn(&Self) -> bool) {
        while !enough(self) {
            let next = tokio::time::timeout(Duration::from_secs(600), self.events.recv()).await;
            match next.unwrap_or_else(|_| panic!("nothing more: {:#?} {:?}", self.lines, self.log.uris())) {
                Some(LogEvent::Lines(_, place, lines)) => {
                    let to = if place == Place::Older { &mut self.older } else { &mut self.lines };
                    to.extend((0..lines.len()).map(|l| match lines.mark(l) {
                        Some(Mark::Note) => format!("# {}", lines.text(l)),
                        Some(Mark::Event) => format!("* {}", lines.text(l)),
                        Some(Mark::Gap) => format!("! {}", lines.text(l)),
                        Some(Mark::More) | None => lines.text(l).to_owned(),
                    }));
                }
                Some(LogEvent::State(_, state)) => self.states.push(state),
                Some(_) => {}
                None => panic!("the reading ended"),
            }
        }
    }

    async fn lines(&mut self, n: usize) -> &[String] {
        self.until(|r| r.lines.len() >= n).await;
        &self.lines
    }

    fn asked(&self) -> Vec<String> {
        let uris = self.log.uris().into_iter().filter(|u| u.contains("/log?"));
        uris.map(|u| u.split_once("timestamps=true").expect("always").1.to_owned()).collect()
    }
}

fn quiet() -> Reply {
    Reply::new(200, "").then(Part::Hang)
}

#[tokio::test(start_paused = true)]
async fn a_cut_is_resumed_where_it_was() {
    let mut r = Reader::new(wish(false), quiet(), |n, _| match n {
        0 => text(&(line(900, "a") + &line(1_200, "b") + &line(1_200, "c") + "2026-11-21T12:00:01.3")).then(Part::Cut),
        1 => Reply::json(&json!({"kind": "Status", "code": 503, "message": "no"})).then(Part::Cut),
        _ => text(&(line(1_200, "b") + &line(1_200, "c") + &line(1_200, "d") + &line(1_300, "e"))).then(Part::Hang),
    });
    let lines = r.lines(5).await.to_vec();
    assert_eq!(lines, ["a", "b", "c", "d", "e"]);
    let asked = r.asked();
    assert_eq!(asked[0], "&follow=true&tailLines=1000");
    assert!(asked[1..].iter().all(|a| a == "&follow=true&sinceTime=2026-11-21T12:00:01Z"), "{asked:?}");
    assert!(r.states.iter().any(|s| matches!(s, StreamState::Cut { .. })), "{:?}", r.states);
}

#[tokio::test(start_paused = true)]
async fn what_rotation_took_is_told() {
    let mut r = Reader::new(wish(false), quiet(), |n, _| match n {
        0 => text(&line(900, "a")).then(Part::Cut),
        _ => text(&(line(4_000, "x") + &line(4_001, "y"))).then(Part::Hang),
    });
    let lines = r.lines(4).await.to_vec();
    assert_eq!(lines[0], "a");
    assert_eq!(lines[1], "! possible gap 12:00:00.900Z to 12:00:04.000Z: the log was rotated meanwhile");
    assert_eq!(lines[2..], ["x", "y"]);
}

/// The answer of a server that was read slowly: late lines, and after the last of them a leap.
fn slow() -> Reply {
    let long = "-".repeat(1 << 20);
    text(&line(900, &long))
        .then(Part::Wait(Duration::from_secs(10)))
        .then(Part::Bytes((line(2_000, "a") + &line(9_000, "x")).into()))
}

#[tokio::test(start_paused = true)]
async fn what_a_server_far_behind_passed_over_is_told() {
    let mut r = Reader::new(wish(false), quiet(), |n, _| match n {
        0 => slow().then(Part::Hang),
        _ => text(&(line(9_000, "x") + &line(9_001, "y"))).then(Part::Hang),
    });
    r.until(|r| r.lines.last().is_some_and(|l| l == "y")).await;
    let told = "! possible gap 12:00:02.000Z to 12:00:09.000Z: the log was rotated meanwhile";
    assert_eq!(r.lines[r.lines.len() - 4..], ["a", told, "x", "y"]);
}

#[tokio::test(start_paused = true)]
async fn a_silence_that_is_read_late_is_no_gap() {
    let mut r = Reader::new(wish(false), quiet(), |n, _| match n {
        0 => slow().then(Part::Hang),
        _ => text(&(line(2_000, "a") + &line(9_000, "x") + &line(15_000, "y"))).then(Part::Hang),
    });
    r.until(|r| r.lines.last().is_some_and(|l| l == "y")).await;
    assert_eq!(r.lines[r.lines.len() - 3..], ["a", "x", "y"]);
    assert_eq!(r.asked().len(), 2, "it is asked once: {:?}", r.asked());
}

const GONE: &str = "! possible gap: the node keeps no log of this run any more";

#[tokio::test(start_paused = true)]
async fn words_of_the_kubelet_are_no_lines() {
    let message = "unable to retrieve container logs for containerd://c1\n";
    let mut r = Reader::new(wish(false), quiet(), move |n, _| match n {
        0 => text(&(line(900, "a") + message)),
        1 => text(message),
        _ => text(&(line(900, "a") + &line(1_000, "b"))).then(Part::Hang),
    });
    let lines = r.lines(3).await.to_vec();
    let told: Vec<&String> = lines.iter().filter(|l| l.as_str() == GONE).collect();
    assert_eq!(told.len(), 1, "once, however often it is said: {lines:?}");
    r.until(|r| r.lines.iter().any(|l| l == "b")).await;
    assert_eq!(r.lines.iter().filter(|l| !l.starts_with(['#', '!'])).collect::<Vec<_>>(), ["a", "b"]);
}

#[tokio::test(start_paused = true)]
async fn a_restart_shows_the_rest_of_the_old_run_first() {
    let watch = Reply::new(200, "")
        .then(Part::Wait(Duration::from_secs(5)))
        .and(event("MODIFIED", &pod(2, true)))
        .then(Part::Hang);
    let mut r = Reader::new(wish(false), watch, |_, seen| {
        if seen.uri.contains("previous=true") {
            text(&(line(900, "a") + &line(950, "last words")))
        } else if seen.uri.contains("sinceTime") {
            // The kubelet has nothing new of the old run.
            text(&line(900, "a")).then(Part::Wait(Duration::from_secs(60)))
        } else if seen.uri.contains("tailLines") {
            text(&line(900, "a")).then(Part::Wait(Duration::from_secs(7))).then(Part::Cut)
        } else {
            text(&line(9_000, "hello again")).then(Part::Hang)
        }
    });
    let lines = r.lines(4).await.to_vec();
    assert_eq!(
        lines,
        ["a", "last words", "# container restarted: exit 137 OOMKilled", "hello again"],
        "{:?}",
        r.asked()
    );
}

/// The log of the second run is served before the watch tells of it.
fn behind(seen: &Seen) -> Reply {
    if seen.uri.contains("previous=true") {
        text(&(line(900, "a") + &line(950, "last words")))
    } else if seen.uri.contains("tailLines") {
        text(&line(900, "a")).then(Part::Wait(Duration::from_secs(7))).then(Part::Cut)
    } else {
        text(&(line(9_500, "hello again") + &line(9_600, "more"))).then(Part::Hang)
    }
}

#[tokio::test(start_paused = true)]
async fn a_run_that_the_watch_does_not_know_yet_is_looked_up_and_not_told_twice() {
    for told in [None, Some(20)] {
        let watch = told.map_or_else(quiet, |after| {
            let late = Reply::new(200, "").then(Part::Wait(Duration::from_secs(after)));
            late.and(event("MODIFIED", &pod(2, true))).then(Part::Hang)
        });
        let mut r = Reader::looking(wish(false), watch, pod(2, true), |_, seen| behind(seen));
        r.until(|r| r.lines.iter().any(|l| l == "more")).await;
        tokio::time::timeout(Duration::from_secs(60), r.until(|_| false)).await.expect_err("it goes on");
        let said: Vec<&String> = r.lines.iter().filter(|l| !l.contains("connection lost")).collect();
        let all = ["a", "last words", "# container restarted: exit 137 OOMKilled", "hello again", "more"];
        assert_eq!(said, all, "{:?}", r.asked());
    }
}

/// What is told of a container whose second run the API knows of after twenty seconds only. Its node
/// keeps the first one or does not.
async fn told_late(kept: bool) -> Vec<String> {
    let watch = later(&[(20, pod(2, true))]);
    let mut r = Reader::looking(wish(false), watch, pod(1, true), move |n, seen| {
        let new = line(9_500, "hello again") + &line(9_600, "more");
        if seen.uri.contains("previous=true") && !kept {
            Reply::new(400, json!({"kind": "Status", "code": 400, "message": "there is none"}).to_string())
        } else if n == 0 || seen.uri.contains("previous=true") {
            behind(seen)
        } else if !kept && n < 5 {
            // What followed the second run is cut once the watch has told of it.
            lasting(&new)
        } else {
            text(&(new + &line(40_000, "last"))).then(Part::Hang)
        }
    });
    r.until(|r| r.lines.iter().any(|l| l == "last")).await;
    r.lines.into_iter().filter(|l| !l.contains("connection lost")).collect()
}

#[tokio::test(start_paused = true)]
async fn a_run_that_the_server_does_not_know_yet_is_waited_for() {
    let all = ["a", "last words", "# container restarted: exit 137 OOMKilled", "hello again", "more", "last"];
    assert_eq!(told_late(true).await, all);
}

#[tokio::test(start_paused = true)]
async fn a_run_that_nobody_knows_of_is_not_told_twice() {
    let all = [
        "a",
        "! possible gap 12:00:00.900Z to 12:00:09.500Z: the log was rotated meanwhile",
        "hello again",
        "more",
        "! container restarted: exit 137 OOMKilled; what it wrote last may be missing",
        "last",
    ];
    assert_eq!(told_late(false).await, all);
}

/// Pods as the watch tells them, each so many seconds after the one before.
fn later(pods: &[(u64, Value)]) -> Reply {
    let told = pods.iter().fold(Reply::new(200, ""), |reply, (after, pod)| {
        reply.then(Part::Wait(Duration::from_secs(*after))).and(event("MODIFIED", pod))
    });
    told.then(Part::Hang)
}

fn lasting(body: &str) -> Reply {
    text(body).then(Part::Wait(Duration::from_secs(30))).then(Part::Cut)
}

#[tokio::test(start_paused = true)]
async fn a_run_whose_log_was_served_under_the_name_of_the_one_before_is_told_once() {
    let second = || line(9_500, "hello again") + &line(9_600, "more");
    let watch = later(&[(20, pod(2, false)), (40, pod(3, true))]);
    let mut r = Reader::new(wish(false), watch, move |n, seen| match n {
        // The first run is gone from the node before the API tells of the second.
        _ if seen.uri.contains("previous=true") && n < 3 => {
            text("unable to retrieve container logs for containerd://1")
        }
        _ if seen.uri.contains("previous=true") => text(&second()),
        // The third run begins when its log is asked for from its first line.
        3.. if !seen.uri.contains("Time") => text(&line(19_000, "third")).then(Part::Hang),
        _ => lasting(&second()),
    });
    r.until(|r| r.lines.iter().any(|l| l == "third")).await;
    let said: Vec<&String> = r.lines.iter().filter(|l| !l.contains("connection lost")).collect();
    let all = [
        "hello again",
        "more",
        "! container restarted: exit 137 OOMKilled; what it wrote last may be missing",
        "# container restarted: exit 137 OOMKilled",
        "third",
    ];
    assert_eq!(said, all, "{:?}", r.asked());
}

#[tokio::test(start_paused = true)]
async fn what_is_served_as_the_run_before_may_be_the_one_that_has_begun() {
    // Nothing was read of the first run, and the second has ended when the API tells that it began.
    let second = || line(9_500, "hello again") + &line(9_600, "more");
    let watch = later(&[(20, pod(2, true))]);
    let mut r = Reader::new(wish(false), watch, move |n, seen| match n {
        0 => text("").then(Part::Wait(Duration::from_secs(30))).then(Part::Cut),
        _ if seen.uri.contains("Time") && seen.uri.contains("follow") => {
            text(&(second() + &line(9_700, "on"))).then(Part::Hang)
        }
        _ => lasting(&second()),
    });
    r.until(|r| r.lines.iter().any(|l| l == "on")).await;
    let said: Vec<&String> = r.lines.iter().filter(|l| !l.contains("connection lost")).collect();
    let belated = "! container restarted: exit 137 OOMKilled; what it wrote last may be missing";
    assert_eq!(said, ["hello again", "more", belated, "on"], "{:?}", r.asked());
}

#[tokio::test(start_paused = true)]
async fn two_runs_in_one_second_are_told_apart_by_their_lines() {
    let watch = later(&[(20, pod(2, true))]);
    let mut r = Reader::new(wish(false), watch, |_, seen| {
        let first = line(8_900, "a") + &line(9_100, "last words");
        if seen.uri.contains("previous=true") || seen.uri.contains("tailLines") {
            lasting(&first)
        } else {
            text(&line(9_800, "hello again")).then(if seen.uri.contains("follow") { Part::Hang } else { Part::Cut })
        }
    });
    r.until(|r| r.lines.iter().any(|l| l == "hello again")).await;
    let said: Vec<&String> = r.lines.iter().filter(|l| !l.contains("connection lost")).collect();
    assert_eq!(
        said,
        ["a", "last words", "# container restarted: exit 137 OOMKilled", "hello again"],
        "{:?}",
        r.asked()
    );
}

#[tokio::test(start_paused = true)]
async fn a_silent_container_that_was_cut_doubts_its_first_line() {
    let mut r = Reader::looking(wish(false), quiet(), pod(2, true), |n, seen| match n {
        0 => text("").then(Part::Cut),
        _ if seen.uri.contains("previous=true") => text(""),
        _ => text(&(line(9_500, "hello again") + &line(9_600, "more"))).then(Part::Hang),
    });
    r.until(|r| r.lines.iter().any(|l| l == "more")).await;
    assert_eq!(r.lines, ["# container restarted: exit 137 OOMKilled", "hello again", "more"], "{:?}", r.asked());
}

#[tokio::test(start_paused = true)]
async fn a_finished_container_is_read_to_its_end_and_left_alone() {
    let watch = Reply::new(200, event("MODIFIED", &pod(1, false))).then(Part::Hang);
    let mut r = Reader::new(wish(false), watch, |n, _| match n {
        0 => text(&line(900, "a")),
        _ => text(&(line(900, "a") + &line(950, "b") + "2026-11-21T12:00:00.960Z no newline")),
    });
    r.until(|r| r.states.iter().any(|s| matches!(s, StreamState::Ended(_)))).await;
    assert_eq!(r.lines, ["a", "b", "no newline"]);
    assert_eq!(r.states.last(), Some(&StreamState::Ended("exit 137 OOMKilled".into())));
    let before = r.asked().len();
    tokio::time::sleep(Duration::from_secs(300)).await;
    assert_eq!(r.asked().len(), before, "it is not asked again and again");
}

#[tokio::test(start_paused = true)]
async fn older_lines_join_without_doubles() {
    let mut r = Reader::new(wish(false), quiet(), |_, seen| {
        if seen.uri.contains("follow") {
            text(&(line(900, "c") + &line(900, "d"))).then(Part::Hang)
        } else {
            text(&(line(100, "a") + &line(900, "b") + &line(900, "c") + &line(900, "d") + &line(950, "e")))
        }
    });
    r.lines(2).await;
    r.orders.send(LogOrder::Older(10)).await.expect("it runs");
    r.until(|r| r.older.len() >= 2).await;
    assert_eq!(r.older, ["a", "b"]);
    assert!(r.asked().iter().any(|a| a == "&tailLines=12"), "{:?}", r.asked());
}

#[tokio::test(start_paused = true)]
async fn a_slow_reader_makes_the_server_wait_and_loses_nothing() {
    const LINES: usize = 60_000;
    let mut body = String::new();
    for i in 0..LINES {
        let _ = writeln!(body, "2026-11-21T12:00:00.{i:09}Z line {i} {:x<80}", "");
    }
    let mut r = Reader::new(wish(false), quiet(), move |_, _| text(&body).then(Part::Hang));
    // Nobody reads for a while: what gathers is bounded by what fits the slot and a segment.
    tokio::time::sleep(Duration::from_secs(5)).await;
    let lines = r.lines(LINES).await;
    assert!(lines.iter().enumerate().all(|(i, l)| l.starts_with(&format!("line {i} "))));
    assert_eq!(lines.len(), LINES);
}

#[tokio::test(start_paused = true)]
async fn names_are_matched_and_streams_are_numbered_as_they_join() {
    let other = |name: &str| {
        let mut p = pod(1, true);
        p["metadata"]["name"] = name.into();
        p["metadata"]["uid"] = name.into();
        p
    };
    let (first, second, third) = (other("web-1"), other("db-1"), other("web-2"));
    let watch = Reply::new(200, event("ADDED", &third)).then(Part::Hang);
    let (connection, log) = server(move |_, seen| {
        if seen.uri.contains("/log?") {
            text(&line(1, "x")).then(Part::Hang)
        } else if seen.uri.contains("watch=true") {
            watch.clone()
        } else {
            list(&[first.clone(), second.clone()])
        }
    });
    let scope = crate::core::kind::Scope::Namespaces(vec!["shop".into()]);
    let what = What::Pods(Pods::Matching { scope, pattern: "^web-".into() }, Containers::All);
    let (out, mut events) = mpsc::channel(1);
    let (_orders, mut asked) = mpsc::channel(1);
    tokio::spawn(async move { run(connection, Wish { what, ..wish(false) }, out, &mut asked, || 0).await });
    let (mut joined, mut lines) = (Vec::<Arc<str>>::new(), 0);
    while lines < 2 {
        match events.recv().await.expect("it goes on") {
            LogEvent::Join(name) => joined.push(name.pod),
            LogEvent::Lines(..) => lines += 1,
            _ => {}
        }
    }
    assert_eq!(joined.iter().map(AsRef::as_ref).collect::<Vec<_>>(), ["web-1", "web-2"]);
    let asked: Vec<String> = log.uris().into_iter().filter(|u| u.contains("/log?")).collect();
    assert!(asked[0].contains("tailLines=200"), "one of several: {asked:?}");
    assert!(!asked[1].contains("tailLines"), "one that came later is read from its first line: {asked:?}");
}

#[tokio::test(start_paused = true)]
async fn a_workload_is_asked_for_its_selector_until_it_is_there() {
    let asked = AtomicUsize::new(0);
    let first = pod(1, true);
    let (connection, log) = server(move |_, seen| {
        if seen.uri.ends_with("/deployments/cart") {
            match asked.fetch_add(1, Ordering::Relaxed) {
                0 => Reply::new(404, json!({"kind": "Status", "code": 404, "message": "no cart"}).to_string()),
                _ => Reply::json(&json!({"spec": {"selector": {"matchLabels": {"app": "cart"}}}})),
            }
        } else if seen.uri.contains("/log?") {
            text(&line(1, "x")).then(Part::Hang)
        } else if seen.uri.contains("watch=true") {
            quiet()
        } else {
            list(std::slice::from_ref(&first))
        }
    });
    let mut kind = request::pods();
    (kind.group, kind.plural) = ("apps".into(), "deployments".into());
    let what = What::Of(Arc::new(kind), "shop".into(), "cart".into(), Containers::Usual);
    let (out, mut events) = mpsc::channel(1);
    let (_orders, mut asked) = mpsc::channel(1);
    tokio::spawn(async move { run(connection, Wish { what, ..wish(false) }, out, &mut asked, || 0).await });
    let (mut told, mut lines) = (Vec::new(), 0);
    while lines == 0 {
        match events.recv().await.expect("it goes on") {
            LogEvent::Pods(Err(why)) => told.push(why.to_string()),
            LogEvent::Lines(..) => lines += 1,
            _ => {}
        }
    }
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("not found"), "{told:?}");
    let pods: Vec<String> = log.uris().into_iter().filter(|u| u.contains("/pods?")).collect();
    assert!(pods.iter().all(|u| u.contains("labelSelector=app%3Dcart")), "{pods:?}");
}

#[tokio::test(start_paused = true)]
async fn what_is_told_of_the_pods_stands_between_their_lines() {
    let told = |name: &str, uid: &str, second: u32| {
        json!({
            "type": "Warning", "reason": "BackOff", "message": "again", "metadata": {"resourceVersion": second.to_string()},
            "involvedObject": {"kind": "Pod", "name": name, "uid": uid},
            "lastTimestamp": format!("2026-11-21T12:00:{second:02}Z"),
        })
    };
    let items = [told("cart", "u1", 9), told("other", "u9", 3), told("cart", "u1", 1)];
    let later = told("cart", "u1", 12);
    let first = pod(1, true);
    let (connection, log) = server(move |_, seen| {
        let events = seen.uri.contains("/events?");
        if seen.uri.contains("/log?") {
            text(&line(900, "a")).then(Part::Hang)
        } else if seen.uri.contains("watch=true") {
            Reply::new(200, if events { event("ADDED", &later) } else { String::new() }).then(Part::Hang)
        } else if events {
            Reply::json(&json!({"kind": "EventList", "metadata": {"resourceVersion": "9"}, "items": items}))
        } else {
            list(std::slice::from_ref(&first))
        }
    });
    let (out, events) = mpsc::channel(1);
    let (orders, mut asked) = mpsc::channel(1);
    tokio::spawn(async move { run(connection, wish(false), out, &mut asked, || 0).await });
    let mut r = Reader { events, orders, lines: Vec::new(), older: Vec::new(), states: Vec::new(), log };
    r.lines(1).await;
    r.orders.send(LogOrder::Events(true)).await.expect("it runs");
    let lines = r.lines(4).await.to_vec();
    assert_eq!(lines[1..], ["* Warning BackOff cart: again"; 3], "only those of this pod: {lines:?}");
    r.orders.send(LogOrder::Events(false)).await.expect("it runs");
    loop {
        if let Some(LogEvent::Leave(stream)) = r.events.recv().await {
            assert_eq!(stream, 1);
            break;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn no_more_is_read_than_wanted() {
    let body = line(900, "first") + &line(901, "second");
    let limit = body.len() as u64 - 3;
    let mut r = Reader::new(Wish { limit: Some(limit), tail: Some(7), ..wish(false) }, quiet(), move |n, seen| {
        assert_eq!(n, 0, "it is not asked again: {}", seen.uri);
        text(&body[..body.len() - 3])
    });
    r.until(|r| r.states.iter().any(|s| matches!(s, StreamState::Ended(_)))).await;
    assert_eq!(r.lines, ["first", "seco"]);
    assert_eq!(r.asked(), [format!("&follow=true&tailLines=7&limitBytes={limit}")]);
    assert_eq!(r.states.last(), Some(&StreamState::Ended(format!("the limit of {limit} B is reached").into())));
}

#[tokio::test(start_paused = true)]
async fn a_cut_within_a_long_line_repeats_no_part_of_it() {
    let letters: String = (0..3_000_000_usize).map(|i| char::from(b'a' + (i / 1_000 % 26) as u8)).collect();
    let whole = line(900, &letters);
    let mut r = Reader::new(wish(false), quiet(), move |n, _| match n {
        0 => text(&whole[..2_500_000]).then(Part::Wait(Duration::from_secs(1))).then(Part::Cut),
        1 => text(&whole[..1_200_000]).then(Part::Wait(Duration::from_secs(1))).then(Part::Cut),
        _ => text(&(whole.clone() + &line(950, "b"))).then(Part::Hang),
    });
    r.until(|r| r.lines.iter().any(|l| l == "b")).await;
    let got: String = r.lines.iter().filter(|l| !l.starts_with('#')).map(String::as_str).collect();
    let letters: String = (0..3_000_000_usize).map(|i| char::from(b'a' + (i / 1_000 % 26) as u8)).collect();
    assert!(got == letters + "b", "{} bytes", got.len());
}
