//! Sessions as a client meets them, over an in-process connection and paused time.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use hyper::Request;
use serde_json::{Value, json};
use tokio::io::DuplexStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

use super::super::Cluster;
use super::super::tests::{ask, call, get, send, start};
use super::spdy::tests::Client;

type Socket = WebSocketStream<DuplexStream>;

const SHOP: &str = "/api/v1/namespaces/shop/pods";
const POSTGRES: &str = "/api/v1/namespaces/data/pods/postgres-0";

fn escaped(words: &[&str]) -> String {
    let one = |w: &&str| w.bytes().map(|b| format!("%{b:02x}")).collect::<Vec<_>>().concat();
    words.iter().map(|w| format!("command={}&", one(w))).collect::<Vec<_>>().concat()
}

async fn socket(cluster: &Cluster, path: &str, protocol: &str, token: &str) -> Result<Socket, (u16, String)> {
    let mut request = format!("ws://demo{path}").into_client_request().unwrap();
    let headers = request.headers_mut();
    if !protocol.is_empty() {
        headers.insert("sec-websocket-protocol", protocol.parse().unwrap());
    }
    headers.insert("authorization", format!("Bearer {token}").parse().unwrap());
    match client_async(request, cluster.connect()).await {
        Ok((socket, answer)) => {
            let agreed = answer.headers().get("sec-websocket-protocol").map(|v| v.to_str().unwrap().to_owned());
            assert_eq!(agreed.unwrap_or_default(), protocol);
            Ok(socket)
        }
        Err(Error::Http(answer)) => {
            let body = answer.body().clone().unwrap_or_default();
            Err((answer.status().as_u16(), String::from_utf8(body).unwrap()))
        }
        Err(other) => panic!("{other}"),
    }
}

async fn frame(socket: &mut Socket) -> Option<(u8, String)> {
    let next = tokio::time::timeout(Duration::from_secs(600), socket.next()).await.expect("a frame in ten minutes");
    match next?.ok()? {
        Message::Binary(data) => Some((data[0], String::from_utf8_lossy(&data[1..]).into_owned())),
        _ => None,
    }
}

/// Everything a session says, by channel, until it ends.
async fn all(socket: &mut Socket) -> [String; 4] {
    let mut said = [const { String::new() }; 4];
    while let Some((channel, text)) = frame(socket).await {
        said[usize::from(channel)].push_str(&text);
    }
    said
}

/// Sends to a channel; a program may have ended before it reads.
async fn put(socket: &mut Socket, channel: u8, data: &[u8]) {
    let _ = socket.send(Message::Binary([&[channel], data].concat().into())).await;
}

/// Runs a command without a terminal, with this input.
async fn exec(cluster: &Cluster, pod: &str, words: &[&str], input: &[u8]) -> (String, String, Value) {
    let path = format!("{pod}/exec?{}stdin=true&stdout=true&stderr=true", escaped(words));
    let mut socket = socket(cluster, &path, "v5.channel.k8s.io", "demo-admin").await.unwrap();
    for part in input.chunks(30_000) {
        put(&mut socket, 0, part).await;
    }
    put(&mut socket, 255, &[0]).await;
    let [_, out, err, status] = all(&mut socket).await;
    (out, err, serde_json::from_str(&status).unwrap())
}

async fn sh(cluster: &Cluster, pod: &str, script: &str) -> (String, String, Value) {
    exec(cluster, pod, &["sh", "-c", script], b"").await
}

/// A pod of an app in the shop.
async fn pod(cluster: &Cluster, app: &str) -> String {
    let pods = get(cluster, &format!("{SHOP}?labelSelector=app%3D{app}")).await;
    format!("{SHOP}/{}", pods["items"][0]["metadata"]["name"].as_str().unwrap())
}

