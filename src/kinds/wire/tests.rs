use super::*;
use crate::core::uid::Uid;
use crate::kinds::fixtures::{fixture, rows};
use crate::kinds::{KINDS, batch_for, spec};
use proptest::prelude::*;

// What a framer found, owned.
#[derive(Debug, Clone, PartialEq)]
enum Found {
    Meta(String, String),
    Columns(usize),
    Item(Vec<u8>),
    Event(EventKind, Vec<u8>),
    Bookmark(String, bool),
    Error(Status),
}

fn own(piece: Piece<'_>) -> Found {
    match piece {
        Piece::Meta { resource_version, cont } => Found::Meta(resource_version.into(), cont.into()),
        Piece::Columns(bytes) => Found::Columns(bytes.len()),
        Piece::Item(bytes) => Found::Item(bytes.into()),
        Piece::Event { kind, object } => Found::Event(kind, object.into()),
        Piece::Bookmark { resource_version, initial_end } => Found::Bookmark(resource_version.into(), initial_end),
        Piece::Error(status) => Found::Error(status),
    }
}

fn feed(mut framer: Framer, body: &[u8], chunk: usize) -> Result<Vec<Found>, DecodeError> {
    let mut all = Vec::new();
    for part in body.chunks(chunk.max(1)) {
        framer.feed(part, &mut |piece: Piece<'_>| {
            all.push(own(piece));
            Ok(())
        })?;
    }
    framer.finish().map(|()| all)
}

fn read(encoding: Encoding, answer: Answer, body: &[u8], chunk: usize) -> Result<Vec<Found>, DecodeError> {
    feed(Framer::new(encoding, answer), body, chunk)
}

const RECORDED: &[(Encoding, Answer, &[u8])] = &[
    (Encoding::Json, Answer::List, fixture!("nodes.json")),
    (Encoding::Json, Answer::List, fixture!("nodes.table.json")),
    (Encoding::Protobuf, Answer::List, fixture!("nodes.pb")),
    (Encoding::Json, Answer::Watch, fixture!("status-410-watch.json")),
];

#[test]
fn the_cut_of_the_chunks_does_not_matter() {
    for &(encoding, answer, body) in RECORDED {
        let whole = read(encoding, answer, body, usize::MAX).unwrap();
        for chunk in (1..40).chain([100, 1000, 4096]) {
            assert_eq!(read(encoding, answer, body, chunk).unwrap(), whole, "{encoding:?} {answer:?} by {chunk}");
        }
    }
    let watches =
        [(Encoding::Json, fixture!("pods.watchlist.jsonl")), (Encoding::Protobuf, fixture!("pods.watchlist.pb"))];
    for (encoding, body) in watches {
        let whole = read(encoding, Answer::Watch, body, usize::MAX).unwrap();
        for chunk in [1, 2, 3, 7, 1000, 16384] {
            assert_eq!(read(encoding, Answer::Watch, body, chunk).unwrap(), whole, "{encoding:?} by {chunk}");
        }
    }
}

