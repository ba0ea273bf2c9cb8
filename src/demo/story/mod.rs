//! The story: a small shop with a few troubles. It is told once, at the start; what follows is life.

use serde_json::{Value, json};

use super::Options;
use super::clock::{Clock, DAY, HOUR, Millis};
use super::defaults;
use super::kinds::NAMESPACES;
use super::world::{CONTROLLER, World};

mod batch;
pub(crate) mod build;
mod fixtures;
pub(crate) mod nodes;
pub(crate) mod past;
mod services;
pub(crate) use services::volume;
pub(crate) mod template;
mod troubles;
pub(crate) mod workloads;

/// How many changes of each kind a story's server remembers.
const WINDOW: usize = 1_000;
/// The cluster is this old.
pub(crate) const AGE: Millis = 92 * DAY;

/// Builds the story's world.
pub(crate) fn tell(clock: Clock, options: &Options) -> World {
    let mut world = World::new(clock, options.seed, super::FIRST_RV, WINDOW);
    let start = clock.epoch();
    world.pretend(Some(start - AGE));
    namespaces(&mut world, workloads::NAMESPACES);
    world.pretend(Some(start - AGE));
    nodes::story(&mut world, AGE);
    for w in workloads::WORKLOADS {
        world.pretend(Some(start - w.age * HOUR));
        past::workload(&mut world, w);
    }
    services::services(&mut world, start);
    batch::batch(&mut world, start);
    fixtures::fixtures(&mut world, start);
    world.pretend(Some(start));
    troubles::troubles(&mut world, start);
    super::life::control::space::past(&mut world);
    world.pretend(Some(start));
    super::life::begin(&mut world);
    world.store.settle();
    world.pretend(None);
    super::life::churn::begin(&mut world, options.churn, None);
    world
}

/// Namespaces and their age in hours.
pub(crate) fn namespaces(world: &mut World, all: &[(&str, i64)]) {
    for (name, age) in all {
        world.pretend(Some(world.clock.epoch() - age * HOUR));
        let mut object: Value = json!({"metadata": {"name": name}});
        defaults::fill(NAMESPACES, &mut object);
        world.create(NAMESPACES, object, CONTROLLER);
    }
}
