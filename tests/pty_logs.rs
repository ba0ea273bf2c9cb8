//! Logs by keys, as a user reads them, on the simulated cluster.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    clippy::print_stdout,
    dead_code,
    reason = "a test tells by failing, and a shared harness is not used whole"
)]

mod pty;

use pty::{Program, command};

const QD: &str = env!("CARGO_BIN_EXE_qd");

fn open(line: &str, columns: u16, rows: u16) -> Program {
    let mut program = Program::start(command(QD, &["--demo", "--demo-seed", "7", "-c", line]), columns, rows);
    program.wait_for("a live log", |s| s.contents().contains("logs ·") && s.contents().contains("live"));
    program.send("\\z");
    program
}

/// The count of lines in the lower border.
fn count(screen: &vt100::Screen) -> Option<u64> {
    let text = screen.contents();
    let (before, _) = text.split_once(" lines")?;
    before.rsplit(' ').next()?.replace(',', "").parse().ok()
}

#[test]
fn a_log_is_followed_paused_and_followed_again() {
    let mut program = open(":logs -n shop -l app", 120, 30);
    program.wait_for("lines", |s| count(s).is_some_and(|n| n > 50));
    program.send("kkk");
    program.wait_for_text("paused");
    program.wait_for("lines counted up meanwhile", |s| s.contents().contains(" new"));
    program.send("G");
    program.wait_for("the end again", |s| !s.contents().contains("paused"));
    program.send("q\x03\x03");
    assert!(program.wait_for_end().success());
    program.assert_restored();
}

#[test]
fn find_filter_fields_and_time_each_do_their_own() {
    let mut program = open(":logs -n shop -l app", 120, 30);
    program.wait_for("lines", |s| count(s).is_some_and(|n| n > 50));
    program.send("/request\r");
    program.wait_for("the count of hits", |s| s.contents().contains("/request ") && s.contents().contains(" of "));
    program.send("\x1b");
    program.wait_for("no search", |s| !s.contents().contains("/request"));
    program.send("&level>=warn\r");
    program.wait_for("the filter", |s| s.contents().contains("&level>=warn") && s.contents().contains(" of "));
    program.send("\x1b");
    program.wait_for("all lines", |s| !s.contents().contains("&level>=warn"));
    program.send("t");
    program.wait_for_text("times: UTC");
    program.send("\r");
    program.wait_for_text("service");
    program.send("S");
    program.wait_for_text("lines and errors in");
    program.send("3");
    program.wait_for_text("last 5 min");
}
