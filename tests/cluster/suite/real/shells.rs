//! Shells in panes: many at once, hostile ones, and how soon a key comes back beside `kubectl exec`.

use super::sessions::{PROMPT, SIZE, at_box, tools_in};
use crate::acting::hand::until;
use crate::judged::{Space, containers, kubectl, plain};
use crate::pty::Program;
use crate::pty::orders::{HOSTILE, orders, state};
use crate::stopwatch::spread;
use base64::Engine as _;
use std::time::{Duration, Instant};

const SOON: Duration = Duration::from_mins(1);
const LEADER: &str = "\x1d";

/// Shells that run in the container, its own program among them.
fn running(space: &Space) -> usize {
    let count = "grep -lx bash /proc/[0-9]*/comm | wc -l";
    kubectl(&["exec", "box", "-n", space.0, "--", "sh", "-c", count]).trim().parse().unwrap()
}

/// Waits until so many panes are in sight.
fn panes(program: &Program, count: usize) {
    program.wait_for(&format!("{count} panes"), |s| s.contents().matches('╭').count() == count);
}

#[test]
fn twenty_shells_and_one_at_once_are_each_its_own() {
    const TABS: usize = 7;
    const EACH: usize = 3;
    let _containers = containers();
    let space = Space::new("qd-many");
    tools_in(&space);
    let mut program = at_box(&space, "admin.conf", (240, 80));
    // The first tab is the one the console has begun with.
    let tabs = |tab: usize| format!("tab {}/", tab + 2);
    for tab in 0..TABS {
        program.send("\\t");
        program.wait_for("a tab of its own", |s| {
            let text = s.contents();
            // Of a screen that is half drawn the lower part is the one of before.
            text.contains(&tabs(tab)) && text.contains("▌box") && !text.contains(PROMPT)
        });
        for n in tab * EACH..(tab + 1) * EACH {
            program.send("s");
            program.wait_for("a shell with all the room", |s| {
                let text = s.contents();
                text.contains(PROMPT) && text.matches('╭').count() == 1 && text.contains("Ctrl-] then")
            });
            program.send(format!("me={n}; echo shell $((1000 + me))\r"));
            program.wait_for_text(&format!("shell {}", 1000 + n));
            if n == 0 {
                program.send("(for t in $(seq 9999); do echo tick $t; sleep 1; done) &\r");
                program.wait_for_text("tick 1");
            }
            program.send(format!("{LEADER}d"));
            panes(&program, n % EACH + 2);
        }
    }
    // The one that counts is a shell as well.
    assert_eq!(running(&space), TABS * EACH + 2);
    for tab in 0..TABS {
        program.send(format!("\\{}", tab + 2));
        program.wait_for("that tab", |s| s.contents().contains(&tabs(tab)));
        panes(&program, EACH + 1);
        if tab == 0 {
            // What nobody looked at has gone on meanwhile, and goes on beside the others.
            let tick = |s: &vt100::Screen| {
                let text = s.contents();
                text.rsplit("tick ").next().and_then(|t| t.split_whitespace().next()?.parse::<u32>().ok()).unwrap_or(0)
            };
            let now = tick(&program.screen());
            program.wait_for("the next tick", |s| tick(s) > now);
        }
        // From the table to the first shell, and on to the next: each is asked once.
        program.send("\t");
        for _ in 0..EACH {
            program.send(format!("echo answers $((2000 + me))\r{LEADER}\t"));
        }
        program.wait_for("each shell's own number", |s| {
            (tab * EACH..(tab + 1) * EACH).all(|n| s.contents().contains(&format!("answers {}", 2000 + n)))
        });
        // Behind the last comes the table. Each ends by itself, a moment after the focus has gone on.
        program.send("\t");
        for _ in 0..EACH {
            program.send(format!("kill $! 2> /dev/null; sleep 1; exit\r{LEADER}\t"));
        }
        panes(&program, 1);
    }
    until("no shell in the container", SOON, || running(&space) == 1);
}

/// A shell of the box, at its prompt.
fn shell(space: &Space) -> Program {
    let mut program = at_box(space, "admin.conf", SIZE);
    program.send("s");
    program.wait_for_text(PROMPT);
    program
}

