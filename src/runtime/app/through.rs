//! The terminal in the hands of a program: what it says is written there as fast as the terminal takes it, and while
//! that is slower nothing more is taken from streams, so that the program waits, too.

use super::{App, Ours};
use crate::core::msg::{Level, Msg};
use crate::core::shell::Lent;

/// What waits for the terminal at most before the streams are held up.
const WAITS: usize = 64 * 1024;

/// Whether a program has the terminal, and what waits to be written.
#[derive(Debug, Default)]
pub struct Through {
    on: bool,
    out: Vec<u8>,
}

impl Through {
    /// Whether a program has the terminal.
    pub(super) fn on(&self) -> bool {
        self.on
    }

    /// Whether more may be taken from streams.
    pub(super) fn takes(&self) -> bool {
        self.out.len() < WAITS
    }
}

impl App {
    pub(super) fn lend_through(&mut self, lent: Lent) {
        match lent {
            Lent::Begin(first) => {
                self.terminal.through();
                self.through = Through { on: true, out: first };
            }
            Lent::Write(bytes) if self.through.on => self.through.out.extend(bytes),
            // It was taken back a moment ago.
            Lent::Write(_) => {}
            Lent::End => {
                self.through = Through::default();
                self.ours = Ours::Since((self.clock)());
                if let Err(why) = self.terminal.end_through() {
                    self.apply(Msg::Notice(Level::Error, why.to_string().into()));
                }
            }
        }
        self.pump();
    }

    /// Writes what waits, if the terminal takes it.
    pub(super) fn pump(&mut self) {
        if self.through.on && !self.through.out.is_empty() && self.terminal.ready() {
            let bytes = std::mem::take(&mut self.through.out);
            if let Err(bytes) = self.terminal.submit(bytes) {
                self.through.out = bytes;
            }
        }
    }
}
