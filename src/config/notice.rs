//! What is wrong with a user's file, told so that an editor can jump to it.
//! A notice never stops the program: what it is about keeps its default.

use std::fmt;

/// A place in a file, both counted from 1; columns are characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Line.
    pub line: u32,
    /// Column.
    pub column: u32,
}

/// Something to fix in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The file, as the user would name it.
    pub file: String,
    /// Where in it; `None` for the whole file.
    pub at: Option<Place>,
    /// What is wrong, what holds instead, what to do.
    pub text: String,
}

/// `file:line:column: text`
impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.at {
            Some(Place { line, column }) => write!(f, "{}:{line}:{column}: {}", self.file, self.text),
            None => write!(f, "{}: {}", self.file, self.text),
        }
    }
}

/// Collects the notices of one file.
#[derive(Debug)]
pub struct Notices<'a> {
    file: &'a str,
    out: &'a mut Vec<Notice>,
}

impl<'a> Notices<'a> {
    /// Notices about `file` go to `out`.
    pub fn new(file: &'a str, out: &'a mut Vec<Notice>) -> Self {
        Self { file, out }
    }

    /// A notice about a place.
    pub fn at(&mut self, at: Place, text: impl Into<String>) {
        self.out.push(Notice { file: self.file.to_owned(), at: Some(at), text: text.into() });
    }

    /// A notice about the whole file.
    pub fn whole(&mut self, text: impl Into<String>) {
        self.out.push(Notice { file: self.file.to_owned(), at: None, text: text.into() });
    }
}

/// The known name nearest to a mistyped one, for "did you mean". At most a
/// third of the letters may differ.
#[must_use]
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = word.chars().count().div_ceil(3);
    let scored = known.into_iter().map(|k| (distance(word, k), k));
    scored.filter(|(d, _)| *d <= limit).min_by_key(|(d, _)| *d).map(|(_, k)| k)
}

/// `; did you mean ...?`, or nothing.
#[must_use]
pub fn hint<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(word, known).map(|k| format!("; did you mean `{k}`?")).unwrap_or_default()
}

/// Letters to put in, take out or change.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut corner = i;
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let change = corner + usize::from(x != *y);
            corner = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(corner + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_reads_as_compilers_write() {
        let place = Place { line: 3, column: 7 };
        let mut notice = Notice { file: "config.json".into(), at: Some(place), text: "no".into() };
        assert_eq!(notice.to_string(), "config.json:3:7: no");
        notice.at = None;
        assert_eq!(notice.to_string(), "config.json: no");
    }

    #[test]
    fn a_slip_of_the_finger_finds_its_word() {
        let known = ["theme", "keymap", "mouse"];
        assert_eq!(nearest("theem", known), Some("theme"));
        assert_eq!(nearest("kemap", known), Some("keymap"));
        assert_eq!(nearest("xyz", known), None);
        assert_eq!(nearest("", known), None);
    }
}
