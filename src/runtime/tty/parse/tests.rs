//! Each sequence, each way to cut it, and no bytes that panic.

use super::{Parser, paste};
use crate::core::input::{Button, Input, Key, KeyCode, Mods, Mouse, MouseKind};
use proptest::prelude::*;

fn parse(bytes: &[u8]) -> Vec<Input> {
    let (mut parser, mut out) = (Parser::default(), Vec::new());
    parser.feed(bytes, &mut out);
    out
}

/// One byte at a time, and the wait runs out after the last.
fn parse_slowly(bytes: &[u8]) -> Vec<Input> {
    let (mut parser, mut out) = (Parser::default(), Vec::new());
    for byte in bytes {
        parser.feed(&[*byte], &mut out);
    }
    if parser.pending() {
        parser.timeout(&mut out);
    }
    assert!(!parser.pending());
    out
}

/// Keys as a keymap writes them.
fn names(inputs: &[Input]) -> Vec<String> {
    inputs
        .iter()
        .map(|input| match input {
            Input::Key(key) => key.to_string(),
            other => format!("{other:?}"),
        })
        .collect()
}

#[test]
fn keys_are_read() {
    let table: &[(&[u8], &[&str])] = &[
        (b"aZ\xc3\xa9\xe2\x82\xac", &["a", "Z", "é", "€"]),
        (b"\x00\x01\x04\x1a", &["Ctrl-Space", "Ctrl-a", "Ctrl-d", "Ctrl-z"]),
        (b"\x1c\x1d\x1e\x1f", &["Ctrl-\\", "Ctrl-]", "Ctrl-^", "Ctrl-_"]),
        (b"\t\r\n\x7f\x08", &["Tab", "Enter", "Ctrl-j", "Backspace", "Ctrl-h"]),
        (b"\x1b[A\x1b[B\x1b[C\x1b[D\x1b[H\x1b[F", &["Up", "Down", "Right", "Left", "Home", "End"]),
        (b"\x1bOA\x1bOB\x1bOC\x1bOD\x1bOH\x1bOF", &["Up", "Down", "Right", "Left", "Home", "End"]),
        (b"\x1b[1~\x1b[2~\x1b[3~\x1b[4~\x1b[5~\x1b[6~", &["Home", "Insert", "Delete", "End", "PgUp", "PgDn"]),
        (b"\x1bOP\x1bOS\x1b[15~\x1b[17~\x1b[24~\x1b[34~", &["F1", "F4", "F5", "F6", "F12", "F20"]),
        (b"\x1b[[A\x1b[[E", &["F1", "F5"]),
        (b"\x1b[Z\x1b[9;2u", &["Shift-Tab", "Shift-Tab"]),
        (b"\x1b[1;5A\x1b[1;2D\x1b[1;3C\x1b[1;6B", &["Ctrl-Up", "Shift-Left", "Alt-Right", "Ctrl-Shift-Down"]),
        (b"\x1b[3;5~\x1b[1;5P\x1b[15;2~", &["Ctrl-Delete", "Ctrl-F1", "Shift-F5"]),
        (
            b"\x1b[a\x1bOc\x1b[3$\x1b[3^\x1b[3@",
            &["Shift-Up", "Ctrl-Right", "Shift-Delete", "Ctrl-Delete", "Ctrl-Shift-Delete"],
        ),
        (b"\x1bx\x1bXqq\x1b\\j", &["Alt-x", "j"]),
        (b"\x1b\x1b[A\x1b\x1bOB", &["Alt-Up", "Alt-Down"]),
        (b"\x1bOM\x1bOj\x1bOy\x1bOX", &["Enter", "*", "9", "="]),
    ];
    for (bytes, want) in table {
        // `ESC X` begins a string; what stands behind it is swallowed by rule.
        assert_eq!(names(&parse(bytes)), *want, "{:?}", bytes.escape_ascii().to_string());
    }
    assert_eq!(names(&parse(b"\x1bx\x1b\xc3\xa9\x1b\x01\x1b\x7f")), ["Alt-x", "Alt-é", "Ctrl-Alt-a", "Alt-Backspace"]);
}

