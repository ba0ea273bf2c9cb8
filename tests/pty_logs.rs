//! Logs by keys, as a user reads them, on the simulated cluster; and that no line drives the terminal.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    clippy::print_stdout,
    dead_code,
    reason = "a test tells by failing, and a shared harness is not used whole"
)]

mod pty;

use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use pty::{Program, command, served};
use std::collections::BTreeSet;
use std::path::Path;

const QD: &str = env!("CARGO_BIN_EXE_qd");

fn open(line: &str, columns: u16, rows: u16) -> Program {
    open_in(Path::new("/"), line, columns, rows)
}

/// A log, zoomed, of a program whose working and configuration folder is this one.
fn open_in(folder: &Path, line: &str, columns: u16, rows: u16) -> Program {
    let mut command = command(QD, &["--demo", "--demo-seed", "7", "-c", line]);
    command.env("XDG_CONFIG_HOME", folder);
    command.cwd(folder);
    let mut program = Program::start(command, columns, rows);
    program.wait_for("a live log", |s| s.contents().contains("logs ·") && s.contents().contains("live"));
    program.send("\\z");
    program.wait_for("one pane", |s| s.contents().matches('╭').count() == 1);
    // Of all streams, not only of those that were opened first.
    program.wait_for("lines", |s| count(s).is_some_and(|n| n > 10_000));
    program
}

/// The count of lines in the lower border.
fn count(screen: &vt100::Screen) -> Option<u64> {
    // A line of a log may speak of lines too.
    let border = rows(screen).into_iter().find(|r| r.starts_with('╰'))?;
    let (before, _) = border.split_once(" lines")?;
    before.rsplit(' ').next()?.replace(',', "").parse().ok()
}

/// The rows of a screen.
fn rows(screen: &vt100::Screen) -> Vec<String> {
    let (_, columns) = screen.size();
    screen.rows(0, columns).collect()
}

/// The row the cursor is on.
fn chosen(screen: &vt100::Screen) -> Option<String> {
    rows(screen).into_iter().find(|r| r.contains('▌'))
}

/// Types keys and waits for words.
fn then(program: &mut Program, keys: &str, words: &str) {
    program.send(keys);
    program.wait_for_text(words);
}

/// Types keys and waits until words are gone.
fn until_gone(program: &mut Program, keys: &str, words: &str) {
    program.send(keys);
    program.wait_for(&format!("no {words:?}"), |s| !s.contents().contains(words));
}

#[test]
fn a_log_is_followed_paused_and_followed_again() {
    let mut program = open(":logs -n shop -l app", 120, 30);
    then(&mut program, "kkk", "paused");
    program.wait_for("lines counted up meanwhile", |s| s.contents().contains(" new"));
    let place = chosen(&program.screen());
    let new = |s: &vt100::Screen| {
        let text = s.contents();
        text.split_once(" new").and_then(|(before, _)| before.rsplit(' ').next()?.replace(',', "").parse::<u64>().ok())
    };
    let before = new(&program.screen());
    program.wait_for("more of them", |s| new(s) > before);
    assert_eq!(chosen(&program.screen()), place, "the cursor keeps its line");
    until_gone(&mut program, "G", "paused");
    program.send("q\x03\x03");
    assert!(program.wait_for_end().success());
    program.assert_restored();
}

/// Waits until the cursor is on that hit, counted from the first line.
fn on_hit(program: &Program, number: &str) {
    let told = format!("/request {number} of ");
    program.wait_for(&told, |s| {
        rows(s).iter().any(|r| r.contains(&told)) && chosen(s).is_some_and(|r| r.contains("request"))
    });
}

/// Waits until all that was there before has been read: then lines come one by one.
fn all_read(program: &Program) {
    let (mut last, mut since) = (0, std::time::Instant::now());
    program.wait_for("older lines come no more", |s| {
        let now = count(s).unwrap_or(0);
        if now > last + 100 {
            since = std::time::Instant::now();
        }
        last = last.max(now);
        since.elapsed() > std::time::Duration::from_secs(2)
    });
}

#[test]
fn find_filter_fields_and_time_each_do_their_own() {
    let mut program = open(":logs -n shop -l app", 120, 30);
    all_read(&program);
    // At the first lines, between which no other comes any more.
    then(&mut program, "g", "paused");
    program.send("/request\r");
    on_hit(&program, "1");
    // From hit to hit.
    program.send("n");
    on_hit(&program, "2");
    let here = chosen(&program.screen());
    program.send("n");
    on_hit(&program, "3");
    assert_ne!(chosen(&program.screen()), here, "the cursor goes along");
    program.send("N");
    on_hit(&program, "2");
    assert_eq!(chosen(&program.screen()), here);
    until_gone(&mut program, "\x1b", "/request");
    // A filter: words, what is not to be there, a level, several at once; lines around; errors only.
    program.send("&request !cart level>=info\r");
    program.wait_for("the filter", |s| s.contents().contains("&request !cart level>=info"));
    program.wait_for("filtered lines", |s| {
        let lines: Vec<String> = rows(s).into_iter().filter(|r| r.contains("\"msg\"")).collect();
        !lines.is_empty() && lines.iter().all(|l| l.contains("request"))
    });
    then(&mut program, "C", "2 lines around each");
    until_gone(&mut program, "\x1b", "&request");
    then(&mut program, "E", "&level>=error");
    until_gone(&mut program, "E", "&level>=error");
    then(&mut program, "&status>=\r", "&status>=");
    until_gone(&mut program, "\x1b", "&status>=");
    then(&mut program, "&(\r", "unclosed group");
    until_gone(&mut program, "\x1b", "unclosed group");
    // Structured lines: fields as columns, one line in full, the strip, marks, a range of time.
    then(&mut program, "\r", "service");
    program.send("\rflevel msg\r");
    program.wait_for("columns", |s| rows(s).iter().any(|r| r.contains("info") && !r.contains("\"msg\"")));
    program.send("f\x15\r");
    program.wait_for("whole lines", |s| s.contents().contains("\"msg\""));
    then(&mut program, "S", "lines and errors in");
    then(&mut program, "km", "1 marked");
    program.send("c");
    program.wait_until_said("\x1b]52;");
    then(&mut program, "@-2m\r", "paused");
    until_gone(&mut program, "G", "paused");
    then(&mut program, "3", "last 5 min");
    then(&mut program, "1", "from the first line");
    until_gone(&mut program, "0", "from the first line");
    all_read(&program);
    let before = count(&program.screen());
    program.send("o");
    program.wait_for("older lines", |s| count(s) > before.map(|n| n + 20));
}

