//! What the container runtime wrote, kept for as long as a case wants it: kubelets rotate, pack and
//! delete logs, and a second name for a file keeps what is in it.

use crate::judged;
use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// A line of a container as its runtime wrote it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    /// `2026-11-21T12:00:00.123456789Z`.
    pub time: String,
    pub text: String,
}

impl Line {
    /// The time to the microsecond, as saved files have it.
    pub fn micros(&self) -> String {
        let (whole, fraction) = self.time.trim_end_matches('Z').split_once('.').unwrap_or((&self.time, ""));
        format!("{whole}.{fraction:0<6.6}Z")
    }
}

/// Keeps the logs of a namespace's pods until it is asked for them.
pub struct Files {
    kept: PathBuf,
    stop: Arc<AtomicBool>,
    keeping: Option<JoinHandle<()>>,
}

impl Files {
    /// Begins to keep.
    pub fn of(namespace: &str) -> Self {
        let kept = judged::folder().join("kept").join(namespace);
        let _ = fs::remove_dir_all(&kept);
        fs::create_dir_all(&kept).expect("a folder beside the nodes");
        let stop = Arc::new(AtomicBool::new(false));
        // Of pods of an earlier run there may be something left.
        let mut seen = HashSet::new();
        files(namespace, |_, _, _, inode| {
            seen.insert(inode);
        });
        let keeping = std::thread::spawn({
            let (kept, namespace, stop) = (kept.clone(), namespace.to_owned(), stop.clone());
            move || {
                while !stop.load(Ordering::SeqCst) {
                    keep(&kept, &namespace, &mut seen);
                    std::thread::sleep(Duration::from_millis(50));
                }
            }
        });
        Self { kept, stop, keeping: Some(keeping) }
    }

    /// What each container wrote, by `pod/container` and run: its files in the order of their
    /// beginnings. Also how many files there were of each run.
    pub fn lines(&self) -> BTreeMap<String, Vec<Run>> {
        let mut found: BTreeMap<(String, u32), Vec<Vec<Line>>> = BTreeMap::new();
        for file in fs::read_dir(&self.kept).expect("what was kept").flatten() {
            let name = file.file_name().into_string().expect("plain names");
            let [_, container, run, _] = *name.split('=').collect::<Vec<_>>() else { panic!("{name}") };
            let container = container.replacen('+', "/", 1);
            let lines = parse(&fs::read(file.path()).expect("a kept file"));
            if !lines.is_empty() {
                found.entry((container, run.parse().expect("a number"))).or_default().push(lines);
            }
        }
        let mut all: BTreeMap<String, Vec<Run>> = BTreeMap::new();
        for ((container, number), mut files) in found {
            files.sort();
            let begun: Vec<&str> = files.iter().map(|f| &f[0].time[11..23]).collect();
            let run = Run { number, begun: begun.iter().map(ToString::to_string).collect(), lines: files.concat() };
            all.entry(container).or_default().push(run);
        }
        all
    }
}

/// One run of a container.
#[derive(Debug)]
pub struct Run {
    pub number: u32,
    /// When each of its files began: more than one where its log was rotated.
    pub begun: Vec<String>,
    pub lines: Vec<Line>,
}

impl Drop for Files {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        if let Some(keeping) = self.keeping.take() {
            let _ = keeping.join();
        }
        let _ = fs::remove_dir_all(&self.kept);
    }
}

/// Gives a second name to every log file that is not known yet.
fn keep(kept: &Path, namespace: &str, seen: &mut HashSet<u64>) {
    files(namespace, |container, run, file, inode| {
        if seen.insert(inode) {
            let _ = fs::hard_link(file, kept.join(format!("k={container}={run}={inode}")));
        }
    });
}

/// Gives out the log files of a namespace's pods that are not packed: `pod+container`, run, path,
/// inode.
fn files(namespace: &str, mut out: impl FnMut(&str, &str, &Path, u64)) {
    let inside = |folder: PathBuf| {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        entries.map(|e| (e.file_name().into_string().unwrap_or_default(), e.path())).collect::<Vec<_>>()
    };
    for (_, node) in inside(judged::folder().join("nodes")) {
        for (pod, path) in inside(node.join("log/pods")) {
            let name = pod.strip_prefix(&format!("{namespace}_")).and_then(|n| n.rsplit_once('_'));
            let Some((name, _)) = name else { continue };
            for (container, path) in inside(path) {
                for (log, path) in inside(path) {
                    let run = log.split('.').next().unwrap_or_default();
                    let packed = [".gz", ".tmp"].iter().any(|end| log.ends_with(end));
                    if let Ok(inode) = fs::metadata(&path).map(|m| m.ino())
                        && !packed
                    {
                        out(&format!("{name}+{container}"), run, &path, inode);
                    }
                }
            }
        }
    }
}

/// Lines as containerd writes them: time, stream, `F` or `P` for a part that goes on, text.
fn parse(bytes: &[u8]) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut inside = false;
    for raw in bytes.split(|b| *b == b'\n').filter(|l| !l.is_empty()) {
        let raw = String::from_utf8_lossy(raw);
        let mut words = raw.splitn(4, ' ');
        let (Some(time), Some(_), Some(tag)) = (words.next(), words.next(), words.next()) else { continue };
        let text = words.next().unwrap_or_default();
        if inside && let Some(last) = lines.last_mut() {
            last.text.push_str(text);
        } else {
            lines.push(Line { time: time.to_owned(), text: text.to_owned() });
        }
        inside = tag == "P";
    }
    lines
}
