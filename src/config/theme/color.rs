//! Colours as theme files write them, and what is left of them on a terminal
//! that shows fewer.

use super::depth::Depth;
use crate::core::role::Color;

/// The sixteen names, in the order of their numbers.
pub const NAMES: [&str; 16] = [
    "black",
    "red",
    "green",
    "yellow",
    "blue",
    "magenta",
    "cyan",
    "white",
    "bright-black",
    "bright-red",
    "bright-green",
    "bright-yellow",
    "bright-blue",
    "bright-magenta",
    "bright-cyan",
    "bright-white",
];

/// What xterm shows for the sixteen; others differ, so this only serves to find
/// the nearest where a theme does not name one itself.
const XTERM: [(u8, u8, u8); 16] = [
    (0, 0, 0),
    (205, 0, 0),
    (0, 205, 0),
    (205, 205, 0),
    (0, 0, 238),
    (205, 0, 205),
    (0, 205, 205),
    (229, 229, 229),
    (127, 127, 127),
    (255, 0, 0),
    (0, 255, 0),
    (255, 255, 0),
    (92, 92, 255),
    (255, 0, 255),
    (0, 255, 255),
    (255, 255, 255),
];

const CUBE: [u8; 6] = [0, 95, 135, 175, 215, 255];

/// A colour, and which of the sixteen stands for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paint {
    /// With all colours.
    pub full: Color,
    /// With sixteen; `None` for the nearest.
    pub few: Option<Color>,
}

impl Paint {
    /// What a terminal of that depth shows; `None` where it shows no colour.
    #[must_use]
    pub fn at(self, depth: Depth) -> Option<Color> {
        match (depth, self.full) {
            (Depth::Mono, _) => None,
            (Depth::Ansi16, full) => Some(self.few.unwrap_or_else(|| nearest_16(full))),
            (Depth::Ansi256, Color::Rgb(r, g, b)) => Some(Color::Indexed(nearest_256(r, g, b))),
            (_, full) => Some(full),
        }
    }
}

/// Reads `#rrggbb`, `default`, one of [`NAMES`], or a number up to 255.
#[must_use]
pub fn parse(word: &str) -> Option<Color> {
    if let Some(hex) = word.strip_prefix('#') {
        let value = u32::from_str_radix(hex, 16).ok().filter(|_| hex.len() == 6 && !hex.starts_with('+'))?;
        let [_, r, g, b] = value.to_be_bytes();
        return Some(Color::Rgb(r, g, b));
    }
    if word == "default" {
        return Some(Color::Default);
    }
    match NAMES.iter().position(|n| *n == word) {
        Some(index) => u8::try_from(index).ok().map(Color::Indexed),
        None => word.parse().ok().filter(|_| word.bytes().all(|b| b.is_ascii_digit())).map(Color::Indexed),
    }
}

/// The red, green and blue of a colour as xterm shows it; `None` for the default.
#[must_use]
pub fn rgb(color: Color) -> Option<(u8, u8, u8)> {
    match color {
        Color::Default => None,
        Color::Rgb(r, g, b) => Some((r, g, b)),
        Color::Indexed(i) => Some(match i {
            0..=15 => XTERM[usize::from(i)],
            16..=231 => {
                let at = usize::from(i - 16);
                (CUBE[at / 36], CUBE[at / 6 % 6], CUBE[at % 6])
            }
            _ => {
                let level = 8 + 10 * (i - 232);
                (level, level, level)
            }
        }),
    }
}

/// Relative luminance as WCAG 2 defines it, 0 to 1.
#[must_use]
pub fn luminance((r, g, b): (u8, u8, u8)) -> f64 {
    let part = |c: u8| {
        let c = f64::from(c) / 255.0;
        if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b)
}

fn nearest_16(color: Color) -> Color {
    match (color, rgb(color)) {
        (Color::Indexed(0..=15), _) | (_, None) => color,
        (_, Some(wanted)) => {
            let best = (0..16).min_by_key(|i| far(wanted, XTERM[usize::from(*i)]));
            best.map_or(color, Color::Indexed)
        }
    }
}

/// The sixteen are left out: users paint them as they like.
fn nearest_256(r: u8, g: u8, b: u8) -> u8 {
    let best = (16..=255).min_by_key(|i| rgb(Color::Indexed(*i)).map_or(u32::MAX, |c| far((r, g, b), c)));
    best.unwrap_or(16)
}

/// How unlike two colours look: squares weighted as the eye weighs them.
fn far(a: (u8, u8, u8), b: (u8, u8, u8)) -> u32 {
    let square = |x: u8, y: u8| u32::from(x.abs_diff(y)).pow(2);
    3 * square(a.0, b.0) + 6 * square(a.1, b.1) + square(a.2, b.2)
}
