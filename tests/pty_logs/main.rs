//! Logs by keys, as a user reads them, on the simulated cluster; and that no line drives the terminal.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    clippy::print_stdout,
    dead_code,
    reason = "a test tells by failing, and a shared harness is not used whole"
)]

mod hostile;
#[path = "../pty/mod.rs"]
mod pty;
mod reading;
mod sizes;

use pty::{Program, command};
use std::path::Path;

const QD: &str = env!("CARGO_BIN_EXE_qd");

fn open(line: &str, columns: u16, rows: u16) -> Program {
    open_in(Path::new("/"), line, columns, rows)
}

/// A log, zoomed, of a program whose working and configuration folder is this one.
fn open_in(folder: &Path, line: &str, columns: u16, rows: u16) -> Program {
    let mut command = command(QD, &["--demo", "--demo-seed", "7", "-c", line]);
    command.env("XDG_CONFIG_HOME", folder);
    command.cwd(folder);
    let mut program = Program::start(command, columns, rows);
    program.wait_for("a live log", |s| s.contents().contains("logs ·") && s.contents().contains("live"));
    // A small screen shows it alone as it is.
    if program.screen().contents().matches('╭').count() > 1 {
        program.send("\\z");
    }
    program.wait_for("one pane", |s| s.contents().matches('╭').count() == 1);
    // Of all streams, not only of those that were opened first.
    program.wait_for("lines", |s| count(s).is_some_and(|n| n > 10_000));
    program
}

/// The count of lines in the lower border.
fn count(screen: &vt100::Screen) -> Option<u64> {
    // A line of a log may speak of lines too.
    let border = rows(screen).into_iter().find(|r| r.starts_with('╰'))?;
    let (before, _) = border.split_once(" lines")?;
    before.rsplit(' ').next()?.replace(',', "").parse().ok()
}

/// The rows of a screen.
fn rows(screen: &vt100::Screen) -> Vec<String> {
    let (_, columns) = screen.size();
    screen.rows(0, columns).collect()
}

/// The row the cursor is on.
fn chosen(screen: &vt100::Screen) -> Option<String> {
    rows(screen).into_iter().find(|r| r.contains('▌'))
}

/// Types keys and waits for words.
fn then(program: &mut Program, keys: &str, words: &str) {
    program.send(keys);
    program.wait_for_text(words);
}

/// Types keys and waits until words are gone.
fn until_gone(program: &mut Program, keys: &str, words: &str) {
    program.send(keys);
    program.wait_for(&format!("no {words:?}"), |s| !s.contents().contains(words));
}

/// Waits until all that was there before has been read: then lines come one by one.
fn all_read(program: &Program) {
    let (mut last, mut since) = (0, std::time::Instant::now());
    program.wait_for("older lines come no more", |s| {
        let now = count(s).unwrap_or(0);
        if now.abs_diff(last) > 100 {
            (last, since) = (now, std::time::Instant::now());
        }
        since.elapsed() > std::time::Duration::from_secs(2)
    });
}
