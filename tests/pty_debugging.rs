//! Pods and containers brought in to look at something, on the simulated cluster, in a terminal.

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
use std::time::Duration;
use tempfile::TempDir;

const QD: &str = env!("CARGO_BIN_EXE_qd");

/// The console at a table of the simulated cluster, the row of that name chosen, with a state folder of its own: what a
/// killed one has left is asked about at the next start.
fn at(line: &str, name: &str) -> (Program, TempDir) {
    let state = tempfile::tempdir().unwrap();
    let mut qd = command(QD, &["--demo", "--demo-seed", "7", "-c", line]);
    qd.env("XDG_STATE_HOME", state.path());
    let program = Program::start(qd, 120, 36);
    program.wait_for("its row", |s| s.contents().contains(&format!("▌{name}")));
    (program, state)
}

/// Types at the prompt of the shell that is open.
fn typed(program: &mut Program, line: &str) {
    program.wait_for("a prompt", |s| ["/ # ", "/ $ "].iter().any(|prompt| s.contents().contains(prompt)));
    program.send(format!("{line}\r"));
}

#[test]
fn a_throw_away_pod_goes_when_its_shell_ends() {
    let (mut program, _state) = at("po shop", "");
    program.send(":run busybox\r");
    program.wait_for_text("▌ image");
    program.send("\r");
    program.wait_for_text("kubectl --context demo -n shop run run-");
    program.confirm("Enter: do it", "\r");
    typed(&mut program, "hostname; sleep 4; exit");
    program.wait_for_text("· done ");
    program.wait_for("the removal", |s| s.contents().lines().any(|l| l.contains("removal") && l.contains("gone")));
}

#[test]
fn an_image_that_cannot_be_pulled_is_told_and_cancelling_removes_the_pod() {
    let (mut program, _state) = at("po shop", "");
    program.send(":run registry.example/tools:missing\r");
    program.wait_for_text("▌ image");
    program.send("\r");
    program.confirm("Enter: do it", "\r");
    program.wait_for_text("ErrImagePull");
    program.send("x");
    program.confirm("y: yes", "y");
    program.wait_for("the removal", |s| s.contents().lines().any(|l| l.contains("removal") && l.contains("removed")));
}

#[test]
fn a_node_shell_reads_the_nodes_files() {
    let (mut program, _state) = at("nodes", "control-a1");
    // In the pane of nodes that is there from the start, and in the one that has the keys.
    program.wait_for("both tables", |s| s.contents().matches("▌control-a1").count() == 2);
    program.send("s");
    program.wait_for_text("▌ image");
    program.send("\r");
    program.wait_for_text("sees the node's network");
    program.confirm("y: yes", "y");
    typed(&mut program, "cat /host/etc/os-release");
    program.wait_for_text("PRETTY_NAME=");
    // The pod goes with its pane.
    program.send("\x1d");
    program.send("x");
    program.wait_for("the removal", |s| s.contents().lines().any(|l| l.contains("removal") && l.contains("gone")));
}

#[test]
fn a_debugging_container_stays_listed_and_only_what_debugging_made_is_swept() {
    let (mut program, _state) = at("po data /postgres-0", "postgres-0");
    program.send(":debug busybox\r");
    program.wait_for_text("▌ image");
    program.send("\r");
    program.wait_for_text("an ephemeral container cannot be removed");
    program.confirm("Enter: do it", "\r");
    typed(&mut program, "sleep 4; exit 3");
    program.wait_for("its code", |s| s.contents().lines().any(|l| l.contains("session") && l.contains("exit 3")));
    // What is typed just then was meant for the shell.
    let there = |s: &vt100::Screen| {
        s.contents().lines().any(|l| l.contains("debugger-") && l.contains("ephemeral") && l.contains("ended, exit 3"))
    };
    let begun = std::time::Instant::now();
    while !{
        program.send(":debugging\r");
        program.look_for(Duration::from_secs(2), there)
    } {
        assert!(begun.elapsed() < Duration::from_secs(60), "{}", program.screen().contents());
    }
    program.send(":sweep\r");
    program.wait_for_text("it goes with its pod");
    // A copy that is to stay is swept later.
    program.send(":po data /postgres-0\r");
    program.wait_for_text("▌postgres-0");
    program.send(":debug-copy\r");
    program.wait_for_text("▌ copy to");
    program.send("\t");
    program.send("busybox\r");
    program.confirm("Enter: do it", "\r");
    typed(&mut program, "echo in the co''py");
    program.wait_for_text("in the copy");
}
