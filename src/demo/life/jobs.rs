//! Jobs: pods that are to end well.

use serde_json::{Map, Value, json};

use super::super::clock::{Millis, SECOND, rfc3339};
use super::super::kinds::{JOBS, PODS};
use super::super::object::{Tree, int, key_of, map, put, slot, text};
use super::super::story::build::{owner, pod};
use super::super::world::{CONTROLLER, Hand, World};
use super::events::{News, Source, tell};
use super::{scheduler, status};

const STATUS: Hand = Hand { manager: "kube-controller-manager", sub: "status" };
const SOURCE: Source<'_> = Source::Controller("job-controller");

/// A job from a pod template.
pub(crate) fn job(namespace: &str, name: &str, template: &Value, completions: i64, owners: Value) -> Value {
    let mut metadata = json!({"name": name, "namespace": namespace});
    if owners.is_array() {
        metadata["ownerReferences"] = owners;
    }
    json!({"metadata": metadata, "spec": {
        "parallelism": 1, "completions": completions, "backoffLimit": 3, "template": template,
        "manualSelector": false, "completionMode": "NonIndexed", "suspend": false,
        "podReplacementPolicy": "TerminatingOrFailed"
    }, "status": {}})
}

/// Stores a job: its selector and its pods' labels carry its uid, and so do its own if it was given none.
pub(crate) fn create(world: &mut World, job: Value, hand: Hand) -> Tree {
    let mut whole = world.shape(JOBS, job);
    if whole["spec"]["manualSelector"] != true {
        let (uid, name) = (text(&whole, "metadata/uid").to_owned(), text(&whole, "metadata/name").to_owned());
        let own = [
            ("batch.kubernetes.io/controller-uid", &uid),
            ("batch.kubernetes.io/job-name", &name),
            ("controller-uid", &uid),
            ("job-name", &name),
        ];
        let labels = slot(&mut whole, "spec/template/metadata/labels");
        for (key, value) in own {
            labels[key] = value.clone().into();
        }
        put(&mut whole, "spec/selector", json!({"matchLabels": {own[0].0: uid}}));
    }
    if map(&whole, "metadata/labels").is_none_or(Map::is_empty) {
        let labels = whole["spec"]["template"]["metadata"]["labels"].clone();
        put(&mut whole, "metadata/labels", labels);
    }
    world.enter(JOBS, whole, hand)
}

fn spawn(world: &mut World, job: &Value) -> Tree {
    let (namespace, name) = key_of(job);
    let pod_name = format!("{name}-{}", world.rng.suffix(5));
    let new = pod(world, &namespace, &pod_name, &job["spec"]["template"], owner("batch/v1", "Job", job));
    let made = world.create(PODS, new, CONTROLLER);
    tell(world, JOBS, job, SOURCE, News::normal("SuccessfulCreate", &format!("Created pod: {pod_name}")));
    made
}

/// A job of the past that ended well, `took` each.
pub(crate) fn past(world: &mut World, new: Value, born: Millis, took: Millis) {
    let job = create(world, new, CONTROLLER);
    for i in 0..int(&job, "spec/completions") {
        let at = born + i * took;
        world.pretend(Some(at));
        let p = spawn(world, &job);
        ended(world, p, at, took - 4 * SECOND, 0);
    }
    finish(world, &job, born);
}

/// A job of the past that used its tries up.
pub(crate) fn failed(world: &mut World, new: Value, born: Millis) {
    let job = create(world, new, CONTROLLER);
    for i in 0..=int(&job, "spec/backoffLimit") {
        let at = born + i * 30 * SECOND;
        world.pretend(Some(at));
        let p = spawn(world, &job);
        ended(world, p, at, 12 * SECOND, 1);
    }
    finish(world, &job, born);
}

fn finish(world: &mut World, job: &Value, born: Millis) {
    let (namespace, name) = key_of(job);
    world.change(JOBS, &namespace, &name, STATUS, |j| put(j, "status/startTime", rfc3339(born)));
    if let Some(job) = world.get(JOBS, &namespace, &name) {
        reconcile(world, &job);
    }
}

fn ended(world: &mut World, pod: Tree, at: Millis, took: Millis, code: i64) {
    let Ok(node) = scheduler::choose(world, &pod) else { return };
    let mut p = Tree::unwrap_or_clone(super::past::settled(world, Tree::unwrap_or_clone(pod), &node, at));
    let name = text(&p, "spec/containers/0/name").to_owned();
    let started = text(status::of(&p, &name), "state/running/startedAt").to_owned();
    let id = text(status::of(&p, &name), "containerID").to_owned();
    let reason = if code == 0 { "Completed" } else { "Error" };
    let end = at + took + 3 * SECOND;
    status::state(&mut p, &name, status::terminated(code, reason, &started, end, &id));
    status::settle(&mut p, end);
    world.put(PODS, p);
    world.pretend(Some(end));
}

pub(super) fn reconcile(world: &mut World, job: &Value) {
    let (namespace, name) = key_of(job);
    if ["Complete", "Failed"].iter().any(|c| super::super::object::condition(job, c) == "True") {
        return;
    }
    let pods = world.owned(PODS, &namespace, text(job, "metadata/uid"));
    let count =
        |phase: &str| i64::try_from(pods.iter().filter(|p| text(p, "status/phase") == phase).count()).unwrap_or(0);
    let (good, bad) = (count("Succeeded"), count("Failed"));
    let mut active = i64::try_from(pods.len()).unwrap_or(0) - good - bad;
    let wanted = int(job, "spec/completions").max(1);
    let over = if good >= wanted {
        Some(("Complete", "SuccessCriteriaMet", "CompletionsReached", "Reached expected number of succeeded pods"))
    } else if bad > int(job, "spec/backoffLimit") {
        Some(("Failed", "FailureTarget", "BackoffLimitExceeded", "Job has reached the specified backoff limit"))
    } else {
        None
    };
    if over.is_none() && job["spec"]["suspend"] != true {
        while active < int(job, "spec/parallelism").max(1).min(wanted - good) {
            spawn(world, job);
            active += 1;
        }
    }
    let ready = pods.iter().filter(|p| super::control::is_ready(p)).count();
    let (now, stamp) = (world.now(), world.stamp());
    world.change(JOBS, &namespace, &name, STATUS, |j| {
        let start = text(j, "status/startTime").to_owned();
        let mut s = json!({});
        if let Some((kind, first, reason, message)) = over {
            let line = |kind: &str| {
                json!({"type": kind, "status": "True", "lastProbeTime": rfc3339(now),
                "lastTransitionTime": rfc3339(now), "reason": reason, "message": message})
            };
            s["conditions"] = json!([line(first), line(kind)]);
        }
        s["startTime"] = if start.is_empty() { stamp.clone() } else { start }.into();
        if over.is_some_and(|o| o.0 == "Complete") {
            s["completionTime"] = stamp.into();
        }
        for (key, n) in [("active", active), ("succeeded", good), ("failed", bad)] {
            if n > 0 {
                s[key] = n.into();
            }
        }
        s["terminating"] = 0.into();
        s["uncountedTerminatedPods"] = json!({});
        s["ready"] = ready.into();
        j["status"] = s;
    });
    match over {
        Some(("Complete", ..)) => tell(world, JOBS, job, SOURCE, News::normal("Completed", "Job completed")),
        Some((_, _, reason, message)) => tell(world, JOBS, job, SOURCE, News::warning(reason, message)),
        None => {}
    }
}
