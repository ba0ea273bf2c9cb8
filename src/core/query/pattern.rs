//! Patterns made ready to match. Upper case matters only if the pattern has some.

use super::Pattern;
use memchr::memmem::Finder;
use regex::{Regex, RegexBuilder};
use std::ops::Range;

/// A pattern that can look for itself.
#[derive(Debug, Clone)]
pub(super) enum Matcher {
    /// Bytes as they are.
    Exact(Finder<'static>),
    /// ASCII, lower case, found in any case.
    Folded(Finder<'static>),
    Regex(Regex),
}

impl Matcher {
    /// Makes a pattern ready; the error is a line for the user.
    pub fn new(pattern: &Pattern) -> Result<Self, String> {
        match pattern {
            Pattern::Regex(re) => compile(re).map(Self::Regex),
            Pattern::Literal(t) if t.chars().any(char::is_uppercase) => {
                Ok(Self::Exact(Finder::new(t.as_bytes()).into_owned()))
            }
            Pattern::Literal(t) if t.is_ascii() => Ok(Self::Folded(Finder::new(t.as_bytes()).into_owned())),
            Pattern::Literal(t) => compile(&regex::escape(t)).map(Self::Regex),
        }
    }

    /// What to look for as bytes, where that decides for texts without capitals
    /// (and for all texts, if the pattern has some).
    pub fn finder(&self) -> Option<&Finder<'static>> {
        match self {
            Self::Exact(f) | Self::Folded(f) => Some(f),
            Self::Regex(_) => None,
        }
    }

    /// Whether it is in the text.
    pub fn is_in(&self, text: &str) -> bool {
        match self {
            Self::Regex(re) => re.is_match(text),
            Self::Exact(f) => f.find(text.as_bytes()).is_some(),
            Self::Folded(f) => {
                // Names of objects are lower case, so the fast search nearly always decides.
                f.find(text.as_bytes()).is_some()
                    || (has_upper(text) && find_folded(text.as_bytes(), f.needle(), 0).is_some())
            }
        }
    }

    /// Where it is in the text, without overlaps.
    pub fn places(&self, text: &str, out: &mut Vec<Range<usize>>) {
        let n = match self {
            Self::Regex(re) => {
                out.extend(re.find_iter(text).map(|m| m.range()).filter(|r| !r.is_empty()));
                return;
            }
            Self::Exact(f) | Self::Folded(f) => f.needle().len(),
        };
        let mut from = 0;
        while n > 0
            && let Some(at) = match self {
                Self::Folded(f) => find_folded(text.as_bytes(), f.needle(), from),
                Self::Exact(f) => f.find(&text.as_bytes()[from..]).map(|i| from + i),
                Self::Regex(_) => None,
            }
        {
            out.push(at..at + n);
            from = at + n;
        }
    }
}

// Without early exit, so that it compiles to vector code.
fn has_upper(text: &str) -> bool {
    text.bytes().fold(false, |any, b| any | b.is_ascii_uppercase())
}

fn find_folded(text: &[u8], needle: &[u8], from: usize) -> Option<usize> {
    let (&first, n) = (needle.first()?, needle.len());
    let mut at = from;
    while at + n <= text.len() {
        let window = &text[at..=text.len() - n];
        at += memchr::memchr2(first, first.to_ascii_uppercase(), window)?;
        if text[at..at + n].eq_ignore_ascii_case(needle) {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// Compiles a regular expression with smart case; the error is a line for the user.
pub(super) fn compile(re: &str) -> Result<Regex, String> {
    let mut escaped = false;
    // `\S` and its kin are no upper case.
    let upper = re.chars().any(|c| {
        let counts = !escaped && c.is_uppercase();
        escaped = !escaped && c == '\\';
        counts
    });
    RegexBuilder::new(re).case_insensitive(!upper).size_limit(1 << 20).dfa_size_limit(1 << 21).build().map_err(|e| {
        let text = e.to_string();
        let last = text.lines().last().unwrap_or_default();
        match e {
            regex::Error::CompiledTooBig(_) => "the regular expression is too big; use a shorter one".into(),
            _ => format!(
                "not a regular expression: {}; quote it to look for the text",
                last.trim_start_matches("error: ")
            ),
        }
    })
}
