//! The simulated cluster against the real one: the same requests to both, the same answers from both.
//!
//! What may differ (uids, versions, times, names of the two) is taken out before the comparison; everything
//! else in a Status, and the order of what a watch tells, has to be equal.

use crate::judged::{beside, kubectl_on};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The namespace both have for the script.
const SPACE: &str = "twins";

/// A server that speaks plain HTTP on loopback, and the process behind it.
struct Server {
    process: Child,
    address: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Server {
    /// The server behind a program that says `... 127.0.0.1:PORT` once it serves.
    fn of(mut process: Child) -> Self {
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let at = line.find("127.0.0.1:").unwrap_or_else(|| panic!("no address in {line:?}"));
        let address = line[at..].trim().to_owned();
        Self { process, address }
    }

    fn real() -> Self {
        Self::of(kubectl_on(&["proxy", "--port=0", "--reject-paths=^$"]))
    }

    fn simulated() -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_qd"));
        command.args(["demo-server", "--listen", "127.0.0.1:0"]).stdout(Stdio::piped());
        Self::of(command.spawn().expect("the simulated cluster starts"))
    }

    fn open(&self, method: &str, path: &str, media: &str, body: &str, more: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nAccept: application/json\r\nContent-Type: {media}\r\nContent-Length: {length}\r\n{more}\r\n{body}"
        )
        .unwrap();
        stream
    }

    /// The code and the body of an answer.
    fn call(&self, method: &str, path: &str, media: &str, body: &Value) -> (u16, Value) {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let mut all = Vec::new();
        self.open(method, path, media, &body, "").read_to_end(&mut all).unwrap();
        let (code, chunked, rest) = head(&all);
        let plain = if chunked { unchunked(rest) } else { rest.to_vec() };
        let text = String::from_utf8_lossy(&plain).trim_end().to_owned();
        (code, serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }

    fn get(&self, path: &str) -> Value {
        self.call("GET", path, "", &Value::Null).1
    }
}

fn head(answer: &[u8]) -> (u16, bool, &[u8]) {
    let end = answer.windows(4).position(|w| w == b"\r\n\r\n").expect("the answer has a head");
    let head = String::from_utf8_lossy(&answer[..end]).to_lowercase();
    let code = head.split(' ').nth(1).and_then(|c| c.parse().ok()).expect("the answer has a code");
    (code, head.contains("transfer-encoding: chunked"), &answer[end + 4..])
}

fn unchunked(mut rest: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    while let Some(end) = rest.windows(2).position(|w| w == b"\r\n") {
        let size = usize::from_str_radix(String::from_utf8_lossy(&rest[..end]).trim(), 16).unwrap_or(0);
        if size == 0 {
            break;
        }
        out.extend_from_slice(&rest[end + 2..end + 2 + size]);
        rest = &rest[end + 4 + size..];
    }
    out
}

/// The same in both: uids and versions become words, and what only one of them can know is taken out.
fn plain(value: &Value) -> Value {
    match value {
        Value::Object(map) => Value::Object(
            map.iter()
                .filter(|(k, _)| {
                    !matches!(k.as_str(), "uid" | "resourceVersion" | "creationTimestamp" | "managedFields")
                })
                .map(|(k, v)| (k.clone(), plain(v)))
                .collect(),
        ),
        Value::Array(all) => Value::Array(all.iter().map(plain).collect()),
        Value::String(text) => Value::String(
            text.split(' ')
                .map(|w| if w.len() >= 36 && w.matches('-').count() == 4 { "UID" } else { w })
                .collect::<Vec<_>>()
                .join(" "),
        ),
        other => other.clone(),
    }
}

const JSON: &str = "application/json";
const MERGE: &str = "application/merge-patch+json";
const STRATEGIC: &str = "application/strategic-merge-patch+json";
const STEPS: &str = "application/json-patch+json";

/// A request with its media type and body.
type Step = (&'static str, String, &'static str, Value);

