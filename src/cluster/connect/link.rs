//! The transport under a connection: kube's client over our connector, built when first needed
//! and again when a plugin issues another certificate.

use super::dial::{self, Dial, Pipe, Proxy};
use super::tls::{self, Identity};
use crate::cluster::kubeconfig::Target;
use crate::cluster::problem;
use crate::core::problem::Problem;
use hyper_util::client::legacy::Client as Http;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use kube::client::{Body, ConfigExt as _};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
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
    built: Mutex<Option<(Option<Identity>, kube::Client)>>,
}

impl Link {
    pub fn new(way: Way) -> Self {
        Self { way, built: Mutex::new(None) }
    }

    /// The client for an identity a plugin issued, or for the kubeconfig's own.
    pub async fn client(&self, identity: Option<&Identity>) -> Result<kube::Client, Problem> {
        let mut built = self.built.lock().await;
        if let Some((for_whom, client)) = &*built
            && for_whom.as_ref() == identity
        {
            return Ok(client.clone());
        }
        let client = match &self.way {
            Way::Local(make) => {
                let base = kube::Config::new(http::Uri::from_static("http://in-process"));
                client(&base, dial::local(make.clone()))?
            }
            Way::Network(route) => {
                let (route, identity) = (route.clone(), identity.cloned());
                // Certificates and the system's trust store are files.
                let done = tokio::task::spawn_blocking(move || network(&route, identity.as_ref())).await;
                let (config, dial) = done.map_err(|_| Problem::Config("setting up TLS failed".into()))??;
                client(&config, dial)?
            }
        };
        *built = Some((identity.cloned(), client.clone()));
        Ok(client)
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