#[tokio::test(start_paused = true)]
async fn exec_says_what_the_real_server_says() {
    let cluster = start();
    let query = format!("exec?{}stdout=true&stderr=true", escaped(&["sh", "-c", "echo hi; echo e >&2; exit 7"]));
    for (protocol, told) in [
        (
            "v5.channel.k8s.io",
            r#"{"metadata":{},"status":"Failure","message":"command terminated with non-zero exit code: command terminated with exit code 7","reason":"NonZeroExitCode","details":{"causes":[{"reason":"ExitCode","message":"7"}]}}"#,
        ),
        (
            "v4.channel.k8s.io",
            r#"{"metadata":{},"status":"Failure","message":"command terminated with non-zero exit code: error executing command [sh -c echo hi; echo e \u003e\u00262; exit 7], exit code 7","reason":"NonZeroExitCode","details":{"causes":[{"reason":"ExitCode","message":"7"}]}}"#,
        ),
        (
            "channel.k8s.io",
            "command terminated with non-zero exit code: error executing command [sh -c echo hi; echo e >&2; exit 7], exit code 7",
        ),
    ] {
        let mut socket = socket(&cluster, &format!("{POSTGRES}/{query}"), protocol, "demo-admin").await.unwrap();
        assert_eq!(frame(&mut socket).await, Some((1, String::new())), "an empty frame comes first");
        let [_, out, err, status] = all(&mut socket).await;
        assert_eq!((out.as_str(), err.as_str(), status.as_str()), ("hi\n", "e\n", told));
    }
    let (.., status) = sh(&cluster, POSTGRES, "true").await;
    assert_eq!(status.to_string(), r#"{"metadata":{},"status":"Success"}"#);
}

#[tokio::test(start_paused = true)]
async fn refusals_are_those_of_the_real_server() {
    let cluster = start();
    let broken = pod(&cluster, "ledger").await;
    let asked = |query: &str, protocol: &'static str| (format!("{POSTGRES}/{query}"), protocol);
    let v4 = "v4.channel.k8s.io";
    for ((path, protocol), code, told) in [
        (asked("exec?command=true", v4), 400, "you must specify at least 1 of stdin, stdout, stderr"),
        (asked("exec?command=true&stdout=true&container=x", v4), 400, "container x is not valid for pod postgres-0"),
        (asked("exec?command=true&stdout=true", "v9.channel.k8s.io"), 403, ""),
        (asked("portforward", v4), 400, "query parameter \"port\" is required"),
        (asked("portforward?ports=0", v4), 400, "port \"0\" must be > 0"),
        (asked("portforward?ports=5432", "v5.channel.k8s.io"), 403, ""),
        ((format!("{SHOP}/none/exec?command=true&stdout=true"), v4), 404, "pods \\\"none\\\" not found"),
        ((format!("{broken}/exec?command=true&stdout=true"), v4), 500, "container not found (\"ledger\")"),
        ((format!("{broken}/attach?stdout=true"), v4), 500, "container ledger not found in pod ledger-"),
        (
            ("/api/v1/namespaces/data/pods/exporter/exec?command=true&stdout=true".to_owned(), v4),
            400,
            "pod exporter does not have a host assigned",
        ),
    ] {
        let (was, body) = socket(&cluster, &path, protocol, "demo-admin").await.err().unwrap();
        assert!(was == code && body.contains(told), "{path}: {was} {body}");
    }
    // The newest protocol has the node's refusals in the session.
    let mut v5 =
        socket(&cluster, &format!("{broken}/exec?command=true&stdout=true"), "v5.channel.k8s.io", "demo-admin")
            .await
            .unwrap();
    assert_eq!(
        all(&mut v5).await[3],
        r#"{"metadata":{},"status":"Failure","message":"Internal error occurred: unable to upgrade connection: container not found (\"ledger\")","reason":"InternalError","details":{"causes":[{"message":"unable to upgrade connection: container not found (\"ledger\")"}]},"code":500}"#
    );
    let plain = call(&cluster, "GET", &format!("{POSTGRES}/exec?command=true&stdout=true"), &Value::Null).await;
    assert_eq!((plain.0, &plain.1["message"]), (400, &json!("Upgrade request required")));
}

#[tokio::test(start_paused = true)]
async fn a_container_without_a_shell_has_none() {
    let cluster = start();
    let bare = pod(&cluster, "shipping").await;
    for (word, why) in [
        ("sh", "exec: \"sh\": executable file not found in $PATH: unknown"),
        ("/bin/sh", "exec: \"/bin/sh\": stat /bin/sh: no such file or directory: unknown"),
    ] {
        let (.., status) = exec(&cluster, &bare, &[word], b"").await;
        let told = status["message"].as_str().unwrap();
        assert!(told.ends_with(&format!("unable to start container process: {why}")), "{told}");
        assert!(told.starts_with("Internal error occurred: Internal error occurred: error executing command in"));
    }
    // busybox has sh, but no bash.
    let cart = pod(&cluster, "inventory").await;
    assert_eq!(sh(&cluster, &cart, "echo $0 here").await.0, "sh here\n");
    assert!(exec(&cluster, &cart, &["bash"], b"").await.2.to_string().contains("executable file not found"));
}

#[tokio::test(start_paused = true)]
async fn input_can_be_closed_and_files_copied_both_ways() {
    let cluster = start();
    assert_eq!(exec(&cluster, POSTGRES, &["cat"], b"one\ntwo\n").await.0, "one\ntwo\n");
    let (archive, ..) = sh(&cluster, POSTGRES, "mkdir /tmp/a; seq 3 > /tmp/a/n; cd /tmp; tar cf - a | base64").await;
    let (out, err, status) =
        exec(&cluster, POSTGRES, &["sh", "-c", "mkdir /tmp/b; base64 -d | tar xf - -C /tmp/b"], archive.as_bytes())
            .await;
    assert_eq!((out.as_str(), err.as_str(), &status["status"]), ("", "", &json!("Success")));
    assert_eq!(sh(&cluster, POSTGRES, "cat /tmp/b/a/n").await.0, "1\n2\n3\n");
    // The files are those of the container: another one has its own.
    let other = POSTGRES.replace("-0", "-1");
    assert!(sh(&cluster, &other, "cat /tmp/b/a/n").await.1.contains("No such file or directory"));
    let many = "x".repeat(200_000);
    assert_eq!(exec(&cluster, POSTGRES, &["wc", "-c"], many.as_bytes()).await.0.trim(), "200000");
}

#[tokio::test(start_paused = true)]
async fn a_terminal_edits_echoes_and_follows_its_size() {
    let cluster = start();
    let path = format!("{POSTGRES}/exec?command=sh&stdin=true&stdout=true&tty=true");
    let mut socket = socket(&cluster, &path, "v5.channel.k8s.io", "demo-admin").await.unwrap();
    put(&mut socket, 4, br#"{"Width":77,"Height":23}"#).await;
    put(&mut socket, 0, b"sty\x7fty size\r").await;
    let mut seen = String::new();
    while !seen.contains("23 77\r\n") {
        seen.push_str(&frame(&mut socket).await.unwrap().1);
    }
    assert!(seen.contains("/ $ "), "a prompt: {seen:?}");
    put(&mut socket, 4, br#"{"Width":99,"Height":11}"#).await;
    // The arrow finds the last line again.
    put(&mut socket, 0, b"\x1b[A\r").await;
    while !seen.contains("11 99\r\n") {
        seen.push_str(&frame(&mut socket).await.unwrap().1);
    }
    // Ctrl-C ends what runs, not the shell.
    put(&mut socket, 0, b"sleep 9999\r").await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    put(&mut socket, 0, b"\x03echo $?; exit 3\r").await;
    let [_, out, _, status] = all(&mut socket).await;
    assert!(out.contains("^C\r\n") && out.contains("130\r\n"), "{out:?}");
    assert!(status.contains(r#"{"reason":"ExitCode","message":"3"}"#), "{status}");
}

#[tokio::test(start_paused = true)]
async fn spdy_carries_commands() {
    let cluster = start();
    let words = escaped(&["sh", "-c", "cat; echo e >&2; exit 4"]);
    let path = format!("{POSTGRES}/exec?{words}stdin=true&stdout=true&stderr=true");
    let mut client = upgraded(&cluster, &path, "v4.channel.k8s.io", "demo-admin").await;
    for (id, kind) in [(1, "error"), (3, "stdin"), (5, "stdout"), (7, "stderr")] {
        client.open(id, &[("streamtype", kind)]).await;
    }
    client.data(3, b"hello\n", true).await;
    let said = client.all().await;
    assert_eq!((said[&5].as_slice(), said[&7].as_slice()), (&b"hello\n"[..], &b"e\n"[..]));
    assert!(String::from_utf8_lossy(&said[&1]).contains(r#"{"reason":"ExitCode","message":"4"}"#));
}

#[tokio::test(start_paused = true)]
async fn spdy_without_a_known_protocol_is_refused() {
    let cluster = start();
    for (protocol, code) in [("", 400), ("v9.channel.k8s.io", 403)] {
        let answer = send(&cluster, spdy(&format!("{POSTGRES}/exec?command=sh&stdout=true"), protocol, "demo-admin"));
        assert_eq!(answer.await.status(), code);
    }
}

fn spdy(path: &str, protocol: &str, token: &str) -> Request<http_body_util::Full<bytes::Bytes>> {
    let mut request = ask("POST", path, token, "", "", "");
    let headers = request.headers_mut();
    headers.insert("connection", "Upgrade".parse().unwrap());
    headers.insert("upgrade", "SPDY/3.1".parse().unwrap());
    if !protocol.is_empty() {
        headers.insert("x-stream-protocol-version", protocol.parse().unwrap());
    }
    request
}

async fn upgraded(cluster: &Cluster, path: &str, protocol: &str, token: &str) -> Client {
    let answer = send(cluster, spdy(path, protocol, token)).await;
    assert_eq!(answer.status(), 101);
    Client::new(hyper_util::rt::TokioIo::new(hyper::upgrade::on(answer).await.unwrap()))
}

const GET: &[u8] = b"GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

#[tokio::test(start_paused = true)]
async fn ports_are_forwarded_over_every_carrier() {
    let cluster = start();
    let web = pod(&cluster, "inventory").await;
    let mut socket =
        socket(&cluster, &format!("{web}/portforward?ports=8080,1"), "v4.channel.k8s.io", "demo-admin").await.unwrap();
    put(&mut socket, 0, GET).await;
    let mut said = [const { String::new() }; 4];
    while let Some((channel, text)) = frame(&mut socket).await {
        said[usize::from(channel)].push_str(&text);
    }
    assert!(
        said[0].starts_with("\u{fffd}\u{1f}HTTP/1.1 200 OK") && said[0].contains("\"path\":\"/hello\""),
        "{said:?}"
    );
    assert!(said[3].contains("dial tcp4 127.0.0.1:1: connect: connection refused"), "{said:?}");

    let mut client = upgraded(&cluster, &format!("{web}/portforward"), "portforward.k8s.io", "demo-admin").await;
    for (request, port, error, data) in [("0", "8080", 1, 3), ("1", "1", 5, 7)] {
        client.open(error, &[("streamtype", "error"), ("port", port), ("requestid", request)]).await;
        client.open(data, &[("streamtype", "data"), ("port", port), ("requestid", request)]).await;
    }
    client.data(3, GET, false).await;
    let said = client.until_closed(&[1, 3, 5, 7]).await;
    assert!(String::from_utf8_lossy(&said[&3]).starts_with("HTTP/1.1 200 OK"));
    assert!(String::from_utf8_lossy(&said[&5]).contains("connection refused"));
}

#[tokio::test(start_paused = true)]
async fn a_tunnel_carries_spdy_in_a_websocket() {
    let cluster = start();
    let web = pod(&cluster, "inventory").await;
    let mut tunnel =
        socket(&cluster, &format!("{web}/portforward"), "SPDY/3.1+portforward.k8s.io", "demo-admin").await.unwrap();
    let mut writer = super::spdy::tests::Opener::default();
    for (id, kind) in [(1, "error"), (3, "data")] {
        let frame = writer.open(id, &[("streamtype", kind), ("port", "8080"), ("requestid", "0")]);
        tunnel.send(Message::Binary(frame.into())).await.unwrap();
    }
    tunnel.send(Message::Binary(super::spdy::tests::data(3, GET).into())).await.unwrap();
    let mut said = Vec::new();
    while !said.windows(15).any(|w| w == b"HTTP/1.1 200 OK") {
        let Some(Ok(Message::Binary(part))) = tunnel.next().await else { panic!("an answer: {said:?}") };
        said.extend_from_slice(&part);
    }
}

#[tokio::test(start_paused = true)]
async fn the_limited_user_may_what_its_role_says() {
    let cluster = start();
    let path = format!("{POSTGRES}/exec?command=true&stdout=true");
    // `create` alone: no WebSocket, which is a GET, but SPDY.
    let (code, body) = socket(&cluster, &path, "v5.channel.k8s.io", "demo-viewer").await.err().unwrap();
    assert!(code == 403 && body.contains("cannot get resource \\\"pods/exec\\\""), "{body}");
    upgraded(&cluster, &path, "v4.channel.k8s.io", "demo-viewer").await;
    // `get` alone: a WebSocket begins with a GET, but to open a session is to create.
    let attach = format!("{POSTGRES}/attach?stdout=true");
    let (code, body) = socket(&cluster, &attach, "v5.channel.k8s.io", "demo-viewer").await.err().unwrap();
    assert!(code == 403 && body.contains("cannot create resource \\\"pods/attach\\\""), "{body}");
    assert_eq!(send(&cluster, spdy(&attach, "v4.channel.k8s.io", "demo-viewer")).await.status(), 403);
    // Both.
    let forward = format!("{POSTGRES}/portforward?ports=5432");
    assert!(socket(&cluster, &forward, "v4.channel.k8s.io", "demo-viewer").await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn attach_follows_what_a_container_says() {
    let cluster = start();
    let path = format!("{POSTGRES}/attach?stdout=true&stderr=true");
    let mut socket = socket(&cluster, &path, "v5.channel.k8s.io", "demo-admin").await.unwrap();
    for _ in 0..3 {
        assert_eq!(frame(&mut socket).await.unwrap().0, 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_debug_container_is_a_shell_that_ends() {
    let cluster = start();
    let bare = pod(&cluster, "shipping").await;
    let debug = json!({"spec": {"ephemeralContainers": [
        {"name": "dbg", "image": "busybox", "stdin": true, "tty": true, "targetContainerName": "shipping"}
    ]}});
    let mut request = ask("PATCH", &format!("{bare}/ephemeralcontainers"), "demo-admin", "", "", &debug.to_string());
    request.headers_mut().insert("content-type", "application/strategic-merge-patch+json".parse().unwrap());
    assert_eq!(send(&cluster, request).await.status(), 200);
    let path = format!("{bare}/attach?container=dbg&stdin=true&stdout=true&tty=true");
    let mut socket = socket(&cluster, &path, "v5.channel.k8s.io", "demo-admin").await.unwrap();
    put(&mut socket, 0, b"id -u; exit 5\r").await;
    let said = all(&mut socket).await;
    assert!(said[1].contains("# ") && said[1].contains("\r\n0\r\n"), "{said:?}");
    let status = &get(&cluster, &bare).await["status"]["ephemeralContainerStatuses"][0]["state"]["terminated"];
    assert_eq!((&status["exitCode"], &status["reason"]), (&json!(5), &json!("Error")));
}

#[tokio::test(start_paused = true)]
async fn a_session_ends_with_its_container() {
    let cluster = start();
    let gone = pod(&cluster, "inventory").await;
    let path = format!("{gone}/exec?{}stdout=true", escaped(&["sleep", "99999"]));
    let mut socket = socket(&cluster, &path, "v5.channel.k8s.io", "demo-admin").await.unwrap();
    assert_eq!(call(&cluster, "DELETE", &gone, &json!({"gracePeriodSeconds": 0})).await.0, 200);
    let said = all(&mut socket).await;
    assert!(said[3].contains(r#""message":"137""#), "{said:?}");
}
