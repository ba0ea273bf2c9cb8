//! Cron jobs, failed jobs, and what has ended.

use super::hand::{Hand, until};
use super::twins::object;
use crate::judged::{Space, apply, containers, kubectl, try_kubectl};
use serde_json::Value;
use std::time::Duration;

const SOON: Duration = Duration::from_mins(2);

const JOBS: &str = "apiVersion: batch/v1
kind: CronJob
metadata: {name: nightly, namespace: qd-act-batch}
spec:
  schedule: '0 3 1 1 *'
  jobTemplate:
    metadata: {labels: {team: night}}
    spec:
      template:
        spec:
          restartPolicy: Never
          containers: [{name: c, image: 'qd.test/talker:1', args: [-rate, '0', -count, '1']}]
";

#[test]
fn a_cron_job_is_run_now_suspended_and_resumed() {
    let _containers = containers();
    let space = Space::new("qd-act-batch");
    let ns = ["-n", space.0];
    apply(JOBS);
    let mut hand = Hand::new("admin.conf", &ns);
    hand.go("cronjobs", "nightly");
    hand.act("cronjob_run");
    hand.fill("name", "by-hand");
    hand.plan();
    hand.reads("from CronJob nightly");
    hand.confirm("");
    let job = |name: &str| object("job", name, &ns);
    until("the job", SOON, || try_kubectl(&["get", "job", "by-hand", "-n", space.0]).is_ok());
    kubectl(&["create", "job", "by-kubectl", "--from=cronjob/nightly", "-n", space.0]);
    let made = |name: &str| {
        let o = job(name);
        let m = &o["metadata"];
        (m["annotations"].clone(), m["labels"]["team"].clone(), m["ownerReferences"].clone())
    };
    assert_eq!(made("by-hand"), made("by-kubectl"));
    // A name that is taken is refused before it is sent.
    hand.go("cronjobs", "nightly");
    hand.act("cronjob_run");
    hand.fill("name", "by-hand");
    hand.plan();
    hand.reads("is there already");
    hand.leave_it();
    for (action, on) in [("cronjob_suspend", true), ("cronjob_resume", false)] {
        hand.go("cronjobs", "nightly");
        hand.act(action);
        hand.confirm("");
        until(action, SOON, || object("cronjob", "nightly", &ns)["spec"]["suspend"] == on);
    }
    // What has ended is swept up.
    until("its end", SOON, || {
        job("by-hand")["status"]["succeeded"] == 1 && job("by-kubectl")["status"]["succeeded"] == 1
    });
    hand.press(":pods\r");
    hand.mark("pods", "by-", 2);
    hand.act("delete_finished");
    hand.reads("their logs go with them");
    hand.confirm("y");
    hand.ends("done");
    assert_eq!(kubectl(&["get", "pods", "-n", space.0, "-o", "name"]), "");
}

/// A Job that fails at once, and one that does not.
const TRIES: &str = "apiVersion: batch/v1
kind: Job
metadata: {name: broken, namespace: qd-act-again, labels: {team: night}, annotations: {note: first}}
spec:
  backoffLimit: 0
  activeDeadlineSeconds: 600
  template:
    metadata: {labels: {app: broken}}
    spec:
      restartPolicy: Never
      containers: [{name: c, image: 'qd.test/crasher:1', args: [-code, '4']}]
---
apiVersion: batch/v1
kind: Job
metadata: {name: well, namespace: qd-act-again}
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{name: c, image: 'qd.test/talker:1', args: [-rate, '0', -count, '1']}]
";

/// kubectl has no word for it: the new Job is judged by the one it was made of.
#[test]
fn a_job_that_failed_is_run_again_under_another_name() {
    let _containers = containers();
    let space = Space::new("qd-act-again");
    let ns = ["-n", space.0];
    apply(TRIES);
    let job = |name: &str| object("job", name, &ns);
    let ended = |name: &str, how: &str| {
        let conditions = job(name)["status"]["conditions"].clone();
        conditions.as_array().is_some_and(|all| all.iter().any(|c| c["type"] == how && c["status"] == "True"))
    };
    until("both ends", SOON, || ended("broken", "Failed") && ended("well", "Complete"));
    let mut hand = Hand::new("admin.conf", &ns);
    let again = |hand: &mut Hand, name: &str| {
        hand.go("jobs", name);
        hand.act("job_rerun");
        hand.fill("name", "again");
        hand.plan();
    };
    again(&mut hand, "broken");
    hand.reads("as Job broken was");
    hand.confirm("");
    // It is another Job, and it runs: its own pod fails in its turn.
    until("the new Job", SOON, || try_kubectl(&["get", "job", "again", "-n", space.0]).is_ok());
    until("its end", SOON, || ended("again", "Failed"));
    let (first, second) = (job("broken"), job("again"));
    let spec = |job: &Value| {
        let mut spec = job["spec"].clone();
        for given in ["selector", "template"] {
            spec[given].take();
        }
        (spec, job["spec"]["template"]["spec"].clone(), job["spec"]["template"]["metadata"]["labels"]["app"].clone())
    };
    assert_eq!(spec(&first), spec(&second));
    let meta = &second["metadata"];
    assert_eq!((&meta["labels"]["team"], &meta["annotations"]), (&"night".into(), &Value::Null));
    assert_ne!(meta["uid"], first["metadata"]["uid"]);
    assert_eq!(second["spec"]["selector"]["matchLabels"]["batch.kubernetes.io/controller-uid"], meta["uid"]);
    assert!(hand.journal().contains(r#""step":"rerun""#), "{}", hand.journal());
    // Neither over another, nor of one that has no need of it.
    again(&mut hand, "broken");
    hand.reads("is there already");
    hand.leave_it();
    again(&mut hand, "well");
    hand.reads("it has ended well: only a Job that failed is run again");
    hand.leave_it();
}
