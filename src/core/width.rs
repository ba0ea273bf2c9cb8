//! How wide text is on a terminal, counted as the frame buffer counts it: by
//! grapheme clusters, so that CJK, emoji and combining marks line up. Control
//! characters count and draw as blanks; clusters without width do not draw.

use ratatui::buffer::CellWidth;
use unicode_segmentation::UnicodeSegmentation;

/// A cluster and its width; the cluster is drawable as it is.
pub fn clusters(text: &str) -> impl Iterator<Item = (usize, &str, u16)> {
    text.grapheme_indices(true).filter_map(|(at, g)| {
        if g.contains(char::is_control) {
            return Some((at, " ", 1));
        }
        let width = g.cell_width();
        (width > 0).then_some((at, g, width))
    })
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
