//! Cron jobs, failed jobs, and what has ended.

use super::hand::{Hand, until};
use super::twins::object;
use crate::judged::{Space, apply, containers, kubectl};
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
    until("the job", SOON, || crate::judged::try_kubectl(&["get", "job", "by-hand", "-n", space.0]).is_ok());
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
