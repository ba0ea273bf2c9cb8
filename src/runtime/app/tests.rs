//! The real loop on the simulated cluster, with a terminal that is none, on paused time: minutes
//! pass as fast as they are worked through, and nothing depends on how fast that is.

use super::{App, Left, Ours, Screen, Through};
use crate::cluster::discover::builtin_kinds;
use crate::cluster::{Connection, Overrides};
use crate::config::{self, Folders};
use crate::core::cluster::ContextInfo;
use crate::core::input::Input;
use crate::core::msg::{Level, Msg};
use crate::core::start::{self, Beginning};
use crate::core::state::{Options, State};
use crate::core::status::About;
use crate::core::subs::{Sub, subscriptions};
use crate::demo::{self, Cluster};
use crate::runtime::attention::Ways;
use crate::runtime::hub::Hub;
use crate::runtime::lend::Counter;
use crate::runtime::pace::Pace;
use crate::runtime::recorder::{Head, Player, Speed, Tape};
use crate::runtime::search::Searches;
use crate::runtime::signals::Signals;
use crate::runtime::tty::parse::Parser;
use crate::runtime::tty::{Display, TtyError, TtyEvent, clipboard};
use crate::runtime::work::Work;
use crate::ui::{self, Look};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::cell::OnceCell;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::mpsc::{self, UnboundedSender};
use tokio::time::{Instant, sleep};

/// 2026-11-21T12:00:00Z.
const EPOCH: i64 = 1_795_262_400_000;

/// Paused time as a clock. Each test has a thread of its own.
fn clock() -> i64 {
    thread_local!(static START: OnceCell<Instant> = const { OnceCell::new() });
    let since = START.with(|s| *s.get_or_init(Instant::now)).elapsed();
    EPOCH + i64::try_from(since.as_millis()).unwrap()
}

/// A terminal that shows what it is given, as long as somebody reads it.
#[derive(Clone)]
struct Fake(Arc<Mutex<Shown>>);

struct Shown {
    size: (u16, u16),
    screen: vt100::Parser,
    read: bool,
    frames: usize,
    largest: usize,
    lent: Vec<String>,
}

impl Fake {
    fn new(width: u16, height: u16) -> Self {
        let screen = vt100::Parser::new(height, width, 0);
        Self(Arc::new(Mutex::new(Shown {
            size: (width, height),
            screen,
            read: true,
            frames: 0,
            largest: 0,
            lent: Vec::new(),
        })))
    }

    fn read(&self, read: bool) {
        self.0.lock().unwrap().read = read;
    }

    fn frames(&self) -> usize {
        self.0.lock().unwrap().frames
    }

    fn text(&self) -> String {
        self.0.lock().unwrap().screen.screen().contents()
    }

    /// Waits for a text on the screen, for ten minutes of paused time at most.
    async fn wait_for(&self, text: &str) {
        for _ in 0..6_000 {
            if self.text().contains(text) {
                return;
            }
            sleep(Duration::from_millis(100)).await;
        }
        panic!("{text:?} did not come; on the screen:\n{}", self.text());
    }
}

impl Display for Fake {
    fn size(&self) -> (u16, u16) {
        self.0.lock().unwrap().size
    }

    fn ready(&self) -> bool {
        self.0.lock().unwrap().read
    }

    fn submit(&self, frame: Vec<u8>) -> Result<(), Vec<u8>> {
        let mut shown = self.0.lock().unwrap();
        assert!(shown.read, "a frame for a terminal that is not ready");
        shown.frames += 1;
        shown.largest = shown.largest.max(frame.len());
        shown.screen.process(&frame);
        Ok(())
    }

    fn send(&self, _: Vec<u8>) {}

    fn set_mouse(&self, _: crate::core::input::Mice) {}

    fn lend(&self, words: &str) {
        self.0.lock().unwrap().lent.push(words.to_owned());
    }

    fn take_back(&self) -> Result<(), TtyError> {
        self.0.lock().unwrap().lent.push("back".to_owned());
        Ok(())
    }

    fn through(&self) {
        self.0.lock().unwrap().lent.push("through".to_owned());
    }

