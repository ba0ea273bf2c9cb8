//! The journal on disk: `journal.jsonl` in the state folder, appended by a thread of its own and
//! synced before anybody hears that a line is written. Several programs may write at once: a
//! line is one write to a file opened for appending, and a lock stands around rotation.

use crate::core::journal::Line;
use rustix::fs::{FlockOperation, flock};
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc;
use tokio::sync::oneshot;

/// A file grown beyond this is put aside.
const ROTATE: u64 = 8 << 20;
/// Files kept beside the present one.
const KEPT: u32 = 5;
/// What is read back for the pane.
const TAIL: u64 = 1 << 20;

enum Ask {
    Write(Box<Line>, oneshot::Sender<Result<(), Arc<str>>>),
    Read(oneshot::Sender<Result<Vec<Line>, Arc<str>>>),
}

/// Its name in the state folder.
pub const FILE: &str = "journal.jsonl";

/// The journal's writer. Clones write to the same file.
#[derive(Debug, Clone)]
pub struct Journal {
    ask: mpsc::Sender<Ask>,
    file: Option<Arc<Path>>,
}

impl std::fmt::Debug for Ask {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if matches!(self, Self::Write(..)) { "Write" } else { "Read" })
    }
}

impl Journal {
    /// A journal in that folder; nothing is created before the first line. Without a folder no
    /// line can be written, and that is said for each.
    #[must_use]
    pub fn open(folder: Option<&Path>) -> Self {
        let (ask, asked) = mpsc::channel();
        let file = folder.map(|f| f.join(FILE));
        let path: Option<Arc<Path>> = file.as_deref().map(Into::into);
        // Without a thread the channel is closed, and each line is refused with a reason.
        drop(std::thread::Builder::new().name("qd-journal".into()).spawn(move || serve(&asked, file.as_deref())));
        Self { ask, file: path }
    }

    /// Its present file, if there is a folder for it.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// Writes a line; done when it is on the disk.
    ///
    /// # Errors
    /// Why it is not, in a sentence.
    pub async fn write(&self, line: Line) -> Result<(), Arc<str>> {
        self.hand_in(line).await
    }

    /// See [`Journal::write`]: the line has its place among the others when this returns.
    ///
    /// # Errors
    /// See [`Journal::write`].
    pub fn hand_in(&self, line: Line) -> impl Future<Output = Result<(), Arc<str>>> + use<> {
        let (answer, answered) = oneshot::channel();
        let asked = self.ask.send(Ask::Write(Box::new(line), answer));
        async move {
            if asked.is_err() {
                return Err("the journal cannot be written: no thread for it".into());
            }
            answered.await.unwrap_or_else(|_| Err("the journal cannot be written: its thread ended".into()))
        }
    }

    /// The latest lines, oldest first. What is no line of a journal is passed over.
    ///
    /// # Errors
    /// Why the file cannot be read; a missing one is empty.
    pub async fn read(&self) -> Result<Vec<Line>, Arc<str>> {
        let (answer, answered) = oneshot::channel();
        drop(self.ask.send(Ask::Read(answer)));
        answered.await.unwrap_or_else(|_| Err("the journal cannot be read: no thread for it".into()))
    }
}

fn serve(asked: &mpsc::Receiver<Ask>, file: Option<&Path>) {
    let none = || io::Error::other("there is no state folder: neither HOME nor XDG_STATE_HOME is set");
    while let Ok(ask) = asked.recv() {
        match ask {
            Ask::Write(line, answer) => {
                let done = file.ok_or_else(none).and_then(|f| append(f, &line));
                drop(answer.send(done.map_err(|e| words("written", file, &e))));
            }
            Ask::Read(answer) => {
                let lines = file.map_or_else(|| Ok(Vec::new()), tail);
                drop(answer.send(lines.map_err(|e| words("read", file, &e))));
            }
        }
    }
}

fn words(done: &str, file: Option<&Path>, e: &io::Error) -> Arc<str> {
    let at = file.map(|f| format!(" {}", f.display())).unwrap_or_default();
    let why = match e.kind() {
        io::ErrorKind::Other => e.to_string(),
        kind => kind.to_string(),
    };
    format!("the journal{at} cannot be {done}: {why}").into()
}

fn append(file: &Path, line: &Line) -> io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let mut bytes = serde_json::to_vec(line)?;
    bytes.push(b'\n');
    let mut out = locked(file)?;
    if out.metadata()?.len() + bytes.len() as u64 > ROTATE {
        rotate(file)?;
        drop(out);
        out = locked(file)?;
    }
    out.write_all(&bytes)?;
    out.sync_data()
}

/// The present file, locked. Whoever waited for a lock may hold a file that was put aside meanwhile.
fn locked(file: &Path) -> io::Result<File> {
    loop {
        let out = open(file)?;
        flock(&out, FlockOperation::LockExclusive)?;
        let (ours, there) = (out.metadata()?, file.metadata());
        if there.is_ok_and(|t| (t.dev(), t.ino()) == (ours.dev(), ours.ino())) {
            return Ok(out);
        }
    }
}

fn open(file: &Path) -> io::Result<File> {
    OpenOptions::new().append(true).create(true).mode(0o600).open(file)
}

/// `journal.jsonl` -> `journal.1.jsonl` -> ... ; the oldest goes.
fn rotate(file: &Path) -> io::Result<()> {
    let name = |n: u32| -> PathBuf { file.with_extension(format!("{n}.jsonl")) };
    for n in (1..KEPT).rev() {
        match std::fs::rename(name(n), name(n + 1)) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
            _ => {}
        }
    }
    std::fs::rename(file, name(1))
}

fn tail(file: &Path) -> io::Result<Vec<Line>> {
    let mut input = match File::open(file) {
        Ok(input) => input,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(e),
    };
    let from = input.metadata()?.len().saturating_sub(TAIL);
    input.seek(SeekFrom::Start(from))?;
    let mut lines = BufReader::new(input.take(TAIL)).split(b'\n');
    if from > 0 {
        // Most likely cut in the middle.
        lines.next();
    }
    lines
        .filter_map(|line| match line {
            Ok(bytes) => serde_json::from_slice(&bytes).ok().map(Ok),
            Err(e) => Some(Err(e)),
        })
        .collect()
}

#[cfg(test)]
mod tests;
