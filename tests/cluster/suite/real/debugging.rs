//! Pods and containers brought in to look at something, on real ones, beside `kubectl debug` of the same release.

use crate::acting::hand::{Hand, until as asked};
use crate::judged::{Space, apply, containers, kubectl, try_kubectl};
use rustix::process::Signal;
use serde_json::Value;
use std::time::Duration;

const TOOLS: &str = "qd.test/tools:1";
/// What the shell of the image with tools says.
const PROMPT: &str = "/#";

fn json(args: &[&str]) -> Value {
    serde_json::from_str(&kubectl(&[args, &["-o", "json"]].concat())).unwrap()
}

/// A console with a state folder, its work in a namespace.
fn hand(space: &Space) -> Hand {
    Hand::new("admin.conf", &["-n", space.0])
}

fn pod(space: &Space, name: &str, image: &str) {
    let ns = space.0;
    let command =
        if image == TOOLS { ", command: [bash, -c, 'trap exit TERM; while :; do sleep 1; done']" } else { "" };
    apply(&format!(
        "{{apiVersion: v1, kind: Pod, metadata: {{name: {name}, namespace: {ns}, labels: {{app: {name}}}, annotations: {{note: x}}}}, \
         spec: {{terminationGracePeriodSeconds: 1, containers: [{{name: main, image: '{image}'{command}}}]}}}}"
    ));
    kubectl(&["wait", &format!("pod/{name}"), "-n", ns, "--for=condition=Ready", "--timeout=60s"]);
}

/// The names of the pods of a namespace that have a label.
fn labelled(space: &Space, label: &str) -> Vec<String> {
    let all = json(&["get", "pods", "-n", space.0, "-l", label]);
    all["items"].as_array().unwrap().iter().map(|p| p["metadata"]["name"].as_str().unwrap().to_owned()).collect()
}

const OURS: &str = "app.kubernetes.io/managed-by=quarterdeck";

fn until(what: &str, so: impl FnMut() -> bool) {
    asked(what, Duration::from_secs(60), so);
}

#[test]
fn a_throw_away_pod_is_removed_at_its_end() {
    let _containers = containers();
    let space = Space::new("qd-run");
    let mut hand = hand(&space);
    hand.act("run");
    hand.fill("image", TOOLS);
    hand.fill("command", "bash");
    hand.plan();
    hand.confirm("");
    hand.program.wait_for_text(PROMPT);
    hand.press("echo $((40+2)) here\r");
    hand.program.wait_for_text("42 here");
    assert_eq!(labelled(&space, OURS).len(), 1);
    hand.press("sleep 4; exit 5\r");
    hand.program.wait_for_text("exit 5");
    until("the pod's removal", || labelled(&space, OURS).is_empty());
    hand.ends("done");
    let journal = hand.journal();
    let made = journal.find("\"run\"").expect("the journal names it");
    assert!(journal[made..].contains("remove"), "{journal}");
}

#[test]
fn a_program_that_ends_at_once_leaves_its_words_and_its_code() {
    let _containers = containers();
    let space = Space::new("qd-quick");
    let mut hand = hand(&space);
    hand.act("run");
    hand.fill("image", TOOLS);
    hand.fill("command", "bash -c 'echo quick words; exit 4'");
    hand.plan();
    hand.confirm("");
    hand.program.wait_for_text("quick words");
    hand.program.wait_for_text("exit 4");
    until("the pod's removal", || labelled(&space, OURS).is_empty());
}

#[test]
fn an_image_without_a_shell_is_debugged() {
    let _containers = containers();
    let space = Space::new("qd-bare");
    pod(&space, "silent", "qd.test/bare:1");
    let mut hand = hand(&space);
    hand.go("pods", "silent");
    hand.act("debug");
    hand.fill("image", TOOLS);
    hand.fill("command", "bash");
    hand.plan();
    hand.confirm("");
    hand.program.wait_for_text(PROMPT);
    // It sees the processes of the container it looks at: that one has no shell, and its own are two.
    hand.press("ls -d /proc/[0-9]* | wc -l; ls /proc/1/root/ && echo seen\r");
    hand.program.wait_for_text("seen");
    hand.press("sleep 4; exit\r");
    hand.ends("done");
    let made = json(&["get", "pod", "silent", "-n", space.0]);
    assert_eq!(made["spec"]["ephemeralContainers"][0]["targetContainerName"], "main");
}

