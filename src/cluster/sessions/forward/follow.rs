//! What becomes of the pods a forward may lead to, as the server tells it. Where they cannot be watched nothing is
//! told: whoever needs a pod then asks.

use crate::cluster::Connection;
use crate::cluster::connect::Class;
use crate::cluster::escape::escape;
use crate::cluster::problem::Asked;
use crate::core::facts::Pod;
use crate::core::held::forward::Wish;
use crate::core::problem::Problem;
use crate::kinds::wire::{Answer, Encoding, EventKind, Framer, Piece};
use serde_json::Value;
use tokio::sync::mpsc::Sender;
use tokio::time::{Duration, sleep, timeout};

/// How long to wait before a watch is opened again; after a refusal.
const PAUSE: Duration = Duration::from_secs(1);
const SELDOM: Duration = Duration::from_secs(60);
/// A watch that was silent for so long is opened again; bookmarks come about once a minute.
const SILENCE: Duration = Duration::from_secs(75);

/// What becomes of a pod.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Course {
    /// It is ready, and stays.
    Ready,
    /// It is there, for what it is good for.
    There,
    /// It is to go, and may serve until then.
    Leaves,
    /// It serves no more.
    Gone,
}

/// A pod as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Change {
    pub uid: String,
    pub course: Course,
}

/// Tells until nobody listens: at first of every pod that is there.
pub(super) async fn follow(connection: Connection, wish: Wish, out: Sender<Change>) {
    let which = match (&wish.pods.name, wish.pods.labels.as_ref()) {
        (Some(name), "") => format!("fieldSelector=metadata.name%3D{}", escape(name)),
        (_, labels) => format!("labelSelector={}", escape(labels)),
    };
    let pods = wish.pods.kind.path(Some(&wish.pods.namespace));
    let path = format!("{pods}?watch=true&allowWatchBookmarks=true&{which}");
    let ask = Asked::kind("watch", &wish.pods.kind, Some(&wish.pods.namespace));
    loop {
        let wait = match once(&connection, &path, &ask, &out).await {
            Err(Problem::Forbidden(_)) => SELDOM,
            _ => PAUSE,
        };
        tokio::select! {
            () = sleep(wait) => {}
            () = out.closed() => return,
        }
    }
}

async fn once(connection: &Connection, path: &str, ask: &Asked, out: &Sender<Change>) -> Result<(), Problem> {
    let mut answer = connection.stream(path, "application/json", Class::Watch, ask).await?;
    let mut framer = Framer::new(Encoding::Json, Answer::Watch);
    while let Ok(Some(chunk)) = timeout(SILENCE, answer.chunk()).await.unwrap_or(Ok(None)) {
        let (mut seen, mut over) = (Vec::new(), false);
        let read = framer.feed(&chunk, &mut |piece: Piece<'_>| {
            match piece {
                Piece::Event { kind, object } => seen.extend(change(kind, object)),
                Piece::Error(_) => over = true,
                _ => {}
            }
            Ok(())
        });
        for change in seen {
            if out.send(change).await.is_err() {
                return Ok(());
            }
        }
        if over || read.is_err() {
            break;
        }
    }
    Ok(())
}

fn change(kind: EventKind, object: &[u8]) -> Option<Change> {
    let of = Pod::of(&serde_json::from_slice::<Value>(object).ok()?);
    let course = match kind {
        EventKind::Deleted => Course::Gone,
        _ if matches!(of.phase.as_str(), "Succeeded" | "Failed") => Course::Gone,
        _ if of.meta.deletion.is_some() => Course::Leaves,
        _ if of.ready && of.phase == "Running" => Course::Ready,
        _ => Course::There,
    };
    Some(Change { course, uid: of.meta.uid })
}
