//! Channels of a WebSocket: each message begins with the number of its channel.

/// What is typed.
pub const STDIN: u8 = 0;
/// What is said.
pub const STDOUT: u8 = 1;
/// What is said of errors; a terminal has none.
pub const STDERR: u8 = 2;
/// How the session ended.
pub const ERROR: u8 = 3;
/// The size of the terminal.
pub const RESIZE: u8 = 4;
/// Closes the channel whose number follows, in the newest protocol.
pub const CLOSE: u8 = 255;

/// The subprotocols of a remote command over a WebSocket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// Errors are plain text.
    V1,
    /// Errors are a Status.
    V4,
    /// Channels can be closed one by one.
    V5,
}

impl Protocol {
    /// All, the newest first.
    pub const ALL: [Self; 3] = [Self::V5, Self::V4, Self::V1];

    /// As the header names it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::V1 => "channel.k8s.io",
            Self::V4 => "v4.channel.k8s.io",
            Self::V5 => "v5.channel.k8s.io",
        }
    }

    /// The one of that name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.name() == name)
    }
}

/// A message of a channel.
#[must_use]
pub fn message(channel: u8, data: &[u8]) -> Vec<u8> {
    let mut all = Vec::with_capacity(data.len() + 1);
    all.push(channel);
    all.extend_from_slice(data);
    all
}

/// A terminal's size as the resize channel takes it, in any carrier.
#[must_use]
pub fn size(width: u16, height: u16) -> Vec<u8> {
    format!("{{\"Width\":{width},\"Height\":{height}}}\n").into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back() {
        for protocol in Protocol::ALL {
            assert_eq!(Protocol::of(protocol.name()), Some(protocol));
        }
        assert_eq!(Protocol::of("v9.channel.k8s.io"), None);
    }

    #[test]
    fn a_message_begins_with_its_channel() {
        assert_eq!(message(STDIN, b"ls\n"), b"\x00ls\n");
        assert_eq!(message(CLOSE, &[STDIN]), [255, 0]);
        assert_eq!(size(80, 24), b"{\"Width\":80,\"Height\":24}\n");
    }
}
