use super::transport::Told;
use super::*;
use crate::core::problem::{Missing, Problem};

fn ask() -> Asked {
    Asked { verb: "list", resource: "pods".into(), namespace: None }
}

fn missing(verb: &str, resource: &str, namespace: Option<&str>) -> Problem {
    let namespace = namespace.map(Into::into);
    Problem::Forbidden(Missing { verb: verb.into(), resource: resource.into(), namespace })
}

/// A body an API server sent (Kubernetes 1.35), by its code.
macro_rules! real {
    ($code:literal, $name:literal) => {
        from_response(
            $code,
            include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/status-", $name, ".json")),
            None,
            &ask(),
        )
    };
}

#[test]
fn answers_of_a_real_server() {
    assert_eq!(real!(400, "400"), Problem::Invalid("field label not supported: nope".into()));
    assert!(matches!(real!(401, "401"), Problem::Unauthorized(_)));
    assert_eq!(real!(403, "403"), missing("list", "pods", None));
    assert_eq!(real!(404, "404"), Problem::NotFound("pods \"none\" not found".into()));
    assert!(matches!(real!(409, "409"), Problem::Conflict(m) if m.contains("has been modified")));
    assert_eq!(real!(410, "410"), Problem::Expired);
    assert!(matches!(real!(422, "422"), Problem::Invalid(m) if m.starts_with("Pod \"Bad_Name\" is invalid")));
    let budget = "Cannot evict pod as it would violate the pod's disruption budget. \
                  The disruption budget web needs 4 healthy pods and has 4 currently";
    assert_eq!(real!(429, "429-eviction"), Problem::Conflict(budget.into()));
    assert!(matches!(real!(500, "500-two-budgets"), Problem::Server(500, m) if m.contains("more than one")));
}

#[test]
fn a_403_about_a_quota_is_not_about_rights() {
    let body = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/status-403-quota.json"));
    let create = Asked { verb: "create", ..ask() };
    assert!(matches!(from_response(403, body, None, &create), Problem::Invalid(m) if m.contains("exceeded quota")));
}

#[test]
fn a_missing_right_is_named_by_verb_resource_and_namespace() {
    let said = |message: &str| {
        let body = serde_json::json!({"kind": "Status", "message": message}).to_string();
        from_response(403, body.as_bytes(), None, &ask())
    };
    let table = [
        (
            "deployments.apps is forbidden: User \"u\" cannot watch resource \"deployments\" in API group \"apps\" \
             in the namespace \"web\"",
            missing("watch", "deployments.apps", Some("web")),
        ),
        (
            "pods \"p\" is forbidden: User \"u\" cannot create resource \"pods/exec\" in API group \"\" in the \
             namespace \"web\": RBAC: role not found",
            missing("create", "pods/exec", Some("web")),
        ),
        (
            "x is forbidden: User \"u\" cannot patch resource \"deployments/scale\" in API group \"apps\" at the \
             cluster scope",
            missing("patch", "deployments.apps/scale", None),
        ),
        ("forbidden: User \"u\" cannot get path \"/version\"", missing("get", "/version", None)),
        ("no", missing("list", "pods", None)),
    ];
    for (message, expected) in table {
        assert_eq!(said(message), expected, "{message}");
    }
}

#[test]
fn bodies_of_proxies_and_none_at_all() {
    let of = |code, body: &str| from_response(code, body.as_bytes(), None, &ask());
    assert_eq!(of(502, "<html><b>Bad gateway</b>"), Problem::Server(502, "list pods: no reason given".into()));
    assert_eq!(of(503, "upstream\u{7} is gone\nmore"), Problem::Server(503, "upstream  is gone".into()));
    assert_eq!(of(404, ""), Problem::NotFound("list pods: the server has no such thing".into()));
    assert_eq!(of(302, ""), Problem::Garbage("list pods was answered with status 302".into()));
    assert_eq!(of(504, "{}"), Problem::Timeout("list pods: the server gave up".into()));
    let long = "x".repeat(5000);
    assert!(matches!(of(500, &long), Problem::Server(500, m) if m.chars().count() == 300 && m.ends_with('…')));
}

#[test]
fn throttling_says_for_how_long() {
    let body = br#"{"kind":"Status","message":"too many requests","details":{"retryAfterSeconds":7}}"#;
    assert_eq!(from_response(429, body, None, &ask()), Problem::Throttled(Some(7)));
    assert_eq!(from_response(429, body, Some(3), &ask()), Problem::Throttled(Some(3)));
    assert_eq!(from_response(429, b"", None, &ask()), Problem::Throttled(None));
}

#[test]
fn an_error_event_is_read_like_an_answer() {
    let old = from_event(410, "Expired", "The resourceVersion for the provided watch is too old.", &ask());
    assert_eq!(old, Problem::Expired);
}

#[test]
fn errors_below_http_say_what_to_do() {
    use std::io::{Error, ErrorKind};
    let of = |e: Error| from_error(&e, "h:1").to_string();
    let text = |t: &str| of(Error::other(t.to_owned()));
    assert_eq!(
        of(Error::from(ErrorKind::ConnectionRefused)),
        "unreachable: h:1: connection refused; is the address right and the server up?"
    );
    assert_eq!(of(Error::from(ErrorKind::ConnectionReset)), "connection lost: h:1 dropped the connection");
    assert_eq!(of(Error::from(ErrorKind::TimedOut)), "no answer in time: h:1 went silent");
    assert!(text("invalid peer certificate: UnknownIssuer").contains("set certificate-authority"));
    assert!(text("invalid peer certificate: certificate not valid for name \"x\"").contains("set tls-server-name"));
    assert!(text("invalid peer certificate: Expired").contains("has expired"));
    assert!(text("received corrupt message of type InvalidContentType").contains("http instead of https"));
    assert!(text("tunnel error: proxy authorization required").contains("proxy wants a user"));
    assert_eq!(text("something new"), "connection lost: the connection to h:1 broke");
}

#[test]
fn a_problem_told_through_foreign_code_stays_what_it_was() {
    let told = std::io::Error::other(Told(Problem::Throttled(Some(1))));
    assert_eq!(from_error(&told, "h"), Problem::Throttled(Some(1)));
}