#[test]
fn times_names_rows_events_and_files() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join("quarterdeck")).expect("a folder in it");
    let config = r#"{"log_time_zone": "Asia/Tokyo"}"#;
    std::fs::write(folder.path().join("quarterdeck/config.json"), config).expect("a setting");
    let mut program = open_in(folder.path(), ":logs -n shop -l app", 140, 40);
    // Nine hours lie between Tokyo and UTC.
    program.send("k");
    program.wait_for_text("paused");
    let hour = |s: &vt100::Screen| chosen(s).and_then(|r| r.split('▌').nth(1)?.get(..2)?.trim().parse::<u32>().ok());
    let tokyo = hour(&program.screen());
    then(&mut program, "t", "times: UTC");
    program.wait_for("the hour of UTC", |s| hour(s).map(|h| (h + 9) % 24) == tokyo);
    then(&mut program, "t", "times: how long ago");
    then(&mut program, "t", "times: since the line before");
    then(&mut program, "t", "times: off");
    then(&mut program, "t", "times: local time");
    // Names: short, full, none.
    then(&mut program, "P", " shop/");
    program.send("P");
    program.wait_for("no names", |s| chosen(s).is_some_and(|r| !r.contains("shop/")));
    // Without names and times what is saved are the bare lines.
    then(&mut program, "tttt", "times: off");
    then(&mut program, "\x13", " lines saved to ");
    let saved = || {
        let files = std::fs::read_dir(folder.path()).expect("the folder").flatten().map(|f| f.path());
        files.filter(|f| f.extension().is_some_and(|e| e == "log")).collect::<Vec<_>>()
    };
    let text = std::fs::read_to_string(saved().pop().expect("a file")).expect("its text");
    assert!(text.lines().any(|l| l.starts_with('{')), "{}", text.lines().next().unwrap_or_default());
    assert!(!text.lines().any(|l| l.starts_with("20") && l.contains("Z shop/")), "neither times nor names");
    std::fs::remove_file(saved().pop().expect("a file")).expect("it is ours");
    // What the filter hides is kept, and `W` saves it.
    program.send("tPP");
    program.send("&level>=error\r");
    program.wait_for("fewer", |s| s.contents().contains("&level>=error") && s.contents().contains(" of "));
    program.send("W");
    program.wait_for("a file", |_| !saved().is_empty());
    program.wait_for("all of it", |_| {
        let text = saved().pop().and_then(|f| std::fs::read_to_string(f).ok()).unwrap_or_default();
        text.contains("\"info\"") && text.contains(" shop/") && text.starts_with("20")
    });
    until_gone(&mut program, "\x1b", "&level>=error");
    program.send("G");
    // Long lines: cut, in the next row, or scrolled.
    program.wait_for("cut lines", |s| s.contents().contains("›│"));
    until_gone(&mut program, "w", "›│");
    then(&mut program, "w", "›│");
    then(&mut program, "\x1b[C\x1b[C", "‹");
    // What the cluster tells of the pods, and not any more.
    program.send("\x1b[D\x1b[D");
    then(&mut program, "e", "events of the pods stand");
    // A filter is one of lines: what the cluster tells stays.
    program.send("&no line has this\r");
    program.wait_for("events", |s| rows(s).iter().any(|r| r.contains("┄ Normal ") || r.contains("┄ Warning ")));
    until_gone(&mut program, "\x1b", "&no line has this");
    then(&mut program, "e", "only lines of the containers");
    program.wait_for("no event", |s| !s.contents().contains("· events"));
}

#[test]
fn panes_side_by_side_in_one_and_apart_again() {
    let mut program = open(":logs -n shop -l app", 200, 60);
    program.send("\\t");
    program.wait_for("a tab of its own", |s| s.contents().matches('╭').count() == 1);
    // A second one beside it, with the same log, and a third below that.
    program.send("\\v");
    program.wait_for("two logs", |s| s.contents().matches("╭ logs ·").count() == 2);
    program.send("\\s");
    program.wait_for("three", |s| s.contents().matches("╭ logs ·").count() == 3);
    program.wait_for("all with lines", |s| {
        s.contents().matches(" lines ").count() == 3 && !s.contents().contains(" 0 lines ")
    });
    then(&mut program, "T", "log panes of a tab show the same moment");
    // Back in one is back in all.
    program.send("\x1b[5~\x1b[5~");
    program.wait_for("all paused", |s| s.contents().matches("paused").count() == 3);
    assert_eq!(program.screen().contents().matches("time lock").count(), 3);
    program.send("G");
    program.wait_for("all at the end", |s| !s.contents().contains("paused"));
    program.send("M");
    program.wait_for("one in the order of time", |s| {
        s.contents().matches("╭ logs ·").count() == 1 && s.contents().contains(" pods")
    });
}

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
