//! Answers: status, content type, the server's date.

use hyper::header::{CACHE_CONTROL, CONTENT_TYPE, DATE, HeaderValue, RETRY_AFTER};
use hyper::{Response, StatusCode};
use serde_json::Value;

use super::super::clock::{Millis, http_date};
use super::super::status::Problem;
use super::body::Body;

/// An answer on its way.
pub(crate) type Answer = Response<Body>;

pub(crate) const JSON: &str = "application/json";

/// An answer with a body of that type.
pub(crate) fn answer(code: u16, media: &'static str, body: impl Into<Body>) -> Answer {
    let mut response = Response::new(body.into());
    *response.status_mut() = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-cache, private"));
    response
}

/// A JSON answer, ended by a line feed as the real server's.
pub(crate) fn json(code: u16, value: &Value) -> Answer {
    let mut body = value.to_string().into_bytes();
    body.push(b'\n');
    answer(code, JSON, body)
}

/// Plain text.
pub(crate) fn text(code: u16, words: &str) -> Answer {
    answer(code, "text/plain; charset=utf-8", words.as_bytes().to_vec())
}

/// A refusal.
pub(crate) fn refusal(problem: &Problem) -> Answer {
    let mut response = json(problem.code, &problem.body());
    if let Some(seconds) = problem.retry_after {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// Puts the demo's date on an answer: clients take their clock from it.
pub(crate) fn date(mut response: Answer, now: Millis) -> Answer {
    if let Ok(value) = HeaderValue::from_str(&http_date(now)) {
        response.headers_mut().insert(DATE, value);
    }
    response
}
