//! Drains that are cut short: cancelled, hung up on, seen from another console, cut off from their
//! server. Each ends in a state with a name, and goes on from there.

use super::drain_twins::{budget, open, pod, running, set};
use crate::acting::hand::{Hand, until};
use crate::acting::nodes::Nodes;
use crate::acting::twins::object;
use crate::judged::{Space, Undo, apply, beside, kubectl, lever, proxy, try_kubectl, turn};
use crate::stopwatch::within;
use rustix::process::Signal;
use std::time::{Duration, Instant};

const SOON: Duration = Duration::from_mins(1);

/// A node with a pod whose budget refuses, and the drain of it.
struct Scene {
    _nodes: Nodes,
    space: Space,
    node: &'static str,
}

impl Scene {
    fn new(node: &'static [&'static str], space: &'static str) -> Self {
        let (nodes, space) = (Nodes::new(node), Space::new(space));
        let node = node[0];
        let own = node.rsplit('-').next().unwrap_or_default();
        let text =
            set("ReplicaSet", space.0, node, "web", 1, "") + &budget(space.0, "web", &format!("web-{own}"), 1, "");
        apply(&text);
        running(space.0, 1);
        until("the budget's count", SOON, || object("pdb", "web", &["-n", space.0])["status"]["currentHealthy"] == 1);
        Self { _nodes: nodes, space, node }
    }

    /// The pod that is refused.
    fn pod(&self) -> String {
        let name =
            kubectl(&["get", "pods", "-n", self.space.0, "-l", "twin=web", "-o", "jsonpath={.items[0].metadata.name}"]);
        format!("{}/{name}", self.space.0)
    }

    /// Drains until the budget has refused.
    fn drained(&self, conf: &str) -> (Hand, String) {
        let mut hand = Hand::new(conf, &[]);
        let pod = self.pod();
        open(&mut hand, &[self.node]);
        hand.plan();
        hand.confirm("y");
        hand.row_says(&pod, "refused, next try in");
        (hand, pod)
    }

    fn opens(&self) {
        kubectl(&["delete", "pdb", "web", "-n", self.space.0]);
    }

    fn cordoned(&self) -> bool {
        object("node", self.node, &[])["spec"]["unschedulable"] == true
    }
}

#[test]
fn a_drain_is_cancelled_at_each_stage_and_says_what_was_done() {
    let _beside = beside();
    let scene = Scene::new(&["cancel-qd"], "qd-drain-cancel");
    apply(&pod(scene.space.0, scene.node, "held", ", finalizers: [qd.test/hold]", ""));
    let _release = Release(scene.space.0);
    running(scene.space.0, 2);
    let mut hand = Hand::new("admin.conf", &[]);
    // From the form and from the plan nothing has left.
    open(&mut hand, &[scene.node]);
    hand.switch("force");
    hand.leave_it();
    open(&mut hand, &[scene.node]);
    hand.switch("force");
    hand.plan();
    hand.program.wait_for_text("Type cancel-qd");
    hand.leave_it();
    assert!(!scene.cordoned());
    // Under way: one refused, one terminating.
    open(&mut hand, &[scene.node]);
    hand.switch("force");
    hand.plan();
    hand.confirm(scene.node);
    let (web, held) = (scene.pod(), format!("{}/held-qd", scene.space.0));
    hand.row_says(&web, "refused, next try in");
    hand.row_says(&held, "terminating");
    hand.press("x");
    hand.answer("y: yes", "y");
    hand.ends("cancelled");
    hand.row_says(&web, "not evicted");
    hand.row_says(&held, "evicted and terminating; not waited for");
    hand.reads("left: node cancel-qd: cordoned, 0 of 2 pods gone");
    // Nothing more is sent: the pod is there after two more tries would have been made.
    scene.opens();
    std::thread::sleep(Duration::from_secs(11));
    assert!(try_kubectl(&["get", "pod", "-n", scene.space.0, web.rsplit('/').next().unwrap()]).is_ok());
    hand.press("\r");
    hand.answer("1: uncordon cancel-qd", "1");
    hand.confirm("");
    until("the node in service", SOON, || !scene.cordoned());
}

