//! What the loop needs of a terminal: the real one, or one of a test.

use super::device::TtyError;
use super::terminal::Terminal;
use crate::core::input::Mice;

/// A terminal as the loop sees it.
pub trait Display {
    /// Columns and rows; asked for on a resize signal only.
    fn size(&self) -> (u16, u16);
    /// Whether a frame may be handed over.
    fn ready(&self) -> bool;
    /// Hands a frame over.
    ///
    /// # Errors
    /// The frame, if the one before is not out yet.
    fn submit(&self, frame: Vec<u8>) -> Result<(), Vec<u8>>;
    /// Writes bytes that belong to no frame.
    fn send(&self, bytes: Vec<u8>);
    /// Says what the terminal is to tell of the mouse; sends nothing where that is so already.
    fn set_mouse(&self, mice: Mice);
    /// Gives the terminal away for a while, with these words on it.
    fn lend(&self, words: &str);
    /// Takes it back, and draws all anew.
    ///
    /// # Errors
    /// The terminal refuses its modes.
    fn take_back(&self) -> Result<(), TtyError>;
    /// Lets a program have the terminal: what is handed over is its own, and what is typed comes as it is.
    fn through(&self);
    /// Takes it back from there, and draws all anew.
    ///
    /// # Errors
    /// The terminal refuses its modes.
    fn end_through(&self) -> Result<(), TtyError>;
    /// Stops the process as Ctrl-Z would, with the terminal given back meanwhile.
    ///
    /// # Errors
    /// The terminal refuses its modes.
    fn suspend(&self) -> Result<(), TtyError>;
}

impl Display for Terminal {
    fn size(&self) -> (u16, u16) {
        Self::size(self)
    }

    fn ready(&self) -> bool {
        Self::ready(self)
    }

    fn submit(&self, frame: Vec<u8>) -> Result<(), Vec<u8>> {
        Self::submit(self, frame)
    }

    fn send(&self, bytes: Vec<u8>) {
        Self::send(self, bytes);
    }

    fn set_mouse(&self, mice: Mice) {
        Self::set_mouse(self, mice);
    }

    fn lend(&self, words: &str) {
        Self::lend(self);
        self.say(words);
    }

    fn take_back(&self) -> Result<(), TtyError> {
        Self::take_back(self)
    }

    fn through(&self) {
        Self::through(self);
    }

    fn end_through(&self) -> Result<(), TtyError> {
        Self::end_through(self)
    }

    fn suspend(&self) -> Result<(), TtyError> {
        Self::suspend(self)
    }
}
