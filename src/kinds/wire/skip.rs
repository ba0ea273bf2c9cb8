//! Finds the end of one JSON value in bytes that arrive in chunks. It counts
//! brackets and honours strings; what is inside is checked by who reads it.

use memchr::memchr2;

/// Where the scan is within a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Skip {
    /// Before the value's first byte.
    #[default]
    Start,
    /// Between tokens, this many brackets deep.
    Open(u32),
    /// Within a string, this many brackets deep.
    Text(u32),
    /// After a backslash in a string.
    Escape(u32),
    /// Within a number, `true`, `false` or `null`.
    Scalar,
}

impl Skip {
    /// Takes bytes from the value's first one on; `Some(n)` when the value ends after `n` of them.
    ///
    /// # Errors
    /// A byte that cannot begin a value, with its index.
    pub fn feed(&mut self, bytes: &[u8]) -> Result<Option<usize>, usize> {
        let mut i = 0;
        while let Some(&b) = bytes.get(i) {
            match *self {
                Self::Start => {
                    *self = match b {
                        b'{' | b'[' => Self::Open(1),
                        b'"' => Self::Text(0),
                        b'-' | b'0'..=b'9' | b't' | b'f' | b'n' => Self::Scalar,
                        _ => return Err(i),
                    };
                    i += 1;
                }
                Self::Text(depth) => {
                    let Some(at) = memchr2(b'"', b'\\', &bytes[i..]) else { return Ok(None) };
                    i += at + 1;
                    if bytes[i - 1] == b'\\' {
                        *self = Self::Escape(depth);
                    } else if depth == 0 {
                        return Ok(Some(i));
                    } else {
                        *self = Self::Open(depth);
                    }
                }
                Self::Escape(depth) => {
                    *self = Self::Text(depth);
                    i += 1;
                }
                Self::Scalar => {
                    if matches!(b, b',' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t') {
                        return Ok(Some(i));
                    }
                    i += 1;
                }
                Self::Open(depth) => match open(&bytes[i..], depth) {
                    Stop::End(n) => return Ok(Some(i + n)),
                    Stop::Quote(n, depth) => {
                        *self = Self::Text(depth);
                        i += n;
                    }
                    Stop::More(depth) => {
                        *self = Self::Open(depth);
                        return Ok(None);
                    }
                },
            }
        }
        Ok(None)
    }
}

enum Stop {
    // The value ended after n bytes.
    End(usize),
    // A string began; n bytes up to and with its quote.
    Quote(usize, u32),
    // All bytes taken.
    More(u32),
}

// Structure between strings: one pass, no state written per byte.
fn open(bytes: &[u8], mut depth: u32) -> Stop {
    for (i, &b) in bytes.iter().enumerate() {
        match b {
            b'"' => return Stop::Quote(i + 1, depth),
            b'{' | b'[' => depth = depth.saturating_add(1),
            b'}' | b']' => {
                depth -= 1;
                if depth == 0 {
                    return Stop::End(i + 1);
                }
            }
            _ => {}
        }
    }
    Stop::More(depth)
}
