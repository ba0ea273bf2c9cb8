//! Calling the user when something has ended: bell, notification (OSC 9 and 777), window title.
//! All off unless the settings turn them on.

/// Which ways are allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ways {
    /// Ring.
    pub bell: bool,
    /// Notify through the terminal.
    pub notify: bool,
    /// Say it in the window's title.
    pub title: bool,
}

impl Ways {
    /// The ways with these names, as the settings write them.
    #[must_use]
    pub fn of(names: &[String]) -> Self {
        let has = |name: &str| names.iter().any(|n| n == name);
        Self { bell: has("bell"), notify: has("notify"), title: has("title") }
    }
}

/// The bytes that say it; none when no way is allowed. Nothing in the text drives the terminal.
#[must_use]
pub fn bytes(text: &str, ways: Ways) -> Vec<u8> {
    // A semicolon would begin another field of OSC 777.
    let text: String = text.chars().map(|c| if c.is_control() || c == ';' { ' ' } else { c }).take(200).collect();
    let pieces = [
        (ways.title, format!("\x1b]2;qd: {text}\x1b\\")),
        (ways.notify, format!("\x1b]9;{text}\x1b\\\x1b]777;notify;qd;{text}\x1b\\")),
        (ways.bell, "\x07".to_owned()),
    ];
    pieces.into_iter().filter(|(allowed, _)| *allowed).flat_map(|(_, bytes)| bytes.into_bytes()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_allowed_is_said() {
        assert_eq!(bytes("x", Ways::default()), b"");
        assert_eq!(bytes("x", Ways { bell: true, ..Ways::default() }), b"\x07");
        let all = Ways { bell: true, notify: true, title: true };
        let said = String::from_utf8(bytes("a\x1b]0;b\x07", all)).unwrap();
        assert_eq!(said, "\x1b]2;qd: a ]0 b \x1b\\\x1b]9;a ]0 b \x1b\\\x1b]777;notify;qd;a ]0 b \x1b\\\x07");
    }
}
