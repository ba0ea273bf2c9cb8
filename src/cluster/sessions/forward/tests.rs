//! Forwards to the simulated cluster, over real sockets of this machine.

use super::*;
use crate::cluster::call;
use crate::core::act::calls;
use crate::core::facts::{Container, Meta, Pod, list, text};
use crate::core::held::forward::{Pods, Port};
use crate::core::kind::{ClusterId, Kind, ObjectRef};
use crate::demo::{Cluster, Options};
use std::net::IpAddr;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::timeout;

const LONG: Duration = Duration::from_secs(120);

fn kind() -> Arc<Kind> {
    Arc::new(Kind {
        group: "".into(),
        version: "v1".into(),
        plural: "pods".into(),
        kind: "Pod".into(),
        singular: "pod".into(),
        short: Vec::new(),
        namespaced: true,
        verbs: Vec::new(),
        scale: false,
    })
}

fn connection(cluster: &Cluster, who: &str) -> Connection {
    let cluster = cluster.clone();
    Connection::in_process_as(who, move || cluster.connect())
}

/// The pods of a Deployment of the demo with a port, and what selects them.
async fn web(connection: &Connection) -> (Vec<ObjectRef>, String, u16) {
    let ask = Asked { verb: "list", resource: "pods".into(), namespace: Some("shop".into()) };
    let answer = connection.get_json("/api/v1/namespaces/shop/pods", &ask).await.unwrap();
    let app = |p: &serde_json::Value| text(&p["metadata"]["labels"]["app"]).to_owned();
    let all = list(&answer.body["items"]);
    let good = |p: &&serde_json::Value| {
        let owner = Meta::of(p).controller().is_some_and(|o| o.kind == "ReplicaSet");
        owner && Pod::of(p).ready && Container::all(p).iter().any(|c| !c.ports.is_empty()) && !app(p).is_empty()
    };
    let first = all.iter().find(good).expect("a workload that serves");
    let port = Container::all(first).iter().flat_map(|c| c.ports.clone()).next().unwrap().0;
    let name = app(first);
    let pods = all.iter().filter(good).filter(|p| app(p) == name).map(|p| ObjectRef {
        cluster: ClusterId(1),
        kind: kind(),
        namespace: "shop".into(),
        name: text(&p["metadata"]["name"]).into(),
        uid: Some(Meta::of(p).id()),
    });
    (pods.collect(), format!("app={name}"), port)
}

fn wish(labels: &str, name: Option<&str>, port: u16) -> Wish {
    let pods = Pods { kind: kind(), namespace: "shop".into(), name: name.map(Into::into), labels: labels.into() };
    Wish { cluster: ClusterId(1), pods, address: IpAddr::from([127, 0, 0, 1]), local: 0, port: Port::Number(port) }
}

fn begin(connection: Connection, wish: Wish) -> UnboundedReceiver<HeldEvent> {
    let (out, heard) = unbounded_channel();
    tokio::spawn(run(connection, wish, move |event| out.send(event).is_ok()));
    heard
}

async fn until<T>(heard: &mut UnboundedReceiver<HeldEvent>, mut pick: impl FnMut(HeldEvent) -> Option<T>) -> T {
    loop {
        let event = timeout(LONG, heard.recv()).await.expect("something is heard").expect("it goes on");
        if let Some(found) = pick(event) {
            return found;
        }
    }
}

async fn listening(heard: &mut UnboundedReceiver<HeldEvent>) -> String {
    until(heard, |e| if let HeldEvent::At(at) = e { Some(at.to_string()) } else { None }).await
}

/// Two hundred ask at once.
async fn many_are_served(at: &str) {
    let one = |_| {
        let at = at.to_owned();
        tokio::spawn(async move { asked(&at).await })
    };
    let all: Vec<_> = (0..200).map(one).collect();
    for one in all {
        assert!(one.await.unwrap().unwrap().contains("HTTP/1.1 200"));
    }
}

