//! Characters out of bytes, one byte at a time.

/// A character under way.
#[derive(Debug, Default)]
pub(super) struct Utf8 {
    bytes: [u8; 4],
    len: usize,
}

impl Utf8 {
    /// Whether no character is under way.
    pub(super) fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Takes a byte; gives a character when one is whole. Bytes that can be part of
    /// none are dropped, and a byte that cannot continue a character begins anew.
    pub(super) fn push(&mut self, byte: u8) -> Option<char> {
        if self.len > 0 && !(0x80..0xc0).contains(&byte) {
            self.len = 0;
        }
        if let Some(slot) = self.bytes.get_mut(self.len) {
            *slot = byte;
            self.len += 1;
        }
        let so_far = &self.bytes[..self.len];
        match std::str::from_utf8(so_far) {
            Ok(text) => {
                let c = text.chars().next();
                self.len = 0;
                c
            }
            Err(error) => {
                // An error without a length means that more bytes are due.
                if error.error_len().is_some() {
                    self.len = 0;
                }
                None
            }
        }
    }
}
