//! What listens on a container's port: a small HTTP server that says where one is.

use std::convert::Infallible;
use std::sync::Arc;

use hyper::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::io::DuplexStream;

use super::super::Shared;
use super::super::clock::rfc3339;
use super::super::http::answer::{self, Answer};
use super::super::object::text;
use super::super::usage;

/// A connection to a container.
pub(super) type Pipe = DuplexStream;

/// Bytes on their way in each direction.
const BUFFER: usize = 64 * 1024;

/// Connects to the server on a port of a container.
pub(super) fn respond(shared: &Arc<Shared>, pod: &Value, container: &str, port: u16) -> Pipe {
    let (ours, theirs) = tokio::io::duplex(BUFFER);
    let (shared, pod, container) = (shared.clone(), pod.clone(), container.to_owned());
    let service = service_fn(move |request: Request<Incoming>| {
        let answer = page(&shared, &pod, &container, port, &request);
        async move { Ok::<_, Infallible>(answer) }
    });
    tokio::spawn(async move {
        let mut http = hyper::server::conn::http1::Builder::new();
        http.half_close(true);
        // Who speaks no HTTP is cut off, as by the real thing.
        let _ = http.serve_connection(TokioIo::new(ours), service).await;
    });
    theirs
}

fn page(shared: &Shared, pod: &Value, container: &str, port: u16, request: &Request<Incoming>) -> Answer {
    let now = shared.now();
    let answer = match request.uri().path() {
        "/livez" | "/readyz" | "/healthz" => answer::text(200, "ok\n"),
        "/metrics" => {
            let lines: Vec<String> = usage::pod(pod, now)
                .into_iter()
                .map(|(name, used)| {
                    format!(
                        "process_cpu_cores{{container=\"{name}\"}} {}\nprocess_resident_memory_bytes{{container=\"{name}\"}} {}\n",
                        used.cpu as f64 / 1e9,
                        used.memory
                    )
                })
                .collect();
            answer::text(200, &lines.concat())
        }
        path => answer::json(
            200,
            &json!({
                "pod": text(pod, "metadata/name"), "namespace": text(pod, "metadata/namespace"),
                "container": container, "port": port, "method": request.method().as_str(), "path": path,
                "time": rfc3339(now)
            }),
        ),
    };
    answer::date(answer, now)
}
