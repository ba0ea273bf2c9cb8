//! Colours and attributes of a piece of text, in terms every terminal library
//! can translate.

/// A colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Color {
    /// The terminal's own foreground or background.
    Default,
    /// The terminal's palette: 0-15 the sixteen it names, 16-231 the cube, 232-255 the greys.
    Indexed(u8),
    /// Exactly this red, green and blue.
    Rgb(u8, u8, u8),
}

/// Colours and attributes. A colour that is `None` is not said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[expect(clippy::struct_excessive_bools, reason = "the attributes of a terminal cell are independent switches")]
pub struct Style {
    /// Foreground.
    pub fg: Option<Color>,
    /// Background.
    pub bg: Option<Color>,
    /// Bold.
    pub bold: bool,
    /// Faint.
    pub dim: bool,
    /// Italic.
    pub italic: bool,
    /// Underlined.
    pub underline: bool,
    /// Foreground and background changed about.
    pub reverse: bool,
}

impl Style {
    /// Colours that are not said come from `below`; attributes are this style's
    /// own, so that a role can be plainer than the one it falls back to.
    #[must_use]
    pub fn on(self, below: Self) -> Self {
        Self { fg: self.fg.or(below.fg), bg: self.bg.or(below.bg), ..self }
    }

    /// Laid over `under`: colours that are not said, and all attributes, shine through.
    #[must_use]
    pub fn over(self, under: Self) -> Self {
        Self {
            fg: self.fg.or(under.fg),
            bg: self.bg.or(under.bg),
            bold: self.bold || under.bold,
            dim: self.dim || under.dim,
            italic: self.italic || under.italic,
            underline: self.underline || under.underline,
            reverse: self.reverse || under.reverse,
        }
    }
}
