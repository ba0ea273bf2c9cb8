//! The user's terminal while a program in a container has it.

use std::fmt;

/// What the loop is to do with the terminal.
#[derive(Clone, PartialEq, Eq)]
pub enum Lent {
    /// Lend it, beginning with these bytes, which show what the program has drawn so far.
    Begin(Vec<u8>),
    /// Write these, which have passed the [`super::Sieve`].
    Write(Vec<u8>),
    /// Take it back, and draw all anew.
    End,
}

/// What the loop hears of it meanwhile. No recording has it.
#[derive(Clone, PartialEq, Eq)]
pub enum LentEvent {
    /// Bytes were typed.
    Typed(Vec<u8>),
    /// Somebody else needs it.
    Wanted,
}

impl fmt::Debug for Lent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Begin(bytes) => write!(f, "Begin({} bytes)", bytes.len()),
            Self::Write(bytes) => write!(f, "Write({} bytes)", bytes.len()),
            Self::End => f.write_str("End"),
        }
    }
}

impl fmt::Debug for LentEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Typed(bytes) => write!(f, "Typed({} bytes)", bytes.len()),
            Self::Wanted => f.write_str("Wanted"),
        }
    }
}
