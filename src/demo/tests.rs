//! The server as a client meets it, over an in-process connection and paused time.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{Request, Response, body::Incoming};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};

use super::{Cluster, Faults, Options};

fn start() -> Cluster {
    Cluster::start(Options { epoch: "2026-11-21T12:00:00Z".parse().ok(), ..Options::default() })
}

async fn send(cluster: &Cluster, request: Request<Full<Bytes>>) -> Response<Incoming> {
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(cluster.connect())).await.unwrap();
    tokio::spawn(connection.with_upgrades());
    sender.send_request(request).await.unwrap()
}

fn ask(method: &str, path: &str, token: &str, accept: &str, media: &str, body: &str) -> Request<Full<Bytes>> {
    Request::builder()
        .method(method)
        .uri(path)
        .header("authorization", format!("Bearer {token}"))
        .header("accept", accept)
        .header("content-type", media)
        .body(Full::new(Bytes::from(body.to_owned())))
        .unwrap()
}

async fn call(cluster: &Cluster, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let media = if method == "PATCH" { "application/merge-patch+json" } else { "application/json" };
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let response = send(cluster, ask(method, path, "demo-admin", "application/json", media, &body)).await;
    let code = response.status().as_u16();
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    (code, serde_json::from_slice(&bytes).unwrap_or_else(|_| String::from_utf8_lossy(&bytes).into_owned().into()))
}

async fn get(cluster: &Cluster, path: &str) -> Value {
    let (code, value) = call(cluster, "GET", path, &Value::Null).await;
    assert_eq!(code, 200, "{path}: {value}");
    value
}

/// An open watch.
struct Watch {
    body: Incoming,
    rest: Vec<u8>,
}

impl Watch {
    async fn open(cluster: &Cluster, path: &str, accept: &str) -> Self {
        let response = send(cluster, ask("GET", path, "demo-admin", accept, "", "")).await;
        assert_eq!(response.status(), 200);
        Self { body: response.into_body(), rest: Vec::new() }
    }

    async fn next(&mut self) -> Option<Value> {
        loop {
            if let Some(at) = self.rest.iter().position(|b| *b == b'\n') {
                let line: Vec<u8> = self.rest.drain(..=at).collect();
                return Some(serde_json::from_slice(&line).unwrap());
            }
            let frame = self.body.frame().await?.ok()?;
            self.rest.extend_from_slice(&frame.into_data().ok()?);
        }
    }

    async fn until(&mut self, mut wanted: impl FnMut(&Value) -> bool) -> Value {
        tokio::time::timeout(Duration::from_secs(1_800), async {
            loop {
                let event = self.next().await.expect("the watch goes on");
                if wanted(&event) {
                    return event;
                }
            }
        })
        .await
        .expect("it comes in half an hour")
    }
}

const TABLE: &str = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

#[tokio::test(start_paused = true)]
async fn equal_seeds_make_equal_clusters() {
    let (a, b) = (start(), start());
    assert_eq!(get(&a, "/api/v1/pods").await, get(&b, "/api/v1/pods").await);
}

#[tokio::test(start_paused = true)]
async fn the_story_is_there() {
    let cluster = start();
    assert_eq!(get(&cluster, "/api/v1/nodes").await["items"].as_array().unwrap().len(), 12);
    let pods = get(&cluster, "/api/v1/pods").await;
    let pods = pods["items"].as_array().unwrap();
    assert!((130..=170).contains(&pods.len()), "{}", pods.len());
    let rows = send(&cluster, ask("GET", "/api/v1/pods", "demo-admin", TABLE, "", "")).await;
    let rows: Value = serde_json::from_slice(&rows.into_body().collect().await.unwrap().to_bytes()).unwrap();
    let words: Vec<&str> = rows["rows"].as_array().unwrap().iter().map(|r| r["cells"][2].as_str().unwrap()).collect();
    for wanted in ["Running", "CrashLoopBackOff", "ImagePullBackOff", "Pending", "Completed", "Error"] {
        assert!(words.contains(&wanted), "no pod is {wanted}");
    }
    let namespace = get(&cluster, "/api/v1/namespaces/old-campaign").await;
    assert_eq!(namespace["status"]["phase"], "Terminating");
    let claim = get(&cluster, "/api/v1/namespaces/data/persistentvolumeclaims/exports").await;
    assert_eq!(claim["status"]["phase"], "Pending");
    let budget = get(&cluster, "/apis/policy/v1/namespaces/shop/poddisruptionbudgets/payments").await;
    assert_eq!(budget["status"]["disruptionsAllowed"], 0);
}

