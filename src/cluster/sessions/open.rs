//! Agreeing on a carrier.

use super::request::Request;
use super::streams::Streams;
use super::{socket, spdy};
use crate::cluster::Connection;
use crate::cluster::connect::{Refused, Upgrade};
use crate::core::problem::Problem;
use crate::wire::channel::Protocol;
use http::{HeaderName, HeaderValue, Method, header};
use tokio_tungstenite::tungstenite::handshake::client::generate_key;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

/// Names the protocols SPDY streams are to speak, and the one that was chosen.
pub(super) const STREAM_VERSION: HeaderName = HeaderName::from_static("x-stream-protocol-version");

/// Opens a session: by WebSocket, else by SPDY.
///
/// # Errors
/// What the server says against it; the second refusal where both ways were refused.
pub async fn open(connection: &Connection, request: &Request) -> Result<Streams, Problem> {
    match by_socket(connection, request).await {
        Ok(streams) => Ok(streams),
        Err(refused) if !falls_back(refused.code) => Err(refused.problem),
        Err(_) => by_spdy(connection, request).await.map_err(|refused| refused.problem),
    }
}

/// Whether another way is worth asking for. kubectl takes it after any answer that is no upgrade; where
/// nobody answered, or the pod is not there, or nobody knows who we are, it could not do better.
pub(super) fn falls_back(code: u16) -> bool {
    !matches!(code, 0 | 401 | 404)
}

async fn by_socket(connection: &Connection, request: &Request) -> Result<Streams, Refused> {
    // The end of the input can be told by the newest protocol alone; an older server has SPDY for it.
    let protocols = if request.closes { "v5.channel.k8s.io" } else { "v5.channel.k8s.io, v4.channel.k8s.io" };
    let (headers, io) = socket_upgrade(connection, &request.path()?, protocols, &request.asked()).await?;
    let agreed = headers.get(header::SEC_WEBSOCKET_PROTOCOL).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let protocol = Protocol::of(agreed).ok_or_else(|| odd(connection, agreed))?;
    Ok(socket::streams(io, protocol).await)
}

/// A connection upgraded to a WebSocket.
pub(super) async fn socket_upgrade(
    connection: &Connection,
    path: &str,
    protocols: &'static str,
    ask: &crate::cluster::problem::Asked,
) -> Result<(http::HeaderMap, crate::cluster::connect::Raw), Refused> {
    let key = generate_key();
    let value = HeaderValue::from_str(&key).unwrap_or_else(|_| HeaderValue::from_static("cXVhcnRlcmRlY2sgc29ja2V0"));
    let upgrade = Upgrade {
        method: Method::GET,
        path,
        to: "websocket",
        headers: vec![
            (header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13")),
            (header::SEC_WEBSOCKET_KEY, value.clone()),
            (header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(protocols)),
        ],
    };
    let (headers, io) = connection.upgrade(&upgrade, ask).await?;
    let accept = headers.get(header::SEC_WEBSOCKET_ACCEPT).map(HeaderValue::as_bytes).unwrap_or_default();
    if accept != derive_accept_key(value.as_bytes()).as_bytes() {
        let why = format!("{} does not speak WebSocket as asked; a proxy may be in the way", connection.server());
        return Err(Refused { code: 101, problem: Problem::Garbage(why.into()) });
    }
    Ok((headers, io))
}

async fn by_spdy(connection: &Connection, request: &Request) -> Result<Streams, Refused> {
    let (headers, io) = spdy_upgrade(connection, &request.path()?, "v4.channel.k8s.io", &request.asked()).await?;
    let agreed = headers.get(STREAM_VERSION).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if agreed != "v4.channel.k8s.io" {
        return Err(odd(connection, agreed));
    }
    let lost = || Problem::Lost(format!("{} closed the session at its beginning", connection.server()).into());
    spdy::streams(io, request).await.ok_or_else(|| lost().into())
}

/// A connection upgraded to SPDY.
pub(super) async fn spdy_upgrade(
    connection: &Connection,
    path: &str,
    version: &'static str,
    ask: &crate::cluster::problem::Asked,
) -> Result<(http::HeaderMap, crate::cluster::connect::Raw), Refused> {
    let headers = vec![(STREAM_VERSION, HeaderValue::from_static(version))];
    connection.upgrade(&Upgrade { method: Method::POST, path, to: "SPDY/3.1", headers }, ask).await
}

fn odd(connection: &Connection, agreed: &str) -> Refused {
    let agreed = crate::cluster::problem::clean(agreed);
    let why = format!("{} chose the protocol \"{agreed}\", which was not offered", connection.server());
    Refused { code: 101, problem: Problem::Garbage(why.into()) }
}
