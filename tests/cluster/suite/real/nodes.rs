//! Nodes lose their power and their kubelet, and come back.

use crate::agree::agree;
use crate::console::{ROOMY, open, until_live, widen};
use crate::judged::{self, Undo, kubectl, lever};
use crate::sheet::Sheet;
use crate::stopwatch::within;
use std::time::{Duration, Instant};

/// STATUS of a node on the screen.
fn status(screen: &vt100::Screen, node: &str) -> String {
    let sheet = Sheet::of_screen(screen);
    let row = sheet.rows.iter().find(|r| r.get("NAME").is_some_and(|n| n == node));
    row.and_then(|r| r.get("STATUS")).cloned().unwrap_or_default()
}

#[test]
fn lost_nodes_are_shown_and_come_back() {
    let _nodes = judged::nodes();
    let nodes = ["get", "nodes", "-o", "wide"];
    let pods = ["get", "pods", "-A", "-o", "wide"];
    let mut table = open("admin.conf", &[], ":nodes", ROOMY);
    let mut all = open("admin.conf", &["-A"], ":pods", ROOMY);
    for program in [&mut table, &mut all] {
        widen(program);
        until_live(program, Duration::from_mins(1));
    }
    let _on = Undo(&["node-on", "2"]);
    let _started = Undo(&["kubelet-start", "1"]);
    let start = Instant::now();
    lever(&["node-off", "2"]);
    lever(&["kubelet-stop", "1"]);
    for node in ["node-1", "node-2"] {
        table.wait_within(Duration::from_mins(3), "a node that is not ready", |s| status(s, node) == "NotReady");
        within(&format!("{node} lost: NotReady on the screen"), start.elapsed(), Duration::from_secs(80));
    }
    agree(&table, &nodes, &[]);
    agree(&all, &pods, &[]);
    let start = Instant::now();
    lever(&["kubelet-start", "1"]);
    lever(&["node-on", "2"]);
    for node in ["node-1", "node-2"] {
        table.wait_within(Duration::from_mins(3), "a node that is ready", |s| status(s, node) == "Ready");
        within(&format!("{node} back: Ready on the screen"), start.elapsed(), Duration::from_secs(30));
    }
    agree(&table, &nodes, &[]);
    kubectl(&["wait", "pods", "-n", "shop", "-l", "app=web", "--for=condition=Ready", "--timeout=120s"]);
    agree(&all, &pods, &[]);
}
