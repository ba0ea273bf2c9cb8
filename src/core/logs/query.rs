//! What to look for in lines: a regular expression, or a filter of several terms.

use super::fields;
use super::level::Level;
use regex::bytes::{Regex, RegexBuilder};
use std::sync::Arc;

/// The largest automaton an expression may need, in bytes.
const SIZE: usize = 1 << 20;

/// An expression in smart case: without a capital it takes both cases.
#[derive(Debug, Clone)]
pub struct Finder {
    text: Arc<str>,
    regex: Regex,
}

impl Finder {
    /// Reads an expression.
    ///
    /// # Errors
    /// What is wrong with it, in a few words.
    pub fn new(text: &str) -> Result<Self, String> {
        let capitals = text.chars().any(char::is_uppercase);
        let mut builder = RegexBuilder::new(text);
        builder.case_insensitive(!capitals).multi_line(true).size_limit(SIZE);
        let regex = builder.build().map_err(|e| wrong(&e))?;
        Ok(Self { text: text.into(), regex })
    }

    /// The text as it is.
    #[must_use]
    pub fn literal(text: &str) -> Option<Self> {
        let found = Self::new(&regex::escape(text)).ok()?;
        Some(Self { text: text.into(), ..found })
    }

    /// As it was typed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it is in a line.
    #[must_use]
    pub fn fits(&self, line: &[u8]) -> bool {
        self.regex.is_match(line)
    }

    /// Where it is in a line.
    pub fn hits<'a>(&'a self, line: &'a [u8]) -> impl Iterator<Item = std::ops::Range<usize>> + 'a {
        self.regex.find_iter(line).map(|m| m.range()).filter(|r| !r.is_empty())
    }

    /// The first place at or after `from`.
    #[must_use]
    pub fn next(&self, bytes: &[u8], from: usize) -> Option<std::ops::Range<usize>> {
        self.regex.find_at(bytes, from).map(|m| m.range())
    }
}

impl PartialEq for Finder {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text && self.regex.as_str() == other.regex.as_str()
    }
}

fn wrong(error: &regex::Error) -> String {
    match error {
        regex::Error::CompiledTooBig(_) => "this expression is too large".to_owned(),
        // The last line of a syntax error says what; those before it draw an arrow.
        other => {
            let text = other.to_string();
            let last = text.lines().last().unwrap_or_default().trim();
            last.strip_prefix("error: ").unwrap_or(last).to_owned()
        }
    }
}

/// How a field is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Op {
    Equal,
    Unequal,
    Less,
    LessEqual,
    More,
    MoreEqual,
    Like,
}

const OPS: &[(&str, Op)] = &[
    (">=", Op::MoreEqual),
    ("<=", Op::LessEqual),
    ("!=", Op::Unequal),
    ("=", Op::Equal),
    (">", Op::More),
    ("<", Op::Less),
    ("~", Op::Like),
];

#[derive(Debug, Clone, PartialEq)]
enum Term {
    Text(Finder),
    Level(Op, Level),
    Field { name: Arc<str>, op: Op, value: Arc<str>, plain: Finder },
}

/// Terms that must all hold: `word`, `/expression/`-like words, `"two words"`, `!not`, `level>=warn`,
/// `status>=500`, `user=ab`, `path~^/api`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Filter {
    terms: Vec<(bool, Term)>,
}

impl Filter {
    /// Reads a filter.
    ///
    /// # Errors
    /// Which term is wrong and why.
    pub fn new(text: &str) -> Result<Self, String> {
        let mut terms = Vec::new();
        for word in words(text) {
            let (not, body, quoted) = word;
            if body.is_empty() {
                continue;
            }
            let term = if quoted {
                Term::Text(Finder::literal(&body).ok_or_else(|| format!("\"{body}\" is too long"))?)
            } else {
                match comparison(&body)? {
                    Some(term) => term,
                    None => Term::Text(Finder::new(&body).map_err(|e| format!("{body}: {e}"))?),
                }
            };
            terms.push((not, term));
        }
        Ok(Self { terms })
    }

    /// Whether it lets everything through.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// A text that every line it lets through has, for looking at whole segments first.
    #[must_use]
    pub fn anchor(&self) -> Option<&Finder> {
        self.terms.iter().find_map(|(not, t)| match t {
            Term::Text(f) if !not => Some(f),
            _ => None,
        })
    }

    /// Whether a line, or the lines that belong together, pass.
    #[must_use]
    pub fn fits(&self, bytes: &[u8]) -> bool {
        self.terms.iter().all(|(not, term)| term.holds(bytes) != *not)
    }

    /// The texts to light up.
    pub fn lights(&self) -> impl Iterator<Item = &Finder> {
        self.terms.iter().filter(|(not, _)| !not).filter_map(|(_, t)| match t {
            Term::Text(f) => Some(f),
            Term::Field { plain, .. } => Some(plain),
            Term::Level(..) => None,
        })
    }
}

