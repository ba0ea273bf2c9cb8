use super::*;
use crate::core::cluster::ContextInfo;
use crate::core::freshness::Freshness;
use crate::core::health::Health;
use crate::core::input::{Button, Input, Key, KeyCode, Mods, Mouse, MouseKind};
use crate::core::kind::{ClusterId, Kind, ObjectRef, Scope, StreamKey};
use crate::core::msg::{Level, News};
use crate::core::problem::{Missing, Problem};
use crate::core::row::{Batch, RowHead};
use crate::core::schema::{Column, Schema, Show, Source};
use crate::core::state::Options;
use crate::core::status::{About, Traffic};
use crate::core::stream::StreamEvent;
use crate::core::uid::Uid;
use crate::core::usage::Sample;
use crate::core::value::{CellKind, NONE};
use proptest::prelude::*;
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn kind() -> Arc<Kind> {
    let texts = |list: &[&str]| list.iter().map(|t| Arc::from(*t)).collect();
    Arc::new(Kind {
        group: "apps".into(),
        version: "v1".into(),
        plural: "deployments".into(),
        kind: "Deployment".into(),
        singular: "deployment".into(),
        short: texts(&["deploy"]),
        namespaced: true,
        verbs: texts(&["list", "watch"]),
        scale: false,
    })
}

fn begin() -> Beginning {
    let context = ContextInfo {
        name: "c".into(),
        server: "https://me:pw@host:6443".into(),
        user: "u".into(),
        namespace: None,
        problem: None,
    };
    Beginning {
        size: (100, 30),
        now: 1_000,
        options: Options { protected: vec!["*prod*".into()], ..Options::default() },
        contexts: vec![context.clone()],
        first: Some(context),
        namespaces: vec!["a".into()],
        kinds: vec![kind()],
        extras: Vec::new(),
        notice: Some((Level::Warn, "look".into())),
        columns: std::collections::BTreeMap::new(),
        about: About::default(),
        command: Some("po".into()),
    }
}

/// A file of its own for each test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("quarterdeck-record-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self) -> PathBuf {
        self.0.join("x.jsonl")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// All that can be read, and what ended it.
fn read(file: &Path) -> (Vec<(i64, Line)>, Option<String>) {
    let (mut player, _) = Player::open(file).unwrap();
    let mut lines = Vec::new();
    loop {
        match player.due() {
            Ok(Some(at)) => lines.push((at, player.take().unwrap())),
            Ok(None) => return (lines, None),
            Err(bad) => return (lines, Some(bad.to_string())),
        }
    }
}

fn record(file: &Path, msgs: &[Msg]) {
    let mut tape = Tape::start(file, &Head::new(&begin(), &keymap::default_map())).unwrap();
    for msg in msgs {
        tape.msg(msg, false);
    }
    tape.frame();
}

#[test]
fn a_recording_tells_when_what_came() {
    let folder = Folder::new("when");
    let key = Msg::Input(Input::Key(Key::char('j')));
    // Moments at which nothing happened are no lines.
    let msgs = [Msg::Now(1_001), Msg::Now(1_002), key.clone(), Msg::Now(1_010), Msg::Now(1_020), Msg::LineSpeed(7)];
    record(&folder.file(), &msgs);
    let expected =
        [(1_002, Line::Msg(Box::new(key))), (1_020, Line::Msg(Box::new(Msg::LineSpeed(7)))), (1_020, Line::Frame)];
    assert_eq!(read(&folder.file()), (expected.to_vec(), None));
    assert_eq!(std::fs::read_to_string(folder.file()).unwrap().lines().count(), 6);
}

#[test]
fn its_head_leads_to_the_same_beginning() {
    let folder = Folder::new("head");
    record(&folder.file(), &[]);
    let (player, head) = Player::open(&folder.file()).unwrap();
    assert_eq!((player.now(), head.quarterdeck_recording), (1_000, VERSION));
    assert_eq!(head.keys(), keymap::default_map());
    let mut expected = begin();
    for context in expected.contexts.iter_mut().chain(&mut expected.first) {
        context.server = "https://host:6443".into();
    }
    assert_eq!(head.begin, expected);
}

#[test]
fn a_recording_takes_no_file_of_another_and_is_its_owners_alone() {
    let folder = Folder::new("own");
    record(&folder.file(), &[]);
    let again = Tape::start(&folder.file(), &Head::new(&begin(), &keymap::default_map()));
    assert_eq!(again.unwrap_err().kind(), std::io::ErrorKind::AlreadyExists);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(folder.file()).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{mode:o}");
    }
}

