//! A session in a pane: what is typed goes in, what is said comes out in batches, each way by itself.

use super::attached;
use super::open::open;
use super::request::{Request, Task as Asked};
use super::streams::{In, Out};
use crate::cluster::{Connection, fetch};
use crate::core::facts::{Container, Meta, text};
use crate::core::kind::ObjectRef;
use crate::core::problem::Problem;
use crate::core::shell::{Ending, ShellEvent, ShellOrder, Task, Wish};
use bytes::Bytes;
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio::time::{Duration, sleep, timeout};

/// What is held back at most while nobody takes it; then the socket is read no further.
const HELD: usize = 64 * 1024;
/// How often and how far apart a pod is asked what has become of it.
const LOOKS: u32 = 4;
const APART: Duration = Duration::from_millis(700);
const PATIENCE: Duration = Duration::from_secs(3);

/// Runs a session to its end. Whoever does not take its events holds the program up; whatever is typed
/// gets through all the same.
pub async fn run(
    connection: Connection,
    wish: Wish,
    out: mpsc::Sender<ShellEvent>,
    orders: mpsc::UnboundedReceiver<ShellOrder>,
) {
    let mut ending = session(&connection, &wish, &out, orders).await;
    if wish.task == Task::Attach {
        ending = attached::told(&connection, &wish, &out, ending).await;
    }
    let note = explained(&connection, &wish.pod, &wish.container, &ending).await;
    // The pane may be gone.
    let _ = out.send(ShellEvent::Ended(ending, note)).await;
}

async fn session(
    connection: &Connection,
    wish: &Wish,
    out: &mpsc::Sender<ShellEvent>,
    orders: mpsc::UnboundedReceiver<ShellOrder>,
) -> Ending {
    let task = match &wish.task {
        Task::Exec(words) => Asked::Exec(words.clone()),
        Task::Attach => Asked::Attach,
    };
    let (pod, container) = (wish.pod.clone(), wish.container.clone());
    let request = Request { pod, container, task, stdin: wish.stdin, tty: wish.tty, closes: false };
    let mut streams = match open(connection, &request).await {
        Ok(streams) => streams,
        Err(problem) => return Ending::Refused(problem),
    };
    if out.send(ShellEvent::Opened(streams.carrier)).await.is_err() {
        return Ending::Lost("left".into());
    }
    let typing = typing(streams.input.clone(), orders, wish.task == Task::Attach);
    tokio::pin!(typing);
    let (mut held, mut ended) = (Vec::new(), None);
    loop {
        if let Some(ending) = ended.take_if(|_| held.is_empty()) {
            return ending;
        }
        tokio::select! {
            permit = out.reserve(), if !held.is_empty() => match permit {
                Ok(permit) => permit.send(ShellEvent::Said(std::mem::take(&mut held))),
                Err(_) => return Ending::Lost("left".into()),
            },
            next = streams.output.recv(), if ended.is_none() && held.len() < HELD => match next {
                Some(Out::Said(data) | Out::Error(data)) => hold(&mut held, &data, wish.tty),
                Some(Out::Ended(ending)) => ended = Some(ending),
                None => ended = Some(Ending::Lost("the session broke off".into())),
            },
            () = &mut typing => {}
        }
    }
}

/// Without a terminal on the other side lines end in a line feed alone.
pub(super) fn hold(held: &mut Vec<u8>, data: &Bytes, tty: bool) {
    if tty {
        return held.extend_from_slice(data);
    }
    for byte in data {
        if *byte == b'\n' {
            held.push(b'\r');
        }
        held.push(*byte);
    }
}

/// Never ends by itself: what it waits for ends with the session.
async fn typing(to: mpsc::Sender<In>, mut orders: mpsc::UnboundedReceiver<ShellOrder>, redraw: bool) {
    let mut first = redraw;
    while let Some(order) = orders.recv().await {
        let next = match order {
            ShellOrder::Type(bytes) => In::Data(bytes.into()),
            ShellOrder::Size(width, height) => {
                // Another size first makes a program that runs already draw itself anew.
                if std::mem::take(&mut first) && to.send(In::Size(width + 1, height + 1)).await.is_err() {
                    break;
                }
                In::Size(width, height)
            }
        };
        if to.send(next).await.is_err() {
            break;
        }
    }
    std::future::pending::<()>().await;
}

/// What has become of the container, where that explains the end.
pub(super) async fn explained(
    connection: &Connection,
    pod: &ObjectRef,
    container: &str,
    ending: &Ending,
) -> Option<Arc<str>> {
    let looks = match ending {
        Ending::Exit(137 | 143) | Ending::Lost(_) => LOOKS,
        // Programs end with all sorts of codes; refusals explain themselves.
        Ending::Exit(_) | Ending::Refused(_) | Ending::Detached => return None,
        Ending::Failed(why) if why.contains("executable file not found") => {
            return Some("the image has no such program; :exec runs another".into());
        }
        Ending::Failed(_) => 1,
    };
    for look in 0..looks {
        if look > 0 {
            sleep(APART).await;
        }
        match timeout(PATIENCE, fetch::object(connection, pod)).await {
            Ok(Ok(answer)) => {
                if let Some(note) = became(&answer.body, pod, container) {
                    return Some(note.into());
                }
            }
            Ok(Err(Problem::NotFound(_))) => return Some("the pod is gone".into()),
            Ok(Err(_)) | Err(_) => {}
        }
    }
    None
}

fn became(pod: &serde_json::Value, was: &ObjectRef, container: &str) -> Option<String> {
    let meta = Meta::of(pod);
    if was.uid.is_some_and(|uid| uid != meta.id()) {
        return Some("the pod is gone, and another has its name".into());
    }
    if meta.deletion.is_some() {
        return Some("the pod is being deleted".into());
    }
    let status = &pod["status"];
    if text(&status["phase"]) == "Failed" && !text(&status["reason"]).is_empty() {
        return Some(format!("the pod has failed: {}", text(&status["reason"])));
    }
    let container = Container::all(pod).into_iter().find(|c| c.name == container)?;
    container.still().map(|why| format!("container {} {why}", container.name))
}
