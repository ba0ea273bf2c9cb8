//! The server's own Table, for every kind without an entry in
//! [`KINDS`](super::KINDS), CRDs too: its columns become a schema, its rows
//! become rows. Ask for it with `includeObject=Metadata`: a row's identity,
//! age, owner and labels come from its object.

mod cell;

use super::columns::Columns;
use super::error::DecodeError;
use super::meta::Meta;
use super::text::{List, Str, or_default};
use super::wire::{JsonList, Piece, Sink};
use crate::core::health::Health;
use crate::core::row::Batch;
use crate::core::schema::{Schema, Show, Source};
use crate::core::uid::Uid;
use crate::core::value::CellKind;
use cell::Cell;

/// What to ask for: Tables, and plain lists from servers (aggregated ones) that know none.
/// An answer whose items come before any columns is such a list: see [`Table::plain`].
pub const ACCEPT: &str = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

/// The columns of a Table, ready to read its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    schema: Schema,
    // For each cell of the wire: where it goes in our row, if anywhere.
    cells: Vec<Option<CellKind>>,
    // The cell whose "False" says that the object is not ready.
    ready: Option<usize>,
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
struct Definition<'a> {
    #[serde(borrow)]
    name: Str<'a>,
    #[serde(borrow, rename = "type")]
    kind: Str<'a>,
    #[serde(borrow)]
    format: Str<'a>,
    #[serde(borrow)]
    description: Str<'a>,
    priority: i64,
}

impl Definition<'_> {
    // Built-in kinds call it a string, CRDs a date; both describe it by the field.
    fn is_age(&self) -> bool {
        self.name.eq_ignore_ascii_case("age")
            && (self.description.is_empty() || self.description.to_ascii_lowercase().contains("creationtimestamp"))
    }

    fn doc(&self) -> String {
        let first = self.description.split(['\n', '.']).next().unwrap_or_default();
        // A CRD's own words end in a path, whose dots are no sentence ends.
        let doc =
            if self.description.starts_with("Custom resource definition column") { &*self.description } else { first };
        if self.kind == "date" { format!("{doc} (as of the object's last change)") } else { doc.to_owned() }
    }
}

impl Table {
    /// Reads `columnDefinitions`, a JSON array (what [`Piece::Columns`] holds).
    ///
    /// # Errors
    /// Not such an array.
    pub fn new(definitions: &[u8], namespaced: bool) -> Result<Self, DecodeError> {
        let all: List<Definition<'_>> =
            serde_json::from_slice(definitions).map_err(|e| DecodeError::json("Table columns", &e))?;
        let mut columns = if namespaced { Columns::namespaced() } else { Columns::clustered() };
        let mut cells = Vec::with_capacity(all.len());
        let mut ready = None;
        for (i, d) in all.iter().enumerate() {
            let title = d.name.to_uppercase();
            let kind = if d.kind == "integer" { CellKind::Int } else { CellKind::Text };
            let place = u8::try_from(i + 2).unwrap_or(u8::MAX);
            let show = if d.priority > 0 { Show::Wide } else { Show::Room(place) };
            let (kind, source, show) = match () {
                () if d.format == "name" && d.priority == 0 => (CellKind::Text, Some(Source::Name), Show::Always),
                () if d.format == "name" => (CellKind::Text, Some(Source::Name), show),
                () if d.is_age() => (CellKind::Age, Some(Source::Created), Show::Room(1)),
                () => (kind, None, show),
            };
            cells.push(source.is_none().then_some(kind));
            if title == "READY" && source.is_none() && kind == CellKind::Text {
                ready = Some(i);
            }
            columns = match source {
                Some(source) => columns.add(&title, kind, source, show, &d.doc()),
                None => columns.cell(&title, kind, show, &d.doc()),
            };
        }
        Ok(Self { schema: columns.done(), cells, ready })
    }

    /// The columns of a kind whose server makes no Tables: name and age, as kubectl prints it.
    #[must_use]
    pub fn plain(namespaced: bool) -> Self {
        let columns = if namespaced { Columns::namespaced() } else { Columns::clustered() };
        Self { schema: columns.name().age().done(), cells: Vec::new(), ready: None }
    }

