//! The console on the judged cluster.

use crate::judged::kubeconfig;
use crate::pty::{Program, command};
use crate::sheet::Sheet;
use std::time::{Duration, Instant};

pub const QD: &str = env!("CARGO_BIN_EXE_qd");

/// A size at which no cell is cut off.
pub const ROOMY: (u16, u16) = (640, 220);

/// Opens one pane, zoomed.
pub fn open(conf: &str, args: &[&str], line: &str, (columns, rows): (u16, u16)) -> Program {
    let conf = kubeconfig(conf);
    let args: Vec<&str> = ["--kubeconfig", conf.as_str(), "-c", line].iter().chain(args).copied().collect();
    let mut command = command(QD, &args);
    // Nothing of Kubernetes is within its reach but the API.
    command.env("PATH", "/nonexistent");
    let mut program = Program::start(command, columns, rows);
    // A kind that only the server knows has its pane once the server has told.
    let kind = line.trim_start_matches(':').split('.').next().unwrap_or_default();
    let title = format!("╭ {kind} ");
    program.wait_for("the kind's pane", |s| s.contents().contains(&title));
    program.send("\\z");
    program.wait_for("one pane", |s| s.contents().matches('╭').count() == 1);
    program
}

/// Shows the columns of `kubectl get -o wide`.
pub fn widen(program: &mut Program) {
    program.send("\x17");
}

/// How true the pane says it is: the end of its upper border.
pub fn freshness(screen: &vt100::Screen) -> String {
    let (_, columns) = screen.size();
    let border = screen.rows(0, columns).find(|r| r.starts_with('╭')).unwrap_or_default();
    border.trim_end().trim_end_matches('╮').rsplit("─ ").next().unwrap_or_default().trim().to_owned()
}

/// Whether the pane says that its rows are true now.
pub fn live(screen: &vt100::Screen) -> bool {
    freshness(screen).starts_with("live")
}

/// Whether it says that they may be old.
pub fn doubtful(screen: &vt100::Screen) -> bool {
    let words = freshness(screen);
    words.contains("stale") || words.contains("reconnecting")
}

/// Waits for a live pane and returns how long that took.
pub fn until_live(program: &Program, patience: Duration) -> Duration {
    let start = Instant::now();
    program.wait_within(patience, "a live pane", live);
    start.elapsed()
}

/// The rows on the screen.
pub fn sheet(program: &Program) -> Sheet {
    Sheet::of_screen(&program.screen())
}

/// The line the cursor is on.
fn chosen(screen: &vt100::Screen) -> Option<u16> {
    let (rows, _) = screen.size();
    (0..rows).find(|&r| screen.cell(r, 1).is_some_and(|c| c.contents() == "▌"))
}

/// Moves the cursor up and down and returns how long each key took to be on the screen, sorted.
pub fn keys(program: &mut Program, count: usize) -> Vec<Duration> {
    let mut took: Vec<Duration> = (0..count)
        .map(|n| {
            let from = chosen(&program.screen());
            let start = Instant::now();
            program.send(if n % 2 == 0 { "j" } else { "k" });
            program.wait_for("the cursor on another row", |s| chosen(s).is_some() && chosen(s) != from);
            start.elapsed()
        })
        .collect();
    took.sort();
    took
}
