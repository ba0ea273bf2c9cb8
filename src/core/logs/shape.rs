//! The rows a line takes on a screen. Scrolling and drawing both ask here, so that they agree.

use ratatui::buffer::CellWidth as _;
use unicode_segmentation::UnicodeSegmentation as _;

/// Cells between two stops of the tabulator.
const TAB: u16 = 8;
/// The most of a line that is laid out, in bytes: what is beyond is shown by the detail pane.
pub const MOST: usize = 64 << 10;

/// A cluster of a line: where it begins, its text (a blank for what cannot be drawn), its cells.
pub type Glyph<'a> = (usize, &'a str, u16);

/// The part of a line that is laid out.
#[must_use]
pub fn part(text: &str) -> &str {
    if text.len() <= MOST {
        return text;
    }
    let cut = (0..=MOST).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
    &text[..cut]
}

/// Whether each byte is one cell.
fn plain(text: &str) -> bool {
    text.bytes().all(|b| matches!(b, 0x20..=0x7e))
}

/// The clusters of a line.
pub fn glyphs(text: &str) -> impl Iterator<Item = Glyph<'_>> {
    let mut column = 0_u16;
    text.grapheme_indices(true).filter_map(move |(at, g)| {
        let (shown, width) = if g == "\t" {
            (" ", TAB - column % TAB)
        } else if g.contains(char::is_control) {
            (" ", 1)
        } else {
            (g, g.cell_width())
        };
        column = column.wrapping_add(width);
        (width > 0).then_some((at, shown, width))
    })
}

/// The cells a line takes on one row.
#[must_use]
pub fn width(text: &str) -> usize {
    let text = part(text);
    if plain(text) { text.len() } else { glyphs(text).map(|g| usize::from(g.2)).sum() }
}

/// Where each row of a line begins when rows have `room` cells.
#[must_use]
pub fn rows(text: &str, room: u16) -> Vec<usize> {
    let text = part(text);
    let room = room.max(2);
    if plain(text) {
        return (0..text.len().max(1)).step_by(usize::from(room)).collect();
    }
    let mut starts = vec![0];
    let mut used = 0;
    for (at, _, width) in glyphs(text) {
        if used + width > room && used > 0 {
            starts.push(at);
            used = 0;
        }
        used += width;
    }
    starts
}

/// What is said between the lines, as it is laid out: `sign` takes one cell.
#[must_use]
pub fn noted(text: &str, sign: char) -> String {
    format!("{sign} {text} {sign}")
}

/// How many rows a line takes.
#[must_use]
pub fn height(text: &str, room: u16) -> usize {
    let text = part(text);
    if plain(text) { text.len().div_ceil(usize::from(room.max(2))).max(1) } else { rows(text, room).len() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_break_between_clusters() {
        assert_eq!(rows("", 10), [0]);
        assert_eq!(rows("abcdefgh", 4), [0, 4]);
        assert_eq!(rows("注文を受", 5), [0, 6]);
        assert_eq!(rows("a\tb", 80), [0]);
        assert_eq!((width("a\tb"), width("注文"), width("e\u{301}x")), (9, 4, 2));
        assert_eq!((height("abcdefgh", 4), height("", 4), height("注文を受", 5)), (2, 1, 2));
    }
}
