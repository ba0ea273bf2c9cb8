//! Looking for text among a screen's lines.

use super::Screen;

/// Where something was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// Which line.
    pub line: usize,
    /// Whether the search went round the end.
    pub wrapped: bool,
}

/// Whether a line holds a text. Capitals matter only where the text has some.
#[must_use]
pub fn holds(line: &str, text: &str) -> bool {
    if text.chars().any(char::is_uppercase) { line.contains(text) } else { line.to_lowercase().contains(text) }
}

impl Screen {
    /// The nearest line with that text, after `from` or before it.
    pub fn find(&mut self, text: &str, from: usize, forward: bool) -> Option<Found> {
        if text.is_empty() {
            return None;
        }
        let all = self.lines();
        let order: Box<dyn Iterator<Item = usize>> = if forward {
            Box::new((from + 1..all).chain(0..=from.min(all - 1)))
        } else {
            Box::new((0..from.min(all)).rev().chain((from.min(all - 1)..all).rev()))
        };
        for at in order {
            if holds(&self.line(at).0, text) {
                return Some(Found { line: at, wrapped: if forward { at <= from } else { at >= from } });
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::shell::Allowed;

    #[test]
    fn text_is_found_both_ways_and_round_the_end() {
        let mut s = Screen::new((20, 2), 100, Allowed::default());
        for n in 0..9 {
            s.feed(format!("line {n} {}\r\n", if n % 4 == 0 { "Match" } else { "" }).as_bytes());
        }
        let at = |f: Option<Found>| f.map(|f| (f.line, f.wrapped));
        assert_eq!(at(s.find("match", 0, true)), Some((4, false)));
        assert_eq!(at(s.find("match", 8, true)), Some((0, true)));
        assert_eq!(at(s.find("match", 8, false)), Some((4, false)));
        assert_eq!(at(s.find("match", 0, false)), Some((8, true)));
        assert_eq!(s.find("MATCH", 0, true), None);
        assert_eq!(s.find("", 0, true), None);
    }
}
