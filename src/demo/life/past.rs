//! Pods of the past: as a quiet life left them, and how their life goes on.

use serde_json::{Value, json};

use super::super::clock::{Millis, SECOND, rfc3339};
use super::super::kinds::PODS;
use super::super::object::{Tree, controller, put, text};
use super::super::world::World;
use super::habit::{Habit, habit};
use super::kubelet::{Step, address, host_ip, main_name, next};
use super::status::{self, luck};

/// A pod of the past on a node: started and ready a few seconds after its birth.
pub(crate) fn settled(world: &mut World, mut pod: Value, node: &str, born: Millis) -> Tree {
    let (host, ip) = (host_ip(world, node), address(world));
    let began = born + 3 * SECOND + luck(&pod, 3_000);
    super::super::story::build::place(&mut pod, node, born);
    status::addresses(&mut pod, &host, &ip);
    let (inits, mains) = status::names(&pod);
    for name in inits.iter().chain(&mains) {
        status::state(&mut pod, name, status::running(began));
        status::ready(&mut pod, name, true);
    }
    status::settle(&mut pod, began + 4 * SECOND);
    put(&mut pod, "metadata/managedFields", json!([]));
    let stamp = rfc3339(began);
    let hand = super::super::world::CONTROLLER;
    super::super::managed::note(&super::super::kinds::KINDS[PODS], &mut pod, hand, &stamp);
    world.put(PODS, pod)
}

/// Takes up the life of a pod of the past.
pub(crate) fn resume(world: &mut World, pod: &Value) {
    if text(pod, "spec/nodeName").is_empty() {
        if controller(pod).is_some() || text(pod, "status/phase") == "Pending" {
            next(world, pod, 2 * SECOND, Step::Schedule);
        }
        return;
    }
    let running = !status::of(pod, &main_name(pod))["state"]["running"].is_null();
    let waiting = text(status::of(pod, &main_name(pod)), "state/waiting/reason") == "CrashLoopBackOff";
    match habit(pod) {
        Habit::Leak(_) if waiting => next(world, pod, 20 * SECOND + luck(pod, 60) * SECOND, Step::Restart),
        Habit::Leak(after) if running => next(world, pod, after / 2 + luck(pod, 20) * SECOND, Step::Exit),
        Habit::Finish(after) | Habit::Fail(after) if running => next(world, pod, after, Step::Exit),
        Habit::Flap if running => next(world, pod, 20 * SECOND + luck(pod, 60) * SECOND, Step::Unready),
        Habit::NeverReady if running => next(world, pod, 10 * SECOND, Step::Unready),
        Habit::Missing => next(world, pod, 30 * SECOND, Step::Start),
        _ => {}
    }
}
