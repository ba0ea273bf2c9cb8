//! Terminal bytes to [`Input`]: one incremental state machine, no clock and no
//! I/O of its own, so that every way a slow line can cut a sequence is testable.
//!
//! It is split by what a byte may mean: `csi` (tables of the sequences that
//! start with `ESC [` and `ESC O`), `keys` (control bytes and modifiers), `paste`
//! (text between paste marks) and `utf8` (characters). This file owns the states
//! and when they change.
//!
//! Rules: a sequence nobody knows is swallowed whole, so that its letters never
//! act as commands; bytes that are no UTF-8 are ignored; how the bytes are cut
//! into chunks never changes the result, unless the caller says that time passed.

mod csi;
mod keys;
mod paste;
mod utf8;

#[cfg(test)]
mod tests;

use crate::core::input::{Input, Key, KeyCode};
use csi::Sequence;
use paste::Paste;
use utf8::Utf8;

const ESC: u8 = 0x1b;
const BEL: u8 = 0x07;
const CAN: u8 = 0x18;
const SUB: u8 = 0x1a;

/// What the bytes so far leave open.
#[derive(Debug, Default)]
enum State {
    /// Nothing.
    #[default]
    Ground,
    /// One ESC: the key, Alt, or a sequence. `true`: two, so Alt with a sequence may follow.
    Escape(bool),
    /// After `ESC [`.
    Csi(Sequence),
    /// After `ESC O`.
    Ss3(Sequence),
    /// Three bytes of an old mouse report (`ESC [ M`) are due; those that came.
    OldMouse(Vec<u8>),
    /// A string for programs (OSC, DCS, APC, PM, SOS), swallowed up to its end.
    Text(Text),
    /// Between paste marks.
    Paste(Paste),
}

/// A swallowed string.
#[derive(Debug)]
struct Text {
    /// The byte after ESC, in case it was Alt and that key after all.
    opener: u8,
    /// Whether anything followed.
    begun: bool,
    /// Whether the last byte was ESC, which begins the terminator.
    escaped: bool,
}

/// The parser.
#[derive(Debug, Default)]
pub struct Parser {
    state: State,
    utf8: Utf8,
    /// The next character came after ESC.
    alt: bool,
}

impl Parser {
    /// Takes bytes in and appends what they say.
    pub fn feed(&mut self, bytes: &[u8], out: &mut Vec<Input>) {
        for &byte in bytes {
            self.byte(byte, out);
        }
    }

    /// Whether time decides what the bytes so far mean: the caller waits a little and,
    /// if no byte comes, calls [`Parser::timeout`]. Within a paste, and within a sequence
    /// that no hand types, time decides nothing.
    pub fn pending(&self) -> bool {
        match &self.state {
            State::Ground | State::Paste(_) => false,
            State::Escape(_) | State::OldMouse(_) | State::Text(_) => true,
            State::Csi(sequence) | State::Ss3(sequence) => sequence.is_empty(),
        }
    }

    /// No byte came within the wait: a lone ESC was the key, `ESC [` was Alt-[.
    /// A sequence whose parameters have begun stays open: on a line this slow its
    /// rest still comes, and must not be read as letters.
    pub fn timeout(&mut self, out: &mut Vec<Input>) {
        if !self.pending() {
            return;
        }
        match std::mem::take(&mut self.state) {
            State::Escape(twice) => {
                let esc = Input::Key(Key::plain(KeyCode::Esc));
                if twice {
                    out.push(esc.clone());
                }
                out.push(esc);
            }
            State::Csi(sequence) => out.extend(keys::alt_char('[', sequence.alt())),
            State::Ss3(sequence) => out.extend(keys::alt_char('O', sequence.alt())),
            State::Text(text) if !text.begun => out.extend(keys::alt_char(text.opener.into(), false)),
            State::Ground | State::Text(_) | State::OldMouse(_) | State::Paste(_) => {}
        }
    }

