//! A watch in protobuf: frames of a 4-byte big-endian length and a
//! `meta.v1.WatchEvent` (1: type, 2: `RawExtension`, whose `raw` is an object in
//! its `k8s\0` envelope).

use super::bookmark::{Bookmark, Failure};
use super::json_watch::Type;
use super::proto_list::MAGIC;
use super::{MAX_OBJECT, Piece, Sink};
use crate::kinds::error::DecodeError;
use crate::kinds::pb::{Message, Value, fields};
use crate::kinds::text::Str;

/// The machine of protobuf watch frames.
#[derive(Debug)]
pub struct ProtoWatch {
    // The unfinished frame, its length prefix included.
    held: Vec<u8>,
    offset: u64,
    limit: usize,
}

impl Default for ProtoWatch {
    fn default() -> Self {
        Self { held: Vec::new(), offset: 0, limit: MAX_OBJECT }
    }
}

const PREFIX: usize = 4;

#[derive(Debug, Default)]
struct WatchEvent<'a> {
    kind: Str<'a>,
    object: &'a [u8],
}

impl<'a> Message<'a> for WatchEvent<'a> {
    fn field(&mut self, number: u32, value: Value<'a>) -> Result<(), DecodeError> {
        match number {
            1 => self.kind = value.text()?,
            2 => {
                for inner in fields(value.bytes()?) {
                    if let (1, raw) = inner? {
                        self.object = raw.bytes()?;
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }
}

/// The object of an envelope: `k8s\0`, then `runtime.Unknown` with the object in field 2.
fn unwrap_envelope(bytes: &[u8]) -> Result<&[u8], DecodeError> {
    let unknown =
        bytes.strip_prefix(&MAGIC).ok_or_else(|| DecodeError::new("an object without envelope", "protobuf watch"))?;
    let mut raw = &[][..];
    for field in fields(unknown) {
        if let (2, value) = field? {
            raw = value.bytes()?;
        }
    }
    Ok(raw)
}

impl ProtoWatch {
    #[cfg(test)]
    pub(super) fn with_limit(limit: usize) -> Self {
        Self { limit, ..Self::default() }
    }

    fn error(&self, what: &'static str) -> DecodeError {
        DecodeError::at(what, "protobuf watch", self.offset)
    }

    // The length of the frame that begins here, with its prefix, once its prefix is there.
    fn frame_length(&self, bytes: &[u8]) -> Result<Option<usize>, DecodeError> {
        let Some(prefix) = bytes.first_chunk::<PREFIX>() else { return Ok(None) };
        let length = u32::from_be_bytes(*prefix) as usize;
        if length > self.limit {
            return Err(self.error("an event above the size limit"));
        }
        Ok(Some(length + PREFIX))
    }

    /// See [`super::Framer::feed`].
    ///
    /// # Errors
    /// See [`super::Framer::feed`].
    pub fn feed(&mut self, mut chunk: &[u8], sink: &mut impl Sink) -> Result<(), DecodeError> {
        while !chunk.is_empty() {
            if self.held.is_empty() {
                // Whole frames are read from the chunk itself.
                if let Some(length) = self.frame_length(chunk)?
                    && let Some((frame, rest)) = chunk.split_at_checked(length)
                {
                    self.event(&frame[PREFIX..], sink)?;
                    self.offset += length as u64;
                    chunk = rest;
                    continue;
                }
            }
            let wanted = self.frame_length(&self.held)?.unwrap_or(PREFIX);
            let (now, rest) = chunk.split_at(chunk.len().min(wanted.saturating_sub(self.held.len())));
            self.held.extend_from_slice(now);
            chunk = rest;
            if self.frame_length(&self.held)? == Some(self.held.len()) {
                let frame = std::mem::take(&mut self.held);
                self.event(&frame[PREFIX..], sink)?;
                self.offset += frame.len() as u64;
            }
        }
        Ok(())
    }

    fn event(&self, frame: &[u8], sink: &mut impl Sink) -> Result<(), DecodeError> {
        let event = WatchEvent::read(frame).map_err(|e| e.within(&self.error("").place))?;
        let known = Type::parse(&event.kind).ok_or_else(|| self.error("an event of unknown type"))?;
        let object = unwrap_envelope(event.object)?;
        match known {
            Type::Change(kind) => sink(Piece::Event { kind, object }),
            Type::Bookmark => sink(Bookmark::read(object)?.piece()),
            Type::Error => sink(Piece::Error(Failure::read(object)?.status())),
        }
    }

    /// See [`super::Framer::finish`].
    ///
    /// # Errors
    /// See [`super::Framer::finish`].
    pub fn finish(&self) -> Result<(), DecodeError> {
        if self.held.is_empty() {
            return Ok(());
        }
        Err(self.error("the stream ends in the middle of an event"))
    }
}
