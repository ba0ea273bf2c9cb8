//! The terminal's rooms in a real pseudo-terminal, with a small program of their own in
//! the place of `qd`: this test program itself, started again.
//!
//! The small program shows its size and every input as a line of text, suspends on `z`,
//! copies on `c`, panics on `p`, panics in another thread on `t`, lends the terminal to
//! `cat` on `l`, and leaves on `q` and on signals.

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
#[path = "pty/small.rs"]
mod small;

use pty::{Program, command};
use rustix::process::Signal;
use std::time::Duration;

/// The name by which the small program is started.
const CHILD: &str = "small_program";

fn start() -> Program {
    start_with(&[])
}

fn start_with(env: &[&str]) -> Program {
    let this = std::env::current_exe().expect("a path");
    let args = ["--exact", CHILD, "--ignored", "--nocapture", "--test-threads=1"];
    let mut command = command(this.to_str().expect("a readable path"), &args);
    for name in ["PTY_CHILD"].iter().chain(env) {
        command.env(name, "1");
    }
    let program = Program::start(command, 60, 12);
    program.wait_for_text("size 60x12");
    program
}

#[test]
fn the_harness_sees_what_a_shell_says() {
    let mut program = Program::start(command("sh", &["-c", "read line; stty size; echo got $line"]), 50, 10);
    program.resize(70, 20);
    program.send("hello\r");
    program.wait_for_text("20 70");
    program.wait_for_text("got hello");
    assert!(program.wait_for_end().success());
    program.assert_restored();
    assert!(program.bytes() > 10);
}

#[test]
fn the_harness_tells_signals_and_cut_lines() {
    let program = Program::start(command("cat", &[]), 20, 5);
    program.signal(Signal::TERM);
    assert_eq!(program.wait_for_end().signal(), Some("Terminated"));
    let mut program = Program::start(command("cat", &[]), 20, 5);
    program.send("x");
    program.wait_for_text("x");
    program.cut();
    assert!(!program.wait_for_end().success());
}

#[test]
fn keys_come_and_the_end_restores() {
    let mut program = start();
    assert_ne!(program.modes(), program.modes_before());
    assert!(program.screen().alternate_screen() && program.screen().hide_cursor());
    program.send("a\x1b[A\x1b[200~two\rlines\x1b[201~\x1b[<0;3;4M");
    program.wait_for_text("Paste(\"two\\nlines\")");
    program.wait_for_text("Up");
    program.wait_for_text("x: 2, y: 3");
    program.send("q");
    assert!(program.wait_for_end().success());
    program.assert_restored();
}

#[test]
fn split_arrows_are_arrows() {
    // A busy machine may take longer over a byte than any line does.
    let mut program = start_with(&["SLOW_LINE"]);
    program.send_slowly(b"\x1b[A\x1bOB", Duration::from_millis(40));
    program.wait_for_text("Down");
    let text = program.screen().contents();
    assert!(text.contains("Up") && !text.contains("Esc"), "{text}");
    program.send("\x1b");
    program.wait_for_text("Esc");
}

#[test]
fn every_ending_restores() {
    for signal in [Signal::TERM, Signal::HUP, Signal::INT] {
        let program = start();
        program.signal(signal);
        assert!(program.wait_for_end().success(), "{signal:?}");
        program.assert_restored();
    }
}

#[test]
fn a_panic_restores_and_then_speaks() {
    let mut program = start();
    program.send("p");
    assert!(!program.wait_for_end().success());
    program.assert_restored();
    program.wait_until_said("the screen's own panic");
}

#[test]
fn a_panic_elsewhere_leaves_the_screen_alone() {
    let mut program = start();
    program.send("t");
    program.wait_for_text("a thread panicked");
    let screen = program.screen();
    assert!(screen.alternate_screen() && !screen.contents().contains("somebody else"), "{}", screen.contents());
}

#[test]
fn resizes_end_at_the_last_size() {
    let program = start();
    for n in 0..100u16 {
        program.resize(40 + n % 37, 8 + n % 11);
    }
    program.resize(72, 15);
    program.wait_for_text("size 72x15");
}

#[test]
fn the_line_cut_is_the_end() {
    let mut program = start();
    program.cut();
    program.wait_for_end();
}

#[test]
fn nobody_reading_holds_up_no_key_and_no_end() {
    let mut program = start();
    program.hold(true);
    // Each key is a frame; far more of them than a terminal holds.
    for _ in 0..200 {
        program.send("abcdefghij");
    }
    program.send("q");
    program.wait_for_end();
    assert_eq!(program.modes(), program.modes_before());
}

#[test]
fn the_screen_is_right_when_reading_resumes() {
    let mut program = start();
    program.hold(true);
    for _ in 0..200 {
        program.send("abcdefghij");
    }
    program.send("X");
    program.hold(false);
    program.wait_for("the newest key", |screen| screen.contents().contains("n 2001 Key X"));
}

#[test]
fn lending_gives_the_terminal_to_another() {
    let mut program = start();
    program.send("l");
    program.wait_for("the main screen", |screen| !screen.alternate_screen());
    program.wait_for_modes("as before", |modes| modes == program.modes_before());
    program.send("to the other\r");
    program.wait_for("its echo", |screen| screen.contents().matches("to the other").count() == 2);
    program.send([4]);
    program.wait_for_text("taken back");
    program.send("k");
    program.wait_for_text("Key k");
    assert!(!program.screen().contents().contains("to the other"));
}

#[test]
fn a_stop_gives_the_terminal_to_the_shell() {
    let this = std::env::current_exe().expect("a path");
    let mut command = command("sh", &["-i"]);
    command.env("PS1", "shell> ");
    command.env("PTY_CHILD", "1");
    let mut shell = Program::start(command, 100, 24);
    shell.wait_for_text("shell>");
    let at_prompt = shell.modes();
    shell.send(format!(
        "{} --exact {CHILD} --ignored --nocapture --test-threads=1\r",
        this.to_str().expect("a readable path")
    ));
    shell.wait_for_text("size 100x24");
    shell.send("z");
    shell.wait_for("the shell's prompt", |screen| {
        !screen.alternate_screen() && !screen.hide_cursor() && screen.contents().matches("shell>").count() > 1
    });
    shell.wait_for_modes("as at the first prompt", |modes| modes == at_prompt);
    shell.send("fg\r");
    shell.wait_for("the program's screen", vt100::Screen::alternate_screen);
    shell.wait_for_text("taken back");
    shell.send("k");
    shell.wait_for_text("Key k");
    shell.send("q");
    shell.wait_for("the shell's prompt", |screen| !screen.alternate_screen());
    shell.wait_for_modes("as at the first prompt", |modes| modes == at_prompt);
}

#[test]
fn without_a_shell_there_is_no_stop() {
    let mut program = start();
    program.send("z");
    program.wait_for_text("taken back");
    program.send("k");
    program.wait_for_text("Key k");
}

#[test]
fn no_terminal_is_a_clear_error() {
    let this = std::env::current_exe().expect("a path");
    let output = std::process::Command::new(this)
        .args(["--exact", CHILD, "--ignored", "--nocapture", "--test-threads=1"])
        .env("PTY_CHILD", "1")
        .stdin(std::process::Stdio::null())
        .output()
        .expect("it runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("standard input is not a terminal"), "{said}");
}

/// Not a test: what the tests above start. It does nothing when someone runs the ignored tests.
#[test]
#[ignore = "started by the other tests, in a terminal of its own"]
fn small_program() {
    if std::env::var_os("PTY_CHILD").is_some() {
        small::run();
    }
}