/// What is asked of both, in this order.
fn script() -> Vec<Step> {
    let core = |rest: &str| format!("/api/v1/namespaces/{SPACE}/{rest}");
    let apps = |rest: &str| format!("/apis/apps/v1/namespaces/{SPACE}/{rest}");
    let map = |name: &str| json!({"kind": "ConfigMap", "apiVersion": "v1", "metadata": {"name": name, "labels": {"a": "b"}}, "data": {"k": "v"}});
    let none = Value::Null;
    let pod =
        json!({"kind": "Pod", "apiVersion": "v1", "metadata": {"name": "p"}, "spec": {"containers": [{"name": "c"}]}});
    let budget = json!({"kind": "PodDisruptionBudget", "apiVersion": "policy/v1", "metadata": {"name": "b"},
        "spec": {"minAvailable": 1, "selector": {"matchLabels": {"x": "y"}}}});
    vec![
        ("GET", core("configmaps/none"), "", none.clone()),
        ("GET", apps("deployments/none"), "", none.clone()),
        ("GET", core("nonsense"), "", none.clone()),
        ("GET", "/apis/nonsense/v1/x".into(), "", none.clone()),
        ("GET", core("pods?fieldSelector=spec.nonsense%3Dx"), "", none.clone()),
        ("GET", core("pods?labelSelector=a%20b"), "", none.clone()),
        ("GET", core("pods?watch=true&sendInitialEvents=true"), "", none.clone()),
        ("POST", core("configmaps"), JSON, map("one")),
        ("POST", core("configmaps"), JSON, map("one")),
        ("POST", core("configmaps"), JSON, map("Bad_Name")),
        ("POST", core("configmaps?dryRun=All"), JSON, map("two")),
        ("GET", core("configmaps/two"), "", none.clone()),
        ("POST", core("pods"), JSON, pod),
        ("PATCH", core("configmaps/one"), MERGE, json!({"data": {"k": "w", "n": "m"}})),
        ("PATCH", core("configmaps/one"), STRATEGIC, json!({"metadata": {"annotations": {"x": "y"}}})),
        ("PATCH", core("configmaps/one"), STEPS, json!([{"op": "replace", "path": "/data/k", "value": "z"}])),
        ("PATCH", core("configmaps/one"), STEPS, json!([{"op": "test", "path": "/data/k", "value": "other"}])),
        ("PATCH", core("configmaps/one"), "text/plain", json!({})),
        ("PATCH", core("configmaps/one"), MERGE, json!({"metadata": {"resourceVersion": "1"}})),
        ("PATCH", core("configmaps/none"), MERGE, json!({"data": {}})),
        ("PUT", core("configmaps/one"), JSON, map("other")),
        (
            "DELETE",
            core("configmaps/one"),
            JSON,
            json!({"kind": "DeleteOptions", "apiVersion": "v1", "preconditions": {"uid": "another"}}),
        ),
        ("DELETE", core("configmaps/one?dryRun=All"), "", none.clone()),
        ("DELETE", core("configmaps/one"), "", none.clone()),
        ("DELETE", core("configmaps/one"), "", none.clone()),
        ("POST", format!("/apis/policy/v1/namespaces/{SPACE}/poddisruptionbudgets"), JSON, budget),
        ("DELETE", format!("/apis/policy/v1/namespaces/{SPACE}/poddisruptionbudgets/b"), "", none.clone()),
        ("GET", core("pods/none/log"), "", none.clone()),
        ("GET", core("pods/none/exec?command=sh&stdout=true"), "", none.clone()),
        (
            "POST",
            core("pods/none/eviction"),
            JSON,
            json!({"kind": "Eviction", "apiVersion": "policy/v1", "metadata": {"name": "none"}}),
        ),
        ("PATCH", apps("deployments/none/scale"), MERGE, json!({"spec": {"replicas": 2}})),
        ("GET", "/api/v1/nodes/none".into(), "", none.clone()),
        ("PUT", core("pods/none/log"), JSON, json!({})),
        ("POST", format!("/api/v1/namespaces/no-such-{SPACE}/configmaps"), JSON, map("x")),
        ("GET", "/healthz".into(), "", none.clone()),
        ("GET", "/nonsense".into(), "", none),
    ]
}

#[test]
fn the_simulated_server_answers_as_the_real_one() {
    let _held = beside();
    let (real, simulated) = (Server::real(), Server::simulated());
    let space = json!({"kind": "Namespace", "apiVersion": "v1", "metadata": {"name": SPACE}});
    for server in [&real, &simulated] {
        server.call("POST", "/api/v1/namespaces", JSON, &space);
    }
    // The real one makes each namespace's account a moment later, and refuses pods until then.
    let account = format!("/api/v1/namespaces/{SPACE}/serviceaccounts/default");
    let deadline = Instant::now() + Duration::from_secs(120);
    while real.call("GET", &account, "", &Value::Null).0 != 200 {
        assert!(Instant::now() < deadline, "{account} was not made");
        std::thread::sleep(Duration::from_millis(100));
    }
    let mut wrong = Vec::new();
    for (method, path, media, body) in script() {
        let (a, b) = (real.call(method, &path, media, &body), simulated.call(method, &path, media, &body));
        let (told, said) = ((a.0, plain(&a.1)), (b.0, plain(&b.1)));
        if told != said {
            wrong.push(format!(
                "{method} {path} {body}\n    real:      {} {}\n    simulated: {} {}",
                told.0, told.1, said.0, said.1
            ));
        }
    }
    for server in [&real, &simulated] {
        server.call("DELETE", &format!("/api/v1/namespaces/{SPACE}"), "", &Value::Null);
    }
    assert!(wrong.is_empty(), "{} of {} answers differ:\n{}", wrong.len(), script().len(), wrong.join("\n"));
}

