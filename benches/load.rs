//! All pods of a big cluster, from the socket to the complete table: `qd demo-server` in another
//! process, JSON, every pod decoded, stored, sorted and drawn. Baseline: `kube::runtime::watcher`
//! of `k8s_openapi`'s `Pod` into a reflector's store, all rows sorted and given to a `Table`.
//! What `curl` needs to throw the same bytes away is printed beside it.
//!
//! The baseline takes about 60 KB a pod: 6 GB at 100,000. `QD_BENCH_PODS` makes it smaller.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a bench prints what it found, and stops where it cannot go on"
)]

mod support;

use futures_util::TryStreamExt as _;
use k8s_openapi::api::core::v1::Pod;
use kube::runtime::{WatchStreamExt as _, reflector, watcher};
use quarterdeck::cluster::connect::Class;
use quarterdeck::cluster::kubeconfig;
use quarterdeck::cluster::problem::Asked;
use quarterdeck::cluster::{Connection, Env, Overrides, stream};
use quarterdeck::core::freshness::Freshness;
use quarterdeck::core::stream::StreamEvent;
use quarterdeck::kinds::wire::{Answer, Encoding, Framer, Piece};
use quarterdeck::kinds::{batch_for, spec};
use quarterdeck::runtime::clock;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::layout::Constraint;
use ratatui::widgets::{Row, Table};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use support::cluster::key;
use support::console::Console;
use support::server::{Server, resident_of};
use support::{mib, middle, ms, number, process_cpu, report, resident};
use tokio::runtime::{Builder, Runtime};

const LIST: &str = "/api/v1/pods?resourceVersion=0";
/// Rows of a batch, as a stream hands them over.
const ROWS: usize = 4_096;

/// Wall time, and CPU time of this process.
type Took = (Duration, Duration);

fn main() {
    let pods = number("QD_BENCH_PODS", 100_000);
    let runs = number("QD_BENCH_RUNS", 3);
    let server = Server::start(&["--size", &format!("{}x{pods}", pods / 20)]);
    println!("{pods} pods; the server has {} resident", mib(resident_of(server.pid())));
    for (name, accept) in [("JSON", "application/json"), ("protobuf", "application/vnd.kubernetes.protobuf")] {
        let times: Vec<_> = (0..runs).filter_map(|_| server.curl(LIST, accept)).collect();
        if let Some((_, bytes)) = times.first() {
            let time = middle(times.iter().map(|t| t.0).collect());
            println!("curl of the {name} list: {}, {} ({} B a pod)", ms(time), mib(*bytes), bytes / u64::from(pods));
        }
    }
    let io = Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("threads");
    let json = several(runs, || json(&io, &server, pods));
    let watched = several(runs, || watched(&io, &server, pods));
    let before = resident();
    let theirs = several(number("QD_BENCH_BASELINE_RUNS", 1), || baseline(&io, server.kubeconfig(), pods, before));
    let name = "watcher + reflector + sort + Table";
    report("JSON list to complete table, time", json.0, name, theirs.0);
    report("JSON list to complete table, CPU", json.1, name, theirs.1);
    report("as the program does (protobuf, time)", watched.0, name, theirs.0);
    report("as the program does (protobuf, CPU)", watched.1, name, theirs.1);
}

fn several(runs: u32, run: impl FnMut() -> Took) -> Took {
    let mut run = run;
    let all: Vec<Took> = (0..runs).map(|_| run()).collect();
    (middle(all.iter().map(|t| t.0).collect()), middle(all.iter().map(|t| t.1).collect()))
}

fn timed(run: impl FnOnce()) -> Took {
    let (start, cpu) = (Instant::now(), process_cpu());
    run();
    (start.elapsed(), process_cpu().saturating_sub(cpu))
}

fn connection(server: &Server) -> Connection {
    let env = Env::new(std::iter::empty());
    let contexts = kubeconfig::load(server.kubeconfig().to_str(), &env);
    Connection::open(&contexts, "demo", &Overrides::default(), &env).expect("a context")
}

