//! A container must not drive the terminal: of its bytes only text and colours are kept. Colours
//! stand beside the text, so that a search finds words whatever colours run through them.

use super::paints::Paints;
use super::sgr;
use crate::core::role::Style;
use std::fmt::Write as _;

/// Appends a line's text to `bytes` and its colours, by byte of `bytes`, to `paints`.
///
/// What stays: UTF-8 text and tabs. What is shown in words: bytes that are no UTF-8 (`\xff`),
/// controls that mean nothing to a terminal or would move it (`\x08`), characters that turn the
/// direction of writing (`\u{202e}`). What goes: escape sequences other than colours, the carriage
/// return before the end of a line.
pub fn append(raw: &[u8], bytes: &mut Vec<u8>, paints: &mut Paints) {
    let raw = raw.strip_suffix(b"\r").unwrap_or(raw);
    let start = bytes.len();
    bytes.extend_from_slice(raw);
    if !plain(&bytes[start..]) {
        bytes.truncate(start);
        slow(raw, bytes, paints);
    }
}

/// Whether each byte is a printable ASCII character. Written for the vector unit: no early exit
/// within a block.
fn plain(text: &[u8]) -> bool {
    let odd = |b: &u8| b.wrapping_sub(0x20) >= 0x5f;
    let mut blocks = text.chunks_exact(64);
    for block in &mut blocks {
        if block.iter().fold(false, |any, b| any | odd(b)) {
            return false;
        }
    }
    !blocks.remainder().iter().fold(false, |any, b| any | odd(b))
}

fn slow(raw: &[u8], bytes: &mut Vec<u8>, paints: &mut Paints) {
    let mut style = Style::default();
    let mut rest = raw;
    while !rest.is_empty() {
        let run = rest.iter().take_while(|b| matches!(b, 0x20..=0x7e | b'\t')).count();
        bytes.extend_from_slice(&rest[..run]);
        rest = &rest[run..];
        let Some(&b) = rest.first() else { break };
        let used = match b {
            0x1b => escape(rest, &mut style, bytes.len(), paints),
            0..=0x1f | 0x7f => hex(bytes, &rest[..1]),
            _ => wide(rest, bytes),
        };
        rest = &rest[used..];
    }
}

/// An escape sequence: how many bytes it takes. A colour is noted, all else is gone.
fn escape(rest: &[u8], style: &mut Style, at: usize, paints: &mut Paints) -> usize {
    match rest.get(1) {
        Some(b'[') => {
            let params = rest[2..].iter().take_while(|b| (0x30..=0x3f).contains(*b)).count();
            let between = rest[2 + params..].iter().take_while(|b| (0x20..=0x2f).contains(*b)).count();
            let end = 2 + params + between;
            let last = rest.get(end).filter(|b| (0x40..=0x7e).contains(*b));
            // `ESC [ > 4 m` is no colour but a wish to the terminal.
            if last == Some(&b'm') && between == 0 && rest[2..2 + params].iter().all(|b| *b <= b';') {
                sgr::apply(style, &rest[2..2 + params]);
                paints.put(at as u32, *style);
            }
            end + usize::from(last.is_some())
        }
        // Strings to the terminal: title, clipboard, links, device control. They end with BEL,
        // ST, or the line.
        Some(b']' | b'P' | b'X' | b'^' | b'_') => string_end(&rest[2..]) + 2,
        // Character sets and the like: one or more bytes in between, then one more.
        Some(0x20..=0x2f) => {
            let between = rest[1..].iter().take_while(|b| (0x20..=0x2f).contains(*b)).count();
            1 + between + usize::from(rest.len() > 1 + between)
        }
        Some(0x30..=0x7e) => 2,
        _ => 1,
    }
}

/// The length of a string to the terminal with its end.
fn string_end(rest: &[u8]) -> usize {
    for (i, b) in rest.iter().enumerate() {
        match b {
            0x07 => return i + 1,
            0x1b => return i + 1 + usize::from(rest.get(i + 1) == Some(&b'\\')),
            0xc2 if rest.get(i + 1) == Some(&0x9c) => return i + 2,
            _ => {}
        }
    }
    rest.len()
}

