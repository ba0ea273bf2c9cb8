//! What a program says, on its way to the user's own terminal. Nothing passes but text and the sequences of a short
//! list: those that draw on the screen, and the modes that can be taken back after. What is for the terminal itself
//! (strings after OSC, DCS, APC, PM and SOS), what makes it answer, print, change its size, its keys or its set of
//! characters, or forget what has left the screen, is swallowed.
//!
//! A terminal reads characters, so this does, too: an 8-bit control is one wherever UTF-8 says so, and no byte passes
//! that is not part of a character.

mod allowed;
mod utf8;

use allowed::Last;
use utf8::Utf8;

/// The longest sequence that passes.
const LONGEST: usize = 64;

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum State {
    #[default]
    Ground,
    /// After ESC.
    Escape,
    /// After ESC and what stands between it and its last byte.
    Between,
    /// After CSI.
    Sequence,
    /// In a string; whether BEL ends it, and whether the last character was ESC.
    Text(bool, bool),
}

/// The filter, with what is still open.
#[derive(Debug, Default)]
pub struct Sieve {
    state: State,
    utf8: Utf8,
    /// What stands between the introducer and the last byte.
    held: Vec<u8>,
}

impl Sieve {
    /// Lets through what may pass.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(bytes.len());
        let mut utf8 = std::mem::take(&mut self.utf8);
        for byte in bytes {
            utf8.feed(*byte, &mut |c| self.char(c, &mut out));
        }
        self.utf8 = utf8;
        out
    }

    fn char(&mut self, c: char, out: &mut Vec<u8>) {
        match c {
            '\x1b' => self.escape(),
            // CAN and SUB end whatever is open.
            '\x18' | '\x1a' => self.state = State::Ground,
            _ if matches!(self.state, State::Text(..)) => self.text(c, out),
            // An 8-bit control is ESC and the letter 64 below it.
            '\u{80}'..='\u{9f}' => {
                self.escape();
                self.introduced(c as u8 - 0x40, out);
            }
            '\0'..='\x1f' | '\x7f' => {
                // Controls act in the middle of a sequence, too.
                if matches!(c, '\x07'..='\x0f') {
                    out.push(c as u8);
                }
            }
            _ => match (self.state, u8::try_from(c).ok().filter(u8::is_ascii)) {
                (State::Escape, Some(byte)) => self.introduced(byte, out),
                (State::Between, Some(byte)) => self.between(byte, out),
                (State::Sequence, Some(byte)) => self.sequence(byte, out),
                _ => {
                    // No sequence goes on like this.
                    self.state = State::Ground;
                    out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                }
            },
        }
    }

    fn escape(&mut self) {
        self.state = match self.state {
            State::Text(bell, _) => State::Text(bell, true),
            _ => State::Escape,
        };
        self.held.clear();
    }

    /// The character behind ESC.
    fn introduced(&mut self, byte: u8, out: &mut Vec<u8>) {
        self.state = match byte {
            b'[' => State::Sequence,
            b']' => State::Text(true, false),
            // `k` is a title in tmux and screen.
            b'P' | b'X' | b'^' | b'_' | b'k' => State::Text(false, false),
            0x20..=0x2f => {
                self.held.push(byte);
                State::Between
            }
            _ => {
                out.extend_from_slice(allowed::escape(byte));
                State::Ground
            }
        };
    }

    fn between(&mut self, byte: u8, out: &mut Vec<u8>) {
        if (0x20..=0x2f).contains(&byte) {
            return self.hold(byte);
        }
        self.state = State::Ground;
        if allowed::between(&self.held, byte) {
            out.push(0x1b);
            out.extend_from_slice(&self.held);
            out.push(byte);
        }
    }

    fn sequence(&mut self, byte: u8, out: &mut Vec<u8>) {
        if (0x20..=0x3f).contains(&byte) {
            return self.hold(byte);
        }
        self.state = State::Ground;
        if self.held.len() > LONGEST {
            return;
        }
        match allowed::sequence(&self.held, byte) {
            Last::No => {}
            Last::AsItIs => {
                out.extend_from_slice(b"\x1b[");
                out.extend_from_slice(&self.held);
                out.push(byte);
            }
            Last::Modes(modes) => {
                out.extend_from_slice(format!("\x1b[?{modes}").as_bytes());
                out.push(byte);
            }
        }
    }

    /// Keeps one more than may pass, so that what is too long is known for it.
    fn hold(&mut self, byte: u8) {
        if self.held.len() <= LONGEST {
            self.held.push(byte);
        }
    }

    /// In a string. An ESC in it that begins no end of it begins something else.
    fn text(&mut self, c: char, out: &mut Vec<u8>) {
        let State::Text(bell, escaped) = self.state else { return };
        match c {
            '\u{9c}' => self.state = State::Ground,
            '\x07' if bell => self.state = State::Ground,
            '\\' if escaped => self.state = State::Ground,
            _ if escaped => {
                self.state = State::Escape;
                self.char(c, out);
            }
            _ => {}
        }
    }
}

/// What a terminal is told when it is taken back from a program, whatever it was left in: out of any sequence, then
/// plain colours and characters, no reports, no modes of keys, the usual cursor, no margins, the screen that lines
/// scroll on, and a line of its own below what is there.
pub const RESET: &[u8] = b"\x18\x1b[?2026l\x1b[m\x0f\x1b(B\x1b)B\x1b*B\x1b+B\x1b[4l\x1b[20l\x1b[?1l\x1b>\x1b[?66l\
\x1b[?5l\x1b[?9l\x1b[?1003l\x1b[?1002l\x1b[?1000l\x1b[?1015l\x1b[?1006l\x1b[?1005l\x1b[?1004l\x1b[?2004l\x1b[?12l\
\x1b[0 q\x1b[?47l\x1b[?1047l\x1b[?6l\x1b[?7h\x1b[r\x1b[?25h\x1b[999;1H\r\n";

#[cfg(test)]
mod tests;
