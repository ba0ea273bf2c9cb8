//! Random numbers from the seed alone (SplitMix64): the same seed tells the same story.

use std::fmt::Write as _;

/// A small deterministic generator.
#[derive(Debug, Clone)]
pub(crate) struct Rng(u64);

/// The letters Kubernetes draws name suffixes from: no vowels, so no words.
const SUFFIX: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";

impl Rng {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A generator for one thing, independent of how often the main one was asked.
    pub(crate) fn keyed(seed: u64, key: &str) -> Self {
        Self(seed ^ hash(key))
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound` (0 when the bound is 0).
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        if bound == 0 { 0 } else { self.next() % bound }
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below(u64::try_from(high - low + 1).unwrap_or(1)).cast_signed()
    }

    /// `n` letters as in the end of a generated name.
    pub(crate) fn suffix(&mut self, n: usize) -> String {
        (0..n).map(|_| char::from(SUFFIX[usize::try_from(self.below(SUFFIX.len() as u64)).unwrap_or(0)])).collect()
    }

    /// A uid in the form of a version 4 UUID.
    pub(crate) fn uid(&mut self) -> String {
        let (a, b) = (self.next(), self.next());
        format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            a >> 32,
            (a >> 16) & 0xffff,
            a & 0xfff,
            0x8000 | (b >> 48) & 0x3fff,
            b & 0xffff_ffff_ffff
        )
    }

    /// `n` hexadecimal digits.
    pub(crate) fn hex(&mut self, n: usize) -> String {
        let mut out = String::with_capacity(n + 16);
        while out.len() < n {
            let _ = write!(out, "{:016x}", self.next());
        }
        out.truncate(n);
        out
    }
}

/// FNV-1a: stable between runs and builds, unlike the standard hasher.
pub(crate) fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3))
}
