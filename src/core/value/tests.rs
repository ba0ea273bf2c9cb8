use super::*;

const SECOND: i64 = 1_000;
const NOW: i64 = 1_795_262_400_000;

fn shown(kind: CellKind, cell: u64, now: i64) -> String {
    let mut out = String::new();
    write_cell(&mut out, kind, cell, now);
    out
}

#[test]
fn a_span_stands_still_once_it_has_ended_and_counts_until_then() {
    let took = span(75 * SECOND);
    assert_eq!((shown(CellKind::Span, took, NOW), shown(CellKind::Span, took, 0)), ("75s".into(), "75s".into()));
    let since = span_since(NOW - 90 * SECOND);
    assert_eq!(shown(CellKind::Span, since, NOW), "90s");
    assert_eq!(shown(CellKind::Span, since, NOW + 60 * SECOND), "2m30s");
    assert_eq!((as_span(took, NOW), as_span(since, NOW), as_span(NONE, NOW)), (Some(75_000), Some(90_000), None));
    assert_eq!(shown(CellKind::Span, NONE, NOW), "·");
}

#[test]
fn spans_sort_by_their_bits() {
    let all = [span(0), span(5 * SECOND), span(i64::MAX), span_since(NOW), span_since(NOW - 1), span_since(0)];
    assert!(all.is_sorted_by(|a, b| a < b), "{all:?}");
    assert!(all.iter().all(|&c| c != NONE));
}
