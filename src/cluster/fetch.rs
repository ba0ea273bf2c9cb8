//! Single reads: one object whole, and whether namespaces may be listed.

use super::connect::{Answer, Class, Connection};
use super::problem::Asked;
use crate::core::kind::{Kind, ObjectRef};
use crate::core::problem::Problem;
use serde_json::Value;
use std::sync::Arc;

/// Reads one object whole, its keys in the server's order.
///
/// # Errors
/// [`Problem::NotFound`] when it is gone, or whatever else keeps it from being read.
pub async fn object(conn: &Connection, object: &ObjectRef) -> Result<Answer<Arc<Value>>, Problem> {
    let namespace = Some(&object.namespace).filter(|ns| !ns.is_empty());
    let path = path(&object.kind, namespace, &object.name)?;
    let answer = conn.get_json(&path, &Asked::kind("get", &object.kind, namespace)).await?;
    Ok(Answer { body: Arc::new(answer.body), date_ms: answer.date_ms, rtt_us: answer.rtt_us })
}

/// The path of an object. A name that would change the path's meaning is refused.
pub(crate) fn path(kind: &Kind, namespace: Option<&Arc<str>>, name: &str) -> Result<String, Problem> {
    let odd = |s: &str| s.is_empty() || s == "." || s == ".." || s.contains(['/', '?', '#', '%', ' ']);
    if odd(name) || namespace.is_some_and(|ns| odd(ns)) {
        return Err(Problem::Invalid(format!("\"{name}\" is no name an object can have").into()));
    }
    Ok(format!("{}/{name}", kind.path(namespace.map(AsRef::as_ref))))
}

/// The names of all namespaces, if they may be listed.
///
/// # Errors
/// [`Problem::Forbidden`] when they may not: work inside known ones then.
pub async fn namespaces(conn: &Connection) -> Result<Vec<Arc<str>>, Problem> {
    let ask = Asked { verb: "list", resource: "namespaces".into(), namespace: None };
    let url = "/api/v1/namespaces?resourceVersion=0";
    let answer = conn.get_json_as(url, "application/json", Class::List, &ask).await?;
    let items = answer.body.get("items").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let names = items.iter().filter_map(|i| i.pointer("/metadata/name")?.as_str());
    Ok(names.map(Into::into).collect())
}

#[cfg(test)]
mod tests;
