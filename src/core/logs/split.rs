//! Bytes of an answer into lines with their times.

use super::stamp::Stamps;

/// A line longer than this is given out in pieces, so that a container that never ends a line
/// cannot fill the memory. A piece and its cleaned text fit a segment.
pub const LONGEST: usize = 1 << 20;

/// What comes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Raw<'a> {
    /// A line and its time (Unix nanoseconds).
    Line(i64, &'a [u8]),
    /// More of the line before, which was too long to be one.
    More(&'a [u8]),
    /// A line without a time: words of the kubelet or of the API server, not of the container.
    Message(&'a [u8]),
}

/// Puts lines together across the pieces of an answer.
#[derive(Debug, Clone, Default)]
pub struct Splitter {
    stamps: Stamps,
    part: Vec<u8>,
    /// Whether what comes next belongs to a line that was given out in part.
    inside: bool,
}

impl Splitter {
    /// Takes the next bytes and gives out every line that they end.
    pub fn feed(&mut self, bytes: &[u8], out: &mut impl FnMut(Raw<'_>)) {
        let mut rest = bytes;
        while let Some(end) = memchr::memchr(b'\n', rest) {
            let line = &rest[..end];
            rest = &rest[end + 1..];
            if self.part.is_empty() {
                give(&mut self.stamps, self.inside, line, out);
            } else {
                self.part.extend_from_slice(line);
                give(&mut self.stamps, self.inside, &self.part, out);
                self.part.clear();
            }
            self.inside = false;
        }
        self.part.extend_from_slice(rest);
        if self.part.len() >= LONGEST {
            give(&mut self.stamps, self.inside, &self.part, out);
            self.part.clear();
            self.inside = true;
        }
    }

    /// The answer is over: what is left is a line that nobody ended. Returns whether there was one.
    pub fn finish(&mut self, out: &mut impl FnMut(Raw<'_>)) -> bool {
        let left = !self.part.is_empty();
        if left {
            give(&mut self.stamps, self.inside, &self.part, out);
        }
        self.part.clear();
        self.inside = false;
        left
    }

    /// The answer broke: the unfinished line will be read again.
    pub fn reset(&mut self) {
        self.part.clear();
        self.inside = false;
    }
}

fn give(stamps: &mut Stamps, inside: bool, line: &[u8], out: &mut impl FnMut(Raw<'_>)) {
    let mut rest = line;
    let mut first = !inside;
    loop {
        let (piece, after) = rest.split_at(rest.len().min(LONGEST));
        if !first {
            out(Raw::More(piece));
        } else if let Some((ns, at)) = stamps.read(piece) {
            out(Raw::Line(ns, &piece[at..]));
        } else {
            out(Raw::Message(piece));
        }
        first = false;
        rest = after;
        if rest.is_empty() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn run(pieces: &[&[u8]]) -> Vec<String> {
        let mut all = Vec::new();
        let mut splitter = Splitter::default();
        let mut out = |raw: Raw<'_>| {
            all.push(match raw {
                Raw::Line(ns, text) => format!("{ns} {}", String::from_utf8_lossy(text)),
                Raw::More(text) => format!("+{}", text.len()),
                Raw::Message(text) => format!("! {}", String::from_utf8_lossy(text)),
            });
        };
        for piece in pieces {
            splitter.feed(piece, &mut out);
        }
        splitter.finish(&mut out);
        all
    }

    #[test]
    fn lines_and_messages() {
        let text = b"1970-01-01T00:00:00.000000007Z one\nunable to retrieve container logs\n1970-01-01T00:00:01Z two";
        assert_eq!(run(&[text]), ["7 one", "! unable to retrieve container logs", "1000000000 two"]);
    }

    #[test]
    fn a_line_without_end_comes_in_pieces() {
        let mut text = b"1970-01-01T00:00:00.000000007Z ".to_vec();
        text.resize(LONGEST + 31, b'x');
        let mut out = Vec::new();
        let mut splitter = Splitter::default();
        for piece in text.chunks(10_000) {
            splitter.feed(piece, &mut |raw| out.push(matches!(raw, Raw::More(_))));
        }
        splitter.feed(b"end\n1970-01-01T00:00:01Z next\n", &mut |raw| out.push(matches!(raw, Raw::More(_))));
        assert_eq!(out, [false, true, true, false]);
    }

    proptest! {
        #[test]
        fn pieces_do_not_matter(text in "(1970-01-01T00:00:0[0-9]Z [a-z]{0,9}\n|[a-z ]{0,9}\n){0,6}[a-z]{0,3}", cut in 1_usize..9) {
            let bytes = text.as_bytes();
            let pieces: Vec<&[u8]> = bytes.chunks(cut).collect();
            prop_assert_eq!(run(&pieces), run(&[bytes]));
        }
    }
}
