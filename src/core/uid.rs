//! Object identity in 16 bytes.

use serde::{Deserialize, Serialize};
use std::fmt;

/// An object's uid. UUIDs (what API servers hand out) are kept exactly; any
/// other text is hashed to 128 bits, so it can be compared but not printed back.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Uid(pub u128);

impl Uid {
    /// Reads a uid as the API writes it.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let b = text.as_bytes();
        if b.len() == 36 && [8, 13, 18, 23].iter().all(|&i| b[i] == b'-') {
            let mut v: u128 = 0;
            for (i, &c) in b.iter().enumerate() {
                if matches!(i, 8 | 13 | 18 | 23) {
                    continue;
                }
                match (c as char).to_digit(16) {
                    Some(d) if !c.is_ascii_uppercase() => v = (v << 4) | u128::from(d),
                    _ => return Self::hashed(b),
                }
            }
            return Self(v);
        }
        Self::hashed(b)
    }

    // FNV-1a, 128 bit: stable between runs, which recordings need.
    fn hashed(bytes: &[u8]) -> Self {
        const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
        let seed: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
        Self(bytes.iter().fold(seed, |h, &b| (h ^ u128::from(b)).wrapping_mul(PRIME)))
    }

    /// A uid for an object that has none (metrics, node events): made of its name.
    #[must_use]
    pub fn of_name(namespace: &str, name: &str) -> Self {
        let mut b = Vec::with_capacity(namespace.len() + name.len() + 1);
        b.extend_from_slice(namespace.as_bytes());
        b.push(b'/');
        b.extend_from_slice(name.as_bytes());
        Self::hashed(&b)
    }
}

impl fmt::Display for Uid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let v = self.0;
        write!(
            f,
            "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
            (v >> 96) & 0xffff_ffff,
            (v >> 80) & 0xffff,
            (v >> 64) & 0xffff,
            (v >> 48) & 0xffff,
            v & 0xffff_ffff_ffff
        )
    }
}

// In a recording it is a text: not every reader of JSON has numbers of 128 bits.
impl Serialize for Uid {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Uid {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from).map(|text| Self::parse(&text))
    }
}

impl fmt::Debug for Uid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
