//! Walks the members of one big JSON object as its bytes arrive: wanted values
//! are handed out whole, arrays that hold many values are handed out element by
//! element, the rest is skipped without being kept.

use super::MAX_OBJECT;
use super::skip::Skip;
use crate::kinds::error::DecodeError;

/// What to do with a member's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Want {
    /// Nothing.
    Skip,
    /// Hand it out whole.
    Whole,
    /// It is an array: hand out its elements (`null` has none).
    Each,
}

/// What was found, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part<'a> {
    /// A wanted value.
    Value(&'a str, &'a [u8]),
    /// An element of a wanted array.
    Element(&'a [u8]),
    /// The closing bracket of the object.
    End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    Object,
    FirstKey,
    Key,
    InKey,
    Escape,
    Colon,
    Value,
    InValue,
    Comma,
    FirstElement,
    Element,
    InElement,
    ElementComma,
}

/// The walk. After [`Part::End`] it expects the next object, as watch streams have it.
#[derive(Debug)]
pub struct Members {
    body: &'static str,
    at: At,
    key: String,
    want: Want,
    skip: Skip,
    // The bytes of a wanted value that arrived in earlier chunks.
    held: Vec<u8>,
    offset: u64,
    limit: usize,
    taken: usize,
    objects: u64,
}

impl Members {
    /// A walk over a body that errors call `body`.
    pub fn new(body: &'static str) -> Self {
        Self {
            body,
            at: At::Object,
            key: String::new(),
            want: Want::Skip,
            skip: Skip::Start,
            held: Vec::new(),
            offset: 0,
            limit: MAX_OBJECT,
            taken: 0,
            objects: 0,
        }
    }

    #[cfg(test)]
    pub fn with_limit(self, limit: usize) -> Self {
        Self { limit, ..self }
    }

    /// How many bytes are kept for later.
    #[cfg(test)]
    pub fn kept(&self) -> usize {
        self.held.capacity() + self.key.capacity()
    }

    /// Whether the body may end here.
    pub fn between_objects(&self) -> bool {
        self.at == At::Object
    }

    /// How many objects have ended.
    pub fn objects(&self) -> u64 {
        self.objects
    }

    /// An error at the present place.
    pub fn error(&self, what: &'static str) -> DecodeError {
        DecodeError::at(what, self.body, self.offset)
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    /// Bytes that are not JSON of this shape, a value above the limit, or what `found` returns.
    pub fn feed(
        &mut self,
        chunk: &[u8],
        wants: impl Fn(&str) -> Want,
        mut found: impl FnMut(Part<'_>) -> Result<(), DecodeError>,
    ) -> Result<(), DecodeError> {
        let start = self.offset;
        let mut i = 0;
        while let Some(&b) = chunk.get(i) {
            self.offset = start + i as u64;
            match self.at {
                At::InKey => i = self.key_bytes(chunk, i, &wants)?,
                At::Escape => {
                    // No key we want has an escape in it, so the unescaped text does not matter.
                    self.key.push('\\');
                    self.at = At::InKey;
                    i += 1;
                }
                At::InValue | At::InElement => i = self.value_bytes(chunk, i, &mut found)?,
                _ if matches!(b, b' ' | b'\n' | b'\r' | b'\t') => i += 1,
                _ => {
                    if self.token(b, &mut found)? {
                        i += 1;
                    }
                }
            }
        }
        self.offset = start + chunk.len() as u64;
        Ok(())
    }

    // A structural byte; whether it is used up (the first byte of a value is not).
    fn token(
        &mut self,
        b: u8,
        found: &mut impl FnMut(Part<'_>) -> Result<(), DecodeError>,
    ) -> Result<bool, DecodeError> {
        self.at = match (self.at, b) {
            (At::Object, b'{') => At::FirstKey,
            (At::FirstKey | At::Key, b'"') => {
                self.key.clear();
                At::InKey
            }
            (At::FirstKey | At::Comma, b'}') => {
                found(Part::End)?;
                self.objects += 1;
                At::Object
            }
            (At::Colon, b':') => At::Value,
            (At::Value, b'[') if self.want == Want::Each => At::FirstElement,
            (At::Value, b'n') if self.want == Want::Each => {
                self.want = Want::Skip;
                self.begin(At::InValue);
                return Ok(false);
            }
            (At::Value, _) if self.want == Want::Each => return Err(self.error("not an array where one belongs")),
            (At::Value, _) => {
                self.begin(At::InValue);
                return Ok(false);
            }
            (At::Comma, b',') => At::Key,
            (At::FirstElement | At::ElementComma, b']') => At::Comma,
            (At::FirstElement | At::Element, _) => {
                self.begin(At::InElement);
                return Ok(false);
            }
            (At::ElementComma, b',') => At::Element,
            _ => return Err(self.error("not JSON of this shape")),
        };
        Ok(true)
    }

    fn begin(&mut self, at: At) {
        self.skip = Skip::Start;
        self.taken = 0;
        self.held.clear();
        self.at = at;
    }

    fn key_bytes(&mut self, chunk: &[u8], from: usize, wants: impl Fn(&str) -> Want) -> Result<usize, DecodeError> {
        const LONGEST: usize = 1 << 16;
        let rest = &chunk[from..];
        let end = memchr::memchr2(b'"', b'\\', rest);
        let text = String::from_utf8_lossy(&rest[..end.unwrap_or(rest.len())]);
        if self.key.len() + text.len() > LONGEST {
            return Err(self.error("a key without end"));
        }
        self.key.push_str(&text);
        let Some(end) = end else { return Ok(chunk.len()) };
        if rest[end] == b'\\' {
            self.at = At::Escape;
        } else {
            self.want = wants(&self.key);
            self.at = At::Colon;
        }
        Ok(from + end + 1)
    }

    fn value_bytes(
        &mut self,
        chunk: &[u8],
        from: usize,
        found: &mut impl FnMut(Part<'_>) -> Result<(), DecodeError>,
    ) -> Result<usize, DecodeError> {
        let rest = &chunk[from..];
        let end = self
            .skip
            .feed(rest)
            .map_err(|at| DecodeError::at("a byte that begins no JSON value", self.body, self.offset + at as u64))?;
        let here = &rest[..end.unwrap_or(rest.len())];
        self.taken += here.len();
        let keep = self.want != Want::Skip;
        if keep && self.taken > self.limit {
            return Err(self.error("an object above the size limit"));
        }
        let Some(end) = end else {
            if keep {
                self.held.extend_from_slice(here);
            }
            return Ok(chunk.len());
        };
        let element = self.at == At::InElement;
        self.at = if element { At::ElementComma } else { At::Comma };
        if keep {
            let whole = if self.held.is_empty() {
                here
            } else {
                self.held.extend_from_slice(here);
                &self.held
            };
            found(if element { Part::Element(whole) } else { Part::Value(&self.key, whole) })?;
            // One huge object must not hold its memory for the rest of the stream.
            if self.held.capacity() > 1 << 20 {
                self.held = Vec::new();
            }
        }
        Ok(from + end)
    }
}
