//! JSON with places. `serde_json` tells where the syntax breaks but not where
//! a value stands, and drops a name that is written twice; both are needed to
//! name the line of a mistake. Scalars are still read by `serde_json`.

use super::notice::Place;
use std::str::Chars;

/// How deep values may be nested: no file of ours needs more than four.
const DEPTH: usize = 32;

/// A value and where it begins.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    /// Where it begins.
    pub at: Place,
    /// What it is.
    pub json: Json,
}

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub enum Json {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number.
    Number(serde_json::Number),
    /// A string.
    String(String),
    /// An array.
    Array(Vec<Value>),
    /// An object; names in order, doubles kept.
    Object(Vec<Member>),
}

/// A member of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// The name.
    pub name: String,
    /// Where the name begins.
    pub at: Place,
    /// The value.
    pub value: Value,
}

/// Why a text is no JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadJson {
    /// Where.
    pub at: Place,
    /// What is wrong there.
    pub what: String,
}

impl Json {
    /// What it is called in messages.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "true or false",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }
}

/// Reads a text.
///
/// # Errors
/// [`BadJson`] with the first place that breaks the syntax.
pub fn parse(text: &str) -> Result<Value, BadJson> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader { rest: text.chars(), at: Place { line: 1, column: 1 } };
    let value = reader.value(0)?;
    reader.blank();
    match reader.peek() {
        None => Ok(value),
        Some(c) => reader.fail(format!("`{c}` after the end of the value")),
    }
}

struct Reader<'a> {
    rest: Chars<'a>,
    at: Place,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.rest.clone().next()
    }

    fn bump(&mut self) -> Option<char> {
        let c = self.rest.next()?;
        if c == '\n' {
            self.at = Place { line: self.at.line + 1, column: 1 };
        } else {
            self.at.column += 1;
        }
        Some(c)
    }

    fn blank(&mut self) {
        while matches!(self.peek(), Some(' ' | '\t' | '\n' | '\r')) {
            self.bump();
        }
    }

    fn fail<T>(&self, what: impl Into<String>) -> Result<T, BadJson> {
        Err(BadJson { at: self.at, what: what.into() })
    }

    fn expect(&mut self, wanted: char, place: &str) -> Result<(), BadJson> {
        self.blank();
        match self.peek() {
            Some(c) if c == wanted => {
                self.bump();
                Ok(())
            }
            Some(c) => self.fail(format!("`{wanted}` expected {place}, not `{c}`")),
            None => self.fail(format!("`{wanted}` expected {place}, but the file ends")),
        }
    }

    fn value(&mut self, depth: usize) -> Result<Value, BadJson> {
        self.blank();
        let at = self.at;
        if depth > DEPTH {
            return self.fail(format!("nested more than {DEPTH} deep"));
        }
        let json = match self.peek() {
            Some('{') => Json::Object(self.members(depth)?),
            Some('[') => Json::Array(self.items(depth)?),
            Some('"') => Json::String(self.string()?),
            Some(c) if c == '-' || c.is_ascii_alphanumeric() => self.word()?,
            Some(c) => return self.fail(format!("a value expected, not `{c}`")),
            None => return self.fail("a value expected, but the file ends"),
        };
        Ok(Value { at, json })
    }

    fn members(&mut self, depth: usize) -> Result<Vec<Member>, BadJson> {
        let mut members = Vec::new();
        self.bump();
        while self.goes_on('}', members.is_empty())? {
            let at = self.at;
            if self.peek() != Some('"') {
                return self.fail("a name in double quotes expected (no comma after the last member, no comments)");
            }
            let name = self.string()?;
            self.expect(':', "after the name")?;
            members.push(Member { name, at, value: self.value(depth + 1)? });
        }
        Ok(members)
    }

    fn items(&mut self, depth: usize) -> Result<Vec<Value>, BadJson> {
        let mut items = Vec::new();
        self.bump();
        while self.goes_on(']', items.is_empty())? {
            items.push(self.value(depth + 1)?);
        }
        Ok(items)
    }

    /// Whether another element comes; eats the comma before it, or the end.
    fn goes_on(&mut self, end: char, first: bool) -> Result<bool, BadJson> {
        self.blank();
        match self.peek() {
            Some(c) if c == end => {
                self.bump();
                return Ok(false);
            }
            Some(',') if !first => {
                self.bump();
            }
            Some(c) if !first => return self.fail(format!("`,` or `{end}` expected, not `{c}`")),
            Some(_) => {}
            None => return self.fail(format!("`{end}` is missing at the end of the file")),
        }
        self.blank();
        Ok(true)
    }

    fn string(&mut self) -> Result<String, BadJson> {
        let (start, before) = (self.at, self.rest.as_str());
        self.bump();
        loop {
            match self.bump() {
                Some('"') => break,
                Some('\\') => {
                    self.bump();
                }
                Some('\n') | None => {
                    return Err(BadJson { at: start, what: "the string has no end on its line".to_owned() });
                }
                Some(_) => {}
            }
        }
        let token = &before[..before.len() - self.rest.as_str().len()];
        let bad = |_| BadJson { at: start, what: "the string holds a control character or a wrong escape".to_owned() };
        serde_json::from_str(token).map_err(bad)
    }

    fn word(&mut self) -> Result<Json, BadJson> {
        let (start, before) = (self.at, self.rest.as_str());
        while self.peek().is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.' | '_')) {
            self.bump();
        }
        let token = &before[..before.len() - self.rest.as_str().len()];
        match token {
            "null" => Ok(Json::Null),
            "true" => Ok(Json::Bool(true)),
            "false" => Ok(Json::Bool(false)),
            _ => serde_json::from_str(token).map(Json::Number).map_err(|_| BadJson {
                at: start,
                what: format!("`{token}` is no value; strings stand in double quotes"),
            }),
        }
    }
}

#[cfg(test)]
mod tests;
