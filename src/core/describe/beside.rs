//! What a description reads beside its object: events, for a node its pods and its lease.

use crate::core::kind::{ObjectRef, Scope, StreamKey};
use crate::core::panes::text::{TextPane, What};
use crate::core::state::{State, Watched};
use crate::core::subs::header_streams;
use serde_json::Value;
use std::sync::Arc;

/// The needs of one description.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Beside {
    /// Events about the object.
    pub events: Option<StreamKey>,
    /// For a node: a stream that has all its pods.
    pub pods: Option<StreamKey>,
    /// For a node: its lease, which its kubelet renews every few seconds.
    pub lease: Option<ObjectRef>,
}

impl Beside {
    /// What the pane's description needs; nothing before the object was read, and nothing for YAML.
    #[must_use]
    pub fn of(state: &State, pane: &TextPane) -> Self {
        let value = state.objects.get(&pane.object).and_then(Watched::value);
        let Some(value) = value.filter(|_| pane.what == What::Describe) else { return Self::default() };
        let node = is_node(&pane.object);
        Self {
            events: events(state, &pane.object, value),
            pods: if node { pods(state, &pane.object) } else { None },
            lease: if node { lease(state, &pane.object) } else { None },
        }
    }
}

pub(super) fn is_node(object: &ObjectRef) -> bool {
    object.kind.group.is_empty() && object.kind.plural.as_ref() == "nodes"
}

fn events(state: &State, object: &ObjectRef, value: &Value) -> Option<StreamKey> {
    if object.kind.plural.as_ref() == "events" {
        return None;
    }
    let scope = match object.namespace.as_ref() {
        "" => Scope::All,
        ns => Scope::Namespaces(vec![ns.into()]),
    };
    let mut fields = format!("involvedObject.kind={},involvedObject.name={}", object.kind.kind, object.name);
    // Kubelets report of their node under its name as uid, controllers under its real one.
    // A static pod's events carry the hash that the kubelet knows it by.
    let meta = &value["metadata"];
    let uid = meta["annotations"]["kubernetes.io/config.mirror"].as_str().or_else(|| meta["uid"].as_str());
    if let Some(uid) = uid.filter(|_| !is_node(object)) {
        fields.push_str(",involvedObject.uid=");
        fields.push_str(uid);
    }
    let all = state.stream(object.cluster, "events", scope)?;
    Some(StreamKey { fields: fields.into(), ..all })
}

// The pods of all namespaces if the screen has them anyway, else those of the node alone.
fn pods(state: &State, node: &ObjectRef) -> Option<StreamKey> {
    let known = header_streams(state, node.cluster).into_iter().find(|k| k.kind.plural.as_ref() == "pods");
    known.filter(|k| k.scope == Scope::All).or_else(|| {
        let all = state.stream(node.cluster, "pods", Scope::All)?;
        Some(StreamKey { fields: format!("spec.nodeName={}", node.name).into(), ..all })
    })
}

fn lease(state: &State, node: &ObjectRef) -> Option<ObjectRef> {
    let kind = state.clusters.get(&node.cluster)?.kind("leases.coordination.k8s.io")?;
    Some(ObjectRef { kind, namespace: Arc::from("kube-node-lease"), uid: None, ..node.clone() })
}
