//! The real `qd`, on the simulated cluster, in a terminal: what a user meets between
//! typing the command and being back in the shell.

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
use rustix::process::Signal;
use std::process::Stdio;
use std::time::Duration;

const QD: &str = env!("CARGO_BIN_EXE_qd");

/// The console as it starts, with the cursor on a pod.
fn pods() -> Program {
    console(command(QD, &["--demo", "--demo-seed", "7"]))
}

fn console(command: portable_pty::CommandBuilder) -> Program {
    let program = Program::start(command, 100, 30);
    program.wait_for("all pods, and the cursor on one of them", |screen| {
        screen.contents().contains(" live ") && chosen(screen).is_some()
    });
    program
}

/// The row the cursor is on in the focused pane.
fn chosen(screen: &vt100::Screen) -> Option<String> {
    let (_, columns) = screen.size();
    let row = screen.rows(0, columns).find(|row| row.contains('▌'))?;
    let (_, chosen) = row.split_once('▌')?;
    // Up to the next pane, and without what changes by itself (ages, usage).
    let words = chosen.split('│').next()?.split_whitespace().take(3);
    Some(words.collect::<Vec<_>>().join(" "))
}

fn wait_for_another(program: &Program, than: &str) -> String {
    let mut found = String::new();
    program.wait_for(&format!("another row than {than:?}"), |screen| match chosen(screen) {
        Some(row) if row != than => {
            found = row;
            true
        }
        _ => false,
    });
    found
}

fn wait_for_chosen(program: &Program, row: &str) {
    program.wait_for(&format!("the cursor on {row:?}"), |screen| chosen(screen).as_deref() == Some(row));
}

#[test]
fn the_cursor_follows_the_keys() {
    let mut program = pods();
    let first = chosen(&program.screen()).expect("a row");
    program.send("\x1b[B");
    let second = wait_for_another(&program, &first);
    program.send("j");
    let third = wait_for_another(&program, &second);
    assert_ne!(third, first);
    program.send("k\x1bOA");
    wait_for_chosen(&program, &first);
}

#[test]
fn arrows_split_by_a_slow_line_are_no_escape() {
    let mut slow = command(QD, &["--demo", "--demo-seed", "7"]);
    // A busy machine may take longer over a byte than any line does.
    slow.env("XDG_CONFIG_HOME", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/pty/config"));
    let mut program = console(slow);
    program.send("/a\r");
    program.wait_for_text("/a");
    let first = chosen(&program.screen()).expect("a row");
    program.send_slowly(b"\x1b[B", Duration::from_millis(40));
    wait_for_another(&program, &first);
    let text = program.screen().contents();
    assert!(text.contains("/a"), "an Esc would have cleared the filter:\n{text}");
    program.send("\x1b");
    program.wait_for("the filter gone", |screen| !screen.contents().contains("/a "));
}

#[test]
fn pasted_text_is_no_command() {
    let mut program = pods();
    program.send("\x1b[200~:q\r\x03\x03\x1b[201~");
    program.send("/");
    program.send("\x1b[200~web\x1b[201~\r");
    program.wait_for_text("/web");
}

#[test]
fn every_way_out_restores_the_terminal() {
    let ways: [(&str, fn(&mut Program)); 5] = [
        ("SIGTERM", |program| program.signal(Signal::TERM)),
        ("SIGHUP", |program| program.signal(Signal::HUP)),
        ("SIGINT", |program| program.signal(Signal::INT)),
        (":q", |program| program.send(":q\r")),
        ("Ctrl-C twice", |program| program.send("\x03\x03")),
    ];
    for (name, leave) in ways {
        let mut program = pods();
        assert_ne!(program.modes(), program.modes_before(), "raw before {name}");
        assert!(program.screen().alternate_screen());
        leave(&mut program);
        let status = program.wait_for_end();
        assert!(status.success(), "{name}: {status:?}");
        program.assert_restored();
    }
}

#[test]
fn a_storm_of_sizes_ends_in_the_right_frame() {
    let program = pods();
    for n in 0..120u16 {
        program.resize(20 + (n * 37) % 200, 5 + (n * 13) % 60);
    }
    program.resize(90, 25);
    program.wait_for("a frame of the last size", |screen| {
        let rows: Vec<String> = screen.rows(0, 90).collect();
        // A corner in the last column of the row under the header, and of the one over the hints.
        rows[1].ends_with('╮') && rows[23].ends_with('╯') && rows[24].contains("? help")
    });
    assert!(chosen(&program.screen()).is_some());
}

#[test]
fn a_window_too_small_says_so_and_recovers() {
    let program = pods();
    program.resize(30, 6);
    program.wait_for("less than a frame", |screen| !screen.contents().contains('╭'));
    program.resize(100, 30);
    program.wait_for("the frame", |screen| chosen(screen).is_some());
}

#[test]
fn a_closed_window_ends_the_program() {
    let mut program = pods();
    program.cut();
    program.wait_for_end();
}

#[test]
fn a_window_nobody_reads_holds_up_no_end() {
    let mut program = pods();
    program.hold(true);
    for _ in 0..100 {
        program.send("jjjkkk\x1b[6~\x1b[5~");
    }
    program.signal(Signal::TERM);
    assert!(program.wait_for_end().success());
    assert_eq!(program.modes(), program.modes_before());
}

#[test]
fn the_screen_is_right_after_nobody_read_it() {
    let mut program = pods();
    program.hold(true);
    for _ in 0..100 {
        program.send("jk\x1b[6~\x1b[5~");
    }
    program.send("?");
    program.hold(false);
    program.wait_for("the help, which the last key asked for", |screen| chosen(screen).is_none());
    // Alone: an ESC with another key right behind it would be Alt with that key.
    program.send("\x1b");
    program.wait_for("rows", |screen| chosen(screen).is_some());
    program.send(":q\r");
    assert!(program.wait_for_end().success());
    program.assert_restored();
}

#[test]
fn suspended_the_shell_has_the_terminal_and_gives_it_back() {
    let mut command = command("sh", &["-i"]);
    command.env("PS1", "shell> ");
    let mut shell = Program::start(command, 100, 30);
    shell.wait_for_text("shell>");
    let at_prompt = shell.modes();
    shell.send(format!("{QD} --demo --demo-seed 7\r"));
    shell.wait_for("pods", |screen| chosen(screen).is_some());
    shell.send(":suspend\r");
    shell.wait_for("the shell", |screen| {
        !screen.alternate_screen() && !screen.hide_cursor() && screen.contents().matches("shell>").count() > 1
    });
    shell.wait_for_modes("the shell's own", |modes| modes == at_prompt);
    shell.send("fg\r");
    shell.wait_for("pods again", |screen| screen.alternate_screen() && chosen(screen).is_some());
    let row = chosen(&shell.screen()).expect("a row");
    shell.send("j");
    wait_for_another(&shell, &row);
    shell.send(":q\r");
    shell.wait_for("the shell", |screen| !screen.alternate_screen());
    shell.wait_for_modes("the shell's own", |modes| modes == at_prompt);
}

#[test]
fn without_a_terminal_there_is_one_clear_line() {
    let output = std::process::Command::new(QD)
        .arg("--demo")
        .stdin(Stdio::null())
        .env("HOME", "/nonexistent")
        .output()
        .expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(said.starts_with("qd: standard input is not a terminal") && said.lines().count() == 1, "{said}");
    assert!(output.stdout.is_empty());
}
