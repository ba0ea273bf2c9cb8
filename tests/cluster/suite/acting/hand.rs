//! A user at work: goes to an object, presses a key, fills a form in, reads the plan, confirms.

use crate::console::{live, start, zoom};
use crate::judged::kubeconfig;
use crate::pty::Program;
use crate::sheet::Sheet;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Clears a line of text: to its beginning, and cut to its end.
const CLEAR: &str = "\x01\x0b";

/// The program with a state folder of its own.
pub struct Hand {
    pub program: Program,
    folder: TempDir,
    conf: String,
}

impl Hand {
    /// The console of that kubeconfig, at its pods.
    pub fn new(conf: &str, args: &[&str]) -> Self {
        let mut hand = Self::again(conf, args, tempfile::tempdir().expect("a folder"));
        hand.zoom();
        hand
    }

    /// The same with what an earlier run has left. A question about it may stand over the panes, so
    /// none is zoomed yet.
    pub fn again(conf: &str, args: &[&str], folder: TempDir) -> Self {
        let program = start(conf, args, ":pods", (160, 50), Some(folder.path()));
        Self { program, folder, conf: conf.to_owned() }
    }

    /// The console of a user whose files cannot be written.
    pub fn unwritten(conf: &str, args: &[&str]) -> Self {
        let mut program = start(conf, args, ":pods", (160, 50), Some("/dev/null".as_ref()));
        zoom(&mut program);
        Self { program, folder: tempfile::tempdir().expect("a folder"), conf: conf.to_owned() }
    }

    /// Another console of the same user, at work at the same time.
    pub fn beside(&self, args: &[&str]) -> Program {
        let mut program = start(&self.conf, args, ":pods", (160, 50), Some(self.folder.path()));
        zoom(&mut program);
        program
    }

    /// The folder, for the next run; the program is killed if it has not ended.
    pub fn leave(self) -> TempDir {
        self.folder
    }

    /// Gives the focused pane all the room.
    pub fn zoom(&mut self) {
        zoom(&mut self.program);
    }

