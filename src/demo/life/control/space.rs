//! What every namespace has from the beginning: an account for its pods and the bundle by which they know the server.

use serde_json::{Value, json};

use super::super::super::clock::parse;
use super::super::super::kinds::{ACCOUNTS, CONFIGMAPS, KindId, NAMESPACES};
use super::super::super::object::{Tree, key_of, text};
use super::super::super::world::{CONTROLLER, World};

const ACCOUNT: &str = "default";
const BUNDLE: &str = "kube-root-ca.crt";
/// The key of the bundle's map, and its words about itself, as the root CA publisher writes them.
const FILE: &str = "ca.crt";
const ABOUT: &str = "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.";
/// A certificate in form only: the simulated cluster is served without TLS.
const CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----
c2ltdWxhdGVkIGNsdXN0ZXIsIHNpbXVsYXRlZCBjZXJ0aWZpY2F0ZSBhdXRob3Jp
dHk6IG5vYm9keSBzaWducyBhbnl0aGluZyB3aXRoIGl0LCBhbmQgbm9ib2R5IGNo
ZWNrcyBhbnl0aGluZyBhZ2FpbnN0IGl0Lg==
-----END CERTIFICATE-----
";

/// Makes what is missing, and writes the bundle anew where somebody has changed it.
pub(super) fn reconcile(world: &mut World, namespace: &Value) {
    let name = text(namespace, "metadata/name");
    if world.get(ACCOUNTS, name, ACCOUNT).is_none() {
        world.create(ACCOUNTS, json!({"metadata": {"name": ACCOUNT, "namespace": name}}), CONTROLLER);
    }
    let data = json!({FILE: CERTIFICATE});
    match world.get(CONFIGMAPS, name, BUNDLE) {
        None => {
            let metadata = json!({"name": BUNDLE, "namespace": name,
                "annotations": {"kubernetes.io/description": ABOUT}});
            world.create(CONFIGMAPS, json!({"metadata": metadata, "data": data}), CONTROLLER);
        }
        Some(_) => _ = world.change(CONFIGMAPS, name, BUNDLE, CONTROLLER, |map| map["data"] = data),
    }
}

/// One of the two was changed or is gone: its namespace is looked at.
pub(super) fn noticed(world: &mut World, kind: KindId, object: &Value) {
    let (namespace, name) = key_of(object);
    if matches!((kind, name.as_str()), (ACCOUNTS, ACCOUNT) | (CONFIGMAPS, BUNDLE)) {
        world.look(NAMESPACES, "", &namespace);
    }
}

/// Gives the namespaces of a story theirs, each at its own age. The last part of a story: it draws dice, and what came
/// before is to fall as it always did.
pub(crate) fn past(world: &mut World) {
    let all: Vec<Tree> = world.store.iter(NAMESPACES).map(|(_, e)| e.value()).collect();
    for namespace in all.iter().filter(|n| text(n, "metadata/deletionTimestamp").is_empty()) {
        world.pretend(parse(text(namespace, "metadata/creationTimestamp")));
        reconcile(world, namespace);
    }
}
