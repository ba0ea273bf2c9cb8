//! From pieces of an answer to rows: a reader for each form the server may choose.

use super::outbox::Outbox;
use crate::core::kind::Kind;
use crate::core::schema::Schema;
use crate::core::stream::StreamEvent;
use crate::core::uid::Uid;
use crate::kinds::table::{ACCEPT, Table, is_table, unpack};
use crate::kinds::wire::Piece;
use crate::kinds::wire::{Encoding, EventKind, json_head, proto_head};
use crate::kinds::{DecodeError, OfPods, Spec, annotations, of_pods, spec};
use std::collections::HashMap;
use std::sync::Arc;

/// Kinds with a reader of their own.
const PROTOBUF: &str = "application/vnd.kubernetes.protobuf,application/json";
const JSON: &str = "application/json";

enum Reader {
    Spec(&'static Spec, bool),
    Table(Option<Table>, bool),
    /// Whole objects from a server that makes no Tables.
    Plain(Table, bool),
    OfPods(&'static OfPods, Known),
}

/// The rows of each pod that was read.
type Known = HashMap<Uid, Vec<Uid>>;

/// Reads the rows of one stream.
pub(super) struct Rows {
    reader: Reader,
    /// Annotations that are columns.
    annotations: Arc<[Arc<str>]>,
    schema: Option<Arc<Schema>>,
}

impl Rows {
    pub fn new(kind: &Kind, annotations: &Arc<[Arc<str>]>) -> Self {
        let reader = match (of_pods(&kind.plural), spec(&kind.group, &kind.plural)) {
            (Some(made), _) if kind.group.is_empty() => Reader::OfPods(made, Known::new()),
            (_, Some(spec)) => Reader::Spec(spec, spec.proto.is_some()),
            (_, None) => Reader::Table(None, kind.namespaced),
        };
        Self { reader, annotations: annotations.clone(), schema: None }
    }

    /// What to accept.
    pub fn accept(&self) -> &'static str {
        match &self.reader {
            Reader::Spec(_, true) => PROTOBUF,
            Reader::Spec(_, false) | Reader::OfPods(..) => JSON,
            Reader::Table(..) | Reader::Plain(..) => ACCEPT,
        }
    }

    /// What a Table's rows carry of their objects.
    pub fn parameters(&self) -> &'static str {
        let table = matches!(self.reader, Reader::Table(..) | Reader::Plain(..));
        if table { "&includeObject=Metadata" } else { "" }
    }

    /// Protobuf made no sense here.
    pub fn no_protobuf(&mut self) {
        if let Reader::Spec(_, proto) = &mut self.reader {
            *proto = false;
        }
    }

    /// A list begins.
    pub fn begin(&mut self) {
        if let Reader::OfPods(_, known) = &mut self.reader {
            known.clear();
        }
    }

    /// The columns must be told before the first row, also when there is none.
    pub fn introduce(&mut self, outbox: &mut Outbox) {
        let schema = match &self.reader {
            Reader::Spec(spec, _) => Some((spec.schema)()),
            Reader::OfPods(made, _) => Some((made.schema)()),
            Reader::Table(table, _) => table.as_ref().map(|t| t.schema().clone()),
            Reader::Plain(table, _) => Some(table.schema().clone()),
        };
        if let Some(schema) = schema.map(|s| s.with_annotations(&self.annotations))
            && self.schema.as_deref() != Some(&schema)
        {
            let schema = Arc::new(schema);
            self.schema = Some(schema.clone());
            outbox.push(StreamEvent::Schema(schema));
        }
    }

    /// The columns of a Table.
    pub fn columns(&mut self, bytes: &[u8], outbox: &mut Outbox) -> Result<(), DecodeError> {
        if let Reader::Table(_, namespaced) | Reader::Plain(_, namespaced) = self.reader {
            self.reader = Reader::Table(Some(Table::new(bytes, namespaced)?), namespaced);
            self.introduce(outbox);
        }
        Ok(())
    }

    /// Objects came where a Table was asked for: name and age is what can be told of them.
    fn plain(&mut self, namespaced: bool, outbox: &mut Outbox) {
        self.reader = Reader::Plain(Table::plain(namespaced), namespaced);
        self.introduce(outbox);
    }

