use super::*;
use proptest::prelude::*;

fn strip(value: Value) -> serde_json::Value {
    match value.json {
        Json::Null => serde_json::Value::Null,
        Json::Bool(b) => b.into(),
        Json::Number(n) => n.into(),
        Json::String(s) => s.into(),
        Json::Array(a) => a.into_iter().map(strip).collect(),
        Json::Object(o) => o.into_iter().map(|m| (m.name, strip(m.value))).collect(),
    }
}

fn fails_at(text: &str) -> (u32, u32, String) {
    let bad = parse(text).expect_err("no JSON");
    (bad.at.line, bad.at.column, bad.what)
}

#[test]
fn places_are_lines_and_characters() {
    let value = parse("{\n  \"é\": [1,\n   true]}").expect("JSON");
    let Json::Object(members) = value.json else { panic!("an object") };
    assert_eq!(members[0].at, Place { line: 2, column: 3 });
    let Json::Array(items) = &members[0].value.json else { panic!("an array") };
    assert_eq!((members[0].value.at, items[1].at), (Place { line: 2, column: 8 }, Place { line: 3, column: 4 }));
}

#[test]
fn doubles_are_kept() {
    let Json::Object(members) = parse(r#"{"a":1,"a":2}"#).expect("JSON").json else { panic!("an object") };
    assert_eq!(members.len(), 2);
}

#[test]
fn the_place_of_a_mistake_is_named() {
    assert_eq!(fails_at("{\n  \"a\": 1,\n}"), (3, 1, fails_at("{\n  \"a\": 1,\n}").2));
    let table = [
        ("", 1, 1),
        ("{", 1, 2),
        ("[1 2]", 1, 4),
        ("{\"a\" 1}", 1, 6),
        ("{\"a\": dark}", 1, 7),
        ("{\"a\": \"x\n\"}", 1, 7),
        ("[1]\n x", 2, 2),
        ("// no\n{}", 1, 1),
        ("[\"\\q\"]", 1, 2),
        ("[01]", 1, 2),
    ];
    for (text, line, column) in table {
        let (l, c, what) = fails_at(text);
        assert_eq!((l, c), (line, column), "{text}: {what}");
    }
}

#[test]
fn depth_has_an_end() {
    assert!(fails_at(&"[".repeat(100_000)).2.contains("deep"));
}

#[test]
fn a_byte_order_mark_is_no_mistake() {
    assert!(parse("\u{feff}{}").is_ok());
}

proptest! {
    #[test]
    fn whatever_is_written_it_agrees_with_serde_json(text in r#"[\[\]{}:,"a1 \\\-.entrufals\n]{0,24}"#) {
        prop_assert_eq!(parse(&text).ok().map(strip), serde_json::from_str::<serde_json::Value>(&text).ok());
    }
}
