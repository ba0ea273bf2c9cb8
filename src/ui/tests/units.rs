//! The small parts: widths, wrapping, words, sparklines.

use crate::core::freshness::Freshness;
use crate::core::role::Symbols;
use crate::ui::width::{clusters, head, tail, width};
use crate::ui::wrap::wrap;
use crate::ui::{spark, words};
use proptest::prelude::*;
use ratatui::buffer::CellWidth;
use unicode_segmentation::UnicodeSegmentation;

#[test]
fn widths_count_clusters() {
    for (text, cells) in
        [("", 0), ("abc", 3), ("日本", 4), ("e\u{301}", 1), ("👩‍👩‍👧", 2), ("a\tb", 3), ("\r\n", 1), ("\u{200b}", 0)]
    {
        assert_eq!(width(text), cells, "{text:?}");
    }
    assert_eq!(head("日本語", 5), ("日本", 4));
    assert_eq!(head("abc", 2), ("ab", 2));
    assert_eq!(tail("日本語", 2), ("本語", 0));
    assert_eq!(tail("日本語", 1), ("本語", 1));
    assert_eq!(tail("abc", 9), ("", 0));
}

proptest! {
    /// The short way finds what the rules of clusters find.
    #[test]
    fn clusters_are_those_of_the_rules(parts in proptest::sample::subsequence(PARTS.repeat(3), 0..24).prop_shuffle()) {
        let text = parts.concat();
        let ruled = text.grapheme_indices(true).map(|(at, g)| if g.contains(char::is_control) { (at, " ", 1) } else { (at, g, g.cell_width()) });
        let ruled: Vec<_> = ruled.filter(|c| c.2 > 0).collect();
        prop_assert_eq!(clusters(&text).collect::<Vec<_>>(), ruled, "{:?}", text);
    }
}

const PARTS: [&str; 22] = [
    "a", " ", "~", "0", "\r", "\n", "\u{7f}", "·", "…", "→", "─", "■", "é", "\u{301}", "\u{fe0f}", "\u{200d}",
    "\u{600}", "日", "👩", "🇩", "\u{1100}", "\u{1161}",
];

#[test]
fn sentences_break_at_blanks_and_long_words_where_they_must() {
    assert_eq!(wrap("no pods in any namespace", 12), ["no pods in", "any", "namespace"]);
    assert_eq!(wrap("abcdefgh", 3), ["abc", "def", "gh"]);
    assert_eq!(wrap("日本語", 1), [""]);
    assert_eq!(wrap("", 5), [""]);
}

#[test]
fn numbers_and_spans_read_easily() {
    let counts = [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")];
    for (n, shown) in counts {
        assert_eq!(words::count(n), shown);
    }
    let spans = [
        (-5, "0 s"),
        (14_000, "14 s"),
        (119_999, "119 s"),
        (120_000, "2 min"),
        (7_200_000, "2 h"),
        (172_800_000, "2 d"),
    ];
    for (ms, shown) in spans {
        assert_eq!(words::span(ms), shown);
    }
}

#[test]
fn a_wait_that_is_over_is_not_counted() {
    let why = crate::core::problem::Problem::Expired;
    let soon = |at| words::freshness(&Freshness::Reconnecting { since: None, at, why: why.clone() }, 10_000).0;
    assert_eq!(soon(12_100).last().map(String::as_str), Some("reconnecting in 3 s"));
    assert_eq!(soon(9_000).last().map(String::as_str), Some("reconnecting"));
}

#[test]
fn sparklines_leave_blanks_where_nothing_was_measured() {
    let s = &Symbols::UNICODE;
    assert_eq!(spark::line(&[1, 5, 8], Some(8), 5, s), "  ▂▆█");
    assert_eq!(spark::line(&[1, 2, 3, 4], Some(40), 2, s), "▂▂");
    assert_eq!(spark::line(&[0, 0], None, 2, s), "▁▁");
    assert_eq!(spark::line(&[], None, 3, s), "   ");
}
