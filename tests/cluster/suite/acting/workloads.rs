//! Scaling, rollouts and images, beside what kubectl makes of their twins.

use super::hand::{Hand, until};
use super::twins::{equal, object, objects};
use crate::judged::{Space, apply, containers, kubectl, try_kubectl};
use serde_json::Value;
use std::time::Duration;

const SOON: Duration = Duration::from_mins(1);

/// Where a case's daemons run: two nodes that are well, labelled while the case lasts.
struct Places(Vec<String>);

impl Places {
    const LABEL: &str = "qd.test/daemons";

    fn new() -> Self {
        let well = |n: &Value| {
            let conditions = n["status"]["conditions"].as_array();
            n["spec"]["taints"].is_null()
                && n["metadata"]["labels"]["type"] != "kwok"
                && conditions.is_some_and(|all| all.iter().any(|c| c["type"] == "Ready" && c["status"] == "True"))
        };
        let nodes = objects("nodes", &[]);
        let names = nodes.iter().filter(|n| well(n)).filter_map(|n| n["metadata"]["name"].as_str());
        let all = Self(names.take(2).map(str::to_owned).collect());
        assert!(!all.0.is_empty(), "no node is well");
        for name in &all.0 {
            kubectl(&["label", "node", name, &format!("{}=here", Self::LABEL), "--overwrite"]);
        }
        all
    }
}

impl Drop for Places {
    fn drop(&mut self) {
        for name in &self.0 {
            let _ = try_kubectl(&["label", "node", name, &format!("{}-", Self::LABEL)]);
        }
    }
}

/// The same workload twice.
fn twins(kind: &str, space: &str) {
    for name in ["web-qd", "web-kc"] {
        let (count, more, place) = match kind {
            "DaemonSet" => ("", "", format!("nodeSelector: {{{}: here}}", Places::LABEL)),
            "StatefulSet" => ("replicas: 2", "serviceName: none", String::new()),
            _ => ("replicas: 2", "progressDeadlineSeconds: 300", String::new()),
        };
        apply(&format!(
            "apiVersion: apps/v1
kind: {kind}
metadata: {{name: {name}, namespace: {space}}}
spec:
  {count}
  {more}
  selector: {{matchLabels: {{app: {name}}}}}
  template:
    metadata: {{labels: {{app: {name}}}}}
    spec:
      terminationGracePeriodSeconds: 1
      {place}
      initContainers: [{{name: first, image: 'qd.test/talker:1', args: [-rate, '0', -count, '1']}}]
      containers: [{{name: c, image: 'qd.test/bare:1'}}]
"
        ));
    }
    for name in ["web-qd", "web-kc"] {
        settled(kind, name, space);
    }
}

fn settled(kind: &str, name: &str, space: &str) {
    kubectl(&["rollout", "status", &format!("{kind}/{name}"), "-n", space, "--timeout=120s"]);
}

