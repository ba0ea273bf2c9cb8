//! Sessions with containers: exec, attach and port-forward, over whatever carries them.
//!
//! - `wish`: what a request asks of which container; `carrier`: the protocol agreed on; `verdict`: how a session ends;
//! - `session`: the programs behind exec and attach; `forward`, `responder`: what answers on a port;
//! - `socket`: a WebSocket with channels; `spdy`: SPDY/3.1 as a server speaks it; `streams`: sessions over SPDY; `tunnel`: SPDY in a WebSocket.

use std::sync::Arc;

use hyper_util::rt::TokioIo;

use super::Shared;
use super::http::answer::{Answer, text};
use super::http::route::Target;
use super::http::server::Ask;
use super::kinds::{KINDS, PODS};
use super::object::Tree;
use super::status::{Outcome, Problem};

mod carrier;
mod forward;
mod responder;
mod session;
mod socket;
mod spdy;
mod streams;
mod tunnel;
mod verdict;
mod wish;

#[cfg(test)]
mod tests;

use crate::wire::channel::Protocol;
use carrier::{Carrier, agree};
use wish::Wish;

/// The subresources that are sessions.
pub(crate) const SESSIONS: &[&str] = &["attach", "exec", "portforward"];

/// Answers a request for a session: switches protocols and serves it, or says why not.
pub(crate) fn open(shared: &Arc<Shared>, ask: &Ask, target: &Target, sub: &str) -> Outcome<Answer> {
    let name = target.name.as_deref().unwrap_or("");
    let pod = shared.lock().get(PODS, target.space(), name).ok_or_else(|| Problem::not_found(&KINDS[PODS], name))?;
    let wish = Wish::read(ask, Tree::unwrap_or_clone(pod), sub)?;
    let Some(upgrade) = ask.upgrade.clone() else { return Err(Problem::bad_request("Upgrade request required")) };
    let (carrier, answer) = match agree(&ask.headers, &wish) {
        Ok(agreed) => agreed,
        Err(refusal) => return Ok(refusal),
    };
    // The newest protocol is spoken by the API server itself, so there the node's refusal comes within the session.
    if let (Some(no), false) = (wish.refusal(shared), carrier == Carrier::Socket(Protocol::V5)) {
        return if no.code == 0 { Err(Problem::dialing(&no.why)) } else { Ok(text(no.code, &no.why)) };
    }
    let (shared, cut) = (shared.clone(), shared.faults().cut);
    tokio::spawn(async move {
        let Ok(io) = upgrade.await else { return };
        let serving = Box::pin(serve(TokioIo::new(io), &shared, &wish, carrier));
        match cut {
            Some(after) => _ = tokio::time::timeout(after, serving).await,
            None => serving.await,
        }
    });
    Ok(answer)
}

async fn serve(io: TokioIo<hyper::upgrade::Upgraded>, shared: &Arc<Shared>, wish: &Wish, carrier: Carrier) {
    match carrier {
        Carrier::Socket(protocol) => socket::command(io, shared, wish, protocol).await,
        Carrier::Ports => socket::ports(io, shared, wish).await,
        Carrier::Tunnel => tunnel::ports(io, shared, wish).await,
        Carrier::Spdy if wish.forwards() => streams::ports(io, shared, wish).await,
        Carrier::Spdy => Box::pin(streams::command(io, shared, wish)).await,
    }
}
