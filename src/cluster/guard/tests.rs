use super::*;

#[test]
fn read_only_lets_reading_pass_and_nothing_else() {
    let table: &[(&str, &str, bool)] = &[
        ("GET", "/version", true),
        ("GET", "/api", true),
        ("GET", "/apis/apps/v1", true),
        ("GET", "/api/v1/pods?watch=1", true),
        ("GET", "/api/v1/namespaces/a/pods/p", true),
        ("GET", "/api/v1/namespaces/a/pods/p/log?follow=true", true),
        ("GET", "/apis/apps/v1/namespaces/a/deployments/d/scale", true),
        ("GET", "/api/v1/namespaces/a/status", true),
        ("GET", "/api/v1/namespaces/a/pods/p/exec?command=sh", false),
        ("GET", "/api/v1/namespaces/a/pods/p/attach", false),
        ("GET", "/api/v1/namespaces/a/pods/p/portforward", false),
        ("GET", "/api/v1/namespaces/a/pods/p/proxy/reset", false),
        ("GET", "/api/v1/namespaces/a/services/s/proxy", false),
        ("GET", "/api/v1/nodes/n/proxy/stats/summary", true),
        ("GET", "/api/v1/nodes/n/proxy/run/ns/p/c", false),
        ("GET", "/api/v1/nodes/n/proxy/exec/ns/p/c", false),
        ("GET", "/api/v1/nodes/n/proxy", false),
        ("GET", "/api/v1/namespaces/a/pods/p/%65xec", false),
        ("GET", "/api/v1/namespaces/a/pods/p/x/../exec", false),
        ("GET", "/api/v1//namespaces/a/pods/p/exec", false),
        ("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", true),
        ("POST", "/apis/authorization.k8s.io/v1/namespaces/a/localsubjectaccessreviews", true),
        ("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", true),
        ("POST", "/apis/authentication.k8s.io/v1/tokenreviews", false),
        ("POST", "/apis/evil.example/v1/selfsubjectaccessreviews", false),
        ("POST", "/api/v1/namespaces/a/pods", false),
        ("POST", "/api/v1/namespaces/a/pods/p/eviction", false),
        ("PATCH", "/api/v1/nodes/n", false),
        ("PUT", "/api/v1/namespaces/a/finalize", false),
        ("DELETE", "/api/v1/namespaces/a/pods/p", false),
        ("OPTIONS", "/api/v1/pods", false),
    ];
    for (method, path, passes) in table {
        let method: Method = method.parse().unwrap();
        assert_eq!(Guard::ReadOnly.check(&method, path, None).is_ok(), *passes, "{method} {path}");
        assert!(Guard::Open.check(&method, path, None).is_ok());
    }
}

#[test]
fn a_refusal_names_the_request() {
    let said = Guard::ReadOnly.check(&Method::DELETE, "/api/v1/nodes/n?x=y", None).unwrap_err().to_string();
    assert_eq!(said, "read-only mode: DELETE /api/v1/nodes/n was not sent");
}

#[test]
fn a_dry_run_passes_when_nothing_in_it_says_otherwise() {
    let pod = "/api/v1/namespaces/a/pods/p";
    let (all, none) = (json!({ "dryRun": ["All"] }), json!({}));
    let table = [
        ("PATCH", format!("{pod}?dryRun=All"), Some(json!({ "metadata": {} })), true),
        ("PATCH", format!("{pod}?fieldManager=x&dryRun=All"), None, true),
        ("PATCH", "/apis/apps/v1/namespaces/a/deployments/d/scale?dryRun=All".to_owned(), None, true),
        ("POST", "/api/v1/namespaces?dryRun=All".to_owned(), None, true),
        ("DELETE", format!("{pod}?dryRun=All"), None, true),
        ("DELETE", format!("{pod}?dryRun=All"), Some(all.clone()), true),
        // A body makes the server forget the query.
        ("DELETE", format!("{pod}?dryRun=All"), Some(none.clone()), false),
        ("POST", format!("{pod}/eviction?dryRun=All"), Some(json!({ "deleteOptions": {} })), true),
        ("POST", format!("{pod}/eviction?dryRun=All"), Some(json!({ "deleteOptions": all })), true),
        ("POST", format!("{pod}/eviction?dryRun=All"), Some(json!({ "deleteOptions": { "dryRun": [] } })), false),
        ("PATCH", format!("{pod}?dryRun=All&dryRun="), None, false),
        ("PATCH", format!("{pod}?dryRun="), None, false),
        ("PATCH", pod.to_owned(), Some(json!({ "dryRun": ["All"] })), false),
        ("POST", format!("{pod}/exec?dryRun=All"), None, false),
        ("POST", format!("{pod}/x/../eviction?dryRun=All"), None, false),
    ];
    for (method, path, body, passes) in table {
        let method: Method = method.parse().unwrap();
        assert_eq!(Guard::ReadOnly.check(&method, &path, body.as_ref()).is_ok(), passes, "{method} {path} {body:?}");
    }
}
