//! Label selectors of objects, and those a user types.

use super::{list, text};
use crate::core::query::{Query, Requirement, Selector, What};
use serde_json::Value;

/// A `LabelSelector` of an object. An empty one takes everything; none takes nothing.
#[must_use]
pub fn matching(selector: &Value) -> Option<Selector> {
    let fields = selector.as_object()?;
    let labels = fields.get("matchLabels").and_then(Value::as_object).into_iter().flatten();
    let mut all: Vec<_> = labels.map(|(k, v)| Requirement::Is(k.clone(), text(v).to_owned())).collect();
    for e in fields.get("matchExpressions").map_or(&[][..], list) {
        let key = text(&e["key"]).to_owned();
        let values = || list(&e["values"]).iter().map(|v| text(v).to_owned()).collect();
        all.push(match text(&e["operator"]) {
            "In" => Requirement::In(key, values()),
            "NotIn" => Requirement::NotIn(key, values()),
            "Exists" => Requirement::Exists(key),
            "DoesNotExist" => Requirement::Missing(key),
            // The API knows no other; nobody is covered by what we do not understand.
            _ => return None,
        });
    }
    Some(Selector(all))
}

/// What selects the pods of a workload or a Service; none for an object that selects nothing.
#[must_use]
pub fn of_pods(object: &Value) -> Option<Selector> {
    let spec = &object["spec"]["selector"];
    let labels = |fields: &serde_json::Map<String, Value>| !fields.is_empty() && fields.values().all(Value::is_string);
    // Services and ReplicationControllers have labels only.
    let found = match spec.as_object() {
        Some(fields) if labels(fields) => {
            Some(Selector(fields.iter().map(|(k, v)| Requirement::Is(k.clone(), text(v).to_owned())).collect()))
        }
        _ => matching(spec),
    };
    found.filter(|selector| !selector.0.is_empty())
}

/// A selector as kubectl's `-l` takes it.
///
/// # Errors
/// What is wrong with it.
pub fn typed(text: &str) -> Result<Selector, String> {
    if text.trim().is_empty() {
        return Ok(Selector::default());
    }
    let query = Query::parse(&format!("-l {}", text.trim())).map_err(|e| e.message)?;
    match query.terms.as_slice() {
        [term] if !term.negate => match &term.what {
            What::Labels(selector) => Ok(selector.clone()),
            _ => Err("write key=value,other in (a,b)".into()),
        },
        _ => Err("one selector only; join its parts by commas".into()),
    }
}