#[test]
fn lists_tell_version_page_and_items_in_both_encodings() {
    for (encoding, body) in [(Encoding::Json, fixture!("pods.json")), (Encoding::Protobuf, fixture!("pods.pb"))] {
        let all = read(encoding, Answer::List, body, 4096).unwrap();
        assert_eq!(all[0], Found::Meta("3949".into(), String::new()), "{encoding:?}");
        assert_eq!(all.len(), 31);
    }
    let page = br#"{"kind":"PodList","metadata":{"resourceVersion":"7","continue":"abc"},"items":null}"#;
    assert_eq!(read(Encoding::Json, Answer::List, page, 9).unwrap(), [Found::Meta("7".into(), "abc".into())]);
    let odd = br#" { "items" : [ {"a":"]}\"\\"} , 1 , "x" , [ ] ] , "k\"ey" : 2.5 , "metadata" : {} } "#;
    let items: Vec<_> = read(Encoding::Json, Answer::List, odd, 1).unwrap();
    let text = |f: &Found| if let Found::Item(b) = f { String::from_utf8(b.clone()).unwrap() } else { "-".into() };
    assert_eq!(items.iter().map(text).collect::<Vec<_>>(), [r#"{"a":"]}\"\\"}"#, "1", "\"x\"", "[ ]", "-"]);
}

#[test]
fn bookmarks_say_whether_the_initial_events_are_over() {
    for (encoding, body) in
        [(Encoding::Json, fixture!("pods.watchlist.jsonl")), (Encoding::Protobuf, fixture!("pods.watchlist.pb"))]
    {
        let all = read(encoding, Answer::Watch, body, 4096).unwrap();
        let ends: Vec<_> = all.iter().filter(|f| matches!(f, Found::Bookmark(_, true))).collect();
        assert_eq!(ends.len(), 1, "{encoding:?}");
        let at = all.iter().position(|f| f == ends[0]).unwrap();
        assert!(all[..at].iter().all(|f| matches!(f, Found::Event(EventKind::Added, _))), "{encoding:?}");
        assert!(matches!(ends[0], Found::Bookmark(version, true) if version.parse::<u64>().is_ok()));
    }
}

#[test]
fn an_error_event_yields_its_status() {
    let all = read(Encoding::Json, Answer::Watch, fixture!("status-410-watch.json"), 5).unwrap();
    let [Found::Error(status)] = &all[..] else { panic!("{all:?}") };
    assert_eq!((status.code, status.reason.as_str()), (410, "Expired"));
    assert!(status.message.contains("too old"));
}

// Frames and envelopes as the server writes them.
fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![number << 3 | 2];
    let mut n = bytes.len();
    while n >= 0x80 {
        out.push((n & 0x7f) as u8 | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
    out.extend_from_slice(bytes);
    out
}

fn frame(kind: &str, object: &[u8]) -> Vec<u8> {
    let envelope = [b"k8s\0".to_vec(), field(2, object)].concat();
    let event = [field(1, kind.as_bytes()), field(2, &field(1, &envelope))].concat();
    [u32::try_from(event.len()).unwrap().to_be_bytes().to_vec(), event].concat()
}

#[test]
fn protobuf_error_events_and_deletions() {
    let status = [field(3, b"gone"), field(4, b"Expired"), vec![6 << 3, 0x9a, 0x03]].concat();
    let body = [frame("DELETED", b"x"), frame("ERROR", &status)].concat();
    let expected = Status { code: 410, reason: "Expired".into(), message: "gone".into() };
    for chunk in 1..body.len() {
        let all = read(Encoding::Protobuf, Answer::Watch, &body, chunk).unwrap();
        assert_eq!(all, [Found::Event(EventKind::Deleted, b"x".into()), Found::Error(expected.clone())]);
    }
    let error = read(Encoding::Protobuf, Answer::Watch, &frame("WHAT", b""), 9).unwrap_err();
    assert!(error.what.contains("unknown type"), "{error}");
}

#[test]
fn an_object_may_come_before_its_type() {
    let body = br#"{"object":{"a":1},"type":"ADDED"}{"type":"DELETED","object":{}}"#;
    let all = read(Encoding::Json, Answer::Watch, body, 3).unwrap();
    assert_eq!(
        all,
        [Found::Event(EventKind::Added, br#"{"a":1}"#.into()), Found::Event(EventKind::Deleted, b"{}".into())]
    );
}

#[test]
fn a_body_cut_anywhere_is_an_error_at_its_end() {
    for &(encoding, answer, body) in RECORDED {
        let end = body.trim_ascii_end().len();
        let taken: Vec<usize> = (0..end).filter(|&cut| read(encoding, answer, &body[..cut], 512).is_ok()).collect();
        // A watch may end between events; a protobuf list between the two empty fields behind the list message.
        let fine: &[usize] = match (encoding, answer) {
            (_, Answer::Watch) => &[0],
            (Encoding::Json, _) => &[],
            (Encoding::Protobuf, _) => &[end - 4, end - 2],
        };
        assert_eq!(taken, fine, "{encoding:?} {answer:?}");
    }
}

#[test]
fn garbage_is_refused_with_its_place() {
    for (encoding, answer, body, what) in [
        (Encoding::Json, Answer::List, &b"<html>no</html>"[..], "byte 0"),
        (Encoding::Json, Answer::List, b"[1]", "byte 0"),
        (Encoding::Json, Answer::List, b"{\"items\":{}}", "byte 9"),
        (Encoding::Json, Answer::List, b"{\"items\":[?]}", "byte 10"),
        (Encoding::Json, Answer::List, b"{\"items\":[]}{}", "middle"),
        (Encoding::Json, Answer::List, b"{\"metadata\":7}", "list metadata JSON"),
        (Encoding::Json, Answer::Watch, b"{\"type\":\"NEW\",\"object\":{}}", "NEW"),
        (Encoding::Json, Answer::Watch, b"{\"object\":{}}", "without a type"),
        (Encoding::Protobuf, Answer::List, b"{\"kind\":\"Status\"}", "no Kubernetes protobuf"),
        (Encoding::Protobuf, Answer::List, b"k8s\0\x12\x02\x12\x05aaaaa", "past the end"),
        (Encoding::Protobuf, Answer::List, b"k8s\0\x13", "unknown field type"),
        (Encoding::Protobuf, Answer::Watch, b"\0\0\0\x02\x0a\x01", "cut off"),
    ] {
        let error = read(encoding, answer, body, 64).unwrap_err().to_string();
        assert!(error.contains(what), "{error}");
    }
}

#[test]
fn what_is_kept_has_a_limit() {
    let big = format!(r#"{{"items":[{{"x":"{}"}}]}}"#, "a".repeat(5000));
    let error = feed(Framer::JsonList(JsonList::with_limit(1000)), big.as_bytes(), 100).unwrap_err();
    assert!(error.what.contains("size limit"), "{error}");
    // What nobody wants may be as long as it likes and is not kept.
    let skipped = format!(r#"{{"other":{{"x":"{}"}},"items":[]}}"#, "a".repeat(50_000));
    let mut list = JsonList::with_limit(1000);
    for part in skipped.as_bytes().chunks(100) {
        list.feed(part, &mut |_: Piece<'_>| Ok(())).unwrap();
        assert!(list.kept() <= 200, "{}", list.kept());
    }
    let item = field(2, &vec![b'a'; 5000]);
    let list = [b"k8s\0".to_vec(), field(2, &item)].concat();
    let mut machine = ProtoList::with_limit(1000);
    let error = machine.feed(&list, &mut |_: Piece<'_>| Ok(())).unwrap_err();
    assert!(error.what.contains("size limit") && machine.kept() == 0, "{error}");
    let watch = Framer::ProtoWatch(ProtoWatch::with_limit(1000));
    let error = feed(watch, &frame("ADDED", &[b'a'; 5000]), 64).unwrap_err();
    assert!(error.what.contains("size limit"), "{error}");
    let key = format!("{{\"{}", "k".repeat(1 << 17));
    assert!(read(Encoding::Json, Answer::List, key.as_bytes(), 1000).unwrap_err().what.contains("key without end"));
}

#[test]
fn the_sinks_own_error_ends_the_feeding() {
    for &(encoding, answer, body) in RECORDED {
        let mut calls = 0;
        let error = Framer::new(encoding, answer).feed(body, &mut |_: Piece<'_>| {
            calls += 1;
            Err(DecodeError::new("stop", "test"))
        });
        assert_eq!((error.unwrap_err().what.as_ref(), calls), ("stop", 1));
    }
}

#[test]
fn heads_are_read_without_decoding() {
    for (encoding, body) in [(Encoding::Json, fixture!("pods.json")), (Encoding::Protobuf, fixture!("pods.pb"))] {
        let batch = rows(spec("", "pods").unwrap(), encoding, Answer::List, body, usize::MAX);
        let uids: Vec<Uid> = crate::kinds::fixtures::puts(&batch).iter().map(|(h, _)| h.uid).collect();
        let mut heads = Vec::new();
        for found in read(encoding, Answer::List, body, 4096).unwrap() {
            let Found::Item(object) = found else { continue };
            let head = if encoding == Encoding::Json { json_head(&object) } else { proto_head(&object) }.unwrap();
            assert!(head.resource_version.parse::<u64>().is_ok());
            heads.push(head.uid);
        }
        assert_eq!(heads, uids, "{encoding:?}");
    }
    assert!(json_head(b"{\"kind\":\"Pod\"}").is_err() && json_head(b"[]").is_err() && proto_head(b"").is_err());
    // Nothing behind the metadata is looked at.
    let cut = json_head(br#"{"metadata":{"name":"a","uid":"u","resourceVersion":"5"},"spec":{"#).unwrap();
    assert_eq!(cut, Head { uid: Uid::parse("u"), resource_version: "5".into() });
}

#[test]
fn content_types() {
    assert_eq!(Encoding::of_content_type("application/vnd.kubernetes.protobuf;stream=watch"), Encoding::Protobuf);
    assert_eq!(Encoding::of_content_type("application/json; charset=utf-8"), Encoding::Json);
}

fn machines() -> impl Iterator<Item = (Encoding, Answer)> {
    [Encoding::Json, Encoding::Protobuf].into_iter().flat_map(|e| [(e, Answer::List), (e, Answer::Watch)])
}

proptest! {
    #[test]
    fn no_bytes_panic(body in proptest::collection::vec(any::<u8>(), 0..400), chunk in 1_usize..50) {
        for (encoding, answer) in machines() {
            let _ = read(encoding, answer, &body, chunk);
            let with_magic = [b"k8s\0", &body[..]].concat();
            let _ = read(encoding, answer, &with_magic, chunk);
        }
        for kind in KINDS {
            let mut batch = batch_for(&(kind.schema)());
            let _ = (kind.json)(&body, &mut batch);
            let _ = kind.proto.map(|f| f(&body, &mut batch));
        }
        let _ = (json_head(&body), proto_head(&body));
    }

    #[test]
    fn no_changed_or_cut_answer_panics(at in 0_usize..100_000, byte in any::<u8>(), cut in 0_usize..100_000, chunk in 1_usize..9000) {
        for (encoding, answer, body) in [
            (Encoding::Json, Answer::List, fixture!("nodes.json")),
            (Encoding::Protobuf, Answer::List, fixture!("pods.pb")),
            (Encoding::Protobuf, Answer::Watch, fixture!("pods.watchlist.pb")),
        ] {
            let mut body = body.to_vec();
            let n = body.len();
            body[at % n] = byte;
            body.truncate(cut % n);
            let kind = spec("", if encoding == Encoding::Json { "nodes" } else { "pods" }).unwrap();
            let mut batch = batch_for(&(kind.schema)());
            let mut framer = Framer::new(encoding, answer);
            for part in body.chunks(chunk) {
                let fed = framer.feed(part, &mut |piece: Piece<'_>| {
                    if let Piece::Item(o) | Piece::Event { object: o, .. } = piece {
                        let decode = if encoding == Encoding::Json { kind.json } else { kind.proto.unwrap() };
                        let _ = decode(o, &mut batch);
                    }
                    Ok(())
                });
                if fed.is_err() {
                    break;
                }
            }
        }
    }
}

#[test]
fn an_object_cut_at_any_byte_is_an_error_or_a_shorter_object() {
    let first = |encoding, body| match read(encoding, Answer::List, body, usize::MAX).unwrap().swap_remove(1) {
        Found::Item(bytes) => bytes,
        other => panic!("{other:?}"),
    };
    let kind = spec("", "pods").unwrap();
    let json = first(Encoding::Json, fixture!("pods.json"));
    let proto = first(Encoding::Protobuf, fixture!("pods.pb"));
    let mut batch = batch_for(&(kind.schema)());
    for cut in 0..json.len() {
        assert!((kind.json)(&json[..cut], &mut batch).is_err(), "JSON cut at {cut}");
    }
    // Protobuf has no closing mark: a cut between two fields of the outermost message is a shorter message.
    let whole = (0..proto.len()).filter(|&cut| (kind.proto.unwrap())(&proto[..cut], &mut batch).is_ok()).count();
    assert!(whole <= 2, "{whole} cuts were taken for whole objects");
}
