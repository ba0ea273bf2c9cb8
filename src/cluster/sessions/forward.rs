//! Forwarded ports. One listener for all the time; below it a connection to a pod, to another one when that is
//! gone (`guide`, which hears of pods by `follow` and chooses by `target`). A connection that a pod has refused is tried
//! again with another; its bytes so far are kept for that (`carry`).

mod carry;
mod follow;
mod guide;
mod target;

use super::open::{falls_back, socket_upgrade, spdy_upgrade};
use super::tunnel;
use crate::cluster::Connection;
use crate::cluster::fetch;
use crate::cluster::problem::Asked;
use crate::core::held::forward::Wish;
use crate::core::held::{Counts, HeldEvent, Standing};
use crate::core::problem::Problem;
use crate::wire::spdy::{Client, Gone, Input, Output};
use guide::{Guide, Way};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex as Short, PoisonError};
use target::Target;
use tokio::net::TcpListener;
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio::time::{Duration, Instant, sleep};

/// How often what has passed is told.
const TOLD: Duration = Duration::from_millis(500);
/// How often a pod is looked for while there is none.
const LOOK: Duration = Duration::from_millis(500);
/// How long a new connection waits for a pod before it is given up.
const PATIENCE: Duration = Duration::from_secs(30);

const TUNNEL: &str = "SPDY/3.1+portforward.k8s.io";
const SPDY: &str = "portforward.k8s.io";

/// Runs a forward until it cannot go on. `tell` hears of it.
pub async fn run(connection: Connection, wish: Wish, tell: impl Fn(HeldEvent) -> bool + Send + Sync + 'static) {
    let at = SocketAddr::new(wish.address, wish.local);
    let listener = match TcpListener::bind(at).await {
        Ok(listener) => listener,
        Err(e) => {
            tell(HeldEvent::Stands(Standing::Failed, taken(at, &e).into()));
            return;
        }
    };
    let at = listener.local_addr().unwrap_or(at);
    tell(HeldEvent::At(at.to_string().into()));
    let forward = Arc::new(Forward {
        connection,
        wish,
        guide: Guide::default(),
        counted: Counted::default(),
        tell: Box::new(tell),
        said: Short::default(),
        asked: Mutex::default(),
    });
    let mut carried = JoinSet::new();
    carried.spawn(guide::lead(forward.clone()));
    let mut beat = tokio::time::interval(TOLD);
    let mut told = Counts::default();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((socket, _)) => {
                    // Small requests are not to wait for more.
                    let _ = socket.set_nodelay(true);
                    let forward = forward.clone();
                    carried.spawn(async move { carry::carry(&forward, socket).await });
                }
                // Too many files are open, and the like: it passes.
                Err(_) => sleep(LOOK).await,
            },
            Some(_) = carried.join_next() => {}
            _ = beat.tick() => {
                let now = forward.counted.now();
                if now != told {
                    told = now;
                    if !(forward.tell)(HeldEvent::Passed(now)) {
                        return;
                    }
                }
            }
        }
    }
}

/// Why a port cannot be had.
fn taken(at: SocketAddr, e: &std::io::Error) -> String {
    match e.kind() {
        std::io::ErrorKind::AddrInUse => {
            format!("{at} is taken by another program; choose another port, or :PORT for any")
        }
        std::io::ErrorKind::PermissionDenied => {
            format!("{at} is not ours to listen at: ports below 1024 are the system's; choose one above")
        }
        std::io::ErrorKind::AddrNotAvailable => format!("{} is no address of this machine", at.ip()),
        kind => format!("cannot listen at {at}: {kind}"),
    }
}

/// One forward.
struct Forward {
    connection: Connection,
    wish: Wish,
    guide: Guide,
    counted: Counted,
    tell: Box<dyn Fn(HeldEvent) -> bool + Send + Sync>,
    /// How it stood when it was last told.
    said: Short<Option<(Standing, String)>>,
    /// What was last asked of a pod, when, and what it was.
    asked: Mutex<Option<(String, Instant, bool)>>,
}

/// The streams of one connection.
struct Streams {
    input: Input,
    output: Output,
    errors: Input,
    /// The pod they lead to.
    uid: String,
    /// Whether the connection below them is gone.
    gone: Gone,
    /// What ends with the last of them.
    _way: Arc<Way>,
}

#[derive(Debug, Default)]
struct Counted {
    into: AtomicU64,
    out: AtomicU64,
    open: AtomicU32,
    all: AtomicU32,
}

impl Counted {
    fn now(&self) -> Counts {
        Counts {
            into: self.into.load(Ordering::Relaxed),
            out: self.out.load(Ordering::Relaxed),
            whole: None,
            open: self.open.load(Ordering::Relaxed),
            all: self.all.load(Ordering::Relaxed),
        }
    }
}

impl Forward {
    /// Tells how it stands, once.
    fn stands(&self, standing: Standing, words: String) {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Some((standing, words));
        if *said != now {
            if let Some((standing, words)) = &now {
                (self.tell)(HeldEvent::Stands(*standing, words.as_str().into()));
            }
            *said = now;
        }
    }

    /// Opens the streams of one connection; to another pod than `not`, which has just refused it.
    async fn streams(&self, not: &str) -> Option<Streams> {
        self.guide.streams(not, Instant::now() + PATIENCE).await
    }

    /// Whether that pod is what it would lead to again: then what it refuses it refuses for good. Else it is led to no
    /// more.
    async fn stays(&self, uid: &str) -> bool {
        // Many are refused at once, and one asks.
        let mut asked = self.asked.lock().await;
        if let Some((of, when, stays)) = &*asked
            && of == uid
            && when.elapsed() < LOOK
        {
            return *stays;
        }
        let stays = target::find(&self.connection, &self.wish, "").await.is_ok_and(|t| t.uid == uid);
        *asked = Some((uid.to_owned(), Instant::now(), stays));
        if !stays {
            self.guide.leave(uid);
        }
        stays
    }

    async fn client(&self, target: &Target) -> Result<Client, Problem> {
        let namespace = Some(&target.pod.namespace).filter(|ns| !ns.is_empty());
        let path = format!("{}/portforward", fetch::path(&target.pod.kind, namespace, &target.pod.name)?);
        let ask = Asked {
            verb: "create",
            resource: "pods/portforward".into(),
            namespace: Some(target.pod.namespace.clone()),
        };
        match socket_upgrade(&self.connection, &path, TUNNEL, &ask).await {
            Ok((_, io)) => Ok(Client::new(tunnel::bytes(io).await)),
            Err(refused) if !falls_back(refused.code) => Err(refused.problem),
            Err(_) => {
                let (_, io) = spdy_upgrade(&self.connection, &path, SPDY, &ask).await.map_err(|r| r.problem)?;
                Ok(Client::new(io))
            }
        }
    }
}

#[cfg(test)]
#[cfg(feature = "demo")]
mod tests;
