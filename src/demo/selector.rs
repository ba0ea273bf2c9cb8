//! Label and field selectors, as query parameters write them and as objects hold them.

use serde_json::Value;

use super::entry::Entry;
use super::kinds::Kind;
use super::object::{list, map};
use super::status::{Outcome, Problem};

#[derive(Debug, Clone, PartialEq)]
enum Test {
    In(Vec<String>),
    NotIn(Vec<String>),
    Exists,
    Absent,
}

/// What a label selector asks of one key.
#[derive(Debug, Clone, PartialEq)]
struct Requirement {
    key: String,
    test: Test,
}

/// A parsed label selector; empty selects everything.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Labels(Vec<Requirement>);

impl Labels {
    /// Parses `a=b,c!=d,e in (f,g),h notin (i),j,!k`.
    pub(crate) fn parse(text: &str) -> Outcome<Self> {
        let bad = |part: &str| {
            let found = part.split_whitespace().nth(1).unwrap_or(part);
            Problem::bad_request(format!(
                "unable to parse requirement: found '{found}', expected: in, notin, =, ==, !=, gt, lt"
            ))
        };
        let all: Outcome<Vec<Requirement>> =
            split(text).into_iter().map(|part| requirement(part).ok_or_else(|| bad(part))).collect();
        all.map(Self)
    }

    /// The selector of an object: `matchLabels` and `matchExpressions`.
    pub(crate) fn of(selector: &Value) -> Self {
        let mut all = Vec::new();
        for (key, value) in map(selector, "matchLabels").into_iter().flatten() {
            all.push(Requirement { key: key.clone(), test: Test::In(vec![value.as_str().unwrap_or("").to_owned()]) });
        }
        for e in list(selector, "matchExpressions") {
            let values = || list(e, "values").iter().filter_map(Value::as_str).map(str::to_owned).collect();
            let test = match super::object::text(e, "operator") {
                "In" => Test::In(values()),
                "NotIn" => Test::NotIn(values()),
                "Exists" => Test::Exists,
                _ => Test::Absent,
            };
            all.push(Requirement { key: super::object::text(e, "key").to_owned(), test });
        }
        Self(all)
    }

    /// The selector of a service: a plain map.
    pub(crate) fn exactly(labels: &Value) -> Self {
        let pairs = labels.as_object().into_iter().flatten();
        Self(
            pairs
                .map(|(k, v)| Requirement { key: k.clone(), test: Test::In(vec![v.as_str().unwrap_or("").to_owned()]) })
                .collect(),
        )
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn matches(&self, label: impl Fn(&str) -> Option<String>) -> bool {
        self.0.iter().all(|r| {
            let has = label(&r.key);
            match &r.test {
                Test::In(values) => has.is_some_and(|v| values.contains(&v)),
                Test::NotIn(values) => has.is_none_or(|v| !values.contains(&v)),
                Test::Exists => has.is_some(),
                Test::Absent => has.is_none(),
            }
        })
    }
}

/// Splits at commas outside parentheses.
fn split(text: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0_i32, 0);
    for (i, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&text[start..i]);
                start = i + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts.into_iter().map(str::trim).filter(|p| !p.is_empty()).collect()
}

fn requirement(part: &str) -> Option<Requirement> {
    let make = |key: &str, test| (!key.is_empty()).then(|| Requirement { key: key.to_owned(), test });
    if let Some((left, set)) = part.strip_suffix(')').and_then(|p| p.split_once('(')) {
        let values = set.split(',').map(|v| v.trim().to_owned()).collect();
        let (key, operator) = left.trim().rsplit_once(char::is_whitespace)?;
        return match operator {
            "in" => make(key.trim(), Test::In(values)),
            "notin" => make(key.trim(), Test::NotIn(values)),
            _ => None,
        };
    }
    if let Some((key, value)) = part.split_once("!=") {
        return make(key.trim(), Test::NotIn(vec![value.trim().to_owned()]));
    }
    if let Some((key, value)) = part.split_once("==").or_else(|| part.split_once('=')) {
        return make(key.trim(), Test::In(vec![value.trim().to_owned()]));
    }
    if let Some(key) = part.strip_prefix('!') {
        return make(key.trim(), Test::Absent);
    }
    if part.contains([' ', '(', ')', '>', '<', '!']) { None } else { make(part, Test::Exists) }
}

/// Where a field selector looks.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Field {
    Name,
    Namespace,
    /// The index in [`Kind::fields`].
    Listed(usize),
}

/// A parsed field selector; empty selects everything.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Fields(Vec<(Field, bool, String)>);

impl Fields {
    /// Parses `metadata.name=x,status.phase!=Running` against the fields the kind knows.
    pub(crate) fn parse(kind: &Kind, text: &str) -> Outcome<Self> {
        let mut all = Vec::new();
        for part in text.split(',').map(str::trim).filter(|p| !p.is_empty()) {
            let (key, equal, value) = part
                .split_once("!=")
                .map(|(k, v)| (k, false, v))
                .or_else(|| part.split_once("==").or_else(|| part.split_once('=')).map(|(k, v)| (k, true, v)))
                .ok_or_else(|| {
                    Problem::bad_request(format!("invalid selector: '{part}'; can't understand '{part}'"))
                })?;
            let field = match key {
                "metadata.name" => Field::Name,
                "metadata.namespace" => Field::Namespace,
                other => kind
                    .fields
                    .iter()
                    .position(|(label, _)| *label == other)
                    .map(Field::Listed)
                    .ok_or_else(|| Problem::bad_request(format!("field label not supported: {other}")))?,
            };
            all.push((field, equal, value.to_owned()));
        }
        Ok(Self(all))
    }

    fn matches(&self, namespace: &str, name: &str, entry: &Entry) -> bool {
        self.0.iter().all(|(field, equal, wanted)| {
            let same = match field {
                Field::Name => name == wanted,
                Field::Namespace => namespace == wanted,
                Field::Listed(i) => entry.field(*i) == wanted.as_str(),
            };
            same == *equal
        })
    }
}

/// What a list or watch asks for.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Selector {
    /// All namespaces when `None`.
    pub(crate) namespace: Option<String>,
    pub(crate) labels: Labels,
    pub(crate) fields: Fields,
}

impl Selector {
    pub(crate) fn matches(&self, namespace: &str, name: &str, entry: &Entry) -> bool {
        self.namespace.as_ref().is_none_or(|n| n == namespace)
            && self.fields.matches(namespace, name, entry)
            && (self.labels.is_empty() || self.labels.matches(|key| entry.label(key)))
    }
}
