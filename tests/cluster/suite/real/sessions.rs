//! Into containers: shells, commands and copies on real ones, with no kubectl within reach.

use crate::console::open;
use crate::judged::{Space, apply, containers, kubectl};
use crate::pty::Program;
use std::fs;
use std::time::{Duration, Instant};

pub(super) const SIZE: (u16, u16) = (120, 40);
/// What the shell of the image with tools says when it is ready.
pub(super) const PROMPT: &str = "tools:/#";

/// A pod of tools in a namespace of its own.
pub(super) fn tools_in(space: &Space) {
    let ns = space.0;
    apply(&format!(
        "{{apiVersion: v1, kind: Pod, metadata: {{name: box, namespace: {ns}}}, spec: {{terminationGracePeriodSeconds: 1, \
         containers: [{{name: main, image: qd.test/tools:1, command: [bash, -c, 'trap exit TERM; while :; do sleep 1; done']}}]}}}}"
    ));
    kubectl(&["wait", "pod/box", "-n", ns, "--for=condition=Ready", "--timeout=60s"]);
}

/// The console on that pod's row.
pub(super) fn at_box(space: &Space, conf: &str, size: (u16, u16)) -> Program {
    let program = open(conf, &["-n", space.0], ":pods", size);
    program.wait_for("the row", |s| s.contents().contains("▌box"));
    program
}

/// Both.
fn tools(space: &Space) -> Program {
    tools_in(space);
    at_box(space, "admin.conf", SIZE)
}

/// Asks until the far side has that size: sizes and what is typed travel in streams of their own.
fn size_is(program: &mut Program, size: &str) {
    let asked = Instant::now();
    while !{
        program.send("stty size\r");
        program.look_for(Duration::from_secs(2), |s| s.contents().contains(size))
    } {
        assert!(asked.elapsed() < Duration::from_secs(60), "{}", program.screen().contents());
    }
}

#[test]
fn a_shell_knows_its_size_takes_signals_and_says_how_it_ended() {
    let _containers = containers();
    let space = Space::new("qd-shell");
    let mut program = tools(&space);
    program.send("s");
    program.wait_for_text(PROMPT);
    size_is(&mut program, "36 118");
    program.send("sleep 600\r");
    program.wait_for_text("sleep 600");
    program.send("\x03");
    program.resize(100, 30);
    // Once the frame has its new size the far side was told of it.
    program.wait_for("the frame at its new size", |s| s.cell(1, 99).is_some_and(|c| c.contents() == "╮"));
    size_is(&mut program, "26 98");
    program.send("exit 7\r");
    // A shell that had time to be read closes its pane and leaves a notice; a short one stays.
    program.wait_for("how it ended", |s| {
        let text = s.contents();
        text.contains(" exit 7 ╮") && text.contains("Enter closes")
            || text.contains("▌box") && text.contains(": exit 7")
    });
    // What is typed just then was meant for the shell, and neither closes nor opens anything.
    let ended = Instant::now();
    let row = |s: &vt100::Screen| s.contents().contains("▌box");
    while !row(&program.screen()) {
        program.send("\r");
        program.look_for(Duration::from_secs(3), row);
        assert!(ended.elapsed() < Duration::from_secs(60), "{}", program.screen().contents());
    }
    // The pod goes while a shell is open.
    while !{
        program.send("s");
        program.look_for(Duration::from_secs(10), |s| s.contents().contains(PROMPT))
    } {
        assert!(ended.elapsed() < Duration::from_secs(120), "{}", program.screen().contents());
    }
    kubectl(&["delete", "pod", "box", "-n", space.0, "--wait=false"]);
    program.wait_for("why it ended", |s| {
        let text = s.contents();
        text.contains("the pod is being deleted") || text.contains("the pod is gone")
    });
}

#[test]
fn files_go_both_ways_whole() {
    let _containers = containers();
    let space = Space::new("qd-copy");
    let home = tempfile::tempdir().unwrap();
    let big: Vec<u8> = (0..50_u32 << 20).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let from = home.path().join("big");
    fs::write(&from, &big).unwrap();
    let mut program = tools(&space);
    // The palette fills in the form's first field.
    program.send(format!(":copy-in {}\r", from.display()));
    program.wait_for_text("▌ from");
    program.send("\r");
    program.confirm("Enter: do it", "\r");
    program.wait_within(Duration::from_secs(180), "the copy in", |s| s.contents().contains("checksums equal"));
    let there = kubectl(&["exec", "box", "-n", space.0, "--", "stat", "-c", "%s", "/tmp/big"]);
    assert_eq!(there.trim(), big.len().to_string());
    let to = home.path().join("back");
    program.send(":copy-out /tmp/big\r");
    program.wait_for_text("▌ from");
    program.send("\t\x7f");
    program.send(to.display().to_string());
    program.send("\r");
    program.confirm("Enter: do it", "\r");
    program.send(":forwards\r");
    program.wait_within(Duration::from_secs(180), "the copy out", |s| {
        s.contents().matches("checksums equal").count() >= 2
    });
    assert!(fs::read(&to).unwrap() == big, "as it was");
}
