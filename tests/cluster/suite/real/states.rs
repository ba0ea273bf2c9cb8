//! Pods in every state the images can produce.

use crate::agree::agree;
use crate::console::{ROOMY, live, open, widen};
use crate::judged::{Space, apply, containers, kubectl};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// What must have been seen, each in a row that agreed with kubectl's in all cells.
const STATES: &[&str] = &[
    "Completed",
    "ContainerCreating",
    "CrashLoopBackOff",
    "CreateContainerConfigError",
    "ErrImageNeverPull",
    "ErrImagePull",
    "Error",
    "ImagePullBackOff",
    "Init:1/2",
    "Init:CrashLoopBackOff",
    "Init:Error",
    "InvalidImageName",
    "OOMKilled",
    "Pending",
    "RunContainerError",
    "Running",
    "SchedulingGated",
    "Terminating",
];

/// States that pass, or that want somebody to do something: ends slowly, a readiness gate nobody
/// opens, ended by its deadline, a pull that fails now and not an hour ago.
const OWN: &str = "
apiVersion: v1
kind: Pod
metadata: {name: slow, namespace: qd-states}
spec:
  terminationGracePeriodSeconds: 200
  containers: [{name: c, image: 'qd.test/slow:1', args: [-for, 200s]}]
---
apiVersion: v1
kind: Pod
metadata: {name: behind-a-gate, namespace: qd-states}
spec:
  terminationGracePeriodSeconds: 1
  readinessGates: [{conditionType: qd.test/lock}]
  containers: [{name: c, image: 'qd.test/bare:1'}]
---
apiVersion: v1
kind: Pod
metadata: {name: soon-gone, namespace: qd-states}
spec:
  terminationGracePeriodSeconds: 1
  restartPolicy: Never
  activeDeadlineSeconds: 5
  containers: [{name: c, image: 'qd.test/bare:1'}]
---
apiVersion: v1
kind: Pod
metadata: {name: no-image, namespace: qd-states}
spec:
  containers: [{name: c, image: 'qd.test/no-such-image:3'}]
---
apiVersion: v1
kind: Pod
metadata: {name: crashes, namespace: qd-states}
spec:
  containers: [{name: c, image: 'qd.test/crasher:1', args: [-after, 2s]}]
---
apiVersion: v1
kind: Pod
metadata: {name: never-begins, namespace: qd-states}
spec:
  initContainers: [{name: i, image: 'qd.test/crasher:1', args: [-after, 2s]}]
  containers: [{name: c, image: 'qd.test/bare:1'}]
";

/// Its end would keep the namespace for minutes.
struct Release;

impl Drop for Release {
    fn drop(&mut self) {
        let _ =
            crate::judged::try_kubectl(&["delete", "pod", "slow", "-n", "qd-states", "--grace-period=0", "--force"]);
    }
}

#[test]
fn pods_in_every_state_agree_with_kubectl() {
    let _containers = containers();
    let space = Space::new("qd-states");
    let _release = Release;
    apply(OWN);
    kubectl(&["wait", "pod/slow", "-n", space.0, "--for=condition=Ready", "--timeout=60s"]);
    kubectl(&["delete", "pod", "slow", "-n", space.0, "--wait=false"]);
    let look = |namespace: &'static str| {
        let mut program = open("admin.conf", &["-n", namespace], ":pods", ROOMY);
        widen(&mut program);
        program.wait_for("a live pane", live);
        (namespace, program)
    };
    let consoles = [look(space.0), look("trouble")];
    let deadline = Instant::now() + Duration::from_secs(180);
    let mut missing: BTreeSet<&str> = STATES.iter().copied().collect();
    let mut seen = BTreeSet::new();
    while !missing.is_empty() {
        for (namespace, program) in &consoles {
            for row in agree(program, &["get", "pods", "-n", namespace, "-o", "wide"], &[]).rows {
                missing.remove(row["STATUS"].as_str());
                seen.insert(row["STATUS"].clone());
            }
        }
        assert!(Instant::now() < deadline, "no pod was {missing:?}; seen: {seen:?}");
    }
    eprintln!("states agreed on: {seen:?}");
}
