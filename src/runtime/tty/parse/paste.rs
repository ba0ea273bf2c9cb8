//! Pasted text: everything between the marks `ESC [ 200 ~` and `ESC [ 201 ~`, as one input.

/// The mark that ends a paste.
const END: &[u8] = b"\x1b[201~";

/// The most bytes of one paste that are kept (1 MiB); what goes beyond is dropped.
pub(super) const LIMIT: usize = 1 << 20;

/// A paste under way. It has no time-out: were its rest read as keys, pasted
/// letters would act as commands.
#[derive(Debug, Default)]
pub(super) struct Paste {
    bytes: Vec<u8>,
    /// How many bytes of the end mark have just come.
    matched: usize,
}

impl Paste {
    /// Takes a byte; gives the text when the end mark is whole.
    pub(super) fn push(&mut self, byte: u8) -> Option<String> {
        if byte == END[self.matched] {
            self.matched += 1;
            return (self.matched == END.len()).then(|| clean(&self.bytes));
        }
        // Only ESC begins the mark and it does so nowhere else in it, so a broken
        // match is text up to here, and this byte may begin a new one.
        let held = std::mem::take(&mut self.matched);
        self.keep(&END[..held]);
        if byte == END[0] {
            self.matched = 1;
        } else {
            self.keep(&[byte]);
        }
        None
    }

    fn keep(&mut self, bytes: &[u8]) {
        let room = LIMIT.saturating_sub(self.bytes.len());
        self.bytes.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }
}

/// Text as a field can take it: line ends as `\n` (terminals send `\r`), other control
/// characters and bytes that are no UTF-8 left out.
fn clean(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    let mut after_return = false;
    for c in bytes.utf8_chunks().flat_map(|chunk| chunk.valid().chars()) {
        match c {
            '\n' if after_return => {}
            '\r' | '\n' => text.push('\n'),
            '\t' => text.push('\t'),
            c if c.is_control() => {}
            c => text.push(c),
        }
        after_return = c == '\r';
    }
    text
}
