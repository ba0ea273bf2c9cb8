//! Churn on request: that many changes a second, among the generated pods or in the story.

use serde_json::Value;

use super::super::big::Crowd;
use super::super::clock::Millis;
use super::super::kinds::PODS;
use super::super::object::{flag, text};
use super::super::world::{KUBELET, World};
use super::habit::{Habit, habit};
use super::{Action, PodRef, kubelet, status};

/// The time between two steps.
const STEP: Millis = 10;

/// What goes on by request.
#[derive(Debug)]
pub(crate) struct Churn {
    /// Changes a second, and what is left over of the last step.
    rate: f64,
    rest: f64,
    turn: Turn,
}

/// What changes.
#[derive(Debug)]
enum Turn {
    /// Generated pods become unready, crash and come back.
    Crowd(Crowd),
    /// A pod of the story becomes unready, and ready again before the next one does.
    Story { down: Option<PodRef> },
}

/// Begins with it, when any is asked for.
pub(crate) fn begin(world: &mut World, rate: f64, crowd: Option<Crowd>) {
    if rate > 0.0 && world.store.len(PODS) > 0 {
        let turn = crowd.map_or(Turn::Story { down: None }, Turn::Crowd);
        world.churn = Some(Churn { rate, rest: 0.0, turn });
        world.after(STEP, Action::Churn);
    }
}

/// The changes of one step.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a few changes a step"
)]
pub(super) fn step(world: &mut World) {
    let Some(mut churn) = world.churn.take() else { return };
    let due = churn.rate * STEP as f64 / 1_000.0 + churn.rest;
    churn.rest = due.fract();
    for _ in 0..due as u64 {
        match &mut churn.turn {
            Turn::Crowd(crowd) => crowd.turn(world),
            Turn::Story { down } => *down = turn(world, down.take()),
        }
    }
    world.churn = Some(churn);
    world.after(STEP, Action::Churn);
}

/// Brings the last pod back, or takes another one down.
fn turn(world: &mut World, down: Option<PodRef>) -> Option<PodRef> {
    if let Some(pod) = down.and_then(|at| at.get(world)) {
        ready(world, &pod, true);
        return None;
    }
    let all = world.store.len(PODS);
    let from = usize::try_from(world.rng.below(all.max(1) as u64)).unwrap_or(0);
    // Only what the story leaves alone: a running pod that is well.
    let well = |pod: &Value| {
        habit(pod) == Habit::Serve
            && text(pod, "metadata/deletionTimestamp").is_empty()
            && flag(status::of(pod, &kubelet::main_name(pod)), "ready")
            && text(pod, "metadata/labels/app") != "payments"
    };
    let pod = {
        let every = world.store.iter(PODS).skip(from).chain(world.store.iter(PODS).take(from));
        every.map(|(_, e)| e.value()).find(|p| well(p))?
    };
    ready(world, &pod, false);
    Some(PodRef::of(&pod))
}

fn ready(world: &mut World, pod: &Value, yes: bool) {
    let (at, now, name) = (PodRef::of(pod), world.now(), kubelet::main_name(pod));
    world.change(PODS, &at.namespace, &at.name, KUBELET, |p| {
        status::ready(p, &name, yes);
        status::settle(p, now);
    });
}
