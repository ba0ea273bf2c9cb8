//! Parts of a file that is served as it is, such as a log on a node: from a byte on, or the last
//! so many.

use super::answer;
use super::{Class, Connection};
use crate::cluster::problem::Asked;
use crate::core::problem::Problem;
use bytes::Bytes;
use http::{Method, header};

/// What the head of a request says of the wanted answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wants<'a> {
    /// The form.
    pub accept: &'a str,
    /// The part, as `Range` has it.
    pub range: Option<&'a str>,
}

impl Wants<'_> {
    /// All of it, as JSON.
    pub fn json() -> Self {
        Self { accept: "application/json", range: None }
    }
}

/// Which part of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// From a byte on.
    From(u64),
    /// So many bytes at its end.
    Last(u64),
}

/// A part of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// Where it begins.
    pub from: u64,
    /// How long the file is.
    pub total: u64,
    /// What it is.
    pub bytes: Bytes,
    /// `Content-Type` without its parameters: a folder is `text/html`.
    pub content_type: String,
}

impl Connection {
    /// GETs a part of a file, at most `limit` bytes of it. A part beyond its end is empty. Who
    /// serves no parts sends the file from its beginning.
    ///
    /// # Errors
    /// See [`Self::get_json`].
    pub async fn part(&self, path: &str, span: Span, limit: usize, ask: &Asked) -> Result<Part, Problem> {
        let range = match span {
            Span::From(byte) => format!("bytes={byte}-"),
            Span::Last(bytes) => format!("bytes=-{bytes}"),
        };
        let wants = Wants { accept: "*/*", range: Some(&range) };
        // What is unpacked on the way has no places in the file.
        let class = Class::Watch;
        let sent = self.sent(Method::GET, path, wants, None, class).await?;
        let told = told(answer::text(sent.response.headers(), &header::CONTENT_RANGE));
        if sent.response.status() == 416 {
            let total = told.map_or(0, |t| t.1);
            return Ok(Part { from: total, total, bytes: Bytes::new(), content_type: String::new() });
        }
        let stream = sent.accepted(ask, self.inner.bytes.clone(), self.inner.server.clone()).await?;
        let content_type = stream.content_type.clone();
        let bytes = stream.whole(limit, self.patience(class)).await?;
        let (from, total) = told.unwrap_or((0, bytes.len() as u64));
        Ok(Part { from, total, bytes, content_type })
    }
}

/// Where a part begins and how long the whole is: `bytes 5-9/10`, `bytes */10`.
fn told(range: &str) -> Option<(u64, u64)> {
    let (part, total) = range.strip_prefix("bytes ")?.split_once('/')?;
    let total = total.parse().ok()?;
    let from = part.split_once('-').and_then(|(from, _)| from.parse().ok()).unwrap_or(total);
    Some((from, total))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::testing::{Reply, server};

    #[tokio::test]
    async fn parts_say_where_they_are() {
        let (connection, log) = server(|n, _| match n {
            0 => Reply::new(206, "world").with("content-range", "bytes 6-10/11"),
            1 => Reply::new(416, "invalid range").with("content-range", "bytes */11"),
            _ => Reply::new(200, "hello world"),
        });
        let asked = Asked { verb: "get", resource: "nodes/proxy".into(), namespace: None };
        let mut got = Vec::new();
        for span in [Span::Last(5), Span::From(99), Span::From(6)] {
            let part = connection.part("/api/v1/nodes/n/proxy/logs/a.log", span, 1_000, &asked).await.expect("a part");
            got.push((part.from, part.total, part.bytes));
        }
        assert_eq!(got, [(6, 11, "world".into()), (11, 11, "".into()), (0, 11, "hello world".into())]);
        let ranges: Vec<String> = log.all().iter().map(|s| s.header("range").to_owned()).collect();
        assert_eq!(ranges, ["bytes=-5", "bytes=99-", "bytes=6-"]);
    }
}
