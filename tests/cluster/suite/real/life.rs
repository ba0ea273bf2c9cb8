//! A pod's life, seen in order.

use crate::console::{live, open};
use crate::judged::{Space, apply, containers, kubectl, kubectl_on};
use crate::sheet::Sheet;
use std::io::{BufRead, BufReader};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// READY, STATUS, RESTARTS without its time.
type Moment = [String; 3];

/// Three seconds of preparing, not ready for two, four of running in all, an error, the same again
/// at once, then after its back-off; it ignores the request to end, so its end takes the grace.
const PODS: &str = "
apiVersion: v1
kind: Pod
metadata: {name: anchor, namespace: qd-life}
spec:
  schedulingGates: [{name: qd.test/tide}]
  containers: [{name: c, image: 'qd.test/bare:1'}]
---
apiVersion: v1
kind: Pod
metadata: {name: life, namespace: qd-life}
spec:
  terminationGracePeriodSeconds: 4
  initContainers:
  - {name: prepare, image: 'qd.test/talker:1', args: [-rate, '1', -count, '3']}
  containers:
  - name: c
    image: qd.test/busybox:1
    command: [sh, -c, 'trap : TERM; sleep 2; sleep 2; exit 3']
    readinessProbe: {exec: {command: ['true']}, initialDelaySeconds: 2, periodSeconds: 1}
";

fn moment(ready: &str, status: &str, restarts: &str) -> Moment {
    [ready, status, restarts.split(' ').next().unwrap_or_default()].map(str::to_owned)
}

/// Adds what is new.
fn add(all: &mut Vec<Moment>, now: Moment) {
    if all.last() != Some(&now) {
        all.push(now);
    }
}

#[test]
fn a_pods_life_is_seen_in_order() {
    let _containers = containers();
    let space = Space::new("qd-life");
    // `get NAME -w` would want the pod to be there.
    let mut judge = kubectl_on(&["get", "pods", "-n", space.0, "-w", "--no-headers", "--output-watch-events"]);
    let (tell, told) = mpsc::channel();
    let lines = BufReader::new(judge.stdout.take().expect("its output")).lines();
    let listening = std::thread::spawn(move || {
        for line in lines.map_while(Result::ok) {
            let words: Vec<&str> = line.split_whitespace().collect();
            if let [event, "life", ready, status, restarts, ..] = words[..]
                && tell.send((Instant::now(), event == "DELETED", moment(ready, status, restarts))).is_err()
            {
                return;
            }
        }
    });
    let program = open("admin.conf", &["-n", space.0], ":pods", (160, 40));
    // An empty list, live, before life begins.
    program.wait_for("a live pane", live);
    apply(PODS);

    let mut seen: Vec<Moment> = Vec::new();
    let mut deleted = false;
    program.wait_within(Duration::from_secs(180), "the whole life", |screen| {
        let sheet = Sheet::of_screen(screen);
        let life = sheet.rows.iter().find(|r| r.get("NAME").is_some_and(|n| n == "life"));
        if let Some(row) = life {
            add(&mut seen, moment(&row["READY"], &row["STATUS"], &row["RESTARTS"]));
        }
        // The end is wanted once it runs after its back-off.
        let third = seen.last().is_some_and(|[_, status, restarts]| status == "Running" && restarts == "2");
        if third && !deleted {
            deleted = true;
            std::thread::spawn(|| kubectl(&["delete", "pod", "life", "-n", "qd-life", "--wait=false"]));
        }
        deleted && life.is_none()
    });
    let mut truth: Vec<(Instant, Moment)> = Vec::new();
    loop {
        let (at, gone, now) = told.recv_timeout(Duration::from_secs(20)).expect("kubectl sees the end");
        if truth.last().is_none_or(|(_, last)| *last != now) {
            truth.push((at, now));
        }
        if gone {
            truth.push((at, Moment::default()));
            break;
        }
    }
    let _ = judge.kill().and_then(|()| judge.wait());
    listening.join().expect("the listener ends");

    let states: Vec<&Moment> = truth.iter().map(|(_, m)| m).collect();
    for moment in &seen {
        assert!(states.contains(&moment), "{moment:?} never was; kubectl saw {states:#?}");
    }
    let lasting = truth.windows(2).filter(|w| w[1].0 - w[0].0 > Duration::from_secs(1)).map(|w| &w[0].1);
    let lasting: Vec<&Moment> = lasting.collect();
    let mut rest = seen.iter();
    for state in &lasting {
        let found = rest.any(|m| m == *state);
        assert!(found, "{state:?} lasted over a second and was not seen in its place; seen: {seen:#?}");
    }
    eprintln!("a life of {} moments, {} of over a second, {} on the screen", states.len(), lasting.len(), seen.len());
    for (at, state) in &truth {
        let mark = if seen.contains(state) { "seen" } else { "" };
        eprintln!("  {:5.1} s  {}  {mark}", (*at - truth[0].0).as_secs_f64(), state.join("  "));
    }
}
