use super::*;
use crate::cluster::testing::{Reply, Seen, server};
use crate::core::kind::ClusterId;
use crate::core::logs::source::{LogId, What};
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::mpsc;

/// 2026-11-21T12:00:00Z.
fn now() -> i64 {
    1_795_262_400_000
}

fn texts(lines: &Gathered) -> Vec<String> {
    lines.segments.iter().flat_map(|s| (0..s.len()).map(|l| s.text(l).to_owned())).collect()
}

#[test]
fn lines_that_come_again_are_dropped() {
    let mut journal = Journal::default();
    let first = "-- Logs begin --\nNov 21 11:59:01 n1 kubelet[1]: a\nNov 21 11:59:02 n1 kubelet[1]: b\nNov 21 11:59:02 n1 kubelet[1]: b\n";
    assert_eq!(texts(&journal.take(first, now())).len(), 3);
    let again =
        "Nov 21 11:59:02 n1 kubelet[1]: b\nNov 21 11:59:02 n1 kubelet[1]: b\nNov 21 11:59:03 n1 kubelet[1]: c\n";
    assert_eq!(texts(&journal.take(again, now())), ["Nov 21 11:59:03 n1 kubelet[1]: c"]);
}

/// The lines a reading gives until there are so many.
async fn lines(
    query: &str,
    since: Since,
    n: usize,
    script: impl Fn(&Seen) -> Reply + Send + Sync + 'static,
) -> Vec<String> {
    let (connection, _) = server(move |_, seen| script(seen));
    let what = What::Node("n1".into(), query.into());
    let wish = Wish { since, ..Wish::new(LogId(1), ClusterId(0), what) };
    let (out, mut events) = mpsc::channel(1);
    let query: Arc<str> = query.into();
    tokio::spawn(async move { run(connection, &wish, &"n1".into(), &query, out, now).await });
    let mut all = Vec::new();
    while all.len() < n {
        match tokio::time::timeout(Duration::from_secs(600), events.recv()).await.expect("in time") {
            Some(LogEvent::Lines(_, _, lines)) => all.extend((0..lines.len()).map(|l| match lines.mark(l) {
                Some(_) => format!("! {}", lines.text(l)),
                None => lines.text(l).to_owned(),
            })),
            Some(LogEvent::State(_, StreamState::Failed(problem))) => all.push(problem.to_string()),
            Some(_) => {}
            None => panic!("it ended with {all:?}"),
        }
    }
    all
}

const OPTIONS: &str =
    "\noptions present and query resolved to log files for [kubelet]\ntry without specifying options\n";

/// A file that grows by a line with each request, and is replaced after `until` of them.
fn growing(until: usize) -> impl Fn(&Seen) -> Reply + Send + Sync + 'static {
    let asked = AtomicUsize::new(0);
    move |seen| {
        if seen.uri.contains("query=") {
            return Reply::new(200, OPTIONS);
        }
        if !seen.uri.ends_with("/n1/proxy/logs/kubelet.log") {
            return Reply::new(404, "404 page not found");
        }
        let n = asked.fetch_add(1, Ordering::SeqCst);
        let (first, last) = if n < until { (0, n + 2) } else { (1_000, 1_002 + n - until) };
        let line = |i: usize| format!("I1121 11:59:{:02}.000000 1 a.go:1] {i}\n", i % 60);
        let text = (first..last).map(line).collect::<Vec<_>>().concat();
        let range = seen.header("range").trim_start_matches("bytes=").to_owned();
        let from = match range.split_once('-') {
            Some(("", last)) => text.len().saturating_sub(last.parse().expect("a number")),
            Some((from, _)) => from.parse().expect("a number"),
            None => panic!("{range}"),
        };
        let total = text.len();
        if from >= total {
            return Reply::new(416, "").with("content-range", format!("bytes */{total}"));
        }
        let told = format!("bytes {from}-{}/{total}", total - 1);
        Reply::new(206, text[from..].to_owned()).with("content-range", told).with("content-type", "text/plain")
    }
}

fn numbers(lines: &[String]) -> Vec<String> {
    lines.iter().map(|l| l.rsplit("] ").next().unwrap_or_default().to_owned()).collect()
}

#[tokio::test(start_paused = true)]
async fn a_service_that_writes_a_file_is_read_from_it() {
    let got = lines("", Since::Tail, 5, growing(usize::MAX)).await;
    assert_eq!(numbers(&got), ["0", "1", "2", "3", "4"], "{got:?}");
}

#[tokio::test(start_paused = true)]
async fn another_file_under_the_same_name_is_noticed() {
    let got = lines("kubelet", Since::Tail, 6, growing(2)).await;
    let told = "! possible gap: the file was replaced by a new one";
    assert_eq!(numbers(&got)[..6], ["0", "1", "2", told, "1000", "1001"], "{got:?}");
}

#[tokio::test(start_paused = true)]
async fn a_time_before_is_left_out() {
    // The lines are of 11:59:00 on, one a second.
    let got = lines("kubelet", Since::At(now() - 58_000, None), 1, growing(usize::MAX)).await;
    assert_eq!(numbers(&got), ["2"], "{got:?}");
}

#[tokio::test(start_paused = true)]
async fn what_there_is_not_is_named() {
    let script = |seen: &Seen| {
        if seen.uri.contains("query=") { Reply::new(200, OPTIONS) } else { Reply::new(404, "404 page not found") }
    };
    let got = lines("nonesuch", Since::Tail, 1, script).await;
    assert_eq!(
        got,
        ["not found: node n1 has neither such a unit nor /var/log/nonesuch.log, nonesuch, nonesuch/nonesuch.log"]
    );
}
