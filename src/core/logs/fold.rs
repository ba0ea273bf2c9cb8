//! Lines that belong to the one before them: stack traces, indented text.

use super::segment::{Mark, Segment};

/// What a line begins with that belongs to the one before it.
const STARTS: &[&[u8]] = &[
    b"Caused by:",
    b"Suppressed:",
    b"... ",
    b"goroutine ",
    b"created by ",
    b"[signal ",
    b"During handling of ",
    b"The above exception ",
    b"Traceback (most recent call last)",
];
/// The most lines that belong to one.
const MOST: usize = 1_000;

/// Whether a line belongs to the one before it, by its beginning.
#[must_use]
pub fn continues(line: &[u8]) -> bool {
    match line.first() {
        Some(b' ' | b'\t' | b'}' | b')' | b']') => true,
        Some(b'.' | b'A'..=b'Z' | b'g' | b'c' | b'[') => STARTS.iter().any(|s| line.starts_with(s)),
        _ => false,
    }
}

/// Whether a line of a segment belongs to the one before it.
#[must_use]
pub fn belongs(lines: &Segment, line: usize) -> bool {
    match lines.mark(line) {
        Some(Mark::More) => true,
        Some(Mark::Note | Mark::Gap | Mark::Event) => false,
        None => line > 0 && lines.mark(line - 1).is_none_or(|m| m == Mark::More) && continues(lines.line(line)),
    }
}

/// How many lines belong to a line.
#[must_use]
pub fn followers(lines: &Segment, line: usize) -> usize {
    (line + 1..lines.len()).take(MOST).take_while(|l| belongs(lines, *l)).count()
}

/// The line that a line belongs to; itself if to none.
#[must_use]
pub fn head(lines: &Segment, line: usize) -> usize {
    let mut at = line;
    while at > 0 && line - at < MOST && belongs(lines, at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traces_belong_to_what_threw_them() {
        let mut s = Segment::default();
        for line in [
            "java.lang.IllegalStateException: no",
            "\tat a.B.c(B.java:1)",
            "Caused by: java.net.SocketTimeoutException",
            "\t... 12 more",
            "next",
            "panic: x",
            "goroutine 1 [running]:",
            "\t/main.go:3",
        ] {
            s.push(0, line.as_bytes());
        }
        s.push_marked(0, b" note", Mark::Note);
        s.push(0, b" alone after a note");
        let heads: Vec<usize> = (0..s.len()).map(|l| head(&s, l)).collect();
        assert_eq!(heads, [0, 0, 0, 0, 4, 5, 5, 5, 8, 9]);
        assert_eq!((followers(&s, 0), followers(&s, 4), followers(&s, 5)), (3, 0, 2));
    }
}
