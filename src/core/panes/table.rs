//! A table: the rows of one stream, filtered, sorted, with a cursor that follows its object.

use crate::core::kind::{ClusterId, Kind, Scope, StreamKey};
use crate::core::line::Line;
use crate::core::query::Query;
use crate::core::view::{Cursor, Flash, Marks, View};
use std::sync::Arc;

/// How rows are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// In columns.
    Columns,
    /// Name, value, history and share: the top pane.
    Bars,
}

/// The filter of a table or the search of a text: what counts, and what is being typed.
#[derive(Debug, Clone, Default)]
pub struct Prompt {
    /// The text in force.
    pub text: String,
    /// The editor, while it is open.
    pub line: Option<Line>,
    /// Why what is typed cannot be used; the text in force is then still the last good one.
    pub error: Option<String>,
}

/// A table pane.
#[derive(Debug)]
pub struct TablePane {
    /// Which rows.
    pub key: StreamKey,
    /// What narrowed them, for the title: `n-07`, `deploy/front`.
    pub origin: Option<Arc<str>>,
    /// How they are drawn.
    pub form: Form,
    /// Their order.
    pub view: View,
    /// Where the user is, and which rows are visible.
    pub cursor: Cursor,
    /// Which cells have just changed.
    pub flash: Flash,
    /// What is marked.
    pub marks: Marks,
    /// The object to put the cursor on as soon as it is there: namespace and name.
    pub seek: Option<(Arc<str>, Arc<str>)>,
    /// The filter in force.
    pub query: Query,
    /// What is typed as filter.
    pub filter: Prompt,
    /// Whether wide columns show.
    pub wide: bool,
    /// Columns scrolled off on the left.
    pub left: u16,
    /// The column chosen for sorting, by index in the schema.
    pub chosen: Option<usize>,
    /// Title of the column sorted by, and whether downwards; resolved when the schema is known.
    pub sort: Sort,
    /// Whether only unwell rows show.
    pub faults_only: bool,
    /// Until when the order holds because the cursor moved (Unix ms).
    pub hold_until: i64,
    /// Whether the user froze the order.
    pub frozen: bool,
}

/// A sort order as the user knows it: by title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sort {
    /// The column's title.
    pub title: Arc<str>,
    /// Largest first.
    pub descending: bool,
}

impl TablePane {
    /// A table over a kind.
    #[must_use]
    pub fn new(cluster: ClusterId, kind: Arc<Kind>, scope: Scope) -> Self {
        let sort = default_sort(&kind);
        let scope = if kind.namespaced { scope } else { Scope::All };
        // Newest first: the cursor stays at the head until it is moved.
        let kind_is_events = kind.plural.as_ref() == "events";
        Self {
            key: StreamKey::new(cluster, kind, scope),
            origin: None,
            form: Form::Columns,
            view: View::default(),
            cursor: if kind_is_events { Cursor::riding() } else { Cursor::new() },
            flash: Flash::default(),
            marks: Marks::default(),
            seek: None,
            query: Query::default(),
            filter: Prompt::default(),
            wide: false,
            left: 0,
            chosen: None,
            sort,
            faults_only: false,
            hold_until: 0,
            frozen: false,
        }
    }

    /// The same kind under a selector, named in the title.
    #[must_use]
    pub fn narrowed(mut self, fields: &str, labels: &str, origin: &str) -> Self {
        self.key.fields = fields.into();
        self.key.labels = labels.into();
        self.origin = Some(origin.into());
        self
    }

    /// Looks at other rows with the same columns, order and filter.
    pub fn turn_to(&mut self, key: StreamKey) {
        self.key = key;
        self.view = View::new(self.view.spec().clone());
        self.cursor = Cursor::new();
        self.marks.clear();
    }

    /// Lines between the pane's upper edge and its first row: the border, and titles where there are any.
    #[must_use]
    pub fn lines_above(&self) -> u16 {
        match self.form {
            Form::Columns => 2,
            Form::Bars => 1,
        }
    }

    /// Rows that are visible in a pane of that height.
    #[must_use]
    pub fn rows_in(&self, height: u16) -> usize {
        usize::from(height.saturating_sub(self.lines_above() + 1))
    }

    /// A top pane: usage as bars, the largest first.
    #[must_use]
    pub fn top(mut self) -> Self {
        self.form = Form::Bars;
        self.sort = Sort { title: "MEM".into(), descending: true };
        self
    }
}

/// Events are read newest first, all else by name.
fn default_sort(kind: &Kind) -> Sort {
    let title = match kind.plural.as_ref() {
        "events" => "LAST SEEN",
        _ if kind.namespaced => "NAMESPACE",
        _ => "NAME",
    };
    Sort { title: title.into(), descending: false }
}
