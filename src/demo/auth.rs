//! Who asks, and what they may: a full user and a limited one.

use super::kinds::Kind;
use super::status::{Outcome, Problem};

/// The two people of the demo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum User {
    /// May do everything.
    Admin,
    /// May read most of two namespaces, scale there, forward ports, and run commands over SPDY.
    Viewer,
}

/// The token of the full user.
pub(crate) const ADMIN_TOKEN: &str = "demo-admin";
/// The token of the limited user.
pub(crate) const VIEWER_TOKEN: &str = "demo-viewer";

/// One rule of the limited user, in the words of a `SelfSubjectRulesReview`.
pub(crate) struct Rule {
    /// Where it holds; empty is cluster-wide.
    pub(crate) namespaces: &'static [&'static str],
    pub(crate) groups: &'static [&'static str],
    pub(crate) resources: &'static [&'static str],
    pub(crate) verbs: &'static [&'static str],
}

const READ: &[&str] = &["get", "list", "watch"];
const HOME: &[&str] = &["shop", "data"];

/// What the limited user may do.
pub(crate) const RULES: &[Rule] = &[
    Rule {
        namespaces: HOME,
        groups: &[""],
        resources: &[
            "pods",
            "pods/log",
            "services",
            "configmaps",
            "events",
            "persistentvolumeclaims",
            "resourcequotas",
        ],
        verbs: READ,
    },
    Rule {
        namespaces: HOME,
        groups: &["apps", "batch", "autoscaling", "discovery.k8s.io", "policy", "networking.k8s.io"],
        resources: &["*"],
        verbs: READ,
    },
    Rule { namespaces: HOME, groups: &["apps"], resources: &["deployments/scale"], verbs: &["patch", "update"] },
    // One of each: forwards ports, opens commands the old way only, and may look at attach without opening it.
    Rule { namespaces: HOME, groups: &[""], resources: &["pods/portforward"], verbs: &["create", "get"] },
    Rule { namespaces: HOME, groups: &[""], resources: &["pods/exec"], verbs: &["create"] },
    Rule { namespaces: HOME, groups: &[""], resources: &["pods/attach"], verbs: &["get"] },
    Rule { namespaces: HOME, groups: &["metrics.k8s.io"], resources: &["pods"], verbs: &["get", "list"] },
    Rule { namespaces: &[], groups: &[""], resources: &["namespaces"], verbs: READ },
];

/// What is asked for: verb, group, resource with its subresource, namespace.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deed<'a> {
    pub(crate) verb: &'a str,
    pub(crate) group: &'a str,
    pub(crate) resource: &'a str,
    pub(crate) namespace: &'a str,
}

impl User {
    /// The user of an Authorization header. None at all is the full user: kubectl sends no token over plain HTTP.
    pub(crate) fn of(header: Option<&str>) -> Outcome<Self> {
        match header.map(|h| h.strip_prefix("Bearer ").unwrap_or(h)) {
            None | Some(ADMIN_TOKEN) => Ok(Self::Admin),
            Some(VIEWER_TOKEN) => Ok(Self::Viewer),
            Some(_) => Err(Problem::unauthorized()),
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Viewer => "viewer",
        }
    }

    /// Whether the user may do it.
    pub(crate) fn may(self, deed: Deed<'_>) -> bool {
        let has = |list: &[&str], wanted: &str| list.contains(&"*") || list.contains(&wanted);
        self == Self::Admin
            || RULES.iter().any(|r| {
                (r.namespaces.is_empty() || r.namespaces.contains(&deed.namespace))
                    && has(r.groups, deed.group)
                    && (has(r.resources, deed.resource) && !(deed.resource.contains('/') && r.resources == ["*"])
                        || r.resources.contains(&deed.resource))
                    && has(r.verbs, deed.verb)
            })
    }

    /// Refuses what the user may not do, in the words of the RBAC authorizer.
    pub(crate) fn check(self, kind: &Kind, name: &str, deed: Deed<'_>) -> Outcome<()> {
        if self.may(deed) {
            return Ok(());
        }
        let place = if deed.namespace.is_empty() {
            "at the cluster scope".to_owned()
        } else {
            format!("in the namespace \"{}\"", deed.namespace)
        };
        let why = format!(
            "User \"{}\" cannot {} resource \"{}\" in API group \"{}\" {place}",
            self.name(),
            deed.verb,
            deed.resource,
            deed.group
        );
        Err(Problem::forbidden(kind, name, &why))
    }
}
