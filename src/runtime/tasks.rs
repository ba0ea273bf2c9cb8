//! What runs on the I/O threads for each need. A task only reports; it never decides.

use super::watched::REST;
use crate::cluster::{Connection, discover, logs, object as one, sessions, stream as rows, usage::Poller};
use crate::core::freshness::Freshness;
use crate::core::held::{HeldEvent, Standing, Work};
use crate::core::kind::{ClusterId, ObjectRef, StreamKey};
use crate::core::logs::event::{LogEvent, LogOrder};
use crate::core::logs::source::Wish;
use crate::core::msg::{Msg, News};
use crate::core::problem::Problem;
use crate::core::shell::{self, ShellEvent, ShellOrder};
use crate::core::status::Traffic;
use crate::core::stream::StreamEvent;
use futures_util::FutureExt as _;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::{Receiver, Sender, UnboundedReceiver, UnboundedSender, channel};
use tokio::sync::{Mutex, watch};
use tokio::time::sleep;

/// How often a cluster is asked for a sign of life: its round trip and its clock.
const BEAT: Duration = Duration::from_secs(10);
/// How soon after a failed one.
const BEAT_AFTER_FAILURE: Duration = Duration::from_secs(3);
/// How often the status page is brought up to date.
const SECOND: Duration = Duration::from_secs(1);
/// metrics-server measures no oftener than this.
const USAGE: Duration = Duration::from_secs(15);
/// Kubelets of nodes that come into sight are asked no sooner than this after the last round.
const USAGE_AT_MOST: Duration = Duration::from_secs(3);

/// Discovery, version and user once, then a heartbeat.
pub(super) async fn cluster(connection: Connection, id: ClusterId, out: Sender<Msg>, clock: fn() -> i64) {
    let tell = async |news: News| out.send(Msg::Cluster(id, news)).await.is_ok();
    let (mut kinds, mut user) = (false, false);
    loop {
        let beat = discover::version(&connection).await;
        let failed = beat.is_err();
        let news = match beat {
            Ok(answer) => {
                let skew = answer.date_ms.map(|server| server - clock());
                if !tell(News::Answered(answer.rtt_us, skew)).await {
                    return;
                }
                News::Version(answer.body)
            }
            Err(problem) => News::Failed(problem),
        };
        if !tell(news).await {
            return;
        }
        if !failed && !kinds {
            match discover::discover(&connection).await {
                Ok(found) => {
                    kinds = true;
                    let broken = found.broken.into_iter().map(Into::into).collect();
                    tell(News::Kinds(found.kinds, broken)).await;
                }
                Err(problem) => drop(tell(News::Failed(problem)).await),
            }
        }
        if !failed && !user {
            user = true;
            if let Ok(name) = discover::whoami(&connection).await {
                tell(News::User(name)).await;
            }
        }
        sleep(if failed { BEAT_AFTER_FAILURE } else { BEAT }).await;
    }
}

/// Rows, until nobody takes them any more.
pub(super) async fn stream(connection: Connection, key: StreamKey, out: Sender<StreamEvent>, clock: fn() -> i64) {
    rows::run(connection, key, out, clock).await;
}

/// Tells the readers of a stream that its task has panicked: what they show is from before.
pub(super) async fn fell(out: Sender<StreamEvent>, clock: fn() -> i64) {
    let at = clock() + i64::try_from(REST.as_millis()).unwrap_or(0);
    let why = Problem::Lost("a fault in qd; its log says more".into());
    // Nobody may read it any more.
    let _ = out.send(StreamEvent::Fresh(Freshness::Reconnecting { since: None, at, why })).await;
}

/// Lines, until nobody takes them any more. Orders outlive a reading that panics.
pub(super) async fn log(
    connection: Connection,
    wish: Wish,
    out: Sender<LogEvent>,
    orders: Arc<Mutex<Receiver<LogOrder>>>,
    clock: fn() -> i64,
) {
    logs::run(connection, wish, out, &mut *orders.lock().await, clock).await;
}

/// Lets go of what a reading that panicked has told: the next one begins anew.
pub(super) async fn log_fell(out: Sender<LogEvent>) {
    let why = Problem::Lost("a fault in qd; its log says more".into());
    if out.send(LogEvent::Anew).await.is_ok() {
        // Nobody may read it any more.
        let _ = out.send(LogEvent::Pods(Err(why))).await;
    }
}

