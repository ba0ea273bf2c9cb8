//! Breaking sentences into lines.

use super::width::{head, width};

/// Lines of at most `max` cells, broken at blanks where there are any.
pub fn wrap(text: &str, max: u16) -> Vec<String> {
    let max = max.max(1);
    let mut lines: Vec<String> = vec![String::new()];
    // The cells of the last line.
    let mut line = 0_u16;
    for mut word in text.split_whitespace() {
        loop {
            let gap = u16::from(line > 0);
            let with = line.saturating_add(gap).saturating_add(width(word));
            if with <= max {
                if let Some(last) = lines.last_mut() {
                    last.push_str(&" "[..usize::from(gap)]);
                    last.push_str(word);
                }
                line = with;
                break;
            }
            if line > 0 {
                lines.push(String::new());
                line = 0;
                continue;
            }
            // A word longer than a line is cut where it must be.
            let (part, used) = head(word, max);
            if used == 0 {
                break;
            }
            if let Some(last) = lines.last_mut() {
                last.push_str(part);
            }
            line = used;
            word = &word[part.len()..];
            if word.is_empty() {
                break;
            }
            lines.push(String::new());
            line = 0;
        }
    }
    lines
}
