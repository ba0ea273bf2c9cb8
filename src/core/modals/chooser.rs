//! The chooser of columns: what a kind can show, what it shows, in which order.

use crate::core::columns::{self, Pick};
use crate::core::kind::Kind;
use crate::core::line::Line;
use crate::core::schema::Schema;
use std::sync::Arc;

/// One column to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Which.
    pub pick: Pick,
    /// What it means.
    pub doc: Arc<str>,
    /// Whether it is shown.
    pub on: bool,
}

/// The chooser.
#[derive(Debug, Clone)]
pub struct Chooser {
    /// Of which kind.
    pub kind: Arc<Kind>,
    /// What narrows the list, or names a label or annotation that is not in it.
    pub line: Line,
    /// All columns; those that are shown stand first, in their order.
    pub entries: Vec<Entry>,
    /// The chosen one, by its place among [`Chooser::found`].
    pub at: usize,
    /// The columns of the kind when nothing is picked.
    pub default: Vec<Pick>,
}

impl Chooser {
    /// A chooser over a schema. `known` are labels that rows have, each with a value.
    #[must_use]
    pub fn new(kind: Arc<Kind>, schema: &Schema, picks: Option<&[Pick]>, known: &[(String, String)]) -> Self {
        let default = columns::by_default(&schema.without_keys());
        let mut out = Self { kind, line: Line::default(), entries: Vec::new(), at: 0, default };
        let on = picks.unwrap_or(&out.default).to_vec();
        let own = schema.columns.iter().map(|c| (Pick::of(c), c.doc.clone()));
        let labels =
            known.iter().map(|(k, v)| (Pick::Label(k.as_str().into()), format!("The label {k}, as in {v}").into()));
        let mut offered: Vec<(Pick, Arc<str>)> = own.chain(labels).collect();
        for pick in on {
            let at = offered.iter().position(|(p, _)| *p == pick);
            let doc = at.map_or_else(|| "Not a column of this kind here".into(), |at| offered.remove(at).1);
            out.entries.push(Entry { pick, doc, on: true });
        }
        for (pick, doc) in offered {
            if out.entries.iter().all(|e| e.pick != pick) {
                out.entries.push(Entry { pick, doc, on: false });
            }
        }
        out
    }

    /// The entries that what is typed leaves, by index.
    #[must_use]
    pub fn found(&self) -> Vec<usize> {
        let typed = self.line.text().trim().to_lowercase();
        let fits = |e: &Entry| {
            typed.is_empty()
                || e.pick.to_string().to_lowercase().contains(&typed)
                || e.doc.to_lowercase().contains(&typed)
        };
        (0..self.entries.len()).filter(|&i| fits(&self.entries[i])).collect()
    }

    /// The label or annotation that is typed, if the list does not have it.
    #[must_use]
    pub fn typed(&self) -> Option<Pick> {
        let pick = Pick::parse(self.line.text()).ok()?;
        let key = matches!(pick, Pick::Label(_) | Pick::Annotation(_));
        (key && self.entries.iter().all(|e| e.pick != pick)).then_some(pick)
    }

    /// What is shown, in order.
    #[must_use]
    pub fn picks(&self) -> Vec<Pick> {
        self.entries.iter().filter(|e| e.on).map(|e| e.pick.clone()).collect()
    }

    /// Shows the chosen column or hides it; one that is typed is added behind those that are shown.
    pub fn toggle(&mut self) {
        if let Some(&i) = self.found().get(self.at) {
            self.entries[i].on = !self.entries[i].on;
        } else if let Some(pick) = self.typed() {
            let at = self.entries.iter().rposition(|e| e.on).map_or(0, |i| i + 1);
            self.entries.insert(at, Entry { pick, doc: "Added here".into(), on: true });
            self.line = Line::default();
            self.at = at;
        }
    }

    /// Moves the chosen column one place up or down. A narrowed list has no neighbours to pass.
    pub fn shift(&mut self, down: bool) {
        let to = if down { self.at + 1 } else { self.at.wrapping_sub(1) };
        if self.line.text().is_empty() && to < self.entries.len() {
            self.entries.swap(self.at, to);
            self.at = to;
        }
    }

    /// Shows what the kind shows by itself.
    pub fn reset(&mut self) {
        for e in &mut self.entries {
            e.on = self.default.contains(&e.pick);
        }
        let rank = |e: &Entry| self.default.iter().position(|p| *p == e.pick).unwrap_or(usize::MAX);
        self.entries.sort_by_key(rank);
        self.at = 0;
    }
}
