//! How keymaps spell keys: `g`, `G`, `Ctrl-d`, `Shift-Left`, `Space`, `F5`,
//! and sequences with spaces between: `g g`, `\ v`. The `Display` of
//! [`Key`] is the inverse of [`parse_key`] for canonical keys.
//!
//! Canonical, because terminals send some keys in one form only: without
//! Control a capital is the character itself (`Shift-g` is `G`); with Control
//! there are no capitals (`Ctrl-D` is `Ctrl-d`), and Shift is told apart only by
//! terminals that can.

use crate::core::input::{Key, KeyCode, Mods};
use std::fmt;

/// A word that is no key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadKey {
    /// Nothing was written.
    Empty,
    /// No key has that name.
    Unknown(String),
}

impl fmt::Display for BadKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("no key is written here"),
            Self::Unknown(word) => {
                write!(
                    f,
                    "no key is called `{word}`; write keys as in `g`, `Ctrl-d`, `Shift-Left`, `Space`, `F5`, `g g`"
                )
            }
        }
    }
}

impl std::error::Error for BadKey {}

const NAMES: &[(&str, KeyCode)] = &[
    ("space", KeyCode::Char(' ')),
    ("enter", KeyCode::Enter),
    ("return", KeyCode::Enter),
    ("esc", KeyCode::Esc),
    ("escape", KeyCode::Esc),
    ("tab", KeyCode::Tab),
    ("backtab", KeyCode::BackTab),
    ("backspace", KeyCode::Backspace),
    ("delete", KeyCode::Delete),
    ("del", KeyCode::Delete),
    ("insert", KeyCode::Insert),
    ("ins", KeyCode::Insert),
    ("left", KeyCode::Left),
    ("right", KeyCode::Right),
    ("up", KeyCode::Up),
    ("down", KeyCode::Down),
    ("home", KeyCode::Home),
    ("end", KeyCode::End),
    ("pgup", KeyCode::PageUp),
    ("pageup", KeyCode::PageUp),
    ("pgdn", KeyCode::PageDown),
    ("pgdown", KeyCode::PageDown),
    ("pagedown", KeyCode::PageDown),
];

/// Reads one key.
///
/// # Errors
/// [`BadKey`] when the word names none.
pub fn parse_key(word: &str) -> Result<Key, BadKey> {
    if word.is_empty() {
        return Err(BadKey::Empty);
    }
    let (mods, rest) = modifiers(word);
    let code = code(rest).ok_or_else(|| BadKey::Unknown(word.to_owned()))?;
    Ok(canonical(Key { code, mods }))
}

/// Reads a sequence of keys with spaces between them; never empty.
///
/// # Errors
/// [`BadKey`] for the first word that names no key.
pub fn parse_keys(text: &str) -> Result<Vec<Key>, BadKey> {
    let keys = text.split_whitespace().map(parse_key).collect::<Result<Vec<_>, _>>()?;
    if keys.is_empty() { Err(BadKey::Empty) } else { Ok(keys) }
}

/// A sequence as keymaps spell it.
#[must_use]
pub fn show_keys(keys: &[Key]) -> String {
    keys.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

/// The one form in which bindings and key presses are compared.
#[must_use]
pub fn canonical(mut key: Key) -> Key {
    match key.code {
        KeyCode::Char(c) if key.mods.ctrl && c.is_ascii_uppercase() => {
            key.code = KeyCode::Char(c.to_ascii_lowercase());
        }
        KeyCode::Char(c) if !key.mods.ctrl && key.mods.shift && c != ' ' => {
            let mut upper = c.to_uppercase();
            if let (Some(one), None) = (upper.next(), upper.next()) {
                key.code = KeyCode::Char(one);
            }
            key.mods.shift = false;
        }
        KeyCode::Tab if key.mods.shift => {
            key.code = KeyCode::BackTab;
            key.mods.shift = false;
        }
        KeyCode::BackTab => key.mods.shift = false,
        _ => {}
    }
    key
}

/// The modifiers in front, and the rest. `-` alone, or after a modifier, is the key itself.
fn modifiers(word: &str) -> (Mods, &str) {
    let (mut mods, mut rest) = (Mods::default(), word);
    while let Some((name, tail)) = rest.split_once('-') {
        if tail.is_empty() {
            break;
        }
        let held = match name.to_ascii_lowercase().as_str() {
            "ctrl" | "control" | "c" => &mut mods.ctrl,
            "alt" | "meta" | "a" => &mut mods.alt,
            "shift" | "s" => &mut mods.shift,
            _ => break,
        };
        *held = true;
        rest = tail;
    }
    (mods, rest)
}

fn code(name: &str) -> Option<KeyCode> {
    let mut chars = name.chars();
    if let (Some(c), None) = (chars.next(), chars.next()) {
        return (!c.is_control() && !c.is_whitespace()).then_some(KeyCode::Char(c));
    }
    let lower = name.to_ascii_lowercase();
    if let Some(number) = lower.strip_prefix('f').filter(|n| n.bytes().all(|b| b.is_ascii_digit())) {
        return number.parse().ok().filter(|n| (1..=24).contains(n)).map(KeyCode::F);
    }
    NAMES.iter().find(|(n, _)| *n == lower).map(|&(_, code)| code)
}

#[cfg(test)]
mod tests;
