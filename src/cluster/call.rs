//! Single calls of actions, sent exactly once. Preconditions are in their bodies; what the
//! server says comes back whole, refusals with their reasons and causes.

use super::connect::{Class, Connection, Sending, Whole};
use super::escape::escape;
use super::problem::{self, Asked, clean};
use crate::core::act::{Call, Cause, Outcome, Patch, Refusal, Reply, Verb};
use crate::core::kind::Kind;
use crate::core::problem::Problem;
use http::Method;
use serde_json::{Value, json};
use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::Arc;

/// Rows of a page.
const PAGE: &str = "500";

/// Sends a call and reads its answer. A [`Verb::List`] follows its pages; its body is the array
/// of all items, each with `apiVersion` and `kind`.
///
/// # Errors
/// A [`Refusal`]; [`Refusal::unknown`] says whether it may have taken effect.
pub async fn execute(connection: &Connection, call: &Call) -> Outcome {
    if call.verb == Verb::List { list(connection, call).await } else { single(connection, call).await }
}

async fn single(connection: &Connection, call: &Call) -> Outcome {
    let path = path(call).map_err(Refusal::unsent)?;
    let query = if call.dry_run { query(call, &[("dryRun", "All")]) } else { query(call, &[]) };
    let (method, form) = match call.verb {
        Verb::Get | Verb::List => (Method::GET, ""),
        Verb::Create => (Method::POST, "application/json"),
        Verb::Update => (Method::PUT, "application/json"),
        Verb::Delete => (Method::DELETE, "application/json"),
        Verb::Patch(Patch::Merge) => (Method::PATCH, "application/merge-patch+json"),
        Verb::Patch(Patch::Strategic) => (Method::PATCH, "application/strategic-merge-patch+json"),
        Verb::Patch(Patch::Json) => (Method::PATCH, "application/json-patch+json"),
    };
    let body = call.body.as_deref().map(|b| dry(call, b));
    let class = if call.verb.reads() { Class::Quick } else { Class::Change };
    let path = format!("{path}{query}");
    let sending = Sending { method, path: &path, body: body.as_ref().map(|b| (form, b.as_ref())), class };
    outcome(call, connection.whole(sending).await)
}

async fn list(connection: &Connection, call: &Call) -> Outcome {
    let path = path(call).map_err(Refusal::unsent)?;
    let (mut items, mut after) = (Vec::new(), String::new());
    let (mut warnings, mut version) = (Vec::new(), None);
    loop {
        let sized = call.query.iter().any(|(name, _)| name.as_ref() == "limit");
        let mut more = if sized { Vec::new() } else { vec![("limit", PAGE)] };
        if !after.is_empty() {
            more.push(("continue", &after));
        }
        let page = format!("{path}{}", query(call, &more));
        let sending = Sending { method: Method::GET, path: &page, body: None, class: Class::List };
        let reply = outcome(call, connection.whole(sending).await)?;
        let body = Arc::try_unwrap(reply.body).unwrap_or_else(|b| b.as_ref().clone());
        let text = |at: &str| body.pointer(at).and_then(Value::as_str).unwrap_or_default().to_owned();
        version = version.or(Some(text("/apiVersion")));
        after = text("/metadata/continue");
        let next = items_of(body, &call.kind.kind, version.as_deref().unwrap_or_default());
        items.extend(next);
        warnings.extend(reply.warnings);
        if after.is_empty() {
            let body = Arc::new(Value::Array(items));
            return Ok(Reply { code: reply.code, body, warnings, date_ms: reply.date_ms });
        }
    }
}

/// A list's items, told what they are: in a list the server leaves that out.
fn items_of(mut body: Value, kind: &str, version: &str) -> Vec<Value> {
    let Some(Value::Array(mut items)) = body.get_mut("items").map(Value::take) else { return Vec::new() };
    for item in &mut items {
        if let Value::Object(fields) = item {
            fields.entry("apiVersion").or_insert_with(|| version.into());
            fields.entry("kind").or_insert_with(|| kind.into());
        }
    }
    items
}