#[test]
fn a_node_shell_reads_its_node_and_goes() {
    let _containers = containers();
    let space = Space::new("qd-node-shell");
    let mut hand = hand(&space);
    hand.go("nodes", "node-1");
    hand.press("s");
    hand.fill("image", TOOLS);
    hand.fill("command", "bash");
    hand.fill("namespace", space.0);
    hand.plan();
    hand.reads("has the node's / at /host");
    hand.confirm("y");
    hand.program.wait_for_text(PROMPT);
    hand.press("cat /host/etc/os-release; hostname\r");
    hand.program.wait_for_text("PRETTY_NAME=");
    hand.program.wait_for_text("node-1");
    // Ended by the user's word: the pod goes all the same.
    hand.press("\x1dx");
    until("the pod's removal", || labelled(&space, OURS).is_empty());
}

#[test]
fn what_a_killed_console_has_left_is_asked_about_and_swept() {
    let _containers = containers();
    let space = Space::new("qd-left");
    let mut first = hand(&space);
    first.act("run");
    first.fill("image", TOOLS);
    first.fill("command", "bash");
    first.plan();
    first.confirm("");
    first.program.wait_for_text(PROMPT);
    let made = labelled(&space, OURS);
    assert_eq!(made.len(), 1);
    first.program.signal(Signal::KILL);
    first.program.wait_for_end();
    let folder = first.leave();
    assert_eq!(labelled(&space, OURS), made, "nobody was there to remove it");
    let mut next = Hand::again("admin.conf", &["-n", space.0], folder);
    next.reads(&made[0]);
    next.answer("s: remove what it made", "s");
    next.confirm("y");
    until("the sweep", || labelled(&space, OURS).is_empty());
    // And what kubectl leaves behind is found and swept as well.
    let ns = space.0;
    kubectl(&["debug", "node/node-1", "-n", ns, "--profile=general", "--image", TOOLS, "--", "true"]);
    until("kubectl's pod", || !labelled(&space, "app.kubernetes.io/managed-by=kubectl-debug").is_empty());
    next.zoom();
    next.press(":debugging\r");
    next.program.wait_for("that it has ended", |s| {
        s.contents().lines().any(|l| l.contains("node-debugger-node-1-") && l.contains("Succeeded"))
    });
    next.press("*");
    next.act("sweep");
    next.reads("node shell of kubectl");
    next.confirm("");
    until("kubectl's pod swept", || labelled(&space, "app.kubernetes.io/managed-by=kubectl-debug").is_empty());
}

#[test]
fn a_refusal_of_pod_security_says_what_would_pass() {
    let _containers = containers();
    let space = Space::new("qd-guarded");
    kubectl(&["label", "namespace", space.0, "pod-security.kubernetes.io/enforce=restricted"]);
    let mut hand = hand(&space);
    hand.act("run");
    hand.fill("image", TOOLS);
    hand.plan();
    hand.reads("enforces Pod Security level restricted, which refuses this; profile restricted passes");
    hand.confirm("");
    hand.ends("failed");
    hand.program.wait_for_text("Pod Security level restricted");
    hand.reads("profile restricted passes");
    assert!(labelled(&space, OURS).is_empty());
}

/// What a pod is for, without what the server and the names say.
fn bare(pod: &Value) -> Value {
    let mut spec = pod["spec"].clone();
    let mut all = Vec::new();
    for list in ["containers", "ephemeralContainers"] {
        for container in spec[list].as_array_mut().into_iter().flatten() {
            let fields = container.as_object_mut().unwrap();
            // The token's volume has a name of chance.
            if let Some(mounts) = fields.get_mut("volumeMounts").and_then(Value::as_array_mut) {
                mounts.retain(|m| !m["name"].as_str().unwrap_or_default().starts_with("kube-api-access"));
            }
            fields.remove("name");
            all.push(container.clone());
        }
    }
    let fields = spec.as_object_mut().unwrap();
    fields.remove("containers");
    fields.remove("ephemeralContainers");
    fields.remove("nodeName");
    if let Some(volumes) = fields.get_mut("volumes").and_then(Value::as_array_mut) {
        volumes.retain(|v| !v["name"].as_str().unwrap_or_default().starts_with("kube-api-access"));
    }
    serde_json::json!({"spec": spec, "containers": all, "annotations": pod["metadata"]["annotations"]})
}

