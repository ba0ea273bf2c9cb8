//! From what was typed to a [`Query`].

use super::pattern::compile;
use super::selector;
use super::{Op, Pattern, Query, QueryError, Term, What};

const META: &[char] = &['\\', '^', '$', '*', '+', '?', '(', ')', '[', ']', '{', '}', '|'];

/// A place in the text.
pub(super) struct Reader<'a> {
    pub text: &'a str,
    pub at: usize,
}

impl<'a> Reader<'a> {
    pub fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    pub fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub fn eat(&mut self, token: &str) -> bool {
        let there = self.rest().starts_with(token);
        if there {
            self.at += token.len();
        }
        there
    }

    pub fn blanks(&mut self) {
        self.take(char::is_whitespace);
    }

    pub fn take(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let n = rest.find(|c| !wanted(c)).unwrap_or(rest.len());
        self.at += n;
        &rest[..n]
    }

    pub fn error<T>(&self, message: impl Into<String>) -> Result<T, QueryError> {
        Err(QueryError { message: message.into(), at: self.at })
    }

    // A flag stands alone: `-front` is a text to look for.
    fn flag(&mut self, flag: &str) -> bool {
        let after = self.rest().strip_prefix(flag);
        let alone = after.is_some_and(|r| r.chars().next().is_none_or(char::is_whitespace));
        if alone {
            self.at += flag.len();
            self.blanks();
        }
        alone
    }

    // A quoted text, or a word up to the next blank.
    fn value(&mut self) -> Result<Pattern, QueryError> {
        if self.peek() == Some('"') {
            return self.quoted().map(Pattern::Literal);
        }
        let start = self.at;
        let word = self.take(|c| !c.is_whitespace());
        if !word.contains(META) {
            return Ok(Pattern::Literal(word.to_owned()));
        }
        match compile(word) {
            Ok(_) => Ok(Pattern::Regex(word.to_owned())),
            Err(message) => Err(QueryError { message, at: start }),
        }
    }

    fn quoted(&mut self) -> Result<String, QueryError> {
        let start = self.at;
        self.at += 1;
        let mut out = String::new();
        let mut escaped = false;
        for (i, c) in self.rest().char_indices() {
            match c {
                _ if escaped => {
                    out.push(c);
                    escaped = false;
                }
                '\\' => escaped = true,
                '"' => {
                    self.at += i + 1;
                    return Ok(out);
                }
                c => out.push(c),
            }
        }
        Err(QueryError { message: "a quote is open; close it with \"".into(), at: start })
    }
}

pub(super) fn query(text: &str) -> Result<Query, QueryError> {
    let mut r = Reader { text, at: 0 };
    let mut terms = Vec::new();
    loop {
        r.blanks();
        if r.peek().is_none() {
            return Ok(Query { terms });
        }
        terms.extend(term(&mut r)?);
    }
}

// `None` for what is not finished yet.
fn term(r: &mut Reader<'_>) -> Result<Option<Term>, QueryError> {
    let at = r.at;
    let mut negate = bangs(r);
    let what = if r.flag("-l") {
        let selector = selector::read(r)?;
        (!selector.0.is_empty()).then_some(What::Labels(selector))
    } else if r.flag("-f") {
        let word = match r.peek() {
            Some('"') => r.quoted()?,
            _ => r.take(|c| !c.is_whitespace()).to_owned(),
        };
        (!word.is_empty()).then_some(What::Fuzzy(word))
    } else if let Some(title) = title(r) {
        negate ^= bangs(r);
        let (op, not) = op(r);
        negate ^= not;
        let value = r.value()?;
        (!value.text().is_empty()).then_some(What::Column { title, op, value })
    } else {
        let value = r.value()?;
        (!value.text().is_empty()).then_some(What::Text(value))
    };
    Ok(what.map(|what| Term { negate, what, at }))
}

fn bangs(r: &mut Reader<'_>) -> bool {
    // `!=` is an operator.
    let mut odd = false;
    while r.rest().starts_with('!') && !r.rest().starts_with("!=") {
        r.at += 1;
        odd = !odd;
    }
    odd
}

fn op(r: &mut Reader<'_>) -> (Op, bool) {
    const OPS: [(&str, Op, bool); 7] = [
        (">=", Op::AtLeast, false),
        ("<=", Op::AtMost, false),
        ("!=", Op::Eq, true),
        ("==", Op::Eq, false),
        (">", Op::More, false),
        ("<", Op::Less, false),
        ("=", Op::Eq, false),
    ];
    OPS.iter().find(|(token, ..)| r.eat(token)).map_or((Op::Has, false), |&(_, op, not)| (op, not))
}

fn title(r: &mut Reader<'_>) -> Option<String> {
    let (title, _) = split_title(r.rest())?;
    r.at += title.len() + 1;
    Some(title.to_owned())
}

/// Splits `title:rest`. A title begins with a letter or `%` and has no blanks.
pub(super) fn split_title(text: &str) -> Option<(&str, &str)> {
    let (title, rest) = text.split_once(':')?;
    let mut chars = title.chars();
    let fits = chars.next().is_some_and(|c| c.is_alphabetic() || c == '%')
        && chars.all(|c| c.is_alphanumeric() || matches!(c, '%' | '/' | '-' | '_' | '.'));
    fits.then_some((title, rest))
}

/// Whether a word must be quoted to be read back as just this text.
pub(super) fn needs_quotes(word: &str, in_column: bool) -> bool {
    let first = word.chars().next();
    word.is_empty()
        || word.contains(META)
        || word.contains(['"', '!'])
        || word.contains(char::is_whitespace)
        || word == "-l"
        || word == "-f"
        || (in_column && matches!(first, Some('<' | '>' | '=')))
        || (!in_column && (split_title(word).is_some() || joins_selector(word)))
}

// What a label selector before it would take for its own.
fn joins_selector(word: &str) -> bool {
    word.starts_with(['=', '<', '>', ',']) || word == "in" || word == "notin"
}