    /// All of the journal.
    pub fn journal(&self) -> String {
        fn all(folder: PathBuf, out: &mut String) {
            for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
                if entry.path().is_dir() {
                    all(entry.path(), out);
                } else if entry.path().extension().is_some_and(|e| e == "jsonl") {
                    out.push_str(&std::fs::read_to_string(entry.path()).expect("the journal can be read"));
                }
            }
        }
        let mut out = String::new();
        all(self.folder.path().into(), &mut out);
        out
    }

    /// Sends keys.
    pub fn press(&mut self, keys: &str) {
        self.program.send(keys);
    }

    /// Goes to the table of a kind and chooses one object by its name.
    pub fn go(&mut self, kind: &str, name: &str) {
        self.find(kind, name);
        self.program.wait_for(&format!("{kind} {name} chosen"), |s| {
            let sheet = Sheet::of_screen(s);
            let named = |r: &std::collections::BTreeMap<String, String>| r.get("NAME").is_some_and(|n| n == name);
            live(s) && sheet.rows.len() == 1 && sheet.rows.iter().all(named) && sheet.chosen == Some(0)
        });
    }

    /// Goes to the table of a kind and marks all objects of which this is a part.
    pub fn mark(&mut self, kind: &str, part: &str, count: usize) {
        self.find(kind, part);
        self.program
            .wait_for(&format!("{count} {kind} like {part}"), |s| live(s) && Sheet::of_screen(s).rows.len() == count);
        self.press("*");
        self.program.wait_for("the marks", |s| s.contents().contains(&format!("{count} marked")));
    }

    fn find(&mut self, kind: &str, part: &str) {
        // What stands open is left: a question that was not answered would take the keys.
        self.press(&format!(":{kind}\r"));
        self.program.wait_for(&format!("the {kind}"), |s| s.contents().contains(&format!("╭ {kind} ")) && live(s));
        self.press("/");
        self.press(&format!("{CLEAR}{part}\r"));
        self.program.wait_for("the filter", |s| s.contents().contains(&format!("/{part}")));
    }

    /// Leaves what stands over the panes. An escape that is followed at once by another key would
    /// be another key.
    pub fn leave_it(&mut self) {
        self.press("\x1b");
        self.program.wait_for("the panes", |s| flat(s).is_empty());
    }

    /// Chooses an action by its name, as the palette has it.
    pub fn act(&mut self, action: &str) {
        self.press(&format!(":{action}\r"));
    }

    /// Fills in a field of the form that is open.
    pub fn fill(&mut self, label: &str, value: &str) {
        self.field(label);
        self.press(&format!("{CLEAR}{value}"));
        self.program.wait_for(&format!("{label} {value}"), |s| {
            focused(s).is_some_and(|l| l.trim_end().ends_with(value) && l.starts_with(label))
        });
    }

    /// Chooses one of a field's words.
    pub fn pick(&mut self, label: &str, word: &str) {
        self.field(label);
        for _ in 0..20 {
            let now = focused(&self.program.screen());
            if now.as_ref().is_some_and(|l| l.contains(&format!("[{word}]"))) {
                return;
            }
            self.press(" ");
            self.program.wait_for("the next word", |s| focused(s) != now);
        }
        panic!("{label} has no {word}:\n{}", self.program.screen().contents());
    }

    /// Turns a switch of the form on.
    pub fn switch(&mut self, label: &str) {
        self.field(label);
        if focused(&self.program.screen()).is_some_and(|l| l.contains("[ ]")) {
            self.press(" ");
        }
        self.program.wait_for(&format!("{label} on"), |s| {
            focused(s).is_some_and(|l| l.starts_with(label) && l.contains("[x]"))
        });
    }

    /// Turns a switch of the form off.
    pub fn field_off(&mut self, label: &str) {
        self.field(label);
        if focused(&self.program.screen()).is_some_and(|l| l.contains("[x]")) {
            self.press(" ");
        }
        self.program.wait_for(&format!("{label} off"), |s| focused(s).is_some_and(|l| l.contains("[ ]")));
    }

    /// What stands over the panes, in one line.
    pub fn over(&self) -> String {
        flat(&self.program.screen())
    }

    /// Writes the lines of a field of lines, of which there are `were`.
    pub fn lines(&mut self, label: &str, were: usize, lines: &[&str]) {
        self.field(label);
        for at in 0..were.max(lines.len()) {
            let line = lines.get(at).copied().unwrap_or_default();
            self.press(&format!("{CLEAR}{line}"));
            self.program.wait_for(&format!("the line {line:?}"), |s| {
                focused(s).is_some_and(|l| if line.is_empty() { l.contains("add one") } else { l.contains(line) })
            });
            self.press("\x1b[B");
        }
    }

    fn field(&mut self, label: &str) {
        self.program.wait_for("a form", |s| focused(s).is_some());
        for _ in 0..20 {
            let now = focused(&self.program.screen());
            if now.as_ref().is_some_and(|l| l.starts_with(label)) {
                return;
            }
            self.press("\t");
            self.program.wait_for("the next field", |s| focused(s) != now);
        }
        panic!("the form has no field {label}:\n{}", self.program.screen().contents());
    }

    /// Goes on from the form to the plan.
    pub fn plan(&mut self) {
        self.program.wait_for("a form", |s| focused(s).is_some());
        self.press("\r");
    }

    /// Waits for a text over the panes, or in them, however it is broken into lines.
    pub fn reads(&self, text: &str) {
        self.program.wait_for(&format!("{text:?}"), |s| s.contents().contains(text) || flat(s).contains(text));
    }

    /// Answers the question under the plan: nothing for Enter, `y`, or what must be typed.
    pub fn confirm(&mut self, answer: &str) {
        let question = match answer {
            "" => "Enter: do it".to_owned(),
            "y" => "y: yes".to_owned(),
            typed => format!("Type {typed} and Enter"),
        };
        self.answer(&question, answer);
    }

    /// Answers a question: nothing for Enter, one key, or what must be typed.
    pub fn answer(&mut self, question: &str, answer: &str) {
        const EARLY: &str = "Read it first";
        loop {
            self.program.wait_for_text(question);
            match answer {
                "" => self.press("\r"),
                typed if question.starts_with("Type ") => self.press(&format!("{CLEAR}{typed}\r")),
                key => self.press(key),
            }
            let mut early = false;
            self.program.wait_for("what follows the answer", |s| {
                let text = s.contents();
                early = text.contains(EARLY) || text.contains(&format!("That is not {answer}"));
                early || !text.contains(question)
            });
            if !early {
                return;
            }
            // What is on the screen has been reported by now; any key takes the words away.
            self.press("\x1b[D");
            self.program.wait_for("the question again", |s| !s.contents().contains(EARLY));
        }
    }

    /// Waits for the state of a job whose board is open: `done`, `failed`, `cancelled`, `stopping`.
    pub fn ends(&self, word: &str) {
        self.program.wait_for(&format!("a job that is {word}"), |s| {
            board(s).is_some_and(|t| t.contains(&format!("· {word} ")))
        });
    }

    /// Waits for what is said of a job that is over in a moment.
    pub fn says(&self, text: &str) {
        self.program.wait_for_text(text);
    }

    /// The state and the detail of an object's row on the board.
    pub fn row(&self, object: &str) -> Option<String> {
        row(&self.program.screen(), object)
    }

    /// Waits for words in an object's row on the board.
    pub fn row_says(&self, object: &str, words: &str) {
        self.program.wait_for(&format!("{object}: {words}"), |s| row(s, object).is_some_and(|r| r.contains(words)));
    }

    /// Moves the board's cursor to an object.
    pub fn choose(&mut self, object: &str) {
        self.press("g");
        for _ in 0..60 {
            let at = cursor(&self.program.screen());
            if at.as_ref().is_some_and(|l| l.starts_with(object)) {
                return;
            }
            self.press("j");
            self.program.wait_for("the next row", |s| cursor(s) != at);
        }
        panic!("no row {object}:\n{}", self.program.screen().contents());
    }
}