    /// Reads a whole object of a kind whose server makes no Tables.
    ///
    /// # Errors
    /// Not an object with a name.
    pub fn object(&self, object: &[u8], batch: &mut Batch) -> Result<Uid, DecodeError> {
        let object: Object<'_> = serde_json::from_slice(object).map_err(|e| DecodeError::json("object", &e))?;
        self.add(&Row { object, ..Row::default() }, "object", batch)
    }

    /// The columns.
    #[must_use]
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// Reads one row (what [`Piece::Item`] holds) and adds it to a batch.
    ///
    /// # Errors
    /// Not a row, or one without its object's metadata.
    pub fn row(&self, row: &[u8], batch: &mut Batch) -> Result<Uid, DecodeError> {
        let row: Row<'_> = serde_json::from_slice(row).map_err(|e| DecodeError::json("Table row", &e))?;
        self.add(&row, "Table row; ask with includeObject=Metadata", batch)
    }

    fn add(&self, row: &Row<'_>, place: &str, batch: &mut Batch) -> Result<Uid, DecodeError> {
        let meta = &row.object.metadata;
        if meta.name.is_empty() {
            return Err(DecodeError::new("no name", place));
        }
        let head = meta.head(self.health(row), batch);
        let mut cells = Vec::with_capacity(usize::from(self.schema.cells));
        for (i, kind) in self.cells.iter().enumerate() {
            let Some(kind) = kind else { continue };
            let cell = row.cells.get(i).unwrap_or(&Cell::Null);
            cells.push(if *kind == CellKind::Int { cell.int() } else { cell.text(batch) });
        }
        batch.put(head, &cells);
        Ok(head.uid)
    }

    // What can be told of any kind: the server's own mark, deletion, and a column READY that says no.
    fn health(&self, row: &Row<'_>) -> Health {
        let completed = row.conditions.iter().find(|c| c.kind == "Completed" && c.status == "True");
        let unready = || {
            self.ready
                .and_then(|i| row.cells.get(i))
                .is_some_and(|c| matches!(c, Cell::Text(t) if t == "False") || matches!(c, Cell::Bool(false)))
        };
        match completed.map(|c| &*c.reason) {
            Some("Failed") => Health::Bad,
            Some(_) => Health::Done,
            None if row.object.metadata.deleting() => Health::Busy,
            None if unready() => Health::Warn,
            None => Health::Ok,
        }
    }
}

/// Takes apart a Table that is in memory (the object of a watch event) into the pieces of a
/// Table list: columns where it has them (only the first event of a watch does), then rows.
///
/// # Errors
/// Not a Table, or what the sink returns.
pub fn unpack(object: &[u8], sink: &mut impl Sink) -> Result<(), DecodeError> {
    let mut list = JsonList::default();
    list.feed(object, &mut |piece: Piece<'_>| sink(piece))?;
    list.finish()
}

/// Whether the object of a watch event is a Table. A server that makes none sends the object itself.
#[must_use]
pub fn is_table(object: &[u8]) -> bool {
    #[derive(serde::Deserialize)]
    struct Typed<'a> {
        #[serde(borrow, default)]
        kind: Str<'a>,
    }
    serde_json::from_slice::<Typed<'_>>(object).is_ok_and(|t| &*t.kind == "Table")
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
struct Row<'a> {
    #[serde(borrow)]
    cells: List<Cell<'a>>,
    #[serde(borrow)]
    conditions: List<Mark<'a>>,
    #[serde(borrow, deserialize_with = "or_default")]
    object: Object<'a>,
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
struct Mark<'a> {
    #[serde(borrow, rename = "type")]
    kind: Str<'a>,
    #[serde(borrow)]
    status: Str<'a>,
    #[serde(borrow)]
    reason: Str<'a>,
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
struct Object<'a> {
    #[serde(borrow, deserialize_with = "or_default")]
    metadata: Meta<'a>,
}

#[cfg(test)]
mod tests;