/// A drain whose cordon was sent and whose answer cannot come: the way swallows everything.
fn swallowed(scene: &Scene) -> Hand {
    scene.opens();
    let mut hand = Hand::new("proxy.conf", &[]);
    open(&mut hand, &[scene.node]);
    hand.plan();
    hand.program.wait_for_text("y: yes");
    lever(&["stall"]);
    hand.confirm("y");
    hand.row_says(scene.node, "cordoning");
    hand
}

/// The cordon has been sent and its answer has not come: it is waited for, and said what became of it.
#[test]
fn a_drain_that_is_cancelled_while_its_cordon_is_on_its_way_tells_what_became_of_it() {
    let _turn = proxy();
    let _undo = Undo(&["clear"]);
    let scene = Scene::new(&["midway-qd"], "qd-drain-midway");
    let mut hand = swallowed(&scene);
    hand.press("x");
    hand.answer("y: yes", "y");
    hand.ends("stopping");
    assert!(!scene.cordoned());
    lever(&["clear"]);
    hand.ends("cancelled");
    hand.row_says(scene.node, "cordoned; nothing evicted");
    assert!(scene.cordoned());
    running(scene.space.0, 1);
    let journal = hand.journal();
    assert!(!journal.contains(r#""step":"evict""#), "{journal}");
    hand.press("\r");
    hand.answer("1: uncordon midway-qd", "1");
    hand.confirm("");
    until("the node in service", SOON, || !scene.cordoned());
}

struct Release(&'static str);

impl Drop for Release {
    fn drop(&mut self) {
        let _ = try_kubectl(&["patch", "pod", "held-qd", "-n", self.0, "-p", r#"{"metadata":{"finalizers":null}}"#]);
    }
}

#[test]
fn a_row_of_the_board_is_overridden_and_each_override_is_confirmed() {
    let _beside = beside();
    let scene = Scene::new(&["over-qd"], "qd-drain-over");
    let (mut hand, web) = scene.drained("admin.conf");
    // Left alone: the drain is then over, and the pod still there.
    hand.choose(&web);
    hand.press("O");
    hand.answer("s: skip it", "s");
    hand.ends("done");
    hand.row_says(&web, "left alone");
    assert!(try_kubectl(&["get", "pod", "-n", scene.space.0, web.rsplit('/').next().unwrap()]).is_ok());
    // Whatever its budget says: its name is typed.
    let (mut hand, web) = scene.drained("admin.conf");
    hand.choose(&web);
    hand.press("O");
    hand.answer("f: delete it whatever its budget says", "f");
    let name = web.rsplit('/').next().unwrap().to_owned();
    hand.answer(&format!("Type {name} and Enter"), &name);
    hand.ends("done");
    hand.row_says(&web, "gone");
    assert!(hand.journal().lines().any(|l| l.contains(r#""step":"delete""#) && l.contains(&name)));
}

/// The line breaks: what ran is brought to a named state, and the next start tells it.
#[test]
fn a_drain_that_was_hung_up_on_is_told_and_resumed_by_the_next_start() {
    let _beside = beside();
    let scene = Scene::new(&["hangup-qd"], "qd-drain-hangup");
    let (mut hand, _) = scene.drained("admin.conf");
    let start = Instant::now();
    hand.program.cut();
    hand.program.wait_for_end();
    within("hung up on: ended", start.elapsed(), Duration::from_secs(10));
    assert!(scene.cordoned());
    assert!(
        hand.journal().lines().any(|l| l.contains(r#""phase":"end""#) && l.contains("cancelled")),
        "{}",
        hand.journal()
    );
    // The next start asks what becomes of it; this one goes on with it.
    let folder = hand.leave();
    let mut hand = Hand::again("admin.conf", &[], folder);
    hand.reads("stopped at 0 of 1 gone");
    hand.reads("node hangup-qd cordoned");
    hand.answer("r: plan it anew and go on", "r");
    hand.plan();
    hand.reads("cordoned by the run this resumes");
    hand.confirm("y");
    hand.zoom();
    let web = scene.pod();
    hand.row_says(&web, "refused, next try in");
    // Cancelled again: what the first run cordoned is still this one's to give back.
    hand.press("x");
    hand.answer("y: yes", "y");
    hand.ends("cancelled");
    hand.press("\r");
    hand.answer("1: uncordon hangup-qd", "1");
    hand.confirm("");
    until("the node in service", SOON, || !scene.cordoned());
    // What its user ended is over: the next start has nothing to tell.
    hand.press(":q\r");
    assert!(hand.program.wait_for_end().success());
    let hand = Hand::again("admin.conf", &[], hand.leave());
    assert!(!hand.program.look_for(Duration::from_secs(3), |s| s.contents().contains("left behind")));
}

/// Two consoles: the second sees the job and cannot take it over while its owner lives.
#[test]
fn a_job_is_its_owners_while_it_lives() {
    let _beside = beside();
    let scene = Scene::new(&["owner-qd"], "qd-drain-owner");
    let (hand, _) = scene.drained("admin.conf");
    let mut second = hand.beside(&[]);
    second.send(":work\r");
    second.wait_for_text("elsewhere");
    let pid = hand.program.pid().as_raw_nonzero();
    second.wait_for_text(&format!("qd {pid}"));
    second.send("g\r");
    second.wait_for_text(&format!("It runs in another qd, process {pid}"));
    assert!(!second.screen().contents().contains("plan it anew"));
    second.send("\x1b");
    second.wait_for("the question left", |s| !s.contents().contains("It runs in another qd"));
    second.send(":q\r");
    assert!(second.wait_for_end().success());
    // The owner is gone without a word: the job was left behind, and its node is still cordoned.
    hand.program.signal(Signal::KILL);
    hand.program.wait_for_end();
    let mut hand = Hand::again("admin.conf", &[], hand.leave());
    hand.reads("node owner-qd cordoned");
    scene.opens();
    hand.answer("r: plan it anew and go on", "r");
    hand.plan();
    hand.confirm("y");
    hand.zoom();
    hand.ends("done");
    hand.row_says("owner-qd", "drained");
    assert!(scene.cordoned());
}

/// The API server goes away in the middle: nothing is taken for done, and the drain goes on by itself.
#[test]
fn a_server_that_stops_in_the_middle_is_waited_for() {
    let _turn = turn();
    let scene = Scene::new(&["stopped-qd"], "qd-drain-stopped");
    let (hand, web) = scene.drained("admin.conf");
    let up = Undo(&["api-start"]);
    lever(&["api-stop"]);
    hand.row_says(&web, "not yet, next try in");
    hand.row_says(scene.node, "0 of 1 gone");
    drop(up);
    hand.row_says(&web, "refused, next try in");
    scene.opens();
    hand.ends("done");
    assert!(scene.cordoned());
}

/// A way that swallows everything: the answer is lost, so the node is read before anything is said.
#[test]
fn an_answer_that_never_comes_is_looked_for() {
    let _turn = proxy();
    let _undo = Undo(&["clear"]);
    let scene = Scene::new(&["stall-qd"], "qd-drain-stall");
    let hand = swallowed(&scene);
    let start = Instant::now();
    hand.row_says(scene.node, "answer lost, looking");
    within("stall: the lost answer on the board", start.elapsed(), Duration::from_secs(60));
    lever(&["clear"]);
    hand.ends("done");
    assert!(scene.cordoned());
    let intents = hand
        .journal()
        .lines()
        .filter(|l| l.contains(r#""step":"cordon""#) && l.contains(r#""phase":"intent""#))
        .count();
    eprintln!("stall: the cordon was sent {intents} times");
}
