//! The server as a client meets it, over an in-process connection and paused time.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{Request, Response, body::Incoming};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};

use super::{Cluster, Faults, Options};

pub(super) fn start() -> Cluster {
    Cluster::start(&Options { epoch: "2026-11-21T12:00:00Z".parse().ok(), ..Options::default() })
}

pub(super) async fn send(cluster: &Cluster, request: Request<Full<Bytes>>) -> Response<Incoming> {
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(cluster.connect())).await.unwrap();
    tokio::spawn(connection.with_upgrades());
    sender.send_request(request).await.unwrap()
}

pub(super) fn ask(
    method: &str,
    path: &str,
    token: &str,
    accept: &str,
    media: &str,
    body: &str,
) -> Request<Full<Bytes>> {
    Request::builder()
        .method(method)
        .uri(path)
        .header("authorization", format!("Bearer {token}"))
        .header("accept", accept)
        .header("content-type", media)
        .body(Full::new(Bytes::from(body.to_owned())))
        .unwrap()
}

pub(super) async fn call(cluster: &Cluster, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let media = if method == "PATCH" { "application/merge-patch+json" } else { "application/json" };
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let response = send(cluster, ask(method, path, "demo-admin", "application/json", media, &body)).await;
    let code = response.status().as_u16();
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    (code, serde_json::from_slice(&bytes).unwrap_or_else(|_| String::from_utf8_lossy(&bytes).into_owned().into()))
}

