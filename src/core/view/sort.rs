//! The order of rows: a 64-bit key that settles most comparisons, and the full
//! comparison behind it.

use super::order::Entry;
use crate::core::schema::{Schema, Source};
use crate::core::store::{RowRef, Store, is_text};
use crate::core::value::{CellKind, NONE};
use std::cmp::Ordering;

/// One column to sort by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SortBy {
    /// Index in the schema.
    pub column: usize,
    /// From the greatest down. Ages ascend from the youngest.
    pub descending: bool,
}

#[derive(Debug, Clone, Copy)]
struct Bound {
    column: usize,
    text: bool,
    // Whether the value of a row can never change.
    fixed: bool,
    // Whether greater values come first. For moments shown as ages the youngest is the smallest age.
    flip: bool,
}

/// Sort columns bound to a schema. What is missing (no value, no text, kubectl's
/// `<none>`) comes last in both directions; equals stand by namespace, name, uid.
#[derive(Debug, Clone, Default)]
pub(super) struct Sorter {
    by: Vec<Bound>,
}

impl Sorter {
    /// Columns the schema does not have are left out.
    pub fn bind(sort: &[SortBy], schema: &Schema) -> Self {
        let bind = |s: &SortBy| {
            let c = schema.columns.get(s.column)?;
            let text = is_text(&c.source, c.kind);
            let fixed = matches!(c.source, Source::Namespace | Source::Name);
            Some(Bound { column: s.column, text, fixed, flip: s.descending ^ (!text && c.kind == CellKind::Age) })
        };
        let namespace = |s: &SortBy| schema.columns.get(s.column).is_some_and(|c| c.source == Source::Namespace);
        match sort {
            // What settles ties anyway.
            [one] if !one.descending && namespace(one) => Self::default(),
            _ => Self { by: sort.iter().filter_map(bind).collect() },
        }
    }

    /// The row's key: rows with a smaller one come first, rows with the same one need [`Self::compare`].
    pub fn key(&self, row: &RowRef<'_>) -> u64 {
        let Some(first) = self.by.first() else {
            let ns = row.namespace();
            return prefix(if ns.is_empty() { row.name() } else { ns });
        };
        let missing;
        let bits = if first.text {
            let text = row.text(first.column);
            missing = present(text).is_none();
            prefix(text)
        } else {
            let cell = row.cell(first.column);
            missing = cell == NONE;
            cell
        };
        match (missing, first.flip) {
            (true, _) => NONE,
            (false, true) => !bits,
            (false, false) => bits,
        }
    }

    /// Whether an unchanged key means that the row stands where it stood: the key
    /// is the whole value, and what settles ties cannot change.
    pub fn exact(&self, row: &RowRef<'_>) -> bool {
        match self.by.as_slice() {
            [] => true,
            [one] => one.fixed || !one.text || row.text(one.column).len() < 8,
            _ => false,
        }
    }

    /// The whole comparison.
    pub fn compare(&self, a: &RowRef<'_>, b: &RowRef<'_>) -> Ordering {
        for by in &self.by {
            let same = || a.sym(by.column).is_some_and(|x| b.sym(by.column) == Some(x));
            let order = if by.text && same() {
                Ordering::Equal
            } else if by.text {
                missing_last(present(a.text(by.column)), present(b.text(by.column)), by.flip)
            } else {
                let cell = |row: &RowRef<'_>| Some(row.cell(by.column)).filter(|&c| c != NONE);
                missing_last(cell(a), cell(b), by.flip)
            };
            if order != Ordering::Equal {
                return order;
            }
        }
        tie(a, b)
    }

    /// Sorts many entries: by key first, then each run of one key by texts that are fetched only once.
    pub fn sort(&self, store: &Store, entries: &mut [Entry]) {
        entries.sort_unstable_by_key(|e| e.key);
        for run in entries.chunk_by_mut(|a, b| a.key == b.key).filter(|run| run.len() > 1) {
            self.sort_ties(store, run);
        }
    }

    fn sort_ties(&self, store: &Store, run: &mut [Entry]) {
        let fetch = |e: &Entry| {
            let row = store.peek(e.row)?;
            let first = self.by.first().filter(|by| by.text).map_or("", |by| row.text(by.column));
            Some(Fetched {
                entry: *e,
                first,
                namespace: row.namespace(),
                name: row.name(),
                order: row.name_order(),
                row,
            })
        };
        let mut fetched: Vec<Fetched<'_>> = run.iter().filter_map(fetch).collect();
        if fetched.len() < run.len() {
            return;
        }
        let flip = self.by.first().is_some_and(|by| by.flip);
        match self.by.as_slice() {
            // One column of numbers that are all the same, or none.
            [] | [Bound { text: false, .. }] => fetched.sort_unstable_by(Fetched::tie),
            [_] => fetched
                .sort_unstable_by(|a, b| missing_last(present(a.first), present(b.first), flip).then_with(|| a.tie(b))),
            _ => fetched.sort_unstable_by(|a, b| self.compare(&a.row, &b.row)),
        }
        for (to, from) in run.iter_mut().zip(&fetched) {
            *to = from.entry;
        }
    }
}

// What comparing ties takes, side by side.
struct Fetched<'a> {
    entry: Entry,
    first: &'a str,
    namespace: &'a str,
    name: &'a str,
    order: Option<u32>,
    row: RowRef<'a>,
}

impl Fetched<'_> {
    fn tie(&self, other: &Self) -> Ordering {
        if let (Some(x), Some(y)) = (self.order, other.order) {
            return x.cmp(&y);
        }
        self.namespace
            .cmp(other.namespace)
            .then_with(|| self.name.cmp(other.name))
            .then_with(|| tie(&self.row, &other.row))
    }
}

fn tie(a: &RowRef<'_>, b: &RowRef<'_>) -> Ordering {
    if let (Some(x), Some(y)) = (a.name_order(), b.name_order()) {
        return x.cmp(&y);
    }
    a.namespace()
        .cmp(b.namespace())
        .then_with(|| a.name().cmp(b.name()))
        .then_with(|| a.uid().cmp(&b.uid()))
        .then_with(|| a.id().cmp(&b.id()))
}

fn missing_last<T: Ord>(a: Option<T>, b: Option<T>, flip: bool) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) if flip => b.cmp(&a),
        (Some(a), Some(b)) => a.cmp(&b),
        (a, b) => b.is_some().cmp(&a.is_some()),
    }
}

fn present(text: &str) -> Option<&str> {
    (!text.is_empty() && text != "<none>").then_some(text)
}

// The first eight bytes, so that numeric order is byte order.
fn prefix(text: &str) -> u64 {
    let mut b = [0; 8];
    let n = text.len().min(8);
    b[..n].copy_from_slice(&text.as_bytes()[..n]);
    u64::from_be_bytes(b)
}
