//! The life of a pod on its node: pulled, started, ready, crashing, backing off, stopped.

use serde_json::Value;

use super::super::clock::{MINUTE, Millis, SECOND, rfc3339};
use super::super::kinds::{NODES, PODS};
use super::super::object::{Tree, find, int, list, put, text};
use super::super::world::{KUBELET, World};
use super::events::{News, Source, tell};
use super::habit::{Habit, habit};
use super::status::{self, luck};
use super::{Action, PodRef, scheduler};

/// A step in a pod's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Schedule,
    /// Its node begins with it.
    Pull,
    /// Its containers start.
    Start,
    /// Its probes succeed.
    Ready,
    /// Its probes fail.
    Unready,
    /// Its main container ends by itself.
    Exit,
    /// The back-off is over.
    Restart,
    /// It has been told to stop and does.
    Kill,
}

/// The longest back-off between restarts.
const LONGEST: Millis = 5 * MINUTE;

pub(super) fn main_name(pod: &Value) -> String {
    text(pod, "spec/containers/0/name").to_owned()
}

/// A step of a pod's life, if it is still there.
pub(crate) fn step(world: &mut World, pod_ref: &PodRef, step: Step) {
    let Some(pod) = pod_ref.get(world) else { return };
    let deleting = !text(&pod, "metadata/deletionTimestamp").is_empty();
    if deleting && step != Step::Kill {
        return;
    }
    let node = text(&pod, "spec/nodeName").to_owned();
    // A silent node does nothing; what was to be done is tried again later.
    if step != Step::Schedule && step != Step::Unready && !world.node_ready(&node) {
        return world.after(5 * SECOND, Action::Pod(pod_ref.clone(), step));
    }
    match step {
        Step::Schedule => scheduler::schedule(world, &pod),
        Step::Pull => pull(world, &pod, &node),
        Step::Start | Step::Restart => start(world, &pod, &node),
        Step::Ready => ready(world, &pod, true),
        Step::Unready => ready(world, &pod, false),
        Step::Exit => exit(world, &pod),
        Step::Kill => kill(world, &pod),
    }
}

pub(super) fn next(world: &mut World, pod: &Value, wait: Millis, step: Step) {
    world.after(wait, Action::Pod(PodRef::of(pod), step));
}

fn update(world: &mut World, pod: &Value, change: impl FnOnce(&mut Value)) -> Tree {
    let at = PodRef::of(pod);
    world.change(PODS, &at.namespace, &at.name, KUBELET, change).unwrap_or_else(|| Tree::new(pod.clone()))
}

fn pull(world: &mut World, pod: &Value, node: &str) {
    let now = world.now();
    let host = host_ip(world, node);
    let (inits, mains) = status::names(pod);
    let creating = status::waiting("ContainerCreating", "");
    let pod = update(world, pod, |p| {
        put(p, "status/startTime", rfc3339(now));
        status::addresses(p, &host, "");
        for name in inits.iter().chain(&mains) {
            let waits = if inits.is_empty() { creating.clone() } else { status::waiting("PodInitializing", "") };
            status::state(p, name, waits);
        }
        status::settle(p, now);
    });
    for c in list(&pod, "spec/containers") {
        let (name, image) = (text(c, "name"), text(c, "image"));
        tell(
            world,
            PODS,
            &pod,
            Source::Kubelet(node),
            News::normal("Pulling", &format!("Pulling image \"{image}\"")).of(name),
        );
    }
    if habit(&pod) == Habit::Missing {
        return bad_image(world, &pod, node);
    }
    let wait = 1_200 + luck(&pod, 2_500);
    next(world, &pod, wait, Step::Start);
}

fn bad_image(world: &mut World, pod: &Value, node: &str) {
    let name = main_name(pod);
    let image = text(pod, "spec/containers/0/image").to_owned();
    let failure = format!(
        "failed to pull and unpack image \"{image}\": failed to resolve reference \"{image}\": {image}: not found"
    );
    let now = world.now();
    let ip = address(world);
    let was = text(status::of(pod, &name), "state/waiting/reason").to_owned();
    let host = host_ip(world, node);
    let (reason, message) = if was == "ErrImagePull" {
        (
            "ImagePullBackOff",
            format!("Back-off pulling image \"{image}\": ErrImagePull: rpc error: code = NotFound desc = {failure}"),
        )
    } else {
        ("ErrImagePull", format!("rpc error: code = NotFound desc = {failure}"))
    };
    let pod = update(world, pod, |p| {
        let ip = if text(p, "status/podIP").is_empty() { ip } else { text(p, "status/podIP").to_owned() };
        status::addresses(p, &host, &ip);
        status::state(p, &name, status::waiting(reason, &message));
        status::settle(p, now);
    });
    let source = Source::Kubelet(node);
    if reason == "ErrImagePull" {
        let told = format!("Failed to pull image \"{image}\": rpc error: code = NotFound desc = {failure}");
        tell(world, PODS, &pod, source, News::warning("Failed", &told).of(&name));
        tell(world, PODS, &pod, source, News::warning("Failed", "Error: ErrImagePull").of(&name));
        next(world, &pod, 14 * SECOND, Step::Pull);
        // The next pull is a back-off: told by a start that finds no image.
        next(world, &pod, 3 * SECOND, Step::Start);
    } else {
        let told = format!("Back-off pulling image \"{image}\"");
        tell(world, PODS, &pod, source, News::normal("BackOff", &told).of(&name));
        tell(world, PODS, &pod, source, News::warning("Failed", "Error: ImagePullBackOff").of(&name));
    }
}

