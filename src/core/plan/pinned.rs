//! Whether an object is still the one that was asked for.

use crate::core::act::{Facts, Read, Refusal};
use crate::core::facts::text;
use crate::core::kind::ObjectRef;
use crate::core::uid::Uid;
use serde_json::Value;

/// What became of a target since the key was pressed.
#[derive(Debug, Clone, Copy)]
pub enum Pinned<'a> {
    /// It is there.
    Here(&'a Value),
    /// It is not there any more.
    Gone,
    /// Another of its name is there; that one is not touched.
    Another,
    /// It could not be read.
    Unread(&'a Refusal),
    /// Nobody has read it yet.
    NotAsked,
}

/// Looks a target up in the facts.
#[must_use]
pub fn pinned<'a>(facts: &'a Facts, target: &ObjectRef) -> Pinned<'a> {
    match facts.answer(&Read::Object(target.clone())) {
        None => Pinned::NotAsked,
        Some(Err(refusal)) if refusal.code == 404 => Pinned::Gone,
        Some(Err(refusal)) => Pinned::Unread(refusal),
        Some(Ok(object)) => {
            let uid = Uid::parse(text(&object["metadata"]["uid"]));
            if target.uid.is_none_or(|u| u == uid) { Pinned::Here(object) } else { Pinned::Another }
        }
    }
}
