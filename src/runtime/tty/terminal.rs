//! The parts held together: what the loop needs of the terminal.

use super::TtyEvent;
use super::device::{Tty, TtyError};
use super::guard::{self, Guard};
use super::reader::Reader;
use super::writer::Writer;
use crate::core::input::Mice;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// How long the last bytes may take before the terminal is given away.
const DRAIN: Duration = Duration::from_millis(300);

/// A stop that has not come after this does not come.
const STOP: Duration = Duration::from_millis(200);

/// How to take the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// How long a lone ESC waits for the rest of a sequence.
    pub esc_wait: Duration,
    /// What the terminal tells of the mouse.
    pub mouse: Mice,
}

impl Default for Options {
    fn default() -> Self {
        Self { esc_wait: Duration::from_millis(100), mouse: Mice::Buttons }
    }
}

/// The terminal, taken. Dropping it gives it back.
#[derive(Debug)]
pub struct Terminal {
    // The order matters: threads end before the modes are given back.
    reader: Reader,
    writer: Writer,
    guard: Arc<Guard>,
    tty: Arc<Tty>,
    out: UnboundedSender<TtyEvent>,
}

impl Terminal {
    /// Takes the terminal of the standard streams, and makes a panic of this thread give it
    /// back. Events come from the receiver.
    ///
    /// # Errors
    /// There is no terminal, or it refuses.
    pub fn open(options: Options) -> Result<(Self, UnboundedReceiver<TtyEvent>), TtyError> {
        let tty = Arc::new(Tty::open()?);
        let guard = Arc::new(Guard::enter(Arc::clone(&tty), options.mouse)?);
        guard::install_panic_hook(&guard);
        let failed = |source| TtyError::Io { what: "start the threads of", source };
        let (out, events) = unbounded_channel();
        let writer = Writer::start(Arc::clone(&tty), out.clone()).map_err(failed)?;
        let reader = Reader::start(Arc::clone(&tty), options.esc_wait, out.clone()).map_err(failed)?;
        Ok((Self { reader, writer, guard, tty, out }, events))
    }

    /// Columns and rows; ask on a resize signal only.
    pub fn size(&self) -> (u16, u16) {
        self.tty.size()
    }

    /// Whether a frame may be handed over.
    pub fn ready(&self) -> bool {
        self.writer.ready()
    }

    /// Hands a frame over.
    ///
    /// # Errors
    /// The frame, if the one before is not out yet.
    pub fn submit(&self, frame: Vec<u8>) -> Result<(), Vec<u8>> {
        self.writer.submit(frame)
    }

    /// Writes bytes that belong to no frame, such as those of `clipboard`.
    pub fn send(&self, bytes: Vec<u8>) {
        self.writer.send(bytes);
    }

    /// Says what the terminal is to tell of the mouse.
    pub fn set_mouse(&self, mice: Mice) {
        if let Some(bytes) = self.guard.set_mouse(mice) {
            self.writer.send(bytes.to_vec());
        }
    }

    /// Gives the terminal away for a while: an editor, a pager, a program that asks.
    /// No input is read meanwhile, and frames handed over are dropped.
    pub fn lend(&self) {
        self.reader.park();
        self.writer.drain(DRAIN);
        self.guard.lend();
    }

    /// Writes a line for the one who gets the terminal, while it is lent.
    pub fn say(&self, words: &str) {
        self.tty.write_until(format!("{words}\r\n").as_bytes(), Instant::now() + DRAIN);
    }

    /// Takes the terminal back, after [`Terminal::lend`] and whenever the process continues
    /// after a stop (SIGCONT), also one that we did not see coming. What was typed while it was
    /// lent is dropped. [`TtyEvent::Taken`] follows: draw all, after asking for the size anew.
    ///
    /// # Errors
    /// The terminal refuses its modes.
    pub fn take_back(&self) -> Result<(), TtyError> {
        self.reader.park();
        self.guard.take()?;
        self.reader.resume();
        // Nobody listens any more when the program leaves.
        let _ = self.out.send(TtyEvent::Taken);
        Ok(())
    }

    /// Lets a program have the terminal: bytes handed over are its own, and what is typed comes as it is.
    pub fn through(&self) {
        self.reader.bytes();
        self.writer.drain(DRAIN);
        self.guard.through();
    }

    /// Takes the terminal back from a program, whatever it was left in. What is on its way to it is dropped.
    ///
    /// # Errors
    /// The terminal refuses its modes.
    pub fn end_through(&self) -> Result<(), TtyError> {
        self.reader.park();
        self.guard.restore();
        self.take_back()
    }

    /// Gives the terminal back, stops the process as Ctrl-Z would, and takes the terminal
    /// back when it continues. Where no shell could continue it the system does not stop
    /// it: then this waits a moment for nothing.
    ///
    /// # Errors
    /// The terminal refuses its modes.
    pub fn suspend(&self) -> Result<(), TtyError> {
        self.reader.park();
        self.writer.drain(DRAIN);
        // The shell's modes may be others when it gives the terminal back.
        self.guard.restore();
        // It cannot fail for oneself.
        let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::TSTP);
        // The stop may be carried out by another thread, a moment after the call returns.
        std::thread::sleep(STOP);
        self.take_back()
    }

    /// Gives the terminal back for good; takes at most 600 ms, even if nobody reads it.
    pub fn close(self) {
        self.reader.stop();
        self.writer.shutdown(DRAIN);
        self.guard.restore();
    }
}
