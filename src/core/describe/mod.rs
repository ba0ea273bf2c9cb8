//! What an operator asks first of an object, as lines with roles. One file a
//! kind; every other kind is told by its metadata, status and conditions.

mod any;
mod node;
mod pod;
mod write;

use super::panes::text::TextLine;
use serde_json::Value;

/// Describes an object. `now` is the API server's clock in Unix milliseconds.
#[must_use]
pub fn lines(value: &Value, now: i64) -> Vec<TextLine> {
    let mut out = write::Writer::new(now);
    match value.get("kind").and_then(Value::as_str) {
        Some("Pod") => pod::describe(&mut out, value),
        Some("Node") => node::describe(&mut out, value),
        _ => any::describe(&mut out, value),
    }
    out.finish()
}