const PROFILES: [&str; 5] = ["general", "baseline", "restricted", "netadmin", "sysadmin"];

#[test]
fn nodes_are_looked_at_as_kubectl_does_it() {
    let _containers = containers();
    let space = Space::new("qd-twin-node");
    let ns = space.0;
    for name in PROFILES {
        kubectl(&[
            "debug",
            "node/node-1",
            "-n",
            ns,
            &format!("--profile={name}"),
            "--image",
            TOOLS,
            "-it",
            "--attach=false",
        ]);
        let theirs = labelled(&space, "app.kubernetes.io/managed-by=kubectl-debug");
        let theirs = json(&["get", "pod", &theirs[0], "-n", ns]);
        let mut hand = hand(&space);
        hand.go("nodes", "node-1");
        hand.press("s");
        hand.fill("image", TOOLS);
        hand.fill("namespace", ns);
        hand.pick("profile", name);
        hand.plan();
        hand.confirm("y");
        until("our pod", || !labelled(&space, OURS).is_empty());
        let ours = json(&["get", "pod", &labelled(&space, OURS)[0], "-n", ns]);
        assert_eq!(bare(&ours), bare(&theirs), "{name}");
        kubectl(&["delete", "pods", "--all", "-n", ns, "--now", "--wait=true"]);
    }
}

#[test]
fn pods_are_debugged_as_kubectl_does_it() {
    let _containers = containers();
    let space = Space::new("qd-twin-pod");
    let ns = space.0;
    for name in PROFILES {
        pod(&space, "theirs", TOOLS);
        pod(&space, "ours", TOOLS);
        let flag = format!("--profile={name}");
        let with = [flag.as_str(), "--image", TOOLS, "-it", "--attach=false", "--target=main", "--env=A=b"];
        kubectl(&[&["debug", "theirs", "-n", ns][..], &with].concat());
        let mut hand = hand(&space);
        hand.go("pods", "ours");
        hand.act("debug");
        hand.fill("image", TOOLS);
        hand.pick("profile", name);
        hand.lines("env", 0, &["A=b"]);
        hand.plan();
        hand.confirm(if matches!(name, "netadmin" | "sysadmin") { "y" } else { "" });
        until("our container", || json(&["get", "pod", "ours", "-n", ns])["spec"]["ephemeralContainers"].is_array());
        let of = |name: &str| bare(&json(&["get", "pod", name, "-n", ns]))["containers"][1].clone();
        assert_eq!(of("ours"), of("theirs"), "{name}");
        kubectl(&["delete", "pods", "--all", "-n", ns, "--now", "--wait=true"]);
    }
}

#[test]
fn pods_are_copied_as_kubectl_does_it() {
    let _containers = containers();
    let space = Space::new("qd-twin-copy");
    let ns = space.0;
    pod(&space, "box", TOOLS);
    for name in PROFILES {
        let flag = format!("--profile={name}");
        let with = [flag.as_str(), "--image", TOOLS, "-it", "--attach=false", "--copy-to=theirs"];
        kubectl(&[&["debug", "box", "-n", ns][..], &with].concat());
        let mut hand = hand(&space);
        hand.go("pods", "box");
        hand.act("debug-copy");
        hand.fill("copy to", "ours");
        hand.fill("image", TOOLS);
        hand.pick("profile", name);
        hand.plan();
        hand.confirm(if matches!(name, "netadmin" | "sysadmin") { "y" } else { "" });
        until("our copy", || try_kubectl(&["get", "pod", "ours", "-n", ns]).is_ok());
        let of = |name: &str| bare(&json(&["get", "pod", name, "-n", ns]));
        assert_eq!(of("ours"), of("theirs"), "{name}");
        kubectl(&["delete", "pods", "ours", "theirs", "-n", ns, "--now", "--wait=true"]);
    }
}
