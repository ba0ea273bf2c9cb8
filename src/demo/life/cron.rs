//! `CronJobs`: a look at the time each minute.

use serde_json::{Value, json};

use super::super::clock::{MINUTE, Millis, rfc3339};
use super::super::kinds::{CRONJOBS, JOBS};
use super::super::object::{Tree, flag, int, key_of, text};
use super::super::story::build::owner;
use super::super::world::{CONTROLLER, Hand, World};
use super::events::{News, Source, tell};
use super::{Action, ending, jobs};

const STATUS: Hand = Hand { manager: "kube-controller-manager", sub: "status" };
const SOURCE: Source<'_> = Source::Controller("cronjob-controller");

/// Starts what is due this minute and clears what is done.
pub(super) fn tick(world: &mut World) {
    let now = world.now();
    world.after(MINUTE - now.rem_euclid(MINUTE) + 50, Action::Cron);
    let all: Vec<Tree> = world.store.iter(CRONJOBS).map(|(_, e)| e.value()).collect();
    for cron in all {
        let due = every(text(&cron, "spec/schedule")).is_some_and(|n| (now / MINUTE) % n == 0);
        let fresh = rfc3339(now - now.rem_euclid(MINUTE)) != text(&cron, "status/lastScheduleTime");
        if due && fresh && !flag(&cron, "spec/suspend") {
            start(world, &cron, now);
        }
        clear(world, &cron);
    }
}

/// The minutes between runs of the simple schedules (`*`, `*/n` in the first place); others never run here.
fn every(schedule: &str) -> Option<Millis> {
    let (first, rest) = schedule.split_once(' ')?;
    if rest != "* * * *" {
        return None;
    }
    match first {
        "*" => Some(1),
        other => other.strip_prefix("*/")?.parse().ok().filter(|n| *n > 0),
    }
}

fn start(world: &mut World, cron: &Value, now: Millis) {
    let (namespace, name) = key_of(cron);
    let running =
        world.owned(JOBS, &namespace, text(cron, "metadata/uid")).into_iter().any(|j| int(&j, "status/active") > 0);
    if running && text(cron, "spec/concurrencyPolicy") == "Forbid" {
        return;
    }
    let template = &cron["spec"]["jobTemplate"]["spec"]["template"];
    let job_name = format!("{name}-{}", now / MINUTE);
    let new = jobs::job(&namespace, &job_name, template, 1, owner("batch/v1", "CronJob", cron));
    let job = jobs::create(world, new, CONTROLLER);
    tell(world, CRONJOBS, cron, SOURCE, News::normal("SuccessfulCreate", &format!("Created job {job_name}")));
    world.change(CRONJOBS, &namespace, &name, STATUS, |c| {
        let at = rfc3339(now - now.rem_euclid(MINUTE));
        c["status"] = json!({"active": [{"kind": "Job", "namespace": namespace, "name": job_name,
            "uid": text(&job, "metadata/uid"), "apiVersion": "batch/v1", "resourceVersion": text(&job, "metadata/resourceVersion")}],
            "lastScheduleTime": at, "lastSuccessfulTime": text(c, "status/lastSuccessfulTime")});
    });
}

/// Finished jobs beyond the history go; the list of active ones is kept true.
fn clear(world: &mut World, cron: &Value) {
    let (namespace, name) = key_of(cron);
    let mut all = world.owned(JOBS, &namespace, text(cron, "metadata/uid"));
    all.sort_by(|a, b| text(a, "metadata/creationTimestamp").cmp(text(b, "metadata/creationTimestamp")));
    let (done, active): (Vec<Tree>, Vec<Tree>) =
        all.into_iter().partition(|j| !text(j, "status/completionTime").is_empty());
    let keep = usize::try_from(int(cron, "spec/successfulJobsHistoryLimit")).unwrap_or(3);
    let last = done.last().map(|j| text(j, "status/completionTime").to_owned());
    for job in done.iter().take(done.len().saturating_sub(keep)) {
        ending::end(world, JOBS, job, None);
        let told = format!("Deleted job {}", text(job, "metadata/name"));
        tell(world, CRONJOBS, cron, SOURCE, News::normal("SuccessfulDelete", &told));
    }
    if active.is_empty() {
        world.change(CRONJOBS, &namespace, &name, STATUS, |c| {
            if let Some(status) = c["status"].as_object_mut() {
                status.shift_remove("active");
                if let Some(last) = last {
                    status.insert("lastSuccessfulTime".into(), last.into());
                }
            }
        });
    }
}
