//! Which lines are visible, as pure functions of numbers.

/// A movement of the cursor in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    /// So many rows up.
    Up(usize),
    /// So many rows down.
    Down(usize),
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
    /// Half a page up.
    HalfUp,
    /// Half a page down.
    HalfDown,
    /// To the first row.
    Top,
    /// To the last row.
    Bottom,
    /// To a place.
    To(usize),
}

impl Move {
    /// Where this leads from `at`, among `len` rows of which `height` are visible.
    #[must_use]
    pub fn from(self, at: usize, len: usize, height: usize) -> usize {
        // A page keeps one line of what was seen.
        let page = height.saturating_sub(1).max(1);
        let half = (height / 2).max(1);
        let to = match self {
            Self::Up(n) => at.saturating_sub(n),
            Self::Down(n) => at.saturating_add(n),
            Self::PageUp => at.saturating_sub(page),
            Self::PageDown => at.saturating_add(page),
            Self::HalfUp => at.saturating_sub(half),
            Self::HalfDown => at.saturating_add(half),
            Self::Top => 0,
            Self::Bottom => len,
            Self::To(n) => n,
        };
        to.min(len.saturating_sub(1))
    }
}

/// The first visible line, moved from `top` no further than needed for `at` to be
/// in sight, and never past the end of the list.
#[must_use]
pub fn keep_in_sight(top: usize, at: usize, len: usize, height: usize) -> usize {
    let height = height.max(1);
    let low = (at + 1).saturating_sub(height);
    top.clamp(low, at.max(low)).min(len.saturating_sub(height))
}