/// Something beyond ASCII: how many bytes were taken.
fn wide(rest: &[u8], bytes: &mut Vec<u8>) -> usize {
    let run = rest.iter().take_while(|b| **b >= 0x80).count();
    let (valid, broken) = match std::str::from_utf8(&rest[..run]) {
        Ok(text) => (text, 0),
        Err(e) => {
            let valid = std::str::from_utf8(&rest[..e.valid_up_to()]).unwrap_or("");
            (valid, e.error_len().unwrap_or(run - e.valid_up_to()))
        }
    };
    for (at, c) in valid.char_indices() {
        match c {
            // The eight-bit forms of `ESC P`, `ESC [` and so on.
            '\u{90}' | '\u{98}' | '\u{9d}'..='\u{9f}' => return at + 2 + string_end(&rest[at + 2..]),
            '\u{9b}' => {
                let after = &rest[at + 2..];
                let middle = after.iter().take_while(|b| (0x20..=0x3f).contains(*b)).count();
                return at + 2 + middle + usize::from(after.get(middle).is_some_and(|b| (0x40..=0x7e).contains(b)));
            }
            '\u{80}'..='\u{9f}' => {}
            c if turns(c) => spell(bytes, c),
            c => {
                let mut buf = [0; 4];
                bytes.extend_from_slice(c.encode_utf8(&mut buf).as_bytes());
            }
        }
    }
    hex(bytes, &rest[valid.len()..valid.len() + broken]);
    valid.len() + broken
}

/// Characters that change the direction of what follows, or break lines where we do not.
fn turns(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn spell(bytes: &mut Vec<u8>, c: char) {
    let mut text = String::new();
    let _ = write!(text, "\\u{{{:x}}}", c as u32);
    bytes.extend_from_slice(text.as_bytes());
}

/// Bytes in words; returns how many there were.
fn hex(bytes: &mut Vec<u8>, odd: &[u8]) -> usize {
    for b in odd {
        match b {
            b'\r' => bytes.extend_from_slice(b"\\r"),
            b => {
                let mut text = String::new();
                let _ = write!(text, "\\x{b:02x}");
                bytes.extend_from_slice(text.as_bytes());
            }
        }
    }
    odd.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::role::Color;
    use proptest::prelude::*;

    fn clean(raw: &[u8]) -> (String, Vec<(usize, Style)>) {
        let (mut bytes, mut paints) = (Vec::new(), Paints::default());
        append(raw, &mut bytes, &mut paints);
        (String::from_utf8(bytes).expect("cleaned text is UTF-8"), paints.within(0..usize::MAX).collect())
    }

    #[test]
    fn text_stays_and_orders_go() {
        for (raw, text) in [
            (&b"plain \ttext\r"[..], "plain \ttext"),
            ("注文 ✓ é 👩‍🚀".as_bytes(), "注文 ✓ é 👩‍🚀"),
            (b"a\x1b[2Jb\x1b[10;3Hc\x1b[?1049hd", "abcd"),
            (b"a\x1b]0;title\x07b\x1b]52;c;aGk=\x1b\\c", "abc"),
            (b"a\x1bP1$r\x1b\\b\x1b(0c\x1b7d\x1bce", "abcde"),
            (b"never ended \x1b]0;title", "never ended "),
            (b"never ended \x1b[31", "never ended "),
            (b"lone \x1b", "lone "),
            ("c1 \u{9b}2Jx\u{9d}0;t\u{9c}y\u{85}z".as_bytes(), "c1 xyz"),
            (b"10%\r20%\x08\x00\x7f", "10%\\r20%\\x08\\x00\\x7f"),
            (b"bad \xff\xfe \xe6\xb3", "bad \\xff\\xfe \\xe6\\xb3"),
            ("evil \u{202e}txt\u{2066}".as_bytes(), "evil \\u{202e}txt\\u{2066}"),
        ] {
            assert_eq!(clean(raw).0, text, "{raw:?}");
        }
    }

    #[test]
    fn colours_stand_beside_the_text() {
        let (text, paints) = clean(b"\x1b[1;31mERR\x1b[0mOR \x1b[38;5;208mx\x1b[48:2:1:2:3my\x1b[>4m");
        assert_eq!(text, "ERROR xy");
        let red = Style { bold: true, fg: Some(Color::Indexed(1)), ..Style::default() };
        let orange = Style { fg: Some(Color::Indexed(208)), ..Style::default() };
        let both = Style { bg: Some(Color::Rgb(1, 2, 3)), ..orange };
        assert_eq!(paints, [(0, red), (3, Style::default()), (6, orange), (7, both)]);
    }

    proptest! {
        #[test]
        fn nothing_that_a_terminal_obeys_gets_through(raw in proptest::collection::vec(
            prop_oneof![Just(0x1b_u8), Just(b'['), Just(b']'), Just(b'm'), Just(0xc2), 0x80_u8..=0x9f, any::<u8>()], 0..200
        )) {
            let (text, _) = clean(&raw);
            prop_assert!(text.chars().all(|c| (!c.is_control() || c == '\t') && !turns(c)), "{:?}", text);
        }

        #[test]
        fn cleaning_twice_changes_nothing(raw in proptest::collection::vec(any::<u8>(), 0..200)) {
            let (text, _) = clean(&raw);
            prop_assert_eq!(clean(text.as_bytes()).0, text);
        }
    }
}
