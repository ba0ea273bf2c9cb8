//! One line of typed text: filters, the palette, pickers.

use super::input::{Input, Key, KeyCode};
use tui_textarea::{Input as EditInput, Key as EditKey, TextArea};

/// A single-line editor over the text area widget's editing engine.
#[derive(Debug, Clone, Default)]
pub struct Line {
    area: TextArea<'static>,
}

impl Line {
    /// A line that holds this text, with the cursor at its end.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut line = Self::default();
        line.area.insert_str(one_line(text));
        line
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        self.area.lines().first().map_or("", String::as_str)
    }

    /// The cursor, in characters from the left.
    #[must_use]
    pub fn cursor(&self) -> usize {
        let tui_textarea::DataCursor(_, col) = self.area.cursor();
        col
    }

    /// Replaces the text.
    pub fn set(&mut self, text: &str) {
        *self = Self::new(text);
    }

    /// Takes a key or a paste; returns whether the text changed.
    pub fn take(&mut self, input: &Input) -> bool {
        match input {
            Input::Paste(text) => self.area.insert_str(one_line(text)),
            Input::Key(key) => match edit_key(*key) {
                Some(key) => self.area.input(key),
                None => false,
            },
            _ => false,
        }
    }
}

/// Pasted text becomes one line of printable characters.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn edit_key(key: Key) -> Option<EditInput> {
    let code = match key.code {
        KeyCode::Char(c) => EditKey::Char(c),
        KeyCode::Backspace => EditKey::Backspace,
        KeyCode::Delete => EditKey::Delete,
        KeyCode::Left => EditKey::Left,
        KeyCode::Right => EditKey::Right,
        KeyCode::Home => EditKey::Home,
        KeyCode::End => EditKey::End,
        _ => return None,
    };
    // Ctrl-M is Enter to the engine: a line has no second one.
    if key.mods.ctrl && matches!(key.code, KeyCode::Char('m' | 'j')) {
        return None;
    }
    Some(EditInput { key: code, ctrl: key.mods.ctrl, alt: key.mods.alt, shift: key.mods.shift })
}
