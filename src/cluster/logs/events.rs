//! What the cluster tells of the pods of a log, as lines between the containers' own: a list, then a
//! watch from there, again and again.

use super::super::connect::{Class, Connection};
use super::super::escape::escape;
use super::super::problem::Asked;
use super::pods::Seen;
use super::request;
use crate::core::problem::Problem;
use crate::kinds::wire::{Answer, Encoding, EventKind, Framer, Piece};
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::Sender;

/// How long to wait after a failure.
const PAUSE: Duration = Duration::from_secs(3);
/// And after a refusal.
const SELDOM: Duration = Duration::from_secs(60);
/// Events come without bookmarks: a watch that was silent for so long is opened again.
const SILENCE: Duration = Duration::from_secs(75);
/// Events a page of a list has at most.
const PAGE: u32 = 500;

/// An event of a pod.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PodEvent {
    /// When it was last seen (Unix microseconds).
    pub time: i64,
    pub pod: Arc<str>,
    /// `Warning BackOff cart-0: Back-off restarting failed container (x14)`.
    pub text: String,
}

impl PodEvent {
    fn read(event: &Value) -> Option<Self> {
        let text = |at: &str| event.pointer(at).and_then(Value::as_str).unwrap_or_default();
        let times = [
            "/series/lastObservedTime",
            "/lastTimestamp",
            "/eventTime",
            "/firstTimestamp",
            "/metadata/creationTimestamp",
        ];
        let time = times.iter().find_map(|at| text(at).parse::<jiff::Timestamp>().ok())?;
        let count = ["/series/count", "/count"].iter().find_map(|at| event.pointer(at).and_then(Value::as_u64));
        let times = count.filter(|n| *n > 1).map(|n| format!(" (x{n})")).unwrap_or_default();
        let (kind, reason, name) = (text("/type"), text("/reason"), text("/involvedObject/name"));
        let message: String = text("/message").split_whitespace().collect::<Vec<_>>().join(" ");
        Some(Self {
            time: time.as_microsecond(),
            pod: text("/involvedObject/uid").into(),
            text: format!("{kind} {reason} {name}: {message}{times}"),
        })
    }
}

/// Reports the events of all pods of a namespace until nobody listens.
pub(super) async fn run(connection: Connection, namespace: Option<Arc<str>>, out: Sender<Seen>) {
    let place = Place { connection, namespace };
    loop {
        let wait = match place.list().await {
            Ok((events, mut version)) => {
                if out.send(Seen::Events(Ok(events))).await.is_err() {
                    return;
                }
                while let Some(next) = place.follow(&version, &out).await {
                    version = next;
                }
                PAUSE
            }
            Err(problem) => {
                let wait = if matches!(problem, Problem::Forbidden(_)) { SELDOM } else { PAUSE };
                if out.send(Seen::Events(Err(problem))).await.is_err() {
                    return;
                }
                wait
            }
        };
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = out.closed() => return,
        }
    }
}

struct Place {
    connection: Connection,
    namespace: Option<Arc<str>>,
}

impl Place {
    fn path(&self, rest: &str) -> String {
        let path = request::events().path(self.namespace.as_deref());
        format!("{path}?fieldSelector=involvedObject.kind%3DPod&{rest}")
    }

    fn asked(&self, verb: &'static str) -> Asked {
        Asked { verb, resource: "events".into(), namespace: self.namespace.clone() }
    }

    /// All events there are, in the order of their times, and the version to watch from.
    async fn list(&self) -> Result<(Vec<PodEvent>, String), Problem> {
        let (mut events, mut token) = (Vec::new(), String::new());
        loop {
            let mut rest = format!("limit={PAGE}");
            if !token.is_empty() {
                rest = format!("{rest}&continue={}", escape(&token));
            }
            let path = self.path(&rest);
            let answer =
                self.connection.get_json_as(&path, "application/json", Class::List, &self.asked("list")).await?;
            events.extend(answer.body["items"].as_array().into_iter().flatten().filter_map(PodEvent::read));
            answer.body["metadata"]["continue"].as_str().unwrap_or_default().clone_into(&mut token);
            if token.is_empty() {
                events.sort_by_key(|e| e.time);
                let version = answer.body["metadata"]["resourceVersion"].as_str().unwrap_or_default().to_owned();
                return Ok((events, version));
            }
        }
    }

    /// Follows from a version on; the version to go on from, or `None` when a list is needed.
    async fn follow(&self, version: &str, out: &Sender<Seen>) -> Option<String> {
        let path = self.path(&format!("watch=true&resourceVersion={version}"));
        let asked = self.asked("watch");
        let mut answer = self.connection.stream(&path, "application/json", Class::Watch, &asked).await.ok()?;
        let mut framer = Framer::new(Encoding::Json, Answer::Watch);
        let mut version = version.to_owned();
        let mut heard = false;
        loop {
            let chunk = tokio::select! {
                chunk = tokio::time::timeout(SILENCE, answer.chunk()) => chunk,
                () = out.closed() => return None,
            };
            let chunk = match chunk {
                Ok(Ok(Some(chunk))) => chunk,
                // Silence is usual here: go on from the last version.
                Err(_) => return Some(version),
                Ok(Ok(None) | Err(_)) => return heard.then_some(version),
            };
            heard = true;
            let (mut events, mut expired) = (Vec::new(), false);
            let read = framer.feed(&chunk, &mut |piece: Piece<'_>| {
                match piece {
                    Piece::Event { kind, object } => {
                        let value: Value = serde_json::from_slice(object).unwrap_or_default();
                        if let Some(v) = value["metadata"]["resourceVersion"].as_str() {
                            v.clone_into(&mut version);
                        }
                        // One that is deleted has grown old; nothing happened.
                        events.extend(PodEvent::read(&value).filter(|_| kind != EventKind::Deleted));
                    }
                    Piece::Bookmark { resource_version, .. } => resource_version.clone_into(&mut version),
                    Piece::Error(_) => expired = true,
                    Piece::Meta { .. } | Piece::Columns(_) | Piece::Item(_) => {}
                }
                Ok(())
            });
            if !events.is_empty() {
                out.send(Seen::Events(Ok(events))).await.ok()?;
            }
            if expired || read.is_err() {
                return None;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_event_is_one_line() {
        let event = json!({
            "type": "Warning", "reason": "BackOff", "message": "Back-off restarting\nfailed container", "count": 14,
            "involvedObject": {"kind": "Pod", "name": "cart-0", "uid": "u"},
            "lastTimestamp": "2026-11-21T12:00:00Z", "firstTimestamp": "2026-11-21T11:00:00Z",
        });
        let text = "Warning BackOff cart-0: Back-off restarting failed container (x14)".to_owned();
        let at = 1_795_262_400_000_000;
        assert_eq!(PodEvent::read(&event), Some(PodEvent { time: at, pod: "u".into(), text }));
        let new =
            json!({"type": "Normal", "reason": "Pulled", "eventTime": "2026-11-21T12:00:00.5Z", "lastTimestamp": null});
        assert_eq!(PodEvent::read(&new).map(|e| e.time), Some(at + 500_000));
        assert_eq!(PodEvent::read(&json!({})), None);
    }
}
