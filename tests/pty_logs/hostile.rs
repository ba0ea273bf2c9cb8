//! Whatever a container writes, the terminal obeys none of it.

use super::{QD, count};
use crate::pty::{Program, command, served};
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use std::collections::BTreeSet;

/// What an emulator would obey of some bytes: each kind of sequence, without its numbers.
fn orders(bytes: &[u8]) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|b| *b < 0x20 || *b == 0x7f) {
        let order = &rest[at..];
        let mut name = format!("{:02x}", order[0]);
        if order[0] == 0x1b {
            let second = order.get(1).copied().unwrap_or(0);
            name.push(char::from(second));
            if second == b'[' {
                let end = order[2..].iter().position(|b| (0x40..=0x7e).contains(b)).unwrap_or(0);
                let signs = order[2..=end + 2].iter().filter(|b| !b.is_ascii_digit() && !matches!(b, b';' | b':'));
                name.extend(signs.map(|b| char::from(*b)));
                // Of modes it matters which.
                if matches!(order[end + 2], b'h' | b'l') {
                    name.push_str(&String::from_utf8_lossy(&order[2..end + 2]));
                }
            }
        }
        all.insert(name);
        rest = &rest[at + 1..];
    }
    all
}

/// The state of an emulator that a line must not change.
fn state(screen: &vt100::Screen) -> String {
    format!(
        "{:?} {} {} {} {} {:?} {:?}",
        screen.size(),
        screen.alternate_screen(),
        screen.application_keypad(),
        screen.application_cursor(),
        screen.bracketed_paste(),
        screen.mouse_protocol_mode(),
        screen.mouse_protocol_encoding(),
    )
}

/// What we know to be bad, and what chance brings.
fn corpus() -> Vec<Vec<u8>> {
    let mut lines: Vec<Vec<u8>> = [
        &b"\x1b]0;owned\x07title \x1b]2;owned\x1b\\ \x1b]52;c;b3duZWQ=\x07clipboard \x1b]4;1;rgb:00/00/00\x1b\\palette"
            [..],
        b"\x1b[2J\x1b[Hcleared \x1b[?1049lother screen \x1b[?25h cursor \x1b[5;10r region \x1b[?6h origin",
        b"\x1b[6n\x1b[c\x1b[>q\x1b[?u answers \x1bP+q544e\x1b\\dcs \x1b_Gi=1\x1b\\apc \x1b^pm\x1b\\ \x1bX sos \x1b\\",
        b"\x1bc reset \x1b[!p soft \x1b7\x1b8 save \x1b(0 charset \x0e shift \x0f \x1b#8 align \x1bD\x1bM\x1bE index",
        b"\x1b[?2004l\x1b[?1000h\x1b[?1006h\x1b[?1h\x1b=modes \x1b[>4;2m\x1b[=5u keys \x1b[?2026h held",
        "\u{9b}2J \u{9d}0;owned\u{9c} \u{90}q\u{9c} \u{85} c1 \u{202e}gnp.exe\u{202c} \u{2066}bidi\u{2069}".as_bytes(),
        b"\xff\xfe\xc3( bad \xe6\xb3 utf-8 \x9b31m \x9d0;x\x9c raw c1 \xf0\x9f\x92",
        b"back\x08\x08\x08 bell\x07 tab\there\x0b\x0c \x00 nul \x7f del \rreturn",
        b"never ended \x1b]0;owned",
        b"never ended \x1b[38;5",
        "wide 界界 👩‍👩‍👧 e\u{301}\u{301}\u{301} \u{200b}\u{feff} 🇯🇵".as_bytes(),
    ]
    .map(<[u8]>::to_vec)
    .to_vec();
    lines.push([b"x".repeat(200_000), b"\x1b]0;owned\x07".to_vec(), "界".repeat(20_000).into_bytes()].concat());
    let piece = proptest::prop_oneof![
        proptest::collection::vec(proptest::num::u8::ANY, 1..12),
        proptest::strategy::Just(b"\x1b[".to_vec()),
        proptest::strategy::Just(b"\x1b]".to_vec()),
        proptest::strategy::Just(b"\x1bP".to_vec()),
        proptest::strategy::Just(b"\xc2\x9b".to_vec()),
        proptest::strategy::Just(b"?1049h".to_vec()),
        proptest::strategy::Just(b"52;c;YQ==\x07".to_vec()),
        proptest::strategy::Just("界\u{202e}".as_bytes().to_vec()),
    ];
    let line = proptest::collection::vec(piece, 0..24);
    let mut runner = TestRunner::deterministic();
    for _ in 0..300 {
        lines.push(line.new_tree(&mut runner).expect("bytes").current().concat());
    }
    lines
}

/// Reads all of a log in every way there is; what came to the terminal.
fn read_through(lines: &[Vec<u8>]) -> (String, String, BTreeSet<String>) {
    let folder = tempfile::tempdir().expect("a folder");
    let conf = served::serve(folder.path(), lines);
    let mut command = command(QD, &["--kubeconfig", conf.to_str().expect("a plain path"), "-c", ":logs loud -n shop"]);
    command.env("XDG_CONFIG_HOME", folder.path());
    let mut program = Program::start(command, 100, 30);
    program.wait_for("a live log", |s| s.contents().contains("logs ·") && s.contents().contains("live"));
    program.send("\\z");
    program.wait_for("all lines", |s| count(s).is_some_and(|n| n >= lines.len() as u64));
    let before = state(&program.screen());
    // From the first line to the last, a page at a time: cut, wrapped, scrolled, in full.
    for way in ["", "w", "w\x1b[C\x1b[C\x1b[C", "\r"] {
        program.send(way);
        program.send("g");
        program.wait_for("the first line", |s| s.contents().contains("paused"));
        for _ in 0..24 {
            program.send("\x1b[6~");
        }
        program.send("G");
        program.wait_for("the end", |s| !s.contents().contains("paused"));
    }
    let after = state(&program.screen());
    let came = orders(&program.all());
    program.send("\x03\x03");
    assert!(program.wait_for_end().success());
    program.assert_restored();
    (before, after, came)
}

#[test]
fn no_bytes_of_a_container_reach_the_terminal_as_orders() {
    let tame: Vec<Vec<u8>> =
        (0..320).map(|n| format!("\x1b[1;31mERROR\x1b[0m line {n} 界 \x1b[48;2;1;2;3mx\x1b[m").into_bytes()).collect();
    let (_, calm, known) = read_through(&tame);
    let (before, after, came) = read_through(&corpus());
    assert_eq!(before, after, "the emulator's state");
    assert_eq!(after, calm, "as with lines that want nothing");
    // Where to write next is the program's own affair.
    let moves = ["1b[A", "1b[B", "1b[C", "1b[D"];
    let foreign: Vec<&String> = came.difference(&known).filter(|o| !moves.contains(&o.as_str())).collect();
    assert!(foreign.is_empty(), "orders that no tame line brings: {foreign:?}");
}
