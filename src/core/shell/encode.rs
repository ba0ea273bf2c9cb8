//! Keys, pastes and the mouse as a terminal sends them: xterm's way, by the modes the program has set.

use crate::core::input::{Button, Key, KeyCode, Mods, Mouse, MouseKind};
use vt100::{MouseProtocolEncoding as Encoding, MouseProtocolMode as Mode, Screen};

/// The bytes of a key. `cursor` is whether the program asked for application cursor keys.
#[must_use]
pub fn key(key: Key, cursor: bool) -> Vec<u8> {
    let Key { code, mods } = key;
    match code {
        KeyCode::Char(c) => char_key(c, mods),
        KeyCode::Enter => alt(mods, b"\r"),
        KeyCode::Esc => alt(mods, b"\x1b"),
        KeyCode::Tab => alt(mods, b"\t"),
        KeyCode::BackTab => b"\x1b[Z".to_vec(),
        KeyCode::Backspace => alt(mods, if mods.ctrl { b"\x08" } else { b"\x7f" }),
        KeyCode::Up => letter('A', mods, cursor),
        KeyCode::Down => letter('B', mods, cursor),
        KeyCode::Right => letter('C', mods, cursor),
        KeyCode::Left => letter('D', mods, cursor),
        KeyCode::Home => letter('H', mods, cursor),
        KeyCode::End => letter('F', mods, cursor),
        KeyCode::Insert => number(2, mods),
        KeyCode::Delete => number(3, mods),
        KeyCode::PageUp => number(5, mods),
        KeyCode::PageDown => number(6, mods),
        KeyCode::F(n @ 1..=4) => letter(char::from(b'O' + n), mods, true),
        KeyCode::F(n) => function(n).map_or_else(Vec::new, |code| number(code, mods)),
    }
}

/// The gaps in the numbers are the VT220's.
fn function(n: u8) -> Option<u8> {
    Some(match n {
        5 => 15,
        6..=10 => n + 11,
        11..=14 => n + 12,
        15 | 16 => n + 13,
        17..=20 => n + 14,
        _ => return None,
    })
}

fn alt(mods: Mods, bytes: &[u8]) -> Vec<u8> {
    let mut out = if mods.alt { vec![0x1b] } else { Vec::new() };
    out.extend_from_slice(bytes);
    out
}

fn char_key(c: char, mods: Mods) -> Vec<u8> {
    if mods.ctrl {
        let byte = match c {
            ' ' | '@' | '2' => Some(0),
            'a'..='z' | 'A'..='Z' => Some(c as u8 & 0x1f),
            '[' | '\\' | ']' | '^' | '_' => Some(c as u8 & 0x1f),
            '/' | '7' => Some(0x1f),
            '?' | '8' => Some(0x7f),
            _ => None,
        };
        if let Some(byte) = byte {
            return alt(mods, &[byte]);
        }
    }
    alt(mods, c.encode_utf8(&mut [0; 4]).as_bytes())
}

/// The modifiers as xterm's parameter; none for none.
fn parameter(mods: Mods) -> Option<u8> {
    let bits = u8::from(mods.shift) | u8::from(mods.alt) << 1 | u8::from(mods.ctrl) << 2;
    (bits > 0).then_some(bits + 1)
}

fn letter(last: char, mods: Mods, application: bool) -> Vec<u8> {
    match parameter(mods) {
        Some(mods) => format!("\x1b[1;{mods}{last}").into_bytes(),
        None if application => format!("\x1bO{last}").into_bytes(),
        None => format!("\x1b[{last}").into_bytes(),
    }
}

fn number(code: u8, mods: Mods) -> Vec<u8> {
    match parameter(mods) {
        Some(mods) => format!("\x1b[{code};{mods}~").into_bytes(),
        None => format!("\x1b[{code}~").into_bytes(),
    }
}

/// Pasted text: marked as such where the program asked for it, so that it runs nothing. Input has no
/// control characters in it, hence no mark either.
#[must_use]
pub fn paste(text: &str, bracketed: bool) -> Vec<u8> {
    let text = text.replace('\n', "\r");
    if bracketed { format!("\x1b[200~{text}\x1b[201~").into_bytes() } else { text.into_bytes() }
}

/// Whether the program wants to be told of each move of the mouse.
#[must_use]
pub fn wants_moves(screen: &Screen) -> bool {
    screen.mouse_protocol_mode() == Mode::AnyMotion
}

/// What the mouse at a cell of the screen (from 0) sends: a report, or nothing where the program does not want to be
/// told of such. `None` where the mouse is not the program's.
#[must_use]
pub fn mouse(screen: &Screen, m: Mouse) -> Option<Vec<u8>> {
    use MouseKind::{Click, Drag, Move, Release, WheelDown, WheelUp};
    let wanted = match screen.mouse_protocol_mode() {
        Mode::None => return None,
        Mode::Press => !matches!(m.kind, Drag | Release | Move),
        Mode::PressRelease => !matches!(m.kind, Drag | Move),
        Mode::ButtonMotion => m.kind != Move,
        Mode::AnyMotion => true,
    };
    if !wanted {
        return Some(Vec::new());
    }
    let button = match m.button {
        Button::Left => 0,
        Button::Middle => 1,
        Button::Right => 2,
    };
    let number = match m.kind {
        Click | Release => button,
        Drag => button + 32,
        Move => 35,
        WheelUp => 64,
        WheelDown => 65,
    };
    Some(report(screen.mouse_protocol_encoding(), number, m))
}

