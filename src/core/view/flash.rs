//! Cells in sight that have just changed, to be lit once. Bounded by what is on screen: of rows
//! that are not in sight nothing is kept, so that scrolling lights nothing.

use crate::core::schema::{Column, Joined, Schema, Source};
use crate::core::store::{Mark, RowId, RowRef, Store, is_text};
use hashbrown::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

/// How long a cell is lit (ms): until the next tick of the screen, so that it costs no frame of its own.
const LIT_MS: i64 = 900;

/// What was seen of the rows in sight, and which cells are lit.
#[derive(Debug, Default)]
pub struct Flash {
    looked: Option<Looked>,
    seen: HashMap<RowId, Box<[u64]>>,
    lit: HashSet<(RowId, usize)>,
    until: i64,
}

// When nothing of this has changed, no cell has.
#[derive(Debug, PartialEq, Eq)]
struct Looked {
    epoch: u32,
    mark: Mark,
    rows: Vec<RowId>,
}

impl Flash {
    /// Compares the rows in sight with what they were. `now` is the local clock (Unix ms).
    pub fn follow(&mut self, store: &Store, rows: Vec<RowId>, now: i64) {
        if now >= self.until {
            self.lit.clear();
        }
        let looked = Looked { epoch: store.epoch(), mark: store.mark(), rows };
        if self.looked.as_ref() == Some(&looked) {
            return;
        }
        if self.looked.as_ref().is_some_and(|l| l.epoch != looked.epoch) {
            (self.seen, self.lit) = Default::default();
        }
        let schema = store.schema();
        let mut seen = HashMap::with_capacity(looked.rows.len());
        for row in looked.rows.iter().filter_map(|id| store.get(*id)) {
            let cells = cells(&row, schema);
            if let Some(old) = self.seen.get(&row.id()) {
                for column in (0..cells.len()).filter(|c| old.get(*c) != cells.get(*c)) {
                    self.lit.insert((row.id(), column));
                    self.until = now + LIT_MS;
                }
            }
            seen.insert(row.id(), cells);
        }
        self.seen = seen;
        self.looked = Some(looked);
    }

    /// Whether a column of a row is lit.
    #[must_use]
    pub fn lit(&self, row: RowId, column: usize) -> bool {
        !self.lit.is_empty() && self.lit.contains(&(row, column))
    }
}

fn cells(row: &RowRef<'_>, schema: &Schema) -> Box<[u64]> {
    schema.columns.iter().enumerate().map(|(i, c)| if tells(c) { value(row, i, c) } else { 0 }).collect()
}

// A measurement is another one each time, and an age goes by: neither is a change of the object.
fn tells(column: &Column) -> bool {
    !matches!(
        column.source,
        Source::Created
            | Source::Joined(
                Joined::Cpu
                    | Joined::Mem
                    | Joined::CpuOfRequest
                    | Joined::CpuOfLimit
                    | Joined::MemOfRequest
                    | Joined::MemOfLimit
            )
    )
}

fn value(row: &RowRef<'_>, index: usize, column: &Column) -> u64 {
    match row.sym(index) {
        Some(sym) => u64::from(sym.0),
        None if is_text(&column.source, column.kind) => {
            let mut hasher = DefaultHasher::new();
            row.text(index).hash(&mut hasher);
            hasher.finish()
        }
        None => row.cell(index),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::store::fixture::{CPU, RESTARTS, STATUS, pod, puts, store};
    use crate::core::value::int;

    fn rows(store: &Store) -> Vec<RowId> {
        store.rows().map(|r| r.id()).collect()
    }

    #[test]
    fn a_changed_cell_is_lit_once_and_its_neighbours_are_not() {
        let mut pods = vec![pod(1, "a", "x"), pod(2, "a", "y")];
        let mut s = store(&pods);
        let mut flash = Flash::default();
        flash.follow(&s, rows(&s), 0);
        assert!(flash.lit.is_empty(), "what is new has not changed");
        pods[0].status = "Error".into();
        s.apply(puts(&pods));
        flash.follow(&s, rows(&s), 100);
        let (x, y) = (rows(&s)[0], rows(&s)[1]);
        assert!(flash.lit(x, STATUS) && !flash.lit(x, RESTARTS) && !flash.lit(y, STATUS));
        flash.follow(&s, rows(&s), 100 + LIT_MS - 1);
        assert!(flash.lit(x, STATUS));
        flash.follow(&s, rows(&s), 100 + LIT_MS);
        assert!(!flash.lit(x, STATUS));
    }

    #[test]
    fn measurements_and_rows_that_scroll_into_sight_light_nothing() {
        let mut pods = vec![pod(1, "a", "x"), pod(2, "a", "y")];
        let mut s = store(&pods);
        let all = rows(&s);
        let mut flash = Flash::default();
        flash.follow(&s, vec![all[0]], 0);
        s.set_joined(all[0], &[(Joined::Cpu, int(5))]);
        pods[1].status = "Error".into();
        s.apply(puts(&pods[1..]));
        flash.follow(&s, all.clone(), 1);
        assert!(!flash.lit(all[0], CPU) && flash.lit.is_empty());
        assert_eq!(flash.seen.len(), 2);
        flash.follow(&s, Vec::new(), 2);
        assert!(flash.seen.is_empty(), "nothing is kept of what is not in sight");
    }
}
