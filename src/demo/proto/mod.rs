//! Protobuf: answers for the hot kinds (pods, nodes and events), and what clients post in that form.

use std::io;

use bytes::Bytes;
use serde_json::Value;
use tokio::sync::mpsc;

use super::entry::Entry;
use super::http::answer::{Answer, answer};
use super::http::body::Body;
use super::kinds::Kind;

pub(crate) mod decode;
pub(crate) mod encode;
mod schema;

#[cfg(test)]
mod tests;

use encode::{Schema, bytes, message, nested, text, varint, varint_len};

const MEDIA: &str = "application/vnd.kubernetes.protobuf";
/// What every object on the wire begins with.
const MAGIC: &[u8] = b"k8s\0";
/// A part of a streamed list is sent when it has grown to this.
const PART: usize = 64 * 1024;

fn schema(kind: &Kind) -> Option<Schema> {
    match (kind.group, kind.plural) {
        ("", "pods") => Some(schema::pod::POD),
        ("", "nodes") => Some(schema::node::NODE),
        ("", "events") => Some(schema::node::EVENT),
        _ => None,
    }
}

/// Whether the kind can be had as protobuf.
pub(crate) fn has(kind: &Kind) -> bool {
    schema(kind).is_some()
}

/// The message of an object.
pub(crate) fn object(kind: &Kind, value: &Value) -> Vec<u8> {
    let mut out = Vec::with_capacity(8 * 1024);
    if let Some(schema) = schema(kind) {
        message(schema, value, &mut out);
    }
    out
}

fn entry_bytes(kind: &Kind, entry: &Entry, out: &mut Vec<u8>) {
    match entry {
        Entry::Stamped(stamp) => stamp.write_proto(out),
        Entry::Full(_) => out.extend_from_slice(&object(kind, &entry.value())),
    }
}

/// Begins an envelope for a message of `length` bytes: magic, type, and the field that holds it.
fn envelope(kind: &str, version: &str, length: usize, out: &mut Vec<u8>) {
    out.extend_from_slice(MAGIC);
    nested(1, out, |out| {
        text(1, version, out);
        text(2, kind, out);
    });
    varint(2 << 3 | 2, out);
    varint(length as u64, out);
}

/// Ends an envelope: no content encoding, no content type.
const END: &[u8] = &[0x1a, 0, 0x22, 0];

fn wrapped(kind: &str, version: &str, message: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(message.len() + 32);
    envelope(kind, version, message.len(), &mut out);
    out.extend_from_slice(message);
    out.extend_from_slice(END);
    out
}

/// A single object.
pub(crate) fn one(kind: &Kind, entry: &Entry) -> Answer {
    let mut message = Vec::new();
    entry_bytes(kind, entry, &mut message);
    answer(200, MEDIA, wrapped(kind.kind, kind.version, &message))
}

/// A review with its answer, of a kind that can be read too.
pub(crate) fn posted(object: &Value) -> Option<Answer> {
    let (kind, version) = (object["kind"].as_str()?, object["apiVersion"].as_str()?);
    let (_, schema) = schema::review::POSTED.iter().find(|(name, _)| *name == kind)?;
    let mut body = Vec::new();
    message(schema, object, &mut body);
    Some(answer(201, MEDIA, wrapped(kind, version, &body)))
}

/// A list, streamed: the sizes are known before the first item is sent.
pub(crate) fn list(kind: &'static Kind, metadata: &Value, items: Vec<Entry>) -> Answer {
    let mut head = Vec::new();
    nested(1, &mut head, |out| message(schema::meta::LIST_META, metadata, out));
    // Stamps know their size; whole objects are encoded now and kept.
    let mut encoded: Vec<Option<Vec<u8>>> = Vec::with_capacity(items.len());
    let mut length = head.len();
    for entry in &items {
        let (size, kept) = match entry {
            Entry::Stamped(stamp) => (stamp.proto_len(), None),
            Entry::Full(_) => {
                let bytes = object(kind, &entry.value());
                (bytes.len(), Some(bytes))
            }
        };
        length += 1 + varint_len(size) + size;
        encoded.push(kept);
    }
    let mut out = Vec::with_capacity(PART + 16 * 1024);
    envelope(&format!("{}List", kind.kind), kind.version, length, &mut out);
    out.extend_from_slice(&head);
    let (sender, parts) = mpsc::channel(4);
    tokio::spawn(stream(items, encoded, out, sender));
    answer(200, MEDIA, Body::Parts(parts))
}

async fn stream(
    items: Vec<Entry>,
    encoded: Vec<Option<Vec<u8>>>,
    mut out: Vec<u8>,
    sender: mpsc::Sender<io::Result<Bytes>>,
) {
    for (entry, kept) in items.iter().zip(encoded) {
        match (entry, kept) {
            (_, Some(whole)) => bytes(2, &whole, &mut out),
            (Entry::Stamped(stamp), None) => {
                varint(2 << 3 | 2, &mut out);
                varint(stamp.proto_len() as u64, &mut out);
                stamp.write_proto(&mut out);
            }
            (Entry::Full(_), None) => {}
        }
        if out.len() >= PART {
            let part = std::mem::replace(&mut out, Vec::with_capacity(PART + 16 * 1024));
            if sender.send(Ok(part.into())).await.is_err() {
                return;
            }
        }
    }
    out.extend_from_slice(END);
    let _ = sender.send(Ok(out.into())).await;
}

/// A frame of a watch: its length, then a `WatchEvent` with the object in its envelope.
fn frame(what: &str, raw: &[u8], out: &mut Vec<u8>) {
    let mut event = Vec::with_capacity(raw.len() + 32);
    text(1, what, &mut event);
    nested(2, &mut event, |out| bytes(1, raw, out));
    out.extend_from_slice(&u32::try_from(event.len()).unwrap_or(u32::MAX).to_be_bytes());
    out.extend_from_slice(&event);
}

/// An event of a watch.
pub(crate) fn event(kind: &Kind, what: &str, entry: &Entry, out: &mut Vec<u8>) {
    let mut message = Vec::new();
    entry_bytes(kind, entry, &mut message);
    frame(what, &wrapped(kind.kind, kind.version, &message), out);
}

/// A bookmark of a watch.
pub(crate) fn bookmark(kind: &Kind, empty: &Value, out: &mut Vec<u8>) {
    frame("BOOKMARK", &wrapped(kind.kind, kind.version, &object(kind, empty)), out);
}

/// The error that ends a watch.
pub(crate) fn error(status: &Value, out: &mut Vec<u8>) {
    let mut body = Vec::new();
    message(schema::meta::STATUS, status, &mut body);
    frame("ERROR", &wrapped("Status", "v1", &body), out);
}
