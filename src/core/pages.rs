//! What there is one of for every row, in pages. A vector that doubles keeps as much again for rows
//! that never come, and leaves the places it grew out of behind; pages do neither.

use std::ops::{Index, IndexMut, Range};

/// Rows of a page. The first one grows as it is needed: most clusters are small.
const ROWS: usize = 4_096;

/// Rows of so many items each.
#[derive(Debug, Clone)]
pub struct Pages<T> {
    pages: Vec<Vec<T>>,
    width: usize,
    rows: usize,
}

impl<T> Pages<T> {
    /// No rows, each of which is to have so many items.
    #[must_use]
    pub fn new(width: usize) -> Self {
        Self { pages: Vec::new(), width, rows: 0 }
    }

    /// How many rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Appends a row.
    pub fn push(&mut self, row: impl IntoIterator<Item = T>) {
        if self.rows.is_multiple_of(ROWS) {
            let room = if self.rows == 0 { 0 } else { ROWS * self.width };
            self.pages.push(Vec::with_capacity(room));
        }
        if let Some(page) = self.pages.last_mut() {
            page.extend(row.into_iter().take(self.width));
        }
        self.rows += 1;
    }

    fn place(&self, row: usize) -> (usize, Range<usize>) {
        let at = row % ROWS * self.width;
        (row / ROWS, at..at + self.width)
    }

    /// Forgets all rows.
    pub fn clear(&mut self) {
        *self = Self::new(self.width);
    }

    /// A row that is there.
    #[must_use]
    pub fn row(&self, row: usize) -> &[T] {
        let (page, items) = self.place(row);
        &self.pages[page][items]
    }

    /// A row that is there.
    pub fn row_mut(&mut self, row: usize) -> &mut [T] {
        let (page, items) = self.place(row);
        &mut self.pages[page][items]
    }

    /// The first item of a row, if there is that row.
    #[must_use]
    pub fn get(&self, row: usize) -> Option<&T> {
        self.pages.get(row / ROWS)?.get(row % ROWS * self.width)
    }

    /// The first item of a row, if there is that row.
    pub fn get_mut(&mut self, row: usize) -> Option<&mut T> {
        self.pages.get_mut(row / ROWS)?.get_mut(row % ROWS * self.width)
    }

    /// All items.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.pages.iter().flatten()
    }

    /// All items.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.pages.iter_mut().flatten()
    }

    /// Rows are appended until there are so many.
    pub fn fill(&mut self, rows: usize, item: T)
    where
        T: Clone,
    {
        while self.rows < rows {
            self.push(std::iter::repeat_n(item.clone(), self.width));
        }
    }
}

/// Rows of one item each.
impl<T> Default for Pages<T> {
    fn default() -> Self {
        Self::new(1)
    }
}

impl<T> Pages<T> {
    /// These, each a row of its own.
    #[must_use]
    pub fn of(items: impl IntoIterator<Item = T>) -> Self {
        let mut all = Self::default();
        items.into_iter().for_each(|item| all.push([item]));
        all
    }
}

/// The first item of a row that is there.
impl<T> Index<usize> for Pages<T> {
    type Output = T;

    fn index(&self, row: usize) -> &T {
        &self.pages[row / ROWS][row % ROWS * self.width]
    }
}

impl<T> IndexMut<usize> for Pages<T> {
    fn index_mut(&mut self, row: usize) -> &mut T {
        &mut self.pages[row / ROWS][row % ROWS * self.width]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_where_they_were_put() {
        let mut pages = Pages::new(3);
        for i in 0..10_000_u32 {
            pages.push([i, i + 1, i + 2]);
        }
        assert_eq!(
            (pages.len(), pages.row(0), pages.row(4_096), pages.row(9_999)),
            (10_000, &[0, 1, 2][..], &[4_096, 4_097, 4_098][..], &[9_999, 10_000, 10_001][..])
        );
        pages.row_mut(5_000)[1] = 7;
        assert_eq!((pages.row(5_000), pages[9_000]), (&[5_000, 7, 5_002][..], 9_000));
        assert_eq!((pages.get(9_999), pages.get(10_000), pages.get(99_999)), (Some(&9_999), None, None));
        pages.fill(10_002, 1);
        assert_eq!((pages.len(), pages.row(10_001)), (10_002, &[1, 1, 1][..]));
        assert_eq!(pages.iter().count(), 30_006);
    }
}
