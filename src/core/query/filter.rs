//! A query at work.

use super::pattern::Matcher;
use super::{Op, Pattern, Selector, columns, fuzzy};
use crate::core::row::Sym;
use crate::core::schema::{Schema, Source};
use crate::core::store::{RowRef, Store, TextAt};
use crate::core::value::{CellKind, as_count_ago, as_int, as_pair, as_span};
use std::ops::Range;

/// A query bound to a schema. The default one lets every row pass.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub(super) checks: Vec<Check>,
    // Where bare words are looked for: columns, and where their symbols lie.
    searched: Vec<(usize, Option<TextAt>)>,
    name: Option<usize>,
    namespace: Option<usize>,
}

#[derive(Debug, Clone)]
pub(super) struct Check {
    pub negate: bool,
    pub test: Test,
}

#[derive(Debug, Clone)]
pub(super) enum Test {
    // `path`: the pattern, if it may span namespace and name.
    Text { matcher: Matcher, path: Option<Pattern> },
    Fuzzy(String),
    Labels(Selector),
    ColumnText { column: usize, matcher: Matcher },
    ColumnIs { column: usize, text: String },
    PairIs { column: usize, pair: (u32, u32) },
    Number { column: usize, kind: CellKind, op: Op, number: i64 },
}

/// Verdicts on texts during one pass over a store: status and node texts repeat,
/// so each is looked at once, and plain words are looked for in all texts with
/// one search. Valid only while the store does not change.
#[derive(Debug, Default)]
pub struct Memo {
    // One table a check, by symbol.
    verdicts: Vec<Vec<Verdict>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Unknown,
    No,
    Yes,
}

impl Filter {
    pub(super) fn over(schema: &Schema) -> Self {
        let find = |s: &Source| schema.columns.iter().position(|c| c.source == *s);
        Self {
            checks: Vec::new(),
            searched: columns::searched(schema).into_iter().map(|c| (c, TextAt::of(&schema.columns[c]))).collect(),
            name: find(&Source::Name),
            namespace: find(&Source::Namespace),
        }
    }

