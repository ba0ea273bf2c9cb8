//! A scripted API server for tests: real HTTP through a pipe, no sockets, so it runs on paused
//! time. Each request is shown to the script, whose reply may pause, hang or be cut off.

use super::connect::{Connection, Overrides};
use bytes::Bytes;
use futures_util::StreamExt as _;
use http::{Request, Response};
use http_body_util::{BodyExt as _, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A request as the server saw it.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub method: http::Method,
    /// Path and query.
    pub uri: String,
    pub headers: http::HeaderMap,
    pub body: Bytes,
}

impl Seen {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }
}

/// A part of a reply's body.
#[derive(Debug, Clone)]
pub(crate) enum Part {
    Bytes(Bytes),
    Wait(Duration),
    /// Nothing more, and no end.
    Hang,
    /// The connection breaks.
    Cut,
}

/// What the server answers.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub parts: Vec<Part>,
    /// Before the head.
    pub delay: Duration,
}

impl Reply {
    pub fn new(status: u16, body: impl Into<Bytes>) -> Self {
        let headers = vec![("content-type", "application/json".into())];
        Self { status, headers, parts: vec![Part::Bytes(body.into())], delay: Duration::ZERO }
    }

    pub fn json(body: &serde_json::Value) -> Self {
        Self::new(200, body.to_string())
    }

    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.retain(|(n, _)| *n != name);
        self.headers.push((name, value.into()));
        self
    }

    pub fn then(mut self, part: Part) -> Self {
        self.parts.push(part);
        self
    }

    pub fn and(self, body: impl Into<Bytes>) -> Self {
        self.then(Part::Bytes(body.into()))
    }

    fn response(
        self,
    ) -> Response<StreamBody<futures_util::stream::BoxStream<'static, Result<Frame<Bytes>, std::io::Error>>>> {
        let body = futures_util::stream::iter(self.parts).then(|part| async move {
            match part {
                Part::Bytes(bytes) => Some(Ok(Frame::data(bytes))),
                Part::Wait(time) => {
                    tokio::time::sleep(time).await;
                    None
                }
                Part::Hang => std::future::pending().await,
                Part::Cut => {
                    // What was written before must be out first.
                    tokio::time::sleep(Duration::from_millis(1)).await;
                    Some(Err(std::io::Error::other("cut")))
                }
            }
        });
        let mut response = Response::builder().status(self.status);
        for (name, value) in self.headers {
            response = response.header(name, value);
        }
        response.body(StreamBody::new(body.filter_map(std::future::ready).boxed())).unwrap()
    }
}

/// The server's memory.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<Seen>>>);

impl Log {
    pub fn all(&self) -> Vec<Seen> {
        self.0.lock().unwrap().clone()
    }

    pub fn uris(&self) -> Vec<String> {
        self.all().into_iter().map(|s| s.uri).collect()
    }
}

/// A connection to a server that answers by a script, given how many requests came before.
pub(crate) fn connect(
    over: &Overrides,
    script: impl Fn(usize, &Seen) -> Reply + Send + Sync + 'static,
) -> (Connection, Log) {
    let log = Log::default();
    let (script, seen) = (Arc::new(script), log.clone());
    let conn = Connection::in_process("test", over, move || {
        let (ours, theirs) = tokio::io::duplex(64 << 10);
        let (script, seen) = (script.clone(), seen.clone());
        let service = service_fn(move |request: Request<Incoming>| {
            let (script, seen) = (script.clone(), seen.clone());
            async move {
                let (head, body) = request.into_parts();
                let body = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
                let uri = head.uri.path_and_query().unwrap().to_string();
                let one = Seen { method: head.method, uri, headers: head.headers, body };
                let before = {
                    let mut all = seen.0.lock().unwrap();
                    all.push(one.clone());
                    all.len() - 1
                };
                let reply = script(before, &one);
                tokio::time::sleep(reply.delay).await;
                Ok::<_, Infallible>(reply.response())
            }
        });
        tokio::spawn(async move {
            let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(theirs), service).await;
        });
        ours
    });
    (conn, log)
}

/// [`connect`] without flags.
pub(crate) fn server(script: impl Fn(usize, &Seen) -> Reply + Send + Sync + 'static) -> (Connection, Log) {
    connect(&Overrides::default(), script)
}
