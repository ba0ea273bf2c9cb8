//! Every key of a log.

use super::{all_read, chosen, count, open, open_in, rows, then, until_gone};
use crate::pty::Program;

#[test]
fn a_log_is_followed_paused_and_followed_again() {
    let mut program = open(":logs -n shop -l app", 120, 30);
    // One key: of several the first may be seen before the last is read.
    then(&mut program, "k", "paused");
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
