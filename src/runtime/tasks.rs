//! What runs on the I/O threads for each need. A task only reports; it never decides.

use super::clock;
use crate::cluster::{Connection, discover, object as one, stream as rows, usage::Poller};
use crate::core::kind::{ClusterId, ObjectRef, StreamKey};
use crate::core::msg::{Msg, News};
use crate::core::stream::StreamEvent;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::Sender;
use tokio::sync::watch;
use tokio::time::sleep;

/// How often a cluster is asked for a sign of life: its round trip and its clock.
const BEAT: Duration = Duration::from_secs(10);
/// How soon after a failed one.
const BEAT_AFTER_FAILURE: Duration = Duration::from_secs(3);
/// metrics-server measures no oftener than this.
const USAGE: Duration = Duration::from_secs(15);
/// Kubelets of nodes that come into sight are asked no sooner than this after the last round.
const USAGE_AT_MOST: Duration = Duration::from_secs(3);

/// Discovery, version and user once, then a heartbeat.
pub(super) async fn cluster(connection: Connection, id: ClusterId, out: Sender<Msg>) {
    let tell = async |news: News| out.send(Msg::Cluster(id, news)).await.is_ok();
    let (mut kinds, mut user) = (false, false);
    loop {
        let beat = discover::version(&connection).await;
        let failed = beat.is_err();
        let news = match beat {
            Ok(answer) => {
                let skew = answer.date_ms.map(|server| server - clock::now());
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
pub(super) async fn stream(connection: Connection, key: StreamKey, out: Sender<StreamEvent>) {
    rows::run(connection, key, out, clock::now).await;
}

/// One object, whole, as it changes.
pub(super) async fn object(connection: Connection, object: ObjectRef, out: Sender<Msg>) {
    one::run(connection, object, out).await;
}

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
    loop {
        let nodes = sight.borrow_and_update().clone();
        let report = poller.round(&nodes).await;
        for news in [News::NodeUsage(report.nodes), News::PodUsage(report.pods)] {
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
