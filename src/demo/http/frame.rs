//! The events of a watch, written in the form the client asked for.

use serde_json::json;

use super::super::entry::Entry;
use super::super::kinds::Kind;
use super::super::proto;
use super::super::status::Problem;
use super::super::table::{self, Moment};
use super::accept::Form;
use super::list::Shape;

/// What a watch says of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    Added,
    Modified,
    Deleted,
}

impl What {
    fn word(self) -> &'static str {
        match self {
            Self::Added => "ADDED",
            Self::Modified => "MODIFIED",
            Self::Deleted => "DELETED",
        }
    }
}

/// Writes events one after the other.
#[derive(Debug)]
pub(super) struct Frames {
    kind: &'static Kind,
    shape: Shape,
    /// Table columns come in the first event only.
    headed: bool,
}

impl std::fmt::Debug for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.kind)
    }
}

impl Frames {
    pub(super) fn new(kind: &'static Kind, shape: Shape) -> Self {
        Self { kind, shape, headed: false }
    }

    /// The moment from which ages are counted.
    pub(super) fn at(&mut self, moment: Moment) {
        self.shape.moment = moment;
    }

    pub(super) fn event(&mut self, what: What, entry: &Entry, out: &mut Vec<u8>) {
        if self.shape.form == Form::Protobuf {
            return proto::event(self.kind, what.word(), entry, out);
        }
        Self::open(what.word(), out);
        match self.shape.form {
            Form::Table => {
                let metadata = json!({"resourceVersion": entry.rv().to_string()});
                table::open(self.kind, &metadata, !std::mem::replace(&mut self.headed, true), out);
                table::row(self.kind, entry, self.shape.include, self.shape.moment, out);
                out.extend_from_slice(b"]}");
            }
            Form::Partial => table::partial(&entry.value(), out),
            Form::Json | Form::Protobuf => entry.write_whole(self.kind, out),
        }
        out.extend_from_slice(b"}\n");
    }

    /// A bookmark at `rv`; `end` says that the initial state is complete.
    pub(super) fn bookmark(&mut self, rv: u64, end: bool, out: &mut Vec<u8>) {
        let mut metadata = json!({"resourceVersion": rv.to_string()});
        if end {
            metadata["annotations"] = json!({"k8s.io/initial-events-end": "true"});
        }
        let empty = json!({"metadata": metadata});
        if self.shape.form == Form::Protobuf {
            return proto::bookmark(self.kind, &empty, out);
        }
        Self::open("BOOKMARK", out);
        match self.shape.form {
            Form::Table => {
                let head = json!({"resourceVersion": rv.to_string()});
                table::open(self.kind, &head, !std::mem::replace(&mut self.headed, true), out);
                table::row_of(self.kind, &empty, self.shape.include, self.shape.moment, out);
                out.extend_from_slice(b"]}");
            }
            Form::Partial => table::partial(&empty, out),
            Form::Json | Form::Protobuf => {
                let mut object = json!({"kind": self.kind.kind, "apiVersion": self.kind.api_version()});
                object["metadata"] = empty["metadata"].clone();
                if self.kind.plural == "pods" {
                    object["spec"] = json!({"containers": null});
                    object["status"] = json!({});
                }
                out.extend_from_slice(object.to_string().as_bytes());
            }
        }
        out.extend_from_slice(b"}\n");
    }

    /// The end of a watch: what went wrong.
    pub(super) fn error(&mut self, problem: &Problem, out: &mut Vec<u8>) {
        if self.shape.form == Form::Protobuf {
            return proto::error(&problem.body(), out);
        }
        Self::open("ERROR", out);
        out.extend_from_slice(problem.body().to_string().as_bytes());
        out.extend_from_slice(b"}\n");
    }

    fn open(what: &str, out: &mut Vec<u8>) {
        out.extend_from_slice(format!("{{\"type\":\"{what}\",\"object\":").as_bytes());
    }
}