fn start(world: &mut World, pod: &Value, node: &str) {
    let (inits, mains) = status::names(pod);
    let what = habit(pod);
    if what == Habit::Missing {
        return bad_image(world, pod, node);
    }
    let now = world.now();
    let (host, fresh) = (host_ip(world, node), address(world));
    let pod = update(world, pod, |p| {
        let ip = if text(p, "status/podIP").is_empty() { fresh } else { text(p, "status/podIP").to_owned() };
        status::addresses(p, &host, &ip);
        for name in &inits {
            let sidecar = find(list(p, "spec/initContainers"), "name", name)
                .is_some_and(|c| text(c, "restartPolicy") == "Always");
            if sidecar {
                status::state(p, name, status::running(now));
                status::ready(p, name, true);
            } else {
                let id = format!("containerd://{:064x}", super::super::rng::hash(name));
                status::state(p, name, status::terminated(0, "Completed", &rfc3339(now - SECOND), now, &id));
                status::ready(p, name, true);
            }
        }
        for name in &mains {
            if status::of(p, name)["state"]["running"].is_null() {
                status::state(p, name, status::running(now));
            }
        }
        status::settle(p, now);
    });
    for c in list(&pod, "spec/containers") {
        let (name, image) = (text(c, "name"), text(c, "image"));
        let source = Source::Kubelet(node);
        let told = if int(status::of(&pod, name), "restartCount") == 0 {
            format!(
                "Successfully pulled image \"{image}\" in 1.{}s ({}.{}s including waiting). Image size: 48113752 bytes.",
                luck(&pod, 900),
                1,
                luck(&pod, 900)
            )
        } else {
            format!("Container image \"{image}\" already present on machine and can be accessed by the pod")
        };
        tell(world, PODS, &pod, source, News::normal("Pulled", &told).of(name));
        tell(world, PODS, &pod, source, News::normal("Created", "Container created").of(name));
        tell(world, PODS, &pod, source, News::normal("Started", "Container started").of(name));
    }
    let probed = !pod["spec"]["containers"][0]["readinessProbe"].is_null();
    let warm = if probed { 2 * SECOND + luck(&pod, 4_000) } else { 0 };
    match what {
        Habit::NeverReady => next(world, &pod, 8 * SECOND, Step::Unready),
        Habit::Leak(after) | Habit::Finish(after) | Habit::Fail(after) => {
            next(world, &pod, warm, Step::Ready);
            next(world, &pod, after, Step::Exit);
        }
        Habit::Serve | Habit::Flap | Habit::Missing => next(world, &pod, warm, Step::Ready),
    }
}

fn ready(world: &mut World, pod: &Value, yes: bool) {
    let (_, mains) = status::names(pod);
    if yes && mains.iter().any(|n| status::of(pod, n)["state"]["running"].is_null()) {
        return;
    }
    let (now, what) = (world.now(), habit(pod));
    let name = main_name(pod);
    let node = text(pod, "spec/nodeName").to_owned();
    let pod = update(world, pod, |p| {
        for container in &mains {
            status::ready(p, container, yes || *container != name);
        }
        status::settle(p, now);
    });
    if !yes {
        let told = match what {
            Habit::Flap => "Readiness probe failed: HTTP probe failed with statuscode: 503".to_owned(),
            _ => format!(
                "Readiness probe failed: Get \"http://{}:8080/readyz\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)",
                text(&pod, "status/podIP")
            ),
        };
        tell(world, PODS, &pod, Source::Kubelet(&node), News::warning("Unhealthy", &told).of(&name));
    }
    match (what, yes) {
        (Habit::Flap, true) => next(world, &pod, 70 * SECOND + luck(&pod, 200) * SECOND, Step::Unready),
        (Habit::Flap, false) => next(world, &pod, 25 * SECOND + luck(&pod, 30) * SECOND, Step::Ready),
        (Habit::NeverReady, false) => next(world, &pod, 10 * SECOND, Step::Unready),
        _ => {}
    }
}

