//! Tables read back from text: kubectl's, and the ones on the screen.

use std::collections::BTreeMap;

/// Rows by their key, each with its cells by title.
pub type Sheet = BTreeMap<String, BTreeMap<String, String>>;

/// kubectl's table: columns begin under their titles.
pub fn of_kubectl(text: &str, keys: &[&str]) -> Sheet {
    let mut lines = text.lines();
    let header = lines.next().unwrap_or_default();
    read(header, lines, keys)
}

/// The table of the focused, zoomed pane.
pub fn of_screen(screen: &vt100::Screen, keys: &[&str]) -> Sheet {
    let (_, columns) = screen.size();
    let inside = |row: String| {
        let mut row: String = row.trim_end().trim_end_matches(['│', '›']).chars().skip(2).collect();
        row = row.replace(['↑', '↓'], " ");
        row
    };
    let mut rows = screen.rows(0, columns).skip_while(|r| !r.contains("NAME")).map(inside);
    let header = rows.next().unwrap_or_default();
    let body: Vec<String> = rows.take_while(|r| !r.contains("──")).filter(|r| !r.trim().is_empty()).collect();
    read(&header, body.iter().map(String::as_str), keys)
}

/// Cells by position. Titles are apart from each other by two blanks, or by one where no title of
/// kubectl's has a blank inside.
fn read<'a>(header: &str, lines: impl Iterator<Item = &'a str>, keys: &[&str]) -> Sheet {
    let spans = spans(header);
    let mut sheet = Sheet::new();
    for line in lines {
        let cells: Vec<char> = line.chars().collect();
        let row: BTreeMap<String, String> = spans
            .iter()
            .map(|(title, from, to)| {
                let cell: String = cells.iter().skip(*from).take(to - from).collect();
                (title.clone(), cell.trim().to_owned())
            })
            .collect();
        let key = keys.iter().filter_map(|k| row.get(*k)).cloned().collect::<Vec<_>>().join("/");
        sheet.insert(key, row);
    }
    sheet
}

fn spans(header: &str) -> Vec<(String, usize, usize)> {
    let chars: Vec<char> = header.chars().collect();
    let mut starts = Vec::new();
    for (i, c) in chars.iter().enumerate() {
        let two = i >= 2 && chars[i - 1] == ' ' && chars[i - 2] == ' ';
        if *c != ' ' && (i == 0 || two) {
            starts.push(i);
        }
    }
    let ends = starts.iter().skip(1).copied().chain([usize::MAX]);
    let title = |from: usize, to: usize| chars[from..to.min(chars.len())].iter().collect::<String>().trim().to_owned();
    starts.iter().zip(ends).map(|(&from, to)| (title(from, to), from, to)).collect()
}
