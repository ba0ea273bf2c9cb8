//! Which pod a forward leads to now.

use crate::cluster::connect::Class;
use crate::cluster::escape::escape;
use crate::cluster::problem::Asked;
use crate::cluster::{Connection, fetch};
use crate::core::facts::{Container, Meta, list};
use crate::core::held::forward::{Port, Wish, chosen, good};
use crate::core::kind::ObjectRef;
use crate::core::problem::Problem;
use serde_json::Value;

/// A pod and its port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    pub pod: ObjectRef,
    pub uid: String,
    pub port: u16,
}

/// Finds it: the pod of that name, else a ready one with these labels; none that is leaving, and not the one that has
/// just failed.
pub(super) async fn find(connection: &Connection, wish: &Wish, not: &str) -> Result<Target, Problem> {
    let named = match &wish.pods.name {
        Some(name) => {
            let object = ObjectRef {
                cluster: wish.cluster,
                kind: wish.pods.kind.clone(),
                namespace: wish.pods.namespace.clone(),
                name: name.clone(),
                uid: None,
            };
            match fetch::object(connection, &object).await {
                Ok(answer) => Some(answer.body),
                Err(Problem::NotFound(_)) => None,
                Err(why) => return Err(why),
            }
        }
        None => None,
    };
    if let Some(pod) = named.filter(|p| good(p, not)) {
        return target(wish, &pod);
    }
    if wish.pods.labels.is_empty() {
        let name = wish.pods.name.as_deref().unwrap_or_default();
        return Err(Problem::NotFound(format!("pod {name} is not there, or not running; waiting for it").into()));
    }
    let path = wish.pods.kind.path(Some(&wish.pods.namespace));
    let path = format!("{path}?labelSelector={}&limit=500", escape(&wish.pods.labels));
    let ask = Asked::kind("list", &wish.pods.kind, Some(&wish.pods.namespace));
    let answer = connection.get_json_as(&path, "application/json", Class::Quick, &ask).await?;
    match chosen(list(&answer.body["items"]), not) {
        Some(pod) => target(wish, pod),
        None => Err(Problem::NotFound("no pod of it is ready; waiting for one".into())),
    }
}

fn target(wish: &Wish, pod: &Value) -> Result<Target, Problem> {
    let meta = Meta::of(pod);
    let port = match &wish.port {
        Port::Number(n) => *n,
        Port::Named(name) => {
            let all = Container::all(pod).into_iter().flat_map(|c| c.ports);
            let found = all.into_iter().find(|(_, n)| n.as_str() == name.as_ref()).map(|(port, _)| port);
            let none = || Problem::Invalid(format!("pod {} has no port called {name}", meta.name).into());
            found.ok_or_else(none)?
        }
    };
    let object = ObjectRef {
        cluster: wish.cluster,
        kind: wish.pods.kind.clone(),
        namespace: wish.pods.namespace.clone(),
        name: meta.name.as_str().into(),
        uid: Some(meta.id()),
    };
    Ok(Target { pod: object, uid: meta.uid, port })
}
