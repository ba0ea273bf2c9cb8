//! A reader of protobuf messages in memory: just enough for the slim messages
//! of hot kinds. Fields nobody asks for are skipped without being looked into.

use super::error::DecodeError;
use super::quantity::Amount;
use super::text::{Pairs, Str};
use super::time::Moment;

/// The value of one field as it is on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value<'a> {
    /// Wire type 0: numbers, booleans.
    Varint(u64),
    /// Wire type 2: texts, bytes, messages.
    Bytes(&'a [u8]),
    /// Wire types 1 and 5, which no field we read has.
    Fixed,
}

impl<'a> Value<'a> {
    /// A text; a field of another type is an error.
    ///
    /// # Errors
    /// Not bytes, or not UTF-8.
    pub fn text(self) -> Result<Str<'a>, DecodeError> {
        let bytes = self.bytes()?;
        std::str::from_utf8(bytes).map(Str::from).map_err(|_| DecodeError::new("a text that is not UTF-8", "protobuf"))
    }

    /// The bytes of a text or message.
    ///
    /// # Errors
    /// A field of another type.
    pub fn bytes(self) -> Result<&'a [u8], DecodeError> {
        match self {
            Self::Bytes(b) => Ok(b),
            _ => Err(DecodeError::new("a number where a text or message belongs", "protobuf")),
        }
    }

    /// A number; negative `int32` and `int64` come as ten bytes.
    ///
    /// # Errors
    /// A field of another type.
    pub fn int(self) -> Result<i64, DecodeError> {
        match self {
            Self::Varint(v) => Ok(v.cast_signed()),
            _ => Err(DecodeError::new("a text or message where a number belongs", "protobuf")),
        }
    }

    /// A boolean.
    ///
    /// # Errors
    /// A field of another type.
    pub fn bool(self) -> Result<bool, DecodeError> {
        self.int().map(|v| v != 0)
    }

    /// A message.
    ///
    /// # Errors
    /// A field of another type, or what is wrong in the message.
    pub fn message<M: Message<'a>>(self) -> Result<M, DecodeError> {
        M::read(self.bytes()?)
    }

    /// A `meta.v1.Time`: whole seconds, as in JSON (nanoseconds are on the wire but mean nothing there).
    ///
    /// # Errors
    /// A field of another type, or broken bytes.
    pub fn moment(self) -> Result<Moment, DecodeError> {
        self.message::<Stamp>().map(|s| Moment(s.seconds.saturating_mul(1000)))
    }

    /// A `meta.v1.MicroTime`.
    ///
    /// # Errors
    /// A field of another type, or broken bytes.
    pub fn micro_moment(self) -> Result<Moment, DecodeError> {
        self.message::<Stamp>().map(|s| Moment(s.seconds.saturating_mul(1000).saturating_add(s.nanos / 1_000_000)))
    }

    /// An entry of a `map<string, string>`, added to the pairs.
    ///
    /// # Errors
    /// A field of another type, or broken bytes.
    pub fn pair_into(self, pairs: &mut Pairs<'a>) -> Result<(), DecodeError> {
        let entry: Entry<'a> = self.message()?;
        pairs.0.push((entry.key, text_of(entry.value)?));
        Ok(())
    }

    /// An entry of a `map<string, Quantity>`.
    ///
    /// # Errors
    /// A field of another type, or broken bytes.
    pub fn amount(self) -> Result<(Str<'a>, Amount), DecodeError> {
        let entry: Entry<'a> = self.message()?;
        let mut amount = Amount::default();
        for field in fields(entry.value) {
            if let (1, value) = field? {
                amount = Amount::parse(&value.text()?);
            }
        }
        Ok((entry.key, amount))
    }
}

fn text_of(bytes: &[u8]) -> Result<Str<'_>, DecodeError> {
    Value::Bytes(bytes).text()
}

#[derive(Default)]
struct Stamp {
    seconds: i64,
    nanos: i64,
}

impl<'a> Message<'a> for Stamp {
    fn field(&mut self, number: u32, value: Value<'a>) -> Result<(), DecodeError> {
        match number {
            1 => self.seconds = value.int()?,
            2 => self.nanos = value.int()?,
            _ => {}
        }
        Ok(())
    }
}

#[derive(Default)]
struct Entry<'a> {
    key: Str<'a>,
    value: &'a [u8],
}

impl<'a> Message<'a> for Entry<'a> {
    fn field(&mut self, number: u32, value: Value<'a>) -> Result<(), DecodeError> {
        match number {
            1 => self.key = value.text()?,
            2 => self.value = value.bytes()?,
            _ => {}
        }
        Ok(())
    }
}

/// A message that takes its fields one by one.
pub trait Message<'a>: Default {
    /// Takes one field; unknown numbers are ignored.
    ///
    /// # Errors
    /// A value of the wrong type.
    fn field(&mut self, number: u32, value: Value<'a>) -> Result<(), DecodeError>;

    /// Reads the whole message.
    ///
    /// # Errors
    /// Broken bytes, or a value of the wrong type.
    fn read(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        let mut message = Self::default();
        for field in fields(bytes) {
            let (number, value) = field?;
            message.field(number, value)?;
        }
        Ok(message)
    }
}

/// The fields of a message, in order.
pub fn fields(bytes: &[u8]) -> Fields<'_> {
    Fields { rest: bytes }
}

/// Iterator over the fields of a message; ends after the first error.
pub struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<(u32, Value<'a>), DecodeError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let field = self.take();
        if field.is_none() {
            self.rest = &[];
        }
        Some(
            field.ok_or_else(|| DecodeError::new("a message that is cut off or has an unknown field type", "protobuf")),
        )
    }
}

impl<'a> Fields<'a> {
    fn take(&mut self) -> Option<(u32, Value<'a>)> {
        let tag = self.varint()?;
        let number = u32::try_from(tag >> 3).ok().filter(|&n| n > 0)?;
        let value = match tag & 7 {
            0 => Value::Varint(self.varint()?),
            1 => self.bytes(8).map(|_| Value::Fixed)?,
            2 => {
                let length = self.varint()?;
                Value::Bytes(self.bytes(usize::try_from(length).ok()?)?)
            }
            5 => self.bytes(4).map(|_| Value::Fixed)?,
            _ => return None,
        };
        Some((number, value))
    }

    fn bytes(&mut self, n: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.rest.split_at_checked(n)?;
        self.rest = rest;
        Some(head)
    }

    fn varint(&mut self) -> Option<u64> {
        let mut v = 0;
        for (i, &b) in self.rest.iter().enumerate().take(10) {
            v |= u64::from(b & 0x7f) << (7 * i);
            if b < 0x80 {
                self.rest = &self.rest[i + 1..];
                return Some(v);
            }
        }
        None
    }
}
