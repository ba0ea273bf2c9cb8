//! Requests that become streams of bytes: exec, attach, port-forward.

use super::part::Wants;
use super::{Class, Connection, answer};
use crate::cluster::problem::{self, Asked};
use crate::core::problem::Problem;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use hyper_util::rt::TokioIo;
use std::time::Duration;

/// Bytes both ways, as the other side takes them now.
pub type Raw = TokioIo<hyper::upgrade::Upgraded>;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Upgrade<'a> {
    /// GET for a WebSocket, POST for SPDY.
    pub method: Method,
    /// Path and query.
    pub path: &'a str,
    /// `websocket`, `SPDY/3.1`.
    pub to: &'static str,
    /// What goes with it.
    pub headers: Vec<(HeaderName, HeaderValue)>,
}

/// A server that did not switch protocols.
#[derive(Debug, Clone, PartialEq)]
pub struct Refused {
    /// Its answer's code; 0 when there was no answer.
    pub code: u16,
    /// As a user should hear it.
    pub problem: Problem,
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self { code: 0, problem }
    }
}

impl Connection {
    /// Asks the server to switch protocols. Gives the answer's headers with the stream.
    ///
    /// # Errors
    /// [`Refused`], with the server's words where it gave any.
    pub async fn upgrade(&self, upgrade: &Upgrade<'_>, ask: &Asked) -> Result<(HeaderMap, Raw), Refused> {
        let sent = self.sent_with(upgrade).await?;
        let code = sent.response.status().as_u16();
        if code == 101 {
            let headers = sent.response.headers().clone();
            let io = hyper::upgrade::on(sent.response).await;
            let lost = |_| Problem::Lost(format!("{} gave up while switching protocols", self.server()).into());
            return Ok((headers, TokioIo::new(io.map_err(lost)?)));
        }
        let wait = answer::text(sent.response.headers(), &header::RETRY_AFTER).parse().ok();
        let stream = sent.stream(self.inner.bytes.clone(), self.inner.server.clone());
        let body = stream.whole(64 << 10, Duration::from_secs(5)).await.unwrap_or_default();
        if (200..300).contains(&code) {
            let why = format!("{} does not switch to {}; a proxy may be in the way", self.server(), upgrade.to);
            return Err(Refused { code, problem: Problem::Garbage(why.into()) });
        }
        Err(Refused { code, problem: problem::from_response(code, &body, wait, ask) })
    }

    async fn sent_with(&self, upgrade: &Upgrade<'_>) -> Result<answer::Sent, Problem> {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
        headers.insert(header::UPGRADE, HeaderValue::from_static(upgrade.to));
        headers.extend(upgrade.headers.iter().cloned());
        let wants = Wants { accept: "*/*", range: None };
        self.sent_more(upgrade.method.clone(), upgrade.path, wants, None, Class::Watch, &headers).await
    }
}
