//! Refusals as the API server writes them: a `Status` body with reason, details and code.

use std::ops::{Deref, DerefMut};

use serde_json::{Map, Value, json};

use super::kinds::Kind;

/// Why a request was refused; boxed, because almost every answer is a success.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Problem(Box<Refusal>);

/// What a refusal says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Refusal {
    pub(crate) code: u16,
    reason: &'static str,
    message: String,
    details: Option<Value>,
    /// The continue token of a 410 that lets a client go on inconsistently.
    token: Option<String>,
    /// Seconds in the `Retry-After` header.
    pub(crate) retry_after: Option<u32>,
}

/// What an answer of the demo is when it is not a success.
pub(crate) type Outcome<T> = Result<T, Problem>;

impl Deref for Problem {
    type Target = Refusal;

    fn deref(&self) -> &Refusal {
        &self.0
    }
}

impl DerefMut for Problem {
    fn deref_mut(&mut self) -> &mut Refusal {
        &mut self.0
    }
}

impl Problem {
    fn new(code: u16, reason: &'static str, message: impl Into<String>) -> Self {
        Self(Box::new(Refusal { code, reason, message: message.into(), details: None, token: None, retry_after: None }))
    }

    fn about(mut self, kind: &Kind, name: &str) -> Self {
        let mut details = Map::new();
        if !name.is_empty() {
            details.insert("name".into(), name.into());
        }
        if !kind.group.is_empty() {
            details.insert("group".into(), kind.group.into());
        }
        details.insert("kind".into(), kind.plural.into());
        self.details = Some(Value::Object(details));
        self
    }

    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(400, "BadRequest", message)
    }

    pub(crate) fn unauthorized() -> Self {
        Self::new(401, "Unauthorized", "Unauthorized")
    }

    pub(crate) fn forbidden(kind: &Kind, name: &str, why: &str) -> Self {
        let of = if name.is_empty() { String::new() } else { format!(" \"{name}\"") };
        Self::new(403, "Forbidden", format!("{}{of} is forbidden: {why}", kind.qualified())).about(kind, name)
    }

    pub(crate) fn not_found(kind: &Kind, name: &str) -> Self {
        Self::new(404, "NotFound", format!("{} \"{name}\" not found", kind.qualified())).about(kind, name)
    }

    /// A resource or subresource this server does not have.
    pub(crate) fn not_served() -> Self {
        let mut p = Self::new(404, "NotFound", "the server could not find the requested resource");
        p.details = Some(json!({}));
        p
    }

    pub(crate) fn not_allowed() -> Self {
        let mut p =
            Self::new(405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
        p.details = Some(json!({}));
        p
    }

    pub(crate) fn not_acceptable() -> Self {
        Self::new(
            406,
            "NotAcceptable",
            "only the following media types are accepted: application/json, application/vnd.kubernetes.protobuf",
        )
    }

    pub(crate) fn exists(kind: &Kind, name: &str) -> Self {
        Self::new(409, "AlreadyExists", format!("{} \"{name}\" already exists", kind.qualified())).about(kind, name)
    }

    pub(crate) fn conflict(kind: &Kind, name: &str, why: &str) -> Self {
        Self::new(409, "Conflict", format!("Operation cannot be fulfilled on {} \"{name}\": {why}", kind.qualified()))
            .about(kind, name)
    }

    /// A precondition of a deletion does not hold: here the kind is named, not its plural.
    pub(crate) fn precondition(kind: &Kind, name: &str, why: &str) -> Self {
        let of = kind.kind_and_group();
        let mut p = Self::new(409, "Conflict", format!("Operation cannot be fulfilled on {of} \"{name}\": {why}"));
        let mut details = Map::new();
        details.insert("name".into(), name.into());
        if !kind.group.is_empty() {
            details.insert("group".into(), kind.group.into());
        }
        details.insert("kind".into(), kind.kind.into());
        p.details = Some(details.into());
        p
    }

    pub(crate) fn modified(kind: &Kind, name: &str) -> Self {
        Self::conflict(
            kind,
            name,
            "the object has been modified; please apply your changes to the latest version and try again",
        )
    }

    pub(crate) fn unsupported_media(given: &str, accepted: &str) -> Self {
        Self::new(
            415,
            "UnsupportedMediaType",
            format!(
                "the body of the request was in an unknown format - {given} - accepted media types include: {accepted}"
            ),
        )
    }

    /// 422 with causes: (field, reason, message).
    pub(crate) fn invalid(kind: &Kind, name: &str, causes: &[(&str, &str, &str)]) -> Self {
        let (told, causes) = told(causes);
        let mut p = Self::new(422, "Invalid", format!("{} \"{name}\" is invalid: {told}", kind.kind_and_group()));
        let mut details = Map::new();
        details.insert("name".into(), name.into());
        if !kind.group.is_empty() {
            details.insert("group".into(), kind.group.into());
        }
        details.insert("kind".into(), kind.kind.into());
        details.insert("causes".into(), causes.into());
        p.details = Some(details.into());
        p
    }

    /// 422 for list options that do not go together.
    pub(crate) fn bad_options(field: &str, message: &str) -> Self {
        let mut p = Self::new(422, "Invalid", format!("ListOptions.meta.k8s.io \"\" is invalid: {field}: {message}"));
        p.details = Some(json!({
            "group": "meta.k8s.io",
            "kind": "ListOptions",
            "causes": [{"reason": "FieldValueForbidden", "message": message, "field": field}]
        }));
        p
    }

    /// A JSON patch that does not fit the object: the real server does not say why either.
    pub(crate) fn invalid_patch() -> Self {
        let mut p = Self::new(422, "Invalid", "the server rejected our request due to an error in our request");
        p.details = Some(json!({}));
        p
    }

    /// A patch of a form that is not known.
    pub(crate) fn unsupported_patch() -> Self {
        let mut p = Self::new(415, "UnsupportedMediaType", "415: Unsupported Media Type");
        p.details = Some(json!({}));
        p
    }

    /// A watch that begins before what is remembered.
    pub(crate) fn too_old() -> Self {
        Self::new(410, "Expired", "The resourceVersion for the provided watch is too old.")
    }

    /// A list at a version that is no longer remembered.
    pub(crate) fn too_old_list(asked: u64, oldest: u64) -> Self {
        Self::new(410, "Expired", format!("too old resource version: {asked} ({oldest})"))
    }

    /// A page that came too late; `token` lets the client go on inconsistently.
    pub(crate) fn too_old_page(token: String) -> Self {
        let mut p = Self::new(
            410,
            "Expired",
            "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.",
        );
        p.token = Some(token);
        p
    }

    /// A version the server has not reached.
    pub(crate) fn too_large(asked: u64, current: u64) -> Self {
        let mut p = Self::new(504, "Timeout", format!("Too large resource version: {asked}, current: {current}"));
        p.details = Some(json!({
            "causes": [{"reason": "ResourceVersionTooLarge", "message": "Too large resource version"}],
            "retryAfterSeconds": 1
        }));
        p.retry_after = Some(1);
        p
    }

    /// An eviction that a budget does not allow now.
    pub(crate) fn over_budget(why: &str) -> Self {
        let mut p =
            Self::new(429, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget.");
        p.details = Some(json!({"causes": [{"reason": "DisruptionBudget", "message": why}]}));
        p
    }

    /// An eviction of a pod that two budgets cover: no reason, as the real server writes it.
    pub(crate) fn two_budgets() -> Self {
        Self::new(
            500,
            "",
            "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.",
        )
    }

    /// Log options that the server does not take: (field, reason, message).
    pub(crate) fn bad_log_options(pod: &str, causes: &[(&str, &str, &str)]) -> Self {
        let (told, causes) = told(causes);
        let mut p = Self::new(422, "Invalid", format!("PodLogOptions \"{pod}\" is invalid: {told}"));
        p.details = Some(json!({"name": pod, "kind": "PodLogOptions", "causes": causes}));
        p
    }

    /// Something behind the server went wrong.
    pub(crate) fn internal(why: &str) -> Self {
        Self::new(500, "", why)
    }

    /// A node that cannot be reached.
    pub(crate) fn dialing(why: &str) -> Self {
        Self::internal(&format!("error dialing backend: {why}"))
    }

    /// A fault that was asked for.
    pub(crate) fn fault(code: u16) -> Self {
        let mut p = match code {
            401 => Self::unauthorized(),
            429 => Self::new(429, "TooManyRequests", "Too many requests, please try again later."),
            503 => Self::new(503, "ServiceUnavailable", "the server is currently unable to handle the request"),
            504 => Self::new(
                504,
                "Timeout",
                "the server was unable to return a response in the time allotted, but may still be processing the request",
            ),
            410 => Self::too_old(),
            _ => Self::new(code, "InternalError", "Internal error occurred: simulated fault"),
        };
        if matches!(code, 429 | 503) {
            p.details = Some(json!({"retryAfterSeconds": 1}));
            p.retry_after = Some(1);
        }
        p
    }

    /// The `Status` object.
    pub(crate) fn body(&self) -> Value {
        let mut body = json!({
            "kind": "Status",
            "apiVersion": "v1",
            "metadata": self.token.as_ref().map_or_else(|| json!({}), |t| json!({"continue": t})),
            "status": "Failure",
            "message": self.message,
        });
        if let Value::Object(map) = &mut body {
            if !self.reason.is_empty() {
                map.insert("reason".into(), self.reason.into());
            }
            if let Some(details) = &self.details {
                map.insert("details".into(), details.clone());
            }
            map.insert("code".into(), self.code.into());
        }
        body
    }
}

/// Causes (field, reason, message) in the words of a message, and as a Status lists them.
fn told(causes: &[(&str, &str, &str)]) -> (String, Vec<Value>) {
    let all: Vec<String> = causes.iter().map(|(field, _, message)| format!("{field}: {message}")).collect();
    let told = if all.len() == 1 { all.concat() } else { format!("[{}]", all.join(", ")) };
    let listed =
        causes.iter().map(|(field, reason, message)| json!({"reason": reason, "message": message, "field": field}));
    (told, listed.collect())
}
