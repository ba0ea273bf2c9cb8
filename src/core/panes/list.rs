//! Where the user is in a list of lines that are not rows of a stream.

use crate::core::view::{Move, keep_in_sight};

/// A cursor and what is visible, by place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct List {
    /// The place of the cursor.
    pub at: usize,
    /// The first visible place.
    pub top: usize,
}

impl List {
    /// Moves, among `len` lines of which `height` are visible.
    pub fn go(&mut self, to: Move, len: usize, height: usize) {
        self.at = to.from(self.at, len, height);
        self.keep(len, height);
    }

    /// Keeps the cursor on a line and in sight after the lines have changed.
    pub fn keep(&mut self, len: usize, height: usize) {
        self.at = self.at.min(len.saturating_sub(1));
        self.top = keep_in_sight(self.top, self.at, len, height);
    }
}
