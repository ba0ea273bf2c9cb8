//! Programs in panes: output through the emulator beside the emulator alone, and how long a key takes to come
//! back from a shell of the simulated cluster through the whole of a session.
//!
//! `cargo bench --bench shell`.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a bench prints what it found, and stops where it cannot go on"
)]

use quarterdeck::cluster::{Connection, Overrides, fetch, sessions};
use quarterdeck::core::kind::{ClusterId, Kind, ObjectRef};
use quarterdeck::core::shell::{Allowed, Screen, ShellEvent, ShellId, ShellOrder, Task, Wish};
use quarterdeck::demo::{Cluster, Options};
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// Bytes put through an emulator.
const BYTES: usize = 32 << 20;
/// What a message brings at most.
const PIECE: usize = 64 << 10;
const SIZE: (u16, u16) = (120, 40);
const KEYS: usize = 300;

fn corpus(line: impl Fn(usize) -> String) -> Vec<u8> {
    let mut all = Vec::with_capacity(BYTES + 256);
    for n in 0.. {
        all.extend_from_slice(line(n).as_bytes());
        if all.len() >= BYTES {
            break;
        }
    }
    all
}

fn rate(name: &str, bytes: &[u8], mut feed: impl FnMut(&[u8])) -> f64 {
    let start = Instant::now();
    bytes.chunks(PIECE).for_each(&mut feed);
    let mb = bytes.len() as f64 / 1e6 / start.elapsed().as_secs_f64();
    println!("  {name:<24} {mb:8.1} MB/s");
    mb
}

fn throughput() {
    let plain = corpus(|n| format!("{n:08} a line of a build, as long as such lines are on most days\r\n"));
    let coloured =
        corpus(|n| format!("\x1b[3{}m{n:08}\x1b[0m \x1b[1mok\x1b[0m src/core/{n}.rs \x1b[2mdone\x1b[0m\r\n", n % 8));
    let drawn = corpus(|n| format!("\x1b[{};{}H\x1b[48;5;{}m日本 {n}\x1b[K", n % 40 + 1, n % 100 + 1, n % 256));
    for (name, bytes) in [("lines", &plain), ("coloured lines", &coloured), ("a full screen drawn", &drawn)] {
        println!("{name}");
        let mut alone = vt100::Parser::new(SIZE.1, SIZE.0, 1_000);
        let base = rate("the emulator alone", bytes, |b| alone.process(b));
        let mut screen = Screen::new(SIZE, 1_000, Allowed::default());
        let ours = rate("a pane", bytes, |b| drop(black_box(screen.feed(b))));
        println!("  {:<24} {:8.2}", "ratio", ours / base);
    }
}

async fn echo() {
    let cluster = Cluster::start(&Options::default());
    let connection = Connection::in_process("demo", &Overrides::default(), move || cluster.connect());
    let kind = Arc::new(Kind {
        group: "".into(),
        version: "v1".into(),
        plural: "pods".into(),
        kind: "Pod".into(),
        singular: "pod".into(),
        short: Vec::new(),
        namespaced: true,
        verbs: Vec::new(),
        scale: false,
    });
    let (namespace, name) = ("data".into(), "postgres-0".into());
    let pod = ObjectRef { cluster: ClusterId(1), kind, namespace, name, uid: None };
    fetch::object(&connection, &pod).await.expect("the pod is there");
    let task = Task::Exec(vec!["sh".into()]);
    let wish = Wish { id: ShellId(1), pod, container: "postgres".into(), task, stdin: true, tty: true };
    let (out, mut events) = mpsc::channel(1);
    let (keys, orders) = mpsc::unbounded_channel();
    tokio::spawn(sessions::shell::run(connection, wish, out, orders));
    let mut screen = Screen::new(SIZE, 1_000, Allowed::default());
    let mut took: Vec<Duration> = Vec::with_capacity(KEYS);
    let mut said = 0;
    while said == 0 {
        if let ShellEvent::Said(bytes) = events.recv().await.expect("a prompt") {
            screen.feed(&bytes);
            said = bytes.len();
        }
    }
    for n in 0..KEYS {
        let start = Instant::now();
        keys.send(ShellOrder::Type(vec![b'a' + (n % 26) as u8])).expect("the session stands");
        let ShellEvent::Said(bytes) = events.recv().await.expect("an echo") else { continue };
        screen.feed(&bytes);
        took.push(start.elapsed());
    }
    took.sort();
    let at = |q: f64| took[((took.len() - 1) as f64 * q) as usize];
    println!("a key and its echo, {} times: p50 {:?}, p95 {:?}, most {:?}", took.len(), at(0.5), at(0.95), at(1.0));
}

fn main() {
    throughput();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("threads");
    runtime.block_on(echo());
}
