//! What attaching does not tell. A program's exit code does not come over its streams, and one that has ended before
//! anybody was there has left no more than its log: as kubectl does it, that is shown instead.

use super::shell::hold;
use crate::cluster::connect::{Class, Sending};
use crate::cluster::escape::escape;
use crate::cluster::{Connection, fetch};
use crate::core::facts::{Condition, Container, Meta};
use crate::core::shell::{Ending, ShellEvent, Wish};
use http::Method;
use tokio::sync::mpsc;
use tokio::time::{Duration, sleep, timeout};

/// How often and how far apart it is looked whether the program has ended: the kubelet tells a moment later.
const LOOKS: u32 = 8;
const APART: Duration = Duration::from_millis(250);
const PATIENCE: Duration = Duration::from_secs(3);
/// The most that is shown of a log: lines, and bytes.
const LOG: &str = "tailLines=2000&limitBytes=262144";

/// How a session that was attached has ended, as its container says.
pub(super) async fn told(
    connection: &Connection,
    wish: &Wish,
    out: &mpsc::Sender<ShellEvent>,
    ending: Ending,
) -> Ending {
    match ending {
        Ending::Exit(0) => code(connection, wish, LOOKS).await.map_or(ending, Ending::Exit),
        Ending::Refused(_) | Ending::Failed(_) => match code(connection, wish, 1).await {
            Some(code) => {
                log(connection, wish, out).await;
                Ending::Exit(code)
            }
            None => ending,
        },
        other => other,
    }
}

/// The code of the container's program, once it has ended.
async fn code(connection: &Connection, wish: &Wish, looks: u32) -> Option<i32> {
    for look in 0..looks {
        if look > 0 {
            sleep(APART).await;
        }
        let answer = timeout(PATIENCE, fetch::object(connection, &wish.pod)).await.ok()?.ok()?;
        if wish.pod.uid.is_some_and(|uid| uid != Meta::of(&answer.body).id()) {
            return None;
        }
        let container = Container::all(&answer.body).into_iter().find(|c| c.name == *wish.container)?;
        if let Condition::Ended(_, code) = container.condition {
            return i32::try_from(code).ok();
        }
    }
    None
}

/// Says what the container has said.
async fn log(connection: &Connection, wish: &Wish, out: &mpsc::Sender<ShellEvent>) {
    let namespace = Some(&wish.pod.namespace).filter(|ns| !ns.is_empty());
    let Ok(path) = fetch::path(&wish.pod.kind, namespace, &wish.pod.name) else { return };
    let path = format!("{path}/log?container={}&{LOG}", escape(&wish.container));
    let sending = Sending { method: Method::GET, path: &path, body: None, class: Class::Quick };
    let Ok(whole) = connection.whole(sending).await else { return };
    let (Ok(body), 200) = (whole.body, whole.code) else { return };
    let mut said = Vec::new();
    hold(&mut said, &body, wish.tty);
    if out.send(ShellEvent::Opened("the log")).await.is_ok() {
        // The pane may be gone.
        let _ = out.send(ShellEvent::Said(said)).await;
    }
}
