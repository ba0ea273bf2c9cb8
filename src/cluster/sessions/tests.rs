//! Sessions with the simulated cluster: both carriers, roles, endings, on paused time.

use super::*;
use crate::cluster::{Connection, Overrides, fetch, guard::Guard};
use crate::core::kind::{ClusterId, Kind, ObjectRef};
use crate::core::problem::Problem;
use crate::core::shell::{self, Ending, ShellEvent, ShellId, ShellOrder, Wish};
use crate::demo::{Cluster, Faults, Options};
use bytes::Bytes;
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio::time::{Duration, timeout};

const LONG: Duration = Duration::from_secs(600);

fn pods() -> Arc<Kind> {
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

fn pod(name: &str) -> ObjectRef {
    ObjectRef { cluster: ClusterId(1), kind: pods(), namespace: "data".into(), name: name.into(), uid: None }
}

fn words(line: &str) -> Vec<Arc<str>> {
    shell::words::split(line).unwrap()
}

fn exec(line: &str, tty: bool) -> Request {
    let task = Task::Exec(words(line));
    Request { pod: pod("postgres-0"), container: "postgres".into(), task, stdin: true, tty, closes: true }
}

struct Demo(Cluster);

impl Demo {
    fn new() -> Self {
        Self(Cluster::start(&Options::default()))
    }

    fn who(&self, token: &str) -> Connection {
        let cluster = self.0.clone();
        Connection::in_process_as(token, move || cluster.connect())
    }
}

async fn all(streams: &mut Streams) -> (Vec<u8>, Vec<u8>, Ending) {
    let (mut said, mut errors) = (Vec::new(), Vec::new());
    loop {
        match timeout(LONG, streams.output.recv()).await.expect("the session ends").expect("with an ending") {
            Out::Said(data) => said.extend_from_slice(&data),
            Out::Error(data) => errors.extend_from_slice(&data),
            Out::Ended(ending) => return (said, errors, ending),
        }
    }
}

async fn ran(connection: &Connection, request: &Request, input: &[u8]) -> (String, String, Ending, &'static str) {
    let mut streams = open(connection, request).await.unwrap();
    let to = streams.input.clone();
    let input = input.to_vec();
    let typing = async move {
        for part in input.chunks(20_000) {
            // A program may end before it has read all.
            let _ = to.send(In::Data(Bytes::copy_from_slice(part))).await;
        }
        let _ = to.send(In::End).await;
    };
    let carrier = streams.carrier;
    let ((said, errors, ending), ()) = tokio::join!(all(&mut streams), typing);
    let text = |b: Vec<u8>| String::from_utf8(b).unwrap();
    (text(said), text(errors), ending, carrier)
}

#[tokio::test(start_paused = true)]
async fn both_carriers_bring_output_errors_input_and_codes() {
    let demo = Demo::new();
    // The viewer may only create sessions: over a WebSocket that is refused, and SPDY carries them.
    for (who, carrier) in [("demo-admin", "v5.channel.k8s.io"), ("demo-viewer", "SPDY/3.1")] {
        let connection = demo.who(who);
        let (said, errors, ending, by) =
            ran(&connection, &exec("sh -c 'echo out; echo err >&2; exit 7'", false), b"").await;
        assert_eq!((said.as_str(), errors.as_str(), ending, by), ("out\n", "err\n", Ending::Exit(7), carrier));
        let (said, _, ending, _) = ran(&connection, &exec("wc -c", false), &vec![b'x'; 300_000]).await;
        assert_eq!((said.trim(), ending), ("300000", Ending::Exit(0)));
        let (said, _, ending, _) = ran(&connection, &exec("no-such-program", false), b"").await;
        assert!(
            said.is_empty() && matches!(&ending, Ending::Failed(why) if why.contains("no-such-program")),
            "{ending:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_terminal_takes_sizes_and_signals() {
    let demo = Demo::new();
    for who in ["demo-admin", "demo-viewer"] {
        let mut streams = open(&demo.who(who), &exec("sh", true)).await.unwrap();
        for input in [In::Size(91, 33), In::Data("stty size\rsleep 600\r".into())] {
            streams.input.send(input).await.unwrap();
        }
        let mut said = String::new();
        while !said.contains("33 91") {
            let Some(Out::Said(data)) = timeout(LONG, streams.output.recv()).await.unwrap() else { panic!("{said}") };
            said.push_str(&String::from_utf8_lossy(&data));
        }
        streams.input.send(In::Data("\u{3}exit 3\r".into())).await.unwrap();
        assert_eq!(all(&mut streams).await.2, Ending::Exit(3), "{who}: Ctrl-C ended what slept");
    }
}

#[tokio::test(start_paused = true)]
async fn refusals_name_the_verb_to_ask_for() {
    let demo = Demo::new();
    let viewer = demo.who("demo-viewer");
    // May get attach, and nothing else of it: a 1.35 server wants create.
    let request = Request { task: Task::Attach, ..exec("x", true) };
    let refused = open(&viewer, &request).await.unwrap_err();
    let Problem::Forbidden(missing) = &refused else { panic!("{refused:?}") };
    assert_eq!((&*missing.verb, &*missing.resource), ("create", "pods/attach"));
    let gone = Request { pod: pod("nobody"), ..exec("ls", false) };
    assert!(matches!(open(&demo.who("demo-admin"), &gone).await, Err(Problem::NotFound(_))));
}

#[tokio::test(start_paused = true)]
async fn a_read_only_connection_opens_nothing() {
    let demo = Demo::new();
    let over = Overrides { guard: Guard::ReadOnly, ..Overrides::default() };
    let connection = Connection::in_process("x", &over, move || demo.0.connect());
    let refused = open(&connection, &exec("ls", false)).await.unwrap_err();
    assert!(refused.to_string().contains("read-only"), "{refused}");
}

struct Pane {
    events: mpsc::Receiver<ShellEvent>,
    typed: mpsc::UnboundedSender<ShellOrder>,
}

impl Pane {
    async fn open(connection: &Connection, line: &str) -> Self {
        let mut pod = pod("postgres-0");
        let object = fetch::object(connection, &pod).await.unwrap().body;
        pod.uid = Some(crate::core::facts::Meta::of(&object).id());
        let task = shell::Task::Exec(words(line));
        let wish = Wish { id: ShellId(1), pod, container: "postgres".into(), task, stdin: true, tty: true };
        let (out, events) = mpsc::channel(1);
        let (typed, orders) = mpsc::unbounded_channel();
        tokio::spawn(super::shell::run(connection.clone(), wish, out, orders));
        Self { events, typed }
    }

    fn type_in(&self, text: &str) {
        self.typed.send(ShellOrder::Type(text.as_bytes().to_vec())).unwrap();
    }

    async fn next(&mut self) -> ShellEvent {
        timeout(LONG, self.events.recv()).await.expect("something is heard").expect("the session goes on")
    }

    async fn until(&mut self, text: &str) {
        let mut said = String::new();
        while !said.contains(text) {
            match self.next().await {
                ShellEvent::Said(bytes) => said.push_str(&String::from_utf8_lossy(&bytes)),
                ShellEvent::Opened(_) => {}
                ended @ ShellEvent::Ended(..) => panic!("{ended:?} after {said}"),
            }
        }
    }

    async fn ended(&mut self) -> (Ending, Option<Arc<str>>) {
        loop {
            if let ShellEvent::Ended(ending, note) = self.next().await {
                return (ending, note);
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_typed_gets_through_while_nobody_takes_the_output() {
    let demo = Demo::new();
    let mut pane = Pane::open(&demo.who("demo-admin"), "sh").await;
    pane.type_in("yes\r");
    pane.until("y\r\ny\r\n").await;
    // Nothing is taken for a while; then Ctrl-C, behind megabytes that were said meanwhile.
    tokio::time::sleep(Duration::from_secs(10)).await;
    pane.type_in("\u{3}");
    tokio::time::sleep(Duration::from_secs(5)).await;
    pane.type_in("exit 4\r");
    let mut batches = 0;
    let ending = loop {
        match pane.next().await {
            ShellEvent::Said(bytes) => {
                assert!(bytes.len() <= 200 * 1024, "a batch of {}", bytes.len());
                batches += 1;
                assert!(batches < 2_000, "Ctrl-C did not get through");
            }
            ShellEvent::Ended(ending, _) => break ending,
            ShellEvent::Opened(_) => {}
        }
    };
    assert_eq!(ending, Ending::Exit(4));
}

#[tokio::test(start_paused = true)]
async fn a_shell_whose_pod_goes_says_so() {
    let demo = Demo::new();
    let admin = demo.who("demo-admin");
    let mut pane = Pane::open(&admin, "sh").await;
    pane.until("$ ").await;
    let call = crate::core::act::calls::delete(&pod("postgres-0"), Some(0), None);
    crate::cluster::call::execute(&admin, &call).await.unwrap();
    let (ending, note) = pane.ended().await;
    let note = note.expect("what has become of it");
    assert!(note.contains("the pod"), "{ending:?} {note}");
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_breaks_is_no_exit() {
    let demo = Demo::new();
    demo.0.set_faults(Faults { cut: Some(Duration::from_secs(3)), ..Faults::default() });
    let mut pane = Pane::open(&demo.who("demo-admin"), "sh").await;
    let (ending, note) = pane.ended().await;
    assert!(matches!(ending, Ending::Lost(_)), "{ending:?} {note:?}");
}

#[test]
fn what_is_asked_for_is_in_the_path() {
    let path = exec("sh -c 'echo a&b /x'", true).path().unwrap();
    assert_eq!(
        path,
        "/api/v1/namespaces/data/pods/postgres-0/exec?container=postgres&stdout=true&stdin=true&tty=true&command=sh&command=-c&command=echo%20a%26b%20%2Fx"
    );
    assert!(super::open::falls_back(403) && super::open::falls_back(500) && super::open::falls_back(400));
    assert!(!super::open::falls_back(404) && !super::open::falls_back(401) && !super::open::falls_back(0));
}
