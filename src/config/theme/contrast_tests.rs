//! Shipped themes are readable: WCAG 2 asks for 4.5 to 1 for text.

use super::color::{luminance, rgb};
use super::*;

fn contrast(style: Style) -> Option<f64> {
    let (fg, bg) = (luminance(rgb(style.fg?)?), luminance(rgb(style.bg?)?));
    Some((fg.max(bg) + 0.05) / (fg.min(bg) + 0.05))
}

/// Lines, not text: a frame that shouts would drown what it frames.
const LINES: &[Role] = &[Role::Frame];

/// Laid over any row.
const OVER: &[Role] = &[Role::RowCursor, Role::RowFlash, Role::RowMark, Role::Match];

const ROWS: &[Role] =
    &[Role::Row, Role::RowOk, Role::RowDone, Role::RowBusy, Role::RowWarn, Role::RowBad, Role::RowTomb, Role::Dim];

#[test]
fn text_stands_out_from_its_background() {
    for (name, depth, least) in [
        ("dark", Depth::True, 4.5),
        ("dark", Depth::Ansi256, 4.5),
        ("light", Depth::True, 4.5),
        ("light", Depth::Ansi256, 4.5),
        ("high-contrast", Depth::True, 7.0),
        ("high-contrast", Depth::Ansi256, 7.0),
    ] {
        let theme = load(name, depth, &mut shipped, &mut Vec::new());
        let mut weak = Vec::new();
        let mut check = |what: String, style| match contrast(style) {
            Some(found) if found >= least => {}
            found => weak.push(format!("{what}: {found:?}")),
        };
        for &role in Role::ALL.iter().filter(|r| !LINES.contains(r)) {
            check(role.to_string(), theme.style(role));
        }
        for &over in OVER {
            for &row in ROWS {
                check(format!("{over} over {row}"), theme.over(over, theme.style(row)));
            }
        }
        assert!(weak.is_empty(), "{name} at {depth:?}: {weak:#?}");
    }
}

#[test]
fn lines_are_seen() {
    for name in ["dark", "light", "high-contrast"] {
        let theme = load(name, Depth::True, &mut shipped, &mut Vec::new());
        assert!(contrast(theme.style(Role::Frame)).is_some_and(|c| c >= 1.8), "{name}");
    }
}
