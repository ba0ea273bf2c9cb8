//! A styled word for a terminal that only prints: `qd themes`.

use crate::core::role::{Color, Style};
use std::fmt::Write;

/// `text` between the sequences that set and undo a style; bare when the style says nothing.
pub fn paint(style: Style, text: &str) -> String {
    let attributes = [(style.bold, 1), (style.dim, 2), (style.italic, 3), (style.underline, 4), (style.reverse, 7)];
    let mut codes: Vec<String> = attributes.iter().filter(|(on, _)| *on).map(|(_, n)| n.to_string()).collect();
    codes.extend(style.fg.and_then(|c| color(c, 38)));
    codes.extend(style.bg.and_then(|c| color(c, 48)));
    if codes.is_empty() {
        return text.to_owned();
    }
    let mut out = String::new();
    let _ = write!(out, "\u{1b}[{}m{text}\u{1b}[0m", codes.join(";"));
    out
}

/// `base` is 38 for the foreground, 48 for the background.
fn color(color: Color, base: u8) -> Option<String> {
    match color {
        Color::Default => None,
        Color::Indexed(i @ 0..=7) => Some((base - 8 + i).to_string()),
        Color::Indexed(i @ 8..=15) => Some((base + 52 + i - 8).to_string()),
        Color::Indexed(i) => Some(format!("{base};5;{i}")),
        Color::Rgb(r, g, b) => Some(format!("{base};2;{r};{g};{b}")),
    }
}
