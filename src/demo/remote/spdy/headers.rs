//! Header blocks as they are read: names and values, compressed as one zlib stream a direction.

use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::{TINFL_FLAG_HAS_MORE_INPUT, TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF};
use miniz_oxide::inflate::core::{DecompressorOxide, decompress};

use super::dictionary;

/// Names (in lower case) and values.
pub(super) type Headers = Vec<(String, String)>;

/// How far back compressed bytes may refer.
const WINDOW: usize = 32 * 1024;
/// The largest block that is taken.
const LARGEST: usize = 64 * 1024;

/// Reads the header blocks of one direction.
pub(super) struct Reader {
    state: Box<DecompressorOxide>,
    /// The dictionary and what came after it: what is referred to.
    past: Vec<u8>,
    begun: bool,
}

impl Reader {
    pub(super) fn new() -> Self {
        Self { state: Box::default(), past: dictionary::bytes(), begun: false }
    }

    /// The headers of a block; nothing when it is broken.
    pub(super) fn read(&mut self, mut block: &[u8]) -> Option<Headers> {
        if !self.begun {
            // The zlib header is read by hand: it names the dictionary, which is laid before the output instead.
            self.begun = true;
            let named = block.get(1)? & 0x20 != 0;
            let head = if named { 6 } else { 2 };
            if named && block.get(2..6)? != dictionary::checksum(&dictionary::bytes()).to_be_bytes() {
                return None;
            }
            block = block.get(head..)?;
        }
        let start = self.past.len();
        self.past.resize(start + LARGEST, 0);
        let flags = TINFL_FLAG_HAS_MORE_INPUT | TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
        let (status, _, written) = decompress(&mut self.state, block, &mut self.past, start, flags);
        self.past.truncate(start + written);
        let read = matches!(status, TINFLStatus::NeedsMoreInput).then(|| parse(&self.past[start..])).flatten();
        let over = self.past.len().saturating_sub(WINDOW);
        self.past.drain(..over);
        read
    }
}

fn parse(mut plain: &[u8]) -> Option<Headers> {
    let number = |from: &mut &[u8]| {
        let (head, rest) = from.split_first_chunk::<4>()?;
        *from = rest;
        usize::try_from(u32::from_be_bytes(*head)).ok()
    };
    let count = number(&mut plain)?;
    let mut all = Headers::new();
    for _ in 0..count.min(1_000) {
        let mut word = || {
            let length = number(&mut plain)?;
            let (word, rest) = plain.split_at_checked(length)?;
            plain = rest;
            Some(String::from_utf8_lossy(word).into_owned())
        };
        all.push((word()?, word()?));
    }
    Some(all)
}