/// One request; the client closes its direction first, and hears the answer all the same.
async fn asked(at: &str) -> std::io::Result<String> {
    let mut socket = TcpStream::connect(at).await?;
    socket.write_all(b"GET /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await?;
    socket.shutdown().await?;
    let mut text = String::new();
    timeout(LONG, socket.read_to_string(&mut text)).await.expect("an answer")?;
    Ok(text)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_outlives_its_pod_and_counts_what_passes() {
    let cluster = Cluster::start(&Options::default());
    let admin = connection(&cluster, "demo-admin");
    let (pods, labels, port) = web(&admin).await;
    // The viewer may forward, too.
    let mut heard = begin(connection(&cluster, "demo-viewer"), wish(&labels, Some(&pods[0].name), port));
    let at = listening(&mut heard).await;
    let first = asked(&at).await.unwrap();
    assert!(first.contains(&*pods[0].name), "the pod that was named: {first}");
    let delete = calls::delete(&pods[0], Some(0), None);
    call::execute(&admin, &delete).await.unwrap();
    // The same listener leads to another one.
    let deadline = Instant::now() + LONG;
    let other = loop {
        match asked(&at).await {
            Ok(text) if text.contains("HTTP/1.1 200") && !text.contains(&*pods[0].name) => break text,
            _ => assert!(Instant::now() < deadline, "no other pod takes over"),
        }
    };
    assert!(other.contains("\"pod\""), "{other}");
    many_are_served(&at).await;
    let counts = until(&mut heard, |e| match e {
        HeldEvent::Passed(c) if c.all >= 202 && c.open == 0 => Some(c),
        _ => None,
    })
    .await;
    assert!(counts.into > 200 * 40 && counts.out > 200 * 100, "{counts:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_port_nobody_listens_at_is_refused_at_once_and_said() {
    let cluster = Cluster::start(&Options::default());
    let admin = connection(&cluster, "demo-admin");
    let (pods, _, _) = web(&admin).await;
    let mut heard = begin(admin, wish("", Some(&pods[0].name), 9));
    let at = listening(&mut heard).await;
    let answer = asked(&at).await;
    assert!(answer.as_ref().map_or(true, String::is_empty), "{answer:?}");
    let note = until(&mut heard, |e| if let HeldEvent::Note(n) = e { Some(n) } else { None }).await;
    assert!(note.contains("connection refused"), "{note}");
}

#[tokio::test]
async fn a_port_that_is_taken_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = taken.local_addr().unwrap().port();
    let cluster = Cluster::start(&Options::default());
    let wish = Wish { local: port, ..wish("app=x", None, 80) };
    let mut heard = begin(connection(&cluster, "demo-admin"), wish);
    let why = until(&mut heard, |e| match e {
        HeldEvent::Stands(Standing::Failed, why) => Some(why),
        _ => None,
    })
    .await;
    assert!(why.contains(&format!("127.0.0.1:{port} is taken")), "{why}");
}

/// A way to the cluster that can be cut: whatever goes over it at that moment breaks.
fn cuttable(cluster: &Cluster) -> (Connection, Arc<tokio::sync::Notify>) {
    let (cluster, knife) = (cluster.clone(), Arc::new(tokio::sync::Notify::new()));
    let cut = knife.clone();
    let make = move || {
        let (ours, mut theirs) = tokio::io::duplex(64 * 1024);
        let (mut far, cut) = (cluster.connect(), cut.clone());
        tokio::spawn(async move {
            tokio::select! {
                _ = tokio::io::copy_bidirectional(&mut theirs, &mut far) => {}
                () = cut.notified() => {}
            }
        });
        ours
    };
    (Connection::in_process_as("demo-admin", make), knife)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_way_that_breaks_is_opened_anew_and_nothing_is_said_twice() {
    let cluster = Cluster::start(&Options::default());
    let (pods, labels, port) = web(&connection(&cluster, "demo-admin")).await;
    let (cut, knife) = cuttable(&cluster);
    let mut heard = begin(cut, wish(&labels, Some(&pods[0].name), port));
    let at = listening(&mut heard).await;
    assert!(asked(&at).await.unwrap().contains("HTTP/1.1 200"));
    // One has said a part, another one nothing.
    let mut half = TcpStream::connect(&at).await.unwrap();
    half.write_all(b"POST /order HTTP/1.1\r\n").await.unwrap();
    let mut silent = TcpStream::connect(&at).await.unwrap();
    until(&mut heard, |e| match e {
        HeldEvent::Passed(c) if c.open == 2 && c.into >= 22 + 40 => Some(()),
        _ => None,
    })
    .await;
    knife.notify_waiters();
    let mut rest = Vec::new();
    let told = timeout(LONG, half.read_to_end(&mut rest)).await.expect("it is told");
    assert!(told.is_err() && rest.is_empty(), "broken, not ended: {told:?} {rest:?}");
    // The same listener, and the pod of before.
    let again = asked(&at).await.unwrap();
    assert!(again.contains("HTTP/1.1 200") && again.contains(&*pods[0].name), "{again}");
    silent.write_all(b"GET /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await.unwrap();
    let mut text = String::new();
    timeout(LONG, silent.read_to_string(&mut text)).await.expect("an answer").unwrap();
    assert!(text.contains("HTTP/1.1 200"), "{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_that_wait_are_led_to_the_next_pod() {
    let cluster = Cluster::start(&Options::default());
    let admin = connection(&cluster, "demo-admin");
    let (pods, labels, port) = web(&admin).await;
    let mut heard = begin(connection(&cluster, "demo-admin"), wish(&labels, None, port));
    let at = listening(&mut heard).await;
    assert!(asked(&at).await.unwrap().contains("HTTP/1.1 200"));
    for pod in &pods {
        call::execute(&admin, &calls::delete(pod, Some(0), None)).await.unwrap();
    }
    many_are_served(&at).await;
    // The simulated kubelet serves a pod that is gone a moment longer to who was there already.
    let deadline = Instant::now() + LONG;
    loop {
        assert!(Instant::now() < deadline, "no other pod takes over");
        let text = asked(&at).await.unwrap();
        if text.contains("HTTP/1.1 200") && !pods.iter().any(|p| text.contains(&*p.name)) {
            break;
        }
    }
}
