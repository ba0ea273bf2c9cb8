//! Access reviews: what the asking user may do.

use serde_json::{Value, json};

use super::super::auth::{Deed, RULES, User};
use super::super::object::text;
use super::super::proto;
use super::super::status::{Outcome, Problem};
use super::answer::{Answer, json as reply};
use super::server::Ask;

/// Answers a review.
pub(super) fn review(ask: &Ask, which: &str) -> Outcome<Answer> {
    if ask.method != hyper::Method::POST {
        return Err(Problem::not_allowed());
    }
    let mut body: Value = super::write::body(ask)?;
    body["status"] = match which {
        "selfsubjectaccessreviews" => access(ask.user, &body["spec"]),
        "selfsubjectrulesreviews" => rules(ask.user, text(&body, "spec/namespace")),
        "selfsubjectreviews" => json!({"userInfo": {
            "username": ask.user.name(), "groups": ["system:authenticated"]
        }}),
        _ => return Err(Problem::not_served()),
    };
    // The first of the client's choices; whoever posts protobuf mostly wants it back.
    let binary = ask.accept.trim_start().starts_with("application/vnd.kubernetes.protobuf");
    Ok(binary.then(|| proto::posted(&body)).flatten().unwrap_or_else(|| reply(201, &body)))
}

fn access(user: User, spec: &Value) -> Value {
    let wanted = &spec["resourceAttributes"];
    let allowed = if wanted.is_null() {
        user == User::Admin || text(spec, "nonResourceAttributes/verb") == "get"
    } else {
        let (resource, sub) = (text(wanted, "resource"), text(wanted, "subresource"));
        let resource = if sub.is_empty() { resource.to_owned() } else { format!("{resource}/{sub}") };
        let (verb, group, namespace) = (text(wanted, "verb"), text(wanted, "group"), text(wanted, "namespace"));
        user.may(Deed { verb, group, resource: &resource, namespace })
    };
    match (allowed, user) {
        (true, User::Admin) => json!({
            "allowed": true,
            "reason": "RBAC: allowed by ClusterRoleBinding \"cluster-admins\" of ClusterRole \"cluster-admin\" to User \"admin\""
        }),
        (true, User::Viewer) => json!({
            "allowed": true,
            "reason": "RBAC: allowed by RoleBinding \"viewers\" of ClusterRole \"demo-viewer\" to User \"viewer\""
        }),
        (false, _) => json!({"allowed": false}),
    }
}

fn rules(user: User, namespace: &str) -> Value {
    let resources: Vec<Value> = match user {
        User::Admin => vec![json!({"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]})],
        User::Viewer => RULES
            .iter()
            .filter(|r| r.namespaces.is_empty() || r.namespaces.contains(&namespace))
            .map(|r| json!({"verbs": r.verbs, "apiGroups": r.groups, "resources": r.resources}))
            .collect(),
    };
    json!({
        "resourceRules": resources,
        "nonResourceRules": [{"verbs": ["get"], "nonResourceURLs": ["/api", "/api/*", "/apis", "/apis/*", "/healthz", "/livez", "/readyz", "/version"]}],
        "incomplete": false
    })
}
