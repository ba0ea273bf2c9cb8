//! What the sequences after `ESC [` (CSI) and `ESC O` (SS3) mean.
//!
//! The forms are those of xterm, rxvt, the Linux console, and kitty's keyboard
//! protocol; mouse reports are SGR (mode 1006), and X10 for terminals without it.

use super::keys;
use crate::core::input::{Button, Input, Key, KeyCode, Mouse, MouseKind};

/// The most bytes of a sequence that are kept; a longer one is swallowed.
const LIMIT: usize = 64;

/// The bytes between the introducer and the final byte.
#[derive(Debug)]
pub(super) struct Sequence {
    bytes: Vec<u8>,
    too_long: bool,
    alt: bool,
}

/// What a whole sequence says.
#[derive(Debug)]
pub(super) enum Meaning {
    /// An input.
    Input(Input),
    /// Pasted text follows.
    PasteBegins,
    /// Nothing for us.
    Nothing,
}

impl Sequence {
    /// An empty one; `alt` if one more ESC came before it.
    pub(super) fn new(alt: bool) -> Self {
        Self { bytes: Vec::new(), too_long: false, alt }
    }

    /// Whether one more ESC came before it.
    pub(super) fn alt(&self) -> bool {
        self.alt
    }

    /// Whether nothing has come yet.
    pub(super) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Takes a byte that is not the last.
    pub(super) fn push(&mut self, byte: u8) {
        if self.bytes.len() < LIMIT {
            self.bytes.push(byte);
        } else {
            self.too_long = true;
        }
    }

    /// Whether this byte is the last: one of the final range, or rxvt's `$` behind a single
    /// number, which is Shift with that key.
    pub(super) fn ends_with(&self, byte: u8) -> bool {
        let number = || !self.bytes.is_empty() && self.bytes.iter().all(u8::is_ascii_digit);
        (0x40..0x7f).contains(&byte) || (byte == b'$' && number())
    }

    /// The meaning of the CSI sequence that ends with this byte.
    pub(super) fn meaning(&self, last: u8) -> Meaning {
        if self.too_long {
            return Meaning::Nothing;
        }
        let input = match self.bytes.split_first() {
            Some((b'<', rest)) => sgr_mouse(rest, last),
            Some((b'[', [])) if last.is_ascii_uppercase() => self.key(linux_function(last), 1),
            Some((b'?' | b'>' | b'=' | b'[', _)) => None,
            _ => match (last, self.param(0)) {
                (b'~', Some(200)) => return Meaning::PasteBegins,
                (b'I', None) => Some(Input::Focus(true)),
                (b'O', None) => Some(Input::Focus(false)),
                (b'u', _) => self.numbered(0, 1),
                (b'~', Some(27)) => self.numbered(2, 1),
                (b'~', _) => self.key(self.tilde(), self.mods()),
                (b'$', _) => self.key(self.tilde(), 1 + 1),
                (b'^', Some(_)) => self.key(self.tilde(), 1 + 4),
                (b'@', Some(_)) => self.key(self.tilde(), 1 + 1 + 4),
                (b'a'..=b'd', None) => self.key(letter(last.to_ascii_uppercase()), 1 + 1),
                (_, None | Some(1)) => self.key(letter(last), self.mods()),
                _ => None,
            },
        };
        input.map_or(Meaning::Nothing, Meaning::Input)
    }

    /// The input of the SS3 sequence that ends with this byte.
    pub(super) fn ss3(&self, last: u8) -> Option<Input> {
        let mods = self.param(1).or(self.param(0)).unwrap_or(1);
        match last {
            b'a'..=b'd' => self.key(letter(last.to_ascii_uppercase()), 1 + 4),
            b'M' => self.key(Some(KeyCode::Enter), mods),
            b'I' => self.key(Some(KeyCode::Tab), mods),
            b'X' => self.key(Some(KeyCode::Char('=')), mods),
            // The keypad: `*` to `9`, each 0x40 further up.
            b'j'..=b'y' => self.key(Some(KeyCode::Char(char::from(last - 0x40))), mods),
            _ => self.key(letter(last), mods),
        }
    }

    /// Parameter `n`, without its sub-parameters; `None` if left out.
    fn param(&self, n: usize) -> Option<u32> {
        number(self.bytes.split(|&b| b == b';').nth(n)?.split(|&b| b == b':').next()?)
    }

    /// Sub-parameter `sub` of parameter `n`.
    fn sub_param(&self, n: usize, sub: usize) -> Option<u32> {
        number(self.bytes.split(|&b| b == b';').nth(n)?.split(|&b| b == b':').nth(sub)?)
    }

    fn mods(&self) -> u32 {
        self.param(1).unwrap_or(1)
    }

