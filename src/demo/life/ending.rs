//! The end of objects: graceful for placed pods, held by finalizers, at once for the rest.

use serde_json::Value;

use super::super::clock::{SECOND, rfc3339};
use super::super::kinds::{self, KindId, NAMESPACES, PODS};
use super::super::object::{Tree, at, key_of, list, put, text};
use super::super::world::World;
use super::kubelet;

/// Begins (or completes) the deletion of an object; gives the object as it is then, or as it last was.
pub(crate) fn end(world: &mut World, kind: KindId, object: &Value, grace: Option<i64>) -> Tree {
    let (namespace, name) = key_of(object);
    if kind == PODS {
        return pod(world, object, grace);
    }
    let deleting = !text(object, "metadata/deletionTimestamp").is_empty();
    if !list(object, "metadata/finalizers").is_empty() || kind == NAMESPACES {
        if deleting {
            return Tree::new(object.clone());
        }
        let mut marked = object.clone();
        put(&mut marked, "metadata/deletionTimestamp", world.stamp());
        if kind == NAMESPACES {
            put(&mut marked, "status/phase", "Terminating");
        } else {
            put(&mut marked, "metadata/deletionGracePeriodSeconds", 0);
        }
        let marked = world.put(kind, marked);
        if kind == NAMESPACES {
            empty(world, &name);
        }
        return marked;
    }
    world.erase(kind, &namespace, &name).unwrap_or_else(|| Tree::new(object.clone()))
}

fn pod(world: &mut World, object: &Value, grace: Option<i64>) -> Tree {
    let (namespace, name) = key_of(object);
    let own = at(object, "spec/terminationGracePeriodSeconds").as_i64().unwrap_or(30);
    let over = matches!(text(object, "status/phase"), "Succeeded" | "Failed");
    let grace = if over { 0 } else { grace.unwrap_or(own).max(0) };
    let placed = !text(object, "spec/nodeName").is_empty();
    let held = !list(object, "metadata/finalizers").is_empty();
    if (grace == 0 || !placed) && !held {
        return world.erase(PODS, &namespace, &name).unwrap_or_else(|| Tree::new(object.clone()));
    }
    let already = !text(object, "metadata/deletionTimestamp").is_empty();
    let shorter = at(object, "metadata/deletionGracePeriodSeconds").as_i64().is_none_or(|g| grace < g);
    if already && !shorter {
        return Tree::new(object.clone());
    }
    let mut marked = object.clone();
    put(&mut marked, "metadata/deletionTimestamp", rfc3339(world.now() + grace * SECOND));
    put(&mut marked, "metadata/deletionGracePeriodSeconds", grace);
    let marked = world.put(PODS, marked);
    kubelet::stop(world, &marked, grace);
    marked
}

/// Deletes all that is in a namespace; the namespace goes with the last of it.
fn empty(world: &mut World, namespace: &str) {
    for kind in 0..kinds::KINDS.len() {
        let all: Vec<Tree> = world.store.within(kind, namespace).map(|(_, e)| e.value()).collect();
        for object in all {
            end(world, kind, &object, None);
        }
    }
    emptied(world, namespace);
}

/// Lets a terminating namespace go when nothing is left in it.
pub(crate) fn emptied(world: &mut World, namespace: &str) {
    let Some(object) = world.get(NAMESPACES, "", namespace) else { return };
    let left = (0..kinds::KINDS.len()).any(|kind| world.store.within(kind, namespace).next().is_some());
    if text(&object, "status/phase") == "Terminating" && !left {
        world.erase(NAMESPACES, "", namespace);
    }
}
