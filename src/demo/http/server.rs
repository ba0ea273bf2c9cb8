//! One connection: requests are authenticated, routed, answered; faults lie in between.

use std::convert::Infallible;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, UPGRADE};
use hyper::service::service_fn;
use hyper::upgrade::OnUpgrade;
use hyper::{HeaderMap, Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};

use super::super::Shared;
use super::super::auth::{Deed, User};
use super::super::kinds::KINDS;
use super::super::remote::SESSIONS;
use super::super::status::{Outcome, Problem};
use super::answer::{self, Answer};
use super::query::Query;
use super::route::{Route, Target, route};
use super::{discovery, faulty, list, metrics, read, review, sub, watch, write};

/// The largest request body taken, as the real server's.
const BODY_LIMIT: usize = 3 * 1024 * 1024;

/// A request, read.
#[derive(Debug)]
pub(crate) struct Ask {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query: Query,
    pub(crate) accept: String,
    pub(crate) content_type: String,
    pub(crate) user: User,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// The connection itself, when the client asks for another protocol.
    pub(crate) upgrade: Option<OnUpgrade>,
}

/// Serves one connection until it ends.
pub(crate) async fn connection(shared: Arc<Shared>, io: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
    let service = service_fn(move |request| {
        let shared = shared.clone();
        async move { Ok::<_, Infallible>(serve(&shared, request).await) }
    });
    let mut http = hyper::server::conn::http1::Builder::new();
    http.half_close(true);
    // A client that goes away is no news.
    let _ = http.serve_connection(TokioIo::new(io), service).with_upgrades().await;
}

async fn serve(shared: &Arc<Shared>, request: Request<Incoming>) -> Answer {
    let faults = shared.faults();
    if !faults.latency.is_zero() {
        tokio::time::sleep(faults.latency).await;
    }
    if faults.stall {
        std::future::pending::<()>().await;
    }
    let refused = match faults.status {
        Some(code) => Some(Problem::fault(code)),
        None if faults.expired => Some(Problem::unauthorized()),
        None => None,
    };
    let result = match refused {
        Some(problem) => Err(problem),
        None => respond(shared, request).await,
    };
    let response = result.unwrap_or_else(|problem| answer::refusal(&problem));
    // A connection that speaks another protocol now has no body; its session is cut by itself.
    let switched = response.status() == StatusCode::SWITCHING_PROTOCOLS;
    let response = if faults.touch_bodies() && !switched { faulty::pass(response, faults) } else { response };
    answer::date(response, shared.now())
}

async fn respond(shared: &Arc<Shared>, mut request: Request<Incoming>) -> Outcome<Answer> {
    let upgrade = request.headers().contains_key(UPGRADE).then(|| hyper::upgrade::on(&mut request));
    let (parts, body) = request.into_parts();
    let header = |name| parts.headers.get(name).and_then(|v| v.to_str().ok());
    let user = User::of(header(AUTHORIZATION))?;
    // A client may ask with several Accept headers.
    let accept: Vec<&str> = parts.headers.get_all(ACCEPT).iter().filter_map(|v| v.to_str().ok()).collect();
    let (accept, content_type) = (accept.join(","), header(CONTENT_TYPE).unwrap_or("").to_owned());
    let body = Limited::new(body, BODY_LIMIT).collect().await;
    let ask = Ask {
        method: parts.method,
        path: parts.uri.path().to_owned(),
        query: Query::parse(parts.uri.query().unwrap_or("")),
        accept,
        content_type,
        user,
        headers: parts.headers,
        upgrade,
        body: body.map_err(|e| Problem::bad_request(format!("the request's body cannot be read: {e}")))?.to_bytes(),
    };
    dispatch(shared, &ask)
}

fn dispatch(shared: &Arc<Shared>, ask: &Ask) -> Outcome<Answer> {
    match route(&ask.path) {
        Route::Version => Ok(answer::json(200, &discovery::version())),
        Route::Health(which) => Ok(discovery::health(&which, ask.query.get("verbose"))),
        Route::Api => Ok(discovery::api(&ask.accept)),
        Route::Apis => Ok(discovery::apis(&ask.accept)),
        Route::Group(group) => discovery::group(&group),
        Route::Resources(group, version) => discovery::resources(&group, &version),
        Route::Metrics { nodes, namespace, name } => {
            metrics::metrics(shared, ask, nodes, namespace.as_deref(), name.as_deref())
        }
        Route::Review(which) => review::review(ask, &which),
        Route::Object(target) => object(shared, ask, &target),
        Route::Unknown => Ok(answer::text(404, "404 page not found\n")),
    }
}

/// The verb as the authorizer knows it.
fn verb(ask: &Ask, target: &Target) -> Outcome<&'static str> {
    let one = target.name.is_some();
    Ok(match ask.method {
        Method::GET | Method::HEAD if one && !ask.query.flag("watch") => "get",
        Method::GET | Method::HEAD if ask.query.flag("watch") => "watch",
        Method::GET | Method::HEAD => "list",
        Method::POST => "create",
        Method::PUT => "update",
        Method::PATCH => "patch",
        Method::DELETE if one => "delete",
        Method::DELETE => "deletecollection",
        _ => return Err(Problem::not_allowed()),
    })
}

fn object(shared: &Arc<Shared>, ask: &Ask, target: &Target) -> Outcome<Answer> {
    let kind = &KINDS[target.kind];
    let verb = verb(ask, target)?;
    let resource = match &target.sub {
        Some(sub) => format!("{}/{sub}", kind.plural),
        None => kind.plural.to_owned(),
    };
    // A namespace is asked for as something inside itself, so its readers may read it.
    let namespace = target.namespace.as_deref().unwrap_or("");
    let deed = Deed { verb, group: kind.group, resource: &resource, namespace };
    let name = target.name.as_deref().unwrap_or("");
    ask.user.check(kind, name, deed)?;
    // A WebSocket begins with a GET, but to open a session is to create: since 1.35 both are asked for.
    if target.sub.as_deref().is_some_and(|sub| SESSIONS.contains(&sub)) {
        ask.user.check(kind, name, Deed { verb: "create", ..deed })?;
    }
    if let Some(sub) = &target.sub {
        if !kind.subs.iter().any(|(name, _, _)| name == sub) {
            return Err(Problem::not_served());
        }
        return sub::sub(shared, ask, target, verb, sub);
    }
    match verb {
        "list" => list::list(shared, ask, target),
        "watch" => watch::watch(shared, ask, target),
        "get" => read::get(shared, ask, target),
        _ => write::write(shared, ask, target, verb),
    }
}