#[test]
fn what_is_wrong_with_a_file_is_told_by_its_line() {
    let folder = Folder::new("wrong");
    let file = folder.file();
    let opened = |text: &str| {
        std::fs::write(&file, text).unwrap();
        Player::open(&file).map(|_| ()).unwrap_err().replace(file.to_str().unwrap(), "FILE")
    };
    assert_eq!(opened(""), "FILE: line 1: the file is empty; a recording is made with --record");
    assert_eq!(opened("hello\n"), "FILE: line 1: this is no recording; one is made with --record");
    let newer = "{\"quarterdeck_recording\":9}\n";
    assert_eq!(opened(newer), "FILE: line 1: a recording of format 9; this qd reads format 1");
    let half = "{\"quarterdeck_recording\":1,\"program\":\"x\"}\n";
    assert!(opened(half).starts_with("FILE: line 1: column "), "{}", opened(half));
    let missing = Player::open(Path::new("/no/such")).map(|_| ()).unwrap_err();
    assert!(missing.starts_with("cannot read /no/such: "), "{missing}");
}

#[test]
fn a_cut_or_broken_recording_is_shown_up_to_there() {
    let folder = Folder::new("cut");
    let file = folder.file();
    record(&file, &[Msg::LineSpeed(1), Msg::LineSpeed(2)]);
    let whole = std::fs::read_to_string(&file).unwrap();
    let end = |text: &str| {
        std::fs::write(&file, text).unwrap();
        let (lines, bad) = read(&file);
        (lines.len(), bad.unwrap_or_default())
    };
    assert_eq!(end(&whole), (3, String::new()));
    assert_eq!(end(&whole[..whole.len() - 14]), (1, "line 3: the recording is cut here".into()));
    assert_eq!(
        end(&whole.replace("{\"Msg\":{\"LineSpeed\":2}}", "{\"Msg\":")),
        (1, "line 3: column 7: this is not JSON".into())
    );
    let unknown = end(&whole.replace("\"LineSpeed\":2", "\"Nothing\":2"));
    assert_eq!(unknown.0, 1);
    assert!(unknown.1.ends_with("nothing this version of qd knows"), "{}", unknown.1);
}

#[test]
fn a_disk_that_is_full_ends_it_and_says_so() {
    // A device that takes nothing.
    if !Path::new("/dev/full").exists() {
        return;
    }
    let file = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut tape = Tape::on(file, &Head::new(&begin(), &keymap::default_map())).unwrap();
    let why = loop {
        if let Some(why) = tape.trouble() {
            break why;
        }
        std::thread::yield_now();
    };
    assert!(why.contains("space"), "{why}");
    tape.msg(&Msg::LineSpeed(1), false);
    assert_eq!(tape.trouble(), None, "it is told once");
}

fn text() -> impl Strategy<Value = Arc<str>> {
    "\\PC{0,12}".prop_map(Into::into)
}

fn key() -> impl Strategy<Value = StreamKey> {
    let scope = prop_oneof![Just(Scope::All), prop::collection::vec(text(), 0..3).prop_map(Scope::Namespaces)];
    (0..9_u32, scope, text(), text()).prop_map(|(id, scope, fields, labels)| StreamKey {
        cluster: ClusterId(id),
        kind: kind(),
        scope,
        fields,
        labels,
        annotations: Arc::default(),
    })
}

fn problem() -> impl Strategy<Value = Problem> {
    let missing = |(verb, resource, namespace)| Missing { verb, resource, namespace };
    prop_oneof![
        text().prop_map(Problem::Lost),
        text().prop_map(Problem::Config),
        Just(Problem::Expired),
        any::<Option<u32>>().prop_map(Problem::Throttled),
        (any::<u16>(), text()).prop_map(|(code, m)| Problem::Server(code, m)),
        (text(), text(), prop::option::of(text())).prop_map(missing).prop_map(Problem::Forbidden),
    ]
}

fn batch() -> impl Strategy<Value = Batch> {
    let cell = prop_oneof![Just(NONE), any::<u64>()];
    let row = (any::<u128>(), "[a-zä-]{0,6}", prop::option::of((cell, "\\PC{0,6}")), any::<i64>(), 0..5_u8);
    prop::collection::vec(row, 0..6).prop_map(|rows| {
        let mut batch = Batch::new(vec![false, true]);
        for (uid, name, cells, created, health) in rows {
            let Some((number, word)) = cells else {
                batch.gone(Uid(uid));
                continue;
            };
            let health = [Health::Ok, Health::Done, Health::Busy, Health::Warn, Health::Bad][usize::from(health)];
            let (name, empty) = (batch.sym(&name), batch.sym(""));
            let word = batch.text_cell(&word);
            let head = RowHead { uid: Uid(uid), name, namespace: empty, owner: empty, labels: name, created, health };
            batch.put(head, &[number, word]);
        }
        batch
    })
}