    /// Whether every row passes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.checks.is_empty()
    }

    /// Whether verdicts change with time alone (terms on ages).
    #[must_use]
    pub fn timed(&self) -> bool {
        let timed =
            |c: &Check| matches!(c.test, Test::Number { kind: CellKind::Age | CellKind::Clock | CellKind::Span, .. });
        self.checks.iter().any(timed)
    }

    /// Whether a row passes. `now` is the API server's clock in Unix milliseconds.
    #[must_use]
    pub fn matches(&self, row: &RowRef<'_>, now: i64) -> bool {
        self.checks.iter().all(|c| c.negate != self.holds(c, row, now, None))
    }

    /// A memo for one pass over this store.
    #[must_use]
    pub fn memo(&self, store: &Store) -> Memo {
        let symbols = store.symbols();
        let table = |c: &Check| match &c.test {
            Test::Text { matcher, .. } | Test::ColumnText { matcher, .. } => match matcher.finder() {
                Some(finder) => {
                    let mut table = vec![Verdict::No; symbols.ids()];
                    symbols.containing(finder, |s| table[s.0 as usize] = Verdict::Yes);
                    for s in symbols.with_capitals() {
                        if matcher.is_in(symbols.text(s)) {
                            table[s.0 as usize] = Verdict::Yes;
                        }
                    }
                    table
                }
                None => vec![Verdict::Unknown; symbols.ids()],
            },
            Test::Labels(_) => vec![Verdict::Unknown; symbols.ids()],
            _ => Vec::new(),
        };
        Memo { verdicts: self.checks.iter().map(table).collect() }
    }

    /// As [`Self::matches`], for many rows of one store.
    #[must_use]
    pub fn matches_in(&self, row: &RowRef<'_>, now: i64, memo: &mut Memo) -> bool {
        let check = |(c, m): (&Check, &mut Vec<Verdict>)| c.negate != self.holds(c, row, now, Some(m));
        self.checks.iter().zip(&mut memo.verdicts).all(check)
    }

    fn holds(&self, check: &Check, row: &RowRef<'_>, now: i64, mut memo: Option<&mut Vec<Verdict>>) -> bool {
        match &check.test {
            Test::Text { matcher, path } => {
                self.searched.iter().any(|&(c, at)| in_column(matcher, row, c, at, memo.as_deref_mut()))
                    || (path.is_some() && matcher.is_in(&format!("{}/{}", row.namespace(), row.name())))
            }
            Test::Fuzzy(t) if t.contains('/') => fuzzy::matches(t, &format!("{}/{}", row.namespace(), row.name())),
            Test::Fuzzy(t) => fuzzy::matches(t, row.name()),
            Test::Labels(s) => remember(memo, Some(row.sym_at(TextAt::Labels)), || s.matches(row.labels())),
            Test::ColumnText { column, matcher } => in_column(matcher, row, *column, row.at(*column), memo),
            Test::ColumnIs { column, text } => row.text(*column) == text,
            Test::PairIs { column, pair } => as_pair(row.cell(*column)) == Some(*pair),
            Test::Number { column, kind, op, number } => {
                measure(*kind, row.cell(*column), now).is_some_and(|v| match op {
                    Op::Has | Op::Eq => v == *number,
                    Op::Less => v < *number,
                    Op::AtMost => v <= *number,
                    Op::More => v > *number,
                    Op::AtLeast => v >= *number,
                })
            }
        }
    }

    /// Where a text of a column matches, in bytes, in order and without overlaps:
    /// what to light.
    #[must_use]
    pub fn highlight(&self, column: usize, text: &str) -> Vec<Range<usize>> {
        let mut all = Vec::new();
        for check in self.checks.iter().filter(|c| !c.negate) {
            match &check.test {
                Test::Text { matcher, path } if self.searched.iter().any(|s| s.0 == column) => {
                    matcher.places(text, &mut all);
                    if let Some(Pattern::Literal(path)) = path {
                        self.path_places(column, path, text, &mut all);
                    }
                }
                Test::ColumnText { column: c, matcher } if *c == column => matcher.places(text, &mut all),
                Test::ColumnIs { column: c, text: t } if *c == column && t == text => all.push(0..text.len()),
                Test::Fuzzy(t) if self.name == Some(column) => fuzzy::places(t, text, &mut all),
                _ => {}
            }
        }
        merged(all)
    }

    // The halves of `shop/cart`, each in its column.
    fn path_places(&self, column: usize, path: &str, text: &str, out: &mut Vec<Range<usize>>) {
        let Some((ns, name)) = path.split_once('/') else { return };
        if Some(column) == self.namespace && text.ends_with(ns) {
            out.push(text.len() - ns.len()..text.len());
        }
        if Some(column) == self.name && text.starts_with(name) {
            out.push(0..name.len());
        }
    }
}

fn in_column(
    matcher: &Matcher,
    row: &RowRef<'_>,
    column: usize,
    at: Option<TextAt>,
    memo: Option<&mut Vec<Verdict>>,
) -> bool {
    remember(memo, at.map(|at| row.sym_at(at)), || matcher.is_in(row.text(column)))
}

fn remember(memo: Option<&mut Vec<Verdict>>, sym: Option<Sym>, look: impl FnOnce() -> bool) -> bool {
    let Some(verdict) = memo.zip(sym).and_then(|(m, s)| m.get_mut(s.0 as usize)) else { return look() };
    if *verdict == Verdict::Unknown {
        *verdict = if look() { Verdict::Yes } else { Verdict::No };
    }
    *verdict == Verdict::Yes
}

// The number people compare with; for moments the time since.
fn measure(kind: CellKind, cell: u64, now: i64) -> Option<i64> {
    match kind {
        CellKind::Age | CellKind::Clock => as_int(cell).map(|at| now.saturating_sub(at)),
        CellKind::Span => as_span(cell, now),
        CellKind::Pair => as_pair(cell).map(|(a, _)| i64::from(a)),
        CellKind::CountAgo => as_count_ago(cell).map(|(n, _)| i64::from(n)),
        _ => as_int(cell),
    }
}

fn merged(mut all: Vec<Range<usize>>) -> Vec<Range<usize>> {
    all.retain(|r| !r.is_empty());
    all.sort_unstable_by_key(|r| (r.start, r.end));
    let mut out: Vec<Range<usize>> = Vec::with_capacity(all.len());
    for r in all {
        match out.last_mut() {
            Some(last) if r.start <= last.end => last.end = last.end.max(r.end),
            _ => out.push(r),
        }
    }
    out
}
