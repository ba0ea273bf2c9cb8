//! The one list+watch machine. A stream lists a kind, watches it, and goes on
//! doing so whatever breaks: it resumes where it was, lists anew when it must,
//! and says at each moment how true its rows are. It never ends by itself.
//!
//! `policy` decides (pure), `pass` reads one answer, `rows` decodes, `outbox`
//! hands over without ever waiting on the reader, `several` puts the streams of
//! several namespaces together.

mod outbox;
mod pass;
mod policy;
mod rows;
mod several;
#[cfg(test)]
mod tests;

use super::connect::Connection;
use super::escape::escape;
use super::problem::Asked;
use crate::core::freshness::Freshness;
use crate::core::kind::{Kind, Scope, StreamKey};
use crate::core::stream::StreamEvent;
use outbox::{Closed, Outbox};
use pass::{End, Pass};
use policy::{Next, Policy, Step};
use rows::Rows;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::Sender;

/// Rows a page of a list asks for where the server takes no `WatchList`.
const PAGE: u32 = 500;

/// Streams the rows of a key into a slot until the slot is closed. `clock` gives
/// Unix milliseconds.
pub async fn run(connection: Connection, key: StreamKey, out: Sender<StreamEvent>, clock: fn() -> i64) {
    match &key.scope {
        Scope::Namespaces(names) if names.len() > 1 && key.kind.namespaced => {
            several::run(connection, key.clone(), names.clone(), out, clock).await;
        }
        Scope::Namespaces(names) => {
            let namespace = names.first().cloned();
            one(connection, key, namespace, out, clock).await;
        }
        Scope::All => one(connection, key, None, out, clock).await,
    }
}

/// Streams one namespace, or all of them.
async fn one(
    connection: Connection,
    key: StreamKey,
    namespace: Option<Arc<str>>,
    out: Sender<StreamEvent>,
    clock: fn() -> i64,
) {
    let kind = served(&key.kind);
    let stream = Stream {
        asked: Asked::kind("list", &kind, namespace.as_ref()),
        path: kind.path(namespace.as_deref()),
        policy: policy(&kind),
        rows: Rows::new(&key.kind, &key.annotations),
        connection,
        key,
        outbox: Outbox::new(out),
        clock,
        version: None,
        heard: None,
    };
    // The slot is closed: nobody looks any more.
    let Err(Closed) = stream.forever().await;
}

/// Events get no bookmarks; some aggregated kinds cannot be watched at all.
fn policy(kind: &Kind) -> Policy {
    if kind.verbs.iter().any(|v| v.as_ref() == "list") && !kind.verbs.iter().any(|v| v.as_ref() == "watch") {
        return Policy::polling();
    }
    Policy::new(kind.plural.as_ref() != "events")
}

/// The kind to ask the server for: what is made of pods is read from them.
fn served(kind: &Arc<Kind>) -> Arc<Kind> {
    if !kind.of_pods() {
        return kind.clone();
    }
    Arc::new(Kind { plural: "pods".into(), kind: "Pod".into(), ..kind.as_ref().clone() })
}

struct Stream {
    connection: Connection,
    key: StreamKey,
    path: String,
    asked: Asked,
    policy: Policy,
    rows: Rows,
    outbox: Outbox,
    clock: fn() -> i64,
    /// Where a watch can go on; `None` when a list is needed.
    version: Option<String>,
    /// When the rows were last known to be true.
    heard: Option<i64>,
}

enum Never {}

impl Stream {
    async fn forever(mut self) -> Result<Never, Closed> {
        self.outbox.fresh(Freshness::Syncing { rows: 0 });
        loop {
            let started = tokio::time::Instant::now();
            let end = match self.policy.step(self.version.is_some()) {
                Step::WatchList => self.watch(true).await?,
                Step::Page(token) => self.page(&token).await?,
                Step::Watch => self.watch(false).await?,
            };
            let jitter = jitter((self.clock)());
            let next = self.policy.after(end, started.elapsed(), jitter);
            self.act(next).await?;
        }
    }

    async fn act(&mut self, next: Next) -> Result<(), Closed> {
        if next.relist {
            self.version = None;
        }
        if next.plain_json {
            self.rows.no_protobuf();
        }
        let at = (self.clock)() + i64::try_from(next.wait.as_millis()).unwrap_or(i64::MAX);
        match next.say {
            policy::Say::Nothing => {}
            policy::Say::Forbidden(m) => self.outbox.fresh(Freshness::Forbidden(m)),
            policy::Say::NotServed => self.outbox.fresh(Freshness::NotServed),
            policy::Say::Stale(why) => {
                let since = self.heard.unwrap_or(at);
                self.outbox.fresh(Freshness::Stale { since, why });
            }
            policy::Say::Reconnecting(why) => {
                self.outbox.fresh(Freshness::Reconnecting { since: self.heard, at, why });
            }
        }
        self.outbox.while_waiting(tokio::time::sleep(next.wait)).await
    }

    /// What every request of this stream asks with.
    fn query(&self, rest: &str) -> String {
        let mut q = format!("{}?{rest}", self.path);
        for (name, value) in [("fieldSelector", &self.key.fields), ("labelSelector", &self.key.labels)] {
            if !value.is_empty() {
                let _ = write!(q, "&{name}={}", escape(value));
            }
        }
        q + self.rows.parameters()
    }

    async fn page(&mut self, token: &str) -> Result<End, Closed> {
        let mut rest = format!("limit={PAGE}");
        if token.is_empty() {
            self.outbox.push(StreamEvent::Begin);
            self.rows.begin();
            // From the server's cache: a list does not have to reach etcd.
            rest.push_str("&resourceVersion=0");
        } else {
            let _ = write!(rest, "&continue={}", escape(token));
        }
        let url = self.query(&rest);
        let end = self.pass(url, false, false).await?;
        if let End::Listed { version, .. } = &end {
            self.version = Some(version.clone());
            self.complete();
        }
        Ok(end)
    }

    async fn watch(&mut self, initial: bool) -> Result<End, Closed> {
        let mut rest = "watch=true&allowWatchBookmarks=true".to_owned();
        if initial {
            self.outbox.push(StreamEvent::Begin);
            self.rows.begin();
            rest.push_str("&sendInitialEvents=true&resourceVersionMatch=NotOlderThan");
        } else if let Some(version) = &self.version {
            let _ = write!(rest, "&resourceVersion={}", escape(version));
        }
        // The server ends a watch after about this time by itself; asking for it spreads the ends.
        let seconds = 1_800 + jitter((self.clock)()) % 900;
        let _ = write!(rest, "&timeoutSeconds={seconds}");
        let url = self.query(&rest);
        self.pass(url, true, initial).await
    }

    async fn pass(&mut self, url: String, watch: bool, initial: bool) -> Result<End, Closed> {
        let pass = Pass { url, watch, initial };
        pass.run(self).await
    }

    /// The rows are all there.
    fn complete(&mut self) {
        self.outbox.push(StreamEvent::End);
        self.live();
    }

    /// Something true was heard.
    fn live(&mut self) {
        self.heard = Some((self.clock)());
        self.outbox.fresh(Freshness::Live);
    }
}

/// A number that differs from stream to stream and from time to time: no two
/// consoles that lost the same server come back in the same instant.
fn jitter(now: i64) -> u64 {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one(now)
}

/// A watch that has said nothing for so long is not believed: bookmarks come about once a minute.
const SILENCE: Duration = Duration::from_secs(75);
