//! Tables read back from text: kubectl's, and the ones on the screen.

use std::collections::BTreeMap;

/// A table.
#[derive(Debug, Default)]
pub struct Sheet {
    /// What the columns are called.
    pub titles: Vec<String>,
    /// Cells by title.
    pub rows: Vec<BTreeMap<String, String>>,
    /// The row the cursor is on. It stays, greyed, when its object goes.
    pub chosen: Option<usize>,
}

/// The second half of a character two columns wide.
const HALF: char = '\0';

impl Sheet {
    /// The table kubectl printed.
    pub fn of_kubectl(text: &str) -> Self {
        read(&text.lines().map(|l| l.chars().collect()).collect::<Vec<_>>())
    }

    /// The table in the upper left pane: between its top border and its bottom border.
    pub fn of_screen(screen: &vt100::Screen) -> Self {
        let (rows, columns) = screen.size();
        let cell = |row, column| match screen.cell(row, column) {
            Some(cell) if cell.is_wide_continuation() => HALF,
            Some(cell) => cell.contents().chars().next().unwrap_or(' '),
            None => ' ',
        };
        let is = |row, marks: [char; 2]| marks.contains(&cell(row, 0));
        let Some(top) = (0..rows).find(|&r| is(r, ['╭', '┌'])) else { return Self::default() };
        let Some(bottom) = (top + 1..rows).find(|&r| is(r, ['╰', '└'])) else { return Self::default() };
        let right = (1..columns).find(|&c| ['╮', '┐'].contains(&cell(top, c))).unwrap_or(columns);
        let line = |row| {
            // Border, the cursor's mark, the table, border.
            let text = (2..right).map(|column| cell(row, column));
            text.map(|c| if ['↑', '↓'].contains(&c) { ' ' } else { c }).collect::<Vec<char>>()
        };
        // The title is the first line.
        let chosen = (top + 2..bottom).position(|row| cell(row, 1) == '▌');
        let blank = |line: &Vec<char>| line.iter().all(|c| *c == ' ');
        let lines: Vec<_> = (top + 1..bottom).map(line).filter(|l| !blank(l)).collect();
        Self { chosen, ..read(&lines) }
    }

    /// A row's name: the cells of these columns, as far as there are such columns.
    pub fn key(row: &BTreeMap<String, String>, columns: &[&str]) -> String {
        columns.iter().filter_map(|k| row.get(*k)).map(String::as_str).collect::<Vec<_>>().join("/")
    }
}

/// Cells by position. Titles have two blanks between them, and so has the widest cell from its
/// neighbour, whichever way a column is aligned.
fn read(lines: &[Vec<char>]) -> Sheet {
    let Some(header) = lines.first() else { return Sheet::default() };
    let titles = titles(header);
    let free = |at: usize| lines.iter().all(|l| l.get(at).is_none_or(|c| *c == ' '));
    let mut starts = vec![0];
    for pair in titles.windows(2) {
        let (from, to) = (pair[0].1, pair[1].0);
        // The last two free columns between the titles part them.
        let gap = (from + 1..to).rev().find(|&at| free(at) && free(at - 1));
        starts.push(gap.map_or(to, |at| at + 1));
    }
    let ends = starts.iter().skip(1).copied().chain([usize::MAX]);
    let spans: Vec<(usize, usize)> = starts.iter().copied().zip(ends).collect();
    let text = |line: &[char], (from, to): (usize, usize)| {
        let cell: String = line.iter().skip(from).take(to - from).filter(|c| **c != HALF).collect();
        cell.trim().to_owned()
    };
    let names: Vec<String> = titles.iter().map(|&span| text(header, span)).collect();
    let row = |line: &Vec<char>| names.iter().cloned().zip(spans.iter().map(|&s| text(line, s))).collect();
    let rows = lines.iter().skip(1).map(row).collect();
    Sheet { titles: names, rows, chosen: None }
}

/// Where titles begin and end.
fn titles(header: &[char]) -> Vec<(usize, usize)> {
    let mut out: Vec<(usize, usize)> = Vec::new();
    for (at, _) in header.iter().enumerate().filter(|(_, c)| **c != ' ') {
        match out.last_mut() {
            // One blank is within a title.
            Some((_, end)) if at <= *end + 1 => *end = at + 1,
            _ => out.push((at, at + 1)),
        }
    }
    out
}
