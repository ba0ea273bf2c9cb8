//! The one error of this room: bytes that are not what an API server sends.

use std::borrow::Cow;
use std::fmt;

/// What made no sense, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodeError {
    /// What is wrong, as a sentence part: `a length that runs past its end`.
    pub what: Cow<'static, str>,
    /// Where: a place in the object or the stream (`Pod JSON, line 1 column 52`).
    pub place: String,
}

impl DecodeError {
    /// An error at a place.
    pub fn new(what: impl Into<Cow<'static, str>>, place: impl Into<String>) -> Self {
        Self { what: what.into(), place: place.into() }
    }

    /// An error at an offset of a body, counted from its first byte.
    pub fn at(what: impl Into<Cow<'static, str>>, body: &str, offset: u64) -> Self {
        Self::new(what, format!("{body}, byte {offset}"))
    }

    /// What serde found wrong in an object of some kind.
    pub fn json(subject: &str, error: &serde_json::Error) -> Self {
        let text = error.to_string();
        // serde ends its messages with the position; it belongs to the place.
        let what = text.rsplit_once(" at line ").map_or(text.as_str(), |(w, _)| w);
        Self::new(what.to_owned(), format!("{subject} JSON, line {} column {}", error.line(), error.column()))
    }

    /// The same error, told with a wider place before it.
    #[must_use]
    pub fn within(self, outer: &str) -> Self {
        Self { place: format!("{outer}: {}", self.place), what: self.what }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.what, self.place)
    }
}

impl std::error::Error for DecodeError {}