fn exit(world: &mut World, pod: &Value) {
    let (code, reason) = match habit(pod) {
        Habit::Finish(_) => (0, "Completed"),
        Habit::Leak(_) => (137, "OOMKilled"),
        _ => (1, "Error"),
    };
    ended(world, pod, &main_name(pod), code, reason);
}

/// A main container has ended: the restart policy says what follows.
pub(super) fn ended(world: &mut World, pod: &Value, name: &str, code: i64, reason: &str) {
    let node = text(pod, "spec/nodeName").to_owned();
    let current = status::of(pod, name).clone();
    let started = text(&current, "state/running/startedAt").to_owned();
    if started.is_empty() {
        return;
    }
    let now = world.now();
    let ended = status::terminated(code, reason, &started, now, text(&current, "containerID"));
    let again =
        text(pod, "spec/restartPolicy") == "Always" || (text(pod, "spec/restartPolicy") == "OnFailure" && code != 0);
    let restarts = int(&current, "restartCount");
    let wait = ((10 * SECOND) << restarts.min(6)).min(LONGEST);
    let pod = update(world, pod, |p| {
        if again {
            let uid = text(p, "metadata/uid").to_owned();
            let told = format!(
                "back-off {} restarting failed container={name} pod={}_{}({uid})",
                words(wait),
                text(p, "metadata/name"),
                text(p, "metadata/namespace")
            );
            status::state(p, name, status::waiting("CrashLoopBackOff", &told));
            status::with(p, name, |c| {
                c["lastState"] = ended;
                c["restartCount"] = (restarts + 1).into();
            });
        } else {
            status::state(p, name, ended);
            sidecars_stop(p, now);
        }
        status::settle(p, now);
    });
    if again {
        let told = format!(
            "Back-off restarting failed container {name} in pod {}_{}({})",
            text(&pod, "metadata/name"),
            text(&pod, "metadata/namespace"),
            text(&pod, "metadata/uid")
        );
        tell(world, PODS, &pod, Source::Kubelet(&node), News::warning("BackOff", &told).of(name));
        next(world, &pod, wait, Step::Restart);
    }
}

/// Sidecars end when the main containers have.
fn sidecars_stop(pod: &mut Value, now: Millis) {
    let (inits, _) = status::names(pod);
    for name in inits {
        let current = status::of(pod, &name).clone();
        if !current["state"]["running"].is_null() {
            let started = text(&current, "state/running/startedAt").to_owned();
            let end = status::terminated(0, "Completed", &started, now, text(&current, "containerID"));
            status::state(pod, &name, end);
        }
    }
}

/// A duration as Go writes it: `40s`, `2m40s`.
fn words(wait: Millis) -> String {
    let seconds = wait / SECOND;
    if seconds < 60 { format!("{seconds}s") } else { format!("{}m{}s", seconds / 60, seconds % 60) }
}

/// A pod has stopped: it goes when nothing else holds it.
fn kill(world: &mut World, pod: &Value) {
    let now = world.now();
    if list(pod, "metadata/finalizers").is_empty() {
        let at = PodRef::of(pod);
        world.erase(PODS, &at.namespace, &at.name);
        return;
    }
    let (_, mains) = status::names(pod);
    update(world, pod, |p| {
        for name in &mains {
            let current = status::of(p, name).clone();
            let started = text(&current, "state/running/startedAt").to_owned();
            if !started.is_empty() {
                status::state(p, name, status::terminated(137, "Error", &started, now, text(&current, "containerID")));
            }
        }
        sidecars_stop(p, now);
        status::settle(p, now);
        put(p, "status/phase", "Failed");
    });
}

/// Tells a pod to stop: its containers have the grace they were given.
pub(crate) fn stop(world: &mut World, pod: &Value, grace: i64) {
    let node = text(pod, "spec/nodeName").to_owned();
    for c in list(pod, "spec/containers") {
        let name = text(c, "name");
        if !status::of(pod, name)["state"]["running"].is_null() {
            let told = format!("Stopping container {name}");
            tell(world, PODS, pod, Source::Kubelet(&node), News::normal("Killing", &told).of(name));
        }
    }
    // Most things stop long before they must.
    let wait = (grace * SECOND).min(1_500 + luck(pod, 2_500));
    next(world, pod, wait, Step::Kill);
}

/// The address of a node.
pub(crate) fn host_ip(world: &World, node: &str) -> String {
    let node = world.get(NODES, "", node).unwrap_or_default();
    find(list(&node, "status/addresses"), "type", "InternalIP").map_or(String::new(), |a| text(a, "address").to_owned())
}

/// A fresh address of a pod.
pub(super) fn address(world: &mut World) -> String {
    world.addresses += 1;
    let n = world.addresses;
    format!("10.{}.{}.{}", 128 + n / 50_000, n / 200 % 250, 10 + n % 200)
}