    fn end_through(&self) -> Result<(), TtyError> {
        self.0.lock().unwrap().lent.push("back".to_owned());
        Ok(())
    }

    fn suspend(&self) -> Result<(), TtyError> {
        Ok(())
    }
}

/// Who sits before it.
#[derive(Clone)]
struct User(UnboundedSender<TtyEvent>);

impl User {
    fn types(&self, bytes: &str) {
        let (mut parser, mut inputs) = (Parser::default(), Vec::new());
        parser.feed(bytes.as_bytes(), &mut inputs);
        parser.timeout(&mut inputs);
        self.0.send(TtyEvent::Input(inputs)).unwrap();
    }
}

struct Rig {
    app: App,
    user: User,
    tty: Fake,
    cluster: Cluster,
    tell: mpsc::Sender<Msg>,
    counter: Counter,
    begin: Beginning,
}

fn context() -> ContextInfo {
    ContextInfo {
        name: "demo".into(),
        server: "in this process".into(),
        user: "demo-admin".into(),
        namespace: None,
        problem: None,
    }
}

fn rig(options: demo::Options, (width, height): (u16, u16)) -> Rig {
    let config = config::load(&Folders::default(), &config::Overrides::default(), &|_| None);
    let now = clock();
    let epoch = jiff::Timestamp::from_millisecond(now).unwrap();
    let cluster = Cluster::start(&demo::Options { epoch: Some(epoch), ..options });
    let served = cluster.clone();
    let (tell, control) = mpsc::channel(1_024);
    let (keys, events) = mpsc::unbounded_channel();
    let (counter, loans) = Counter::new();
    let tty = Fake::new(width, height);
    let begin = Beginning {
        size: (width, height),
        now,
        options: Options::default(),
        contexts: vec![context()],
        first: Some(context()),
        namespaces: Vec::new(),
        kinds: builtin_kinds(),
        extras: Vec::new(),
        notice: None,
        columns: std::collections::BTreeMap::new(),
        about: About::default(),
        command: None,
    };
    let connect = Box::new(move |context: &ContextInfo| {
        let cluster = served.clone();
        Ok(Connection::in_process(&context.name, &Overrides::default(), move || cluster.connect()))
    });
    let mut app = App {
        state: start::begin(config.keymap.clone(), &begin),
        look: Look::new(&config.theme, config.symbols),
        save_columns: Box::new(|_, _| {}),
        searches: Searches::start(tell.clone()).unwrap(),
        hub: Hub::new(Handle::current(), connect, tell.clone(), clock),
        work: Work::new(Handle::current(), tell.clone(), None, Ways::default()),
        control,
        tell: tell.clone(),
        io: Handle::current(),
        terminal: Box::new(tty.clone()),
        tty: events,
        signals: Signals::none().unwrap(),
        pace: Pace::new(500_000, now),
        extra: Box::new(|_| (Level::Info, String::new())),
        contexts: Box::new(|| vec![context()]),
        clipboard: clipboard::Between::of(None, None, None),
        clock: Box::new(clock),
        loans,
        ours: Ours::Since(0),
        through: Through::default(),
        tape: None,
        replay: None,
    };
    app.begin();
    Rig { app, user: User(keys), tty, cluster, tell, counter, begin }
}

fn busy() -> demo::Options {
    demo::Options { nodes: Some(4), pods: Some(60), churn: 8.0, ..demo::Options::default() }
}

/// A connection of somebody else to the same cluster.
fn other(cluster: &Cluster) -> Connection {
    let cluster = cluster.clone();
    Connection::in_process("other", &Overrides::default(), move || cluster.connect())
}

/// Makes a pod as somebody else.
async fn make(conn: &Connection, name: &str) {
    let ask = crate::cluster::problem::Asked { verb: "create", resource: "pods".into(), namespace: None };
    let pod = serde_json::json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": "default"},
        "spec": {"containers": [{"name": "c", "image": "example.org/c:1"}]}});
    conn.post_json("/api/v1/namespaces/default/pods", &pod, &ask).await.unwrap();
}

fn frame(state: &State, look: &Look) -> Buffer {
    let mut buf = Buffer::empty(Rect { x: 0, y: 0, width: state.size.0, height: state.size.1 });
    ui::draw(state, look, &mut buf);
    buf
}

