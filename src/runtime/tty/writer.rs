//! The output thread: it alone writes while the program draws, and it alone waits
//! when the terminal takes no more.
//!
//! One frame is under way at a time. The loop draws the next when this one is out, from
//! the newest state: so on a slow line frames are left out, never queued. Short
//! sequences that belong to no frame (clipboard, mouse modes) go between frames.

use super::device::Wrote;
use super::{Tty, TtyEvent};
use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use rustix::pipe::{PipeFlags, pipe_with};
use std::io;
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tokio::sync::mpsc::UnboundedSender;

enum Job {
    Frame(Vec<u8>),
    Bytes(Vec<u8>),
    /// Answered when everything before it is out.
    Drain(mpsc::Sender<()>),
}

/// The thread's handle. Dropping it makes the thread give up what it writes.
#[derive(Debug)]
pub struct Writer {
    jobs: Option<mpsc::Sender<Job>>,
    busy: Arc<AtomicBool>,
    /// Closed to make the thread stop waiting.
    stop: Option<OwnedFd>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread.
    ///
    /// # Errors
    /// The system gives no pipe or no thread.
    pub fn start(tty: Arc<Tty>, out: UnboundedSender<TtyEvent>) -> io::Result<Self> {
        let (stopped, stop) = pipe_with(PipeFlags::CLOEXEC)?;
        let (jobs, todo) = mpsc::channel();
        let busy = Arc::new(AtomicBool::new(false));
        let work = Work { tty, stopped, out: out.clone(), busy: Arc::clone(&busy) };
        let run = move || super::or_hang_up(&out, || work.run(&todo));
        let thread = std::thread::Builder::new().name("qd-out".into()).spawn(run)?;
        Ok(Self { jobs: Some(jobs), busy, stop: Some(stop), thread: Some(thread) })
    }

    /// Whether a frame is under way.
    pub fn busy(&self) -> bool {
        self.busy.load(Ordering::Acquire)
    }

    /// Whether a frame may be handed over.
    pub fn ready(&self) -> bool {
        !self.busy()
    }

    /// Hands a frame over. An empty one needs no writing and no answer comes.
    ///
    /// # Errors
    /// The frame, if the one before is not out yet: draw it again from the newest state
    /// when [`TtyEvent::FrameDone`] comes.
    pub fn submit(&self, frame: Vec<u8>) -> Result<(), Vec<u8>> {
        if frame.is_empty() {
            return Ok(());
        }
        if self.busy.swap(true, Ordering::AcqRel) {
            return Err(frame);
        }
        self.job(Job::Frame(frame));
        Ok(())
    }

    /// Writes bytes that belong to no frame, after what is under way. They are few.
    pub fn send(&self, bytes: Vec<u8>) {
        self.job(Job::Bytes(bytes));
    }

    /// Waits until all is out; whether it was within `wait`.
    pub fn drain(&self, wait: Duration) -> bool {
        let (done, all_out) = mpsc::channel();
        self.job(Job::Drain(done));
        all_out.recv_timeout(wait).is_ok()
    }

    /// Waits for at most `wait` until all is out, then gives up the rest.
    pub fn shutdown(mut self, wait: Duration) {
        let drained = self.drain(wait);
        let thread = self.thread.take();
        drop(self);
        // A thread that is stuck in a write that waits after all ends with the process.
        if let Some(thread) = thread.filter(|_| drained) {
            let _ = thread.join();
        }
    }

    fn job(&self, job: Job) {
        if let Some(jobs) = &self.jobs {
            // An error means that the thread has ended: nothing can be written any more.
            let _ = jobs.send(job);
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.jobs = None;
        self.stop = None;
    }
}

/// How the writing of some bytes ended.
enum End {
    Out,
    /// The terminal was given away; the rest is dropped.
    Dropped(usize),
    /// The terminal is gone, or we were told to stop.
    Over,
}

struct Work {
    tty: Arc<Tty>,
    stopped: OwnedFd,
    out: UnboundedSender<TtyEvent>,
    busy: Arc<AtomicBool>,
}

impl Work {
    /// After the terminal is gone it stays busy for good: nobody should draw. The reader
    /// is the one that tells of a hang-up.
    fn run(&self, todo: &mpsc::Receiver<Job>) {
        while let Ok(job) = todo.recv() {
            let end = match job {
                Job::Frame(bytes) => self.frame(&bytes),
                Job::Bytes(bytes) => self.write(&bytes),
                Job::Drain(done) => {
                    // Whoever waited may have lost patience.
                    let _ = done.send(());
                    End::Out
                }
            };
            if matches!(end, End::Over) {
                return;
            }
        }
    }

    fn frame(&self, bytes: &[u8]) -> End {
        let begun = Instant::now();
        let end = self.write(bytes);
        let written = match end {
            End::Out => bytes.len(),
            End::Dropped(written) => written,
            End::Over => return end,
        };
        let micros = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.busy.store(false, Ordering::Release);
        let told = self.out.send(TtyEvent::FrameDone { bytes: written, micros });
        if told.is_err() { End::Over } else { end }
    }

    fn write(&self, bytes: &[u8]) -> End {
        let mut written = 0;
        let epoch = self.tty.epoch();
        while let Some(rest @ [_, ..]) = bytes.get(written..) {
            match self.tty.write(rest, epoch) {
                Ok(Wrote::Some(n)) => written += n,
                Ok(Wrote::Closed) => return End::Dropped(written),
                Ok(Wrote::Full) => {
                    if !self.wait() {
                        return End::Over;
                    }
                }
                Err(_) => return End::Over,
            }
        }
        End::Out
    }

    /// Waits until the terminal takes more; false if told to stop.
    fn wait(&self) -> bool {
        let mut fds =
            [PollFd::from_borrowed_fd(self.tty.output(), PollFlags::OUT), PollFd::new(&self.stopped, PollFlags::IN)];
        loop {
            match poll(&mut fds, None) {
                Ok(_) => return fds[1].revents().is_empty(),
                Err(Errno::INTR) => {}
                Err(_) => return false,
            }
        }
    }
}

#[cfg(test)]
mod tests;
