//! A drain by keys beside `kubectl drain` of the same release: two nodes with equal pods, one
//! emptied by each. The same pods are gone, the same were refused, the same is left.
//!
//! The nodes are without a machine and are played by kwok, so that there may be many of them; their
//! pods are the API server's all the same, and so is everything a drain is about.

use crate::acting::hand::{Hand, until};
use crate::acting::nodes::Nodes;
use crate::acting::twins::{object, objects};
use crate::judged::{Space, apply, beside, kubectl, try_kubectl};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::process::Child;
use std::time::Duration;

const SOON: Duration = Duration::from_mins(2);
/// Who drains: the console, and kubectl.
const OWNS: [&str; 2] = ["qd", "kc"];

/// A pod of a node. What it is twin to is its label `twin`.
pub fn pod(space: &str, node: &str, twin: &str, meta: &str, spec: &str) -> String {
    let own = node.rsplit('-').next().unwrap_or_default();
    format!(
        "apiVersion: v1
kind: Pod
metadata: {{name: {twin}-{own}, namespace: {space}, labels: {{twin: {twin}, app: {twin}-{own}}}{meta}}}
spec: {{nodeName: {node}, terminationGracePeriodSeconds: 1, containers: [{{name: c, image: 'qd.test/bare:1'}}]{spec}}}
---
"
    )
}

/// A `ReplicaSet` or `DaemonSet` whose pods want to be on that node.
pub fn set(kind: &str, space: &str, node: &str, twin: &str, count: usize, spec: &str) -> String {
    let own = node.rsplit('-').next().unwrap_or_default();
    let count = if kind == "DaemonSet" { String::new() } else { format!("replicas: {count}, ") };
    format!(
        "apiVersion: apps/v1
kind: {kind}
metadata: {{name: {twin}-{own}, namespace: {space}}}
spec: {{{count}selector: {{matchLabels: {{app: {twin}-{own}}}}}, template: {{
  metadata: {{labels: {{twin: {twin}, app: {twin}-{own}}}}},
  spec: {{
    nodeSelector: {{kubernetes.io/hostname: {node}}},
    tolerations: [{{key: qd.test/own, operator: Exists}}],
    terminationGracePeriodSeconds: 1,
    containers: [{{name: c, image: 'qd.test/bare:1'}}]{spec}}}}}}}
---
"
    )
}

/// A budget over the pods of a twin.
pub fn budget(space: &str, name: &str, app: &str, least: usize, more: &str) -> String {
    format!(
        "apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {{name: {name}, namespace: {space}}}
spec: {{minAvailable: {least}, selector: {{matchLabels: {{app: {app}}}}}{more}}}
---
"
    )
}

/// Waits for so many pods, all of them placed and running.
pub fn running(space: &str, count: usize) {
    until(&format!("{count} running pods in {space}"), SOON, || {
        let items = objects("pods", &["-n", space]);
        let runs = |p: &&Value| matches!(p["status"]["phase"].as_str(), Some("Running" | "Succeeded"));
        items.iter().filter(runs).count() == count
    });
}

/// Waits until budgets have counted so many healthy pods.
fn counted(space: &str, name: &str, healthy: u64) {
    until(&format!("the count of {name}"), SOON, || {
        let status = &object("pdb", name, &["-n", space])["status"];
        status["currentHealthy"] == healthy && status["observedGeneration"].as_u64() > Some(0)
    });
}

/// The pods of a namespace: uid, twin, own and name.
fn census(space: &str) -> BTreeMap<String, (String, String, String)> {
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    let one = |p: &Value| {
        let m = &p["metadata"];
        let own = text(&m["labels"]["app"]).rsplit('-').next().unwrap_or_default().to_owned();
        (text(&m["uid"]), (text(&m["labels"]["twin"]), own, text(&m["name"])))
    };
    objects("pods", &["-n", space]).iter().map(one).collect()
}

/// What became of the pods that were there: of each twin how many are gone, terminating (and in how
/// many seconds) and untouched.
fn fates(space: &str, before: &BTreeMap<String, (String, String, String)>, own: &str) -> BTreeMap<String, Vec<String>> {
    let pods = objects("pods", &["-n", space]);
    let now: BTreeMap<&str, &Value> =
        pods.iter().map(|p| (p["metadata"]["uid"].as_str().unwrap_or_default(), p)).collect();
    let mut out = BTreeMap::<String, Vec<String>>::new();
    for (uid, (twin, _, _)) in before.iter().filter(|(_, (_, o, _))| o == own) {
        let fate = match now.get(uid.as_str()) {
            None => "gone".to_owned(),
            Some(p) if !p["metadata"]["deletionTimestamp"].is_null() => {
                format!("terminating in {}", p["metadata"]["deletionGracePeriodSeconds"])
            }
            Some(_) => "there".to_owned(),
        };
        out.entry(twin.clone()).or_default().push(fate);
    }
    out.values_mut().for_each(|fates| fates.sort());
    out
}

