//! Copies: tar streams through exec, no shell in between. `out` unpacks what a container packs, `inside` packs what a
//! container unpacks, `place` is the only one that writes on this machine, `check` compares sums afterwards.

mod check;
mod inside;
mod out;
mod pipe;
mod place;
mod sum;

#[cfg(test)]
mod tests;

use super::{In, Out, Request, Streams, Task, open};
use crate::cluster::Connection;
use crate::cluster::problem::clean;
use crate::core::held::copy::Wish;
use crate::core::held::{Counts, HeldEvent, Standing};
use crate::core::shell::Ending;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use tokio::time::Duration;

/// How often what has passed is told.
const TOLD: Duration = Duration::from_millis(500);
/// What is kept of a program's complaints.
const COMPLAINTS: usize = 4 * 1024;

/// A file that was copied, to be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Copied {
    /// In the container.
    path: String,
    size: u64,
    sum: String,
}

/// What has passed, for the thread that does the work and for who tells of it.
#[derive(Debug, Default)]
struct Passed {
    bytes: AtomicU64,
    whole: AtomicU64,
    files: AtomicU32,
}

impl Passed {
    fn counts(&self, out: bool) -> Counts {
        let bytes = self.bytes.load(Ordering::Relaxed);
        let whole = Some(self.whole.load(Ordering::Relaxed)).filter(|w| *w > 0);
        let (into, out) = if out { (0, bytes) } else { (bytes, 0) };
        Counts { into, out, whole, open: self.files.load(Ordering::Relaxed), all: 0 }
    }
}

/// Runs a copy to its end. `tell` hears of it.
pub async fn run(connection: Connection, wish: Wish, tell: impl Fn(HeldEvent) -> bool + Send + Sync) {
    let passed = Arc::new(Passed::default());
    let work = async {
        let copied = if wish.out {
            out::copy(&connection, &wish, &passed, &tell).await?
        } else {
            inside::copy(&connection, &wish, &passed, &tell).await?
        };
        tell(HeldEvent::Passed(passed.counts(wish.out)));
        tell(HeldEvent::Stands(Standing::Live, "comparing checksums".into()));
        let checked = check::compare(&connection, &wish, &copied).await?;
        let (files, bytes) = (copied.len(), copied.iter().map(|c| c.size).sum::<u64>());
        let s = if files == 1 { "" } else { "s" };
        Ok::<_, String>(format!("{checked}: {files} file{s}, {bytes} bytes"))
    };
    tokio::pin!(work);
    let mut beat = tokio::time::interval(TOLD);
    let done = loop {
        tokio::select! {
            done = &mut work => break done,
            _ = beat.tick() => {
                tell(HeldEvent::Passed(passed.counts(wish.out)));
            }
        }
    };
    tell(HeldEvent::Passed(passed.counts(wish.out)));
    tell(match done {
        Ok(words) => HeldEvent::Stands(Standing::Done, words.into()),
        Err(why) => HeldEvent::Stands(Standing::Failed, why.into()),
    });
}

/// Opens a command in the container, without a terminal.
async fn exec(connection: &Connection, wish: &Wish, words: &[&str], stdin: bool) -> Result<Streams, String> {
    let task = Task::Exec(words.iter().map(|w| (*w).into()).collect());
    let (pod, container) = (wish.pod.clone(), wish.container.clone());
    let request = Request { pod, container, task, stdin, tty: false, closes: stdin };
    open(connection, &request).await.map_err(|why| why.to_string())
}

/// Runs a command that says little: what it said, and how it ended.
async fn said(connection: &Connection, wish: &Wish, words: &[&str]) -> Result<(String, Ending), String> {
    let mut streams = exec(connection, wish, words, false).await?;
    let mut text = Vec::new();
    while let Some(out) = streams.output.recv().await {
        match out {
            Out::Said(data) if text.len() < 1 << 20 => text.extend_from_slice(&data),
            Out::Said(_) | Out::Error(_) => {}
            Out::Ended(ending) => return Ok((String::from_utf8_lossy(&text).into_owned(), ending)),
        }
    }
    Err("the session broke off".into())
}

/// What a tar program's end means.
fn verdict(ending: &Ending, complaints: &[u8], container: &str) -> Result<(), String> {
    let said = String::from_utf8_lossy(complaints);
    let last = clean(said.lines().rfind(|l| !l.trim().is_empty()).unwrap_or_default());
    match ending {
        Ending::Exit(0) => Ok(()),
        Ending::Exit(126 | 127) => Err(no_tar(container)),
        Ending::Failed(why) if why.contains("not found") || why.contains("no such file") => Err(no_tar(container)),
        Ending::Exit(code) if last.is_empty() => Err(format!("tar ended with exit code {code}")),
        Ending::Exit(_) => Err(last),
        other => Err(other.to_string()),
    }
}

/// Why a copy has ended, with what has become of its container where that explains it.
async fn explained(connection: &Connection, wish: &Wish, ending: &Ending, why: String) -> String {
    // What a program has against it is said already.
    if !matches!(ending, Ending::Lost(_) | Ending::Exit(137 | 143)) {
        return why;
    }
    match super::shell::explained(connection, &wish.pod, &wish.container, ending).await {
        Some(note) => format!("{why}; {note}"),
        None => why,
    }
}

fn no_tar(container: &str) -> String {
    format!("the image of container {container} has no tar; debug the pod with one that has")
}
