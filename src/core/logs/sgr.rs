//! Colours as programs write them: the one escape sequence that is kept, as a style beside the
//! text instead of bytes in it.

use crate::core::role::{Color, Style};

/// Lays the parameters of one SGR sequence (what stands between `ESC [` and `m`) over a style.
/// What is not known changes nothing.
pub(super) fn apply(style: &mut Style, params: &[u8]) {
    let text = std::str::from_utf8(params).unwrap_or("");
    // The colon form of a colour means the same as the semicolon form.
    let numbers: Vec<u16> = text.split([';', ':']).map(|p| p.parse().unwrap_or(0)).collect();
    let mut at = 0;
    while let Some(&n) = numbers.get(at) {
        at += 1;
        match n {
            0 => *style = Style::default(),
            1 => style.bold = true,
            2 => style.dim = true,
            3 => style.italic = true,
            4 => style.underline = true,
            7 => style.reverse = true,
            22 => (style.bold, style.dim) = (false, false),
            23 => style.italic = false,
            24 => style.underline = false,
            27 => style.reverse = false,
            30..=37 => style.fg = Some(Color::Indexed((n - 30) as u8)),
            39 => style.fg = None,
            40..=47 => style.bg = Some(Color::Indexed((n - 40) as u8)),
            49 => style.bg = None,
            90..=97 => style.fg = Some(Color::Indexed((n - 82) as u8)),
            100..=107 => style.bg = Some(Color::Indexed((n - 92) as u8)),
            38 | 48 => {
                let Some((color, used)) = extended(&numbers[at..]) else { return };
                at += used;
                *(if n == 38 { &mut style.fg } else { &mut style.bg }) = Some(color);
            }
            _ => {}
        }
    }
}

/// `5;N` or `2;R;G;B`, and how many numbers it took.
fn extended(rest: &[u16]) -> Option<(Color, usize)> {
    let byte = |i: usize| rest.get(i).and_then(|n| u8::try_from(*n).ok());
    match rest.first()? {
        5 => Some((Color::Indexed(byte(1)?), 2)),
        2 => Some((Color::Rgb(byte(1)?, byte(2)?, byte(3)?), 4)),
        _ => None,
    }
}
