//! What happens by itself: one task works off the world's agenda as its time comes.

use std::sync::Weak;
use std::time::Duration;

use serde_json::Value;

use super::Shared;
use super::clock::SECOND;
use super::kinds::{self, KindId, PODS};
use super::object::{Tree, controller, key_of, text};
use super::world::World;

pub(crate) mod churn;
pub(crate) mod control;
mod cron;
pub(crate) mod ending;
pub(crate) mod ephemeral;
pub(crate) mod events;
mod habit;
pub(crate) mod jobs;
pub(crate) mod kubelet;
mod machines;
pub(crate) mod past;
pub(crate) mod scheduler;
pub(crate) mod status;

pub(crate) use kubelet::Step;

/// A pod, surely this one and not its successor of the same name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PodRef {
    pub(crate) namespace: String,
    pub(crate) name: String,
    pub(crate) uid: String,
}

impl PodRef {
    pub(crate) fn of(pod: &Value) -> Self {
        let (namespace, name) = key_of(pod);
        Self { namespace, name, uid: text(pod, "metadata/uid").to_owned() }
    }

    /// The pod, if it is still this one.
    pub(crate) fn get(&self, world: &World) -> Option<Tree> {
        world.get(PODS, &self.namespace, &self.name).filter(|p| text(p, "metadata/uid") == self.uid)
    }
}

/// Something that is to happen.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Action {
    /// A step in a pod's life.
    Pod(PodRef, Step),
    /// A controller looks at an object.
    Reconcile(KindId, String, String),
    /// Nodes renew their leases.
    Heartbeat,
    /// A node stops or starts to answer.
    Node(String, bool),
    /// `CronJobs` look at the time.
    Cron,
    /// Something changes by request.
    Churn,
    /// The beginning is over: objects are kept small from now on.
    Pack,
}

/// Works off the agenda until nobody holds the cluster any more.
pub(crate) async fn run(shared: Weak<Shared>) {
    loop {
        let Some(cluster) = shared.upgrade() else { return };
        let due = {
            let mut world = cluster.lock();
            // Not too long in one go: requests wait for the lock meanwhile.
            for _ in 0..64 {
                let Some(action) = world.next_due() else { break };
                act(&mut world, action);
            }
            world.pretend(None);
            world.due().map(|at| cluster.clock.instant(at))
        };
        // Looked at once a second at least, so that a dropped cluster is noticed.
        let idle = tokio::time::Instant::now() + Duration::from_secs(1);
        // A pause of a millisecond, so that a speeding clock leaves the lock to others.
        let soonest = tokio::time::Instant::now() + Duration::from_millis(1);
        let until = due.map_or(idle, |d| d.clamp(soonest, idle));
        tokio::select! {
            () = tokio::time::sleep_until(until) => {}
            () = cluster.wake.notified() => {}
        }
        drop(cluster);
    }
}

fn act(world: &mut World, action: Action) {
    match action {
        Action::Pod(pod, step) => kubelet::step(world, &pod, step),
        Action::Reconcile(kind, namespace, name) => {
            world.looked(kind, &namespace, &name);
            control::reconcile(world, kind, &namespace, &name);
        }
        Action::Heartbeat => machines::heartbeat(world),
        Action::Node(name, up) => machines::turn(world, &name, up),
        Action::Cron => cron::tick(world),
        Action::Churn => churn::step(world),
        Action::Pack => world.store.pack(),
    }
}

/// Life begins: controllers look at everything once, clocks are wound.
pub(crate) fn begin(world: &mut World) {
    world.live = true;
    for kind in control::CONTROLLED {
        let all: Vec<(String, String)> =
            world.store.iter(*kind).map(|(k, _)| (k.0.to_string(), k.1.to_string())).collect();
        for (namespace, name) in all {
            control::reconcile(world, *kind, &namespace, &name);
        }
    }
    let pods: Vec<Tree> = world.store.iter(PODS).map(|(_, e)| e.value()).collect();
    for pod in pods {
        past::resume(world, &pod);
    }
    world.after(SECOND, Action::Heartbeat);
    world.after(SECOND, Action::Cron);
    world.after(5 * SECOND, Action::Pack);
}

/// An object was made: somebody has to take it from here.
pub(crate) fn created(world: &mut World, kind: KindId, object: &Value) {
    if world.live && kind == PODS {
        let step = if text(object, "spec/nodeName").is_empty() { Step::Schedule } else { Step::Pull };
        world.after(150, Action::Pod(PodRef::of(object), step));
    }
}

/// A container has ended because somebody in it told its program to.
pub(crate) fn stopped(world: &mut World, pod: &PodRef, container: &str, code: i32) {
    let Some(object) = pod.get(world) else { return };
    let reason = if code == 0 { "Completed" } else { "Error" };
    if ephemeral::is(&object, container) {
        ephemeral::ended(world, &object, container, i64::from(code), reason);
    } else {
        kubelet::ended(world, &object, container, i64::from(code), reason);
    }
}

/// A client changed an object: taints drive pods away, a lifted cordon lets waiting pods in.
pub(crate) fn changed(world: &mut World, kind: KindId, before: &Value, after: &Value) {
    if kind != kinds::NODES || before["spec"] == after["spec"] {
        return;
    }
    let name = text(after, "metadata/name").to_owned();
    if before["spec"]["unschedulable"] != after["spec"]["unschedulable"] {
        machines::cordoned(world, &name);
    }
    if let Some(node) = world.get(kinds::NODES, "", &name) {
        machines::drive(world, &node);
    }
    let waiting: Vec<PodRef> =
        world.store.iter(PODS).filter(|(_, e)| e.field(0).is_empty()).map(|(_, e)| PodRef::of(&e.value())).collect();
    for pod in waiting {
        world.after(500, Action::Pod(pod, Step::Schedule));
    }
}

/// An object was stored: those who look after it will look.
pub(crate) fn notice(world: &mut World, kind: KindId, object: &Value) {
    if !world.live {
        return;
    }
    let (namespace, name) = key_of(object);
    if control::CONTROLLED.contains(&kind) {
        world.look(kind, &namespace, &name);
    }
    if let Some(owner) = controller(object)
        && let Some(kind) = kinds::by_kind(text(owner, "apiVersion"), text(owner, "kind"))
    {
        world.look(kind, &namespace, text(owner, "name"));
    }
    control::followers(world, kind, object);
}

/// An object is gone for good.
pub(crate) fn erased(world: &mut World, kind: KindId, object: &Value) {
    notice(world, kind, object);
    if world.live {
        control::orphaned(world, kind, object);
    }
}
