//! What of a log is visible. A window at the end is filled down to its last row, and begins within a
//! line if need be; any other begins with a whole one.

use super::LogPane;
use crate::core::logs::fields;
use crate::core::logs::segment::Mark;
use crate::core::logs::segments::LineId;
use crate::core::logs::shape;

/// Where the visible part is, as places in the shown order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Window {
    /// The first visible line.
    pub top: usize,
    /// Rows of it that are above the window.
    pub above: usize,
    /// The line under the cursor.
    pub cursor: usize,
}

impl LogPane {
    /// The first line from which all down to the one at `top` are visible together.
    #[must_use]
    pub fn up_to(&self, top: usize, height: u16, width: u16) -> usize {
        self.fit_upwards(top, usize::from(height.max(1)), width).0
    }

    /// The line in a row of the lines' area.
    #[must_use]
    pub fn line_at(&self, row: u16, width: u16) -> Option<LineId> {
        let (room, mut used) = (self.room(width), 0);
        let row = usize::from(row) + self.window.above;
        self.shown().from(self.window.top).find(|id| {
            used += self.rows(*id, room);
            used > row
        })
    }

    /// The cells that the text of a line has in a pane of that inner width.
    fn room(&self, width: u16) -> u16 {
        if self.wrap { width.saturating_sub(self.prefix_width()) } else { 0 }
    }

    /// The rows a line takes where its text has that room.
    fn rows(&self, id: LineId, room: u16) -> usize {
        let Some(held) = self.store.held(id).filter(|_| self.wrap) else { return 1 };
        let (line, text) = (id.line as usize, held.lines.text(id.line as usize));
        match held.lines.mark(line) {
            Some(Mark::Note | Mark::Gap | Mark::Event) => shape::height(&shape::noted(text, '-'), room),
            _ if !self.fields.is_empty() && fields::structured(text) => 1,
            _ => shape::height(text, room),
        }
    }

    /// Works out the window for a pane whose lines have that many rows and cells. The cursor is
    /// always in it, and a window at the end is full.
    pub fn settle(&mut self, height: u16, width: u16) {
        self.store.place();
        let (height, count) = (usize::from(height.max(1)), self.shown().len());
        if count == 0 {
            self.window = Window::default();
            return;
        }
        let segments = self.store.segments();
        let place = |id: LineId| self.shown().rank(segments, segments.key(id)).min(count - 1);
        let (end, left) = self.fit_upwards(count - 1, height, width);
        let cursor = self.cursor.map_or(count - 1, place);
        let mut top = end;
        if self.cursor.is_some() {
            top = self.top.map_or(cursor, place).min(cursor).min(end);
            top = top.max(self.fit_upwards(cursor, height, width).0);
            self.top = self.shown().get(top);
        }
        self.window = Window { top, above: 0, cursor };
        let before = top.checked_sub(1).filter(|_| top == end && left > 0).and_then(|r| self.shown().get(r));
        if let Some(id) = before {
            // It takes more rows than are left, or it would be in the window.
            let above = self.rows(id, self.room(width)).saturating_sub(left);
            self.window = Window { top: top - 1, above, cursor };
        }
    }

    /// The first line from which all down to `last` fit into `height` rows, and the rows that are left.
    fn fit_upwards(&self, last: usize, height: usize, width: u16) -> (usize, usize) {
        let earliest = last.saturating_sub(height - 1);
        if !self.wrap {
            return (earliest, height - (last + 1 - earliest));
        }
        let ids: Vec<LineId> = self.shown().from(earliest).take(last - earliest + 1).collect();
        let (room, mut left) = (self.room(width), height);
        let fit = ids.iter().rev().take_while(|id| match left.checked_sub(self.rows(**id, room)) {
            Some(rest) => {
                left = rest;
                true
            }
            None => false,
        });
        match fit.count() {
            // One line that takes more than all of them.
            0 => (last, 0),
            fit => (last + 1 - fit, left),
        }
    }

    /// The last line that is wholly visible.
    #[must_use]
    pub fn bottom(&self, height: u16, width: u16) -> usize {
        let (room, mut used) = (self.room(width), 0);
        let height = usize::from(height) + self.window.above;
        let lines = self.shown().from(self.window.top).take(height).take_while(|id| {
            used += self.rows(*id, room);
            used <= height
        });
        self.window.top + lines.count().max(1) - 1
    }
}