fn report(encoding: Encoding, number: u8, m: Mouse) -> Vec<u8> {
    let up = m.kind == MouseKind::Release;
    let (x, y) = (m.x.saturating_add(1), m.y.saturating_add(1));
    if encoding == Encoding::Sgr {
        return format!("\x1b[<{number};{x};{y}{}", if up { 'm' } else { 'M' }).into_bytes();
    }
    // The older forms do not say which button came up.
    let number = if up { 3 } else { number };
    let mut out = b"\x1b[M".to_vec();
    for value in [u16::from(number), x, y] {
        let value = value.saturating_add(32);
        match (encoding, u8::try_from(value)) {
            (Encoding::Utf8, _) => {
                let c = char::from_u32(value.into()).unwrap_or(' ');
                out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            }
            // Beyond what the old form can say.
            (_, Err(_)) => return Vec::new(),
            (_, Ok(byte)) => out.push(byte),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(code: KeyCode, ctrl: bool, alt: bool, shift: bool) -> Key {
        Key { code, mods: Mods { ctrl, alt, shift } }
    }

    #[test]
    fn keys_are_sent_as_xterm_sends_them() {
        let plain = Key::plain;
        let table: [(Key, bool, &[u8]); 22] = [
            (Key::char('é'), false, "é".as_bytes()),
            (Key::ctrl('c'), false, b"\x03"),
            (Key::ctrl('z'), false, b"\x1a"),
            (Key::ctrl(' '), false, b"\0"),
            (Key::ctrl('\\'), false, b"\x1c"),
            (Key::ctrl(']'), false, b"\x1d"),
            (plain(KeyCode::Esc), false, b"\x1b"),
            (plain(KeyCode::Enter), false, b"\r"),
            (Key::ctrl('j'), false, b"\n"),
            (Key::ctrl('h'), false, b"\x08"),
            (plain(KeyCode::Backspace), false, b"\x7f"),
            (with(KeyCode::Char('b'), false, true, false), false, b"\x1bb"),
            (plain(KeyCode::Up), false, b"\x1b[A"),
            (plain(KeyCode::Up), true, b"\x1bOA"),
            (with(KeyCode::Right, true, false, false), true, b"\x1b[1;5C"),
            (plain(KeyCode::F(1)), false, b"\x1bOP"),
            (plain(KeyCode::F(5)), false, b"\x1b[15~"),
            (plain(KeyCode::F(12)), false, b"\x1b[24~"),
            (with(KeyCode::F(3), false, false, true), false, b"\x1b[1;2R"),
            (plain(KeyCode::PageDown), false, b"\x1b[6~"),
            (with(KeyCode::Delete, false, true, true), false, b"\x1b[3;4~"),
            (plain(KeyCode::BackTab), false, b"\x1b[Z"),
        ];
        for (k, cursor, bytes) in table {
            assert_eq!(key(k, cursor), bytes, "{k}");
        }
    }

    #[test]
    fn what_is_pasted_is_marked_where_the_program_asked_for_it() {
        assert_eq!(paste("a\nb", false), b"a\rb");
        assert_eq!(paste("a\nb", true), b"\x1b[200~a\rb\x1b[201~");
    }

    #[test]
    fn the_mouse_is_reported_as_the_program_asked() {
        use MouseKind::{Click, Drag, Move, Release, WheelDown, WheelUp};
        let at = |kind, button, x, y| Mouse { kind, button, x, y };
        let left = |kind, x, y| at(kind, Button::Left, x, y);
        let mut parser = vt100::Parser::new(10, 10, 0);
        assert_eq!(mouse(parser.screen(), left(Click, 1, 2)), None);
        parser.process(b"\x1b[?1000h");
        assert_eq!(mouse(parser.screen(), left(WheelUp, 1, 2)).unwrap(), b"\x1b[M\x60\x22\x23");
        assert_eq!(mouse(parser.screen(), left(Release, 0, 0)).unwrap(), b"\x1b[M#!!");
        assert_eq!(mouse(parser.screen(), left(Click, 300, 0)).unwrap(), b"", "too far for the old form");
        parser.process(b"\x1b[?1006h");
        let table: [(Mouse, &[u8], [bool; 4]); 8] = [
            (left(Click, 1, 2), b"\x1b[<0;2;3M", [true, true, true, true]),
            (at(Click, Button::Right, 1, 2), b"\x1b[<2;2;3M", [true, true, true, true]),
            (left(WheelDown, 0, 0), b"\x1b[<65;1;1M", [true, true, true, true]),
            (left(Release, 1, 2), b"\x1b[<0;2;3m", [false, true, true, true]),
            (at(Release, Button::Middle, 0, 0), b"\x1b[<1;1;1m", [false, true, true, true]),
            (left(Drag, 4, 5), b"\x1b[<32;5;6M", [false, false, true, true]),
            (at(Drag, Button::Right, 4, 5), b"\x1b[<34;5;6M", [false, false, true, true]),
            (left(Move, 4, 5), b"\x1b[<35;5;6M", [false, false, false, true]),
        ];
        for (n, mode) in ["9", "1000", "1002", "1003"].iter().enumerate() {
            parser.process(format!("\x1b[?{mode}h").as_bytes());
            for (m, bytes, wanted) in table {
                let expected = if wanted[n] { bytes } else { b"" };
                assert_eq!(mouse(parser.screen(), m).unwrap(), expected, "{m:?} in {mode}");
            }
            assert_eq!(wants_moves(parser.screen()), n == 3);
        }
    }
}
