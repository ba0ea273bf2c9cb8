//! The signals the program answers to, as one stream.
//!
//! SIGTSTP is left to the system: the terminal is given back first, then the program
//! stops itself (`tty::Terminal::suspend`).

use std::io;
use tokio::signal::unix::{SignalKind, signal};

/// A signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// SIGTERM: restore the terminal and leave.
    Terminate,
    /// SIGHUP: the terminal is gone; leave.
    HangUp,
    /// SIGINT from outside (Ctrl-C is a key here): restore the terminal and leave.
    Interrupt,
    /// SIGCONT: running again; take the terminal back.
    Continue,
    /// SIGWINCH: ask for the terminal's size.
    Resize,
}

/// The streams behind it.
#[derive(Debug)]
pub struct Signals {
    terminate: tokio::signal::unix::Signal,
    hang_up: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
    go_on: tokio::signal::unix::Signal,
    resize: tokio::signal::unix::Signal,
}

impl Signals {
    /// Begins to listen; from now on none of these ends the process by itself.
    ///
    /// # Errors
    /// The system refuses a handler.
    ///
    /// # Panics
    /// Outside a tokio runtime with its I/O driver on.
    pub fn listen() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            hang_up: signal(SignalKind::hangup())?,
            interrupt: signal(SignalKind::interrupt())?,
            go_on: signal(continued())?,
            resize: signal(SignalKind::window_change())?,
        })
    }

    /// Signals that nobody sends: tests share a process with one that sends the others to itself.
    #[cfg(test)]
    pub(in crate::runtime) fn none() -> io::Result<Self> {
        let quiet = || signal(SignalKind::user_defined2());
        Ok(Self { terminate: quiet()?, hang_up: quiet()?, interrupt: quiet()?, go_on: quiet()?, resize: quiet()? })
    }

    /// The next signal. Of several waiting those that end the program come first: a
    /// shell that kills a stopped job also continues it, and taking the terminal back
    /// from the background would stop it again. Dropping this future loses nothing.
    pub async fn next(&mut self) -> Signal {
        tokio::select! {
            biased;
            _ = self.terminate.recv() => Signal::Terminate,
            _ = self.hang_up.recv() => Signal::HangUp,
            _ = self.interrupt.recv() => Signal::Interrupt,
            _ = self.go_on.recv() => Signal::Continue,
            _ = self.resize.recv() => Signal::Resize,
        }
    }
}

fn continued() -> SignalKind {
    SignalKind::from_raw(rustix::process::Signal::CONT.as_raw())
}

#[cfg(test)]
mod tests;
