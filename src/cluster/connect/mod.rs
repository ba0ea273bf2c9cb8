//! Connections. A [`Connection`] is cheap to clone and does nothing until it is asked; then it
//! reads certificates, gets credentials and dials, all off the callers' way. kube's client is
//! the transport; this room's own are the connector (`dial`), proxies (`proxy`), credentials
//! (`auth`, `plugin`), timeouts and counters, because kube's lack what a console needs:
//! keep-alive, coalesced plugins that stay off the terminal, no hidden retries.

mod answer;
mod auth;
mod dial;
mod lender;
mod link;
mod overrides;
mod part;
mod plugin;
mod proxy;
#[cfg(test)]
mod tests;
mod tls;
mod upgrade;
mod whole;

pub use answer::{Answer, Stream};
pub use lender::{Lease, Lender, Lending};
pub use overrides::Overrides;
pub use part::{Part, Span};
pub use upgrade::{Raw, Refused, Upgrade};
pub use whole::{Sending, Whole};

use super::env::Env;
use super::guard::Guard;
use super::kubeconfig::{Contexts, Target};
use super::problem::{self, Asked};
use crate::core::problem::Problem;
use answer::Sent;
use auth::Auth;
use http::{HeaderMap, HeaderValue, Method, Request, Response, header};
use kube::client::Body;
use link::{Link, Route, Way};
use part::Wants;
use serde_json::Value;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::io::DuplexStream;
use tokio::time::Instant;

/// How patient a request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// One object or a small answer: 15 s to the first byte.
    Quick,
    /// A list, which a busy server may take its time over: 60 s to the first byte.
    List,
    /// A change: 60 s, as long as API servers give themselves.
    Change,
    /// A watch that begins with the list: as patient as with a list.
    WatchList,
    /// A watch: 30 s to the answer's head; how long its body may be silent is the stream's matter.
    Watch,
}

/// What a connection has sent and received.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Traffic {
    /// Requests sent.
    pub requests: u64,
    /// Bytes of answers received, headers aside.
    pub bytes: u64,
}

/// A connection to one API server as one user.
#[derive(Clone)]
pub struct Connection {
    inner: Arc<Inner>,
}

struct Inner {
    context: Arc<str>,
    namespace: Option<Arc<str>>,
    server: Arc<str>,
    auth: Auth,
    headers: HeaderMap,
    link: Link,
    guard: Guard,
    /// Whether answers may be asked for in gzip.
    packed: bool,
    patience: Option<Duration>,
    requests: AtomicU64,
    bytes: Arc<AtomicU64>,
}

const USER_AGENT: &str = concat!("quarterdeck/", env!("CARGO_PKG_VERSION"));
/// The most an answer that is read whole may hold.
const MOST: usize = 64 << 20;

impl Connection {
    /// A connection to a context. Nothing is sent yet.
    ///
    /// # Errors
    /// [`Problem::Config`] when the kubeconfig, the flags or the environment do not say how.
    pub fn open(contexts: &Contexts, context: &str, over: &Overrides, env: &Env) -> Result<Self, Problem> {
        let target = match contexts.target(context) {
            Ok(target) => target,
            // `--server` alone is enough where there is no kubeconfig.
            Err(_) if over.server.is_some() && contexts.list.is_empty() => Target::default(),
            Err(problem) => return Err(problem),
        };
        Self::to(target, over, env)
    }

    fn to(mut target: Target, over: &Overrides, env: &Env) -> Result<Self, Problem> {
        over.apply(&mut target);
        let base = overrides::address(&target)?;
        let proxy = proxy::choose(target.cluster.proxy_url.as_deref(), &base, env)?;
        let headers = overrides::impersonation(&target.user)?;
        let auth = Auth::new(&target, &over.lending)?;
        let server: Arc<str> = overrides::short(&base).into();
        Ok(Self::with(
            &target,
            server,
            auth,
            headers,
            Link::new(Way::Network(Arc::new(Route { target: target.clone(), base, proxy }))),
            over,
        ))
    }

