//! Writing a recording: lines are made where the messages are, and written by a thread of their
//! own, so that no disk holds up a key.

use super::mask::masked;
use super::{Head, Line};
use crate::core::msg::Msg;
use serde::Serialize;
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write as _};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::JoinHandle;

/// Bytes that may wait for the disk; a recording that falls further behind is given up.
const BEHIND: usize = 64 << 20;

/// A recording under way. Dropping it writes out what waits.
#[derive(Debug)]
pub struct Tape {
    lines: Option<mpsc::Sender<Vec<u8>>>,
    thread: Option<JoinHandle<()>>,
    waiting: Arc<AtomicUsize>,
    failed: Arc<Mutex<Option<String>>>,
    /// The clock, not yet written: a moment at which nothing happened is no line.
    now: Option<i64>,
}

impl Tape {
    /// Begins a recording in a new file, which only its owner may read.
    ///
    /// # Errors
    /// The file is there already, or cannot be written.
    pub fn start(path: &Path, head: &Head) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        Self::on(options.open(path)?, head)
    }

    /// Begins a recording in an open file.
    ///
    /// # Errors
    /// The system gives no thread.
    pub(super) fn on(file: File, head: &Head) -> io::Result<Self> {
        let (lines, todo) = mpsc::channel();
        let waiting = Arc::new(AtomicUsize::new(0));
        let failed = Arc::default();
        let thread = std::thread::Builder::new().name("qd-record".into()).spawn({
            let (waiting, failed) = (Arc::clone(&waiting), Arc::clone(&failed));
            move || write(BufWriter::new(file), &todo, &waiting, &failed)
        })?;
        let tape = Self { lines: Some(lines), thread: Some(thread), waiting, failed, now: None };
        tape.line(head);
        Ok(tape)
    }

    /// Notes a message, before the state takes it. `sensitive` when what is typed is nobody's business.
    pub fn msg(&mut self, msg: &Msg, sensitive: bool) {
        if let Msg::Now(now) = msg {
            self.now = Some(*now);
        } else if let Some(msg) = masked(msg, sensitive) {
            self.clock();
            self.line(&Written::Msg(&msg));
        }
    }

    /// Notes that a frame was drawn.
    pub fn frame(&mut self) {
        self.clock();
        self.line(&Line::Frame);
    }

    /// Why the recording has ended early; told once.
    pub fn trouble(&mut self) -> Option<String> {
        let told = self.failed.lock().unwrap_or_else(PoisonError::into_inner).take()?;
        self.lines = None;
        Some(told)
    }

    fn clock(&mut self) {
        if let Some(now) = self.now.take() {
            self.line(&Line::Now(now));
        }
    }

    fn line(&self, line: &impl Serialize) {
        let Some(lines) = &self.lines else { return };
        // A message that says of itself that it cannot be recorded is left out.
        let Ok(mut bytes) = serde_json::to_vec(line) else { return };
        bytes.push(b'\n');
        if self.waiting.fetch_add(bytes.len(), Ordering::Relaxed) > BEHIND {
            let why = "the disk is too slow for it".to_owned();
            self.failed.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(why);
            return;
        }
        // An error means that the thread has ended, and has said why.
        let _ = lines.send(bytes);
    }
}

/// [`Line::Msg`] without a copy of the message.
#[derive(Serialize)]
enum Written<'a> {
    Msg(&'a Msg),
}

impl Drop for Tape {
    fn drop(&mut self) {
        self.lines = None;
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has nothing left to write.
            let _ = thread.join();
        }
    }
}

fn write(
    mut file: BufWriter<File>,
    todo: &mpsc::Receiver<Vec<u8>>,
    waiting: &AtomicUsize,
    failed: &Mutex<Option<String>>,
) {
    while let Ok(line) = todo.recv() {
        let mut done = file.write_all(&line);
        waiting.fetch_sub(line.len(), Ordering::Relaxed);
        // What is there already goes out with it; then it is in the file, whatever becomes of us.
        while let Ok(line) = todo.try_recv() {
            done = done.and_then(|()| file.write_all(&line));
            waiting.fetch_sub(line.len(), Ordering::Relaxed);
        }
        if let Err(e) = done.and_then(|()| file.flush()) {
            *failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(e.to_string());
            return;
        }
    }
}