impl Term {
    fn holds(&self, bytes: &[u8]) -> bool {
        let first = || {
            let end = memchr::memchr(b'\n', bytes).unwrap_or(bytes.len());
            std::str::from_utf8(&bytes[..end]).unwrap_or("")
        };
        match self {
            Self::Text(f) => f.fits(bytes),
            Self::Level(op, level) => Level::of_line(first()).is_some_and(|l| op.holds(l.cmp(level))),
            Self::Field { name, op, value, plain } => {
                let line = first();
                if !fields::structured(line) {
                    // What is not structured may still say it in so many words.
                    return *op == Op::Equal && plain.fits(bytes);
                }
                let Some(found) = fields::get(line, name) else { return *op == Op::Unequal };
                if *op == Op::Like {
                    return plain.fits(found.as_bytes());
                }
                op.holds(compare(&found, value))
            }
        }
    }
}

impl Op {
    fn holds(self, order: std::cmp::Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::Unequal => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::LessEqual => order.is_le(),
            Self::More => order.is_gt(),
            Self::MoreEqual => order.is_ge(),
            Self::Like => false,
        }
    }
}

/// Numbers as numbers, a unit behind them aside (`3ms`); all else as text.
fn compare(a: &str, b: &str) -> std::cmp::Ordering {
    let number = |t: &str| -> Option<f64> {
        let digits = t.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '%');
        digits.parse().ok()
    };
    match (number(a), number(b)) {
        (Some(x), Some(y)) => x.total_cmp(&y),
        _ => a.cmp(b),
    }
}

/// `name op value`; `None` if it is no comparison.
fn comparison(word: &str) -> Result<Option<Term>, String> {
    let name_end = word.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '@'))).unwrap_or(0);
    if name_end == 0 {
        return Ok(None);
    }
    let (name, rest) = word.split_at(name_end);
    let Some((sign, op)) = OPS.iter().find(|(sign, _)| rest.starts_with(sign)) else { return Ok(None) };
    let value = rest[sign.len()..].trim_matches('"');
    if matches!(name, "level" | "lvl" | "severity") && *op != Op::Like {
        let level = Level::of_word(value)
            .ok_or_else(|| format!("{value} is no level; levels are trace, debug, info, warn, error and fatal"))?;
        return Ok(Some(Term::Level(*op, level)));
    }
    let plain = if *op == Op::Like {
        Finder::new(value).map_err(|e| format!("{word}: {e}"))?
    } else {
        Finder::literal(if *op == Op::Equal { word } else { value }).ok_or_else(|| format!("{word} is too long"))?
    };
    Ok(Some(Term::Field { name: name.into(), op: *op, value: value.into(), plain }))
}

/// Words, whether each is negated, and whether it was in quotes.
fn words(text: &str) -> Vec<(bool, String, bool)> {
    let mut out = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let not = rest.len() > 1 && rest.starts_with('!');
        let body = if not { &rest[1..] } else { rest };
        if let Some(quoted) = body.strip_prefix('"') {
            let end = quoted.find('"').unwrap_or(quoted.len());
            out.push((not, quoted[..end].to_owned(), true));
            rest = quoted.get(end + 1..).unwrap_or("").trim_start();
        } else {
            // A value in quotes may have blanks: msg="a b".
            let mut quoted = false;
            let end = body.find(|c: char| {
                quoted ^= c == '"';
                c == ' ' && !quoted
            });
            let end = end.unwrap_or(body.len());
            out.push((not, body[..end].to_owned(), false));
            rest = body[end..].trim_start();
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_as_typed() {
        let json = r#"{"level":"error","status":502,"path":"/api/cart","ms":"31ms","msg":"Upstream timed out"}"#;
        let plain = "2026 INFO GET /cart user=5 200";
        for (filter, fits_json, fits_plain) in [
            ("upstream", true, false),
            ("Upstream", true, false),
            ("UPSTREAM", false, false),
            ("\"timed out\"", true, false),
            ("!upstream", false, true),
            ("!\"timed out\" cart", false, true),
            ("level>=warn", true, false),
            ("level<error", false, true),
            ("status>=500", true, false),
            ("status=502 path~^/api", true, false),
            ("status!=502", false, false),
            ("ms>9", true, false),
            ("user=5", false, true),
            ("get|upstream cart", true, true),
            ("", true, true),
        ] {
            let filter_ = Filter::new(filter).expect(filter);
            assert_eq!(filter_.fits(json.as_bytes()), fits_json, "{filter} on JSON");
            assert_eq!(filter_.fits(plain.as_bytes()), fits_plain, "{filter} on plain text");
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        assert_eq!(Filter::new("a (b").expect_err("open"), "(b: unclosed group");
        assert!(Filter::new("level>=loud").expect_err("level").starts_with("loud is no level"));
    }
}
