//! Sessions whose way to the server is cut, or whose container dies: each says what became of it.

use super::sessions::{PROMPT, SIZE, at_box, tools_in};
use crate::acting::hand::until;
use crate::console::live;
use crate::judged::{Space, Undo, apply, containers, kubectl, lever, through};
use crate::pty::Program;
use std::fs;
use std::path::Path;
use std::time::Duration;

const SOON: Duration = Duration::from_mins(1);

/// Closes a pane whose program has ended; what is typed just then is taken for the program's.
fn closed(program: &mut Program) {
    until("the row", SOON, || {
        program.send("\r");
        program.look_for(Duration::from_secs(1), |s| s.contents().contains("▌box") && live(s))
    });
}

/// Opens a session again and again: what is typed just after the last one's end was meant for that.
fn opened(program: &mut Program, keys: &str) {
    until("a live session", SOON, || {
        program.send(keys);
        program.look_for(Duration::from_secs(3), |s| s.contents().contains("channel.k8s.io"))
    });
    // One time too many, and the shell has them on its line.
    program.send("\x15");
}

/// A pod whose own program is a shell with a terminal.
fn kept(space: &Space) {
    let ns = space.0;
    apply(&format!(
        "{{apiVersion: v1, kind: Pod, metadata: {{name: box, namespace: {ns}}}, spec: {{terminationGracePeriodSeconds: 1, \
         restartPolicy: Never, containers: [{{name: main, image: qd.test/tools:1, command: [bash], stdin: true, tty: true}}]}}}}"
    ));
    kubectl(&["wait", "pod/box", "-n", ns, "--for=condition=Ready", "--timeout=60s"]);
}

#[test]
fn a_shell_waits_through_silence_and_says_that_its_way_broke() {
    let _through = through();
    let _undo = Undo(&["clear"]);
    let space = Space::new("qd-shell-cut");
    tools_in(&space);
    let mut program = at_box(&space, "proxy.conf", SIZE);
    opened(&mut program, "s");
    program.wait_for_text(PROMPT);
    lever(&["stall"]);
    program.send("echo held $((20 + 1))\r");
    assert!(!program.look_for(Duration::from_secs(1), |s| s.contents().contains("held 21")), "nothing can come");
    lever(&["clear"]);
    program.wait_for("it once", |s| s.contents().matches("held 21").count() == 1);
    lever(&["cut"]);
    program.wait_for("what became of it", |s| s.contents().contains("the connection broke"));
    assert!(program.screen().contents().contains("held 21"), "what was said stays to be read");
    closed(&mut program);
    opened(&mut program, "s");
    program.send("echo another $((20 + 2))\r");
    program.wait_for_text("another 22");
}

#[test]
fn what_was_attached_to_goes_on_behind_a_cut() {
    let _through = through();
    let _undo = Undo(&["clear"]);
    let space = Space::new("qd-attach-cut");
    kept(&space);
    let mut program = at_box(&space, "proxy.conf", SIZE);
    opened(&mut program, ":attach\r");
    program.send("mark=41; echo m''arked\r");
    program.wait_for_text("marked");
    lever(&["cut"]);
    program.wait_for("what became of it", |s| s.contents().contains("the connection broke"));
    closed(&mut program);
    opened(&mut program, ":attach\r");
    program.send("echo still $((mark + 1))\r");
    program.wait_for_text("still 42");
}

#[test]
fn sessions_of_a_container_that_is_killed_say_so() {
    let _containers = containers();
    let space = Space::new("qd-killed");
    kept(&space);
    for keys in ["s", ":attach\r"] {
        let mut program = at_box(&space, "admin.conf", SIZE);
        opened(&mut program, keys);
        program.send("echo r''eady\r");
        program.wait_for_text("ready");
        lever(&["kill", space.0, "box", "main"]);
        program.wait_for("what became of it", |s| s.contents().contains("exit 137"));
        drop(program);
        kubectl(&["delete", "pod", "box", "-n", space.0, "--now"]);
        kept(&space);
    }
    // And one whose pod is taken away while somebody is attached.
    let mut program = at_box(&space, "admin.conf", SIZE);
    opened(&mut program, ":attach\r");
    program.send("echo r''eady\r");
    program.wait_for_text("ready");
    kubectl(&["delete", "pod", "box", "-n", space.0, "--wait=false"]);
    program.wait_for("why it ended", |s| {
        let text = s.contents();
        text.contains("the pod is being deleted") || text.contains("the pod is gone") || text.contains("exit 137")
    });
}

/// A copy that is under way, slowly, between `/tmp/big` and a file here.
fn copying(space: &Space, action: &str, first: &str, other: &Path) -> Program {
    let mut program = at_box(space, "proxy.conf", (200, 40));
    program.send(format!(":{action} {first}\r"));
    program.wait_for_text("▌ from");
    if action == "copy-out" {
        program.send("\t\x7f");
        program.send(other.display().to_string());
    }
    program.send("\r");
    program.wait_for_text("Enter: do it");
    lever(&["throttle", "300000"]);
    program.confirm("Enter: do it", "\r");
    program.send(":forwards\r");
    program.wait_for("a part of it", |s| {
        let text = s.contents();
        text.contains("copying; ") && text.contains(" % of ") && !text.contains(" 0 % of ")
    });
    program
}

fn failed(program: &Program, why: &[&str]) {
    program.wait_for("what became of it", |s| {
        let text = s.contents();
        text.contains("failed") && why.iter().any(|why| text.contains(why))
    });
    assert!(!program.screen().contents().contains("checksums equal"));
}

#[test]
fn a_copy_that_is_cut_off_leaves_no_half_file_under_its_name() {
    let _through = through();
    let _undo = Undo(&["clear"]);
    let space = Space::new("qd-copy-cut");
    tools_in(&space);
    let ns = space.0;
    kubectl(&["exec", "box", "-n", ns, "--", "sh", "-c", "head -c 40000000 /dev/urandom > /tmp/big"]);
    let home = tempfile::tempdir().unwrap();
    let (to, empty) = (home.path().join("back"), || fs::read_dir(home.path()).unwrap().count() == 0);
    let program = copying(&space, "copy-out", "/tmp/big", &to);
    lever(&["cut"]);
    failed(&program, &["the connection broke"]);
    until("an empty folder", SOON, empty);
    lever(&["clear"]);
    // Into the container: what is there in part is called so.
    let from = home.path().join("half");
    fs::write(&from, vec![b'x'; 40_000_000]).unwrap();
    let program = copying(&space, "copy-in", &from.display().to_string(), &from);
    lever(&["cut"]);
    failed(&program, &["/tmp/half may be there in part"]);
    fs::remove_file(&from).unwrap();
    lever(&["clear"]);
    // All of the container is killed in the middle; what it had sent comes at once then.
    let program = copying(&space, "copy-out", "/tmp/big", &to);
    lever(&["kill", ns, "box", "main"]);
    lever(&["clear"]);
    // A runtime that loses its container has been seen to call tar's end a success: the half stream tells.
    failed(&program, &["exit code 137", "the connection broke", "the stream ended in the middle"]);
    until("an empty folder", SOON, empty);
}