/// kubectl's drain, under way.
struct Judge {
    child: Child,
    said: tempfile::NamedTempFile,
}

impl Judge {
    fn drains(nodes: &[&str], flags: &[&str]) -> Self {
        let args: Vec<&str> = ["drain"].iter().chain(nodes).chain(flags).copied().collect();
        let said = tempfile::NamedTempFile::new().expect("a file");
        let child = crate::judged::kubectl_aside(&args, said.reopen().expect("the file again"));
        Self { child, said }
    }

    /// What it has said so far.
    fn said(&self) -> String {
        std::fs::read_to_string(self.said.path()).expect("the file can be read")
    }

    /// Its end: whether it went well, and what it said.
    fn end(mut self) -> (bool, String) {
        let status = self.child.wait().expect("kubectl ends");
        (status.success(), self.said())
    }
}

/// The twins whose eviction kubectl was refused.
fn refused_to_kubectl(said: &str, before: &BTreeMap<String, (String, String, String)>) -> BTreeSet<String> {
    let names = said.lines().filter_map(|l| l.split_once("error when evicting pods/\"")?.1.split('"').next());
    let twin = |name: &str| before.values().find(|(_, _, n)| n == name).map(|(t, _, _)| t.clone());
    names.filter_map(twin).collect()
}

/// The twins whose eviction we were refused, by the journal.
fn refused_to_us(journal: &str, before: &BTreeMap<String, (String, String, String)>) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for line in journal.lines() {
        let line: Value = serde_json::from_str(line).expect("a line of the journal");
        let refused = line["result"].as_str().is_some_and(|r| r.contains("isruption"));
        if line["step"] == "evict" && line["phase"] == "result" && refused {
            let name = line["targets"][0]["name"].as_str().unwrap_or_default();
            out.extend(before.values().find(|(_, _, n)| n == name).map(|(t, _, _)| t.clone()));
        }
    }
    out
}

/// Opens the drain of nodes of which this is a part of the name.
pub fn open(hand: &mut Hand, nodes: &[&str]) {
    match nodes {
        [one] => hand.go("nodes", one),
        many => {
            let part = many[0].trim_end_matches(|c: char| c != '-');
            hand.mark("nodes", part, many.len());
        }
    }
    hand.press("r");
}

