//! Logs: a task for each container, each resuming exactly where it was cut.
//!
//! `selected` asks an object for its selector; `pods` finds the pods and their containers and follows
//! what becomes of them; `status` says what a log reader needs to know of a container; `run` starts a
//! stream for each and numbers them; `tail` reads one container through restarts and cuts, `older` what
//! was before its first line, `doubt` looks up which run a line may be of; `answer` reads one answer of
//! the server; `resume` drops what was read before and notices what is missing, `leap` what a server far
//! behind has passed over; `gate` opens streams at a rate that a server takes; `node` reads what a
//! node's services log; `events` reads what the cluster tells of the pods.
//!
//! Nothing is ever dropped between a container and the reader: whoever cannot hand its lines over
//! stops reading its socket.

mod answer;
mod doubt;
mod events;
mod gate;
mod leap;
mod node;
mod older;
mod pods;
mod request;
mod resume;
mod run;
mod selected;
mod status;
mod tail;
#[cfg(test)]
mod tests;

use super::connect::{Class, Connection};
use crate::core::logs::event::{LogEvent, LogOrder};
use crate::core::logs::source::{What, Wish};
use tokio::sync::mpsc::{Receiver, Sender};
use tokio::task::{JoinError, JoinSet};

/// Log answers begin quickly and may be silent for hours.
const CLASS: Class = Class::Watch;

/// Reads what a wish names into a slot until the slot is closed. `orders` asks for more on the way;
/// `clock` gives Unix milliseconds.
pub async fn run(
    connection: Connection,
    wish: Wish,
    out: Sender<LogEvent>,
    orders: &mut Receiver<LogOrder>,
    clock: fn() -> i64,
) {
    match &wish.what {
        What::Pods(pods, containers) => {
            let (pods, containers) = (pods.clone(), containers.clone());
            run::pods(connection, &wish, pods, containers, out, orders, clock).await;
        }
        What::Of(kind, namespace, name, containers) => {
            let Some(pods) = selected::pods(&connection, kind, namespace, name, &out).await else { return };
            run::pods(connection, &wish, pods, containers.clone(), out, orders, clock).await;
        }
        What::Node(name, query) => node::run(connection, &wish, name, query, out, clock).await,
    }
}

/// Waits for the tasks of a reading. A panic in one is a panic of the reading, whose keeper tells of
/// it and starts it again.
async fn join_all(mut tasks: JoinSet<()>) {
    while let Some(done) = tasks.join_next().await {
        pass_on(done);
    }
}

fn pass_on(done: Result<(), JoinError>) {
    if let Some(panic) = done.err().and_then(|e| e.try_into_panic().ok()) {
        std::panic::resume_unwind(panic);
    }
}
