//! Programs that draw a whole screen look in a pane as they look in a plain terminal of its size, through kubectl.

use super::sessions::{PROMPT, at_box, tools_in};
use crate::acting::hand::until;
use crate::judged::{Space, containers, kubectl, plain};
use crate::pty::Program;
use std::time::Duration;

const SOON: Duration = Duration::from_mins(1);
/// The pane's frame, the header and the hints around a program.
const AROUND: (u16, u16) = (2, 4);
/// Where its first cell is.
const FIRST: (u16, u16) = (1, 2);

/// A text with wide characters, and one with colours, the same in each run.
const TEXTS: &str = r#"for n in $(seq 1 200); do
  printf 'line %03d 日本語と漢字 — ä é ñ | "string" $var # comment %s\n' $n "$(seq -s, 1 $((n % 40)))"
  printf '\033[1;3%dmcolour %03d\033[0m \033[4;48;5;%dm界\033[0m plain \033[38;2;%d;100;50mtrue\033[0m \033[7mback\033[0m\n' \
    $((n % 8)) $n $((n + 20)) $n >&2
done > /tmp/text.sh 2> /tmp/colours"#;

/// One program in a pane and in a plain terminal.
struct Pair {
    pane: Program,
    plain: Program,
}

impl Pair {
    fn new(space: &Space, (columns, rows): (u16, u16)) -> Self {
        let mut pane = at_box(space, "admin.conf", (columns, rows));
        pane.send("s");
        let args = ["exec", "-it", "-n", space.0, "box", "--", "bash"];
        let plain = plain(&args, (columns - AROUND.0, rows - AROUND.1));
        let pair = Self { pane, plain };
        pair.both("a prompt", |s| s.contents().contains(PROMPT));
        pair
    }

    fn both(&self, what: &str, right: impl Fn(&vt100::Screen) -> bool + Copy) {
        self.plain.wait_within(SOON, what, right);
        self.pane.wait_within(SOON, what, right);
    }

    /// Types the same into both, waits in both for a text that was not there before, and until both look the same.
    fn types(&mut self, keys: &str, text: &str) {
        self.plain.send(keys);
        self.pane.send(keys);
        self.looks(text);
    }

    fn looks(&self, text: &str) {
        self.both(text, |s| s.contents().contains(text));
        let mut last = String::new();
        let mut tries = 0;
        until_so(|| {
            tries += 1;
            last = differs(&self.pane.screen(), &self.plain.screen());
            last.is_empty() || tries > 300
        });
        assert!(
            last.is_empty(),
            "{text}: {last}\npane:\n{}\nplain:\n{}",
            self.pane.screen().contents(),
            self.plain.screen().contents()
        );
    }

    /// Gives both another size. Programs drop keys that come with it: they have drawn themselves first, with
    /// this in their last line.
    fn resize(&self, (columns, rows): (u16, u16), last: &str) {
        self.pane.resize(columns, rows);
        self.plain.resize(columns - AROUND.0, rows - AROUND.1);
        let line = |s: &vt100::Screen, row: u16| s.rows(0, columns).nth(row.into()).unwrap_or_default();
        let bottom = rows - AROUND.1 - 1;
        self.plain.wait_within(SOON, "the new size", |s| line(s, bottom).contains(last));
        self.pane.wait_within(SOON, "the new size", |s| line(s, bottom + FIRST.1).contains(last));
        self.looks("");
    }

    /// Types what may be typed twice until it has come to something on both sides.
    fn insists(&mut self, keys: &str, text: &str) {
        for side in [&mut self.plain, &mut self.pane] {
            until(text, SOON, || {
                side.send(keys);
                side.look_for(Duration::from_secs(3), |s| s.contents().contains(text))
            });
        }
        self.looks(text);
    }
}

fn until_so(so: impl FnMut() -> bool) {
    until("both to look the same", SOON * 2, so);
}

/// Where the two are different: the first cell, and what is in it here and there.
fn differs(pane: &vt100::Screen, plain: &vt100::Screen) -> String {
    let (rows, columns) = plain.size();
    for row in 0..rows {
        for column in 0..columns {
            let (ours, theirs) = (cell(pane, row + FIRST.1, column + FIRST.0), cell(plain, row, column));
            if ours != theirs {
                return format!("row {row}, column {column}: {ours} in the pane, {theirs} in the terminal");
            }
        }
    }
    let (row, column) = plain.cursor_position();
    let at = (row + FIRST.1, column + FIRST.0);
    if !plain.hide_cursor() && pane.cursor_position() != at {
        return format!("the cursor is at {:?}, not at {at:?}", pane.cursor_position());
    }
    String::new()
}

/// What a cell shows.
fn cell(screen: &vt100::Screen, row: u16, column: u16) -> String {
    let Some(cell) = screen.cell(row, column) else { return "nothing".into() };
    if cell.is_wide_continuation() {
        return "the rest of a wide one".into();
    }
    let text = if cell.has_contents() { cell.contents() } else { " " };
    if text == " " && !cell.inverse() && !cell.underline() {
        // Nothing is drawn in the colour of its text.
        return format!("a blank on {:?}", cell.bgcolor());
    }
    let on = |is: bool, word: &'static str| if is { word } else { "" };
    format!(
        "{text:?} {:?} on {:?}{}{}{}{}{}",
        cell.fgcolor(),
        cell.bgcolor(),
        on(cell.bold(), " bold"),
        on(cell.dim(), " dim"),
        on(cell.italic(), " italic"),
        on(cell.underline(), " underlined"),
        on(cell.inverse(), " inverse"),
    )
}

#[test]
fn vim_and_less_look_as_in_a_plain_terminal() {
    let _containers = containers();
    let space = Space::new("qd-looks");
    tools_in(&space);
    kubectl(&["exec", "box", "-n", space.0, "--", "bash", "-c", TEXTS]);
    let mut pair = Pair::new(&space, (100, 30));
    pair.types("clear; less -R /tmp/colours\r", "colour 025");
    pair.types(" ", "colour 050");
    pair.types("/colour 15.\r", "colour 174");
    pair.types("n", "colour 175");
    pair.resize((80, 24), ":");
    pair.insists("g", "colour 001");
    pair.types("G", "colour 200");
    pair.types("q", PROMPT);
    pair.types("clear; vim -n /tmp/text.sh\r", "line 001");
    pair.types(":set number hlsearch | syntax on\r", "  1 line 001");
    pair.types("\x06", "line 020");
    pair.types("/line 10[0-9] 日本\r", "line 100");
    pair.resize((100, 30), "%");
    pair.insists(":1\r", "line 001");
    pair.insists(":set nowrap\r", "line 020");
    pair.types(":120\r", "line 120");
    pair.types("gg:vsplit /tmp/colours\r", "colour 001");
    pair.types("itype 漢字 here\x1b", "type 漢字 here");
    pair.types(":qa!\r", PROMPT);
    pair.types("echo left as it w''as\r", "left as it was");
}
