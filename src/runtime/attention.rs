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

/// The bytes that say it; none when no way is allowed. Nothing in the text drives the terminal.
#[must_use]
pub fn bytes(text: &str, ways: Ways) -> Vec<u8> {
    // A semicolon would begin another field of OSC 777.
    let text: String = text.chars().map(|c| if c.is_control() || c == ';' { ' ' } else { c }).take(200).collect();
    let mut out = String::new();
    if ways.title {
        out += &format!("\x1b]2;qd: {text}\x1b\\");
    }
    if ways.notify {
        out += &format!("\x1b]9;{text}\x1b\\\x1b]777;notify;qd;{text}\x1b\\");
    }
    if ways.bell {
        out.push('\x07');
    }
    out.into_bytes()
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
