//! The terminal device: opening it, its size, and single reads and writes that never wait.

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;
use rustix::termios;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::{Duration, Instant};

/// Why there is no terminal to work on.
#[derive(Debug, thiserror::Error)]
pub enum TtyError {
    /// A standard stream is a file, a pipe, or closed.
    #[error("{0} is not a terminal; qd needs one to draw on: run it without redirections (over ssh with -t)")]
    NotATerminal(&'static str),
    /// The system refused.
    #[error("cannot {what} the terminal: {source}")]
    Io {
        /// What was tried.
        what: &'static str,
        /// What the system said.
        source: io::Error,
    },
}

impl TtyError {
    pub(super) fn io(what: &'static str) -> impl Fn(Errno) -> Self {
        move |source| Self::Io { what, source: source.into() }
    }
}

/// What a write did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wrote {
    /// This many bytes are out.
    Some(usize),
    /// None: the terminal takes no more now.
    Full,
    /// None: the terminal is given away.
    Closed,
}

/// Whether frames may be written.
#[derive(Debug)]
struct Gate {
    open: bool,
    /// How often it was closed: a frame begun before does not go on after.
    epoch: u64,
}

/// An open terminal.
#[derive(Debug)]
pub struct Tty {
    input: OwnedFd,
    output: OwnedFd,
    /// Held for each single write, so that no byte of a frame follows a restored screen.
    gate: Mutex<Gate>,
}

impl Tty {
    /// Opens the terminal of standard input and output anew, so that not waiting in reads
    /// and writes is our own affair: the flag would else show in every process that shares
    /// the standard streams, and outlive us in the shell.
    ///
    /// # Errors
    /// Standard input or output is no terminal, or cannot be opened.
    pub fn open() -> Result<Self, TtyError> {
        let input = reopen(rustix::stdio::stdin(), "standard input")?;
        let output = reopen(rustix::stdio::stdout(), "standard output")?;
        Ok(Self::on(input, output))
    }

    /// A terminal on descriptors that are open already.
    pub fn on(input: OwnedFd, output: OwnedFd) -> Self {
        Self { input, output, gate: Mutex::new(Gate { open: true, epoch: 0 }) }
    }

    /// Columns and rows; a terminal that does not know (a serial line) is taken for 80x24.
    pub fn size(&self) -> (u16, u16) {
        match termios::tcgetwinsize(&self.output) {
            Ok(size) if size.ws_col > 0 && size.ws_row > 0 => (size.ws_col, size.ws_row),
            _ => (80, 24),
        }
    }

    /// The side that is read.
    pub(super) fn input(&self) -> BorrowedFd<'_> {
        self.input.as_fd()
    }

    /// The side that is written.
    pub(super) fn output(&self) -> BorrowedFd<'_> {
        self.output.as_fd()
    }

    /// What a frame that begins now shows with each of its writes.
    pub(super) fn epoch(&self) -> u64 {
        self.gate().epoch
    }

    /// Writes what the terminal takes now, for a frame begun in that epoch.
    pub(super) fn write(&self, bytes: &[u8], epoch: u64) -> io::Result<Wrote> {
        let gate = self.gate();
        if gate.open && gate.epoch == epoch { self.write_now(bytes) } else { Ok(Wrote::Closed) }
    }

    /// Lets frames through.
    pub(super) fn open_gate(&self) {
        self.gate().open = true;
    }

    /// Lets no more frames through, and writes these bytes itself, for at most `wait`.
    /// Bytes a terminal does not take in that time are dropped.
    pub(super) fn close_gate_after(&self, bytes: &[u8], wait: Duration) {
        let deadline = Instant::now() + wait;
        // A write that waits after all (a descriptor we could not open anew) may hold the gate for long.
        let mut gate = self.lock_until(deadline);
        if let Some(gate) = &mut gate {
            gate.open = false;
            gate.epoch += 1;
        }
        self.write_until(bytes, deadline);
    }

    /// Writes all, or what goes out before the deadline.
    pub(super) fn write_until(&self, mut bytes: &[u8], deadline: Instant) {
        while !bytes.is_empty() {
            match self.write_now(bytes) {
                Ok(Wrote::Some(n)) => bytes = bytes.get(n..).unwrap_or_default(),
                Ok(_) => {
                    let left = deadline.saturating_duration_since(Instant::now());
                    if left.is_zero() || !self.writable_within(left) {
                        return;
                    }
                }
                Err(_) => return,
            }
        }
    }

    fn write_now(&self, bytes: &[u8]) -> io::Result<Wrote> {
        match rustix::io::write(&self.output, bytes) {
            Ok(n) => Ok(Wrote::Some(n)),
            Err(Errno::AGAIN | Errno::INTR) => Ok(Wrote::Full),
            Err(error) => Err(error.into()),
        }
    }

    fn writable_within(&self, wait: Duration) -> bool {
        let mut fds = [PollFd::new(&self.output, PollFlags::OUT)];
        match poll(&mut fds, Some(&timespec(wait))) {
            Ok(n) => n > 0,
            Err(error) => error == Errno::INTR,
        }
    }

    fn gate(&self) -> MutexGuard<'_, Gate> {
        self.gate.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock_until(&self, deadline: Instant) -> Option<MutexGuard<'_, Gate>> {
        loop {
            match self.gate.try_lock() {
                Ok(gate) => return Some(gate),
                Err(TryLockError::Poisoned(gate)) => return Some(gate.into_inner()),
                Err(TryLockError::WouldBlock) if Instant::now() >= deadline => return None,
                Err(TryLockError::WouldBlock) => std::thread::yield_now(),
            }
        }
    }
}

/// For `poll`.
pub(super) fn timespec(duration: Duration) -> Timespec {
    Timespec { tv_sec: i64::try_from(duration.as_secs()).unwrap_or(i64::MAX), tv_nsec: duration.subsec_nanos().into() }
}

fn reopen(standard: BorrowedFd<'_>, name: &'static str) -> Result<OwnedFd, TtyError> {
    if !termios::isatty(standard) {
        return Err(TtyError::NotATerminal(name));
    }
    let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let open = |path: &std::ffi::CStr| rustix::fs::open(path, flags, Mode::empty());
    // The name can be unknown here (a terminal of another mount namespace): then by the name
    // every terminal has, and at last the stream itself, whose reads and writes may wait.
    termios::ttyname(standard, Vec::new())
        .and_then(|path| open(&path))
        .or_else(|_| open(c"/dev/tty"))
        .or_else(|_| rustix::io::fcntl_dupfd_cloexec(standard, 0))
        .map_err(TtyError::io("open"))
}
