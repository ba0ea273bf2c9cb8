//! What a program in a container says, before a terminal of ours may read it. Counts in sequences are
//! cut to what a screen can hold (the emulator does as many steps as a sequence asks for), and strings
//! for the terminal itself (titles, clipboard, downloads, whatever comes after OSC, DCS, APC, PM and SOS)
//! are swallowed: they may be without end, and nothing outside the pane is theirs. Characters of lines
//! and boxes, which old programs draw by switching the set of characters, are said in Unicode: the
//! emulator knows no other set.

/// The largest number a sequence may carry: more than any screen has lines or columns.
const LARGEST: u32 = 999;
/// The longest sequence that is kept; a longer one means nothing.
const LONGEST: usize = 64;
/// The most of a string that is kept, for those that may be let through.
const STRING: usize = 128 * 1024;

/// A piece of what was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// For the screen.
    Bytes(&'a [u8]),
    /// The program asks what the terminal is (`CSI c`).
    Attributes,
    /// It asks whether the terminal is well (`CSI 5 n`).
    Status,
    /// It asks where the cursor is (`CSI 6 n`).
    Cursor,
    /// A text for the clipboard, as base64 (`OSC 52`).
    Clipboard(&'a [u8]),
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum State {
    #[default]
    Ground,
    Escape,
    Sequence,
    /// A set of characters is chosen for G0 or G1.
    Charset(usize),
    /// In a string; whether it is an OSC, whether the last byte was ESC.
    Text(bool, bool),
}

/// The filter, with what is still open.
#[derive(Debug, Default)]
pub(super) struct Tame {
    state: State,
    held: Vec<u8>,
    /// Whether G0 and G1 are lines and boxes.
    drawing: [bool; 2],
    /// Which of them is in force.
    shifted: usize,
}

impl Tame {
    /// Takes bytes and gives pieces in their order.
    pub(super) fn feed(&mut self, bytes: &[u8], mut out: impl FnMut(Piece<'_>)) {
        let mut at = 0;
        while at < bytes.len() {
            if self.state == State::Ground {
                let plain = memchr::memchr(0x1b, &bytes[at..]).map_or(bytes.len(), |n| at + n);
                if plain > at {
                    self.plain(&bytes[at..plain], &mut out);
                }
                if plain < bytes.len() {
                    self.state = State::Escape;
                }
                at = plain + 1;
                continue;
            }
            self.byte(bytes[at], &mut out);
            at += 1;
        }
    }

    fn plain(&mut self, bytes: &[u8], out: &mut impl FnMut(Piece<'_>)) {
        let shifts = |b: &u8| matches!(b, 0x0e | 0x0f);
        if self.drawing == [false; 2] && !bytes.iter().any(shifts) {
            return out(Piece::Bytes(bytes));
        }
        let mut said = String::new();
        for part in bytes.chunk_by(|a, b| !shifts(a) && !shifts(b)) {
            if let [shift @ (0x0e | 0x0f)] = part {
                self.shifted = usize::from(*shift == 0x0e);
            } else if self.drawing[self.shifted] {
                said.extend(part.iter().map(|b| drawn(*b)));
                out(Piece::Bytes(said.as_bytes()));
                said.clear();
            } else {
                out(Piece::Bytes(part));
            }
        }
    }

    fn byte(&mut self, byte: u8, out: &mut impl FnMut(Piece<'_>)) {
        match self.state {
            State::Ground => {}
            State::Charset(which) => {
                self.drawing[which] = byte == b'0';
                self.state = State::Ground;
            }
            State::Escape => self.escape(byte, out),
            State::Sequence => self.sequence(byte, out),
            State::Text(osc, escaped) => self.text(byte, osc, escaped, out),
        }
    }

    fn escape(&mut self, byte: u8, out: &mut impl FnMut(Piece<'_>)) {
        self.held.clear();
        self.state = match byte {
            b'[' => State::Sequence,
            b'(' => State::Charset(0),
            b')' => State::Charset(1),
            b']' => State::Text(true, false),
            b'P' | b'X' | b'^' | b'_' => State::Text(false, false),
            0x1b => State::Escape,
            _ => {
                if byte == b'c' {
                    (self.drawing, self.shifted) = ([false; 2], 0);
                }
                out(Piece::Bytes(&[0x1b, byte]));
                State::Ground
            }
        };
    }

    fn sequence(&mut self, byte: u8, out: &mut impl FnMut(Piece<'_>)) {
        match byte {
            0x1b => self.state = State::Escape,
            // CAN and SUB end it.
            0x18 | 0x1a => self.state = State::Ground,
            // Other controls act at once, in the middle of it.
            0x00..=0x1f => out(Piece::Bytes(&[byte])),
            0x20..=0x3f => {
                if self.held.len() <= LONGEST {
                    self.held.push(byte);
                }
            }
            0x40..=0x7e => {
                self.state = State::Ground;
                if self.held.len() <= LONGEST {
                    self.whole(byte, out);
                }
            }
            // No sequence goes on like this.
            _ => self.state = State::Ground,
        }
    }

    /// A whole CSI sequence.
    fn whole(&mut self, last: u8, out: &mut impl FnMut(Piece<'_>)) {
        match (self.held.as_slice(), last) {
            (b"" | b"0", b'c') => return out(Piece::Attributes),
            (b"5", b'n') => return out(Piece::Status),
            (b"6", b'n') => return out(Piece::Cursor),
            _ => {}
        }
        let mut tamed = vec![0x1b, b'['];
        let mut number: Option<u32> = None;
        // Only numbers are cut; colours and the like are far below.
        for &byte in self.held.iter().chain([&last]) {
            if byte.is_ascii_digit() {
                let digit = u32::from(byte - b'0');
                number = Some(number.unwrap_or(0).saturating_mul(10).saturating_add(digit));
                continue;
            }
            if let Some(n) = number.take() {
                // Private modes have numbers of four digits (2004) and count nothing.
                let most = if self.held.starts_with(b"?") { u32::from(u16::MAX) } else { LARGEST };
                tamed.extend_from_slice(n.min(most).to_string().as_bytes());
            }
            tamed.push(byte);
        }
        out(Piece::Bytes(&tamed));
    }

    fn text(&mut self, byte: u8, osc: bool, escaped: bool, out: &mut impl FnMut(Piece<'_>)) {
        match byte {
            0x18 | 0x1a => self.state = State::Ground,
            b'\\' if escaped => self.end(osc, out),
            0x07 if osc => self.end(osc, out),
            _ if escaped => self.escape(byte, out),
            0x1b => self.state = State::Text(osc, true),
            _ => {
                if self.held.len() < STRING {
                    self.held.push(byte);
                }
            }
        }
    }

    fn end(&mut self, osc: bool, out: &mut impl FnMut(Piece<'_>)) {
        self.state = State::Ground;
        let whole = self.held.len() < STRING;
        // 52 ; which clipboard ; base64
        let data = self.held.strip_prefix(b"52;").and_then(|rest| rest.splitn(2, |b| *b == b';').nth(1));
        if let Some(data) = data.filter(|d| osc && whole && *d != b"?") {
            out(Piece::Clipboard(data));
        }
        self.held = Vec::new();
    }
}

/// A character of DEC's lines and boxes.
fn drawn(byte: u8) -> char {
    const SET: [char; 31] = [
        '◆', '▒', '␉', '␌', '␍', '␊', '°', '±', '␤', '␋', '┘', '┐', '┌', '└', '┼', '⎺', '⎻', '─', '⎼', '⎽', '├', '┤',
        '┴', '┬', '│', '≤', '≥', 'π', '≠', '£', '·',
    ];
    match byte {
        0x60..=0x7e => SET[usize::from(byte - 0x60)],
        // What is no ASCII is drawn in no set.
        0x80.. => '\u{fffd}',
        byte => char::from(byte),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(bytes: &[u8], cut: usize) -> (Vec<u8>, Vec<String>) {
        let (mut tame, mut plain, mut other) = (Tame::default(), Vec::new(), Vec::new());
        for part in bytes.chunks(cut) {
            tame.feed(part, |piece| match piece {
                Piece::Bytes(b) => plain.extend_from_slice(b),
                Piece::Clipboard(b) => other.push(format!("clip {}", String::from_utf8_lossy(b))),
                asked => other.push(format!("{asked:?}")),
            });
        }
        (plain, other)
    }

    #[test]
    fn what_is_harmless_passes_and_the_rest_does_not() {
        let table: [(&[u8], &[u8], &[&str]); 14] = [
            (b"plain \x1b[31mred\x1b[0m", b"plain \x1b[31mred\x1b[0m", &[]),
            (b"a\x1b[65535@b", b"a\x1b[999@b", &[]),
            (b"\x1b[99999999999999999999;3H", b"\x1b[999;3H", &[]),
            (b"\x1b[?2004h\x1b[38;2;255;0;1m", b"\x1b[?2004h\x1b[38;2;255;0;1m", &[]),
            (b"a\x1b]0;title\x07b\x1b]2;x\x1b\\c", b"abc", &[]),
            (b"\x1b]52;c;aGk=\x07", b"", &["clip aGk="]),
            (b"\x1b]52;c;?\x07", b"", &[]),
            (b"\x1bPq...sixel\x1b\\x\x1b_apc\x1b\\\x1b^pm\x1b\\\x1bXsos\x1b\\", b"x", &[]),
            (b"\x1b[c\x1b[0c\x1b[5n\x1b[6n", b"", &["Attributes", "Attributes", "Status", "Cursor"]),
            (b"\x1b[1\r2mx", b"\r\x1b[12mx", &[]),
            (b"\x1b7\x1b(B\x1b=", b"\x1b7\x1b=", &[]),
            (b"\x1b(0lqk\x1b(Blqk", "┌─┐lqk".as_bytes(), &[]),
            (b"\x1b)0a\x0eq\x0fq", "a─q".as_bytes(), &[]),
            (b"\x1b[12\x18m\x1b]0;t\x1a!", b"m!", &[]),
        ];
        for (bytes, plain, other) in table {
            for cut in [1, 3, 1_000] {
                let (got, asked) = said(bytes, cut);
                assert_eq!(String::from_utf8_lossy(&got), String::from_utf8_lossy(plain), "cut {cut}");
                assert_eq!(asked, other);
            }
        }
    }

    #[test]
    fn a_string_without_end_takes_no_more_than_its_share() {
        let mut tame = Tame::default();
        tame.feed(b"\x1b]52;c;", |_| {});
        for _ in 0..100 {
            tame.feed(&vec![b'A'; 64 * 1024], |p| panic!("{p:?}"));
        }
        assert!(tame.held.len() <= STRING);
        tame.feed(b"\x07", |p| panic!("{p:?}"));
    }
}
