//! Refusals: an HTTP status with, usually, a `Status` body.

use super::{Asked, clean};
use crate::core::problem::{Missing, Problem};
use serde::Deserialize;
use std::sync::Arc;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Body {
    message: String,
    reason: String,
    details: Option<Details>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Details {
    retry_after_seconds: u32,
    causes: Vec<Cause>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Cause {
    message: String,
}

/// The problem of a refused request. `retry_after` is that header's value in seconds.
#[must_use]
pub fn from_response(code: u16, body: &[u8], retry_after: Option<u32>, ask: &Asked) -> Problem {
    let status: Option<Body> = serde_json::from_slice(body).ok();
    let plain = status.is_none().then(|| first_line(body)).flatten();
    let status = status.unwrap_or_default();
    let causes = status.details.as_ref().map_or(&[][..], |d| &d.causes);
    let mut message = if status.message.is_empty() { plain.unwrap_or_default() } else { clean(&status.message) };
    // An eviction's 429 names the disruption budget in a cause only.
    if code == 429
        && let Some(cause) = causes.first()
    {
        message = clean(&format!("{message} {}", cause.message));
    }
    let wait = retry_after.or_else(|| status.details.as_ref().map(|d| d.retry_after_seconds).filter(|s| *s > 0));
    word(code, &status.reason, &message, wait, ask, !causes.is_empty())
}

/// The problem of an ERROR event in a watch.
#[must_use]
pub fn from_event(code: u16, reason: &str, message: &str, ask: &Asked) -> Problem {
    word(code, reason, &clean(message), None, ask, false)
}

fn word(code: u16, reason: &str, message: &str, wait: Option<u32>, ask: &Asked, causes: bool) -> Problem {
    let told = |fallback: &str| -> Arc<str> {
        if message.is_empty() { format!("{} {}: {fallback}", ask.verb, ask.resource).into() } else { message.into() }
    };
    match code {
        401 => Problem::Unauthorized("the server does not accept this user's credentials".into()),
        403 => forbidden(message, ask),
        404 => Problem::NotFound(told("the server has no such thing")),
        410 => Problem::Expired,
        409 => Problem::Conflict(told("somebody else changed it")),
        400 | 405 | 406 | 413 | 415 | 422 => Problem::Invalid(told("the server refuses the request")),
        429 if causes => Problem::Conflict(told("refused for now")),
        429 => Problem::Throttled(wait),
        408 | 504 => Problem::Timeout(told("the server gave up")),
        500..=599 => Problem::Server(code, told(if reason.is_empty() { "no reason given" } else { reason })),
        _ => Problem::Garbage(format!("{} {} was answered with status {code}", ask.verb, ask.resource).into()),
    }
}

/// A 403 that is about rights says `User "u" cannot VERB resource "R" in API group "G" ...`;
/// others (quota, admission) say what was wrong with the request.
fn forbidden(message: &str, ask: &Asked) -> Problem {
    if let Some(missing) = rights(message) {
        return Problem::Forbidden(missing);
    }
    if !message.is_empty() && !matches!(ask.verb, "get" | "list" | "watch") {
        return Problem::Invalid(message.into());
    }
    Problem::Forbidden(Missing {
        verb: ask.verb.into(),
        resource: ask.resource.clone(),
        namespace: ask.namespace.clone(),
    })
}

fn rights(message: &str) -> Option<Missing> {
    let (_, rest) = message.split_once("\" cannot ")?;
    let (verb, rest) = rest.split_once(' ')?;
    if let Some(path) = rest.strip_prefix("path \"") {
        let (path, _) = path.split_once('"')?;
        return Some(Missing { verb: verb.into(), resource: path.into(), namespace: None });
    }
    let rest = rest.strip_prefix("resource \"")?;
    let (resource, rest) = rest.split_once('"')?;
    let group = between(rest, "in API group \"").unwrap_or_default();
    let resource = match (group, resource.split_once('/')) {
        ("", _) => resource.to_owned(),
        (g, None) => format!("{resource}.{g}"),
        (g, Some((r, sub))) => format!("{r}.{g}/{sub}"),
    };
    let namespace = between(rest, "in the namespace \"").map(Into::into);
    Some(Missing { verb: verb.into(), resource: resource.into(), namespace })
}

fn between<'a>(text: &'a str, before: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(before)?;
    rest.split_once('"').map(|(found, _)| found)
}

/// What a proxy or a load balancer says in plain text; markup says nothing.
fn first_line(body: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(body.get(..body.len().min(2048))?).ok()?;
    let line = text.lines().map(str::trim).find(|l| !l.is_empty())?;
    (!line.starts_with('<') && !line.starts_with('{')).then(|| clean(line))
}
