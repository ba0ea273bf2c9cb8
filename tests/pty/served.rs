//! An API server of one pod, whose log is given: enough of one for the program to read it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Serves a pod `shop/loud` whose container `c` has said these lines, until the test ends. Returns
/// the kubeconfig that leads there, written into `folder`.
pub fn serve(folder: &Path, lines: &[Vec<u8>]) -> PathBuf {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("its address").port();
    let mut log = Vec::new();
    for (n, line) in lines.iter().enumerate() {
        log.extend_from_slice(format!("2026-11-21T12:00:00.{n:06}000Z ").as_bytes());
        log.extend(line.iter().filter(|b| **b != b'\n'));
        log.push(b'\n');
    }
    let log: Arc<[u8]> = log.into();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let log = log.clone();
            std::thread::spawn(move || answer(stream, &log));
        }
    });
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

const POD: &str = r#"{"metadata": {"name": "loud", "namespace": "shop", "uid": "u", "resourceVersion": "5"},
"spec": {"containers": [{"name": "c"}]},
"status": {"phase": "Running", "containerStatuses": [{"name": "c", "containerID": "c://1", "state": {"running": {}}}]}}"#;

fn answer(mut stream: TcpStream, log: &[u8]) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut first = String::new();
    reader.read_line(&mut first).ok()?;
    let mut header = String::new();
    while reader.read_line(&mut header).ok()? > 2 {
        header.clear();
    }
    let path = first.split(' ').nth(1)?;
    let ok = "HTTP/1.1 200 OK\r\nConnection: close\r\n";
    if path.contains("/pods/loud/log?") {
        write!(stream, "{ok}Content-Type: text/plain\r\n\r\n").ok()?;
        stream.write_all(log).ok()?;
        // It goes on and says no more.
        let _ = reader.read_line(&mut header);
    } else if path.starts_with("/api/v1/namespaces/shop/pods?") && path.contains("watch=true") {
        write!(stream, "{ok}Content-Type: application/json\r\n\r\n").ok()?;
        let _ = reader.read_line(&mut header);
    } else if path.starts_with("/api/v1/namespaces/shop/pods?") {
        let body = format!(r#"{{"kind": "PodList", "metadata": {{"resourceVersion": "5"}}, "items": [{POD}]}}"#);
        write!(stream, "{ok}Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len()).ok()?;
    } else {
        write!(stream, "HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n").ok()?;
    }
    Some(())
}