    /// A connection to a server in this process: `make` opens a pipe to it and keeps the other end.
    pub fn in_process(name: &str, over: &Overrides, make: impl Fn() -> DuplexStream + Send + Sync + 'static) -> Self {
        let mut target = Target { context: name.into(), ..Target::default() };
        over.apply(&mut target);
        // The names are well-formed or left out: a demo has no user to impersonate.
        let headers = overrides::impersonation(&target.user).unwrap_or_default();
        let auth = Auth::Fixed(Arc::default());
        Self::with(&target, name.into(), auth, headers, Link::new(Way::Local(Arc::new(make))), over)
    }

    /// The same for somebody with a token.
    #[cfg(test)]
    pub(crate) fn in_process_as(token: &str, make: impl Fn() -> DuplexStream + Send + Sync + 'static) -> Self {
        let header = HeaderValue::from_str(&format!("Bearer {token}")).ok();
        let auth = Auth::Fixed(Arc::new(auth::Credential { header, ..auth::Credential::default() }));
        let target = Target { context: token.into(), ..Target::default() };
        let link = Link::new(Way::Local(Arc::new(make)));
        Self::with(&target, token.into(), auth, HeaderMap::new(), link, &Overrides::default())
    }

    fn with(target: &Target, server: Arc<str>, auth: Auth, headers: HeaderMap, link: Link, over: &Overrides) -> Self {
        Self {
            inner: Arc::new(Inner {
                context: target.context.clone(),
                namespace: target.namespace.clone(),
                server,
                auth,
                headers,
                link,
                guard: over.guard,
                packed: overrides::worth_packing(target),
                patience: over.request_timeout,
                requests: AtomicU64::new(0),
                bytes: Arc::default(),
            }),
        }
    }

    /// The context it was opened for.
    #[must_use]
    pub fn context(&self) -> &Arc<str> {
        &self.inner.context
    }

    /// The namespace of the context or of the flags, if one was named.
    #[must_use]
    pub fn namespace(&self) -> Option<&Arc<str>> {
        self.inner.namespace.as_ref()
    }

    /// The server as problems name it: host and port.
    #[must_use]
    pub fn server(&self) -> &Arc<str> {
        &self.inner.server
    }

    /// What was sent and received so far.
    #[must_use]
    pub fn traffic(&self) -> Traffic {
        Traffic {
            requests: self.inner.requests.load(Ordering::Relaxed),
            bytes: self.inner.bytes.load(Ordering::Relaxed),
        }
    }

    /// Logs in anew with the next request, asking the user if need be.
    pub async fn login(&self) {
        if let Auth::Plugin(plugin) = &self.inner.auth {
            plugin.login().await;
        }
    }

    /// GETs a JSON document whole.
    ///
    /// # Errors
    /// Whatever keeps it from being had, as a [`Problem`].
    pub async fn get_json(&self, path: &str, ask: &Asked) -> Result<Answer<Value>, Problem> {
        self.get_json_as(path, "application/json", Class::Quick, ask).await
    }

    /// GETs a JSON document in a form that `accept` asks for.
    ///
    /// # Errors
    /// See [`Self::get_json`].
    pub async fn get_json_as(
        &self,
        path: &str,
        accept: &str,
        class: Class,
        ask: &Asked,
    ) -> Result<Answer<Value>, Problem> {
        let stream = self.send(Method::GET, path, accept, None, class, ask).await?;
        stream.json(ask, self.patience(class)).await
    }

    /// POSTs a JSON document and reads the answer.
    ///
    /// # Errors
    /// See [`Self::get_json`].
    pub async fn post_json(&self, path: &str, body: &Value, ask: &Asked) -> Result<Answer<Value>, Problem> {
        let stream = self.send(Method::POST, path, "application/json", Some(body), Class::Quick, ask).await?;
        stream.json(ask, self.patience(Class::Quick)).await
    }

    /// GETs text, at most `limit` bytes of it; what is beyond is not read.
    ///
    /// # Errors
    /// See [`Self::get_json`].
    pub async fn get_text(
        &self,
        path: &str,
        limit: usize,
        class: Class,
        ask: &Asked,
    ) -> Result<Answer<String>, Problem> {
        let stream = self.send(Method::GET, path, "*/*", None, class, ask).await?;
        stream.text(limit, self.patience(class)).await
    }

