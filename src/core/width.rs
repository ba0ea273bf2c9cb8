//! How wide text is on a terminal, counted as the frame buffer counts it: by
//! grapheme clusters, so that CJK, emoji and combining marks line up. Control
//! characters count and draw as blanks; clusters without width do not draw.

use ratatui::buffer::CellWidth;
use unicode_segmentation::UnicodeSegmentation;

/// A cluster and its width; the cluster is drawable as it is.
pub fn clusters(text: &str) -> impl Iterator<Item = (usize, &str, u16)> {
    let mut next = 0;
    std::iter::from_fn(move || {
        loop {
            let (at, rest) = (next, text.get(next..)?);
            if let Some(g) = alone(rest) {
                next += g.len();
                return Some((at, g, 1));
            }
            let g = rest.graphemes(true).next()?;
            next += g.len();
            if g.contains(char::is_control) {
                return Some((at, " ", 1));
            }
            let width = g.cell_width();
            if width > 0 {
                return Some((at, g, width));
            }
        }
    })
}

/// One cell wide, and joining nothing that stands before it: plain characters, and the marks we draw with.
fn simple(c: char) -> bool {
    // Middle dot; dashes, quotes and dots; arrows and signs; boxes and shapes.
    matches!(c, ' '..='~' | '\u{b7}' | '\u{2010}'..='\u{2027}' | '\u{2190}'..='\u{22ff}' | '\u{2500}'..='\u{25af}')
}

/// The first character, if it and what follows are simple: most clusters are found without the rules
/// for them.
fn alone(text: &str) -> Option<&str> {
    let mut chars = text.chars();
    let first = chars.next().filter(|c| simple(*c))?;
    chars.next().is_none_or(|c| simple(c) || c.is_ascii()).then(|| &text[..first.len_utf8()])
}

/// Whether each byte is one cell: what nearly all text in a cluster is.
pub fn plain(text: &str) -> bool {
    text.bytes().all(|b| matches!(b, 0x20..=0x7e))
}

/// The width in cells.
pub fn width(text: &str) -> u16 {
    if plain(text) {
        return u16::try_from(text.len()).unwrap_or(u16::MAX);
    }
    if text.chars().all(simple) {
        return u16::try_from(text.chars().count()).unwrap_or(u16::MAX);
    }
    clusters(text).fold(0_u16, |sum, (_, _, w)| sum.saturating_add(w))
}

/// The longest beginning that fits in `max` cells, and its width.
pub fn head(text: &str, max: u16) -> (&str, u16) {
    if plain(text) {
        let n = text.len().min(usize::from(max));
        return (&text[..n], n as u16);
    }
    let mut sum = 0_u16;
    for (at, _, w) in clusters(text) {
        if sum.saturating_add(w) > max {
            return (&text[..at], sum);
        }
        sum += w;
    }
    (text, sum)
}

/// The text without its first `skip` cells. A wide character cut in half leaves a blank.
pub fn tail(text: &str, skip: u16) -> (&str, u16) {
    if skip == 0 {
        return (text, 0);
    }
    let mut sum = 0_u16;
    for (at, _, w) in clusters(text) {
        if sum >= skip {
            return (&text[at..], sum - skip);
        }
        sum = sum.saturating_add(w);
    }
    ("", 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn simple_characters_are_one_cell_and_clusters_of_their_own() {
        let all: Vec<char> = ('\0'..=char::MAX).filter(|c| simple(*c)).collect();
        assert!(all.len() > 500);
        for c in all {
            let pair = format!("a{c}a");
            assert_eq!(pair.graphemes(true).map(CellWidth::cell_width).collect::<Vec<_>>(), [1, 1, 1], "{c:?}");
        }
    }
}