fn event() -> impl Strategy<Value = StreamEvent> {
    let fresh = prop_oneof![
        Just(Freshness::Live),
        any::<u64>().prop_map(|rows| Freshness::Syncing { rows }),
        (any::<i64>(), problem()).prop_map(|(since, why)| Freshness::Stale { since, why }),
        (any::<Option<i64>>(), any::<i64>(), problem()).prop_map(|(since, at, why)| Freshness::Reconnecting {
            since,
            at,
            why
        }),
        any::<(u32, u32)>().prop_map(|(forbidden, of)| Freshness::Partial { forbidden, of }),
    ];
    let schema = text().prop_map(|title| {
        let column = Column::new(&title, CellKind::CountAgo, Source::Label("app".into()), Show::Room(3), "doc");
        StreamEvent::Schema(Arc::new(Schema { columns: vec![column], cells: 2 }))
    });
    prop_oneof![
        Just(StreamEvent::Begin),
        Just(StreamEvent::End),
        schema,
        batch().prop_map(StreamEvent::Batch),
        fresh.prop_map(StreamEvent::Fresh),
    ]
}

fn input() -> impl Strategy<Value = Input> {
    let code = prop_oneof![any::<char>().prop_map(KeyCode::Char), (1..25_u8).prop_map(KeyCode::F), Just(KeyCode::Esc)];
    let mods = any::<(bool, bool, bool)>().prop_map(|(ctrl, alt, shift)| Mods { ctrl, alt, shift });
    prop_oneof![
        (code, mods).prop_map(|(code, mods)| Input::Key(Key { code, mods })),
        any::<(u16, u16)>().prop_map(|(x, y)| Input::Mouse(Mouse {
            kind: MouseKind::Click,
            button: Button::Middle,
            x,
            y
        })),
        any::<String>().prop_map(Input::Paste),
        any::<(u16, u16)>().prop_map(|(w, h)| Input::Resize(w, h)),
    ]
}

fn news() -> impl Strategy<Value = News> {
    let sample = (text(), any::<i64>()).prop_map(|(name, n)| Sample {
        namespace: "a".into(),
        name: name.clone(),
        cpu: n,
        mem: n,
        at: n,
        containers: vec![(name, n, n)],
    });
    prop_oneof![
        prop::collection::vec(text(), 0..3).prop_map(|broken| News::Kinds(vec![kind()], broken)),
        any::<(u64, Option<i64>)>().prop_map(|(rtt, skew)| News::Answered(rtt, skew)),
        prop::collection::vec(sample, 0..3).prop_map(|s| News::PodUsage(Ok(s))),
        problem().prop_map(|p| News::NodeUsage(Err(p))),
        any::<(i64, u64, u64)>().prop_map(|(at, requests, bytes)| News::Traffic(Traffic { at, requests, bytes })),
    ]
}

fn msg() -> impl Strategy<Value = Msg> {
    let object = (text(), any::<Option<u128>>()).prop_map(|(name, uid)| ObjectRef {
        cluster: ClusterId(1),
        kind: kind(),
        namespace: "a".into(),
        name,
        uid: uid.map(Uid),
    });
    let value = text().prop_map(|t| serde_json::json!({"z": t.as_ref(), "a": [1, null, {"b": -2.5}]}));
    let seen = prop_oneof![value.prop_map(|v| Ok(Some(Arc::new(v)))), Just(Ok(None)), problem().prop_map(Err),];
    prop_oneof![
        input().prop_map(Msg::Input),
        (key(), event()).prop_map(|(key, event)| Msg::Stream { key, event }),
        (0..9_u32, news()).prop_map(|(id, news)| Msg::Cluster(ClusterId(id), news)),
        key().prop_map(Msg::Stopped),
        (object, seen).prop_map(|(object, seen)| Msg::Object(object, seen)),
        text().prop_map(|t| Msg::Notice(Level::Error, t)),
    ]
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(msg in msg()) {
        let line = Line::Msg(Box::new(msg));
        let text = serde_json::to_string(&line).unwrap();
        prop_assert!(!text.contains('\n'));
        prop_assert_eq!(serde_json::from_str::<Line>(&text).unwrap(), line);
    }
}