#[tokio::test(start_paused = true)]
async fn nobody_reads_for_five_minutes_and_the_rest_goes_on() {
    let Rig { mut app, user, tty, cluster, .. } = rig(busy(), (110, 30));
    let (script_tty, script_user) = (tty.clone(), user.clone());
    let conn = other(&cluster);
    let script = async move {
        let (tty, user) = (script_tty, script_user);
        tty.wait_for(" live ").await;
        tty.read(false);
        let before = tty.frames();
        sleep(Duration::from_mins(4)).await;
        // What is typed and what happens meanwhile counts.
        make(&conn, "made-unseen").await;
        user.types("/made-unseen\r");
        sleep(Duration::from_mins(1)).await;
        assert_eq!(tty.frames(), before, "no frame is made for nobody");
        assert!(!tty.text().contains("made-unseen"));
        tty.read(true);
        let begun = Instant::now();
        tty.wait_for("default").await;
        assert!(tty.text().contains("made-unseen"), "{}", tty.text());
        assert!(begun.elapsed() <= Duration::from_secs(2), "{:?}", begun.elapsed());
        user.types(":q\r");
    };
    let (left, ()) = tokio::join!(app.run(), script);
    assert_eq!(left, Left::Asked);
    // Streams went on as they were: neither cut off by the server nor begun anew.
    assert!(app.state.streams.len() >= 2);
    for (key, store) in &app.state.streams {
        let (kind, fresh) = (key.kind.resource(), store.freshness());
        assert!(fresh.current() && store.reconnects() == 0, "{kind}: {fresh:?}, {}", store.reconnects());
    }
    assert_eq!(app.control.len(), 0, "nothing piles up in the inbox");
    let pods = app.state.streams.iter().find(|(k, _)| k.kind.plural.as_ref() == "pods").unwrap().1;
    assert!((50..100).contains(&pods.len()), "{}", pods.len());
}

#[tokio::test(start_paused = true)]
async fn input_comes_before_data() {
    let Rig { mut app, user, tty, tell, begin, .. } = rig(demo::Options::default(), (100, 30));
    let file = Temporary::new("input-first");
    app.tape = Some(Tape::start(&file.0, &Head::new(&begin, &app.state.keymap)).unwrap());
    let script = async {
        tty.wait_for(" live ").await;
        // All at once, the data first.
        for n in 0..900 {
            tell.try_send(Msg::Notice(Level::Info, format!("data {n}").into())).unwrap();
        }
        user.types("zz");
        sleep(Duration::from_secs(1)).await;
        user.types(":q\r");
    };
    tokio::join!(app.run(), script);
    app.tape = None;
    let text = std::fs::read_to_string(&file.0).unwrap();
    let place = |what: &str| text.lines().position(|l| l.contains(what)).unwrap_or_else(|| panic!("no {what}"));
    assert!(place("\"Char\":\"z\"") < place("data 0\""), "a key does not wait behind data");
    assert!(place("data 0\"") < place("data 899\""));
}

#[tokio::test(start_paused = true)]
async fn the_first_screen_costs_the_server_three_watches_however_large_it_is() {
    let mut requests = Vec::new();
    for (nodes, pods) in [(5, 50), (100, 300)] {
        let options = demo::Options { nodes: Some(nodes), pods: Some(pods), ..demo::Options::default() };
        let Rig { mut app, user, tty, .. } = rig(options, (120, 30));
        let script = async {
            tty.wait_for(" live ").await;
            user.types(":status\r");
            sleep(Duration::from_mins(1)).await;
            user.types("\x1b");
            sleep(Duration::from_millis(500)).await;
            user.types(":q\r");
        };
        tokio::join!(app.run(), script);
        let needs = subscriptions(&app.state);
        let mut streams: Vec<_> =
            needs.iter().filter_map(|s| if let Sub::Stream(k) = s { Some(k.kind.resource()) } else { None }).collect();
        streams.sort();
        assert_eq!(streams, ["events", "nodes", "pods"]);
        assert_eq!(needs.len(), 5, "beside them a heartbeat and usage: {needs:?}");
        let cluster = app.state.clusters.values().next().unwrap();
        requests.push(cluster.meter.total().unwrap().requests);
    }
    let [small, large] = requests[..] else { panic!() };
    // In a minute: three lists or watches each, usage each 15 s, a heartbeat each 10 s, discovery,
    // and each right that the actions of the focused pane need.
    assert!(small <= 36, "{small} requests");
    // Events are read in pages, and a large cluster may have one more of them.
    assert!(large <= small + 4, "{large} requests where a small cluster takes {small}");
}

