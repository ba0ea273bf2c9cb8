//! Controllers at work, as a client sees them.

use std::time::Duration;

use serde_json::{Value, json};

use super::super::super::Cluster;
use super::super::super::tests::{call, get, start};

/// Looks until it is so; the time is the test's own.
async fn until(cluster: &Cluster, path: &str, so: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..600 {
        let (_, now) = call(cluster, "GET", path, &Value::Null).await;
        if so(&now) {
            return now;
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    panic!("it did not come: {}", call(cluster, "GET", path, &Value::Null).await.1);
}

fn there(object: &Value) -> bool {
    object["status"]["code"].is_null() && object["code"].is_null()
}

async fn made(cluster: &Cluster, path: &str, body: &Value) -> Value {
    let (code, object) = call(cluster, "POST", path, body).await;
    assert_eq!(code, 201, "{object}");
    object
}

async fn space(cluster: &Cluster, name: &str) {
    made(cluster, "/api/v1/namespaces", &json!({"metadata": {"name": name}})).await;
}

const ACCOUNT: &str = "/api/v1/namespaces/new/serviceaccounts/default";
const BUNDLE: &str = "/api/v1/namespaces/new/configmaps/kube-root-ca.crt";

#[tokio::test(start_paused = true)]
async fn every_namespace_that_stays_has_its_account_and_its_bundle() {
    let cluster = start();
    for namespace in get(&cluster, "/api/v1/namespaces").await["items"].as_array().unwrap() {
        let (name, leaves) =
            (namespace["metadata"]["name"].as_str().unwrap(), namespace["status"]["phase"] != "Active");
        for what in ["serviceaccounts/default", "configmaps/kube-root-ca.crt"] {
            let (code, object) =
                call(&cluster, "GET", &format!("/api/v1/namespaces/{name}/{what}"), &Value::Null).await;
            assert_eq!(code, if leaves { 404 } else { 200 }, "{name}");
            let (born, own) = (&object["metadata"]["creationTimestamp"], &namespace["metadata"]["creationTimestamp"]);
            assert!(leaves || born == own, "{name}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_new_namespace_is_furnished_and_furnished_again_until_it_goes() {
    let cluster = start();
    space(&cluster, "new").await;
    let first = until(&cluster, ACCOUNT, there).await;
    let bundle = until(&cluster, BUNDLE, there).await;
    assert!(bundle["data"]["ca.crt"].as_str().unwrap().starts_with("-----BEGIN CERTIFICATE-----"));
    call(&cluster, "DELETE", ACCOUNT, &Value::Null).await;
    until(&cluster, ACCOUNT, |a| there(a) && a["metadata"]["uid"] != first["metadata"]["uid"]).await;
    call(&cluster, "DELETE", BUNDLE, &Value::Null).await;
    until(&cluster, BUNDLE, |b| there(b) && b["metadata"]["uid"] != bundle["metadata"]["uid"]).await;
    call(&cluster, "PATCH", BUNDLE, &json!({"data": {"ca.crt": "mine", "more": "x"}})).await;
    until(&cluster, BUNDLE, |b| b["data"] == bundle["data"]).await;
    call(&cluster, "DELETE", "/api/v1/namespaces/new", &Value::Null).await;
    until(&cluster, "/api/v1/namespaces/new", |n| n["code"] == 404).await;
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert_eq!(call(&cluster, "GET", ACCOUNT, &Value::Null).await.0, 404);
}

/// A set of two of that image, on the nodes of the shop.
fn set(kind: &str, image: &str) -> Value {
    json!({"metadata": {"name": "set", "namespace": "new", "annotations": {"kubernetes.io/change-cause": image}},
        "apiVersion": "apps/v1", "kind": kind, "spec": {
        "selector": {"matchLabels": {"app": "set"}}, "serviceName": "set",
        "template": {"metadata": {"labels": {"app": "set"}}, "spec": {
            "terminationGracePeriodSeconds": 1, "containers": [{"name": "c", "image": image}]}}}})
}

#[tokio::test(start_paused = true)]
async fn each_template_of_a_set_is_a_revision_and_an_old_one_is_the_newest_again() {
    let cluster = start();
    space(&cluster, "new").await;
    for (plural, kind) in [("statefulsets", "StatefulSet"), ("daemonsets", "DaemonSet")] {
        let all = format!("/apis/apps/v1/namespaces/new/{plural}");
        let one = format!("{all}/set");
        let revisions = "/apis/apps/v1/namespaces/new/controllerrevisions";
        let wanted = |image: &str| {
            json!({"metadata": {"annotations": {"kubernetes.io/change-cause": image}},
            "spec": {"template": {"spec": {"containers": [{"name": "c", "image": image}]}}}})
        };
        let numbers = async |n: &[(&str, u64)]| {
            let so = |list: &Value| {
                let mut has: Vec<(&str, u64)> = list["items"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(|r| {
                        let image = r["data"]["spec"]["template"]["spec"]["containers"][0]["image"].as_str()?;
                        // The cause is the set's at the time the revision was made.
                        (r["metadata"]["annotations"]["kubernetes.io/change-cause"] == image)
                            .then_some((image, r["revision"].as_u64()?))
                    })
                    .collect();
                has.sort_unstable();
                has == n
            };
            until(&cluster, revisions, so).await
        };
        made(&cluster, &all, &set(kind, "a:1")).await;
        numbers(&[("a:1", 1)]).await;
        call(&cluster, "PATCH", &one, &wanted("a:2")).await;
        numbers(&[("a:1", 1), ("a:2", 2)]).await;
        call(&cluster, "PATCH", &one, &wanted("a:1")).await;
        numbers(&[("a:1", 3), ("a:2", 2)]).await;
        call(&cluster, "DELETE", &one, &Value::Null).await;
        numbers(&[]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn daemons_are_renewed_as_many_at_once_as_they_may() {
    let cluster = start();
    space(&cluster, "new").await;
    let all = "/apis/apps/v1/namespaces/new/daemonsets";
    let mut new = set("DaemonSet", "a:1");
    new["spec"]["updateStrategy"] = json!({"rollingUpdate": {"maxUnavailable": 4}});
    made(&cluster, all, &new).await;
    let one = format!("{all}/set");
    let ready = |s: &Value| s["status"]["numberReady"] == s["status"]["desiredNumberScheduled"];
    let whole = until(&cluster, &one, |s| s["status"]["numberReady"].as_u64() > Some(4) && ready(s)).await;
    let least = whole["status"]["numberReady"].as_u64().unwrap() - 4;
    call(
        &cluster,
        "PATCH",
        &one,
        &json!({"spec": {"template": {"spec": {"containers": [{"name": "c", "image": "a:2"}]}}}}),
    )
    .await;
    until(&cluster, &one, |s| s["status"]["numberReady"] == least).await;
    until(&cluster, &one, |s| {
        assert!(s["status"]["numberReady"].as_u64() >= Some(least), "{s}");
        s["status"]["updatedNumberScheduled"] == s["status"]["desiredNumberScheduled"] && ready(s)
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_job_of_a_client_is_chosen_by_its_uid_and_keeps_its_labels() {
    let cluster = start();
    space(&cluster, "new").await;
    let all = "/apis/batch/v1/namespaces/new/jobs";
    let job = |name: &str, labels: Value| {
        json!({"metadata": {"name": name, "labels": labels}, "spec": {"template": {"spec": {
            "restartPolicy": "Never", "containers": [{"name": "c", "image": "qd.test/talker:1"}]}}}})
    };
    let own = made(&cluster, all, &job("own", json!({"team": "night"}))).await;
    assert_eq!(own["metadata"]["labels"], json!({"team": "night"}));
    let plain = made(&cluster, all, &job("plain", Value::Null)).await;
    let uid = &plain["metadata"]["uid"];
    assert_eq!(plain["spec"]["selector"]["matchLabels"]["batch.kubernetes.io/controller-uid"], *uid);
    assert_eq!(plain["metadata"]["labels"]["controller-uid"], *uid);
    assert_eq!(plain["spec"]["template"]["metadata"]["labels"]["job-name"], "plain");
    until(&cluster, &format!("{all}/plain"), |j| j["status"]["succeeded"] == 1).await;
    let pods = format!("/api/v1/namespaces/new/pods?labelSelector=controller-uid={}", uid.as_str().unwrap());
    assert_eq!(get(&cluster, &pods).await["items"].as_array().unwrap().len(), 1);
}
