//! Whatever a container writes, the terminal obeys none of it.

use super::{QD, count};
use crate::pty::orders::{HOSTILE, orders, state};
use crate::pty::{Program, command, served};
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use std::collections::BTreeSet;

/// What we know to be bad, and what chance brings.
fn corpus() -> Vec<Vec<u8>> {
    let mut lines: Vec<Vec<u8>> = HOSTILE.map(<[u8]>::to_vec).to_vec();
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
