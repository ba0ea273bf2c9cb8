//! The visible rows' cells as text, in one string: formatted once, measured and then drawn.

use crate::core::schema::Schema;
use crate::core::store::RowRef;
use crate::core::value::{CellKind, as_count_ago};
use crate::ui::width::width;
use std::fmt::Write as _;

/// Cells of the visible rows in some columns of the schema.
#[derive(Default)]
pub(super) struct Grid {
    text: String,
    ends: Vec<usize>,
    columns: usize,
    unknown: char,
}

/// How cells are written.
#[derive(Clone, Copy)]
pub(super) struct Writing {
    /// The API server's clock (Unix ms).
    pub now: i64,
    /// Whether counts say when they last rose.
    pub with_times: bool,
    /// What stands for a missing value.
    pub unknown: char,
}

impl Grid {
    /// Writes the cells.
    pub fn new(rows: &[RowRef<'_>], schema: &Schema, columns: &[usize], how: Writing) -> Self {
        let mut grid = Self { columns: columns.len(), unknown: how.unknown, ..Self::default() };
        grid.ends.reserve(rows.len() * columns.len());
        grid.text.reserve(rows.len() * columns.len() * 8);
        for row in rows {
            for &column in columns {
                write(&mut grid.text, row, schema, column, how);
                grid.ends.push(grid.text.len());
            }
        }
        grid
    }

    /// One cell; `at` is a place in the columns given to [`Grid::new`].
    pub fn get(&self, row: usize, at: usize) -> &str {
        let i = row * self.columns + at;
        let start = i.checked_sub(1).map_or(0, |p| self.ends.get(p).copied().unwrap_or(0));
        self.ends.get(i).and_then(|end| self.text.get(start..*end)).unwrap_or("")
    }

    /// Whether no cell of a column says anything.
    pub fn blank(&self, at: usize) -> bool {
        let rows = self.ends.len().checked_div(self.columns).unwrap_or(0);
        (0..rows).all(|r| self.get(r, at).chars().all(|c| c == self.unknown))
    }

    /// The widest cell of a column.
    pub fn widest(&self, at: usize) -> u16 {
        let rows = self.ends.len().checked_div(self.columns).unwrap_or(0);
        (0..rows).map(|r| width(self.get(r, at))).max().unwrap_or(0)
    }
}

fn write(out: &mut String, row: &RowRef<'_>, schema: &Schema, column: usize, how: Writing) {
    let kind = schema.columns.get(column).map(|c| c.kind);
    if kind == Some(CellKind::CountAgo)
        && !how.with_times
        && let Some((n, _)) = as_count_ago(row.cell(column))
    {
        let _ = write!(out, "{n}");
        return;
    }
    let start = out.len();
    row.write(out, column, how.now);
    // The core writes one sign for "not known"; which one a terminal shows is the symbol set's.
    if how.unknown != '·' && &out[start..] == "·" {
        out.truncate(start);
        out.push(how.unknown);
    }
}
