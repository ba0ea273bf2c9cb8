//! Copying through the terminal (OSC 52): works over ssh, needs no program on this machine.
//!
//! Inside tmux and screen the sequence must be wrapped to reach the terminal outside.
//! tmux passes it on with `set-clipboard on` as it is, or wrapped with
//! `allow-passthrough on`; both forms are sent, the one not allowed is ignored.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The most bytes of text that are copied; terminals commonly refuse more than
/// 100,000 bytes of base64.
pub const LIMIT: usize = 74_994;

/// screen takes no string longer than this.
const SCREEN_CHUNK: usize = 76;

/// What stands between us and the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Between {
    /// Nothing.
    Nothing,
    /// tmux.
    Tmux,
    /// GNU screen.
    Screen,
}

impl Between {
    /// Reads it from the environment: the values of `TMUX`, `STY` and `TERM`.
    pub fn of(tmux: Option<&str>, sty: Option<&str>, term: Option<&str>) -> Self {
        let set = |value: Option<&str>| value.is_some_and(|value| !value.is_empty());
        if set(tmux) {
            Self::Tmux
        } else if set(sty) || term.is_some_and(|term| term.starts_with("screen")) {
            Self::Screen
        } else {
            Self::Nothing
        }
    }
}

/// The bytes that put a text on the clipboard; `None` if it is longer than [`LIMIT`]:
/// half a text on the clipboard is worse than the old one.
pub fn copy(text: &str, between: Between) -> Option<Vec<u8>> {
    if text.len() > LIMIT {
        return None;
    }
    let plain = format!("\x1b]52;c;{}\x07", STANDARD.encode(text)).into_bytes();
    Some(match between {
        Between::Nothing => plain,
        Between::Tmux => {
            let mut both = plain.clone();
            both.extend_from_slice(b"\x1bPtmux;\x1b");
            both.extend_from_slice(&plain);
            both.extend_from_slice(b"\x1b\\");
            both
        }
        Between::Screen => {
            plain.chunks(SCREEN_CHUNK).flat_map(|chunk| [b"\x1bP".as_slice(), chunk, b"\x1b\\"].concat()).collect()
        }
    })
}

#[cfg(test)]
mod tests;
