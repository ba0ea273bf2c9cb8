//! Framing: body chunks in, objects out. Each answer format is a small state
//! machine that is fed with chunks as they arrive, yields every object as soon
//! as its last byte is there, and never holds a list: what it keeps is at most
//! one unfinished object, bounded by [`MAX_OBJECT`]. An object that lies whole
//! in a chunk is yielded from it, without a copy.

mod bookmark;
mod json_list;
mod json_watch;
mod members;
mod peek;
mod proto_list;
mod proto_watch;
mod skip;

#[cfg(test)]
mod tests;

use super::error::DecodeError;
pub use json_list::JsonList;
pub use json_watch::JsonWatch;
pub use peek::{Head, json_head, proto_head};
pub use proto_list::ProtoList;
pub use proto_watch::ProtoWatch;

/// The largest object taken, in bytes. Servers refuse objects far smaller than
/// this (etcd's limit is 1.5 MiB by default); more is no object but an attack or a defect.
pub const MAX_OBJECT: usize = 16 << 20;

/// What comes out of an answer.
#[derive(Debug, PartialEq)]
pub enum Piece<'a> {
    /// The list's own metadata. In protobuf and from an API server it comes before the items.
    Meta {
        /// Where a watch continues from.
        resource_version: &'a str,
        /// The token of the next page, empty on the last.
        cont: &'a str,
    },
    /// The column definitions of a Table answer (JSON array), before its rows.
    Columns(&'a [u8]),
    /// One object of a list, or one row of a Table. Protobuf objects come without an envelope.
    Item(&'a [u8]),
    /// A change of one object.
    Event {
        /// What happened to it.
        kind: EventKind,
        /// The object: JSON, or a protobuf message without its envelope; for Table watches a Table.
        object: &'a [u8],
    },
    /// The stream has got to here.
    Bookmark {
        /// Where a watch continues from.
        resource_version: &'a str,
        /// Whether it ends the initial events of a `WatchList` stream.
        initial_end: bool,
    },
    /// The server ends the stream for this reason.
    Error(Status),
}

/// What happened to the object of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EventKind {
    /// It is new to this stream.
    Added,
    /// It changed.
    Modified,
    /// It is gone; the object is its last state.
    Deleted,
}

/// A `meta.v1.Status` that came as an ERROR event.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Status {
    /// HTTP code (410: the resourceVersion is too old), 0 when the server gave none.
    pub code: u16,
    /// In one word: `Expired`.
    pub reason: String,
    /// In a sentence.
    pub message: String,
}

/// Takes the pieces of an answer; an error of its own ends the feeding.
pub trait Sink: FnMut(Piece<'_>) -> Result<(), DecodeError> {}
impl<F: FnMut(Piece<'_>) -> Result<(), DecodeError>> Sink for F {}

/// One of the framings, chosen by the answer's content type and the request.
#[derive(Debug)]
pub enum Framer {
    /// A JSON list, or a JSON Table.
    JsonList(JsonList),
    /// JSON watch lines.
    JsonWatch(JsonWatch),
    /// A protobuf list.
    ProtoList(ProtoList),
    /// Protobuf watch frames.
    ProtoWatch(ProtoWatch),
}

impl Framer {
    /// The framing of an answer.
    #[must_use]
    pub fn new(encoding: Encoding, answer: Answer) -> Self {
        match (encoding, answer) {
            (Encoding::Json, Answer::List) => Self::JsonList(JsonList::default()),
            (Encoding::Json, Answer::Watch) => Self::JsonWatch(JsonWatch::default()),
            (Encoding::Protobuf, Answer::List) => Self::ProtoList(ProtoList::default()),
            (Encoding::Protobuf, Answer::Watch) => Self::ProtoWatch(ProtoWatch::default()),
        }
    }

    /// Takes the next bytes of the body, of any length.
    ///
    /// # Errors
    /// Bytes that are not this format, an object above [`MAX_OBJECT`], or what the
    /// sink returns. The stream is then of no more use.
    pub fn feed(&mut self, chunk: &[u8], sink: &mut impl Sink) -> Result<(), DecodeError> {
        match self {
            Self::JsonList(m) => m.feed(chunk, sink),
            Self::JsonWatch(m) => m.feed(chunk, sink),
            Self::ProtoList(m) => m.feed(chunk, sink),
            Self::ProtoWatch(m) => m.feed(chunk, sink),
        }
    }

    /// Says that the body has ended.
    ///
    /// # Errors
    /// It ended in the middle of something.
    pub fn finish(&self) -> Result<(), DecodeError> {
        match self {
            Self::JsonList(m) => m.finish(),
            Self::JsonWatch(m) => m.finish(),
            Self::ProtoList(m) => m.finish(),
            Self::ProtoWatch(m) => m.finish(),
        }
    }
}

/// How objects are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// `application/json`, Tables too.
    Json,
    /// `application/vnd.kubernetes.protobuf`.
    Protobuf,
}

impl Encoding {
    /// By the answer's `Content-Type`.
    #[must_use]
    pub fn of_content_type(value: &str) -> Self {
        let media = value.split(';').next().unwrap_or_default().trim();
        if media.starts_with("application/vnd.kubernetes.protobuf") { Self::Protobuf } else { Self::Json }
    }
}

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Answer {
    /// A list, or a page of it.
    List,
    /// A watch.
    Watch,
}
