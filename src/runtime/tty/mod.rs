//! The terminal: its bytes in and out, its modes, and nothing about what they mean.
//!
//! ```text
//! reader (thread) ── parse ──> TtyEvent::Input ──┐
//!                                                ├──> the loop ──> Terminal::submit ──> writer (thread)
//! writer (thread) ────────> TtyEvent::FrameDone ─┘
//! ```
//! Each direction has its own thread, so that a terminal nobody reads, or a line that
//! sends half a sequence, holds up nothing else. `guard` alone changes modes and gives
//! them back; [`Terminal`] holds the parts together for the loop.

pub mod clipboard;
mod device;
mod display;
pub mod guard;
pub mod parse;
pub mod reader;
mod terminal;
pub mod writer;

pub use device::{Tty, TtyError};
pub use display::Display;
pub use terminal::{Options, Terminal};

use crate::core::input::Input;
use std::panic::AssertUnwindSafe;
use tokio::sync::mpsc::UnboundedSender;

/// What the terminal's threads tell the loop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TtyEvent {
    /// Input, in order.
    Input(Vec<Input>),
    /// Bytes as they came, while a program has the terminal.
    Typed(Vec<u8>),
    /// The frame handed over last is out (or was dropped because the terminal was given
    /// away); the next may come.
    FrameDone {
        /// Bytes of it that were written.
        bytes: usize,
        /// Microseconds from being handed over to its last byte.
        micros: u64,
    },
    /// The terminal was ours no more and is again: ask for its size and draw all.
    Taken,
    /// The terminal is gone. Comes once; no input follows.
    HangUp,
}

/// Runs a thread of the terminal. Without it there is no way to see or to type: a panic is the end.
fn or_hang_up(out: &UnboundedSender<TtyEvent>, run: impl FnOnce()) {
    if std::panic::catch_unwind(AssertUnwindSafe(run)).is_err() {
        // Nobody listens any more when the program leaves.
        let _ = out.send(TtyEvent::HangUp);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_of_the_terminal_that_panics_is_a_hang_up() {
        let (out, mut events) = tokio::sync::mpsc::unbounded_channel();
        or_hang_up(&out, || ());
        assert!(events.try_recv().is_err());
        or_hang_up(&out, || panic!("a fault"));
        assert_eq!(events.try_recv(), Ok(TtyEvent::HangUp));
    }
}