#[tokio::test(start_paused = true)]
async fn a_recording_ends_in_the_same_screen() {
    let Rig { mut app, user, tty, begin, .. } = rig(busy(), (120, 34));
    let file = Temporary::new("same-screen");
    app.tape = Some(Tape::start(&file.0, &Head::new(&begin, &app.state.keymap)).unwrap());
    let script = async {
        tty.wait_for(" live ").await;
        for keys in ["j", "j", "j", "\x1b[6~", "w", "/n\r", "\t", "j", ":top nodes\r", "\t", "k", "d"] {
            user.types(keys);
            sleep(Duration::from_millis(1_700)).await;
        }
        user.types(":q\r");
    };
    tokio::join!(app.run(), script);
    app.tape = None;
    let recorded = frame(&app.state, &app.look);

    let (player, head) = Player::open(&file.0).unwrap();
    assert_eq!(head.keys(), app.state.keymap);
    let Rig { app: mut again, .. } = rig(demo::Options::default(), (120, 34));
    again.state = start::begin(head.keys(), &head.begin);
    again.state.effects.clear();
    let left = again.replay(&mut Screen::default(), player, Speed::AtOnce).await;
    assert_eq!(left, None);
    let shown = again.state.replay.take().map(|r| (r.percent, r.stage));
    assert_eq!(shown, Some((100, crate::core::state::Stage::Ended)));
    assert!(again.state.options.read_only);
    again.state.options.read_only = app.state.options.read_only;
    for cluster in again.state.clusters.values_mut() {
        cluster.read_only = false;
    }
    assert_eq!(frame(&again.state, &again.look), recorded);
}

#[tokio::test(start_paused = true)]
async fn a_recording_keeps_its_time_and_obeys_its_keys() {
    let Rig { mut app, user, begin, .. } = rig(busy(), (60, 16));
    let file = Temporary::new("time");
    app.tape = Some(Tape::start(&file.0, &Head::new(&begin, &app.state.keymap)).unwrap());
    let script = async {
        sleep(Duration::from_secs(24)).await;
        user.types(":q\r");
    };
    tokio::join!(app.run(), script);
    app.tape = None;
    let show = async |speed: Speed, keys: &[(u64, &str)]| {
        let (player, head) = Player::open(&file.0).unwrap();
        let Rig { mut app, user, .. } = rig(busy(), (60, 16));
        app.state = start::begin(head.keys(), &head.begin);
        app.state.effects.clear();
        let begun = Instant::now();
        let script = async {
            for (seconds, keys) in keys {
                sleep(Duration::from_secs(*seconds)).await;
                user.types(keys);
            }
        };
        let mut screen = Screen::default();
        let (left, ()) = tokio::join!(app.replay(&mut screen, player, speed), script);
        (left, begun.elapsed().as_secs())
    };
    let table: [(Speed, &[(u64, &str)], Option<Left>, u64); 5] = [
        (Speed::Times(2.0), &[], None, 12),
        (Speed::AtOnce, &[], None, 0),
        // Right goes ten seconds ahead; what is typed else is nobody's.
        (Speed::Times(1.0), &[(2, "j"), (1, "\x1b[C")], None, 14),
        // Rests for twenty seconds, then goes to the end.
        (Speed::Times(1.0), &[(3, " "), (20, " "), (2, "\x1b[F")], None, 25),
        (Speed::Times(1.0), &[(3, "q")], Some(Left::Asked), 3),
    ];
    for (speed, keys, left, seconds) in table {
        let (how, took) = show(speed, keys).await;
        assert_eq!(how, left, "{keys:?}");
        // The last thing that happened was a little before the end.
        assert!((seconds.saturating_sub(1)..=seconds).contains(&took), "{speed:?} {keys:?}: {took} s");
    }
}

