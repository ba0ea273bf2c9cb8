//! A user with few rights gets a working console.

use crate::agree::agree;
use crate::console::{live, open, until_live};
use crate::judged::{beside, lever};
use crate::stopwatch::within;
use std::time::{Duration, Instant};

#[test]
fn what_is_forbidden_is_named() {
    let _beside = beside();
    let program = open("viewer.conf", &["-A"], ":nodes", (160, 50));
    program.wait_for("the missing right", |s| s.contents().contains("forbidden: list nodes"));
}

#[test]
fn a_user_of_one_namespace_sees_its_pods() {
    let _beside = beside();
    let program = open("viewer.conf", &["-n", "shop"], ":pods", (160, 60));
    until_live(&program, Duration::from_mins(1));
    agree(&program, &["get", "pods", "-n", "shop"], &[]);
}

#[test]
fn a_token_that_runs_out_at_work_is_said_and_the_rows_stay() {
    let _beside = beside();
    lever(&["token", "15"]);
    let mut program = open("short.conf", &["-n", "shop"], ":pods", (160, 60));
    program.wait_for("a live pane", live);
    // A watch that stands is not ended by the server, and so the pane is live, and rightly. A new
    // request tells; the server remembers a good token for ten seconds more.
    let start = Instant::now();
    let deadline = start + Duration::from_mins(3);
    while !program.look_for(Duration::from_secs(2), |s| s.contents().contains("not logged in")) {
        assert!(Instant::now() < deadline, "the reason is not said:\n{}", program.screen().contents());
        program.send("\x12");
    }
    within("token of 15 s: said", start.elapsed(), Duration::from_secs(60));
    assert!(program.screen().contents().contains("Running"), "the rows stay");
}
