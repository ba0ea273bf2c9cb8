//! The API server goes away and comes back: the panes say so, keep their rows, answer keys,
//! and recover by themselves.

use crate::oracle::{kubeconfig, lever, turn};
use crate::pty::{Program, command};
use std::time::Instant;

const QD: &str = env!("CARGO_BIN_EXE_qd");

/// Starts the API server again whatever the case came to.
struct Up;

impl Drop for Up {
    fn drop(&mut self) {
        lever(&["api-start"]);
    }
}

#[test]
fn a_stopped_api_server_is_said_and_survived() {
    let _turn = turn();
    let mut program =
        Program::start(command(QD, &["--kubeconfig", &kubeconfig("admin.conf"), "-A", "-c", ":pods"]), 160, 60);
    program.send("\\z");
    program.wait_for("live pods", |s| s.contents().contains(" live ") && s.contents().contains("Running"));
    let up = Up;
    let start = Instant::now();
    lever(&["api-stop"]);
    program.wait_for("the loss on screen", |s| {
        let text = s.contents();
        text.contains("reconnecting") || text.contains("stale")
    });
    eprintln!("api-stop was on screen {:.1} s after the lever was pulled", start.elapsed().as_secs_f64());
    assert!(program.screen().contents().contains("Running"), "the rows stay");
    let start = Instant::now();
    program.send("?");
    program.wait_for("help, while the server is gone", |s| s.contents().contains("help"));
    eprintln!("a key was answered in {:.0} ms meanwhile", start.elapsed().as_secs_f64() * 1000.0);
    program.send("\x1b");
    drop(up);
    let start = Instant::now();
    program.wait_for("live again", |s| s.contents().contains(" live "));
    eprintln!("live again {:.1} s after the server's return", start.elapsed().as_secs_f64());
}
