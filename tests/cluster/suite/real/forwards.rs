//! Forwarded ports whose pods, and whose way to the server, go away below them.

use crate::acting::hand::until;
use crate::console::open;
use crate::judged::{Space, Undo, containers, kubectl, lever, through};
use crate::pty::Program;
use crate::stopwatch::within;
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const SIZE: (u16, u16) = (200, 40);
const SOON: Duration = Duration::from_mins(1);

/// A Deployment that serves, its Service, and a console that leads a local port there.
fn forwarded(space: &Space, conf: &str) -> (Program, u16) {
    let ns = space.0;
    kubectl(&["create", "deployment", "web", "-n", ns, "--image=qd.test/web:1", "--port=8080"]);
    kubectl(&["expose", "deployment", "web", "-n", ns, "--port=80", "--target-port=8080"]);
    kubectl(&["rollout", "status", "deployment/web", "-n", ns, "--timeout=60s"]);
    let mut program = open(conf, &["-n", ns], ":services", SIZE);
    program.wait_for("the row", |s| s.contents().contains("▌web"));
    program.send(":forward :80\r");
    program.wait_for_text("127.0.0.1:");
    program.send(":forwards\r");
    program.wait_for_text("╭ forwards");
    let mut port = None;
    program.wait_for("where it listens", |s| {
        let text = s.contents();
        let found =
            text.split("127.0.0.1:").nth(1).map(|t| t.chars().take_while(char::is_ascii_digit).collect::<String>());
        port = found.filter(|_| text.contains("live")).and_then(|p| p.parse::<u16>().ok());
        port.is_some()
    });
    (program, port.unwrap())
}

/// A connection over a forwarded port that has asked for a path.
fn asking(port: u16, path: &str, way: &str, patience: Duration) -> std::io::Result<TcpStream> {
    let mut socket = TcpStream::connect(("127.0.0.1", port))?;
    socket.set_read_timeout(Some(patience))?;
    socket.write_all(format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: {way}\r\n\r\n").as_bytes())?;
    Ok(socket)
}

/// One request: what is answered. The end of the connection is not waited for: containerd takes a second over it.
fn asked(port: u16, patience: Duration) -> Option<String> {
    let mut socket = asking(port, "/", "close", patience).ok()?;
    let (mut part, mut heard) = ([0; 1024], Vec::new());
    while !heard.ends_with(b"\n") || !contains(&heard, "hello from") {
        match socket.read(&mut part) {
            Ok(n @ 1..) => heard.extend_from_slice(&part[..n]),
            _ => return None,
        }
    }
    let text = String::from_utf8(heard).ok()?;
    text.starts_with("HTTP/1.1 200").then_some(text)
}

fn contains(heard: &[u8], text: &str) -> bool {
    heard.windows(text.len()).any(|w| w == text.as_bytes())
}

/// The pod that serves, other than `not`.
fn pod(space: &Space, not: &str) -> Option<String> {
    let names = kubectl(&["get", "pods", "-n", space.0, "-l", "app=web", "-o", "name"]);
    names.lines().find(|n| *n != not).map(str::to_owned)
}

/// A client that keeps its connection: it is served, and once more when the connection is gone.
fn stays(port: u16, served: &AtomicUsize) -> bool {
    let Ok(mut socket) = asking(port, "/", "keep-alive", SOON) else { return false };
    let (mut part, mut heard) = ([0; 1024], Vec::new());
    loop {
        match socket.read(&mut part) {
            Ok(0) => break,
            Ok(n) => {
                let before = heard.len();
                heard.extend_from_slice(&part[..n]);
                if before == 0 {
                    served.fetch_add(1, Ordering::Relaxed);
                }
            }
            // Silence is no end.
            Err(why) if matches!(why.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => return false,
            Err(_) => break,
        }
    }
    heard.starts_with(b"HTTP/1.1 200") && asked(port, SOON).is_some()
}

#[test]
fn a_forward_under_200_connections_outlives_its_pod() {
    let _containers = containers();
    let space = Space::new("qd-forward");
    let (program, port) = forwarded(&space, "admin.conf");
    let served = Arc::new(AtomicUsize::new(0));
    let client = || {
        let served = served.clone();
        std::thread::spawn(move || stays(port, &served))
    };
    let clients: Vec<_> = (0..200).map(|_| client()).collect();
    until("all served", SOON, || served.load(Ordering::Relaxed) == 200);
    program.wait_for_text("200 of 200 connections");
    let first = pod(&space, "").expect("a pod");
    kubectl(&["delete", &first, "-n", space.0, "--wait=false"]);
    let mut second = None;
    until("the next pod", SOON, || {
        second = pod(&space, &first);
        second.is_some()
    });
    let second = second.unwrap();
    kubectl(&["wait", &second, "-n", space.0, "--for=condition=Ready", "--timeout=60s"]);
    let (ready, name) = (Instant::now(), second.trim_start_matches("pod/").to_owned());
    // The last one may serve as long as it is there.
    until("an answer", SOON, || asked(port, SOON).is_some());
    within("forward: a new connection once the next pod is ready", ready.elapsed(), Duration::from_secs(2));
    until("an answer of the next pod", SOON, || asked(port, SOON).is_some_and(|t| t.contains(&name)));
    within("forward: served by the next pod", ready.elapsed(), Duration::from_secs(5));
    let again = clients.into_iter().map(|c| c.join().unwrap()).filter(|ok| *ok).count();
    assert_eq!(again, 200, "{}", program.screen().contents());
    program.wait_for("where it leads", |s| s.contents().contains(&format!("to pod {name}:8080")));
}

#[test]
fn a_forward_keeps_its_port_while_the_way_to_the_server_breaks() {
    let _through = through();
    let _undo = Undo(&["clear"]);
    let space = Space::new("qd-forward-cut");
    let (program, port) = forwarded(&space, "proxy.conf");
    assert!(asked(port, SOON).is_some());
    // Cut in the middle of an answer: the client sees that it was.
    let mut socket = asking(port, "/stream", "close", SOON).unwrap();
    let mut part = [0; 256];
    assert!(socket.read(&mut part).unwrap() > 0);
    lever(&["cut"]);
    let cut = Instant::now();
    let mut rest = Vec::new();
    let told = socket.read_to_end(&mut rest).expect_err("broken off, not ended");
    assert!(matches!(told.kind(), ErrorKind::ConnectionReset | ErrorKind::BrokenPipe), "{told:?}");
    until("an answer", SOON, || asked(port, SOON).is_some());
    within("forward: works again after a cut", cut.elapsed(), Duration::from_secs(5));
    // Silence is waited for, and what was asked meanwhile is answered after it.
    lever(&["stall"]);
    let mut waiting = asking(port, "/", "close", SOON).unwrap();
    assert!(asked(port, Duration::from_secs(2)).is_none(), "nothing can come");
    lever(&["clear"]);
    let mut text = String::new();
    waiting.read_to_string(&mut text).unwrap();
    assert!(text.contains("hello from"), "{text:?}");
    assert!(asked(port, SOON).is_some());
    // Refused for a while: the listener takes connections and leads them on afterwards.
    lever(&["refuse"]);
    program.wait_for("that it leads nowhere", |s| s.contents().contains("waiting"));
    let mut waiting = asking(port, "/", "close", SOON).unwrap();
    lever(&["clear"]);
    let mut text = String::new();
    waiting.read_to_string(&mut text).unwrap();
    assert!(text.contains("hello from"), "{text:?}");
    program.wait_for("that it leads somewhere", |s| s.contents().contains("to pod web-"));
}
