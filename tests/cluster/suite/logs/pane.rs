//! A log pane of the real program, and what it saves.

use crate::console::qd;
use crate::judged::kubeconfig;
use crate::pty::{Program, command};
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// What was saved of one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    /// To the microsecond.
    pub time: String,
    /// `pod/container`.
    pub stream: String,
    pub text: String,
}

impl Saved {
    /// What the console says itself, if it is that.
    pub fn note(&self) -> Option<&str> {
        self.text.strip_prefix("--- ")?.strip_suffix(" ---")
    }
}

/// A log pane, zoomed, in a folder of its own.
pub struct Pane {
    pub program: Program,
    folder: PathBuf,
}

impl Pane {
    /// Opens it by a line of the palette.
    pub fn open(conf: &str, args: &[&str], line: &str) -> Self {
        static PANES: AtomicU32 = AtomicU32::new(0);
        let name = format!("qd-logs-{}-{}", std::process::id(), PANES.fetch_add(1, Ordering::SeqCst));
        let folder = std::env::temp_dir().join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("quarterdeck")).expect("a folder of the case's own");
        let config = r#"{"log_pane_mib": 1024, "log_total_mib": 2048}"#;
        fs::write(folder.join("quarterdeck/config.json"), config).expect("a configuration");
        let conf = kubeconfig(conf);
        let args: Vec<&str> = ["--kubeconfig", conf.as_str(), "-c", line].iter().chain(args).copied().collect();
        let mut command = command(&qd().to_string_lossy(), &args);
        command.env("PATH", "/nonexistent");
        command.env("XDG_CONFIG_HOME", &folder);
        command.cwd(&folder);
        let mut program = Program::start(command, 200, 50);
        let title = format!("╭ {} ", line.trim_start_matches(':').split(' ').next().unwrap_or_default());
        program.wait_for("the pane", |s| s.contents().contains(&title));
        program.send("\\z");
        program.wait_for("one pane", |s| s.contents().matches('╭').count() == 1);
        Self { program, folder }
    }

    /// Waits for words on the screen.
    pub fn wait(&self, patience: Duration, words: &str) {
        self.program.wait_within(patience, &format!("{words:?}"), |s| s.contents().contains(words));
    }

    /// Saves what shows, and reads it.
    pub fn save(&mut self) -> Vec<Saved> {
        self.program.send("\x13");
        self.wait(Duration::from_mins(2), " lines saved to ");
        let logs = || {
            let files = fs::read_dir(&self.folder).expect("the folder").flatten().map(|f| f.path());
            files.filter(|f| f.extension().is_some_and(|e| e == "log")).collect::<Vec<_>>()
        };
        let file = logs().pop().expect("a saved file");
        let text = fs::read(&file).expect("what was saved");
        fs::remove_file(file).expect("it is ours");
        let text = String::from_utf8(text).expect("saved lines are UTF-8");
        text.lines().map(saved).collect()
    }
}

fn saved(line: &str) -> Saved {
    let mut words = line.splitn(3, ' ');
    let mut word = || words.next().unwrap_or_default().to_owned();
    let (time, stream, text) = (word(), word(), word());
    let stream = stream.split_once('/').map_or(stream.clone(), |(_, rest)| rest.to_owned());
    Saved { time, stream, text }
}

impl Drop for Pane {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The count of lines in the lower border.
pub fn count(screen: &vt100::Screen) -> u64 {
    let text = screen.contents();
    let before = text.split_once(" lines").map_or("", |(before, _)| before);
    before.rsplit(' ').next().and_then(|n| n.replace(',', "").parse().ok()).unwrap_or(0)
}
