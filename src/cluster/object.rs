//! One object, watched: read whole, and again whenever it changes.

use super::connect::{Class, Connection};
use super::problem::Asked;
use crate::core::kind::ObjectRef;
use crate::core::msg::Msg;
use crate::core::problem::Problem;
use crate::kinds::wire::{Answer, Encoding, EventKind, Framer, Piece};
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::Sender;

/// How long to wait after a failure.
const PAUSE: Duration = Duration::from_secs(3);
/// A watch that was silent for so long is opened again.
const SILENCE: Duration = Duration::from_secs(75);

/// What a watch of one object reports: its state, that it is gone, or why it cannot be read.
pub type Seen = Result<Option<Arc<Value>>, Problem>;

/// Reports an object's state into the inbox until nobody listens there.
pub async fn run(connection: Connection, object: ObjectRef, out: Sender<Msg>) {
    let tell = Teller { object: object.clone(), out };
    let kind = object.kind.clone();
    let namespace = (!object.namespace.is_empty()).then(|| object.namespace.clone());
    let collection = kind.path(namespace.as_deref());
    let asked = Asked::kind("get", &kind, namespace.as_ref());
    loop {
        let seen = connection.get_json(&format!("{collection}/{}", object.name), &asked).await;
        let version = match seen {
            Ok(answer) => {
                let version = answer.body["metadata"]["resourceVersion"].as_str().unwrap_or_default().to_owned();
                if !tell.tell(Ok(Some(Arc::new(answer.body)))).await {
                    return;
                }
                Some(version)
            }
            Err(Problem::NotFound(_)) => {
                if !tell.tell(Ok(None)).await {
                    return;
                }
                None
            }
            Err(problem) => {
                if !tell.tell(Err(problem)).await {
                    return;
                }
                None
            }
        };
        if let Some(version) = version {
            let url = format!(
                "{collection}?watch=true&allowWatchBookmarks=true&fieldSelector=metadata.name%3D{}&resourceVersion={version}",
                object.name
            );
            if !follow(&connection, &url, &asked, &tell).await {
                return;
            }
        }
        tokio::time::sleep(PAUSE).await;
    }
}

struct Teller {
    object: ObjectRef,
    out: Sender<Msg>,
}

impl Teller {
    /// `false` when nobody listens any more.
    async fn tell(&self, seen: Seen) -> bool {
        self.out.send(Msg::Object(self.object.clone(), seen)).await.is_ok()
    }
}

/// Reports the events of one watch; `false` when nobody listens any more.
async fn follow(connection: &Connection, url: &str, asked: &Asked, tell: &Teller) -> bool {
    let Ok(mut answer) = connection.stream(url, "application/json", Class::Watch, asked).await else { return true };
    let mut framer = Framer::new(Encoding::Json, Answer::Watch);
    while let Ok(Ok(Some(chunk))) = tokio::time::timeout(SILENCE, answer.chunk()).await {
        let mut seen = Vec::new();
        let read = framer.feed(&chunk, &mut |piece: Piece<'_>| {
            if let Piece::Event { kind, object } = piece {
                let gone = kind == EventKind::Deleted;
                seen.push(if gone { None } else { serde_json::from_slice::<Value>(object).ok().map(Arc::new) });
            }
            Ok(())
        });
        for state in seen {
            if !tell.tell(Ok(state)).await {
                return false;
            }
        }
        if read.is_err() {
            return true;
        }
    }
    true
}
