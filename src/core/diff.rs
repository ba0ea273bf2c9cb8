//! What differs between two texts, line by line.

/// Whose a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Both have it.
    Both,
    /// Only the old text has it.
    Old,
    /// Only the new text has it.
    New,
}

/// More pairs of lines than this are not compared one by one: what lies between the common beginning
/// and the common end is then told as replaced.
const MOST_PAIRS: usize = 400_000;

/// All lines of both texts in order, each with its side: a longest common subsequence is kept.
#[must_use]
pub fn lines<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<(Side, &'a str)> {
    let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let (old_rest, new_rest) = (&old[head..], &new[head..]);
    let tail = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(a, b)| a == b).count();
    let (a, b) = (&old_rest[..old_rest.len() - tail], &new_rest[..new_rest.len() - tail]);
    let mut out: Vec<_> = old[..head].iter().map(|l| (Side::Both, *l)).collect();
    if a.len().saturating_mul(b.len()) > MOST_PAIRS {
        out.extend(a.iter().map(|l| (Side::Old, *l)));
        out.extend(b.iter().map(|l| (Side::New, *l)));
    } else {
        middle(a, b, &mut out);
    }
    out.extend(old[old.len() - tail..].iter().map(|l| (Side::Both, *l)));
    out
}

fn middle<'a>(a: &[&'a str], b: &[&'a str], out: &mut Vec<(Side, &'a str)>) {
    // The length of the longest common subsequence of what follows each pair of places.
    let wide = b.len() + 1;
    let mut longest = vec![0u32; (a.len() + 1) * wide];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            longest[i * wide + j] = if a[i] == b[j] {
                longest[(i + 1) * wide + j + 1] + 1
            } else {
                longest[(i + 1) * wide + j].max(longest[i * wide + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        if i < a.len() && j < b.len() && a[i] == b[j] {
            out.push((Side::Both, a[i]));
            (i, j) = (i + 1, j + 1);
        } else if j == b.len() || i < a.len() && longest[(i + 1) * wide + j] >= longest[i * wide + j + 1] {
            out.push((Side::Old, a[i]));
            i += 1;
        } else {
            out.push((Side::New, b[j]));
            j += 1;
        }
    }
}

/// A part of a difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part<'a> {
    /// A line.
    Line(Side, &'a str),
    /// So many lines that both have, left out.
    Gap(usize),
}

/// The same with only `around` common lines before and after each difference.
#[must_use]
pub fn folded<'a>(all: &[(Side, &'a str)], around: usize) -> Vec<Part<'a>> {
    let near = |at: usize| {
        let (from, to) = (at.saturating_sub(around), (at + around + 1).min(all.len()));
        all[from..to].iter().any(|(side, _)| *side != Side::Both)
    };
    let mut out = Vec::new();
    for (at, (side, line)) in all.iter().enumerate() {
        if near(at) {
            out.push(Part::Line(*side, line));
        } else if let Some(Part::Gap(n)) = out.last_mut() {
            *n += 1;
        } else {
            out.push(Part::Gap(1));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn told(old: &str, new: &str) -> String {
        let (old, new): (Vec<_>, Vec<_>) = (old.split(' ').collect(), new.split(' ').collect());
        let mark = |(side, line): &(Side, &str)| match side {
            Side::Both => (*line).to_owned(),
            Side::Old => format!("-{line}"),
            Side::New => format!("+{line}"),
        };
        lines(&old, &new).iter().map(mark).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_is_common_is_kept() {
        assert_eq!(told("a b c", "a b c"), "a b c");
        assert_eq!(told("a b c", "a x c"), "a -b +x c");
        assert_eq!(told("a b", "a b c"), "a b +c");
        assert_eq!(told("a b c d", "b d"), "-a b -c d");
        assert_eq!(told("x", "y"), "-x +y");
    }

    #[test]
    fn long_common_runs_are_folded() {
        let all = lines(&["1", "2", "3", "4", "5", "6"], &["1", "2", "3", "x", "5", "6"]);
        let parts = folded(&all, 1);
        assert_eq!(
            parts,
            [
                Part::Gap(2),
                Part::Line(Side::Both, "3"),
                Part::Line(Side::Old, "4"),
                Part::Line(Side::New, "x"),
                Part::Line(Side::Both, "5"),
                Part::Gap(1),
            ]
        );
        assert_eq!(folded(&lines(&["a"], &["a"]), 3), [Part::Gap(1)]);
    }

    proptest! {
        /// Each text is what its side and both sides have, in order.
        #[test]
        fn both_texts_can_be_had_back(old in "[abc]{0,12}", new in "[abc]{0,12}") {
            let split = |s: &str| s.chars().map(|c| c.to_string()).collect::<Vec<_>>();
            let (old, new) = (split(&old), split(&new));
            let (a, b): (Vec<_>, Vec<_>) = (old.iter().map(String::as_str).collect(), new.iter().map(String::as_str).collect());
            let all = lines(&a, &b);
            let of = |other: Side| all.iter().filter(|(s, _)| *s != other).map(|(_, l)| *l).collect::<Vec<_>>();
            prop_assert_eq!(of(Side::New), a);
            prop_assert_eq!(of(Side::Old), b);
        }
    }
}
