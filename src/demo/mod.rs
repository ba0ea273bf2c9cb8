//! The simulated cluster: an API server in memory with a living cluster behind it.
//!
//! It is a room of its own and knows nothing of the rest of the crate: clients reach it as they reach any cluster,
//! over HTTP, in process ([`Cluster::connect`]) or on loopback ([`serve`]).
//!
//! - `store`, `entry`, `selector`: what etcd and the watch cache are; `kinds`: the one table of what is served;
//!   `defaults`: what it adds to what it is given;
//! - `http`, `table`, `proto`, `status`, `auth`: the server's face; `faults`: what may go wrong on the way;
//! - `remote`: sessions with containers, whatever carries them; `shell`: what is inside a container;
//! - `world`: store, time and dice behind one lock; `life`: what happens by itself; `story`, `big`: how it begins.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use tokio::io::DuplexStream;
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::sync::Notify;

mod auth;
mod big;
mod clock;
mod defaults;
mod entry;
mod faults;
mod http;
mod kinds;
mod life;
mod logs;
mod managed;
mod newer;
mod object;
mod proto;
mod remote;
mod rng;
mod selector;
mod shell;
mod status;
mod store;
mod story;
mod table;
mod usage;
mod world;

#[cfg(test)]
mod tests;

pub use faults::Faults;

use clock::{Clock, Millis};
use world::World;

/// The size of the pipe of an in-process connection.
const PIPE: usize = 256 * 1024;
/// Versions begin here: ten digits, so that stamped pods can be written in place.
const FIRST_RV: u64 = 1_000_000_000;

/// What the cluster is to be.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// How many nodes; `None` with no pods is the story.
    pub nodes: Option<u32>,
    /// How many generated pods; `None` is the story.
    pub pods: Option<u32>,
    /// Equal seeds make equal clusters.
    pub seed: u64,
    /// How fast the demo's time goes.
    pub speed: f64,
    /// Changes a second, among the generated pods or in the story.
    pub churn: f64,
    /// The faults to begin with.
    pub faults: Faults,
    /// The demo's time at the start; the wall clock's when `None`.
    pub epoch: Option<jiff::Timestamp>,
}

impl Default for Options {
    fn default() -> Self {
        Self { nodes: None, pods: None, seed: 1, speed: 1.0, churn: 0.0, faults: Faults::default(), epoch: None }
    }
}

/// What all connections share.
#[derive(Debug)]
pub(crate) struct Shared {
    /// Set when the beginning has been told.
    world: OnceLock<Mutex<World>>,
    faults: Mutex<Faults>,
    clock: Clock,
    disks: shell::tree::Disks,
    /// Rung when the agenda may have something earlier than before.
    wake: Notify,
}

impl Shared {
    /// The world, for a moment: never held across an await.
    pub(crate) fn lock(&self) -> MutexGuard<'_, World> {
        self.world.wait().lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn faults(&self) -> Faults {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn now(&self) -> Millis {
        self.clock.now()
    }

    /// Lets the clock look at the agenda again.
    pub(crate) fn wake(&self) {
        self.wake.notify_one();
    }
}

/// A running cluster; clones are handles to the same one. It stops when the runtime does or the last handle and
/// connection are gone.
#[derive(Debug, Clone)]
pub struct Cluster {
    shared: Arc<Shared>,
}

impl Cluster {
    /// Builds the cluster and starts its clock. Call it inside a tokio runtime.
    #[must_use]
    pub fn start(options: &Options) -> Self {
        let made = Self::empty(options);
        made.fill(options);
        tokio::spawn(life::run(Arc::downgrade(&made.shared)));
        made
    }

    /// The same, built on a thread beside the caller: whoever connects meanwhile waits for it.
    #[must_use]
    pub fn begin(options: Options) -> Self {
        let made = Self::empty(&options);
        let (filled, runtime) = (made.clone(), Handle::current());
        runtime.clone().spawn_blocking(move || {
            filled.fill(&options);
            runtime.spawn(life::run(Arc::downgrade(&filled.shared)));
        });
        made
    }

    fn empty(options: &Options) -> Self {
        let shared = Arc::new(Shared {
            world: OnceLock::new(),
            faults: Mutex::new(options.faults.clone()),
            clock: Clock::new(options.epoch, options.speed),
            disks: shell::tree::Disks::default(),
            wake: Notify::new(),
        });
        Self { shared }
    }

    fn fill(&self, options: &Options) {
        let world = match options.pods {
            None => story::tell(self.shared.clock, options),
            Some(_) => big::build(self.shared.clock, options),
        };
        let _ = self.shared.world.set(Mutex::new(world));
    }

    /// A connection in this process: an HTTP/1.1 server (with upgrades) serves its other half.
    #[must_use]
    pub fn connect(&self) -> DuplexStream {
        let (ours, theirs) = tokio::io::duplex(PIPE);
        let shared = self.shared.clone();
        tokio::spawn(async move {
            if shared.world.get().is_none() {
                let waiting = shared.clone();
                let _ = tokio::task::spawn_blocking(move || _ = waiting.world.wait()).await;
            }
            http::server::connection(shared, ours).await;
        });
        theirs
    }

    /// Switches faults for every answer from now on.
    pub fn set_faults(&self, faults: Faults) {
        *self.shared.faults.lock().unwrap_or_else(PoisonError::into_inner) = faults;
    }

    /// The faults that are on.
    #[must_use]
    pub fn faults(&self) -> Faults {
        self.shared.faults()
    }
}

/// Serves the cluster to other programs, on loopback only.
///
/// # Errors
/// When the listener is bound to anything but a loopback address, or fails for good.
pub async fn serve(cluster: Cluster, listener: TcpListener) -> std::io::Result<()> {
    if !listener.local_addr()?.ip().is_loopback() {
        let why = "the simulated cluster is served on loopback addresses only";
        return Err(std::io::Error::new(std::io::ErrorKind::InvalidInput, why));
    }
    loop {
        let (stream, _) = listener.accept().await?;
        // A list is many small parts; without this the last ones wait for an acknowledgement.
        let _ = stream.set_nodelay(true);
        tokio::spawn(http::server::connection(cluster.shared.clone(), stream));
    }
}

/// A kubeconfig with a context for the full user and one for the limited user.
#[must_use]
pub fn kubeconfig(server_url: &str) -> String {
    let (admin, viewer) = (auth::ADMIN_TOKEN, auth::VIEWER_TOKEN);
    let server = if server_url.is_empty() { format!("http://{}", Ipv4Addr::LOCALHOST) } else { server_url.to_owned() };
    format!(
        "apiVersion: v1
kind: Config
current-context: demo
clusters:
- name: demo
  cluster:
    server: {server}
contexts:
- name: demo
  context: {{cluster: demo, user: demo-admin, namespace: shop}}
- name: demo-limited
  context: {{cluster: demo, user: demo-viewer, namespace: shop}}
users:
- name: demo-admin
  user: {{token: {admin}}}
- name: demo-viewer
  user: {{token: {viewer}}}
"
    )
}