#[tokio::test(start_paused = true)]
async fn pages_are_of_one_version_and_expire() {
    let cluster = start();
    let first = get(&cluster, "/api/v1/pods?limit=50").await;
    let rv = first["metadata"]["resourceVersion"].clone();
    let token = first["metadata"]["continue"].as_str().unwrap().to_owned();
    let (code, _) = call(&cluster, "DELETE", "/api/v1/namespaces/shop/pods/none", &Value::Null).await;
    assert_eq!(code, 404);
    let mut all = first["items"].as_array().unwrap().len();
    let mut next = token.clone();
    while !next.is_empty() {
        let page = get(&cluster, &format!("/api/v1/pods?limit=50&continue={next}")).await;
        assert_eq!(page["metadata"]["resourceVersion"], rv);
        all += page["items"].as_array().unwrap().len();
        page["metadata"]["continue"].as_str().unwrap_or("").clone_into(&mut next);
    }
    assert_eq!(first["metadata"]["remainingItemCount"].as_u64().unwrap() as usize + 50, all);
    // After enough changes the version is forgotten.
    for i in 0..1_100 {
        let patch = json!({"metadata": {"labels": {"n": i.to_string()}}});
        let (code, _) = call(&cluster, "PATCH", "/api/v1/namespaces/data/pods/postgres-0", &patch).await;
        assert_eq!(code, 200);
    }
    let (code, status) = call(&cluster, "GET", &format!("/api/v1/pods?limit=50&continue={token}"), &Value::Null).await;
    let real: Value = serde_json::from_str(include_str!("tests/status-410.json")).unwrap();
    assert_eq!(code, 410);
    assert_eq!(status["message"], real["message"]);
    let again = status["metadata"]["continue"].as_str().unwrap();
    assert!(
        !get(&cluster, &format!("/api/v1/pods?limit=50&continue={again}")).await["items"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    let mut watch =
        Watch::open(&cluster, &format!("/api/v1/pods?watch=true&resourceVersion={}", rv.as_str().unwrap()), "").await;
    let real: Value = serde_json::from_str(include_str!("tests/status-410-watch.json")).unwrap();
    assert_eq!(watch.next().await.unwrap(), real);
    assert!(watch.next().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn a_watch_tells_changes_and_what_leaves_its_selector() {
    let cluster = start();
    let rv = get(&cluster, "/api/v1/pods?limit=1").await["metadata"]["resourceVersion"].clone();
    let path = format!(
        "/api/v1/namespaces/data/pods?watch=1&labelSelector=app%3Dredis&resourceVersion={}",
        rv.as_str().unwrap()
    );
    let mut watch = Watch::open(&cluster, &path, "application/json").await;
    let pod = "/api/v1/namespaces/data/pods/redis-1";
    call(&cluster, "PATCH", pod, &json!({"metadata": {"labels": {"tier": "one"}}})).await;
    let event = watch.until(|e| e["object"]["metadata"]["name"] == "redis-1").await;
    assert_eq!((&event["type"], &event["object"]["kind"]), (&json!("MODIFIED"), &json!("Pod")));
    call(&cluster, "PATCH", pod, &json!({"metadata": {"labels": {"app": "other"}}})).await;
    let event = watch.until(|e| e["object"]["metadata"]["name"] == "redis-1").await;
    assert_eq!(event["type"], "DELETED");
    assert_eq!(event["object"]["metadata"]["labels"]["app"], "redis");
    call(&cluster, "PATCH", pod, &json!({"metadata": {"labels": {"app": "redis"}}})).await;
    assert_eq!(watch.until(|e| e["object"]["metadata"]["name"] == "redis-1").await["type"], "ADDED");
}

#[tokio::test(start_paused = true)]
async fn bookmarks_come_each_minute_but_not_for_events() {
    let cluster = start();
    let at = tokio::time::Instant::now();
    let path = "/apis/storage.k8s.io/v1/storageclasses?watch=true&allowWatchBookmarks=true&resourceVersion=1000000000";
    let (code, _) = call(&cluster, "GET", "/apis/storage.k8s.io/v1/storageclasses", &Value::Null).await;
    assert_eq!(code, 200);
    let rv = get(&cluster, "/apis/storage.k8s.io/v1/storageclasses").await["metadata"]["resourceVersion"].clone();
    let mut watch = Watch::open(&cluster, &path.replace("1000000000", rv.as_str().unwrap()), "").await;
    let event = watch.next().await.unwrap();
    assert_eq!((&event["type"], &event["object"]["kind"]), (&json!("BOOKMARK"), &json!("StorageClass")));
    assert_eq!(at.elapsed().as_secs(), 60);
    let mut events =
        Watch::open(&cluster, "/api/v1/namespaces/kube-public/events?watch=true&allowWatchBookmarks=true", "").await;
    assert!(tokio::time::timeout(Duration::from_secs(200), events.next()).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_watch_list_is_the_state_and_its_end() {
    let cluster = start();
    let query = "watch=1&allowWatchBookmarks=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan";
    let mut watch = Watch::open(&cluster, &format!("/api/v1/namespaces/data/pods?{query}"), "application/json").await;
    let mut added = 0;
    let end = watch.until(|e| {
        added += usize::from(e["type"] == "ADDED");
        e["type"] == "BOOKMARK"
    });
    let end = end.await;
    let mut real: Value = serde_json::from_str(include_str!("tests/watchlist-end.json")).unwrap();
    real["object"]["metadata"]["resourceVersion"] = end["object"]["metadata"]["resourceVersion"].clone();
    assert_eq!(end.to_string(), real.to_string());
    assert_eq!(added, get(&cluster, "/api/v1/namespaces/data/pods").await["items"].as_array().unwrap().len());
    let (code, status) = call(&cluster, "GET", "/api/v1/pods?watch=1&sendInitialEvents=true", &Value::Null).await;
    assert_eq!((code, status["reason"].as_str()), (422, Some("Invalid")));
    let mut table = Watch::open(&cluster, &format!("/api/v1/namespaces/data/pods?{query}"), TABLE).await;
    let first = table.next().await.unwrap();
    assert_eq!(first["object"]["columnDefinitions"].as_array().unwrap().len(), 9);
    assert!(table.next().await.unwrap()["object"]["columnDefinitions"].is_null());
    let end = table.until(|e| e["type"] == "BOOKMARK").await;
    assert_eq!(
        end["object"]["rows"][0]["cells"],
        json!(["", "0/0", "", "0", "<unknown>", "<none>", "<none>", "<none>", "<none>"])
    );
}

#[tokio::test(start_paused = true)]
async fn refusals_are_worded_as_the_real_servers() {
    let cluster = start();
    let (code, status) = call(&cluster, "GET", "/api/v1/namespaces/shop/pods/none", &Value::Null).await;
    assert_eq!(code, 404);
    assert_eq!(
        status.to_string(),
        r#"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"pods \"none\" not found","reason":"NotFound","details":{"name":"none","kind":"pods"},"code":404}"#
    );
    let (_, status) = call(&cluster, "GET", "/api/v1/pods?fieldSelector=nope%3D1", &Value::Null).await;
    assert_eq!(
        status.to_string(),
        r#"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"field label not supported: nope","reason":"BadRequest","code":400}"#
    );
    let response = send(&cluster, ask("GET", "/api/v1/pods", "demo-viewer", "", "", "")).await;
    assert_eq!(response.headers()["date"], "Sat, 21 Nov 2026 12:00:00 GMT");
    let status: Value = serde_json::from_slice(&response.into_body().collect().await.unwrap().to_bytes()).unwrap();
    assert_eq!(
        status["message"],
        "pods is forbidden: User \"viewer\" cannot list resource \"pods\" in API group \"\" at the cluster scope"
    );
    assert_eq!(send(&cluster, ask("GET", "/api/v1/pods", "stale", "", "", "")).await.status(), 401);
    assert_eq!(
        send(&cluster, ask("GET", "/api/v1/namespaces/shop/pods", "demo-viewer", "", "", "")).await.status(),
        200
    );
    let bad = json!({"metadata": {"name": "Bad_Name"}, "spec": {"containers": [{"name": "c"}]}});
    let (code, status) = call(&cluster, "POST", "/api/v1/namespaces/shop/pods", &bad).await;
    let real: Value = serde_json::from_str(include_str!("tests/status-422.json")).unwrap();
    assert_eq!((code, status.to_string()), (422, real.to_string()));
    let stale = json!({"metadata": {"resourceVersion": "1", "labels": {"a": "b"}}});
    let (code, _) = call(&cluster, "PATCH", "/api/v1/nodes/worker-a1", &stale).await;
    assert_eq!(code, 409);
}

#[tokio::test(start_paused = true)]
async fn a_budget_blocks_an_eviction_until_its_pods_are_ready() {
    let cluster = start();
    let pods = get(&cluster, "/api/v1/namespaces/shop/pods?labelSelector=app%3Dpayments").await;
    let ready = |p: &&Value| {
        p["status"]["conditions"].as_array().unwrap().iter().any(|c| c["type"] == "Ready" && c["status"] == "True")
    };
    let name =
        pods["items"].as_array().unwrap().iter().find(ready).unwrap()["metadata"]["name"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/namespaces/shop/pods/{name}/eviction");
    let body = json!({"kind": "Eviction", "apiVersion": "policy/v1", "metadata": {"name": name}});
    let (code, status) = call(&cluster, "POST", &path, &body).await;
    assert_eq!(code, 429);
    assert_eq!(
        status.to_string(),
        r#"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"Cannot evict pod as it would violate the pod's disruption budget.","reason":"TooManyRequests","details":{"causes":[{"reason":"DisruptionBudget","message":"The disruption budget payments needs 4 healthy pods and has 3 currently"}]},"code":429}"#
    );
    let wrong = json!({"metadata": {"name": name}, "deleteOptions": {"preconditions": {"uid": "other"}}});
    assert_eq!(call(&cluster, "POST", &path, &wrong).await.0, 409);
    // A budget that needs fewer lets one go, and only one.
    let budget = "/apis/policy/v1/namespaces/shop/poddisruptionbudgets/payments";
    call(&cluster, "PATCH", budget, &json!({"spec": {"minAvailable": 2}})).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let dry = json!({"metadata": {"name": name}, "deleteOptions": {"dryRun": ["All"]}});
    assert_eq!(call(&cluster, "POST", &path, &dry).await.0, 201);
    let (code, status) = call(&cluster, "POST", &path, &body).await;
    assert_eq!((code, status["status"].as_str()), (201, Some("Success")));
    let mut watch = Watch::open(&cluster, "/api/v1/namespaces/shop/pods?watch=true", "").await;
    watch.until(|e| e["type"] == "DELETED" && e["object"]["metadata"]["name"] == name.as_str()).await;
}

#[tokio::test(start_paused = true)]
async fn scaling_makes_pods_that_become_ready() {
    let cluster = start();
    let path = "/apis/apps/v1/namespaces/shop/deployments/mail";
    let (code, scale) = call(&cluster, "PATCH", &format!("{path}/scale"), &json!({"spec": {"replicas": 5}})).await;
    assert_eq!((code, &scale["kind"], &scale["spec"]["replicas"]), (200, &json!("Scale"), &json!(5)));
    tokio::time::sleep(Duration::from_secs(40)).await;
    assert_eq!(get(&cluster, path).await["status"]["readyReplicas"], 5);
    call(&cluster, "PATCH", &format!("{path}/scale"), &json!({"spec": {"replicas": 1}})).await;
    tokio::time::sleep(Duration::from_secs(40)).await;
    let pods = get(&cluster, "/api/v1/namespaces/shop/pods?labelSelector=app%3Dmail").await;
    assert_eq!(pods["items"].as_array().unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_rollout_runs_through_and_a_hanging_one_is_noticed() {
    let cluster = start();
    let path = "/apis/apps/v1/namespaces/shop/deployments";
    let image = json!([{"op": "replace", "path": "/spec/template/spec/containers/0/image", "value": "registry.shop.example/mail:1.3.0"}]);
    let request =
        ask("PATCH", &format!("{path}/mail"), "demo-admin", "", "application/json-patch+json", &image.to_string());
    assert_eq!(send(&cluster, request).await.status(), 200);
    tokio::time::sleep(Duration::from_secs(180)).await;
    let mail = get(&cluster, &format!("{path}/mail")).await;
    assert_eq!(
        (&mail["status"]["updatedReplicas"], &mail["status"]["replicas"]),
        (&json!(2), &json!(2)),
        "{}",
        mail["status"]
    );
    let checkout = get(&cluster, &format!("{path}/checkout")).await;
    assert_eq!(checkout["status"]["updatedReplicas"], 2);
    tokio::time::sleep(Duration::from_secs(500)).await;
    let checkout = get(&cluster, &format!("{path}/checkout")).await;
    assert!(
        checkout["status"]["conditions"].to_string().contains("ProgressDeadlineExceeded"),
        "{}",
        checkout["status"]
    );
}

#[tokio::test(start_paused = true)]
async fn the_node_falls_silent_and_comes_back() {
    let cluster = start();
    let mut watch = Watch::open(&cluster, "/api/v1/nodes?watch=true&fieldSelector=metadata.name%3Dworker-b2", "").await;
    let state = |e: &Value| {
        e["object"]["status"]["conditions"].as_array().unwrap().iter().find(|c| c["type"] == "Ready").unwrap()["status"]
            .clone()
    };
    watch.until(|e| state(e) == "Unknown").await;
    watch.until(|e| state(e) == "True").await;
}

#[tokio::test(start_paused = true)]
async fn logs_are_the_same_when_read_twice_and_go_on() {
    let cluster = start();
    let path = "/api/v1/namespaces/data/pods/postgres-0/log?timestamps=true";
    let (_, all) = call(&cluster, "GET", path, &Value::Null).await;
    let (_, tail) = call(&cluster, "GET", &format!("{path}&tailLines=5"), &Value::Null).await;
    let (all, tail) = (all.as_str().unwrap().to_owned(), tail.as_str().unwrap().to_owned());
    assert!(all.ends_with(&tail) && tail.lines().count() == 5, "{tail}");
    let mut stream = Watch::open(&cluster, &format!("{path}&tailLines=1&follow=true"), "").await;
    for _ in 0..5 {
        assert!(stream.body.frame().await.unwrap().is_ok());
    }
}

#[tokio::test(start_paused = true)]
async fn faults_do_what_they_say() {
    let cluster = start();
    cluster.set_faults("status=503".parse().unwrap());
    let (code, status) = call(&cluster, "GET", "/api/v1/nodes", &Value::Null).await;
    assert_eq!((code, status["reason"].as_str()), (503, Some("ServiceUnavailable")));
    cluster.set_faults("expired".parse().unwrap());
    assert_eq!(call(&cluster, "GET", "/api/v1/nodes", &Value::Null).await.0, 401);
    cluster.set_faults("latency=200ms".parse().unwrap());
    let at = tokio::time::Instant::now();
    get(&cluster, "/version").await;
    assert_eq!(at.elapsed().as_millis(), 200);
    cluster.set_faults("cut=0s".parse().unwrap());
    let response = send(&cluster, ask("GET", "/api/v1/nodes", "demo-admin", "", "", "")).await;
    assert!(response.into_body().collect().await.is_err());
    cluster.set_faults(Faults::default());
    get(&cluster, "/api/v1/nodes").await;
    for words in ["latency=200ms cut=5000ms status=503 throttle=9 stall garbage", "off"] {
        assert_eq!(words.parse::<Faults>().unwrap().to_string().parse::<Faults>(), words.parse::<Faults>());
    }
    assert!("latency=fast".parse::<Faults>().is_err() && "gremlins".parse::<Faults>().is_err());
}

#[tokio::test(start_paused = true)]
async fn a_big_cluster_is_listed_in_pages_and_churns() {
    let options = Options { pods: Some(3_000), nodes: Some(50), churn: 100.0, ..Options::default() };
    let cluster = Cluster::start(options);
    let pods = get(&cluster, "/api/v1/pods").await;
    assert_eq!(pods["items"].as_array().unwrap().len(), 3_000);
    let on = get(&cluster, "/api/v1/pods?fieldSelector=spec.nodeName%3Dnode-00007").await;
    assert!(!on["items"].as_array().unwrap().is_empty());
    let rv = pods["metadata"]["resourceVersion"].as_str().unwrap();
    let mut watch = Watch::open(&cluster, &format!("/api/v1/pods?watch=true&resourceVersion={rv}"), "").await;
    let at = tokio::time::Instant::now();
    for _ in 0..200 {
        assert_eq!(watch.next().await.unwrap()["type"], "MODIFIED");
    }
    assert!((1_900..2_400).contains(&at.elapsed().as_millis()), "{:?}", at.elapsed());
}
