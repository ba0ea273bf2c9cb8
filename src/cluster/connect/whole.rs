//! Requests whose refusals matter as much as their answers: the head and the
//! body of whatever the server said, and whether a lost answer may hide an effect.

use super::answer::Sent;
use super::part::Wants;
use super::{Class, Connection, MOST, answer};
use crate::core::problem::Problem;
use bytes::Bytes;
use http::{Method, header};
use serde_json::Value;
use std::sync::Arc;

/// A request to be sent.
#[derive(Debug, Clone)]
pub struct Sending<'a> {
    /// How.
    pub method: Method,
    /// Path and query.
    pub path: &'a str,
    /// The body with its `Content-Type`.
    pub body: Option<(&'a str, &'a Value)>,
    /// How patient.
    pub class: Class,
}

/// Whatever the server said, read whole.
#[derive(Debug, Clone)]
pub struct Whole {
    /// Its code.
    pub code: u16,
    /// Its body; why it could not be read whole, if so.
    pub body: Result<Bytes, Problem>,
    /// The texts of its `Warning:` headers.
    pub warnings: Vec<Arc<str>>,
    /// Seconds of Retry-After.
    pub retry_after: Option<u32>,
    /// Its clock (Unix ms).
    pub date_ms: Option<i64>,
}

impl Connection {
    /// Sends a request once and reads what comes of it. Nothing is sent again but after a 401,
    /// which says that nothing was done.
    ///
    /// # Errors
    /// A [`Problem`] when no answer came at all.
    pub async fn whole(&self, sending: Sending<'_>) -> Result<Whole, Problem> {
        let Sending { method, path, body, class } = sending;
        let sent = self.sent(method, path, Wants::json(), body, class).await?;
        let headers = sent.response.headers();
        let warnings = headers.get_all(header::WARNING).iter().filter_map(|v| warning(v.to_str().ok()?)).collect();
        let retry_after = answer::text(headers, &header::RETRY_AFTER).parse().ok();
        let code = sent.response.status().as_u16();
        let stream = Sent::stream(sent, self.inner.bytes.clone(), self.inner.server.clone());
        let date_ms = stream.date_ms;
        let body = stream.whole(MOST, self.patience(class)).await;
        Ok(Whole { code, body, warnings, retry_after, date_ms })
    }
}

/// The text of a `Warning:` header: `299 - "text" "date"`, with `\"` and `\\` in the text.
fn warning(value: &str) -> Option<Arc<str>> {
    let (_, rest) = value.split_once('"')?;
    let mut text = String::new();
    let mut chars = rest.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => break,
            '\\' => text.extend(chars.next()),
            c => text.push(c),
        }
    }
    let text = crate::cluster::problem::clean(&text);
    (!text.is_empty()).then(|| text.into())
}

#[cfg(test)]
mod tests {
    use super::warning;

    #[test]
    fn warnings_are_read_from_their_quotes() {
        let table = [
            (r#"299 - "policy/v1beta1 is deprecated""#, Some("policy/v1beta1 is deprecated")),
            (r#"299 - "say \"hi\" \\ now" "Sat, 21 Nov 2026 10:00:00 GMT""#, Some(r#"say "hi" \ now"#)),
            ("299 - \"a\u{1b}[31mred\"", Some("a [31mred")),
            ("299 - none", None),
            (r#"299 - """#, None),
        ];
        for (header, text) in table {
            assert_eq!(warning(header).as_deref(), text, "{header}");
        }
    }
}
