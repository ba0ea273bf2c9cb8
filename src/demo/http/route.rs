//! From a path to what it names.

use super::super::kinds::{self, KINDS, KindId};
use super::query::decode;

/// What a path names.
#[derive(Debug, PartialEq)]
pub(crate) enum Route {
    Version,
    /// `/healthz`, `/livez`, `/readyz`.
    Health(String),
    /// `/api`: the versions of the core group.
    Api,
    /// `/apis`: the groups.
    Apis,
    /// `/apis/GROUP`.
    Group(String),
    /// `/api/v1` or `/apis/GROUP/VERSION`.
    Resources(String, String),
    Object(Target),
    /// metrics.k8s.io: nodes (true) or pods, namespace, name.
    Metrics {
        nodes: bool,
        namespace: Option<String>,
        name: Option<String>,
    },
    /// A POST-only review: its plural.
    Review(String),
    Unknown,
}

/// A collection or an object, and what of it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Target {
    pub(crate) kind: KindId,
    pub(crate) namespace: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) sub: Option<String>,
    /// What follows the subresource, as in `nodes/N/proxy/stats/summary`.
    pub(crate) rest: String,
}

impl Target {
    /// The kind whose objects these are.
    pub(crate) fn stored(&self) -> KindId {
        KINDS[self.kind].face.map_or(self.kind, |face| face.of)
    }

    /// The namespace as a store key has it.
    pub(crate) fn space(&self) -> &str {
        self.namespace.as_deref().unwrap_or("")
    }
}

/// Reads a request path.
pub(crate) fn route(path: &str) -> Route {
    let parts: Vec<String> = path.split('/').filter(|p| !p.is_empty()).map(|p| decode(p, false)).collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    match parts.as_slice() {
        ["version"] => Route::Version,
        [name @ ("healthz" | "livez" | "readyz"), ..] => Route::Health((*name).to_owned()),
        ["api"] => Route::Api,
        ["apis"] => Route::Apis,
        ["api", "v1"] => Route::Resources(String::new(), "v1".to_owned()),
        ["api", "v1", rest @ ..] => object("", "v1", rest),
        ["apis", group] => Route::Group((*group).to_owned()),
        ["apis", group, version] => Route::Resources((*group).to_owned(), (*version).to_owned()),
        ["apis", "metrics.k8s.io", "v1beta1", rest @ ..] => metrics(rest),
        ["apis", "authorization.k8s.io" | "authentication.k8s.io", "v1", review] => Route::Review((*review).to_owned()),
        ["apis", group, version, rest @ ..] => object(group, version, rest),
        _ => Route::Unknown,
    }
}

fn object(group: &str, version: &str, parts: &[&str]) -> Route {
    let (namespace, rest) = match parts {
        // `namespaces/N/status` is about the namespace itself, `namespaces/N/pods` is not.
        ["namespaces", name, rest @ ..]
            if !rest.is_empty() && kinds::by_path(group, version, rest[0]).is_some_and(|k| KINDS[k].namespaced) =>
        {
            (Some((*name).to_owned()), rest)
        }
        other => (None, other),
    };
    let Some((plural, rest)) = rest.split_first() else { return Route::Unknown };
    let Some(kind) = kinds::by_path(group, version, plural) else { return Route::Unknown };
    let owned = |i: usize| rest.get(i).map(|s| (*s).to_owned());
    let beyond = rest.get(2..).unwrap_or(&[]).join("/");
    if namespace.is_none() && KINDS[kind].namespaced && !rest.is_empty() {
        return Route::Unknown;
    }
    Route::Object(Target { kind, namespace, name: owned(0), sub: owned(1), rest: beyond })
}

fn metrics(parts: &[&str]) -> Route {
    let some = |s: &&str| Some((*s).to_owned());
    match parts {
        ["nodes"] => Route::Metrics { nodes: true, namespace: None, name: None },
        ["nodes", name] => Route::Metrics { nodes: true, namespace: None, name: some(name) },
        ["pods"] => Route::Metrics { nodes: false, namespace: None, name: None },
        ["namespaces", namespace, "pods"] => Route::Metrics { nodes: false, namespace: some(namespace), name: None },
        ["namespaces", namespace, "pods", name] => {
            Route::Metrics { nodes: false, namespace: some(namespace), name: some(name) }
        }
        _ => Route::Unknown,
    }
}
