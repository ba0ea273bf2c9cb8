//! Writing into the frame: clipped, cut with an ellipsis, never outside the buffer.

use super::look::Look;
use super::width::{clusters, head, plain, width};
use crate::core::role::Role;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// A frame under way.
pub(super) struct Ink<'a> {
    pub buf: &'a mut Buffer,
    pub look: &'a Look,
}

/// A text with its role.
pub(super) type Piece = (String, Role);

/// The cells a row of pieces takes.
pub(super) fn pieces_width(pieces: &[Piece]) -> u16 {
    pieces.iter().fold(0_u16, |sum, (t, _)| sum.saturating_add(width(t)))
}

impl Ink<'_> {
    /// Blanks a rectangle in a role.
    pub fn fill(&mut self, area: Rect, role: Role) {
        let style = self.look.style(role);
        let area = area.intersection(self.buf.area);
        for y in area.top()..area.bottom() {
            for x in area.left()..area.right() {
                if let Some(cell) = self.buf.cell_mut((x, y)) {
                    cell.reset();
                    cell.set_style(style);
                }
            }
        }
    }

    /// Lays a role over what is drawn already.
    pub fn over(&mut self, area: Rect, role: Role) {
        self.patch(area, self.look.own(role));
    }

    /// Lays a style over what is drawn already.
    pub fn patch(&mut self, area: Rect, style: Style) {
        let area = area.intersection(self.buf.area);
        self.buf.set_style(area, style);
    }

    /// One character.
    pub fn char(&mut self, x: u16, y: u16, c: char, role: Role) {
        let style = self.look.style(role);
        if let Some(cell) = self.buf.cell_mut((x, y)) {
            cell.set_char(c).set_style(style);
        }
    }

    /// Text from `x` up to, not including, `end`; what does not fit ends in an ellipsis.
    /// Returns where it ended.
    pub fn put(&mut self, x: u16, y: u16, end: u16, text: &str, role: Role) -> u16 {
        self.put_styled(x, y, end, text, self.look.style(role))
    }

    /// See [`Ink::put`].
    pub fn put_styled(&mut self, x: u16, y: u16, end: u16, text: &str, style: Style) -> u16 {
        let room = end.saturating_sub(x);
        if room == 0 || text.is_empty() {
            return x;
        }
        if width(text) <= room {
            return self.raw(x, y, text, style);
        }
        let (kept, used) = head(text, room - 1);
        self.raw(x, y, kept, style);
        let at = x + used;
        if let Some(cell) = self.buf.cell_mut((at, y)) {
            cell.set_char(self.look.symbols.ellipsis).set_style(style);
        }
        at + 1
    }

    /// Text whose last cell is before `end`, cut where it does not fit after `start`.
    pub fn put_right(&mut self, start: u16, y: u16, end: u16, text: &str, style: Style) {
        let x = end.saturating_sub(width(text)).max(start);
        self.put_styled(x, y, end, text, style);
    }

    /// Pieces one after the other. Returns where they ended.
    pub fn pieces(&mut self, mut x: u16, y: u16, end: u16, pieces: &[Piece]) -> u16 {
        for (text, role) in pieces {
            x = self.put(x, y, end, text, *role);
        }
        x
    }

    /// The same on the ground of another role, which shows where a piece has no colour of its own.
    pub fn pieces_on(&mut self, ground: Role, mut x: u16, y: u16, end: u16, pieces: &[Piece]) -> u16 {
        for (text, role) in pieces {
            let style = self.look.style(ground).patch(self.look.own(*role));
            x = self.put_styled(x, y, end, text, style);
        }
        x
    }

    fn raw(&mut self, mut x: u16, y: u16, text: &str, style: Style) -> u16 {
        let area = self.buf.area;
        if y < area.top() || y >= area.bottom() {
            return x;
        }
        if plain(text) {
            for i in 0..text.len() {
                if x >= area.right() {
                    break;
                }
                self.buf[(x, y)].set_symbol(&text[i..=i]).set_style(style);
                x += 1;
            }
            return x;
        }
        for (_, g, w) in clusters(text) {
            if x.saturating_add(w) > area.right() {
                break;
            }
            self.buf[(x, y)].set_symbol(g).set_style(style);
            for hidden in x + 1..x + w {
                self.buf[(hidden, y)].set_symbol(" ").set_style(style);
            }
            x += w;
        }
        x
    }
}
