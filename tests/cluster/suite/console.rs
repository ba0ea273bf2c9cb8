//! The console on the judged cluster.

use crate::judged::kubeconfig;
use crate::pty::{Program, command};
use crate::sheet::Sheet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The program that is judged: the one built with the suite, or another one, as a release build,
/// by `QD_SUITE_PROGRAM`.
pub fn qd() -> PathBuf {
    std::env::var_os("QD_SUITE_PROGRAM").map_or_else(|| env!("CARGO_BIN_EXE_qd").into(), PathBuf::from)
}

/// The console as it starts, with nothing of Kubernetes within its reach but the API, and perhaps with a
/// folder for its journal and its jobs.
pub fn bare(conf: &str, args: &[&str], (columns, rows): (u16, u16), state: Option<&Path>) -> Program {
    let conf = kubeconfig(conf);
    let args: Vec<&str> = ["--kubeconfig", conf.as_str()].iter().chain(args).copied().collect();
    let mut command = command(&qd().to_string_lossy(), &args);
    command.env("PATH", "/nonexistent");
    if let Some(state) = state {
        command.env("XDG_STATE_HOME", state);
    }
    Program::start(command, columns, rows)
}

/// A size at which no cell is cut off.
pub const ROOMY: (u16, u16) = (640, 220);

/// Opens one pane, zoomed.
pub fn open(conf: &str, args: &[&str], line: &str, size: (u16, u16)) -> Program {
    let mut program = start(conf, args, line, size, None);
    zoom(&mut program);
    program
}

/// Opens a pane beside others.
pub fn start(conf: &str, args: &[&str], line: &str, size: (u16, u16), state: Option<&Path>) -> Program {
    let program = bare(conf, &[&["-c", line], args].concat(), size, state);
    // A kind that only the server knows has its pane once the server has told.
    let kind = line.trim_start_matches(':').split('.').next().unwrap_or_default();
    let title = format!("╭ {kind} ");
    program.wait_for("the kind's pane", |s| s.contents().contains(&title));
    program
}

/// Gives the focused pane all the room.
pub fn zoom(program: &mut Program) {
    program.send("\\z");
    program.wait_for("one pane", |s| s.contents().matches('╭').count() == 1);
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