#[test]
fn a_drain_of_everything_ends_as_kubectls_does() {
    let _beside = beside();
    let _nodes = Nodes::new(&["every-qd", "every-kc"]);
    let space = Space::new("qd-drain-every");
    let mut all = String::new();
    for own in OWNS {
        let node = format!("every-{own}");
        let data = ", volumes: [{name: scratch, emptyDir: {}}]";
        all += &set("ReplicaSet", space.0, &node, "web", 3, data);
        all += &set("DaemonSet", space.0, &node, "agent", 1, "");
        // One budget over two pods of the node: the first goes, the second waits for another to be ready.
        all += &set("ReplicaSet", space.0, &node, "shared", 2, "");
        all += &budget(space.0, &format!("shared-{own}"), &format!("shared-{own}"), 1, "");
        // A budget that opens later.
        all += &set("ReplicaSet", space.0, &node, "opens", 1, "");
        all += &budget(space.0, &format!("opens-{own}"), &format!("opens-{own}"), 1, "");
        // Two budgets over one pod.
        all += &set("ReplicaSet", space.0, &node, "double", 1, "");
        all += &budget(space.0, &format!("double-{own}"), &format!("double-{own}"), 0, "");
        all += &budget(space.0, &format!("double-too-{own}"), &format!("double-{own}"), 0, "");
        // Unready pods: one that no budget lets go, one that goes all the same.
        all += &set("ReplicaSet", space.0, &node, "strict", 1, "");
        all += &budget(space.0, &format!("strict-{own}"), &format!("strict-{own}"), 1, "");
        all += &set("ReplicaSet", space.0, &node, "lax", 1, "");
        all += &budget(
            space.0,
            &format!("lax-{own}"),
            &format!("lax-{own}"),
            1,
            ", unhealthyPodEvictionPolicy: AlwaysAllow",
        );
        all += &pod(space.0, &node, "bare", "", data);
        all += &pod(space.0, &node, "held", ", finalizers: [qd.test/hold]", "");
        all += &pod(space.0, &node, "mirror", ", annotations: {kubernetes.io/config.mirror: twin}", "");
        all += &pod(space.0, &node, "ended", "", "");
    }
    apply(&all);
    let _release = Release(space.0, &["held-qd", "held-kc"]);
    running(space.0, 2 * 14);
    for own in OWNS {
        let done = r#"{"status":{"phase":"Succeeded"}}"#;
        kubectl(&["patch", "pod", &format!("ended-{own}"), "-n", space.0, "--subresource=status", "-p", done]);
        for twin in ["strict", "lax"] {
            let label = format!("app={twin}-{own}");
            let name =
                kubectl(&["get", "pods", "-n", space.0, "-l", &label, "-o", "jsonpath={.items[0].metadata.name}"]);
            let unready = r#"{"status":{"conditions":[{"type":"Ready","status":"False"}]}}"#;
            kubectl(&["patch", "pod", &name, "-n", space.0, "--subresource=status", "-p", unready]);
            counted(space.0, &format!("{twin}-{own}"), 0);
        }
        counted(space.0, &format!("shared-{own}"), 2);
        counted(space.0, &format!("opens-{own}"), 1);
    }
    let before = census(space.0);
    let mut hand = Hand::new("admin.conf", &[]);
    open(&mut hand, &["every-qd"]);
    hand.switch("emptyDir data");
    hand.switch("force");
    hand.fill("grace", "3");
    hand.fill("timeout", "20");
    hand.plan();
    hand.reads("evict 12, keep 2");
    let flags = ["--ignore-daemonsets", "--delete-emptydir-data", "--force", "--grace-period=3", "--timeout=20s"];
    let judge = Judge::drains(&["every-kc"], &flags);
    hand.confirm("every-qd");
    let opens = before.values().find(|(t, o, _)| t == "opens" && o == "qd").expect("that pod").2.clone();
    hand.row_says(&format!("{}/{opens}", space.0), "refused, next try in");
    until("kubectl's refusal", SOON, || judge.said().contains("pods/\"opens-kc"));
    kubectl(&["delete", "pdb", "opens-qd", "opens-kc", "-n", space.0]);
    hand.ends("failed");
    let (well, said) = judge.end();
    assert!(!well, "kubectl timed out: {said}");
    let (ours, theirs) = (fates(space.0, &before, "qd"), fates(space.0, &before, "kc"));
    assert_eq!(ours, theirs, "{said}");
    assert_eq!(ours["opens"], ["gone"]);
    assert!(ours["held"][0].starts_with("terminating"), "{ours:?}");
    assert_eq!(ours["shared"], ["gone", "there"]);
    for kept in ["agent", "mirror", "double", "strict"] {
        assert_eq!(ours[kept], ["there"], "{kept}");
    }
    let refused = refused_to_us(&hand.journal(), &before);
    assert_eq!(refused, refused_to_kubectl(&said, &before), "{said}");
    assert_eq!(refused.iter().map(String::as_str).collect::<Vec<_>>(), ["double", "opens", "shared", "strict"]);
    for own in OWNS {
        assert_eq!(object("node", &format!("every-{own}"), &[])["spec"]["unschedulable"], true);
    }
    // What is left is said, and what this run cordoned is offered back.
    hand.reads("left: node every-qd: cordoned");
    hand.press("\r");
    hand.answer("1: uncordon every-qd", "1");
    hand.reads("uncordon node every-qd");
    hand.confirm("");
    until("the node in service", SOON, || object("node", "every-qd", &[])["spec"]["unschedulable"].is_null());
}

