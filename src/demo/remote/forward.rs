//! Connections to a pod's ports.

use std::sync::Arc;

use tokio::time::{Duration, sleep};

use super::super::Shared;
use super::super::object::{list, text};
use super::super::rng::{Rng, hash};
use super::responder::{Pipe, respond};
use super::session::forwarding;
use super::wish::Wish;

/// How often a port-forward looks whether its pod is still there.
const LOOK: Duration = Duration::from_millis(500);

/// Connects to a port that one of the pod's running containers declares.
pub(super) fn connect(shared: &Arc<Shared>, wish: &Wish, port: u16) -> Result<Pipe, String> {
    let containers = ["spec/containers", "spec/initContainers"].into_iter().flat_map(|path| list(&wish.pod, path));
    let found = containers.into_iter().find_map(|c| {
        let declared = list(c, "ports").iter().any(|p| p["containerPort"] == port);
        let runs = !super::super::life::status::of(&wish.pod, text(c, "name"))["state"]["running"].is_null();
        (declared && runs).then(|| text(c, "name").to_owned())
    });
    found.map(|container| respond(shared, &wish.pod, &container, port)).ok_or_else(|| refused(wish, port))
}

/// What the container runtime says of a port nobody listens on.
fn refused(wish: &Wish, port: u16) -> String {
    let uid = text(&wish.pod, "metadata/uid");
    let (id, net) = (Rng::keyed(3, uid).hex(64), hash(uid) & 0xffff_ffff);
    format!(
        "error forwarding port {port} to pod {id}, uid : failed to execute portforward in network namespace \"/var/run/netns/cni-{net:08x}\": failed to connect to localhost:{port} inside namespace \"{id}\", IPv4: dial tcp4 127.0.0.1:{port}: connect: connection refused IPv6 dial tcp6: address localhost: no suitable address found "
    )
}

/// Waits until the pod is gone or its node silent.
pub(super) async fn gone(shared: &Shared, wish: &Wish) {
    while forwarding(shared, wish) {
        sleep(LOOK).await;
    }
}
