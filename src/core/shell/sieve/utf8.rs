//! Characters from bytes as they come. What is no UTF-8 becomes U+FFFD, one for each part that a decoder gives up on.

/// A decoder, with the bytes of a character that is not whole.
#[derive(Debug, Default)]
pub(super) struct Utf8 {
    held: Vec<u8>,
}

impl Utf8 {
    /// Takes a byte; gives the characters that are whole by it.
    pub(super) fn feed(&mut self, byte: u8, out: &mut impl FnMut(char)) {
        if self.held.is_empty() && byte.is_ascii() {
            return out(char::from(byte));
        }
        self.held.push(byte);
        loop {
            match std::str::from_utf8(&self.held) {
                Ok(text) => {
                    text.chars().for_each(&mut *out);
                    return self.held.clear();
                }
                Err(error) => match error.error_len() {
                    // It may still become one.
                    None => return,
                    Some(bad) => {
                        out(char::REPLACEMENT_CHARACTER);
                        self.held.drain(..error.valid_up_to() + bad);
                    }
                },
            }
        }
    }
}
