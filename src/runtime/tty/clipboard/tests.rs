//! The forms of the sequence.

use super::{Between, LIMIT, copy};

#[test]
fn the_plain_form() {
    assert_eq!(copy("web-0", Between::Nothing).unwrap(), b"\x1b]52;c;d2ViLTA=\x07");
}

#[test]
fn tmux_gets_both_forms() {
    let want = b"\x1b]52;c;aGk=\x07\x1bPtmux;\x1b\x1b]52;c;aGk=\x07\x1b\\";
    assert_eq!(copy("hi", Between::Tmux).unwrap(), want);
}

#[test]
fn screen_gets_pieces_that_add_up() {
    let text = "x".repeat(500);
    let bytes = String::from_utf8(copy(&text, Between::Screen).unwrap()).unwrap();
    let pieces: Vec<&str> = bytes.split("\x1b\\").filter(|piece| !piece.is_empty()).collect();
    assert!(pieces.len() > 5 && pieces.iter().all(|piece| piece.starts_with("\x1bP") && piece.len() <= 80));
    let joined: String = pieces.iter().map(|piece| &piece[2..]).collect();
    assert_eq!(joined.into_bytes(), copy(&text, Between::Nothing).unwrap());
}

#[test]
fn a_long_text_is_refused_whole() {
    assert!(copy(&"x".repeat(LIMIT), Between::Nothing).unwrap().len() <= 100_000);
    assert_eq!(copy(&"x".repeat(LIMIT + 1), Between::Nothing), None);
}

#[test]
fn the_environment_tells_what_is_between() {
    assert_eq!(Between::of(Some("/tmp/tmux,1,0"), None, Some("screen-256color")), Between::Tmux);
    assert_eq!(Between::of(None, Some("12.pts"), None), Between::Screen);
    assert_eq!(Between::of(Some(""), None, Some("screen.xterm")), Between::Screen);
    assert_eq!(Between::of(None, None, Some("xterm-256color")), Between::Nothing);
}
