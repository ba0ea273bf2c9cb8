//! Header blocks: names and values, compressed as one zlib stream a direction.

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

/// Writes the header blocks of one direction: stored, not compressed, which every reader takes.
#[derive(Debug, Default)]
pub(super) struct Writer {
    begun: bool,
}

impl Writer {
    pub(super) fn write(&mut self, headers: &[(&str, &str)]) -> Vec<u8> {
        let mut plain = length(headers.len()).to_vec();
        for word in headers.iter().flat_map(|(name, value)| [name, value]) {
            plain.extend_from_slice(&length(word.len()));
            plain.extend_from_slice(word.as_bytes());
        }
        let mut out = Vec::with_capacity(plain.len() + 16);
        if !std::mem::replace(&mut self.begun, true) {
            out.extend_from_slice(&[0x78, 0x01]);
        }
        // An empty block after it makes readers hand out what they have.
        for part in [plain.as_slice(), &[]] {
            let size = u16::try_from(part.len()).unwrap_or(0);
            out.push(0);
            out.extend_from_slice(&size.to_le_bytes());
            out.extend_from_slice(&(!size).to_le_bytes());
            out.extend_from_slice(part);
        }
        out
    }
}

fn length(n: usize) -> [u8; 4] {
    u32::try_from(n).unwrap_or(0).to_be_bytes()
}
