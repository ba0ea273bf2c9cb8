//! An API server of pods that do nothing but write: enough of one for the program to follow them all.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Lines of one write: of 160 bytes each they are more than four KiB.
const WRITE: u64 = 26;

/// The server; its writers fall silent with it.
pub struct Choir {
    pub kubeconfig: PathBuf,
    singing: Arc<AtomicBool>,
    written: Arc<AtomicU64>,
}

impl Choir {
    /// Serves so many pods, each of which writes so many lines a second from when it is read.
    pub fn start(pods: usize, rate: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("its address").port();
        let kubeconfig = std::env::temp_dir().join(format!("qd-bench-choir-{port}"));
        let text = format!(
            r#"{{"apiVersion": "v1", "kind": "Config", "current-context": "choir",
"clusters": [{{"name": "choir", "cluster": {{"server": "http://127.0.0.1:{port}"}}}}],
"contexts": [{{"name": "choir", "context": {{"cluster": "choir", "user": "choir", "namespace": "shop"}}}}],
"users": [{{"name": "choir", "user": {{"token": "none"}}}}]}}"#
        );
        std::fs::write(&kubeconfig, text).expect("a kubeconfig");
        let (singing, written) = (Arc::new(AtomicBool::new(true)), Arc::new(AtomicU64::new(0)));
        let list: Arc<str> = list(pods).into();
        let (go, count) = (singing.clone(), written.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (list, go, count) = (list.clone(), go.clone(), count.clone());
                std::thread::spawn(move || answer(stream, &list, rate, &go, &count));
            }
        });
        Self { kubeconfig, singing, written }
    }

    /// Lines that were written so far.
    pub fn written(&self) -> u64 {
        self.written.load(Ordering::Relaxed)
    }

    /// Nothing more is written.
    pub fn hush(&self) {
        self.singing.store(false, Ordering::Relaxed);
    }
}

impl Drop for Choir {
    fn drop(&mut self) {
        self.hush();
        let _ = std::fs::remove_file(&self.kubeconfig);
    }
}

fn list(pods: usize) -> String {
    let mut items = String::new();
    for n in 0..pods {
        let _ = write!(
            items,
            r#"{}{{"metadata": {{"name": "voice-{n}", "namespace": "shop", "uid": "u{n}", "resourceVersion": "5", "labels": {{"app": "voice"}}}},
"spec": {{"containers": [{{"name": "c"}}]}},
"status": {{"phase": "Running", "containerStatuses": [{{"name": "c", "containerID": "c://{n}", "state": {{"running": {{}}}}}}]}}}}"#,
            if n == 0 { "" } else { "," }
        );
    }
    format!(r#"{{"kind": "PodList", "metadata": {{"resourceVersion": "5"}}, "items": [{items}]}}"#)
}

fn answer(mut stream: TcpStream, list: &str, rate: u64, go: &AtomicBool, written: &AtomicU64) -> Option<()> {
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
        sing(&mut stream, rate, go, written)?;
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

/// Writes at its rate, in pieces, each line with the time it is written at.
fn sing(stream: &mut TcpStream, rate: u64, go: &AtomicBool, written: &AtomicU64) -> Option<()> {
    let begin = Instant::now();
    let mut text = String::new();
    for piece in 1.. {
        let due = Duration::from_micros(piece * WRITE * 1_000_000 / rate);
        std::thread::sleep(due.saturating_sub(begin.elapsed()));
        if !go.load(Ordering::Relaxed) {
            return Some(());
        }
        text.clear();
        for n in 0..WRITE {
            let now = jiff::Timestamp::now();
            // A time, and a line of 160 bytes.
            let head = format!("INFO line {n} of piece {piece} ");
            let _ = writeln!(text, "{now:.9} {head:x<160}");
        }
        stream.write_all(text.as_bytes()).ok()?;
        written.fetch_add(WRITE, Ordering::Relaxed);
    }
    Some(())
}
