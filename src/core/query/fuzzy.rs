//! Characters in order, not side by side. A filter needs no score, only whether
//! and where: the shortest stretch that begins at the first way through.

use std::ops::Range;

/// Whether the characters of `needle` come in `text` in this order (smart case).
pub(super) fn matches(needle: &str, text: &str) -> bool {
    let exact = needle.chars().any(char::is_uppercase);
    let mut rest = text.chars();
    needle.chars().all(|n| rest.any(|c| same(n, c, exact)))
}

/// Where they come, as ranges of bytes.
pub(super) fn places(needle: &str, text: &str, out: &mut Vec<Range<usize>>) {
    let exact = needle.chars().any(char::is_uppercase);
    // Forward to find an end, backward from it for the closest beginning.
    let mut end = None;
    let mut rest = text.char_indices();
    for n in needle.chars() {
        let Some((i, c)) = rest.find(|&(_, c)| same(n, c, exact)) else { return };
        end = Some(i + c.len_utf8());
    }
    let mut back = text[..end.unwrap_or(0)].char_indices().rev();
    let from = out.len();
    for n in needle.chars().rev() {
        let Some((i, c)) = back.find(|&(_, c)| same(n, c, exact)) else { break };
        out.push(i..i + c.len_utf8());
    }
    out[from..].reverse();
}

fn same(needle: char, c: char, exact: bool) -> bool {
    needle == c || (!exact && c.to_lowercase().eq(needle.to_lowercase()))
}
