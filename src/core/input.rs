//! What a terminal can tell: keys, mouse, pasted text, size, focus.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A key without its modifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum KeyCode {
    /// A character as typed; capitals come as capitals, without `shift`.
    Char(char),
    /// F1..F24.
    F(u8),
    /// Enter.
    Enter,
    /// Escape, alone.
    Esc,
    /// Tab.
    Tab,
    /// Shift-Tab as terminals send it.
    BackTab,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
    /// Insert.
    Insert,
    /// Cursor left.
    Left,
    /// Cursor right.
    Right,
    /// Cursor up.
    Up,
    /// Cursor down.
    Down,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
}

/// Modifiers held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Mods {
    /// Control.
    pub ctrl: bool,
    /// Alt (also sent as a leading ESC).
    pub alt: bool,
    /// Shift, for keys that are no characters.
    pub shift: bool,
}

/// A key press.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Key {
    /// Which key.
    pub code: KeyCode,
    /// With what held.
    pub mods: Mods,
}

impl Key {
    /// A key with nothing held.
    #[must_use]
    pub fn plain(code: KeyCode) -> Self {
        Self { code, mods: Mods::default() }
    }

    /// A character with nothing held.
    #[must_use]
    pub fn char(c: char) -> Self {
        Self::plain(KeyCode::Char(c))
    }

    /// A character with Control held.
    #[must_use]
    pub fn ctrl(c: char) -> Self {
        Self { code: KeyCode::Char(c), mods: Mods { ctrl: true, ..Mods::default() } }
    }
}

/// As keymaps write it: `Ctrl-d`, `Shift-Left`, `g`, `Space`.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.mods.ctrl {
            f.write_str("Ctrl-")?;
        }
        if self.mods.alt {
            f.write_str("Alt-")?;
        }
        if self.mods.shift {
            f.write_str("Shift-")?;
        }
        match self.code {
            KeyCode::Char(' ') => f.write_str("Space"),
            KeyCode::Char(c) => write!(f, "{c}"),
            KeyCode::F(n) => write!(f, "F{n}"),
            KeyCode::BackTab => f.write_str("Shift-Tab"),
            KeyCode::PageUp => f.write_str("PgUp"),
            KeyCode::PageDown => f.write_str("PgDn"),
            other => write!(f, "{other:?}"),
        }
    }
}

/// What a mouse did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum MouseKind {
    /// A button went down.
    Click,
    /// It moved with a button held.
    Drag,
    /// The button came up again.
    Release,
    /// It moved with no button held; told only where a program wants to know.
    Move,
    /// The wheel went up.
    WheelUp,
    /// The wheel went down.
    WheelDown,
}

/// A button of a mouse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Button {
    /// The left one; also where no button matters.
    #[default]
    Left,
    /// The middle one.
    Middle,
    /// The right one.
    Right,
}

/// What the terminal is to tell of the mouse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Mice {
    /// Nothing: it is the terminal's.
    #[default]
    None,
    /// Buttons, the wheel, and where it goes while a button is held.
    Buttons,
    /// Each of its moves.
    Moves,
}

/// A mouse event, in cells from the top left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Mouse {
    /// What.
    pub kind: MouseKind,
    /// With which button.
    #[serde(default)]
    pub button: Button,
    /// Column, from 0.
    pub x: u16,
    /// Row, from 0.
    pub y: u16,
}

/// One input event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Input {
    /// A key.
    Key(Key),
    /// A mouse event.
    Mouse(Mouse),
    /// A whole paste.
    Paste(String),
    /// The terminal's new size in cells.
    Resize(u16, u16),
    /// The terminal got or lost the focus.
    Focus(bool),
}