#[test]
fn kitty_and_xterm_numbers_are_keys() {
    let table: &[(&[u8], &[&str])] = &[
        (b"\x1b[97u\x1b[97;5u\x1b[27u\x1b[13u", &["a", "Ctrl-a", "Esc", "Enter"]),
        (b"\x1b[97;2u\x1b[49:33;2u", &["A", "!"]),
        (b"\x1b[97;6u", &["Ctrl-A"]),
        (b"\x1b[97;1:1u\x1b[97;1:2u\x1b[97;1:3u", &["a", "a"]),
        (b"\x1b[1;1:3A\x1b[1;5:1A", &["Ctrl-Up"]),
        (b"\x1b[97;9u\x1b[57441u\x1b[57358u", &[]),
        (b"\x1b[57376u\x1b[57419;3u\x1b[57404u", &["F13", "Alt-Up", "5"]),
        (b"\x1b[97;65u", &["a"]),
        (b"\x1b[27;5;32~\x1b[27;6;112~", &["Ctrl-Space", "Ctrl-P"]),
    ];
    for (bytes, want) in table {
        assert_eq!(names(&parse(bytes)), *want, "{:?}", bytes.escape_ascii().to_string());
    }
}

#[test]
fn a_lone_escape_waits() {
    let (mut parser, mut out) = (Parser::default(), Vec::new());
    parser.feed(b"\x1b", &mut out);
    assert!(parser.pending() && out.is_empty());
    parser.timeout(&mut out);
    assert_eq!(out, [Input::Key(Key::plain(KeyCode::Esc))]);
    assert!(!parser.pending());
    parser.timeout(&mut out);
    assert_eq!(out.len(), 1, "time alone says nothing");
}

#[test]
fn what_hands_type_is_kept_apart_by_time() {
    assert_eq!(names(&parse_slowly(b"\x1b\x1b")), ["Esc", "Esc"]);
    assert_eq!(names(&parse_slowly(b"\x1b\x1b\x1b")), ["Esc", "Esc", "Esc"]);
    assert_eq!(names(&parse_slowly(b"\x1b\x1bx")), ["Esc", "Alt-x"]);
    assert_eq!(names(&parse_slowly(b"\x1b[")), ["Alt-["]);
    assert_eq!(names(&parse_slowly(b"\x1bO")), ["Alt-O"]);
    assert_eq!(names(&parse_slowly(b"\x1b]")), ["Alt-]"]);
    assert_eq!(names(&parse_slowly(b"\x1b\x1b[")), ["Esc", "Alt-["]);
}

#[test]
fn a_sequence_under_way_outlives_the_wait() {
    let (mut parser, mut out) = (Parser::default(), Vec::new());
    for byte in b"\x1b[1;5A" {
        parser.feed(&[*byte], &mut out);
        if parser.pending() {
            continue;
        }
        parser.timeout(&mut out);
    }
    assert_eq!(names(&out), ["Ctrl-Up"]);
}

#[test]
fn the_unknown_is_swallowed_whole() {
    let table: &[&[u8]] = &[
        b"\x1b[?62;22c",
        b"\x1b[?2026;2$y",
        b"\x1b[>0;276;0c",
        b"\x1b[24;80R",
        b"\x1b[12;34;56;78w",
        b"\x1b[ q",
        b"\x1b[999~",
        b"\x1b[1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17;18;19;20;21;22;23;24;25;26;27;28;29;30m",
        b"\x1b]11;rgb:0000/0000/0000\x07",
        b"\x1b]11;rgb:0000/0000/0000\x1b\\",
        b"\x1bP>|term 1.0\x1b\\",
        b"\x1b_Gi=1;OK\x1b\\",
        b"\x1b[<64;5;5m",
        b"\x1b[<66;5;5M",
        b"\x1b[<99999999999;5;5M",
        b"\x1b[Mb!!",
        b"\xff\xfe\x80\xc0",
        b"\xc2\x9b",
    ];
    for bytes in table {
        let mut with_key = bytes.to_vec();
        with_key.push(b'j');
        assert_eq!(names(&parse(&with_key)), ["j"], "{:?}", bytes.escape_ascii().to_string());
    }
}

#[test]
fn a_cut_sequence_does_not_eat_the_next() {
    assert_eq!(names(&parse(b"\x1b[1;\x1b[A")), ["Up"]);
    assert_eq!(names(&parse(b"\x1b]0;title\x1b[A")), ["Up"]);
    assert_eq!(names(&parse(b"\xe2\x82\x1b[A")), ["Up"]);
    assert_eq!(names(&parse(b"\xe2\x82a")), ["a"]);
    assert_eq!(names(&parse(b"\x1b[1\x03A")), ["Ctrl-c", "Up"]);
    assert_eq!(names(&parse(b"\x1b[1\x18A")), ["A"]);
    assert_eq!(names(&parse(b"\x1b\xffa")), ["a"]);
}

