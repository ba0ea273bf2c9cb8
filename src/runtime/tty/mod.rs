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
pub mod guard;
pub mod parse;
pub mod reader;
mod terminal;
pub mod writer;

pub use device::{Tty, TtyError};
pub use terminal::{Options, Terminal};

use crate::core::input::Input;

/// What the terminal's threads tell the loop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TtyEvent {
    /// Input, in order.
    Input(Vec<Input>),
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