/// A program in a container, until it or its pane ends.
pub(super) async fn shell(
    connection: Connection,
    wish: shell::Wish,
    out: Sender<ShellEvent>,
    orders: UnboundedReceiver<ShellOrder>,
) {
    sessions::shell::run(connection, wish, out, orders).await;
}

/// A forward or a copy, until it is over. What it has to tell is little, and nobody waits for it.
pub(super) async fn held(connection: Connection, work: Work, out: UnboundedSender<HeldEvent>) {
    let told = out.clone();
    let tell = move |event| told.send(event).is_ok();
    let run = async {
        match work {
            Work::Forward(wish) => sessions::forward::run(connection, wish, tell).await,
            Work::Copy(wish) => sessions::copy::run(connection, wish, tell).await,
        }
    };
    if AssertUnwindSafe(run).catch_unwind().await.is_err() {
        let _ = out.send(HeldEvent::Stands(Standing::Failed, "a fault in qd; its log says more".into()));
    }
}

/// One object, whole, as it changes.
pub(super) async fn object(connection: Connection, object: ObjectRef, out: Sender<Msg>) {
    one::run(connection, object, out).await;
}

/// Measurements of nodes handed over at a time.
const NODES_AT_A_TIME: usize = 256;

/// Usage of nodes and pods. Where only kubelets tell, those of the nodes in sight are asked, and
/// soon again when other nodes come into sight.
pub(super) async fn usage(
    connection: Connection,
    id: ClusterId,
    namespaces: Vec<Arc<str>>,
    mut sight: watch::Receiver<Vec<Arc<str>>>,
    out: Sender<Msg>,
) {
    let mut poller = Poller::new(connection, namespaces);
    let (parts, mut more) = channel(1);
    loop {
        let nodes = sight.borrow_and_update().clone();
        let report = {
            let round = poller.round(&nodes, &parts);
            tokio::pin!(round);
            loop {
                tokio::select! {
                    // What was read first is told first.
                    biased;
                    Some(samples) = more.recv() => {
                        if out.send(Msg::Cluster(id, News::PodSamples(samples))).await.is_err() {
                            return;
                        }
                    }
                    report = &mut round => break report,
                }
            }
        };
        if let Ok(samples) = more.try_recv() {
            let _ = out.send(Msg::Cluster(id, News::PodSamples(samples))).await;
        }
        let mut rest = report.nodes;
        let mut all = Vec::new();
        // No message makes a turn long: the loop takes as many at a time as it can.
        while let Some(more) = rest.as_mut().ok().filter(|nodes| nodes.len() > NODES_AT_A_TIME) {
            let rest = more.split_off(NODES_AT_A_TIME);
            all.push(News::NodeSamples(std::mem::replace(more, rest)));
        }
        all.extend([News::NodeUsage(rest), News::PodUsage(report.pods)]);
        for news in all {
            if out.send(Msg::Cluster(id, news)).await.is_err() {
                return;
            }
        }
        sleep(USAGE_AT_MOST).await;
        let turned = async {
            while sight.changed().await.is_ok() {
                if poller.asks_kubelets() {
                    return;
                }
            }
            std::future::pending::<()>().await;
        };
        drop(tokio::time::timeout(USAGE.saturating_sub(USAGE_AT_MOST), turned).await);
    }
}

/// What goes over a connection, each second.
pub(super) async fn traffic(connection: Connection, id: ClusterId, out: Sender<Msg>, clock: fn() -> i64) {
    loop {
        let now = connection.traffic();
        let traffic = Traffic { at: clock(), requests: now.requests, bytes: now.bytes };
        if out.send(Msg::Cluster(id, News::Traffic(traffic))).await.is_err() {
            return;
        }
        sleep(SECOND).await;
    }
}

/// The program's memory, each second.
pub(super) async fn vitals(out: Sender<Msg>) {
    while out.send(Msg::Memory(memory())).await.is_ok() {
        sleep(SECOND).await;
    }
}

/// Bytes of this process in memory; `None` where the system does not tell in a file.
fn memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse::<u64>().ok().map(|kib| kib << 10)
}