/// What a watch tells of changes made in this order: type, name and label.
fn told(server: &Server, selector: &str) -> Vec<String> {
    let path = "/api/v1/namespaces/default/configmaps";
    for name in ["twin-1", "twin-2"] {
        server.call("DELETE", &format!("{path}/{name}"), "", &Value::Null);
    }
    let rv = server.get(path)["metadata"]["resourceVersion"].as_str().unwrap().to_owned();
    let query = format!("?watch=true&resourceVersion={rv}&timeoutSeconds=8&labelSelector={selector}");
    let stream = server.open("GET", &format!("{path}{query}"), "", "", "");
    let map = |name: &str, team: &str| json!({"kind": "ConfigMap", "apiVersion": "v1", "metadata": {"name": name, "labels": {"twin": "yes", "team": team}}});
    server.call("POST", path, JSON, &map("twin-1", "a"));
    server.call("POST", path, JSON, &map("twin-2", "b"));
    let team = |team: &str| json!({"metadata": {"labels": {"team": team}}});
    server.call("PATCH", &format!("{path}/twin-1"), MERGE, &team("b"));
    server.call("PATCH", &format!("{path}/twin-2"), MERGE, &team("a"));
    server.call("PATCH", &format!("{path}/twin-2"), MERGE, &team("a"));
    server.call("PATCH", &format!("{path}/twin-1"), MERGE, &json!({"metadata": {"finalizers": ["example.org/hold"]}}));
    server.call("DELETE", &format!("{path}/twin-1"), "", &Value::Null);
    server.call("PATCH", &format!("{path}/twin-1"), MERGE, &json!({"metadata": {"finalizers": null}}));
    server.call("DELETE", &format!("{path}/twin-2"), "", &Value::Null);
    let mut all = Vec::new();
    BufReader::new(stream).read_to_end(&mut all).unwrap();
    let (code, chunked, rest) = head(&all);
    assert_eq!(code, 200);
    let plain = if chunked { unchunked(rest) } else { rest.to_vec() };
    let events = serde_json::Deserializer::from_slice(&plain).into_iter::<Value>().map(Result::unwrap);
    events
        .map(|e| {
            let meta = &e["object"]["metadata"];
            let ending = if meta["deletionTimestamp"].is_null() { "" } else { " ending" };
            format!("{} {} {}{ending}", e["type"], meta["name"], meta["labels"]["team"])
        })
        .collect()
}

#[test]
fn watches_tell_the_same_in_the_same_order() {
    let _held = beside();
    let (real, simulated) = (Server::real(), Server::simulated());
    for selector in ["twin%3Dyes", "team%3Da,twin%3Dyes", "team%3Db,twin%3Dyes"] {
        let (a, b) = (told(&real, selector), told(&simulated, selector));
        assert!(a.len() >= 4, "{selector}: {a:?}");
        assert_eq!(a, b, "{selector}");
    }
}

#[test]
fn sessions_are_refused_alike() {
    let _held = beside();
    let (real, simulated) = (Server::real(), Server::simulated());
    // Pods that are in both: nobody has placed them.
    let pod = json!({"kind": "Pod", "apiVersion": "v1", "metadata": {"name": "twin"}, "spec": {
        "nodeSelector": {"no-such": "label"}, "containers": [{"name": "a", "image": "x:1"}, {"name": "b", "image": "x:1"}]}});
    let path = "/api/v1/namespaces/default/pods";
    let account = |s: &Server| s.get("/api/v1/namespaces/default/serviceaccounts/default");
    for server in [&real, &simulated] {
        server.call("DELETE", &format!("{path}/twin?gracePeriodSeconds=0"), "", &Value::Null);
        let made = server.call("POST", path, JSON, &pod);
        assert_eq!(made.0, 201, "{} {}", made.1, account(server));
    }
    for query in [
        "log",
        "log?container=c",
        "log?container=a",
        "log?container=a&tailLines=-1",
        "log?container=a&tailLines=x",
        "log?container=a&limitBytes=0",
        "log?container=a&sinceSeconds=0",
        "log?container=a&sinceTime=x",
        "log?container=a&sinceSeconds=5&sinceTime=2026-01-01T00:00:00Z",
        "log?container=a&stream=Stdout",
        "exec?command=sh&stdout=true",
        "exec?command=sh&stdout=true&container=c",
        "exec?command=sh&stdout=true&container=a",
        "attach?stdout=true&container=a",
        "portforward?ports=80",
    ] {
        let ask = |s: &Server| {
            let (code, body) = s.call("GET", &format!("{path}/twin/{query}"), "", &Value::Null);
            (code, plain(&body))
        };
        assert_eq!(ask(&simulated), ask(&real), "{query}");
    }
    for server in [&real, &simulated] {
        server.call("DELETE", &format!("{path}/twin?gracePeriodSeconds=0"), "", &Value::Null);
    }
}
