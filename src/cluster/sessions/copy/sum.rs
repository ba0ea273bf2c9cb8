//! SHA-256, by the library that TLS brings along: what nearly every image with a shell can say of a file.

use ring::digest::{Context, SHA256};
use std::fmt::Write as _;

/// A sum under way.
pub(super) struct Sum {
    digest: Context,
    /// Bytes so far.
    pub size: u64,
}

impl Default for Sum {
    fn default() -> Self {
        Self { digest: Context::new(&SHA256), size: 0 }
    }
}

impl Sum {
    pub(super) fn add(&mut self, bytes: &[u8]) {
        self.digest.update(bytes);
        self.size += bytes.len() as u64;
    }

    /// As `sha256sum` writes it.
    pub(super) fn done(self) -> String {
        self.digest.finish().as_ref().iter().fold(String::with_capacity(64), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }
}
