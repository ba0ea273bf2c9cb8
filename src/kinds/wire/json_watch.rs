//! A watch in JSON: objects `{"type":"ADDED","object":{..}}`, one after the other.

use super::bookmark::{Bookmark, Failure};
use super::members::{Members, Part, Want};
use super::{EventKind, Piece, Sink};
use crate::kinds::error::DecodeError;

/// The machine of JSON watch lines.
#[derive(Debug)]
pub struct JsonWatch {
    members: Members,
    event: Option<Type>,
    // An object that came before its type: no API server does this, JSON allows it.
    early: Vec<u8>,
}

/// The type of a watch event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    Change(EventKind),
    Bookmark,
    Error,
}

impl Type {
    pub(super) fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "ADDED" => Self::Change(EventKind::Added),
            "MODIFIED" => Self::Change(EventKind::Modified),
            "DELETED" => Self::Change(EventKind::Deleted),
            "BOOKMARK" => Self::Bookmark,
            "ERROR" => Self::Error,
            _ => return None,
        })
    }
}

impl Default for JsonWatch {
    fn default() -> Self {
        Self { members: Members::new("JSON watch"), event: None, early: Vec::new() }
    }
}

fn wants(key: &str) -> Want {
    if matches!(key, "type" | "object") { Want::Whole } else { Want::Skip }
}

fn emit(event: Type, object: &[u8], sink: &mut impl Sink) -> Result<(), DecodeError> {
    match event {
        Type::Change(kind) => sink(Piece::Event { kind, object }),
        Type::Bookmark => {
            let mark: Bookmark<'_> = serde_json::from_slice(object).map_err(|e| DecodeError::json("bookmark", &e))?;
            sink(mark.piece())
        }
        Type::Error => {
            let failure: Failure<'_> =
                serde_json::from_slice(object).map_err(|e| DecodeError::json("error event", &e))?;
            sink(Piece::Error(failure.status()))
        }
    }
}

impl JsonWatch {
    /// See [`super::Framer::feed`].
    ///
    /// # Errors
    /// See [`super::Framer::feed`].
    pub fn feed(&mut self, chunk: &[u8], sink: &mut impl Sink) -> Result<(), DecodeError> {
        let Self { members, event, early } = self;
        members.feed(chunk, wants, |part| match part {
            Part::Value("type", bytes) => {
                let text: String = serde_json::from_slice(bytes).map_err(|e| DecodeError::json("watch event", &e))?;
                let known = Type::parse(&text)
                    .ok_or_else(|| DecodeError::new(format!("an event of unknown type {text:?}"), "JSON watch"))?;
                *event = Some(known);
                if early.is_empty() { Ok(()) } else { emit(known, &std::mem::take(early), sink) }
            }
            Part::Value(_, bytes) => {
                if let Some(known) = *event {
                    return emit(known, bytes, sink);
                }
                *early = bytes.to_vec();
                Ok(())
            }
            Part::Element(_) => Ok(()),
            Part::End if event.take().is_some() => Ok(()),
            Part::End => Err(DecodeError::new("an event without a type", "JSON watch")),
        })
    }

    /// See [`super::Framer::finish`].
    ///
    /// # Errors
    /// See [`super::Framer::finish`].
    pub fn finish(&self) -> Result<(), DecodeError> {
        if self.members.between_objects() {
            return Ok(());
        }
        Err(self.members.error("the stream ends in the middle of an event"))
    }
}
