//! The API server itself stops, freezes and forgets.

use crate::agree::agree;
use crate::console::{doubtful, freshness, keys, live, until_live};
use crate::judged::{Undo, forgot, kubectl, lever, turn, version};
use crate::real::shop::{SHOP, shop};
use crate::stopwatch::{spread, within};
use std::time::{Duration, Instant};

#[test]
fn a_stopped_server_is_said_and_survived() {
    let _turn = turn();
    let mut program = shop("admin.conf");
    let up = Undo(&["api-start"]);
    let start = Instant::now();
    lever(&["api-stop"]);
    program.wait_for("the loss on screen", doubtful);
    within("api-stop: on the screen", start.elapsed(), Duration::from_secs(10));
    assert!(program.screen().contents().contains("Running"), "the rows stay");
    spread("api-stop: keys meanwhile", &keys(&mut program, 40));
    drop(up);
    within("api-start: live again", until_live(&program, Duration::from_mins(1)), Duration::from_secs(10));
    agree(&program, SHOP, &[]);
}

/// A server that is frozen and a way to it that only acknowledges, at the same time: both take the
/// console more than a minute to find out.
#[test]
fn a_peer_that_only_acknowledges_is_found_out() {
    let _turn = turn();
    let mut consoles = [("api-pause", shop("admin.conf")), ("stall", shop("proxy.conf"))];
    let resume = Undo(&["api-resume"]);
    let clear = Undo(&["clear"]);
    let start = Instant::now();
    for (name, _) in &consoles {
        lever(&[name]);
    }
    for (name, program) in &mut consoles {
        program.wait_within(Duration::from_mins(4), "doubt on the screen", doubtful);
        let said = freshness(&program.screen());
        within(&format!("{name}: {said:?} on the screen"), start.elapsed(), Duration::from_secs(90));
        assert!(program.screen().contents().contains("Running"), "the rows stay");
        spread(&format!("{name}: keys meanwhile"), &keys(program, 40));
    }
    for (undo, (name, program)) in [resume, clear].into_iter().zip(&consoles) {
        drop(undo);
        let took = until_live(program, Duration::from_mins(1));
        within(&format!("{name} over: live again"), took, Duration::from_secs(10));
        agree(program, SHOP, &[]);
    }
}

const PODS: &str = "/api/v1/namespaces/shop/pods";

/// A watch that was cut meets a server that does not remember its place: 410, and a list anew.
#[test]
fn a_server_that_forgot_is_listed_anew_without_a_blank() {
    let _turn = turn();
    let _undo = Undo(&["clear"]);
    let program = shop("proxy.conf");
    let version = version(PODS);
    lever(&["refuse"]);
    program.wait_for("the loss on screen", doubtful);
    kubectl(&["annotate", "pod", "-n", "shop", "bare", "qd.test/seen=yes", "--overwrite"]);
    lever(&["compact"]);
    lever(&["api-restart"]);
    assert!(forgot(PODS, &version), "the server remembers {version}");
    lever(&["clear"]);
    let start = Instant::now();
    program.wait_for("a live pane that never was empty", |s| {
        assert!(s.contents().contains("Running"), "the rows stay:\n{}", s.contents());
        live(s)
    });
    within("410 for pods: live again", start.elapsed(), Duration::from_secs(10));
    agree(&program, SHOP, &[]);
}
