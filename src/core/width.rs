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
            let g = alone(rest).or_else(|| rest.graphemes(true).next())?;
            next += g.len();
            if g.contains(char::is_control) {
                return Some((at, " ", 1));
            }
            let width = if g.len() == 1 { 1 } else { g.cell_width() };
            if width > 0 {
                return Some((at, g, width));
            }
        }
    })
}

/// The first character, if it is plain, or one of the marks we draw with, and what follows is a
/// character that joins nothing: most clusters are found without the rules for them.
fn alone(text: &str) -> Option<&str> {
    let first = text.chars().next()?;
    let len = match first {
        ' '..='~' => 1,
        // Middle dot; dashes, quotes and dots; arrows, boxes and shapes.
        '\u{b7}' | '\u{2010}'..='\u{2027}' | '\u{2190}'..='\u{22ff}' | '\u{2500}'..='\u{25af}' => first.len_utf8(),
        _ => return None,
    };
    let free = text.as_bytes().get(len).is_none_or(u8::is_ascii);
    free.then(|| &text[..len])
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