/// A deletion's body wins over the query's `dryRun`, so it must say it too.
fn dry<'a>(call: &Call, body: &'a Value) -> Cow<'a, Value> {
    if !call.dry_run || call.verb != Verb::Delete {
        return Cow::Borrowed(body);
    }
    let mut body = body.clone();
    body["dryRun"] = json!(["All"]);
    Cow::Owned(body)
}

fn path(call: &Call) -> Result<String, Problem> {
    let namespace = Some(&call.namespace).filter(|ns| !ns.is_empty());
    let root = if call.name.is_empty() {
        call.kind.path(namespace.map(AsRef::as_ref))
    } else {
        super::fetch::path(&call.kind, namespace, &call.name)?
    };
    Ok(if call.subresource.is_empty() { root } else { format!("{root}/{}", call.subresource) })
}

fn query(call: &Call, more: &[(&str, &str)]) -> String {
    let all = call.query.iter().map(|(k, v)| (k.as_ref(), v.as_ref())).chain(more.iter().copied());
    let mut out = String::new();
    for (name, value) in all {
        let _ = write!(out, "{}{name}={}", if out.is_empty() { '?' } else { '&' }, escape(value));
    }
    out
}

fn asked(call: &Call) -> Asked {
    let namespace = (!call.namespace.is_empty()).then(|| call.namespace.clone());
    let resource = right(&call.kind, &call.subresource);
    Asked { verb: call.verb.name(), resource, namespace }
}

/// The resource as RBAC's messages name it: `deployments.apps/scale`.
fn right(kind: &Kind, subresource: &str) -> Arc<str> {
    let resource = kind.resource();
    if subresource.is_empty() { resource.into() } else { format!("{resource}/{subresource}").into() }
}

fn outcome(call: &Call, answer: Result<Whole, Problem>) -> Outcome {
    let ask = asked(call);
    let changes = !call.verb.reads() && !call.dry_run;
    let whole = match answer {
        Ok(whole) => whole,
        Err(problem) => {
            // A refused dial did nothing; an answer that never came may hide an effect.
            let unknown = changes && matches!(problem, Problem::Timeout(_) | Problem::Lost(_) | Problem::Garbage(_));
            return Err(Refusal { unknown, ..Refusal::unsent(problem) });
        }
    };
    let Whole { code, body, warnings, retry_after, date_ms } = whole;
    if (200..300).contains(&code) {
        let read = body.and_then(|bytes| {
            serde_json::from_slice(&bytes)
                .map_err(|_| Problem::Garbage(format!("{} {}: expected JSON", ask.verb, ask.resource).into()))
        });
        return match read {
            Ok(body) => Ok(Reply { code, body: Arc::new(body), warnings, date_ms }),
            // The server agreed; what exactly it made of it must be read again.
            Err(problem) => Err(Refusal { code, warnings, unknown: changes, ..Refusal::unsent(problem) }),
        };
    }
    let bytes = body.unwrap_or_default();
    let status: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    let text = |at: &str| status.pointer(at).and_then(Value::as_str).unwrap_or_default();
    let problem = problem::from_response(code, &bytes, retry_after, &ask);
    let told = status.pointer("/details/retryAfterSeconds").and_then(Value::as_u64);
    Err(Refusal {
        problem,
        code,
        reason: text("/reason").into(),
        message: clean(text("/message")).into(),
        causes: causes(&status),
        retry_after: retry_after.or(told.and_then(|s| u32::try_from(s).ok()).filter(|s| *s > 0)),
        warnings,
        // A gateway that gave up, and a server that ran out of time, do not say what was done.
        unknown: changes && matches!(code, 408 | 502 | 504),
    })
}

fn causes(status: &Value) -> Vec<Cause> {
    let list = status.pointer("/details/causes").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let text = |c: &Value, key: &str| -> Arc<str> { clean(c[key].as_str().unwrap_or_default()).into() };
    list.iter()
        .map(|c| Cause { reason: text(c, "reason"), message: text(c, "message"), field: text(c, "field") })
        .collect()
}

#[cfg(test)]
mod tests;
