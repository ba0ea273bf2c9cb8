//! What bytes would have a terminal do, and bytes that would have it do what nobody wants.

use std::collections::BTreeSet;

/// Lines that are meant for the terminal instead of its reader.
pub const HOSTILE: [&[u8]; 11] = [
    b"\x1b]0;owned\x07title \x1b]2;owned\x1b\\ \x1b]52;c;b3duZWQ=\x07clipboard \x1b]4;1;rgb:00/00/00\x1b\\palette",
    b"\x1b[2J\x1b[Hcleared \x1b[?1049lother screen \x1b[?25h cursor \x1b[5;10r region \x1b[?6h origin",
    b"\x1b[6n\x1b[c\x1b[>q\x1b[?u answers \x1bP+q544e\x1b\\dcs \x1b_Gi=1\x1b\\apc \x1b^pm\x1b\\ \x1bX sos \x1b\\",
    b"\x1bc reset \x1b[!p soft \x1b7\x1b8 save \x1b(0 charset \x0e shift \x0f \x1b#8 align \x1bD\x1bM\x1bE index",
    b"\x1b[?2004l\x1b[?1000h\x1b[?1006h\x1b[?1h\x1b=modes \x1b[>4;2m\x1b[=5u keys \x1b[?2026h held",
    "\u{9b}2J \u{9d}0;owned\u{9c} \u{90}q\u{9c} \u{85} c1 \u{202e}gnp.exe\u{202c} \u{2066}bidi\u{2069}".as_bytes(),
    b"\xff\xfe\xc3( bad \xe6\xb3 utf-8 \x9b31m \x9d0;x\x9c raw c1 \xf0\x9f\x92",
    b"back\x08\x08\x08 bell\x07 tab\there\x0b\x0c \x00 nul \x7f del \rreturn",
    b"never ended \x1b]0;owned",
    b"never ended \x1b[38;5",
    "wide 界界 👩‍👩‍👧 e\u{301}\u{301}\u{301} \u{200b}\u{feff} 🇯🇵".as_bytes(),
];

/// What an emulator would obey of some bytes: each kind of sequence, without its numbers.
pub fn orders(bytes: &[u8]) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|b| *b < 0x20 || *b == 0x7f) {
        let order = &rest[at..];
        let mut name = format!("{:02x}", order[0]);
        if order[0] == 0x1b {
            let second = order.get(1).copied().unwrap_or(0);
            name.push(char::from(second));
            if second == b'[' {
                let end = order[2..].iter().position(|b| (0x40..=0x7e).contains(b)).unwrap_or(0);
                let signs = order[2..=end + 2].iter().filter(|b| !b.is_ascii_digit() && !matches!(b, b';' | b':'));
                name.extend(signs.map(|b| char::from(*b)));
                // Of modes it matters which.
                if matches!(order[end + 2], b'h' | b'l') {
                    name.push_str(&String::from_utf8_lossy(&order[2..end + 2]));
                }
            }
        }
        all.insert(name);
        rest = &rest[at + 1..];
    }
    all
}

/// The state of an emulator that a line must not change.
pub fn state(screen: &vt100::Screen) -> String {
    format!(
        "{:?} {} {} {} {} {:?} {:?}",
        screen.size(),
        screen.alternate_screen(),
        screen.application_keypad(),
        screen.application_cursor(),
        screen.bracketed_paste(),
        screen.mouse_protocol_mode(),
        screen.mouse_protocol_encoding(),
    )
}