    /// One object of a list, or one row of a Table.
    pub fn item(&mut self, encoding: Encoding, bytes: &[u8], outbox: &mut Outbox) -> Result<(), DecodeError> {
        if let Reader::Table(None, namespaced) = self.reader {
            self.plain(namespaced, outbox);
        }
        match &mut self.reader {
            Reader::Spec(spec, _) => drop(decode(spec, encoding, bytes, outbox)?),
            Reader::Table(Some(table), _) => drop(table.row(bytes, outbox.batch())?),
            Reader::Table(None, _) => return Err(DecodeError::new("rows before their columns", "Table")),
            Reader::Plain(table, _) => drop(table.object(bytes, outbox.batch())?),
            Reader::OfPods(made, known) => return pod(made, known, bytes, outbox),
        }
        annotations::add(encoding, bytes, &self.annotations, outbox.last())
    }

    /// A change of one object. Returns the version it brings, for streams without bookmarks.
    pub fn event(
        &mut self,
        encoding: Encoding,
        kind: EventKind,
        bytes: &[u8],
        outbox: &mut Outbox,
    ) -> Result<Option<String>, DecodeError> {
        if let Reader::Table(None, namespaced) = self.reader
            && !is_table(bytes)
        {
            self.plain(namespaced, outbox);
        }
        match &mut self.reader {
            Reader::Table(..) => {
                let mut version = None;
                unpack(bytes, &mut |piece: Piece<'_>| {
                    match piece {
                        Piece::Columns(columns) => self.columns(columns, outbox)?,
                        Piece::Item(row) => {
                            self.item(encoding, row, outbox)?;
                            if kind == EventKind::Deleted {
                                outbox.undo_put();
                            }
                        }
                        Piece::Meta { resource_version, .. } => version = Some(resource_version.to_owned()),
                        _ => {}
                    }
                    Ok(())
                })?;
                Ok(version.filter(|v| !v.is_empty()))
            }
            Reader::Plain(..) => {
                let head = json_head(bytes)?;
                match kind {
                    EventKind::Deleted => outbox.batch().gone(head.uid),
                    EventKind::Added | EventKind::Modified => self.item(encoding, bytes, outbox)?,
                }
                Ok(Some(head.resource_version))
            }
            Reader::OfPods(_, known) if kind == EventKind::Deleted => {
                let head = json_head(bytes)?;
                for uid in known.remove(&head.uid).unwrap_or_default() {
                    outbox.batch().gone(uid);
                }
                Ok(Some(head.resource_version))
            }
            Reader::OfPods(made, known) => {
                pod(made, known, bytes, outbox)?;
                Ok(Some(json_head(bytes)?.resource_version))
            }
            Reader::Spec(..) => {
                let head = match encoding {
                    Encoding::Json => json_head(bytes)?,
                    Encoding::Protobuf => proto_head(bytes)?,
                };
                match kind {
                    EventKind::Deleted => outbox.batch().gone(head.uid),
                    EventKind::Added | EventKind::Modified => self.item(encoding, bytes, outbox)?,
                }
                Ok(Some(head.resource_version))
            }
        }
    }
}

fn decode(spec: &Spec, encoding: Encoding, bytes: &[u8], outbox: &mut Outbox) -> Result<Uid, DecodeError> {
    match (encoding, spec.proto) {
        (Encoding::Json, _) => (spec.json)(bytes, outbox.batch()),
        (Encoding::Protobuf, Some(proto)) => proto(bytes, outbox.batch()),
        (Encoding::Protobuf, None) => Err(DecodeError::new("protobuf that was not asked for", spec.plural)),
    }
}

/// A pod's rows; those that were there before and are not any more go.
fn pod(made: &OfPods, known: &mut Known, bytes: &[u8], outbox: &mut Outbox) -> Result<(), DecodeError> {
    let (pod, now) = (made.read)(bytes, outbox.batch())?;
    for gone in known.remove(&pod).unwrap_or_default().iter().filter(|c| !now.contains(c)) {
        outbox.batch().gone(*gone);
    }
    if !now.is_empty() {
        known.insert(pod, now);
    }
    Ok(())
}
