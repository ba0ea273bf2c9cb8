//! An API server of pods that do nothing but write: enough of one for the program to read their logs.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Serves a pod `shop/loud` whose container `c` has said these lines, until the test ends. Returns
/// the kubeconfig that leads there, written into `folder`.
pub fn serve(folder: &Path, lines: &[Vec<u8>]) -> PathBuf {
    let mut log = Vec::new();
    for (n, line) in lines.iter().enumerate() {
        log.extend_from_slice(format!("2026-11-21T12:00:00.{n:06}000Z ").as_bytes());
        log.extend(line.iter().filter(|b| **b != b'\n'));
        log.push(b'\n');
    }
    // What cannot be written was not wanted any more.
    let port = listen(&[pod("loud", "u")], move |stream| drop(stream.write_all(&log)));
    kubeconfig(folder, port)
}

/// A kubeconfig in `folder` that leads to a server on that port.
pub fn kubeconfig(folder: &Path, port: u16) -> PathBuf {
    let file = folder.join("kubeconfig");
    let text = format!(
        r#"{{"apiVersion": "v1", "kind": "Config", "current-context": "loud",
"clusters": [{{"name": "loud", "cluster": {{"server": "http://127.0.0.1:{port}"}}}}],
"contexts": [{{"name": "loud", "context": {{"cluster": "loud", "user": "loud", "namespace": "shop"}}}}],
"users": [{{"name": "loud", "user": {{"token": "none"}}}}]}}"#
    );
    std::fs::write(&file, text).expect("a kubeconfig");
    file
}

/// A running pod of the namespace `shop` with a container `c`.
pub fn pod(name: &str, uid: &str) -> String {
    format!(
        r#"{{"metadata": {{"name": "{name}", "namespace": "shop", "uid": "{uid}", "resourceVersion": "5", "labels": {{"app": "loud"}}}},
"spec": {{"containers": [{{"name": "c"}}]}},
"status": {{"phase": "Running", "containerStatuses": [{{"name": "c", "containerID": "c://{uid}", "state": {{"running": {{}}}}}}]}}}}"#
    )
}

/// Serves these pods on a port of loopback until the process ends; `log` writes what each has to say.
pub fn listen(pods: &[String], log: impl Fn(&mut TcpStream) + Send + Sync + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("its address").port();
    let items = pods.join(",");
    let list = format!(r#"{{"kind": "PodList", "metadata": {{"resourceVersion": "5"}}, "items": [{items}]}}"#);
    let (list, log): (Arc<str>, _) = (list.into(), Arc::new(log));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (list, log) = (list.clone(), log.clone());
            std::thread::spawn(move || answer(stream, &list, &*log));
        }
    });
    port
}

fn answer(mut stream: TcpStream, list: &str, log: &impl Fn(&mut TcpStream)) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut first = String::new();
    reader.read_line(&mut first).ok()?;
    let mut header = String::new();
    while reader.read_line(&mut header).ok()? > 2 {
        header.clear();
    }
    let path = first.split(' ').nth(1)?;
    let ok = "HTTP/1.1 200 OK\r\nConnection: close\r\n";
    if path.contains("/log?") {
        write!(stream, "{ok}Content-Type: text/plain\r\n\r\n").ok()?;
        log(&mut stream);
        // It goes on and says no more.
        let _ = reader.read_line(&mut header);
    } else if path.starts_with("/api/v1/namespaces/shop/pods?") && path.contains("watch=true") {
        write!(stream, "{ok}Content-Type: application/json\r\n\r\n").ok()?;
        let _ = reader.read_line(&mut header);
    } else if path.starts_with("/api/v1/namespaces/shop/pods?") {
        write!(stream, "{ok}Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{list}", list.len()).ok()?;
    } else {
        write!(stream, "HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n").ok()?;
    }
    Some(())
}
