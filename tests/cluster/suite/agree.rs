//! What a pane shows is what kubectl prints, row by row and cell by cell.

use crate::judged::kubectl;
use crate::pty::Program;
use crate::sheet::Sheet;
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

/// Ages go on between two looks.
const AGES: &[&str] = &["AGE", "LAST SEEN", "FIRST SEEN"];
/// What names a row.
const KEY: &[&str] = &["NAMESPACE", "NAME"];

type Cells = BTreeMap<String, String>;

/// A row as it is compared: kubectl's columns, ages aside.
fn comparable(row: &Cells, titles: &[String], aside: &[&str]) -> Cells {
    let kept = titles.iter().filter(|t| !AGES.contains(&t.as_str()) && !aside.contains(&t.as_str()));
    kept.map(|t| (t.clone(), without_age(row.get(t).map_or("(no such column)", String::as_str)))).collect()
}

/// `3 (41s ago)` without the time in it.
fn without_age(cell: &str) -> String {
    match cell.split_once(" (") {
        Some((count, rest)) if rest.ends_with(" ago)") => format!("{count} (ago)"),
        _ => cell.to_owned(),
    }
}

/// Rows by name; a name that is there twice is a fault of its own.
fn by_name(sheet: &Sheet, titles: &[String], aside: &[&str]) -> Result<BTreeMap<String, Cells>, String> {
    let mut out = BTreeMap::new();
    for row in &sheet.rows {
        let name = Sheet::key(row, KEY);
        if out.insert(name.clone(), comparable(row, titles, aside)).is_some() {
            return Err(format!("{name} is there twice"));
        }
    }
    Ok(out)
}

/// What kubectl and the screen agreed on.
pub struct Agreed {
    /// kubectl's rows.
    pub rows: Vec<Cells>,
}

/// Waits until each of kubectl's rows has been on the screen with all its cells, and no other row
/// is there. The cluster lives: kubectl is asked anew until it does not change under our eyes,
/// and a row counts if it was right at any moment since kubectl was asked.
pub fn agree(program: &Program, args: &[&str], aside: &[&str]) -> Agreed {
    let deadline = Instant::now() + Duration::from_secs(120);
    loop {
        let mut before = crate::console::sheet(program);
        let told = Sheet::of_kubectl(&kubectl(args));
        let wanted = by_name(&told, &told.titles, aside).unwrap_or_else(|e| panic!("kubectl {args:?}: {e}"));
        assert!(!wanted.is_empty(), "kubectl {args:?} prints no rows");
        let mut open: BTreeSet<&String> = wanted.keys().collect();
        let mut last = Ok(BTreeMap::new());
        let same = program.look_for(Duration::from_secs(3), |screen| {
            for shown in [std::mem::take(&mut before), Sheet::of_screen(screen)] {
                last = by_name(&shown, &told.titles, aside).map(|mut rows| {
                    open.retain(|name| rows.get(*name) != wanted.get(*name));
                    // The cursor holds the row of what is gone.
                    if let Some(row) = shown.chosen.and_then(|at| shown.rows.get(at)) {
                        let name = Sheet::key(row, KEY);
                        if !wanted.contains_key(&name) {
                            rows.remove(&name);
                        }
                    }
                    rows
                });
            }
            open.is_empty() && last.as_ref().is_ok_and(|shown| shown.keys().eq(wanted.keys()))
        });
        if same {
            eprintln!("{args:?}: {} rows agree in {:?}", wanted.len(), told.titles);
            return Agreed { rows: told.rows };
        }
        assert!(Instant::now() < deadline, "{}", difference(args, &wanted, &last, &open));
    }
}

fn difference(
    args: &[&str],
    wanted: &BTreeMap<String, Cells>,
    shown: &Result<BTreeMap<String, Cells>, String>,
    open: &BTreeSet<&String>,
) -> String {
    use std::fmt::Write as _;
    let mut out = format!("the screen is not as kubectl {args:?}:");
    let shown = match shown {
        Ok(shown) => shown,
        Err(e) => return format!("{out} {e}"),
    };
    for name in open {
        match shown.get(*name) {
            None => _ = write!(out, "\n{name} is missing"),
            Some(cells) => {
                for (title, cell) in &wanted[*name] {
                    if cells.get(title) != Some(cell) {
                        let _ = write!(out, "\n{name} {title}: kubectl {cell:?}, screen {:?}", cells[title]);
                    }
                }
            }
        }
    }
    for name in shown.keys().filter(|name| !wanted.contains_key(*name)) {
        let _ = write!(out, "\n{name} is not in the cluster");
    }
    out
}
