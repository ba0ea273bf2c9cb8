//! The list of what passes. Whatever is not on it does not; each mode on it is taken back by [`super::RESET`].

/// What becomes of a sequence.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Last {
    /// It is swallowed.
    No,
    /// It passes.
    AsItIs,
    /// Of its private modes these pass.
    Modes(String),
}

/// Private modes that pass: cursor keys, reversed colours, origin, wrapping, the mouse and its forms, blinking, the
/// cursor, the other screen, the keypad, the focus, pastes, whole frames. No columns (3), no modes of the size or the
/// keyboard.
const MODES: [u32; 21] =
    [1, 5, 6, 7, 9, 12, 25, 47, 66, 1000, 1002, 1003, 1004, 1005, 1006, 1015, 1047, 1048, 1049, 2004, 2026];

/// What is said for ESC and that byte; nothing where it may not pass.
pub(super) fn escape(byte: u8) -> &'static [u8] {
    match byte {
        b'6' => b"\x1b6",
        b'7' => b"\x1b7",
        b'8' => b"\x1b8",
        b'9' => b"\x1b9",
        b'=' => b"\x1b=",
        b'>' => b"\x1b>",
        b'D' => b"\x1bD",
        b'E' => b"\x1bE",
        b'M' => b"\x1bM",
        // A full reset would forget what has left the screen, too: the same for the screen alone.
        b'c' => b"\x1b[!p\x1b[m\x1b[H\x1b[2J",
        _ => b"",
    }
}

/// Sets of characters that all terminals know, and the pattern of DECALN.
pub(super) fn between(held: &[u8], last: u8) -> bool {
    match held {
        [b'(' | b')' | b'*' | b'+'] => matches!(last, b'0' | b'A' | b'B'),
        b"#" => last == b'8',
        _ => false,
    }
}

/// A CSI sequence by what stands before its last byte.
pub(super) fn sequence(held: &[u8], last: u8) -> Last {
    let private = held.first().copied().filter(|b| (b'<'..=b'?').contains(b));
    let between = held.iter().position(|b| (0x20..=0x2f).contains(b)).unwrap_or(held.len());
    let numbers = &held[usize::from(private.is_some())..between];
    let plain = numbers.iter().all(|b| b.is_ascii_digit() || matches!(b, b';' | b':'));
    if !plain || numbers.split(|b| !b.is_ascii_digit()).any(|n| n.len() > 5) {
        return Last::No;
    }
    let mut each = numbers.split(|b| *b == b';').map(|n| std::str::from_utf8(n).ok()?.parse::<u32>().ok());
    let passes = match (private, &held[between..]) {
        (None, b"") => match last {
            // 3 is what has left the screen, which is the user's.
            b'J' => each.all(|n| n != Some(3)),
            // Insertion, and line feeds that return; no lock of the keyboard.
            b'h' | b'l' => each.all(|n| matches!(n, Some(4 | 20))),
            // With numbers these are margins of columns, and reports of the mouse by tracking.
            b's' | b'u' => numbers.is_empty(),
            b'T' => each.count() == 1,
            b'@'
            | b'A'..=b'I'
            | b'K'..=b'M'
            | b'P'
            | b'S'
            | b'X'
            | b'Z'
            | b'`'
            | b'a'
            | b'b'
            | b'd'
            | b'e'
            | b'f'
            | b'm'
            | b'r' => true,
            _ => false,
        },
        (Some(b'?'), b"") => match last {
            b'J' | b'K' => each.all(|n| n != Some(3)),
            b'h' | b'l' => {
                let modes: Vec<String> = each.flatten().filter(|n| MODES.contains(n)).map(|n| n.to_string()).collect();
                return if modes.is_empty() { Last::No } else { Last::Modes(modes.join(";")) };
            }
            _ => false,
        },
        // The shape of the cursor, and a soft reset.
        (None, b" ") => last == b'q',
        (None, b"!") => last == b'p',
        _ => false,
    };
    if passes { Last::AsItIs } else { Last::No }
}
