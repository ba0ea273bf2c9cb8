//! The characters that are drawn rather than written: two sets, one of them
//! for terminals and fonts that know ASCII only. No emoji, nothing that is two
//! cells wide.

/// The lines and corners of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Border {
    /// Corner.
    pub top_left: char,
    /// Corner.
    pub top_right: char,
    /// Corner.
    pub bottom_left: char,
    /// Corner.
    pub bottom_right: char,
    /// Upper and lower edge.
    pub horizontal: char,
    /// Left and right edge.
    pub vertical: char,
}

/// A set of symbols.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Symbols {
    /// Its name in the settings.
    pub name: &'static str,
    /// Frames.
    pub border: Border,
    /// Levels of a sparkline or gauge, from nearly nothing to full.
    pub levels: &'static [char],
    /// Stands left of the row under the cursor.
    pub cursor: char,
    /// Stands left of a marked row.
    pub mark: char,
    /// Ends text that was cut.
    pub ellipsis: char,
    /// Stands for what is not known; never a zero.
    pub unknown: char,
    /// Separates parts of a title or a count.
    pub dot: char,
    /// Sorted, smallest first.
    pub ascending: char,
    /// Sorted, largest first.
    pub descending: char,
    /// Title of the restarts column.
    pub restarts: char,
    /// Before the count of an event.
    pub times: char,
    /// Around what is said within a log.
    pub note: char,
    /// Columns or text go on to the left.
    pub more_left: char,
    /// Columns or text go on to the right.
    pub more_right: char,
}

impl Symbols {
    /// Line drawing and blocks, as all terminal fonts have them.
    pub const UNICODE: Self = Self {
        name: "unicode",
        border: Border {
            top_left: '╭',
            top_right: '╮',
            bottom_left: '╰',
            bottom_right: '╯',
            horizontal: '─',
            vertical: '│',
        },
        levels: &['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
        cursor: '▌',
        mark: '●',
        ellipsis: '…',
        unknown: '·',
        dot: '·',
        ascending: '↑',
        descending: '↓',
        restarts: '↻',
        times: '×',
        note: '┄',
        more_left: '‹',
        more_right: '›',
    };

    /// ASCII only.
    pub const ASCII: Self = Self {
        name: "ascii",
        border: Border {
            top_left: '+',
            top_right: '+',
            bottom_left: '+',
            bottom_right: '+',
            horizontal: '-',
            vertical: '|',
        },
        levels: &['_', '.', ':', '-', '=', '+', '*', '#'],
        cursor: '>',
        mark: '*',
        ellipsis: '~',
        unknown: '.',
        dot: '-',
        ascending: '^',
        descending: 'v',
        restarts: 'R',
        times: 'x',
        note: '-',
        more_left: '<',
        more_right: '>',
    };

    /// All sets.
    pub const ALL: &'static [Self] = &[Self::UNICODE, Self::ASCII];

    /// The set with that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|s| s.name == name)
    }
}
