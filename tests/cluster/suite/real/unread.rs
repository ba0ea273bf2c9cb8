//! Nobody reads the terminal: the work goes on, memory stays flat, and the screen is right when
//! reading resumes.

use crate::agree::agree;
use crate::console::{live, open, until_live};
use crate::judged::{Space, apply, beside, lever_on};
use crate::pty::Program;
use std::time::{Duration, Instant};

/// What a program holds in memory, in KB.
pub fn resident(program: &Program) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{}/status", program.pid())).expect("the program runs");
    let line = text.lines().find(|l| l.starts_with("VmRSS:")).expect("its memory");
    line.split_whitespace().nth(1).and_then(|n| n.parse().ok()).expect("a number")
}

/// Twenty pods that need no node and change twenty times a second for so long.
fn unread(length: Duration) {
    let _beside = beside();
    let space = Space::new("qd-unread");
    for n in 0..20 {
        apply(&format!(
            "apiVersion: v1
kind: Pod
metadata: {{name: restless-{n:02}, namespace: qd-unread, labels: {{crowd: 'yes'}}}}
spec:
  schedulingGates: [{{name: qd.test/tide}}]
  containers: [{{name: c, image: 'qd.test/bare:1'}}]
"
        ));
    }
    let program = open("admin.conf", &["-n", space.0], ":pods", (160, 50));
    until_live(&program, Duration::from_mins(1));
    let seconds = length.as_secs().to_string();
    let churn = lever_on(&["churn", "20", &seconds]);
    // It warms up with somebody reading.
    program.wait_for("a change", |s| s.contents().contains("CrashLoopBackOff"));
    std::thread::sleep(length / 6);
    program.hold(true);
    let (start, bytes, before) = (Instant::now(), program.bytes(), resident(&program));
    let mut most = before;
    while start.elapsed() < length * 5 / 6 {
        std::thread::sleep(Duration::from_secs(1));
        most = most.max(resident(&program));
    }
    let out = churn.wait_with_output().expect("the churn ends");
    eprintln!("{}", String::from_utf8_lossy(&out.stdout).lines().last().unwrap_or_default().trim());
    assert!(out.status.success(), "the churn works");
    assert!(program.bytes() - bytes <= 64 * 1024, "nobody read");
    assert!(most < before + 8 * 1024, "memory grew from {before} KB to {most} KB while nobody read");
    let start = Instant::now();
    program.hold(false);
    program.wait_for("a live pane", live);
    agree(&program, &["get", "pods", "-n", space.0], &[]);
    eprintln!(
        "unread for {} s: {before} KB before, {most} KB at most; right {:.1} s after reading resumed",
        (length * 5 / 6).as_secs(),
        start.elapsed().as_secs_f64()
    );
}

#[test]
fn a_terminal_unread_for_half_a_minute() {
    unread(Duration::from_secs(36));
}

#[test]
#[ignore = "takes six minutes: tests/cluster/run -- real::unread -- --ignored"]
fn a_terminal_unread_for_five_minutes() {
    unread(Duration::from_mins(6));
}
