//! Colours and attributes (SGR), changed with as few bytes as may be.

use super::columns;
use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

/// The attributes that are sent. Nothing blinks, and hidden text is not hidden by a terminal.
const SENT: Modifier = Modifier::BOLD
    .union(Modifier::DIM)
    .union(Modifier::ITALIC)
    .union(Modifier::UNDERLINED)
    .union(Modifier::REVERSED)
    .union(Modifier::CROSSED_OUT);

/// How characters are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pen {
    fg: Color,
    bg: Color,
    attributes: Modifier,
}

impl Default for Pen {
    fn default() -> Self {
        Self { fg: Color::Reset, bg: Color::Reset, attributes: Modifier::empty() }
    }
}

impl Pen {
    /// The pen of a cell. Terminals differ on what is both bold and dim: it is bold.
    pub(super) fn of(cell: &Cell) -> Self {
        let mut attributes = cell.modifier & SENT;
        if attributes.contains(Modifier::BOLD) {
            attributes.remove(Modifier::DIM);
        }
        Self { fg: cell.fg, bg: cell.bg, attributes }
    }

    /// The pen nearest to this one that writes the cell as it should look: on a blank, only
    /// the background matters.
    pub(super) fn serving(self, cell: &Cell) -> Self {
        if columns::invisible(cell) && !self.attributes.intersects(columns::SEEN_ON_BLANKS) {
            Self { bg: cell.bg, ..self }
        } else {
            Self::of(cell)
        }
    }
}

/// Each attribute with what sets and what clears it; bold and dim never meet.
const ATTRIBUTES: [(Modifier, u16, u16); 6] = [
    (Modifier::BOLD, 1, 22),
    (Modifier::DIM, 2, 22),
    (Modifier::ITALIC, 3, 23),
    (Modifier::UNDERLINED, 4, 24),
    (Modifier::REVERSED, 7, 27),
    (Modifier::CROSSED_OUT, 9, 29),
];

/// Sends what turns one pen into another; from an unknown one, by way of a reset.
pub(super) fn change(from: Option<Pen>, to: Pen, out: &mut Vec<u8>) {
    if from == Some(to) {
        return;
    }
    let mut reset = Params(vec![]);
    if to != Pen::default() {
        reset.push(&[0]);
    }
    reset.set(Pen::default(), to);
    let mut best = reset;
    if let Some(from) = from {
        let mut step = Params(vec![]);
        step.clear_attributes(from, to);
        step.set(from, to);
        if step.0.len() < best.0.len() {
            best = step;
        }
    }
    out.extend_from_slice(b"\x1b[");
    out.extend_from_slice(&best.0);
    out.push(b'm');
}

/// The parameters of one sequence.
struct Params(Vec<u8>);

impl Params {
    fn push(&mut self, numbers: &[u16]) {
        for number in numbers {
            if !self.0.is_empty() {
                self.0.push(b';');
            }
            self.0.extend_from_slice(number.to_string().as_bytes());
        }
    }

    /// Clears what `to` lacks.
    fn clear_attributes(&mut self, from: Pen, to: Pen) {
        let gone = from.attributes - to.attributes;
        for (attribute, _, off) in ATTRIBUTES {
            if gone.contains(attribute) {
                self.push(&[off]);
            }
        }
    }

    /// Sets what `from` lacks.
    fn set(&mut self, from: Pen, to: Pen) {
        let new = to.attributes - from.attributes;
        for (attribute, on, _) in ATTRIBUTES {
            if new.contains(attribute) {
                self.push(&[on]);
            }
        }
        if from.fg != to.fg {
            self.color(to.fg, 0);
        }
        if from.bg != to.bg {
            self.color(to.bg, 10);
        }
    }

    /// A colour; `shift` is 10 for the background.
    fn color(&mut self, color: Color, shift: u16) {
        match color {
            Color::Rgb(r, g, b) => self.push(&[38 + shift, 2, r.into(), g.into(), b.into()]),
            Color::Indexed(n) => self.push(&[38 + shift, 5, n.into()]),
            named => self.push(&[named_number(named) + shift]),
        }
    }
}

/// The number of a named colour, or of the terminal's own.
fn named_number(color: Color) -> u16 {
    match color {
        Color::Black => 30,
        Color::Red => 31,
        Color::Green => 32,
        Color::Yellow => 33,
        Color::Blue => 34,
        Color::Magenta => 35,
        Color::Cyan => 36,
        Color::Gray => 37,
        Color::DarkGray => 90,
        Color::LightRed => 91,
        Color::LightGreen => 92,
        Color::LightYellow => 93,
        Color::LightBlue => 94,
        Color::LightMagenta => 95,
        Color::LightCyan => 96,
        Color::White => 97,
        Color::Reset | Color::Rgb(..) | Color::Indexed(_) => 39,
    }
}
