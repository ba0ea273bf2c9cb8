use super::*;
use proptest::prelude::*;

fn passed(bytes: &[u8], cut: usize) -> Vec<u8> {
    let mut sieve = Sieve::default();
    bytes.chunks(cut).flat_map(|part| sieve.feed(part)).collect()
}

fn all_ways(bytes: &[u8], expected: &[u8]) {
    for cut in [1, 2, 3, 5, 1_000] {
        let got = passed(bytes, cut);
        let show = |b: &[u8]| b.escape_ascii().to_string();
        assert_eq!(show(&got), show(expected), "{} cut by {cut}", show(bytes));
    }
}

#[test]
fn what_draws_passes_as_it_is() {
    for bytes in [
        &b"plain\r\n\tand\x08 bell\x07"[..],
        "日本語 é 👩‍👩‍👧 ✜ \u{a0}".as_bytes(),
        b"\x1b[31;1m\x1b[38;2;1;2;3m\x1b[4:3m\x1b[m",
        b"\x1b[H\x1b[2J\x1b[10;20H\x1b[K\x1b[3;5r\x1b[2L\x1b[1M\x1b[4P\x1b[@\x1b[5X\x1b[3b\x1b[2S\x1b[T",
        b"\x1b[?1049h\x1b[?25l\x1b[?1h\x1b=\x1b[?2004h\x1b[?1002h\x1b[?1006h\x1b[?2026h",
        b"\x1b7\x1b8\x1bD\x1bM\x1bE\x1b[s\x1b[u\x1b[4h\x1b[4l\x1b[6 q\x1b[!p",
        b"\x1b(0lqk\x1b(B\x0e\x0f\x1b)0\x1b#8",
    ] {
        all_ways(bytes, bytes);
    }
}

#[test]
fn strings_for_the_terminal_are_swallowed_to_their_end() {
    let table: [(&[u8], &[u8]); 14] = [
        (b"a\x1b]0;title\x07b", b"ab"),
        (b"a\x1b]52;c;aGk=\x1b\\b", b"ab"),
        (b"a\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\b", b"alinkb"),
        (b"a\x1bP+q544e\x1b\\b", b"ab"),
        (b"a\x1bPq#0;2;0;0;0\x07~~\x1b\\b", b"ab"),
        (b"a\x1b_Ga=T;AAAA\x1b\\b\x1b^pm\x1b\\c\x1bXsos\x1b\\d\x1bktitle\x1b\\e", b"abcde"),
        // 8-bit forms, as characters; the check mark has 9c in it and ends nothing.
        ("a\u{9d}0;t\u{9c}b\u{90}q\u{9c}c\u{9f}x\u{9c}d\u{9e}x\u{9c}e\u{98}x\u{9c}f".as_bytes(), b"abcdef"),
        ("a\x1b]0;✜ still\x07b".as_bytes(), b"ab"),
        // As bare bytes they are none.
        (b"a\x9d0;t\x9cb", "a\u{fffd}0;t\u{fffd}b".as_bytes()),
        // Whatever ends it early.
        (b"a\x1b]0;t\x18b\x1bPq\x1ac", b"abc"),
        (b"a\x1b]0;t\x1b[1mb", b"a\x1b[1mb"),
        (b"a\x1b]0;t\x1b]2;u\x07b", b"ab"),
        (b"a\x1b]0;t\x1b\x1b\\b", b"ab"),
        (b"a\x1b]no end \x1b[", b"a"),
    ];
    for (bytes, expected) in table {
        all_ways(bytes, expected);
    }
}

