//! What a user sees: the bytes, read by a terminal.

/// A screen and what came to it.
pub struct Seen {
    terminal: vt100::Parser,
    bytes: usize,
    /// All of it, or the newest part of much.
    said: Vec<u8>,
}

/// How much is kept of what was said.
const KEPT: usize = 1 << 20;

impl Seen {
    pub fn new(columns: u16, rows: u16) -> Self {
        Self { terminal: vt100::Parser::new(rows, columns, 0), bytes: 0, said: vec![] }
    }

    pub fn take(&mut self, bytes: &[u8]) {
        self.bytes += bytes.len();
        self.said.extend_from_slice(bytes);
        if self.said.len() > 2 * KEPT {
            self.said.drain(..self.said.len() - KEPT);
        }
        self.terminal.process(bytes);
    }

    pub fn resize(&mut self, columns: u16, rows: u16) {
        self.terminal.screen_mut().set_size(rows, columns);
    }

    pub fn screen(&self) -> &vt100::Screen {
        self.terminal.screen()
    }

    pub fn bytes(&self) -> usize {
        self.bytes
    }

    pub fn all(&self) -> &[u8] {
        &self.said
    }

    /// Whether a text came, also if it has left the screen.
    pub fn said(&self, text: &str) -> bool {
        self.said.windows(text.len()).any(|window| window == text.as_bytes())
    }

    /// For messages: the text, and the modes that matter.
    pub fn describe(&self) -> String {
        let screen = self.screen();
        format!(
            "{}\n[{} bytes; alternate screen: {}; cursor {:?}, hidden: {}; paste marks: {}; mouse: {:?}]",
            screen.contents(),
            self.bytes,
            screen.alternate_screen(),
            screen.cursor_position(),
            screen.hide_cursor(),
            screen.bracketed_paste(),
            screen.mouse_protocol_mode(),
        )
    }
}
