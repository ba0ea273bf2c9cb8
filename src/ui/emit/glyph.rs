//! What of a cell's symbol is sent, so that every terminal advances as far as the
//! layout thinks.
//!
//! Terminals disagree on joined emoji, presentation selectors and the like; the sums
//! of single characters they agree on. So only the characters that fit the cell are
//! sent, joiners and selectors are left out, and what is missing is filled with
//! spaces. Control characters, and those that reorder text, are never sent.

use ratatui::buffer::CellWidth;
use unicode_width::UnicodeWidthChar;

/// More combining marks than this on one character are left out.
const MARKS: usize = 4;

/// How many columns the layout gave a symbol: one or two.
pub(super) fn width(symbol: &str) -> u16 {
    // Most symbols are one ASCII character, or a control character nobody filtered.
    if symbol.len() == 1 { 1 } else { symbol.cell_width().clamp(1, 2) }
}

/// How many columns a terminal gives a character; `None` for controls.
fn columns(c: char) -> Option<usize> {
    match c {
        // The halfwidth voicing marks count as combining, but terminals give them a column.
        '\u{ff9e}' | '\u{ff9f}' => Some(1),
        c => c.width(),
    }
}

/// Sends a symbol, `width` columns wide.
pub(super) fn push(symbol: &str, width: u16, out: &mut Vec<u8>) {
    if let [byte @ b' '..=b'~'] = symbol.as_bytes()
        && width == 1
    {
        out.push(*byte);
        return;
    }
    let mut room = usize::from(width);
    let mut marks = None;
    for c in symbol.chars().filter(|&c| !unsent(c)) {
        match (columns(c), &mut marks) {
            (Some(0), Some(left)) if *left > 0 => *left -= 1,
            (Some(columns @ 1..), _) if columns <= room => {
                room -= columns;
                marks = Some(MARKS);
            }
            (Some(0) | None, _) => continue,
            (Some(_), _) => break,
        }
        out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    }
    out.resize(out.len() + room, b' ');
}

/// Characters never sent: controls, joiners, selectors, tags, and marks that turn the
/// direction of text.
fn unsent(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}')
}