#[tokio::test(start_paused = true)]
async fn a_lent_terminal_gets_no_frame_and_comes_back() {
    use crate::cluster::Lender as _;
    let Rig { mut app, user, tty, counter, .. } = rig(busy(), (100, 30));
    let script = async {
        tty.wait_for(" live ").await;
        let lease = counter.lend("log in".into()).await.expect("it is lent");
        let before = tty.frames();
        sleep(Duration::from_mins(2)).await;
        assert_eq!(tty.frames(), before, "it is somebody else's");
        drop(lease);
        sleep(Duration::from_secs(3)).await;
        assert!(tty.frames() > before);
        assert_eq!(tty.0.lock().unwrap().lent, ["log in", "back"]);
        user.types(":q\r");
    };
    tokio::join!(app.run(), script);
    assert!(app.state.streams.values().all(|s| s.freshness().current()), "streams went on");
}

#[tokio::test(start_paused = true)]
async fn a_program_that_has_the_terminal_waits_for_it_and_loses_nothing() {
    let Rig { mut app, user, tty, .. } = rig(demo::Options::default(), (100, 30));
    let script = async {
        tty.wait_for(" live ").await;
        user.types(":po data /postgres-0\r");
        tty.wait_for("1/10").await;
        user.types("s");
        tty.wait_for("bash-5.2").await;
        user.types("\x1d");
        user.types(":shell-raw\r");
        tty.wait_for("leads back").await;
        tty.read(false);
        user.0.send(TtyEvent::Typed(b"seq 40000; echo do''ne\r".to_vec())).unwrap();
        sleep(Duration::from_mins(1)).await;
        let frames = tty.frames();
        assert!(!tty.text().contains("done"));
        tty.read(true);
        while !tty.text().contains("39999\n40000\ndone") {
            // The piece that was handed over is out.
            user.0.send(TtyEvent::FrameDone { bytes: 0, micros: 0 }).unwrap();
            sleep(Duration::from_millis(50)).await;
        }
        assert!(tty.frames() > frames + 1, "piece by piece");
        assert!(tty.0.lock().unwrap().largest < 256 * 1024, "the program has waited");
        user.0.send(TtyEvent::Typed(b"\x1d".to_vec())).unwrap();
        user.0.send(TtyEvent::Taken).unwrap();
        tty.wait_for("Ctrl-] then").await;
        assert_eq!(tty.0.lock().unwrap().lent, ["through", "back"]);
        user.types("\x1d");
        user.types("x");
        user.types(":q\r");
    };
    let (left, ()) = tokio::join!(app.run(), script);
    assert_eq!(left, Left::Asked);
}

#[tokio::test(start_paused = true)]
async fn a_paste_is_one_message_and_a_resize_is_drawn_at_once() {
    let Rig { mut app, user, tty, .. } = rig(demo::Options::default(), (100, 30));
    let script = async {
        tty.wait_for(" live ").await;
        let before = tty.frames();
        user.0.send(TtyEvent::Input(vec![Input::Paste("/web".into())])).unwrap();
        tty.wait_for("pasted text goes to text fields only").await;
        assert!(tty.frames() > before);
        {
            let mut shown = tty.0.lock().unwrap();
            shown.size = (60, 16);
            shown.screen.screen_mut().set_size(16, 60);
        }
        user.0.send(TtyEvent::Taken).unwrap();
        sleep(Duration::from_secs(1)).await;
        let text = tty.text();
        assert!(text.lines().count() <= 16 && text.contains(" live +"), "{text}");
        user.types(":q\r");
    };
    tokio::join!(app.run(), script);
    assert_eq!(app.state.size, (60, 16));
}

/// A file that is gone after the test.
struct Temporary(PathBuf);

impl Temporary {
    fn new(name: &str) -> Self {
        let file = std::env::temp_dir().join(format!("quarterdeck-loop-{name}-{}.jsonl", std::process::id()));
        let _ = std::fs::remove_file(&file);
        Self(file)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}
