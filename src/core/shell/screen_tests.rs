use super::*;
use proptest::prelude::*;

fn screen(size: (u16, u16)) -> Screen {
    Screen::new(size, 50, Allowed::default())
}

fn all(screen: &mut Screen) -> Vec<String> {
    (0..screen.lines()).map(|at| screen.line(at).0).collect()
}

#[test]
fn lines_are_found_by_their_place_on_the_screen_and_above_it() {
    let mut s = screen((10, 3));
    for n in 0..7 {
        s.feed(format!("line {n}\r\n").as_bytes());
    }
    s.feed(b"end");
    assert_eq!(s.history(), 5);
    let expected: Vec<String> = (0..7).map(|n| format!("line {n}")).chain(["end".to_owned()]).collect();
    assert_eq!(all(&mut s), expected);
    s.show(1);
    assert_eq!(s.term().scrollback(), 4);
    s.show(100);
    assert_eq!(s.term().scrollback(), 0);
}

#[test]
fn long_lines_say_that_they_go_on() {
    let mut s = screen((5, 3));
    s.feed(b"abcdefgh\r\nx");
    assert_eq!([s.line(0), s.line(1), s.line(2)], [("abcde".into(), true), ("fgh".into(), false), ("x".into(), false)]);
}

#[test]
fn questions_and_clipboards_are_dropped_unless_they_are_let() {
    let asks = b"ab\x1b[6n\x1b[c\x1b[5n\x1b]52;c;aGkbWyE=\x07";
    assert_eq!(screen((10, 3)).feed(asks), Heard::default());
    let mut s = Screen::new((10, 3), 0, Allowed { replies: true, clipboard: true });
    let heard = s.feed(asks);
    assert_eq!(String::from_utf8_lossy(&heard.reply), "\x1b[1;3R\x1b[?6c\x1b[0n");
    assert_eq!(heard.clipboard.as_deref(), Some("hi[!"));
}

#[test]
fn a_wide_character_is_not_cut_in_half_by_a_narrower_screen() {
    let mut s = screen((6, 3));
    s.feed("ab日本\r\n".as_bytes());
    s.resize(5, 3);
    s.feed(b"\x1b[1;5H\x1b[X\x1b[1;1H\x1b[2Kok");
    assert_eq!(s.line(0).0, "ok");
}

#[test]
fn a_lower_screen_keeps_the_line_of_the_cursor() {
    let mut s = screen((10, 6));
    s.feed(b"1\r\n2\r\n3\r\n4\r\n$ ");
    s.resize(10, 3);
    s.feed(b"ls");
    assert_eq!(all(&mut s), ["1", "2", "3", "4", "$ ls"]);
    assert_eq!((s.history(), s.term().cursor_position()), (2, (2, 4)));
    s.feed(b"\x1b[?1049h\x1b[3;1Hfoot");
    s.resize(10, 2);
    assert_eq!(s.size(), (10, 2));
}

/// Pieces that programs, and those who mean harm, are made of.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    let counts = prop_oneof![0..5_u32, 60..90_u32, 900..70_000_u32];
    let csi = (counts.clone(), counts, prop::sample::select(b"@ABCDEFGHJKLMPSTXdmrhlnct".to_vec())).prop_map(
        |(a, b, last)| {
            let mut s = format!("\x1b[{a};{b}").into_bytes();
            s.push(last);
            s
        },
    );
    let words =
        ["日本語", "e\u{301}", "\r\n", "\x1b[?1049h", "\x1b[?1049l", "\x1b[?6h", "\x1bM", "\x1bc", "\t", "\x08", "👩‍🚀"];
    prop_oneof![
        csi,
        prop::sample::select(words.to_vec()).prop_map(|w| w.as_bytes().to_vec()),
        prop::collection::vec(any::<u8>(), 0..40),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn nothing_a_program_says_breaks_the_screen(
        steps in prop::collection::vec((piece(), prop::option::weighted(0.1, (1..40_u16, 1..20_u16))), 0..60),
    ) {
        // Panics are caught; what they print is of no use here.
        let mut s = screen((20, 6));
        for (bytes, size) in steps {
            s.feed(&bytes);
            if let Some((width, height)) = size {
                s.resize(width, height);
            }
            let lines = s.lines();
            s.show(lines / 2);
            let _ = s.line(lines / 2);
            s.show(usize::MAX);
        }
        prop_assert!(!contained());
        s.anew((20, 6));
        s.feed(b"still here");
        prop_assert_eq!(s.line(0).0, "still here");
    }
}