    fn byte(&mut self, byte: u8, out: &mut Vec<Input>) {
        match std::mem::take(&mut self.state) {
            State::Ground => self.ground(byte, out),
            State::Escape(twice) => self.escape(byte, twice, out),
            State::Csi(sequence) => self.csi(byte, sequence, out),
            State::Ss3(sequence) => self.ss3(byte, sequence, out),
            State::OldMouse(mut report) => {
                report.push(byte);
                if let [button, x, y] = report[..] {
                    out.extend(csi::old_mouse(button, x, y));
                } else {
                    self.state = State::OldMouse(report);
                }
            }
            State::Text(text) => self.text(byte, text, out),
            State::Paste(mut paste) => match paste.push(byte) {
                Some(text) => out.push(Input::Paste(text)),
                None => self.state = State::Paste(paste),
            },
        }
    }

    fn ground(&mut self, byte: u8, out: &mut Vec<Input>) {
        if byte == ESC {
            self.utf8 = Utf8::default();
            self.alt = false;
            self.state = State::Escape(false);
            return;
        }
        let Some(c) = self.utf8.push(byte) else {
            self.alt &= !self.utf8.is_empty();
            return;
        };
        let mut key = keys::of_char(c);
        if let Some(key) = &mut key {
            key.mods.alt |= self.alt;
        }
        self.alt = false;
        out.extend(key.map(Input::Key));
    }

    fn escape(&mut self, byte: u8, twice: bool, out: &mut Vec<Input>) {
        match byte {
            b'[' => self.state = State::Csi(Sequence::new(twice)),
            b'O' => self.state = State::Ss3(Sequence::new(twice)),
            ESC => {
                if twice {
                    out.push(Input::Key(Key::plain(KeyCode::Esc)));
                }
                self.state = State::Escape(true);
            }
            _ => {
                if twice {
                    out.push(Input::Key(Key::plain(KeyCode::Esc)));
                }
                if matches!(byte, b']' | b'P' | b'_' | b'^' | b'X') {
                    self.state = State::Text(Text { opener: byte, begun: false, escaped: false });
                } else {
                    self.alt = true;
                    self.ground(byte, out);
                }
            }
        }
    }

    fn csi(&mut self, byte: u8, mut sequence: Sequence, out: &mut Vec<Input>) {
        match byte {
            ESC => self.state = State::Escape(false),
            CAN | SUB => {}
            // Other control bytes inside a sequence are keys of their own, as terminals treat them.
            0x00..=0x1f => {
                self.ground(byte, out);
                self.state = State::Csi(sequence);
            }
            b'M' if sequence.is_empty() => self.state = State::OldMouse(Vec::with_capacity(3)),
            // The Linux console's function keys: `ESC [ [ A`.
            b'[' if sequence.is_empty() => {
                sequence.push(byte);
                self.state = State::Csi(sequence);
            }
            _ if sequence.ends_with(byte) => match sequence.meaning(byte) {
                csi::Meaning::PasteBegins => self.state = State::Paste(Paste::default()),
                csi::Meaning::Input(input) => out.push(input),
                csi::Meaning::Nothing => {}
            },
            0x20..=0x3f => {
                sequence.push(byte);
                self.state = State::Csi(sequence);
            }
            // Bytes above 0x7f and DEL belong to no sequence: it was cut off.
            _ => self.ground(byte, out),
        }
    }

    fn ss3(&mut self, byte: u8, mut sequence: Sequence, out: &mut Vec<Input>) {
        match byte {
            ESC => self.state = State::Escape(false),
            b'0'..=b'9' | b';' => {
                sequence.push(byte);
                self.state = State::Ss3(sequence);
            }
            0x20..=0x7e => out.extend(sequence.ss3(byte)),
            _ => self.ground(byte, out),
        }
    }

    fn text(&mut self, byte: u8, mut text: Text, out: &mut Vec<Input>) {
        match byte {
            BEL | CAN | SUB => return,
            b'\\' if text.escaped => return,
            // ESC and another byte: the string was cut off, and a new sequence begins.
            _ if text.escaped => return self.escape(byte, false, out),
            ESC => text.escaped = true,
            _ => text.begun = true,
        }
        self.state = State::Text(text);
    }
}
