//! The terminal a program draws on, with the lines that have left it at its top.

use super::tame::{Piece, Tame};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use std::cell::Cell;
use std::panic::AssertUnwindSafe;

/// What a program in a container may do beyond drawing on its screen. Nothing, unless the settings say so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Allowed {
    /// Its questions about the terminal are answered: what it is, where the cursor is.
    pub replies: bool,
    /// It may put text on the user's clipboard.
    pub clipboard: bool,
}

/// What came of some output besides what is drawn.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Heard {
    /// Bytes to send back.
    pub reply: Vec<u8>,
    /// Text for the clipboard.
    pub clipboard: Option<String>,
    /// The emulator gave up on it, and the screen began anew.
    pub broke: bool,
}

thread_local! {
    static CONTAINED: Cell<bool> = const { Cell::new(false) };
}

/// Whether a panic of this thread now is one of the emulator, which is caught: nothing is lost by it but
/// what a hostile program has drawn.
#[must_use]
pub fn contained() -> bool {
    CONTAINED.get()
}

/// A screen.
pub struct Screen {
    parser: vt100::Parser,
    tame: Tame,
    allowed: Allowed,
    /// Lines kept that have left it at its top.
    keeps: usize,
}

impl std::fmt::Debug for Screen {
    // What is on it is nobody's business.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Screen").field("size", &self.size()).finish_non_exhaustive()
    }
}

impl Screen {
    /// An empty screen of so many columns and rows that keeps so many lines.
    #[must_use]
    pub fn new((width, height): (u16, u16), keeps: usize, allowed: Allowed) -> Self {
        Self { parser: vt100::Parser::new(height.max(2), width.max(2), keeps), tame: Tame::default(), allowed, keeps }
    }

    /// The emulator's view of it, to be drawn.
    #[must_use]
    pub fn term(&self) -> &vt100::Screen {
        self.parser.screen()
    }

    /// Columns and rows.
    #[must_use]
    pub fn size(&self) -> (u16, u16) {
        let (rows, columns) = self.term().size();
        (columns, rows)
    }

    /// Takes output in.
    pub fn feed(&mut self, bytes: &[u8]) -> Heard {
        let (mut heard, allowed) = (Heard::default(), self.allowed);
        let (tame, parser) = (&mut self.tame, &mut self.parser);
        let whole = contain(|| {
            tame.feed(bytes, |piece| match piece {
                Piece::Bytes(bytes) => parser.process(bytes),
                Piece::Attributes if allowed.replies => heard.reply.extend_from_slice(b"\x1b[?6c"),
                Piece::Status if allowed.replies => heard.reply.extend_from_slice(b"\x1b[0n"),
                Piece::Cursor if allowed.replies => {
                    let (row, column) = parser.screen().cursor_position();
                    heard.reply.extend_from_slice(format!("\x1b[{};{}R", row + 1, column + 1).as_bytes());
                }
                Piece::Clipboard(data) if allowed.clipboard => heard.clipboard = text(data),
                _ => {}
            });
        });
        if !whole {
            self.anew(self.size());
            heard.broke = true;
        }
        heard
    }

    /// Gives it another size.
    pub fn resize(&mut self, width: u16, height: u16) {
        let (width, height) = (width.max(2), height.max(2));
        if self.size() == (width, height) {
            return;
        }
        let parser = &mut self.parser;
        let whole = contain(|| {
            halve(parser, width);
            lift(parser, height);
            parser.screen_mut().set_size(height, width);
        });
        if !whole {
            self.anew((width, height));
        }
    }

    fn anew(&mut self, size: (u16, u16)) {
        *self = Self::new(size, self.keeps, self.allowed);
    }

    /// How many lines there are: those that have left the screen, and the screen's own.
    pub fn lines(&mut self) -> usize {
        self.history() + usize::from(self.size().1)
    }

    /// Lines that have left the screen.
    pub fn history(&mut self) -> usize {
        let screen = self.parser.screen_mut();
        let at = screen.scrollback();
        screen.set_scrollback(usize::MAX);
        let all = screen.scrollback();
        screen.set_scrollback(at);
        all
    }

    /// Shows the lines from that one on; the screen's own where there are no more.
    pub fn show(&mut self, top: usize) {
        let history = self.history();
        self.parser.screen_mut().set_scrollback(history.saturating_sub(top));
    }

    /// A line by its place, and whether it goes on in the next.
    pub fn line(&mut self, at: usize) -> (String, bool) {
        let (columns, rows) = self.size();
        let history = self.history();
        let screen = self.parser.screen_mut();
        let before = screen.scrollback();
        screen.set_scrollback(history.saturating_sub(at));
        let row = at.saturating_sub(history - screen.scrollback());
        let row = u16::try_from(row).unwrap_or(u16::MAX).min(rows - 1);
        let text = screen.rows(0, columns).nth(row.into()).unwrap_or_default();
        let wrapped = screen.row_wrapped(row);
        screen.set_scrollback(before);
        (text, wrapped)
    }
}

/// A wide character that a narrower screen would cut in half is taken away: the emulator does not expect halves.
fn halve(parser: &mut vt100::Parser, width: u16) {
    let (rows, columns) = parser.screen().size();
    if width >= columns {
        return;
    }
    let (row, column) = parser.screen().cursor_position();
    for y in 0..rows {
        if parser.screen().cell(y, width - 1).is_some_and(vt100::Cell::is_wide) {
            parser.process(format!("\x1b[{};{}H\x1b[X", y + 1, width).as_bytes());
        }
    }
    parser.process(format!("\x1b[{};{}H", row + 1, column + 1).as_bytes());
}

/// Lines above a lower screen leave it at its top, so that the line of the cursor stays on it: the emulator itself
/// would cut the screen off at its foot.
fn lift(parser: &mut vt100::Parser, height: u16) {
    let screen = parser.screen();
    let ((rows, _), (row, column)) = (screen.size(), screen.cursor_position());
    if row < height || screen.alternate_screen() {
        return;
    }
    let over = row + 1 - height;
    parser.process(format!("\x1b[{rows};1H").as_bytes());
    parser.process("\n".repeat(over.into()).as_bytes());
    parser.process(format!("\x1b[{};{}H", row - over + 1, column + 1).as_bytes());
}

/// Runs the emulator; `false` if it panicked. Its state is then thrown away whole.
fn contain(run: impl FnOnce()) -> bool {
    CONTAINED.set(true);
    let whole = std::panic::catch_unwind(AssertUnwindSafe(run)).is_ok();
    CONTAINED.set(false);
    whole
}

/// Base64 as text without control characters but line ends and tabs.
fn text(data: &[u8]) -> Option<String> {
    let bytes = STANDARD.decode(data).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    Some(text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect())
}

#[cfg(test)]
#[path = "screen_tests.rs"]
mod tests;
