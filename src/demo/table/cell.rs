//! What several kinds' cells have in common.

use serde_json::Value;

use super::super::object::{at, list, map, text};
use super::Moment;
use super::age;

pub(super) fn name(o: &Value) -> Value {
    text(o, "metadata/name").into()
}

pub(super) fn age(o: &Value, moment: Moment) -> Value {
    age::since(text(o, "metadata/creationTimestamp"), moment.0).into()
}

/// The text at `path`, or `otherwise` when it is empty.
pub(super) fn or<'a>(o: &'a Value, path: &str, otherwise: &'a str) -> &'a str {
    let found = text(o, path);
    if found.is_empty() { otherwise } else { found }
}

/// A number or text as text.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::String(s) => s.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// The names and the images of the containers at `path`.
pub(super) fn containers(o: &Value, path: &str) -> (Value, Value) {
    let all = |key: &str| list(o, path).iter().map(|c| text(c, key)).collect::<Vec<_>>().join(",");
    (all("name").into(), all("image").into())
}

/// A label selector in words.
pub(super) fn selector(o: &Value, path: &str) -> Value {
    let s = at(o, path);
    let pairs = map(s, "matchLabels").into_iter().flatten().map(|(k, v)| format!("{k}={}", plain(v)));
    let sets = list(s, "matchExpressions").iter().map(|e| {
        let (k, values) = (text(e, "key"), list(e, "values").iter().map(plain).collect::<Vec<_>>().join(","));
        match text(e, "operator") {
            "In" => format!("{k} in ({values})"),
            "NotIn" => format!("{k} notin ({values})"),
            "Exists" => k.to_owned(),
            _ => format!("!{k}"),
        }
    });
    let mut all: Vec<String> = pairs.chain(sets).collect();
    all.sort();
    if all.is_empty() { "<none>".into() } else { all.join(",").into() }
}

/// A plain map of labels in words.
pub(super) fn labels(o: &Value, path: &str) -> Value {
    let mut all: Vec<String> = map(o, path).into_iter().flatten().map(|(k, v)| format!("{k}={}", plain(v))).collect();
    all.sort();
    if all.is_empty() { "<none>".into() } else { all.join(",").into() }
}

/// Up to three of a list, and how many more.
pub(super) fn some(all: &[String]) -> String {
    match all.len() {
        0 => "<unset>".to_owned(),
        n if n > 3 => format!("{} + {} more...", all[..3].join(","), n - 3),
        _ => all.join(","),
    }
}