#[test]
fn the_mouse_clicks_and_turns() {
    let with = |kind, button, x, y| Input::Mouse(Mouse { kind, button, x, y });
    let at = |kind, x, y| with(kind, Button::Left, x, y);
    assert_eq!(parse(b"\x1b[<0;1;1M\x1b[<0;1;1m"), [at(MouseKind::Click, 0, 0), at(MouseKind::Release, 0, 0)]);
    assert_eq!(parse(b"\x1b[<32;5;6M\x1b[<35;7;8M"), [at(MouseKind::Drag, 4, 5), at(MouseKind::Move, 6, 7)]);
    assert_eq!(parse(b"\x1b[<2;1;2M"), [with(MouseKind::Click, Button::Right, 0, 1)]);
    assert_eq!(parse(b"\x1b[<49;1;2M"), [with(MouseKind::Drag, Button::Middle, 0, 1)]);
    assert_eq!(parse(b"\x1b[<64;1;1m\x1b[<66;1;1M\x1b[<3;1;1M\x1b[<128;1;1M"), []);
    assert_eq!(parse(b"\x1b[M#!!\x1b[M@!!"), [at(MouseKind::Release, 0, 0), at(MouseKind::Drag, 0, 0)]);
    assert_eq!(parse(b"\x1b[<64;300;20M"), [at(MouseKind::WheelUp, 299, 19)]);
    assert_eq!(parse(b"\x1b[<81;3;4M"), [at(MouseKind::WheelDown, 2, 3)]);
    assert_eq!(parse(b"\x1b[M !\x22"), [at(MouseKind::Click, 0, 1)]);
}

#[test]
fn focus_comes_and_goes() {
    assert_eq!(parse(b"\x1b[I\x1b[O"), [Input::Focus(true), Input::Focus(false)]);
}

#[test]
fn a_paste_is_one_input() {
    let want = [Input::Paste("ls\n\trm -rf é".into()), Input::Key(Key::char('q'))];
    assert_eq!(parse("\x1b[200~ls\r\n\trm \x07-rf é\x1b[201~q".as_bytes()), want);
    assert_eq!(parse(b"\x1b[200~\x1b\x1b[2\x1b[201\x1b[201~"), [Input::Paste("[2[201".into())]);
    let (mut parser, mut out) = (Parser::default(), Vec::new());
    parser.feed(b"\x1b[200~dd", &mut out);
    assert!(!parser.pending());
    parser.timeout(&mut out);
    assert!(out.is_empty(), "a paste waits for its end");
}

#[test]
fn a_paste_is_bounded() {
    let mut bytes = b"\x1b[200~".to_vec();
    bytes.resize(bytes.len() + paste::LIMIT + 5000, b'x');
    bytes.extend_from_slice(b"\x1b[201~j");
    let inputs = parse(&bytes);
    assert!(matches!(&inputs[0], Input::Paste(text) if text.len() == paste::LIMIT));
    assert_eq!(inputs[1..], [Input::Key(Key::char('j'))]);
}

#[test]
fn modifiers_of_characters_follow_the_vocabulary() {
    let key = |bytes: &[u8]| match parse(bytes)[..] {
        [Input::Key(key)] => key,
        ref other => panic!("{other:?}"),
    };
    assert_eq!(key(b"\x1b[120;4u"), Key { code: KeyCode::Char('X'), mods: Mods { alt: true, ..Mods::default() } });
    assert_eq!(key(b"\x1b[223;2u").code, KeyCode::Char('ß'), "no single capital");
}

/// Bytes that a terminal might send, and some that none does.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        any::<u8>().prop_map(|b| vec![b]),
        prop::sample::select(&b"\x1b[]O;?<~0123456789uMmAP\\\x07$"[..]).prop_map(|b| vec![b]),
        any::<char>().prop_map(|c| c.to_string().into_bytes()),
        Just(b"\x1b[200~".to_vec()),
        Just(b"\x1b[201~".to_vec()),
        Just(b"\x1b[1;5A".to_vec()),
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn chunks_do_not_matter(bytes in bytes(), cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..8)) {
        let (mut parser, mut out) = (Parser::default(), Vec::new());
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
        cuts.sort_unstable();
        let mut from = 0;
        for cut in cuts {
            parser.feed(&bytes[from..cut], &mut out);
            from = cut;
        }
        parser.feed(&bytes[from..], &mut out);
        prop_assert_eq!(out, parse(&bytes));
    }

    #[test]
    fn no_bytes_panic_and_the_wait_always_ends(bytes in bytes()) {
        let (mut parser, mut out) = (Parser::default(), Vec::new());
        for byte in bytes {
            parser.feed(&[byte], &mut out);
            if byte % 3 == 0 {
                parser.timeout(&mut out);
                prop_assert!(!parser.pending());
            }
        }
    }

    #[test]
    fn typed_text_comes_through(text in "[^\\p{Cc}]{0,40}") {
        let want: Vec<Input> = text.chars().map(|c| Input::Key(Key::char(c))).collect();
        prop_assert_eq!(parse(text.as_bytes()), want);
    }
}
