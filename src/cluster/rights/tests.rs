use super::*;
use crate::cluster::Overrides;
use crate::cluster::testing::{Reply, Seen, connect};

fn wanted(verb: &str, resource: &str, namespace: Option<&str>) -> Wanted {
    (Right { verb: verb.into(), resource: resource.into(), namespaced: namespace.is_some() }, namespace.map(Into::into))
}

fn rules(incomplete: bool) -> Reply {
    Reply::json(&json!({ "status": { "incomplete": incomplete, "resourceRules": [
        { "verbs": ["get", "list"], "apiGroups": [""], "resources": ["pods"] },
        { "verbs": ["create"], "apiGroups": [""], "resources": ["*/eviction"] },
        { "verbs": ["*"], "apiGroups": ["apps"], "resources": ["*"] },
        { "verbs": ["delete"], "apiGroups": [""], "resources": ["configmaps"], "resourceNames": ["one"] },
    ] } }))
}

fn server(incomplete: bool) -> impl Fn(usize, &Seen) -> Reply {
    serving("v1.35.4", incomplete)
}

fn serving(version: &'static str, incomplete: bool) -> impl Fn(usize, &Seen) -> Reply {
    move |_, seen| {
        if seen.uri.ends_with("/version") {
            return Reply::json(&json!({"major": "1", "minor": "0", "gitVersion": version}));
        }
        if seen.uri.ends_with("rulesreviews") {
            return rules(incomplete);
        }
        let asked: Value = serde_json::from_slice(&seen.body).unwrap();
        let verb = asked["spec"]["resourceAttributes"]["verb"].as_str().unwrap();
        match verb {
            "bind" => Reply::new(503, "{}"),
            "get" => Reply::json(&json!({ "status": { "allowed": true } })),
            verb => Reply::json(&json!({ "status": { "allowed": verb == "patch" } })),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn one_review_tells_a_namespace() {
    let (connection, log) = connect(&Overrides::default(), server(false));
    let asked = vec![
        wanted("list", "pods", Some("web")),
        wanted("delete", "pods", Some("web")),
        wanted("create", "pods/eviction", Some("web")),
        wanted("create", "pods/exec", Some("web")),
        wanted("patch", "deployments.apps/scale", Some("web")),
        wanted("delete", "configmaps", Some("web")),
    ];
    let answers: Vec<_> = review(&connection, asked).await.into_iter().map(|(_, _, a)| a).collect();
    assert_eq!(answers, [Some(true), Some(false), Some(true), Some(false), Some(true), Some(false)]);
    // One review, and the version that says what opens a session there.
    assert_eq!(log.all().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn before_1_35_who_may_get_a_session_may_open_it() {
    for (version, may) in [("v1.34.9", true), ("v1.35.0", false), ("v2.1.0", false), ("", false)] {
        let (connection, _) = connect(&Overrides::default(), serving(version, false));
        let asked = vec![wanted("create", "pods/exec", Some("web")), wanted("delete", "pods", Some("web"))];
        let answers: Vec<_> = review(&connection, asked).await.into_iter().map(|(_, _, a)| a).collect();
        assert_eq!(answers, [Some(may), Some(false)], "{version}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_review_does_not_know_is_asked_and_may_stay_unknown() {
    let (connection, log) = connect(&Overrides::default(), server(true));
    let asked = vec![
        wanted("list", "pods", Some("web")),
        wanted("patch", "pods", Some("web")),
        wanted("delete", "pods", Some("web")),
        wanted("bind", "pods", Some("web")),
        wanted("patch", "nodes", None),
    ];
    let answers: Vec<_> = review(&connection, asked).await.into_iter().map(|(_, _, a)| a).collect();
    assert_eq!(answers, [Some(true), Some(true), Some(false), None, Some(true)]);
    assert_eq!(log.all().len(), 5, "{:?}", log.uris());
}