pub(super) async fn get(cluster: &Cluster, path: &str) -> Value {
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
    let cluster = Cluster::start(&options);
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

#[tokio::test(start_paused = true)]
async fn log_options_are_checked_as_the_server_does() {
    let cluster = start();
    let log = "/api/v1/namespaces/data/pods/postgres-0/log";
    for (query, code, told) in [
        (
            "tailLines=-1",
            422,
            "PodLogOptions \"postgres-0\" is invalid: tailLines: Invalid value: -1: must be greater than or equal to 0",
        ),
        (
            "limitBytes=0",
            422,
            "PodLogOptions \"postgres-0\" is invalid: limitBytes: Invalid value: 0: must be greater than 0",
        ),
        (
            "sinceSeconds=0",
            422,
            "PodLogOptions \"postgres-0\" is invalid: sinceSeconds: Invalid value: 0: must be greater than 0",
        ),
        ("tailLines=a", 400, "strconv.ParseInt: parsing \"a\": invalid syntax"),
        (
            "sinceTime=abc",
            400,
            "parsing time \"abc\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"abc\" as \"2006\"",
        ),
        (
            "sinceSeconds=1&sinceTime=2026-01-01T00:00:00Z",
            422,
            "PodLogOptions \"postgres-0\" is invalid: []: Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified",
        ),
        ("stream=Stdout", 422, "PodLogOptions \"postgres-0\" is invalid: stream: Forbidden: may not be specified"),
        ("previous=true", 400, "previous terminated container \"postgres\" in pod \"postgres-0\" not found"),
    ] {
        let (was, status) = call(&cluster, "GET", &format!("{log}?{query}"), &Value::Null).await;
        assert_eq!((was, status["message"].as_str()), (code, Some(told)), "{query}");
    }
    let (_, short) = call(&cluster, "GET", &format!("{log}?limitBytes=20"), &Value::Null).await;
    assert_eq!(short.as_str().map(str::len), Some(20));
    assert_eq!(call(&cluster, "GET", &format!("{log}?tailLines=0"), &Value::Null).await, (200, "".into()));
    let unplaced = "/api/v1/namespaces/data/pods/exporter/log";
    assert_eq!(call(&cluster, "GET", unplaced, &Value::Null).await.0, 204);
}

#[tokio::test(start_paused = true)]
async fn a_silent_node_cannot_be_asked() {
    let cluster = start();
    let mut watch = Watch::open(&cluster, "/api/v1/nodes?watch=true&fieldSelector=metadata.name%3Dworker-b2", "").await;
    watch.until(|e| e["object"]["spec"]["taints"].to_string().contains("unreachable")).await;
    let pods = get(&cluster, "/api/v1/pods?fieldSelector=spec.nodeName%3Dworker-b2,status.phase%3DRunning").await;
    let pod = &pods["items"][0]["metadata"];
    let path =
        format!("/api/v1/namespaces/{}/pods/{}/log", pod["namespace"].as_str().unwrap(), pod["name"].as_str().unwrap());
    let (code, status) = call(&cluster, "GET", &path, &Value::Null).await;
    assert!(code == 500 && status["message"].as_str().unwrap().ends_with("connect: no route to host"), "{status}");
    let (code, status) = call(&cluster, "GET", "/api/v1/nodes/worker-b2/proxy/stats/summary", &Value::Null).await;
    assert!(code == 500 && status["message"].as_str().unwrap().contains("error dialing backend"), "{status}");
}

#[tokio::test(start_paused = true)]
async fn a_nodes_own_logs_can_be_queried() {
    let cluster = start();
    let path = "/api/v1/nodes/worker-a1/proxy/logs/";
    let (code, all) = call(&cluster, "GET", &format!("{path}?query=kubelet"), &Value::Null).await;
    let all = all.as_str().unwrap().to_owned();
    assert!(code == 200 && all.lines().count() > 100, "{}", all.lines().count());
    assert!(all.lines().all(|l| l.starts_with(['I', 'E']) && l.contains("     812 ")), "{all}");
    let (_, tail) = call(&cluster, "GET", &format!("{path}?query=kubelet&tailLines=3"), &Value::Null).await;
    assert!(all.ends_with(tail.as_str().unwrap()) && tail.as_str().unwrap().lines().count() == 3);
    let since = "2026-11-21T11:59:00Z";
    let (_, late) = call(&cluster, "GET", &format!("{path}?query=kubelet&sinceTime={since}"), &Value::Null).await;
    let late = late.as_str().unwrap();
    assert!(!late.is_empty() && all.ends_with(late) && late.len() < all.len() / 5);
    let (_, found) = call(&cluster, "GET", &format!("{path}?query=kubelet&pattern=SyncLoop"), &Value::Null).await;
    assert!(found.as_str().unwrap().lines().all(|l| l.contains("SyncLoop")));
    let (_, none) = call(&cluster, "GET", &format!("{path}?query=nonsense"), &Value::Null).await;
    assert_eq!(none, "-- No entries --\n");
    for (query, code) in
        [("?query=kubelet&sinceTime=x", 400), ("?query=", 400), ("kubelet.log?query=x", 406), ("none", 404)]
    {
        assert_eq!(call(&cluster, "GET", &format!("{path}{query}"), &Value::Null).await.0, code, "{query}");
    }
}

#[tokio::test(start_paused = true)]
async fn events_are_served_in_both_forms() {
    let cluster = start();
    let old = get(&cluster, "/api/v1/namespaces/shop/events?fieldSelector=reason%3DBackOff").await;
    let path = "/apis/events.k8s.io/v1/namespaces/shop/events";
    let new = get(&cluster, &format!("{path}?fieldSelector=reason%3DBackOff,regarding.kind%3DPod")).await;
    assert_eq!(new["apiVersion"], "events.k8s.io/v1");
    let (old, new) = (old["items"].as_array().unwrap(), new["items"].as_array().unwrap());
    assert!(!old.is_empty() && old.len() == new.len());
    for (old, new) in old.iter().zip(new) {
        for (a, b) in [
            ("metadata", "metadata"),
            ("message", "note"),
            ("involvedObject", "regarding"),
            ("count", "deprecatedCount"),
        ] {
            assert_eq!(old[a], new[b]);
        }
        assert!(new["message"].is_null());
    }
    let mut watch = Watch::open(&cluster, &format!("{path}?watch=true"), "").await;
    let made = json!({"metadata": {"name": "told"}, "regarding": {"kind": "Pod", "namespace": "shop", "name": "x"},
        "note": "said", "reason": "Said", "type": "Normal", "action": "Saying", "reportingController": "me",
        "reportingInstance": "me-1", "eventTime": "2026-11-21T12:00:00.000000Z"});
    let (code, answer) = call(&cluster, "POST", path, &made).await;
    assert_eq!((code, &answer["note"], &answer["apiVersion"]), (201, &json!("said"), &json!("events.k8s.io/v1")));
    let seen = watch.until(|e| e["object"]["metadata"]["name"] == "told").await;
    assert_eq!((&seen["type"], &seen["object"]["note"]), (&json!("ADDED"), &json!("said")));
    let same = get(&cluster, "/api/v1/namespaces/shop/events/told").await;
    assert_eq!((&same["message"], &same["involvedObject"]["name"]), (&json!("said"), &json!("x")));
    let patched = call(&cluster, "PATCH", &format!("{path}/told"), &json!({"note": "again"})).await.1;
    assert_eq!((&patched["note"], &patched["message"]), (&json!("again"), &Value::Null));
    assert_eq!(call(&cluster, "DELETE", &format!("{path}/told"), &Value::Null).await.0, 200);
}

#[tokio::test(start_paused = true)]
async fn the_story_churns_on_request() {
    let options = Options { churn: 20.0, epoch: "2026-11-21T12:00:00Z".parse().ok(), ..Options::default() };
    let cluster = Cluster::start(&options);
    let mut watch = Watch::open(&cluster, "/api/v1/pods?watch=true&resourceVersion=0", "").await;
    let at = tokio::time::Instant::now();
    let mut seen = 0;
    while seen < 100 {
        seen += usize::from(watch.next().await.unwrap()["type"] == "MODIFIED");
    }
    assert!(at.elapsed() < Duration::from_secs(6), "{:?}", at.elapsed());
}

#[tokio::test(start_paused = true)]
async fn generated_pods_are_as_large_as_real_ones() {
    let cluster = Cluster::start(&Options { pods: Some(100), nodes: Some(4), ..Options::default() });
    let pods = get(&cluster, "/api/v1/pods").await;
    let sizes: Vec<usize> = pods["items"].as_array().unwrap().iter().map(|p| p.to_string().len()).collect();
    let mean = sizes.iter().sum::<usize>() / sizes.len();
    assert!((6_000..9_000).contains(&mean), "{mean}: {sizes:?}");
}

#[tokio::test(start_paused = true)]
async fn reviews_are_taken_as_protobuf_too() {
    let cluster = start();
    // A SelfSubjectAccessReview of `kubectl auth can-i get pods -n shop`, as it is sent.
    let hex = include_str!("tests/access-review.hex");
    let bytes: Vec<u8> =
        (0..hex.trim().len()).step_by(2).map(|i| u8::from_str_radix(&hex[i..i + 2], 16).unwrap()).collect();
    let path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    let media = "application/vnd.kubernetes.protobuf";
    for (token, allowed) in [("demo-admin", true), ("demo-viewer", true)] {
        for (accept, json) in [("application/json", true), (media, false)] {
            let mut request = ask("POST", path, token, accept, media, "");
            *request.body_mut() = Full::new(bytes.clone().into());
            let answer = send(&cluster, request).await;
            assert_eq!(answer.status(), 201);
            let body = answer.into_body().collect().await.unwrap().to_bytes();
            let review = if json {
                serde_json::from_slice(&body).unwrap()
            } else {
                super::proto::decode::object(&body).unwrap()
            };
            assert_eq!(review["status"]["allowed"], allowed, "{review}");
            assert_eq!(review["spec"]["resourceAttributes"]["resource"], "pods", "{review}");
        }
    }
    let mut broken = ask("POST", path, "demo-admin", "", media, "");
    *broken.body_mut() = Full::new(Bytes::from_static(b"k8s\0nonsense"));
    assert_eq!(send(&cluster, broken).await.status(), 415);
}
