//! A list in protobuf: the magic `k8s\0`, then `runtime.Unknown`, whose field 2
//! (`raw`) is the list message: field 1 its metadata, field 2 each item.
//! Two levels of fields are walked as the bytes arrive.

use super::bookmark::ListMeta;
use super::{MAX_OBJECT, Piece, Sink};
use crate::kinds::error::DecodeError;
use crate::kinds::pb::Message;

/// What every protobuf body of an API server begins with.
pub(super) const MAGIC: [u8; 4] = *b"k8s\0";

/// The machine of a protobuf list.
#[derive(Debug)]
pub struct ProtoList {
    at: At,
    // Bytes of the list message still to come; `None` outside of it.
    inner: Option<u64>,
    // Whether the list message has begun.
    begun: bool,
    number: Varint,
    held: Vec<u8>,
    offset: u64,
    limit: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    // This many bytes of the magic have come.
    Magic(usize),
    Tag,
    // The number of a field of wire type 0.
    Number,
    // The length of this field.
    Length(u64),
    // This many bytes of a field that is handed out (its number).
    Body(u64, u64),
    // This many bytes that nobody wants.
    Skip(u64),
}

#[derive(Debug, Clone, Copy, Default)]
struct Varint {
    value: u64,
    bytes: u32,
}

impl Varint {
    // `Ok(Some)` when complete, `Err` when longer than a varint can be.
    fn push(&mut self, b: u8) -> Result<Option<u64>, ()> {
        if self.bytes >= 10 {
            return Err(());
        }
        self.value |= u64::from(b & 0x7f).wrapping_shl(7 * self.bytes);
        self.bytes += 1;
        if b >= 0x80 {
            return Ok(None);
        }
        Ok(Some(std::mem::take(self).value))
    }
}

impl Default for ProtoList {
    fn default() -> Self {
        Self {
            at: At::Magic(0),
            inner: None,
            begun: false,
            number: Varint::default(),
            held: Vec::new(),
            offset: 0,
            limit: MAX_OBJECT,
        }
    }
}

impl ProtoList {
    #[cfg(test)]
    pub(super) fn with_limit(limit: usize) -> Self {
        Self { limit, ..Self::default() }
    }

    #[cfg(test)]
    pub(super) fn kept(&self) -> usize {
        self.held.capacity()
    }

    fn error(&self, what: &'static str) -> DecodeError {
        DecodeError::at(what, "protobuf list", self.offset)
    }

    /// See [`super::Framer::feed`].
    ///
    /// # Errors
    /// See [`super::Framer::feed`].
    pub fn feed(&mut self, mut chunk: &[u8], sink: &mut impl Sink) -> Result<(), DecodeError> {
        loop {
            if self.inner == Some(0) && self.at == At::Tag {
                self.inner = None;
            }
            let Some(&b) = chunk.first() else { return Ok(()) };
            let used = match self.at {
                At::Body(field, left) => self.body(chunk, field, left, sink)?,
                At::Skip(left) => self.skip(chunk, left),
                _ => {
                    self.spend(1);
                    self.small(b)?;
                    1
                }
            };
            self.offset += used as u64;
            self.settle(sink)?;
            chunk = &chunk[used..];
        }
    }

    fn spend(&mut self, bytes: usize) {
        if let Some(left) = &mut self.inner {
            *left = left.saturating_sub(bytes as u64);
        }
    }

    // A body that is complete is handed out; a message must not end within a field.
    fn settle(&mut self, sink: &mut impl Sink) -> Result<(), DecodeError> {
        match self.at {
            At::Body(field, 0) => {
                let held = std::mem::take(&mut self.held);
                Self::hand_out(field, &held, sink)?;
                self.held = held;
                self.at = At::Tag;
            }
            At::Skip(0) => self.at = At::Tag,
            _ => {}
        }
        if self.inner == Some(0) && (self.at != At::Tag || self.number.bytes > 0) {
            return Err(self.error("a field that runs past the end of its message"));
        }
        Ok(())
    }

    fn small(&mut self, b: u8) -> Result<(), DecodeError> {
        self.at = match self.at {
            At::Magic(n) if b != MAGIC[n] => return Err(self.error("no Kubernetes protobuf")),
            At::Magic(n) if n + 1 == MAGIC.len() => At::Tag,
            At::Magic(n) => At::Magic(n + 1),
            other => {
                let whole = self.number.push(b).map_err(|()| self.error("a number without end"))?;
                match (whole, other) {
                    (None, _) => other,
                    (Some(tag), At::Tag) => self.tag(tag)?,
                    (Some(length), At::Length(field)) => self.length(field, length)?,
                    _ => At::Tag,
                }
            }
        };
        Ok(())
    }

    fn tag(&self, tag: u64) -> Result<At, DecodeError> {
        match tag & 7 {
            _ if tag >> 3 == 0 => Err(self.error("a field without a number")),
            0 => Ok(At::Number),
            1 => Ok(At::Skip(8)),
            2 => Ok(At::Length(tag >> 3)),
            5 => Ok(At::Skip(4)),
            _ => Err(self.error("an unknown field type")),
        }
    }

    fn length(&mut self, field: u64, length: u64) -> Result<At, DecodeError> {
        let Some(left) = self.inner else {
            if field == 2 {
                self.inner = Some(length);
                self.begun = true;
                return Ok(At::Tag);
            }
            return Ok(At::Skip(length));
        };
        if length > left {
            return Err(self.error("a field that runs past the end of its message"));
        }
        if !matches!(field, 1 | 2) {
            return Ok(At::Skip(length));
        }
        if length > self.limit as u64 {
            return Err(self.error("an object above the size limit"));
        }
        self.held.clear();
        Ok(At::Body(field, length))
    }

    fn skip(&mut self, chunk: &[u8], left: u64) -> usize {
        let used = usize::try_from(left).unwrap_or(usize::MAX).min(chunk.len());
        self.spend(used);
        self.at = At::Skip(left - used as u64);
        used
    }

    fn body(&mut self, chunk: &[u8], field: u64, left: u64, sink: &mut impl Sink) -> Result<usize, DecodeError> {
        let want = usize::try_from(left).unwrap_or(usize::MAX);
        if let (true, Some(whole)) = (self.held.is_empty(), chunk.get(..want)) {
            Self::hand_out(field, whole, sink)?;
            self.spend(want);
            self.at = At::Tag;
            return Ok(want);
        }
        let used = want.min(chunk.len());
        self.held.extend_from_slice(&chunk[..used]);
        self.spend(used);
        self.at = At::Body(field, left - used as u64);
        Ok(used)
    }

    fn hand_out(field: u64, bytes: &[u8], sink: &mut impl Sink) -> Result<(), DecodeError> {
        if field == 2 {
            return sink(Piece::Item(bytes));
        }
        let meta = ListMeta::read(bytes).map_err(|e| e.within("list metadata"))?;
        sink(meta.piece())
    }

    /// See [`super::Framer::finish`].
    ///
    /// # Errors
    /// See [`super::Framer::finish`].
    pub fn finish(&self) -> Result<(), DecodeError> {
        if self.begun && self.at == At::Tag && self.number.bytes == 0 && matches!(self.inner, None | Some(0)) {
            return Ok(());
        }
        Err(self.error("the list ends in the middle"))
    }
}
