use super::*;
use crate::cluster::testing::{Reply, Seen, server};

macro_rules! real {
    ($name:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/", $name))
    };
}

fn names(d: &Discovery) -> Vec<String> {
    d.kinds.iter().map(|k| format!("{} {}", k.resource(), k.version)).collect()
}

#[tokio::test(start_paused = true)]
async fn a_real_servers_answer_takes_two_requests_and_has_every_builtin_kind() {
    let (conn, log) = server(|_, seen| match seen.uri.as_str() {
        "/api" => Reply::new(200, real!("discovery-api.json")),
        _ => Reply::new(200, real!("discovery-apis.json")),
    });
    let found = discover(&conn).await.unwrap();
    assert_eq!(log.all().len(), 2);
    assert!(log.all()[0].header("accept").contains("as=APIGroupDiscoveryList"));
    assert_eq!(found.broken, Vec::<String>::new());
    for builtin in builtin_kinds() {
        let same = found.kinds.iter().find(|k| k.group == builtin.group && k.plural == builtin.plural);
        let same = same.unwrap_or_else(|| panic!("{} is not served", builtin.resource()));
        let told =
            |k: &Kind| (k.version.clone(), k.kind.clone(), k.singular.clone(), k.short.clone(), k.namespaced, k.scale);
        assert_eq!(told(same), told(&builtin));
    }
}

#[tokio::test(start_paused = true)]
async fn the_preferred_version_wins_and_a_stale_group_is_named() {
    let resource = |plural: &str| json!({"resource": plural, "responseKind": {"kind": "K"}, "verbs": ["list"], "scope": "Cluster"});
    let apis = json!({"kind": "APIGroupDiscoveryList", "items": [
        {"metadata": {"name": "g"}, "versions": [
            {"version": "v2", "freshness": "Current", "resources": [resource("as")]},
            {"version": "v1", "freshness": "Current", "resources": [resource("as"), resource("olds")]},
        ]},
        {"metadata": {"name": "metrics.k8s.io"}, "versions": [{"version": "v1beta1", "freshness": "Stale"}]},
    ]});
    let (conn, _) = server(move |_, seen| match seen.uri.as_str() {
        "/api" => Reply::json(&json!({"kind": "APIGroupDiscoveryList", "items": []})),
        _ => Reply::json(&apis),
    });
    let found = discover(&conn).await.unwrap();
    assert_eq!(names(&found), ["as.g v2", "olds.g v1"]);
    assert_eq!(found.broken, ["metrics.k8s.io/v1beta1"]);
}

fn old_server(seen: &Seen) -> Reply {
    let list = |version: &str, resources: Value| {
        Reply::json(&json!({"kind": "APIResourceList", "groupVersion": version, "resources": resources}))
    };
    match seen.uri.as_str() {
        "/api" => Reply::json(&json!({"kind": "APIVersions", "versions": ["v1"]})),
        "/apis" => Reply::json(&json!({"kind": "APIGroupList", "groups": [
            {"name": "apps", "versions": [{"version": "v1beta1"}, {"version": "v1"}], "preferredVersion": {"version": "v1"}},
            {"name": "down.example", "versions": [{"version": "v1"}], "preferredVersion": {"version": "v1"}},
        ]})),
        "/api/v1" => list(
            "v1",
            json!([
                {"name": "pods", "singularName": "", "namespaced": true, "kind": "Pod", "verbs": ["list"], "shortNames": ["po"]},
                {"name": "pods/log", "namespaced": true, "kind": "Pod", "verbs": ["get"]},
            ]),
        ),
        "/apis/apps/v1" | "/apis/apps/v1beta1" => list(
            "apps/v1",
            json!([
                {"name": "deployments", "singularName": "deployment", "namespaced": true, "kind": "Deployment", "verbs": ["list"]},
                {"name": "deployments/scale", "namespaced": true, "kind": "Scale", "verbs": ["get"]},
            ]),
        ),
        _ => Reply::new(503, "service unavailable"),
    }
}

#[tokio::test(start_paused = true)]
async fn an_old_server_is_asked_group_by_group_and_one_that_is_down_is_named() {
    let (conn, _) = server(|_, seen| old_server(seen));
    let found = discover(&conn).await.unwrap();
    assert_eq!(names(&found), ["pods v1", "deployments.apps v1"]);
    assert_eq!(found.kinds[0].singular.as_ref(), "pod");
    assert_eq!(found.kinds.iter().map(|k| k.scale).collect::<Vec<_>>(), [false, true]);
    assert_eq!(found.broken, ["down.example/v1"]);
}

#[tokio::test(start_paused = true)]
async fn half_an_answer_is_used_and_none_is_a_problem() {
    let (conn, _) = server(|_, seen| match seen.uri.as_str() {
        "/apis" => Reply::new(500, "boom"),
        _ => old_server(seen),
    });
    let found = discover(&conn).await.unwrap();
    assert_eq!((names(&found), found.broken), (vec!["pods v1".to_owned()], vec!["all API groups".to_owned()]));
    let (conn, _) = server(|_, _| Reply::new(200, "{\"hello\": 1}"));
    assert!(matches!(discover(&conn).await, Err(Problem::Garbage(_))));
}

#[tokio::test(start_paused = true)]
async fn version_and_user() {
    let (conn, log) = server(|_, seen| match seen.uri.as_str() {
        "/version" => Reply::new(200, real!("version.json")),
        _ => Reply::json(&json!({"status": {"userInfo": {"username": "jane"}}})),
    });
    assert_eq!(version(&conn).await.unwrap().body.as_ref(), "v1.35.4");
    assert_eq!(whoami(&conn).await.unwrap().as_ref(), "jane");
    let asked = log.all().pop().unwrap();
    assert_eq!(asked.method, http::Method::POST);
    let body: Value = serde_json::from_slice(&asked.body).unwrap();
    assert_eq!(body["kind"], "SelfSubjectReview");
}
