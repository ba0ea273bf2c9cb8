use super::*;
use crate::cluster::discover::builtin_kinds;
use crate::cluster::testing::{Reply, server};
use crate::core::kind::ClusterId;

fn reference(plural: &str, namespace: &str, name: &str) -> ObjectRef {
    let kind = builtin_kinds().into_iter().find(|k| k.plural.as_ref() == plural).unwrap();
    ObjectRef { cluster: ClusterId(1), kind, namespace: namespace.into(), name: name.into(), uid: None }
}

#[tokio::test(start_paused = true)]
async fn an_object_is_read_whole_and_in_order() {
    let (conn, log) = server(|_, _| Reply::new(200, r#"{"kind":"X","b":1,"a":2}"#));
    let read = object(&conn, &reference("deployments", "web", "front")).await.unwrap();
    assert_eq!(read.body.to_string(), r#"{"kind":"X","b":1,"a":2}"#);
    object(&conn, &reference("clusterroles", "", "system:node")).await.unwrap();
    let paths = [
        "/apis/apps/v1/namespaces/web/deployments/front",
        "/apis/rbac.authorization.k8s.io/v1/clusterroles/system:node",
    ];
    assert_eq!(log.uris(), paths);
}

#[tokio::test(start_paused = true)]
async fn a_name_cannot_lead_elsewhere() {
    let (conn, log) = server(|_, _| Reply::new(200, "{}"));
    for name in ["", "..", "a/exec", "a?x=y", "a#b", "a%2fb", "a b"] {
        let read = object(&conn, &reference("pods", "web", name)).await;
        assert!(matches!(read, Err(Problem::Invalid(_))), "{name}");
    }
    assert!(object(&conn, &reference("pods", "a/b", "x")).await.is_err());
    assert!(log.all().is_empty());
}

#[tokio::test(start_paused = true)]
async fn namespaces_are_listed_or_the_missing_right_is_told() {
    let (conn, _) =
        server(|_, _| Reply::new(200, r#"{"items":[{"metadata":{"name":"a"}},{"metadata":{"name":"b"}}]}"#));
    let names: Vec<Arc<str>> = vec!["a".into(), "b".into()];
    assert_eq!(namespaces(&conn).await.unwrap(), names);
    let (conn, _) = server(|_, _| Reply::new(403, "{}"));
    let told = namespaces(&conn).await.unwrap_err().to_string();
    assert!(told.contains("list namespaces cluster-wide"), "{told}");
}
