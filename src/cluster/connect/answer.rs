//! Answers: their head (time, kind of content), and their bodies read whole or piece by piece.

use super::MOST;
use crate::cluster::problem::{self, Asked};
use crate::core::problem::Problem;
use bytes::{Bytes, BytesMut};
use flate2::write::MultiGzDecoder;
use http::{HeaderMap, Response, header};
use http_body_util::BodyExt as _;
use kube::client::Body;
use serde_json::Value;
use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// An answer with what its head tells.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer<T> {
    /// What was asked for.
    pub body: T,
    /// The server's clock when it answered (`Date`, whole seconds), Unix ms.
    pub date_ms: Option<i64>,
    /// From sending the request to the answer's head, microseconds.
    pub rtt_us: u64,
}

/// An answer's head as it came.
pub(super) struct Sent {
    pub response: Response<Body>,
    pub rtt_us: u64,
}

/// An accepted answer whose body is still to be read.
pub struct Stream {
    /// The server's clock when it answered, Unix ms.
    pub date_ms: Option<i64>,
    /// From sending the request to the answer's head, microseconds.
    pub rtt_us: u64,
    /// `Content-Type` without its parameters.
    pub content_type: String,
    body: Body,
    unpack: Option<Unpack>,
    bytes: Arc<AtomicU64>,
    server: Arc<str>,
}

/// Undoes gzip piece by piece.
type Unpack = MultiGzDecoder<Vec<u8>>;

impl Sent {
    /// The body if the server agreed, else the problem its answer tells.
    pub async fn accepted(self, ask: &Asked, bytes: Arc<AtomicU64>, server: Arc<str>) -> Result<Stream, Problem> {
        let status = self.response.status();
        let wait = text(self.response.headers(), &header::RETRY_AFTER).parse().ok();
        let stream = self.stream(bytes, server);
        if status.is_success() {
            return Ok(stream);
        }
        // What cannot be read of a refusal is left out; its status says enough.
        let body = stream.whole(64 << 10, Duration::from_secs(5)).await.unwrap_or_default();
        Err(problem::from_response(status.as_u16(), &body, wait, ask))
    }

    /// The body, whatever the server said.
    pub fn stream(self, bytes: Arc<AtomicU64>, server: Arc<str>) -> Stream {
        let (parts, body) = self.response.into_parts();
        let content_type = text(&parts.headers, &header::CONTENT_TYPE).split(';').next().unwrap_or_default().trim();
        let unpack = match text(&parts.headers, &header::CONTENT_ENCODING) {
            "gzip" => Some(Unpack::new(Vec::new())),
            _ => None,
        };
        Stream {
            date_ms: date(&parts.headers),
            rtt_us: self.rtt_us,
            content_type: content_type.to_owned(),
            body,
            unpack,
            bytes,
            server,
        }
    }
}

pub(super) fn text<'a>(headers: &'a HeaderMap, name: &header::HeaderName) -> &'a str {
    headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default()
}

fn date(headers: &HeaderMap) -> Option<i64> {
    let zoned = jiff::fmt::rfc2822::parse(text(headers, &header::DATE)).ok()?;
    Some(zoned.timestamp().as_millisecond())
}

impl Stream {
    /// The next piece of the body; `None` at its end.
    ///
    /// # Errors
    /// [`Problem::Lost`] or a kin when the connection breaks.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Problem> {
        loop {
            let Some(frame) = self.body.frame().await else {
                let whole = self.unpack.as_mut().is_none_or(|u| u.try_finish().is_ok());
                return if whole { Ok(None) } else { Err(self.badly_packed()) };
            };
            let frame = frame.map_err(|e| problem::from_kube(&e, &self.server))?;
            let Ok(data) = frame.into_data() else { continue };
            self.bytes.fetch_add(data.len() as u64, Ordering::Relaxed);
            let Some(unpack) = &mut self.unpack else { return Ok(Some(data)) };
            if unpack.write_all(&data).and_then(|()| unpack.flush()).is_err() {
                return Err(self.badly_packed());
            }
            let data = std::mem::take(unpack.get_mut());
            if !data.is_empty() {
                return Ok(Some(data.into()));
            }
        }
    }

    fn badly_packed(&self) -> Problem {
        Problem::Garbage(format!("{} sent gzip that cannot be unpacked", self.server).into())
    }

    /// The body up to `limit` bytes; each piece must come within `patience`.
    pub(super) async fn whole(mut self, limit: usize, patience: Duration) -> Result<Bytes, Problem> {
        let mut all = BytesMut::new();
        while all.len() < limit {
            match tokio::time::timeout(patience, self.chunk()).await {
                Ok(Ok(Some(piece))) => all.extend_from_slice(&piece[..piece.len().min(limit - all.len())]),
                Ok(Ok(None)) => break,
                Ok(Err(problem)) => return Err(problem),
                Err(_) => {
                    let why = format!("{} stopped in the middle of its answer", self.server);
                    return Err(Problem::Timeout(why.into()));
                }
            }
        }
        Ok(all.freeze())
    }

    pub(super) async fn json(self, ask: &Asked, patience: Duration) -> Result<Answer<Value>, Problem> {
        let (date_ms, rtt_us, kind) = (self.date_ms, self.rtt_us, self.content_type.clone());
        let bytes = self.whole(MOST, patience).await?;
        let body = serde_json::from_slice(&bytes).map_err(|_| {
            let got = if kind.is_empty() { "something else" } else { kind.as_str() };
            Problem::Garbage(format!("{} {}: expected JSON, got {got}", ask.verb, ask.resource).into())
        })?;
        Ok(Answer { body, date_ms, rtt_us })
    }

    pub(super) async fn text(self, limit: usize, patience: Duration) -> Result<Answer<String>, Problem> {
        let (date_ms, rtt_us) = (self.date_ms, self.rtt_us);
        let bytes = self.whole(limit, patience).await?;
        Ok(Answer { body: String::from_utf8_lossy(&bytes).into_owned(), date_ms, rtt_us })
    }
}