/// Takes finalizers away, so that a namespace can go.
struct Release(&'static str, &'static [&'static str]);

impl Drop for Release {
    fn drop(&mut self) {
        for name in self.1 {
            let _ = try_kubectl(&["patch", "pod", name, "-n", self.0, "-p", r#"{"metadata":{"finalizers":null}}"#]);
        }
    }
}

#[test]
fn a_drain_that_meets_nothing_ends_well_as_kubectls_does() {
    let _beside = beside();
    let _nodes = Nodes::new(&["calm-qd", "calm-kc"]);
    let space = Space::new("qd-drain-calm");
    let mut all = String::new();
    for own in OWNS {
        let node = format!("calm-{own}");
        all += &set("ReplicaSet", space.0, &node, "web", 3, "");
        all += &set("ReplicaSet", space.0, &node, "other", 2, "");
        all += &set("DaemonSet", space.0, &node, "agent", 1, "");
        all += &pod(space.0, &node, "bare", "", "");
    }
    apply(&all);
    running(space.0, 14);
    let before = census(space.0);
    let mut hand = Hand::new("admin.conf", &[]);
    // Only what a selector takes: the bare pod is none of our business then.
    open(&mut hand, &["calm-qd"]);
    hand.fill("pod selector", "twin in (web)");
    hand.plan();
    hand.reads("evict 3, keep 0");
    hand.confirm("y");
    hand.ends("done");
    let judge = Judge::drains(&["calm-kc"], &["--pod-selector=twin in (web)"]);
    let (well, said) = judge.end();
    assert!(well, "{said}");
    let fates_of = |own| fates(space.0, &before, own);
    assert_eq!(fates_of("qd"), fates_of("kc"));
    assert_eq!((fates_of("qd")["web"].len(), fates_of("qd")["bare"].as_slice()), (3, &["there".to_owned()][..]));
    // All of it, by deletion: no budget is asked, and the way is harder.
    for own in OWNS {
        apply(&budget(space.0, &format!("never-{own}"), &format!("other-{own}"), 2, ""));
    }
    open(&mut hand, &["calm-qd"]);
    hand.switch("force");
    hand.switch("no eviction");
    hand.plan();
    hand.reads("disruption budgets are not asked");
    hand.confirm("calm-qd");
    hand.ends("done");
    let judge = Judge::drains(&["calm-kc"], &["--force", "--ignore-daemonsets", "--disable-eviction"]);
    let (well, said) = judge.end();
    assert!(well, "{said}");
    assert_eq!(fates_of("qd"), fates_of("kc"));
    assert_eq!(fates_of("qd")["agent"], ["there"]);
    assert_eq!(fates_of("qd")["other"], ["gone", "gone"]);
}

#[test]
fn what_stops_kubectl_stops_us_before_anything_is_evicted() {
    let _beside = beside();
    let _nodes = Nodes::new(&["stops-qd", "stops-kc"]);
    let space = Space::new("qd-drain-stops");
    let mut all = String::new();
    for own in OWNS {
        let node = format!("stops-{own}");
        all += &set("ReplicaSet", space.0, &node, "data", 2, ", volumes: [{name: scratch, emptyDir: {}}]");
        all += &set("ReplicaSet", space.0, &node, "web", 2, "");
        all += &set("DaemonSet", space.0, &node, "agent", 1, "");
        all += &pod(space.0, &node, "bare", "", "");
    }
    apply(&all);
    running(space.0, 12);
    let before = census(space.0);
    let (well, said) = Judge::drains(&["stops-kc"], &[]).end();
    assert!(!well, "{said}");
    let line = said.lines().find(|l| l.contains("due to error")).expect("why");
    let named = |own: &str, text: &str| -> BTreeSet<String> {
        let all = before.values().filter(|(_, o, n)| o == own && text.contains(&format!("/{n}")));
        all.map(|(t, _, _)| t.clone()).collect()
    };
    let theirs = named("kc", line);
    assert_eq!(theirs.iter().map(String::as_str).collect::<Vec<_>>(), ["agent", "bare", "data"], "{line}");
    let mut hand = Hand::new("admin.conf", &[]);
    open(&mut hand, &["stops-qd"]);
    // DaemonSets are left alone unless one says otherwise, so one does.
    hand.field_off("leave DaemonSets");
    hand.plan();
    hand.reads("It cannot be done as it stands.");
    let text = hand.over();
    let (_, rest) = text.split_once("blocked").expect("what stands in the way");
    let blocked = rest.split("warnings").next().unwrap_or_default();
    assert_eq!(named("qd", blocked), theirs, "{text}");
    for own in OWNS {
        assert!(fates(space.0, &before, own).values().flatten().all(|f| f == "there"));
    }
    // kubectl leaves its node cordoned behind; a plan that cannot be changes nothing.
    assert!(object("node", "stops-qd", &[])["spec"]["unschedulable"].is_null());
}

/// The node's kubelet does not answer: its pods stay Terminating.
#[test]
fn a_dead_node_is_drained_as_far_as_kubectl_drains_it() {
    let _beside = beside();
    let _nodes = Nodes::dead(&["dead-qd", "dead-kc"]);
    let space = Space::new("qd-drain-dead");
    let mut all = String::new();
    for own in OWNS {
        let node = format!("dead-{own}");
        for twin in ["one", "two"] {
            all += &pod(space.0, &node, twin, "", ", tolerations: [{operator: Exists}]");
        }
    }
    apply(&all);
    let _forget = Forget(space.0);
    let before = census(space.0);
    for (_, _, name) in before.values() {
        let runs = r#"{"status":{"phase":"Running","conditions":[{"type":"Ready","status":"False"}]}}"#;
        kubectl(&["patch", "pod", name, "-n", space.0, "--subresource=status", "-p", runs]);
    }
    let mut hand = Hand::new("admin.conf", &[]);
    open(&mut hand, &["dead-qd"]);
    hand.switch("force");
    hand.fill("timeout", "6");
    hand.plan();
    hand.reads("its pods stay Terminating until its kubelet answers");
    let judge = Judge::drains(&["dead-kc"], &["--force", "--ignore-daemonsets", "--timeout=6s"]);
    hand.confirm("dead-qd");
    hand.ends("failed");
    let (well, said) = judge.end();
    assert!(!well, "{said}");
    assert_eq!(fates(space.0, &before, "qd"), fates(space.0, &before, "kc"));
    assert_eq!(fates(space.0, &before, "qd")["one"], ["terminating in 1"]);
    // Those that should have gone long ago are not waited for.
    let skip = ["--force", "--ignore-daemonsets", "--skip-wait-for-delete-timeout=2"];
    let (well, said) = Judge::drains(&["dead-kc"], &skip).end();
    assert!(well, "{said}");
    open(&mut hand, &["dead-qd"]);
    hand.switch("force");
    hand.fill("skip wait", "2");
    hand.plan();
    hand.reads("keep 2");
    hand.confirm("y");
    hand.ends("done");
    // And one that must go is deleted without waiting for anybody, by its name.
    hand.go("pods", "one-qd");
    hand.press("\x0b");
    hand.confirm("one-qd");
    hand.ends("done");
    assert!(try_kubectl(&["get", "pod", "one-qd", "-n", space.0]).is_err());
}

/// Pods whose kubelet never comes back.
struct Forget(&'static str);

impl Drop for Forget {
    fn drop(&mut self) {
        let _ = try_kubectl(&["delete", "pods", "--all", "-n", self.0, "--grace-period=0", "--force"]);
    }
}

#[test]
fn two_nodes_that_share_a_budget_are_drained_as_kubectl_drains_them() {
    let _beside = beside();
    let _nodes = Nodes::new(&["pair-qd-1", "pair-qd-2", "pair-kc-1", "pair-kc-2"]);
    let space = Space::new("qd-drain-pair");
    let mut all = String::new();
    for own in OWNS {
        for n in 1..=2 {
            let _ = write!(
                all,
                "apiVersion: v1
kind: Pod
metadata: {{name: p{n}-{own}, namespace: {space}, labels: {{twin: p{n}, app: pair-{own}}}}}
spec: {{nodeName: pair-{own}-{n}, terminationGracePeriodSeconds: 1, containers: [{{name: c, image: 'qd.test/bare:1'}}]}}
---
",
                space = space.0
            );
        }
        all += &budget(space.0, &format!("pair-{own}"), &format!("pair-{own}"), 1, "");
    }
    apply(&all);
    running(space.0, 4);
    for own in OWNS {
        counted(space.0, &format!("pair-{own}"), 2);
    }
    let before = census(space.0);
    let mut hand = Hand::new("admin.conf", &[]);
    open(&mut hand, &["pair-qd-1", "pair-qd-2"]);
    hand.switch("force");
    hand.fill("timeout", "8");
    hand.plan();
    // The budget is added up over both nodes, which the server's dry run does not do.
    hand.reads("p2-qd has to wait: budget pair-qd");
    let judge = Judge::drains(&["pair-kc-1", "pair-kc-2"], &["--force", "--timeout=8s"]);
    hand.confirm("pair-qd-1");
    hand.ends("failed");
    let (well, said) = judge.end();
    assert!(!well, "{said}");
    assert_eq!(fates(space.0, &before, "qd"), fates(space.0, &before, "kc"), "{said}");
    assert_eq!(
        (fates(space.0, &before, "qd")["p1"][0].as_str(), fates(space.0, &before, "qd")["p2"][0].as_str()),
        ("gone", "there")
    );
    for own in OWNS {
        for n in 1..=2 {
            assert_eq!(object("node", &format!("pair-{own}-{n}"), &[])["spec"]["unschedulable"], true, "{own} {n}");
        }
    }
}
