//! A query at work.

use super::pattern::Matcher;
use super::{Op, Pattern, Selector, columns, fuzzy};
use crate::core::row::Sym;
use crate::core::schema::{Schema, Source};
use crate::core::store::{RowRef, Store};
use crate::core::value::{CellKind, as_count_ago, as_int, as_pair};
use std::ops::Range;

/// A query bound to a schema. The default one lets every row pass.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub(super) checks: Vec<Check>,
    // Where bare words are looked for.
    searched: Vec<usize>,
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
/// so each is looked at once. Valid only while the store does not change.
#[derive(Debug, Default)]
pub struct Memo {
    // One table a check; 0 unknown, 1 no, 2 yes.
    verdicts: Vec<Vec<u8>>,
}

impl Filter {
    pub(super) fn over(schema: &Schema) -> Self {
        let find = |s: &Source| schema.columns.iter().position(|c| c.source == *s);
        Self {
            checks: Vec::new(),
            searched: columns::searched(schema),
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
        let timed = |c: &Check| matches!(c.test, Test::Number { kind: CellKind::Age | CellKind::Clock, .. });
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
        let remembers = |c: &Check| matches!(c.test, Test::Text { .. } | Test::ColumnText { .. });
        let size = |c: &Check| if remembers(c) { store.symbols().ids() } else { 0 };
        Memo { verdicts: self.checks.iter().map(|c| vec![0; size(c)]).collect() }
    }

    /// As [`Self::matches`], for many rows of one store.
    #[must_use]
    pub fn matches_in(&self, row: &RowRef<'_>, now: i64, memo: &mut Memo) -> bool {
        let check = |(c, m): (&Check, &mut Vec<u8>)| c.negate != self.holds(c, row, now, Some(m));
        self.checks.iter().zip(&mut memo.verdicts).all(check)
    }

    fn holds(&self, check: &Check, row: &RowRef<'_>, now: i64, mut memo: Option<&mut Vec<u8>>) -> bool {
        match &check.test {
            Test::Text { matcher, path } => {
                self.searched.iter().any(|&c| in_column(matcher, row, c, memo.as_deref_mut()))
                    || (path.is_some() && matcher.is_in(&format!("{}/{}", row.namespace(), row.name())))
            }
            Test::Fuzzy(t) if t.contains('/') => fuzzy::matches(t, &format!("{}/{}", row.namespace(), row.name())),
            Test::Fuzzy(t) => fuzzy::matches(t, row.name()),
            Test::Labels(s) => s.matches(row.labels()),
            Test::ColumnText { column, matcher } => in_column(matcher, row, *column, memo),
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
                Test::Text { matcher, path } if self.searched.contains(&column) => {
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

fn in_column(matcher: &Matcher, row: &RowRef<'_>, column: usize, memo: Option<&mut Vec<u8>>) -> bool {
    let known = row.sym(column).zip(memo);
    let Some((Sym(id), memo)) = known else { return matcher.is_in(row.text(column)) };
    let Some(verdict) = memo.get_mut(id as usize) else { return matcher.is_in(row.text(column)) };
    if *verdict == 0 {
        *verdict = 1 + u8::from(matcher.is_in(row.text(column)));
    }
    *verdict == 2
}

// The number people compare with; for moments the time since.
fn measure(kind: CellKind, cell: u64, now: i64) -> Option<i64> {
    match kind {
        CellKind::Age | CellKind::Clock => as_int(cell).map(|at| now.saturating_sub(at)),
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