#[test]
fn nothing_makes_the_terminal_answer_or_print_or_forget() {
    for bytes in [
        &b"\x05\x1bZ\x1b[c\x1b[0c\x1b[>c\x1b[=c\x1b[5n\x1b[6n\x1b[?6n\x1b[?996n"[..],
        b"\x1b[?2026$p\x1b[4$p\x1b[>q\x1b[>0q\x1b[x\x1b[1x\x1b[?u\x1b[?4m",
        b"\x1b[14t\x1b[18t\x1b[21t\x1b[8;5;5t\x1b[22;0t\x1b[3t",
        b"\x1b[1;1;1;1;1;1*y\x1b['|\x1b[1;1;5;5$w\x1b[5i\x1b[4i\x1b[?5i",
        b"\x1b[3J\x1b[?3J\x1b[?3h\x1b[?40h\x1b[?69h\x1b[2h\x1b[1;2s\x1b[1;2;3;4;5T",
        b"\x1b[>4;2m\x1b[>1u\x1b[<u\x1b[=1u\x1b[62;1\"p\x1b G\x1b F\x1b%@\x1b%G\x1bn\x1bo\x1b|\x1bN\x1bO\x1bH\x1b[g",
        b"\x1b[99999999999999999999m\x1b[?s\x1b[?1r\x1b[1?h\x1b[?1$h",
    ] {
        all_ways(bytes, b"");
    }
    let long = [b"\x1b[".to_vec(), vec![b';'; 100], b"mx".to_vec()].concat();
    all_ways(&long, b"x");
    all_ways(b"\x1b[?1049;3;25h\x1bc", b"\x1b[?1049;25h\x1b[!p\x1b[m\x1b[H\x1b[2J");
    all_ways(b"a\x1b[1\r2mb\x1b[1\x18mc\x1b[1\x1b[2md", b"a\r\x1b[12mbmc\x1b[2md");
    all_ways("\u{9b}31mx\u{84}\u{9a}\x1b[3é".as_bytes(), "\x1b[31mx\x1bDé".as_bytes());
}

/// Pieces that together make most of what can go wrong.
fn hostile() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        any::<Vec<u8>>(),
        "[ -~]{0,8}".prop_map(String::into_bytes),
        any::<char>().prop_map(|c| c.to_string().into_bytes()),
        prop::sample::select(vec![
            &b"\x1b"[..],
            b"\x1b[",
            b"\x1b]",
            b"\x1bP",
            b"\x1b_",
            b"\x1b^",
            b"\x1bX",
            b"\x1bk",
            b"\x1b\\",
            b"\x07",
            b"\xc2",
            b"\x9b",
            b"\xc2\x9d",
            b"\xc2\x90",
            b"\xc2\x9c",
            b"\x18",
            b"?",
            b"1049",
            b"h",
            b"c",
            b"6n",
            b";",
            b"\xe2\x9c",
            b"$p",
            b"t",
            b"(",
            b"0",
        ])
        .prop_map(<[u8]>::to_vec),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn the_same_passes_however_it_is_cut(bytes in hostile(), cuts in prop::collection::vec(1usize..9, 1..40)) {
        let mut sieve = Sieve::default();
        let (mut rest, mut got, mut cuts) = (&bytes[..], Vec::new(), cuts.iter().cycle());
        while let Some(cut) = cuts.next().filter(|_| !rest.is_empty()) {
            let (part, after) = rest.split_at((*cut).min(rest.len()));
            got.extend(sieve.feed(part));
            rest = after;
        }
        prop_assert_eq!(got, passed(&bytes, usize::MAX));
    }

    #[test]
    fn what_passes_is_text_and_whole_sequences_that_may(bytes in hostile()) {
        let got = passed(&bytes, usize::MAX);
        let text = std::str::from_utf8(&got);
        prop_assert!(text.is_ok(), "no byte that is no character");
        let text = text.unwrap_or_default();
        prop_assert!(!text.contains(|c| ('\u{80}'..='\u{9f}').contains(&c)), "{text:?}");
        let odd = |c: char| c.is_ascii_control() && c != '\x1b' && !('\x07'..='\x0f').contains(&c);
        prop_assert!(!text.contains(odd), "{text:?}");
        for after in text.split('\x1b').skip(1) {
            let first = after.chars().next();
            prop_assert!(first.is_some_and(|c| "[6789=>DEM()*+#".contains(c)), "ESC {first:?}");
            if let Some(sequence) = after.strip_prefix('[') {
                let last = sequence.chars().find(|c| !matches!(c, ' '..='?'));
                prop_assert!(last.is_some_and(|c| "@ABCDEFGHIJKLMPSTXZ`abdefhlmrsuqp".contains(c)), "CSI {last:?}");
            }
        }
        // What has passed passes again as it is: it was read as the terminal reads it.
        prop_assert_eq!(passed(&got, usize::MAX), got);
    }
}