#[test]
fn a_deployment_is_scaled_restarted_held_and_undone_as_kubectl_does_it() {
    let _containers = containers();
    let space = Space::new("qd-act-roll");
    let ns = ["-n", space.0];
    twins("Deployment", space.0);
    let kc = |args: &[&str]| kubectl(&[args, &ns[..]].concat());
    let mut hand = Hand::new("admin.conf", &ns);
    hand.go("deployments", "web-qd");
    hand.press("s");
    hand.fill("replicas", "3");
    hand.plan();
    hand.reads("2 -> 3");
    hand.confirm("");
    hand.ends("done");
    hand.reads("3 of 3 ready");
    kc(&["scale", "deployment", "web-kc", "--replicas=3"]);
    equal("deployment", "web", &ns);

    hand.go("deployments", "web-qd");
    hand.press("s");
    hand.fill("replicas", "1");
    hand.plan();
    hand.reads("disruption budgets do not protect pods");
    hand.confirm("y");
    hand.ends("done");
    kc(&["scale", "deployment", "web-kc", "--replicas=1"]);
    equal("deployment", "web", &ns);

    hand.go("deployments", "web-qd");
    hand.press("i");
    hand.lines("images", 2, &["first=qd.test/talker:1", "c=qd.test/busybox:1"]);
    hand.plan();
    hand.reads("qd.test/bare:1 -> qd.test/busybox:1");
    hand.confirm("y");
    hand.program.wait_for_text("OBJECT");
    kc(&["set", "image", "deployment/web-kc", "c=qd.test/busybox:1"]);
    equal("deployment", "web", &ns);

    hand.go("deployments", "web-qd");
    hand.act("rollout_pause");
    hand.confirm("");
    until("the pause", SOON, || object("deployment", "web-qd", &ns)["spec"]["paused"] == true);
    kc(&["rollout", "pause", "deployment/web-kc"]);
    equal("deployment", "web", &ns);
    // Held ones are neither restarted nor undone.
    for action in ["restart", "rollout_undo"] {
        hand.go("deployments", "web-qd");
        hand.act(action);
        if action == "rollout_undo" {
            hand.program.wait_for_text("revision");
            hand.plan();
        }
        hand.reads("resume it first");
        hand.leave_it();
    }
    hand.go("deployments", "web-qd");
    hand.act("rollout_resume");
    hand.confirm("");
    until("the resumption", SOON, || object("deployment", "web-qd", &ns)["spec"]["paused"].is_null());
    kc(&["rollout", "resume", "deployment/web-kc"]);
    equal("deployment", "web", &ns);

    hand.go("deployments", "web-qd");
    hand.act("rollout_undo");
    hand.program.wait_for_text("qd.test/bare:1");
    hand.plan();
    hand.reads("back to 1");
    hand.confirm("y");
    hand.ends("done");
    kc(&["rollout", "undo", "deployment/web-kc"]);
    settled("deployment", "web-kc", space.0);
    equal("deployment", "web", &ns);

    hand.go("deployments", "web-qd");
    hand.press("r");
    hand.confirm("y");
    hand.ends("done");
    kc(&["rollout", "restart", "deployment/web-kc"]);
    settled("deployment", "web-kc", space.0);
    equal("deployment", "web", &ns);
    let journal = hand.journal();
    for step in ["scale", "set image", "pause", "resume", "undo", "restart"] {
        assert!(journal.contains(&format!(r#""step":"{step}""#)), "{step} is not in the journal: {journal}");
    }
}

#[test]
fn sets_are_restarted_and_undone_as_kubectl_does_it() {
    let _containers = containers();
    let _places = Places::new();
    let space = Space::new("qd-act-sets");
    let ns = ["-n", space.0];
    let mut hand = Hand::new("admin.conf", &ns);
    for kind in ["StatefulSet", "DaemonSet"] {
        twins(kind, space.0);
        let plural = format!("{}s", kind.to_lowercase());
        let theirs = format!("{kind}/web-kc");
        hand.go(&plural, "web-qd");
        hand.press("r");
        hand.confirm("y");
        hand.ends("done");
        kubectl(&["rollout", "restart", &theirs, "-n", space.0]);
        settled(kind, "web-kc", space.0);
        equal(kind, "web", &ns);
        hand.go(&plural, "web-qd");
        hand.act("rollout_undo");
        hand.program.wait_for_text("qd.test/bare:1");
        hand.plan();
        hand.confirm("y");
        hand.ends("done");
        kubectl(&["rollout", "undo", &theirs, "-n", space.0]);
        settled(kind, "web-kc", space.0);
        equal(kind, "web", &ns);
    }
}

/// The count that was read is the count that is changed.
#[test]
fn a_count_that_was_changed_meanwhile_is_not_overwritten() {
    let _containers = containers();
    let space = Space::new("qd-act-count");
    kubectl(&["create", "deployment", "web", "--image=qd.test/bare:1", "--replicas=1", "-n", space.0]);
    let mut hand = Hand::new("admin.conf", &["-n", space.0]);
    hand.go("deployments", "web");
    hand.press("s");
    hand.fill("replicas", "0");
    hand.plan();
    hand.program.wait_for_text("y: yes");
    kubectl(&["scale", "deployment", "web", "--replicas=2", "-n", space.0]);
    hand.confirm("y");
    hand.ends("failed");
    hand.reads("it has changed since it was read");
    assert_eq!(object("deployment", "web", &["-n", space.0])["spec"]["replicas"], 2);
    // From zero and to zero: a zero is left out by the server.
    kubectl(&["scale", "deployment", "web", "--replicas=0", "-n", space.0]);
    hand.go("deployments", "web");
    hand.press("s");
    hand.fill("replicas", "1");
    hand.plan();
    hand.reads("0 -> 1");
    hand.confirm("");
    hand.ends("done");
    hand.go("deployments", "web");
    hand.press("s");
    hand.fill("replicas", "0");
    hand.plan();
    hand.reads("no replica is left");
    hand.confirm("y");
    hand.ends("done");
    assert_eq!(object("deployment", "web", &["-n", space.0])["spec"]["replicas"], 0);
}