    fn key(&self, code: Option<KeyCode>, mods: u32) -> Option<Input> {
        // Kitty tells presses (1), repeats (2) and releases (3) apart; a release is no key.
        if self.sub_param(1, 1) == Some(3) {
            return None;
        }
        let mut key: Key = keys::with_mods(code?, mods)?;
        key.mods.alt |= self.alt;
        Some(Input::Key(key))
    }

    /// A key given by number in parameter `at`; its shifted form, if told, is sub-parameter 1.
    fn numbered(&self, at: usize, mods_at: usize) -> Option<Input> {
        let mods = self.param(mods_at).unwrap_or(1);
        let shift = mods.saturating_sub(1) & 1 != 0;
        let shifted = self.sub_param(at, 1).filter(|_| shift);
        self.key(keys::of_number(shifted.or(self.param(at))?), mods)
    }

    /// The key of `CSI number ~`.
    fn tilde(&self) -> Option<KeyCode> {
        let n = self.param(0)?;
        Some(match n {
            1 | 7 => KeyCode::Home,
            2 => KeyCode::Insert,
            3 => KeyCode::Delete,
            4 | 8 => KeyCode::End,
            5 => KeyCode::PageUp,
            6 => KeyCode::PageDown,
            // The gaps in the numbers are the VT220's.
            11..=15 => function(n - 10)?,
            17..=21 => function(n - 11)?,
            23..=26 => function(n - 12)?,
            28 | 29 => function(n - 13)?,
            31..=34 => function(n - 14)?,
            _ => return None,
        })
    }
}

fn number(digits: &[u8]) -> Option<u32> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

fn function(n: u32) -> Option<KeyCode> {
    u8::try_from(n).ok().map(KeyCode::F)
}

/// `A` to `E` after `ESC [ [`.
fn linux_function(last: u8) -> Option<KeyCode> {
    matches!(last, b'A'..=b'E').then(|| KeyCode::F(last - b'A' + 1))
}

/// The key of a final letter.
fn letter(last: u8) -> Option<KeyCode> {
    Some(match last {
        b'A' => KeyCode::Up,
        b'B' => KeyCode::Down,
        b'C' => KeyCode::Right,
        b'D' => KeyCode::Left,
        b'F' => KeyCode::End,
        b'H' => KeyCode::Home,
        b'P' => KeyCode::F(1),
        b'Q' => KeyCode::F(2),
        b'R' => KeyCode::F(3),
        b'S' => KeyCode::F(4),
        b'Z' => KeyCode::BackTab,
        _ => return None,
    })
}

/// `button ; column ; row` ended by `M` (down) or `m` (up).
fn sgr_mouse(params: &[u8], last: u8) -> Option<Input> {
    let mut numbers = params.split(|&b| b == b';').map(number);
    let (button, x, y) = (numbers.next()??, numbers.next()??, numbers.next()??);
    if !matches!(last, b'M' | b'm') || numbers.next().is_some() {
        return None;
    }
    mouse(button, last == b'm', u16::try_from(x).ok()?, u16::try_from(y).ok()?)
}

/// The report of terminals that know no other: three bytes, each 32 too high.
pub(super) fn old_mouse(button: u8, x: u8, y: u8) -> Option<Input> {
    let button = u32::from(button).checked_sub(32)?;
    // Which button came up it does not say.
    let (up, button) = if button & !MODS == 3 { (true, 0) } else { (false, button) };
    mouse(button, up, u16::from(x).checked_sub(32)?, u16::from(y).checked_sub(32)?)
}

/// The bits of held modifiers, which do not matter.
const MODS: u32 = 4 | 8 | 16;
/// The bit of a report of a move.
const MOVED: u32 = 32;

/// A report with its position counted from 1, and whether the button came up.
fn mouse(report: u32, up: bool, x: u16, y: u16) -> Option<Input> {
    let report = report & !MODS;
    let button = match report & !MOVED {
        0 => Some(Button::Left),
        1 => Some(Button::Middle),
        2 => Some(Button::Right),
        _ => None,
    };
    let kind = match (report, button) {
        (64, _) if !up => MouseKind::WheelUp,
        (65, _) if !up => MouseKind::WheelDown,
        (_, Some(_)) if up => MouseKind::Release,
        (_, Some(_)) if report & MOVED > 0 => MouseKind::Drag,
        (_, Some(_)) => MouseKind::Click,
        // No button.
        (35, _) => MouseKind::Move,
        _ => return None,
    };
    let button = button.unwrap_or_default();
    Some(Input::Mouse(Mouse { kind, button, x: x.saturating_sub(1), y: y.saturating_sub(1) }))
}