/// The JSON list, row by row as its bytes come, on one thread.
fn json(io: &Runtime, server: &Server, pods: u32) -> Took {
    let connection = connection(server);
    let kind = spec("", "pods").expect("pods are known by heart");
    let schema = Arc::new((kind.schema)());
    timed(|| {
        let mut console = Console::new(200, 60);
        console.tell("pods", StreamEvent::Schema(schema.clone()));
        console.tell("pods", StreamEvent::Begin);
        let asked = Asked { verb: "list", resource: "pods".into(), namespace: None };
        let mut framer = Framer::new(Encoding::Json, Answer::List);
        let mut batch = batch_for(&schema);
        io.block_on(async {
            let answer = connection.stream(LIST, "application/json", Class::List, &asked);
            let mut answer = answer.await.expect("an answer");
            while let Some(chunk) = answer.chunk().await.expect("a list") {
                let fed = framer.feed(&chunk, &mut |piece: Piece<'_>| {
                    if let Piece::Item(bytes) = piece {
                        (kind.json)(bytes, &mut batch)?;
                    }
                    Ok(())
                });
                fed.expect("pods");
                if batch.len() >= ROWS {
                    console.tell("pods", StreamEvent::Batch(std::mem::replace(&mut batch, batch_for(&schema))));
                }
            }
        });
        console.tell("pods", StreamEvent::Batch(batch));
        console.tell("pods", StreamEvent::End);
        console.tell("pods", StreamEvent::Fresh(Freshness::Live));
        complete(console, pods);
    })
}

/// The program's own stream, drawn as often as the pace allows.
fn watched(io: &Runtime, server: &Server, pods: u32) -> Took {
    let connection = connection(server);
    timed(|| {
        let (out, mut slot) = tokio::sync::mpsc::channel(1);
        let task = io.spawn(stream::run(connection, key("pods"), out, clock::now));
        let mut console = Console::new(200, 60);
        let mut drawn = Instant::now();
        while let Some(event) = slot.blocking_recv() {
            let done = event == StreamEvent::Fresh(Freshness::Live);
            console.tell("pods", event);
            if done {
                break;
            }
            if drawn.elapsed() > Duration::from_millis(100) {
                std::hint::black_box(console.frame());
                drawn = Instant::now();
            }
        }
        task.abort();
        complete(console, pods);
    })
}

fn complete(mut console: Console, pods: u32) {
    std::hint::black_box(console.frame());
    assert_eq!(console.state.streams[&key("pods")].len(), pods as usize, "all pods are there");
}

fn baseline(io: &Runtime, kubeconfig: &Path, pods: u32, before: u64) -> Took {
    timed(|| {
        io.block_on(async {
            let file = kube::config::Kubeconfig::read_from(kubeconfig).expect("a kubeconfig");
            let options = kube::config::KubeConfigOptions::default();
            let config = kube::Config::from_custom_kubeconfig(file, &options).await.expect("a configuration");
            let api: kube::Api<Pod> = kube::Api::all(kube::Client::try_from(config).expect("a client"));
            let (reader, writer) = reflector::store();
            let mut events = std::pin::pin!(watcher(api, watcher::Config::default()).reflect(writer));
            while let Some(event) = events.try_next().await.expect("pods") {
                if matches!(event, watcher::Event::InitDone) {
                    break;
                }
            }
            let mut all = reader.state();
            all.sort_by_key(|p| (p.metadata.namespace.clone(), p.metadata.name.clone()));
            assert_eq!(all.len(), pods as usize, "all pods are there");
            table(&all);
            let held = resident().saturating_sub(before);
            println!("the baseline holds {} more, {} B a pod", mib(held), held / u64::from(pods));
        });
    })
}

/// What a pod's line shows, for every pod.
fn table(pods: &[Arc<Pod>]) {
    let mut terminal = Terminal::new(TestBackend::new(200, 60)).expect("a screen in memory");
    let row = |pod: &Arc<Pod>| {
        let status = pod.status.as_ref();
        let containers = status.and_then(|s| s.container_statuses.as_deref()).unwrap_or_default();
        let ready = containers.iter().filter(|c| c.ready).count();
        let restarts: i32 = containers.iter().map(|c| c.restart_count).sum();
        Row::new([
            pod.metadata.namespace.clone().unwrap_or_default(),
            pod.metadata.name.clone().unwrap_or_default(),
            format!("{ready}/{}", containers.len()),
            status.and_then(|s| s.phase.clone()).unwrap_or_default(),
            restarts.to_string(),
            pod.metadata.creation_timestamp.as_ref().map(|t| format!("{:?}", t.0)).unwrap_or_default(),
            status.and_then(|s| s.pod_ip.clone()).unwrap_or_default(),
            pod.spec.as_ref().and_then(|s| s.node_name.clone()).unwrap_or_default(),
        ])
    };
    let drawn = terminal.draw(|frame| {
        let rows: Vec<Row<'_>> = pods.iter().map(row).collect();
        frame.render_widget(Table::new(rows, [Constraint::Fill(1); 8]), frame.area());
    });
    drawn.expect("a screen in memory");
}
