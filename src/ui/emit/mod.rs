//! Two screens in, the bytes between them out: the only place that writes escape
//! sequences for cells.
//!
//! It is its own diff and not ratatui's backend because a frame must be one piece
//! of bytes (one `write`, handed to the writer's thread), nothing at all when nothing
//! changed, and small on slow lines. Split by concern: `glyph` (what of a symbol may
//! be sent), `columns` (which columns changed), `pen` (colours and attributes),
//! `moves` (the cheapest way to a cell).
//!
//! Every frame made must be written, whole and in order: the emitter remembers the
//! pen and the cursor between frames. After anything else wrote to the terminal,
//! the next frame is made with `force_full`.

mod columns;
mod glyph;
mod moves;
mod pen;

#[cfg(test)]
mod tests;

use columns::{Column, Rows};
use pen::Pen;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Position;

/// Terminals that know it (mode 2026) show nothing until the frame is whole.
const BEGIN: &[u8] = b"\x1b[?2026h";
const END: &[u8] = b"\x1b[?2026l";
const CLEAR: &[u8] = b"\x1b[m\x1b[2J";
const ERASE_TO_END: &[u8] = b"\x1b[K";
const SHOW_CURSOR: &[u8] = b"\x1b[?25h";
const HIDE_CURSOR: &[u8] = b"\x1b[?25l";

/// From how many blank columns on erasing is cheaper than writing them.
const WORTH_ERASING: usize = 4;

/// Makes frames, and knows how the last one left the terminal.
#[derive(Debug, Default)]
pub struct Emitter {
    /// The present colours and attributes; `None` if unknown.
    pen: Option<Pen>,
    /// Where the next character would go; `None` if unknown, as behind the last column.
    at: Option<Position>,
    /// Whether the cursor is shown; `None` if unknown.
    shown: Option<bool>,
}

impl Emitter {
    /// The bytes that turn `prev`, which is on the screen, into `next`; none if they look
    /// alike and the cursor stays. Both start at the top left of the terminal.
    /// `cursor` is where it is shown; `None` hides it. `force_full`, or a `prev` of another
    /// size, clears the screen first and trusts nothing.
    pub fn frame(&mut self, prev: &Buffer, next: &Buffer, cursor: Option<Position>, force_full: bool) -> Vec<u8> {
        let mut out = BEGIN.to_vec();
        let full = force_full || prev.area != next.area;
        if full {
            *self = Self { pen: Some(Pen::default()), ..Self::default() };
            out.extend_from_slice(CLEAR);
        }
        let width = usize::from(next.area.width);
        if width > 0 {
            let blank = full.then(|| vec![Cell::EMPTY; width]);
            let before = prev.content().chunks_exact(width);
            let mut rows = Rows::default();
            match &blank {
                Some(blank) => {
                    for (y, after) in (0..).zip(next.content().chunks_exact(width)) {
                        self.row(y, rows.compare(blank, after), after, &mut out);
                    }
                }
                None => {
                    for (y, (before, after)) in (0..).zip(before.zip(next.content().chunks_exact(width))) {
                        if before != after {
                            self.row(y, rows.compare(before, after), after, &mut out);
                        }
                    }
                }
            }
        }
        self.cursor(cursor.filter(|&at| next.area.contains(at)), &mut out);
        if out.len() == BEGIN.len() {
            return Vec::new();
        }
        out.extend_from_slice(END);
        out
    }

    /// Writes the columns of a row that changed.
    fn row(&mut self, y: u16, columns: &[Column], cells: &[Cell], out: &mut Vec<u8>) {
        let blank_from = cells.iter().rposition(|cell| !erasable(cell)).map_or(0, |last| last + 1);
        let blank_dirty = columns[blank_from..].iter().filter(|column| column.changed()).count();
        let erase = blank_dirty >= WORTH_ERASING;
        let stop = if erase { blank_from } else { cells.len() };
        for (x, column) in (0u16..).zip(&columns[..stop]) {
            if let Column::Changed(width) = *column {
                self.bridge(Position { x, y }, columns, cells, out);
                let cell = &cells[usize::from(x)];
                self.put(cell, width, out);
                let x = x + width;
                self.at = (usize::from(x) < cells.len()).then_some(Position { x, y });
            }
        }
        if erase {
            let from = columns[blank_from..].iter().position(|column| column.changed()).unwrap_or_default();
            self.go(Position { x: u16::try_from(blank_from + from).unwrap_or(u16::MAX), y }, out);
            self.use_pen(&Cell::EMPTY, out);
            out.extend_from_slice(ERASE_TO_END);
        }
    }

    /// Goes to a column; over few unchanged cells in the same pen, by writing them again.
    fn bridge(&mut self, to: Position, columns: &[Column], cells: &[Cell], out: &mut Vec<u8>) {
        if let Some(at) = self.at
            && at.y == to.y
            && (1..=3).contains(&to.x.saturating_sub(at.x))
        {
            let between = usize::from(at.x)..usize::from(to.x);
            let plain = |cell: &Cell| cell.symbol().len() == 1 && self.pen.is_some_and(|pen| pen.serving(cell) == pen);
            let narrow = columns[between.clone()].iter().all(|column| *column == Column::Same(1));
            if narrow && cells[between.clone()].iter().all(plain) {
                for cell in &cells[between] {
                    glyph::push(cell.symbol(), 1, out);
                }
                self.at = Some(to);
                return;
            }
        }
        self.go(to, out);
    }

    fn put(&mut self, cell: &Cell, width: u16, out: &mut Vec<u8>) {
        self.use_pen(cell, out);
        glyph::push(cell.symbol(), width, out);
    }

    fn use_pen(&mut self, cell: &Cell, out: &mut Vec<u8>) {
        let pen = self.pen.map_or_else(|| Pen::of(cell), |pen| pen.serving(cell));
        pen::change(self.pen, pen, out);
        self.pen = Some(pen);
    }

    fn go(&mut self, to: Position, out: &mut Vec<u8>) {
        moves::go(self.at, to, out);
        self.at = Some(to);
    }

    fn cursor(&mut self, cursor: Option<Position>, out: &mut Vec<u8>) {
        if let Some(at) = cursor {
            self.go(at, out);
        }
        let show = cursor.is_some();
        if self.shown != Some(show) {
            out.extend_from_slice(if show { SHOW_CURSOR } else { HIDE_CURSOR });
            self.shown = Some(show);
        }
    }
}

/// Whether erasing makes this cell: blank, and nothing to see of its colours. Erasing with
/// a background colour is not done: not every terminal fills with it.
fn erasable(cell: &Cell) -> bool {
    columns::invisible(cell) && cell.bg == ratatui::style::Color::Reset
}
