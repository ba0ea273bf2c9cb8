//! What a stream's rows carry: its columns, in the server's or kubectl's order.

use super::value::CellKind;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Where a column's value comes from.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Source {
    /// The object's namespace (row head).
    Namespace,
    /// The object's name (row head).
    Name,
    /// The creation time (row head).
    Created,
    /// The controlling owner as `Kind/name` (row head).
    Owner,
    /// The value of one label (row head).
    Label(Arc<str>),
    /// All labels as `k=v,k=v` (row head).
    Labels,
    /// The value of one annotation: a text in the cell of that index, which rows carry only when asked to.
    Annotation(Arc<str>, u16),
    /// A cell of the stream, by index in [`super::row::Batch`] rows.
    Cell(u16),
    /// A cell that the state joins in from another stream (usage).
    Joined(Joined),
}

/// Values joined to a row from measurements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Joined {
    /// CPU in use (Milli).
    Cpu,
    /// Memory in use (Bytes).
    Mem,
    /// CPU in use, per mille of the requests (pods) or allocatable (nodes).
    CpuOfRequest,
    /// CPU in use, per mille of the limits.
    CpuOfLimit,
    /// Memory in use, per mille of the requests (pods) or allocatable (nodes).
    MemOfRequest,
    /// Memory in use, per mille of the limits.
    MemOfLimit,
    /// Pods bound to the node (Pair with allocatable pods), or in the namespace (Int).
    Pods,
    /// Sum of the CPU requests of the node's or namespace's pods (Milli).
    CpuRequests,
    /// Sum of the memory requests of the node's or namespace's pods (Bytes).
    MemRequests,
}

/// When a column is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Show {
    /// In narrow panes too.
    Always,
    /// Where there is room; a higher number is dropped first.
    Room(u8),
    /// In wide mode only (`kubectl get -o wide`).
    Wide,
    /// Never by itself: there to be chosen, sorted or filtered by.
    Hidden,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// The title, in capitals as kubectl prints it; also its name in filters.
    pub title: Arc<str>,
    /// How to read the cell.
    pub kind: CellKind,
    /// Where the cell is.
    pub source: Source,
    /// When it is shown.
    pub show: Show,
    /// What it means, for help.
    pub doc: Arc<str>,
}

impl Column {
    /// A column as the tables of `kinds` write it.
    #[must_use]
    pub fn new(title: &str, kind: CellKind, source: Source, show: Show, doc: &str) -> Self {
        Self { title: title.into(), kind, source, show, doc: doc.into() }
    }

    /// Numbers stand on the right, text on the left.
    #[must_use]
    pub fn right_aligned(&self) -> bool {
        !matches!(self.kind, CellKind::Text | CellKind::Clock)
    }
}

/// The columns of a stream.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Schema {
    /// In the order kubectl prints them, ours after them.
    pub columns: Vec<Column>,
    /// How many cells a row of a batch carries.
    pub cells: u16,
}

impl Schema {
    /// With columns for these annotations, their cells behind all others.
    #[must_use]
    pub fn with_annotations(mut self, keys: &[Arc<str>]) -> Self {
        for key in keys {
            let source = Source::Annotation(key.clone(), self.cells);
            self.cells += 1;
            self.add_key(key, source, "annotation");
        }
        self
    }

    /// With columns for these labels.
    #[must_use]
    pub fn with_labels(mut self, keys: &[Arc<str>]) -> Self {
        for key in keys {
            self.add_key(key, Source::Label(key.clone()), "label");
        }
        self
    }

    /// Without the columns of labels and annotations: those the kind has by itself.
    #[must_use]
    pub fn without_keys(&self) -> Self {
        let own = |c: &&Column| !matches!(c.source, Source::Label(_) | Source::Annotation(..));
        Self { columns: self.columns.iter().filter(own).cloned().collect(), cells: self.cells }
    }

    fn add_key(&mut self, key: &str, source: Source, what: &str) {
        let title = super::columns::title_for(self, key);
        let doc = format!("The {what} {key}").into();
        self.columns.push(Column { title, kind: CellKind::Text, source, show: Show::Room(0), doc });
    }

    /// The column with that title, case aside.
    #[must_use]
    pub fn find(&self, title: &str) -> Option<usize> {
        self.columns.iter().position(|c| c.title.eq_ignore_ascii_case(title))
    }
}
