//! What a log looks like at three sizes, whatever way it is shown; and what the lines of the simulated
//! cluster are made of: traces, colours, characters of two cells, runs that ended.

use super::{all_read, chosen, count, open, rows, then, until_gone};
use crate::pty::Program;
use vt100::Screen;

const SIZES: [(u16, u16); 3] = [(80, 24), (200, 60), (40, 12)];

/// The rows between the frame's borders; none where the frame is broken, as by a character that takes
/// more cells than it was given, or only half of a screen has come.
fn inside(screen: &Screen) -> Option<Vec<String>> {
    let all = rows(screen);
    let begin = all.iter().position(|r| r.starts_with('╭'))? + 1;
    let end = all.iter().position(|r| r.starts_with('╰'))?;
    let (_, columns) = screen.size();
    let is_border = |y, x| screen.cell(y as u16, x).is_some_and(|c| c.contents() == "│");
    let closed = (begin..end).all(|y| is_border(y, 0) && is_border(y, columns - 1));
    (closed && begin < end).then(|| all[begin..end].to_vec())
}

/// Waits for a screen with lines down to the last row.
fn full(program: &Program, what: &str) {
    program.wait_for(what, |s| {
        inside(s).is_some_and(|lines| lines.iter().all(|r| !r.trim_matches(['│', ' ']).is_empty()))
    });
}

/// Waits for a screen with a cursor in a frame that is whole.
fn framed(program: &Program, what: &str) {
    program.wait_for(what, |s| inside(s).is_some_and(|lines| lines.iter().any(|r| r.contains('▌'))));
}

#[test]
fn every_way_to_show_lines_fills_the_pane_at_three_sizes() {
    for (columns, height) in SIZES {
        let mut program = open(":logs -n shop -l app", columns, height);
        full(&program, "lines in every row");
        for key in ["w", "P", "P", "P", "t", "t", "t", "t", "t", "w"] {
            program.send(key);
            full(&program, &format!("{columns}x{height}: full after {key}"));
        }
        then(&mut program, "k", "paused");
        program.send("w");
        full(&program, "wrapped, paused at the end");
        for key in ["\x1b[5~", "\x1b[5~", "\x1b[6~", "w", "\x1b[5~"] {
            program.send(key);
            framed(&program, &format!("{columns}x{height}: a frame after {key:?}"));
        }
        if height > 12 {
            then(&mut program, "S", "lines and errors in");
        }
        then(&mut program, "?", "keys in logs");
        until_gone(&mut program, "\x1b", "keys in logs");
        program.resize(40, 12);
        framed(&program, "a small screen");
        program.resize(columns, height);
        framed(&program, "the screen as it was");
    }
}

#[test]
fn traces_fold_and_colours_stay() {
    let mut program = open(":logs -n shop -l app", 200, 60);
    // The lines of a trace go into the first one, which says how many.
    then(&mut program, "&IllegalState\r", "&IllegalState");
    program.wait_for("first lines of traces", |s| rows(s).iter().any(|r| r.contains("IllegalStateException")));
    then(&mut program, "C", "2 lines around each");
    program.wait_for("what follows them", |s| s.contents().contains("Ledger.java:214"));
    then(&mut program, "z", "folded into it");
    program.wait_for("folded", |s| {
        let text = s.contents();
        !text.contains("Ledger.java:214") && rows(s).iter().any(|r| r.contains("IllegalState") && r.contains(" +5 "))
    });
    then(&mut program, "z", "every line shows");
    until_gone(&mut program, "\x1b", "&IllegalState");
    // What a container paints is painted.
    program.send(":logs -n data sts/queue\r");
    program.wait_for("its lines", |s| rows(s).iter().any(|r| r.contains(" 1 INFO ")));
    program.wait_for("a word in its colour", |s| {
        let all = rows(s);
        all.iter().enumerate().any(|(y, r)| {
            let Some(at) = r.find("INFO ") else { return false };
            let x = r[..at].chars().count() as u16;
            let cell = s.cell(y as u16, x);
            cell.is_some_and(|c| c.fgcolor() == vt100::Color::Idx(2))
        })
    });
}

#[test]
fn runs_containers_and_a_range_of_time() {
    let mut program = open(":logs -n shop -l app", 120, 30);
    all_read(&program);
    let before = count(&program.screen());
    then(&mut program, "a", "all containers");
    all_read(&program);
    program.wait_for("lines of more containers", |s| count(s) > before);
    then(&mut program, "a", "the usual container of each pod");
    all_read(&program);
    // The run before each comes first, or it is said that there is none.
    then(&mut program, "p", "with previous");
    all_read(&program);
    program.send("/no run before\r");
    program.wait_for("what is said of a run", |s| chosen(s).is_some_and(|r| r.contains("┄ there is no run before")));
    until_gone(&mut program, "\x1b", "/no run before");
    // What was written between two moments, and no more.
    program.send(":logs -n shop -l app --since -10m..-5m\r");
    program.wait_for("a range that is over", |s| s.contents().contains(" 0 live") && count(s).is_some_and(|n| n > 10));
    then(&mut program, "s", "paused");
    until_gone(&mut program, "s", "paused");
}
