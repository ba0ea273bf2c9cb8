//! Which columns of a row changed.
//!
//! A wide character owns two columns; the cell under its second half is not shown,
//! whatever it holds. So rows are compared by what is seen in each column, not cell
//! by cell: the half of a wide character that is uncovered counts as changed.

use super::glyph;
use ratatui::buffer::Cell;
use ratatui::style::Modifier;

/// One column of the new row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    /// A character this wide starts here and is on the screen already.
    Same(u16),
    /// A character this wide starts here and must be written.
    Changed(u16),
    /// The second half of a wide character.
    Tail,
}

impl Column {
    /// Whether a character to write starts here.
    pub(super) fn changed(self) -> bool {
        matches!(self, Self::Changed(_))
    }
}

/// The comparison, with its buffers kept between rows.
#[derive(Debug, Default)]
pub(super) struct Rows {
    before: Vec<u16>,
    columns: Vec<Column>,
}

impl Rows {
    /// The columns of `after` against `before`, which is as long.
    pub(super) fn compare(&mut self, before: &[Cell], after: &[Cell]) -> &[Column] {
        self.before.clear();
        for (width, _) in heads(before) {
            self.before.push(width);
            // A zero marks a second half.
            self.before.extend((1..width).map(|_| 0));
        }
        self.columns.clear();
        for (width, cell) in heads(after) {
            let x = self.columns.len();
            let same = self.before[x] == width && alike(&before[x], cell);
            self.columns.push(if same { Column::Same(width) } else { Column::Changed(width) });
            self.columns.extend((1..width).map(|_| Column::Tail));
        }
        &self.columns
    }
}

/// The cells that are shown, with their widths. A wide character in the last column has no
/// room and counts as narrow.
fn heads(cells: &[Cell]) -> impl Iterator<Item = (u16, &Cell)> {
    let mut x = 0;
    std::iter::from_fn(move || {
        let cell = cells.get(x)?;
        let width = if x + 1 < cells.len() { glyph::width(cell.symbol()) } else { 1 };
        x += usize::from(width);
        Some((width, cell))
    })
}

/// Whether two cells look alike.
fn alike(a: &Cell, b: &Cell) -> bool {
    a.symbol() == b.symbol()
        && a.bg == b.bg
        && ((a.fg == b.fg && a.modifier == b.modifier) || (invisible(a) && invisible(b)))
}

/// The attributes that show on a blank.
pub(super) const SEEN_ON_BLANKS: Modifier = Modifier::UNDERLINED.union(Modifier::REVERSED).union(Modifier::CROSSED_OUT);

/// Whether only the background of a cell is seen: a space without lines through or under it.
pub(super) fn invisible(cell: &Cell) -> bool {
    cell.symbol() == " " && !cell.modifier.intersects(SEEN_ON_BLANKS)
}
