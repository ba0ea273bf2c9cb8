//! Control bytes, modifiers and key numbers.

use crate::core::input::{Input, Key, KeyCode, Mods};

/// The key behind a character of the byte stream; control bytes are the keys that send
/// them. `None` for the C1 controls, which no key sends.
pub(super) fn of_char(c: char) -> Option<Key> {
    Some(match c {
        '\0' => Key::ctrl(' '),
        '\t' => Key::plain(KeyCode::Tab),
        '\r' => Key::plain(KeyCode::Enter),
        '\x1b' => Key::plain(KeyCode::Esc),
        '\x7f' => Key::plain(KeyCode::Backspace),
        // ^A to ^Z; ^J and ^H too, which only some terminals send for Enter and Backspace.
        '\x01'..='\x1a' => Key::ctrl(shifted_by(c, 0x60)),
        // ^\ ^] ^^ ^_
        '\x1c'..='\x1f' => Key::ctrl(shifted_by(c, 0x40)),
        c if c.is_control() => return None,
        c => Key::char(c),
    })
}

/// The character `by` places behind a control character.
fn shifted_by(c: char, by: u32) -> char {
    char::from_u32(u32::from(c) + by).unwrap_or(c)
}

/// Alt with a character; after Esc if that was pressed before.
pub(super) fn alt_char(c: char, after_esc: bool) -> impl Iterator<Item = Input> {
    let mut key = Key::char(c);
    key.mods.alt = true;
    let esc = after_esc.then(|| Key::plain(KeyCode::Esc));
    esc.into_iter().chain([key]).map(Input::Key)
}

/// A key with the modifiers of a sequence's parameter: 1 plus a sum of shift 1, alt 2,
/// ctrl 4, super 8, hyper 16, meta 32, and locks, which do not matter here.
/// `None` with super or hyper held: those keys are not ours.
pub(super) fn with_mods(code: KeyCode, param: u32) -> Option<Key> {
    let bits = param.saturating_sub(1);
    if bits & (8 | 16) != 0 {
        return None;
    }
    let mods = Mods { shift: bits & 1 != 0, alt: bits & (2 | 32) != 0, ctrl: bits & 4 != 0 };
    Some(normal(Key { code, mods }))
}

/// As the core's vocabulary says it: capitals without shift, Shift-Tab as `BackTab`.
fn normal(mut key: Key) -> Key {
    if !key.mods.shift {
        return key;
    }
    match key.code {
        KeyCode::Char(c) => {
            let mut upper = c.to_uppercase();
            if let (Some(one), None) = (upper.next(), upper.next()) {
                key.code = KeyCode::Char(one);
            }
            key.mods.shift = false;
        }
        KeyCode::Tab => {
            key.code = KeyCode::BackTab;
            key.mods.shift = false;
        }
        KeyCode::BackTab => key.mods.shift = false,
        _ => {}
    }
    key
}

/// The key with a number in `CSI number ; mods u` and `CSI 27 ; mods ; number ~`: a code
/// point, or one of kitty's numbers in the private use area. `None` for keys that are only
/// modifiers, media keys and the like.
pub(super) fn of_number(number: u32) -> Option<KeyCode> {
    Some(match number {
        9 => KeyCode::Tab,
        13 | 57414 => KeyCode::Enter,
        27 => KeyCode::Esc,
        8 | 127 => KeyCode::Backspace,
        57376..=57387 => KeyCode::F(u8::try_from(number - 57376 + 13).ok()?),
        57399..=57408 => KeyCode::Char(char::from_digit(number - 57399, 10)?),
        57409..=57416 => KeyCode::Char(match number {
            57409 => '.',
            57410 => '/',
            57411 => '*',
            57412 => '-',
            57413 => '+',
            57415 => '=',
            _ => ',',
        }),
        57417 => KeyCode::Left,
        57418 => KeyCode::Right,
        57419 => KeyCode::Up,
        57420 => KeyCode::Down,
        57421 => KeyCode::PageUp,
        57422 => KeyCode::PageDown,
        57423 => KeyCode::Home,
        57424 => KeyCode::End,
        57425 => KeyCode::Insert,
        57426 => KeyCode::Delete,
        57344..=63743 => return None,
        number => KeyCode::Char(char::from_u32(number).filter(|c| !c.is_control())?),
    })
}
