//! What an operator asks first of an object, as lines with roles. One file a
//! kind; every other kind is told by its metadata, status and conditions. Beside
//! the object stand its events and what is measured of it; for a node also what
//! its pods ask for and when its kubelet was last heard of.

mod allocated;
mod any;
mod beside;
mod events;
mod node;
mod pod;
mod write;

pub use beside::Beside;

use super::panes::text::TextLine;
use super::store::Store;
use super::usage::Usage;
use serde_json::Value;

/// An object with what is known beside it.
#[derive(Debug, Clone)]
pub struct Subject<'a> {
    /// The object.
    pub value: &'a Value,
    /// The API server's clock in Unix milliseconds.
    pub now: i64,
    /// Events about it.
    pub events: Option<&'a Store>,
    /// For a node: pods, its own among them.
    pub pods: Option<&'a Store>,
    /// For a node: its lease.
    pub lease: Option<&'a Value>,
    /// What it uses: a node as a whole, a pod by its containers.
    pub usage: Vec<(String, Usage)>,
}

impl<'a> Subject<'a> {
    /// An object alone.
    #[must_use]
    pub fn new(value: &'a Value, now: i64) -> Self {
        Self { value, now, events: None, pods: None, lease: None, usage: Vec::new() }
    }
}

/// Describes an object.
#[must_use]
pub fn lines(subject: &Subject<'_>) -> Vec<TextLine> {
    let mut out = write::Writer::new(subject.now);
    match subject.value.get("kind").and_then(Value::as_str) {
        Some("Pod") => pod::describe(&mut out, subject),
        Some("Node") => node::describe(&mut out, subject),
        _ => any::describe(&mut out, subject.value),
    }
    events::describe(&mut out, subject.events);
    out.finish()
}

#[cfg(test)]
mod tests;
