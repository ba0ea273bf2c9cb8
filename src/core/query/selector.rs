//! Label selectors in kubectl's grammar (`labels.Parse` of apimachinery),
//! matched against the labels text of a row.

use super::QueryError;
use super::parse::Reader;
use std::fmt::{self, Display, Formatter};

/// Requirements, all of which must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selector(pub Vec<Requirement>);

/// What one label must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Requirement {
    /// `key`
    Exists(String),
    /// `!key`
    Missing(String),
    /// `key=value`, `key==value`
    Is(String, String),
    /// `key!=value`; holds without the label too.
    IsNot(String, String),
    /// `key in (a,b)`
    In(String, Vec<String>),
    /// `key notin (a,b)`; holds without the label too.
    NotIn(String, Vec<String>),
    /// `key>number`
    More(String, i64),
    /// `key<number`
    Less(String, i64),
}

impl Selector {
    /// Whether these labels (`k=v,k=v`) satisfy it.
    #[must_use]
    pub fn matches(&self, labels: &str) -> bool {
        self.0.iter().all(|r| r.matches(labels))
    }
}

impl Requirement {
    fn matches(&self, labels: &str) -> bool {
        let value = |key: &str| crate::core::store::label_in(labels, key);
        let number = |key: &str| value(key).and_then(|v| v.parse::<i64>().ok());
        match self {
            Self::Exists(k) => value(k).is_some(),
            Self::Missing(k) => value(k).is_none(),
            Self::Is(k, v) => value(k) == Some(v),
            Self::IsNot(k, v) => value(k) != Some(v),
            Self::In(k, vs) => value(k).is_some_and(|v| vs.iter().any(|w| w == v)),
            Self::NotIn(k, vs) => value(k).is_none_or(|v| vs.iter().all(|w| w != v)),
            Self::More(k, n) => number(k).is_some_and(|v| v > *n),
            Self::Less(k, n) => number(k).is_some_and(|v| v < *n),
        }
    }
}

impl Display for Selector {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (i, r) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str(",")?;
            }
            match r {
                Requirement::Exists(k) => f.write_str(k)?,
                Requirement::Missing(k) => write!(f, "!{k}")?,
                Requirement::Is(k, v) => write!(f, "{k}={v}")?,
                Requirement::IsNot(k, v) => write!(f, "{k}!={v}")?,
                Requirement::In(k, vs) => write!(f, "{k} in ({})", vs.join(","))?,
                Requirement::NotIn(k, vs) => write!(f, "{k} notin ({})", vs.join(","))?,
                Requirement::More(k, n) => write!(f, "{k}>{n}")?,
                Requirement::Less(k, n) => write!(f, "{k}<{n}")?,
            }
        }
        Ok(())
    }
}

fn key_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/')
}

fn value_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')
}

/// Reads requirements up to the first blank that no comma or operator joins.
pub(super) fn read(r: &mut Reader<'_>) -> Result<Selector, QueryError> {
    let mut all = Vec::new();
    while let Some(c) = r.peek() {
        let missing = r.eat("!");
        let key = r.take(key_char).to_owned();
        if key.is_empty() {
            if missing && r.peek().is_none_or(char::is_whitespace) {
                break;
            }
            return r.error(format!("a label key cannot begin with `{c}`; write -l key=value"));
        }
        all.push(if missing { Requirement::Missing(key) } else { requirement(r, key)? });
        let here = r.at;
        r.blanks();
        if !r.eat(",") {
            r.at = here;
            break;
        }
        r.blanks();
    }
    if let Some(c) = r.peek().filter(|c| !c.is_whitespace()) {
        return r.error(format!("`{c}` has no place in a label selector; write -l key=value,other in (a,b)"));
    }
    Ok(Selector(all))
}

fn requirement(r: &mut Reader<'_>, key: String) -> Result<Requirement, QueryError> {
    let here = r.at;
    r.blanks();
    // `app = web` is spaced on both sides; after `app=` a blank ends an empty value.
    let spaced = r.at > here;
    if r.eat("!=") {
        return Ok(Requirement::IsNot(key, value(r, spaced)));
    }
    if r.eat("==") || r.eat("=") {
        return Ok(Requirement::Is(key, value(r, spaced)));
    }
    for (word, make) in [
        ("in", Requirement::In as fn(String, Vec<String>) -> Requirement),
        ("notin", Requirement::NotIn as fn(String, Vec<String>) -> Requirement),
    ] {
        let before = r.at;
        if spaced && r.eat(word) {
            r.blanks();
            if r.eat("(") {
                return Ok(make(key, list(r)?));
            }
        }
        r.at = before;
    }
    for (sign, make) in [
        (">", Requirement::More as fn(String, i64) -> Requirement),
        ("<", Requirement::Less as fn(String, i64) -> Requirement),
    ] {
        if r.eat(sign) {
            r.blanks();
            let start = r.at;
            let Ok(n) = value(r, false).parse() else {
                r.at = start;
                return r.error(format!("{key}{sign} needs a whole number"));
            };
            return Ok(make(key, n));
        }
    }
    r.at = here;
    Ok(Requirement::Exists(key))
}

fn value(r: &mut Reader<'_>, spaced: bool) -> String {
    let here = r.at;
    if spaced {
        r.blanks();
    }
    let value = r.take(value_char);
    if value.is_empty() {
        r.at = here;
    }
    value.to_owned()
}

fn list(r: &mut Reader<'_>) -> Result<Vec<String>, QueryError> {
    let mut values = Vec::new();
    loop {
        values.push(value(r, true));
        r.blanks();
        if r.eat(")") {
            return Ok(values);
        }
        if !r.eat(",") {
            return r.error("a list of label values is open; close it with )");
        }
    }
}