#[test]
fn a_hostile_shell_does_nothing_but_draw() {
    let _containers = containers();
    let space = Space::new("qd-hostile");
    tools_in(&space);
    // A string without end goes on to the next line: CAN ends it.
    let lines = HOSTILE.map(|line| [line, b"\x18\r\n"].concat()).concat();
    let lines = base64::engine::general_purpose::STANDARD.encode(lines);
    let write = format!("echo {lines} | base64 -d > /tmp/hostile");
    kubectl(&["exec", "box", "-n", space.0, "--", "sh", "-c", &write]);
    let mut program = shell(&space);
    let before = state(&program.screen());
    // All that a tame program has drawn: colours, scrolling, cleared screens.
    program.send(
        "for n in $(seq 200); do printf '\\033[1;3%dm界 %d\\033[0m \\033[48;5;%dmx\\033[m\\n' $((n % 8)) $n $n; done\r",
    );
    program.wait_for_text("界 200");
    program.send("clear; vim -n /etc/vim/vimrc\r");
    program.wait_for_text("vimrc\"");
    program.send(":q\r");
    program.wait_for_text(PROMPT);
    let known = orders(&program.all());
    for n in 0..3 {
        program.send("clear; cat /tmp/hostile\r");
        // Nothing answers for the terminal: an answer would be typed here.
        program.send(format!("printf '\\033c'; echo unharmed $((40 + {n}))\r"));
        program.wait_for_text(&format!("unharmed {}", 40 + n));
    }
    assert_eq!(before, state(&program.screen()), "the emulator's state");
    let came = orders(&program.all());
    let moves = ["1b[A", "1b[B", "1b[C", "1b[D"];
    let foreign: Vec<&String> = came.difference(&known).filter(|o| !moves.contains(&o.as_str())).collect();
    assert!(foreign.is_empty(), "orders that no tame program brings: {foreign:?}");
    assert!(!program.said("b3duZWQ="), "what was for the clipboard is not even drawn");
    // The frame and the keys are still ours.
    program.send(format!("{LEADER}x"));
    program.wait_for("the row", |s| s.contents().contains("▌box"));
    program.send("\x03\x03");
    assert!(program.wait_for_end().success());
    program.assert_restored();
}

/// How long a key takes to be seen where the cursor was.
fn echoed(program: &mut Program, key: char) -> Duration {
    let (row, column) = program.screen().cursor_position();
    let start = Instant::now();
    program.send(key.to_string());
    program.wait_for("the key", |s| {
        s.cell(row, column).is_some_and(|c| c.contents() == key.to_string()) && s.cursor_position() == (row, column + 1)
    });
    start.elapsed()
}

#[test]
fn a_key_comes_back_as_soon_as_from_kubectl() {
    const KEYS: usize = 60;
    let _containers = containers();
    let space = Space::new("qd-echo");
    tools_in(&space);
    let mut pane = shell(&space);
    let mut plain = plain(&["exec", "-it", "-n", space.0, "box", "--", "bash"], SIZE);
    plain.wait_for_text(PROMPT);
    let at_prompt = |s: &vt100::Screen| {
        let (row, column) = s.cursor_position();
        s.contents_between(row, 0, row, column).ends_with(&format!("{PROMPT} "))
    };
    pane.wait_for("the cursor behind the prompt", at_prompt);
    plain.wait_for("the cursor behind the prompt", at_prompt);
    // One after the other: whatever else the machine does, it does to both.
    let (mut ours, mut theirs): (Vec<Duration>, Vec<Duration>) = (0..KEYS)
        .map(|n| {
            let key = char::from(b'a' + u8::try_from(n % 26).unwrap());
            (echoed(&mut pane, key), echoed(&mut plain, key))
        })
        .unzip();
    ours.sort();
    theirs.sort();
    spread("a key and its echo in a pane", &ours);
    spread("a key and its echo through kubectl exec", &theirs);
    let (ours, theirs) = (ours[KEYS / 2], theirs[KEYS / 2]);
    eprintln!("  ratio {:.2}", ours.as_secs_f64() / theirs.as_secs_f64());
    // What is measured stands above; this is for what is plainly wrong, on whatever machine.
    assert!(ours <= theirs + Duration::from_millis(250), "{ours:?} in a pane, {theirs:?} through kubectl");
}
