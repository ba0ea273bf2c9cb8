//! Which rows a user asked for: the filter as typed after `/`.
//!
//! Words separated by blanks; a row must satisfy all of them.
//!
//! | typed | means |
//! |---|---|
//! | `cart` | a text column shown by default or in wide mode contains it; upper case matters only if some is typed |
//! | `shop/cart` | also `namespace/name` as one text |
//! | `^web-\d`, `a.*b` | a regular expression: any of `\ ^ $ * + ? ( ) [ ] { } \|` makes one (a dot alone does not) |
//! | `"Not Ready"` | just this text, blanks and all; `\"` and `\\` inside |
//! | `!word` | the opposite of any word |
//! | `-l app=web,tier!=db,env in (a,b),!old` | labels, in kubectl's grammar |
//! | `-f crtx` | the name has these characters in this order |
//! | `status:crash`, `status:!run`, `status:=Running` | one text column contains, does not contain, is |
//! | `restarts:>3 age:<10m cpu:>=500m mem:>1Gi cpu%:>80 ready:<1 ready:0/1` | one column of numbers compared |
//!
//! A column is named by its title without blanks, case aside, or by a beginning
//! of it that fits no other; `ns` is NAMESPACE. Words not finished yet (`!`,
//! `-l`, `status:`, `restarts:>`) filter nothing, so that typing never blanks a table.
//!
//! [`Query`] is plain data; [`Query::bind`] ties it to a schema and compiles it
//! into a [`Filter`], which does the work.

mod bind;
mod columns;
mod filter;
mod fuzzy;
mod parse;
mod pattern;
mod print;
pub(in crate::core) mod quantity;
mod selector;

#[cfg(test)]
mod tests;

pub use filter::{Filter, Memo};
pub use selector::{Requirement, Selector};

use std::fmt;

/// Why a filter cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryError {
    /// What is wrong and what to do, in one line.
    pub message: String,
    /// Where, in bytes from the start of what was typed.
    pub at: usize,
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for QueryError {}

/// A parsed filter. Empty lets every row pass.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    /// All of them must hold.
    pub terms: Vec<Term>,
}

/// One condition.
#[derive(Debug, Clone, Eq)]
pub struct Term {
    /// Whether its opposite is asked for.
    pub negate: bool,
    /// What is asked.
    pub what: What,
    /// Where it was typed, in bytes; not part of its value.
    pub at: usize,
}

impl PartialEq for Term {
    fn eq(&self, other: &Self) -> bool {
        self.negate == other.negate && self.what == other.what
    }
}

/// What a condition asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// Some text column matches.
    Text(Pattern),
    /// The name has these characters in this order.
    Fuzzy(String),
    /// The labels satisfy a selector.
    Labels(Selector),
    /// One column.
    Column {
        /// As typed.
        title: String,
        /// How it is compared.
        op: Op,
        /// With what.
        value: Pattern,
    },
}

/// A text to look for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pattern {
    /// These characters.
    Literal(String),
    /// A regular expression.
    Regex(String),
}

impl Pattern {
    /// As typed, without quotes.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Literal(t) | Self::Regex(t) => t,
        }
    }
}

/// How a column is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    /// Nothing typed: text contains, counts are equal.
    Has,
    /// `=`
    Eq,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
}

impl Query {
    /// Reads what was typed.
    ///
    /// # Errors
    /// If a regular expression, a quote or a selector is malformed; the caller
    /// keeps what it had before.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        parse::query(text)
    }

    /// Whether every row passes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }
}
