//! Header blocks as they are written: stored, not compressed, which every reader takes. What comes
//! from the other side tells a client nothing, so reading them is the simulated server's matter.

/// Writes the header blocks of one direction: one zlib stream.
#[derive(Debug, Default)]
pub struct Writer {
    begun: bool,
}

impl Writer {
    /// The block of these headers; names in lower case.
    pub fn write(&mut self, headers: &[(&str, &str)]) -> Vec<u8> {
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