    /// GETs a body to read piece by piece.
    ///
    /// # Errors
    /// See [`Self::get_json`].
    pub async fn stream(&self, path: &str, accept: &str, class: Class, ask: &Asked) -> Result<Stream, Problem> {
        self.send(Method::GET, path, accept, None, class, ask).await
    }

    fn patience(&self, class: Class) -> Duration {
        let usual = Duration::from_secs(match class {
            Class::Quick => 15,
            Class::List | Class::WatchList | Class::Change => 60,
            Class::Watch => return Duration::from_secs(30),
        });
        self.inner.patience.unwrap_or(usual)
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        accept: &str,
        body: Option<&Value>,
        class: Class,
        ask: &Asked,
    ) -> Result<Stream, Problem> {
        let wants = Wants { accept, range: None };
        let sent = self.sent(method, path, wants, body.map(|b| ("application/json", b)), class).await?;
        sent.accepted(ask, self.inner.bytes.clone(), self.inner.server.clone()).await
    }

    async fn sent(
        &self,
        method: Method,
        path: &str,
        wants: Wants<'_>,
        body: Option<(&str, &Value)>,
        class: Class,
    ) -> Result<Sent, Problem> {
        self.sent_more(method, path, wants, body, class, &HeaderMap::new()).await
    }

    /// Sends a request with these headers besides its own, with new credentials if the first were
    /// refused. The guard stands here.
    async fn sent_more(
        &self,
        method: Method,
        path: &str,
        wants: Wants<'_>,
        body: Option<(&str, &Value)>,
        class: Class,
        more: &HeaderMap,
    ) -> Result<Sent, Problem> {
        self.inner.guard.check(&method, path, body.map(|(_, b)| b))?;
        let mut tried = false;
        loop {
            let credential = self.inner.auth.current().await?;
            let client = self.inner.link.client(credential.identity.as_ref()).await?;
            let mut request = self.request(&method, path, wants, class, body)?;
            request.headers_mut().extend(more.clone());
            if let Some(value) = &credential.header {
                request.headers_mut().insert(header::AUTHORIZATION, value.clone());
            }
            let sent = self.exchange(&client, request, class).await?;
            // The server was asked and did nothing, so asking again with new credentials is safe.
            if sent.response.status() == 401 && !tried && self.inner.auth.renew(credential.serial).await? {
                tried = true;
                continue;
            }
            return Ok(sent);
        }
    }

    fn request(
        &self,
        method: &Method,
        path: &str,
        wants: Wants<'_>,
        class: Class,
        body: Option<(&str, &Value)>,
    ) -> Result<Request<Body>, Problem> {
        // What is read whole may come packed where it has a way to go; the pieces of a watch must come at once.
        let packed = self.inner.packed && matches!(class, Class::Quick | Class::List);
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::ACCEPT, wants.accept)
            .header(header::ACCEPT_ENCODING, if packed { "gzip" } else { "identity" })
            .header(header::USER_AGENT, HeaderValue::from_static(USER_AGENT));
        if let Some(headers) = request.headers_mut() {
            headers.extend(self.inner.headers.clone());
        }
        if let Some(range) = wants.range {
            request = request.header(header::RANGE, range);
        }
        let body = match body {
            Some((form, value)) => {
                request = request.header(header::CONTENT_TYPE, form);
                Body::from(value.to_string().into_bytes())
            }
            None => Body::empty(),
        };
        request.body(body).map_err(|_| Problem::Invalid(format!("{path} is no path that can be asked for").into()))
    }

    async fn exchange(&self, client: &kube::Client, request: Request<Body>, class: Class) -> Result<Sent, Problem> {
        self.inner.requests.fetch_add(1, Ordering::Relaxed);
        let start = Instant::now();
        let patience = self.patience(class);
        let response: Response<Body> = match tokio::time::timeout(patience, client.send(request)).await {
            Ok(Ok(response)) => response,
            Ok(Err(e)) => return Err(problem::from_kube(&e, &self.inner.server)),
            Err(_) => {
                let why = format!("{} did not answer within {} s", self.inner.server, patience.as_secs());
                return Err(Problem::Timeout(why.into()));
            }
        };
        Ok(Sent { response, rtt_us: u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX) })
    }
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connection")
            .field("context", self.context())
            .field("server", self.server())
            .finish_non_exhaustive()
    }
}
