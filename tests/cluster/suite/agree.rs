//! What the panes show is what kubectl prints.

use crate::oracle::{kubeconfig, kubectl, turn};
use crate::pty::{Program, command};
use std::time::{Duration, Instant};

const QD: &str = env!("CARGO_BIN_EXE_qd");

/// The console on one kind, zoomed, at a size where nothing is cut off.
fn console(line: &str) -> Program {
    let program = Program::start(command(QD, &["--kubeconfig", &kubeconfig("admin.conf"), "-A", "-c", line]), 240, 100);
    program.wait_for("a live pane", |s| s.contents().contains(" live "));
    program
}

/// Rows of the screen as words, one a line of the focused pane: `▌`, marks and borders aside.
fn lines(screen: &vt100::Screen) -> Vec<String> {
    let (_, columns) = screen.size();
    screen.rows(0, columns).map(|r| r.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

/// Waits until each of kubectl's rows is on the screen with these cells, in this order. kubectl is
/// asked anew each time: the cluster lives, and only a moment when both agree counts.
fn agree(line: &str, args: &[&str], cells: &[&str], keep: impl Fn(&crate::sheet::Sheet) -> Vec<Vec<String>>) {
    let _turn = turn();
    let mut program = console(line);
    program.send("\\z");
    let deadline = Instant::now() + Duration::from_secs(120);
    loop {
        let sheet = crate::sheet::of_kubectl(&kubectl(args), &["NAMESPACE", "NAME"]);
        let wanted = keep(&sheet);
        assert!(!wanted.is_empty(), "kubectl {args:?} has rows with {cells:?}");
        let shown = lines(&program.screen());
        let missing: Vec<_> = wanted.iter().filter(|row| !shown.iter().any(|l| in_order(l, row))).collect();
        if missing.is_empty() {
            eprintln!("{line}: {} rows agree in {cells:?}", wanted.len());
            return;
        }
        assert!(
            Instant::now() < deadline,
            "{line}: kubectl has rows that the screen has not: {missing:?}\n{}",
            shown.join("\n")
        );
        std::thread::park_timeout(Duration::from_millis(500));
    }
}

fn in_order(line: &str, cells: &[String]) -> bool {
    let mut rest = line;
    cells.iter().all(|cell| match rest.find(cell.as_str()) {
        Some(at) => {
            rest = &rest[at + cell.len()..];
            true
        }
        None => false,
    })
}

fn pick(titles: &'static [&'static str]) -> impl Fn(&crate::sheet::Sheet) -> Vec<Vec<String>> {
    move |sheet| {
        let cell = |row: &std::collections::BTreeMap<String, String>, t: &str| {
            let text = row.get(t).cloned().unwrap_or_default();
            // Restarts are told with an age, and ages move on.
            text.split(" (").next().unwrap_or_default().to_owned()
        };
        sheet.values().map(|row| titles.iter().map(|t| cell(row, t)).collect()).collect()
    }
}

#[test]
fn nodes_agree_with_kubectl() {
    const CELLS: &[&str] = &["NAME", "STATUS", "ROLES", "VERSION"];
    agree(":nodes", &["get", "nodes", "-o", "wide"], CELLS, pick(CELLS));
}

#[test]
fn pods_in_every_state_agree_with_kubectl() {
    const CELLS: &[&str] = &["NAMESPACE", "NAME", "READY", "STATUS", "RESTARTS"];
    agree(":pods", &["get", "pods", "-A", "-o", "wide"], CELLS, pick(CELLS));
}

#[test]
fn deployments_agree_with_kubectl() {
    const CELLS: &[&str] = &["NAMESPACE", "NAME", "READY", "UP-TO-DATE", "AVAILABLE"];
    agree(":deployments", &["get", "deployments", "-A", "-o", "wide"], CELLS, pick(CELLS));
}

#[test]
fn a_custom_kind_comes_through_the_servers_table() {
    const CELLS: &[&str] = &["NAMESPACE", "NAME"];
    agree(":voyages", &["get", "voyages", "-A"], CELLS, pick(CELLS));
}