/// Lines of the screen.
fn rows(s: &vt100::Screen) -> Vec<String> {
    let (_, columns) = s.size();
    s.rows(0, columns).collect()
}

/// What stands over the panes, its lines joined.
fn flat(s: &vt100::Screen) -> String {
    let all: Vec<Vec<char>> = rows(s).iter().map(|l| l.chars().collect()).collect();
    let corner = |l: &Vec<char>| l.iter().skip(1).position(|c| *c == '╭').map(|at| at + 1);
    let Some((top, left)) = all.iter().enumerate().skip(2).find_map(|(y, l)| Some((y, corner(l)?))) else {
        return String::new();
    };
    let lines = all.iter().skip(top + 1).take_while(|l| l.get(left) == Some(&'│'));
    let words = lines.map(|l| l.iter().skip(left + 1).take_while(|c| **c != '│').collect::<String>().trim().to_owned());
    words.collect::<Vec<_>>().join(" ")
}

/// The form's line that has the keys.
fn focused(s: &vt100::Screen) -> Option<String> {
    let line = rows(s).into_iter().find(|l| l.contains("▌ "))?;
    let (_, rest) = line.split_once("▌ ")?;
    Some(rest.split('│').next().unwrap_or_default().trim().to_owned())
}

/// The title of the board.
fn board(s: &vt100::Screen) -> Option<String> {
    let all = rows(s);
    let top = all.iter().position(|l| l.starts_with('╭'))?;
    all.get(top + 1).filter(|l| l.contains("OBJECT") && l.contains("STATE"))?;
    all.get(top).cloned()
}

fn row(s: &vt100::Screen, object: &str) -> Option<String> {
    board(s)?;
    let of = |l: &String| {
        Some(l.trim_start_matches(['│', '▌', ' ']).strip_prefix(object)?.strip_prefix(' ')?.trim().to_owned())
    };
    rows(s).iter().find_map(of)
}

fn cursor(s: &vt100::Screen) -> Option<String> {
    rows(s).iter().find_map(|l| Some(l.strip_prefix("│▌")?.trim().to_owned()))
}

/// Asks again and again until it is so.
pub fn until(what: &str, patience: Duration, mut so: impl FnMut() -> bool) {
    let deadline = Instant::now() + patience;
    while !so() {
        assert!(Instant::now() < deadline, "{what} did not come within {patience:?}");
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// The context of a kubeconfig, as kubectl lines name it.
pub fn context(conf: &str) -> String {
    let text = std::fs::read_to_string(kubeconfig(conf)).expect("a kubeconfig");
    let line = text.lines().find_map(|l| l.trim().strip_prefix("current-context:"));
    line.expect("its context").trim().trim_matches('"').to_owned()
}
