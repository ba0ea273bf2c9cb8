//! Which protocol carries a session: agreed on from the request's headers, as the API server and the kubelet do.

use hyper::header::{CONNECTION, HeaderName, HeaderValue, UPGRADE};
use hyper::{HeaderMap, Response, StatusCode};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use super::super::http::answer::{Answer, text};
use super::super::http::body::Body;
use super::wish::Wish;
use crate::wire::channel::Protocol;

/// What carries a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Carrier {
    /// A WebSocket whose frames begin with the number of a channel.
    Socket(Protocol),
    /// The same with two channels a port.
    Ports,
    /// SPDY frames in a WebSocket.
    Tunnel,
    Spdy,
}

const TUNNEL: &str = "SPDY/3.1+portforward.k8s.io";
const STREAM_VERSION: HeaderName = HeaderName::from_static("x-stream-protocol-version");
const ACCEPTED: HeaderName = HeaderName::from_static("x-accepted-stream-protocol-versions");
const SOCKET_PROTOCOL: HeaderName = HeaderName::from_static("sec-websocket-protocol");
const SOCKET_KEY: HeaderName = HeaderName::from_static("sec-websocket-key");
const SOCKET_ACCEPT: HeaderName = HeaderName::from_static("sec-websocket-accept");

/// All words of a header that may be repeated or hold a list.
fn words(headers: &HeaderMap, name: &HeaderName) -> Vec<String> {
    let all = headers.get_all(name).iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(','));
    all.map(|w| w.trim().to_owned()).filter(|w| !w.is_empty()).collect()
}

/// Agrees on a carrier: with the answer that switches to it, or the refusal.
pub(super) fn agree(headers: &HeaderMap, wish: &Wish) -> Result<(Carrier, Answer), Answer> {
    if words(headers, &UPGRADE).iter().any(|w| w.eq_ignore_ascii_case("websocket")) {
        socket(headers, wish)
    } else {
        spdy(headers, wish)
    }
}

fn switching(upgrade: &'static str, more: &[(HeaderName, &str)]) -> Answer {
    let mut response = Response::new(Body::Whole(None));
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(UPGRADE, HeaderValue::from_static(upgrade));
    for (name, value) in more {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    }
    response
}

fn socket(headers: &HeaderMap, wish: &Wish) -> Result<(Carrier, Answer), Answer> {
    let offered = words(headers, &SOCKET_PROTOCOL);
    let offers = |name: &str| offered.iter().any(|o| o == name);
    let (carrier, name) = if wish.forwards() {
        if offers(TUNNEL) {
            (Carrier::Tunnel, TUNNEL)
        } else if offers("v4.channel.k8s.io") {
            (Carrier::Ports, "v4.channel.k8s.io")
        } else if offered.is_empty() {
            (Carrier::Ports, "")
        } else {
            return Err(unknown());
        }
    } else if offered.is_empty() {
        (Carrier::Socket(Protocol::V1), "")
    } else if offers("v5.channel.k8s.io") {
        (Carrier::Socket(Protocol::V5), "v5.channel.k8s.io")
    } else {
        // The kubelet takes the first of the client's choices that it knows.
        let protocol = offered.iter().find_map(|o| Protocol::of(o)).ok_or_else(unknown)?;
        (Carrier::Socket(protocol), protocol.name())
    };
    let key = headers.get(SOCKET_KEY).map_or_else(String::new, |key| derive_accept_key(key.as_bytes()));
    let mut more = vec![(SOCKET_ACCEPT, key.as_str())];
    if !name.is_empty() {
        more.push((SOCKET_PROTOCOL, name));
    }
    Ok((carrier, switching("websocket", &more)))
}

/// No protocol in common: 403 and nothing else.
fn unknown() -> Answer {
    let mut response = Response::new(Body::Whole(None));
    *response.status_mut() = StatusCode::FORBIDDEN;
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}

fn spdy(headers: &HeaderMap, wish: &Wish) -> Result<(Carrier, Answer), Answer> {
    let served = if wish.forwards() { "portforward.k8s.io" } else { "v4.channel.k8s.io" };
    let offered = words(headers, &STREAM_VERSION);
    if offered.is_empty() {
        return Err(text(400, "unable to upgrade: X-Stream-Protocol-Version is required"));
    }
    if offered.iter().any(|o| o == served) {
        return Ok((Carrier::Spdy, switching("SPDY/3.1", &[(STREAM_VERSION, served)])));
    }
    let told = format!(
        "unable to upgrade: unable to negotiate protocol: client supports [{}], server accepts [{served}]",
        offered.join(" ")
    );
    let mut refusal = text(403, &told);
    refusal.headers_mut().insert(ACCEPTED, HeaderValue::from_static(served));
    Err(refusal)
}
