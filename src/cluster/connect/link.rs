//! The transport under a connection: kube's client over our connector, built when first needed
//! and again when a plugin issues another certificate.

use super::dial::{self, Dial, Pipe, Proxy};
use super::tls::{self, Identity};
use crate::cluster::kubeconfig::{Material, Target};
use crate::cluster::problem;
use crate::core::problem::Problem;
use hyper_util::client::legacy::Client as Http;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use kube::client::{Body, ConfigExt as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::sync::Mutex;
use tokio::time::Instant;
use tower::{BoxError, ServiceBuilder, ServiceExt as _};

/// How the server is reached.
pub(super) enum Way {
    /// Over the network.
    Network(Arc<Route>),
    /// Through pipes of this process.
    Local(Pipe),
}

/// A way over the network.
pub(super) struct Route {
    pub target: Target,
    pub base: http::Uri,
    pub proxy: Option<Proxy>,
}

/// A client that is built lazily.
pub(super) struct Link {
    way: Way,
    built: Mutex<Option<Built>>,
}

/// A client and what it was made of.
struct Built {
    identity: Option<Identity>,
    files: Stamps,
    looked: Instant,
    client: kube::Client,
}

/// How often certificate files are looked at: issuers replace them while we run.
const LOOK: Duration = Duration::from_secs(5);

impl Link {
    pub fn new(way: Way) -> Self {
        Self { way, built: Mutex::new(None) }
    }

    /// The client for an identity a plugin issued, or for the kubeconfig's own, whose files
    /// are read again once they have changed. While they are being replaced the client made
    /// of the old ones is as good as any.
    pub async fn client(&self, identity: Option<&Identity>) -> Result<kube::Client, Problem> {
        let mut built = self.built.lock().await;
        if let Some(old) = built.as_mut().filter(|b| b.identity.as_ref() == identity) {
            if old.looked.elapsed() < LOOK {
                return Ok(old.client.clone());
            }
            old.looked = Instant::now();
            if old.files == self.stamps().await {
                return Ok(old.client.clone());
            }
        } else {
            *built = None;
        }
        // Before they are read: what changes meanwhile is found the next time.
        let files = self.stamps().await;
        match self.make(identity).await {
            Ok(client) => {
                let now = Instant::now();
                *built = Some(Built { identity: identity.cloned(), files, looked: now, client: client.clone() });
                Ok(client)
            }
            Err(problem) => built.as_ref().map(|old| old.client.clone()).ok_or(problem),
        }
    }

    async fn stamps(&self) -> Stamps {
        match &self.way {
            Way::Local(_) => Stamps::default(),
            Way::Network(route) => {
                let route = route.clone();
                tokio::task::spawn_blocking(move || Stamps::of(&route.target)).await.unwrap_or_default()
            }
        }
    }

    async fn make(&self, identity: Option<&Identity>) -> Result<kube::Client, Problem> {
        match &self.way {
            Way::Local(make) => {
                let base = kube::Config::new(http::Uri::from_static("http://in-process"));
                client(&base, dial::local(make.clone()))
            }
            Way::Network(route) => {
                let (route, identity) = (route.clone(), identity.cloned());
                // Certificates and the system's trust store are files.
                let done = tokio::task::spawn_blocking(move || network(&route, identity.as_ref())).await;
                let (config, dial) = done.map_err(|_| Problem::Config("setting up TLS failed".into()))??;
                client(&config, dial)
            }
        }
    }
}

/// What a folder says of each file that a client is made of; equal as long as no file is another.
#[derive(Debug, Default, PartialEq, Eq)]
struct Stamps(Vec<Option<(u64, SystemTime)>>);

impl Stamps {
    fn of(target: &Target) -> Self {
        let materials = [&target.cluster.ca, &target.user.certificate, &target.user.key];
        let files = materials.into_iter().flatten().filter_map(|m| match m {
            Material::File(path) => Some(path),
            Material::Inline(_) => None,
        });
        // Through links: rotated secrets are links that point elsewhere.
        let stamp = |path: &PathBuf| std::fs::metadata(path).and_then(|m| Ok((m.len(), m.modified()?))).ok();
        Self(files.map(stamp).collect())
    }
}

fn network(route: &Route, identity: Option<&Identity>) -> Result<(kube::Config, Dial), Problem> {
    let Route { target, base, proxy } = route;
    let config = tls::config(target, base, identity)?;
    let wrap = |inner: Dial| dial::tls(&config, inner);
    let make = || {
        let inner = dial::network(proxy.as_ref(), &wrap)?;
        // Plain http needs no TLS, and no trust store read for it.
        if base.scheme_str() == Some("http") { Ok(inner) } else { wrap(inner) }
    };
    let dial = make().map_err(|e| problem::from_kube(&e, base.host().unwrap_or_default()))?;
    Ok((config, dial))
}

fn client(config: &kube::Config, dial: Dial) -> Result<kube::Client, Problem> {
    let http: Http<Dial, Body> = Http::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(Duration::from_mins(1))
        .build(dial);
    let auth = config.auth_layer().map_err(|e| problem::from_kube(&e, ""))?;
    let service =
        ServiceBuilder::new().layer(config.base_uri_layer()).option_layer(auth).map_err(BoxError::from).service(http);
    Ok(kube::Client::new(service.boxed(), config.default_namespace.clone()))
}
