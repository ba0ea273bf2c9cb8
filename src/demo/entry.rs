//! A stored object: encoded JSON with what selectors ask for beside it.
//!
//! Objects are kept as the bytes a client reads, so lists and watches copy instead of encoding, and 150 pods cost a
//! megabyte, not ten. The pods of a big cluster are kept as stamps (see `big`), a few dozen bytes each.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use serde_json::Value;

use super::big::Stamp;
use super::kinds::{KINDS, Kind, KindId};
use super::object::{at, condition, list, map, text};

/// An object whose JSON is at hand.
#[derive(Debug)]
pub(crate) struct Doc {
    json: Box<str>,
    rv: u64,
    labels: Box<[(Box<str>, Box<str>)]>,
    fields: Box<[Box<str>]>,
    facts: Facts,
    /// The tree, kept when somebody asked for it to be shared.
    tree: OnceLock<Value>,
}

/// What controllers ask of many objects, so that they need not parse each.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Facts {
    /// The uids of the owners.
    pub(crate) owners: Vec<Box<str>>,
    /// What a pod asks for: cores and bytes.
    pub(crate) asks: (f64, f64),
    /// The condition Ready is True.
    pub(crate) ready: bool,
    /// It is being deleted.
    pub(crate) ending: bool,
}

impl Facts {
    fn of(kind: &Kind, object: &Value) -> Self {
        let owners = list(object, "metadata/ownerReferences").iter().map(|o| text(o, "uid").into()).collect();
        Self {
            owners,
            asks: if kind.plural == "pods" { super::life::scheduler::asks(object) } else { (0.0, 0.0) },
            ready: condition(object, "Ready") == "True",
            ending: !text(object, "metadata/deletionTimestamp").is_empty(),
        }
    }
}

/// An object in the store; cloning is cheap.
#[derive(Debug, Clone)]
pub(crate) enum Entry {
    Full(Arc<Doc>),
    Stamped(Stamp),
}

impl Entry {
    /// Encodes an object (which carries its resourceVersion already).
    pub(crate) fn new(kind: &Kind, object: &Value) -> Self {
        let rv = text(object, "metadata/resourceVersion").parse().unwrap_or(0);
        let labels = map(object, "metadata/labels").into_iter().flatten();
        let labels = labels.map(|(k, v)| (k.as_str().into(), v.as_str().unwrap_or("").into())).collect();
        let fields = kind.fields.iter().map(|(_, path)| plain(at(object, path)).into()).collect();
        Self::Full(Arc::new(Doc {
            json: object.to_string().into_boxed_str(),
            rv,
            labels,
            fields,
            facts: Facts::of(kind, object),
            tree: OnceLock::new(),
        }))
    }

    pub(crate) fn rv(&self) -> u64 {
        match self {
            Self::Full(doc) => doc.rv,
            Self::Stamped(stamp) => stamp.rv(),
        }
    }

    pub(crate) fn label(&self, key: &str) -> Option<String> {
        match self {
            Self::Full(doc) => doc.labels.iter().find(|(k, _)| &**k == key).map(|(_, v)| v.to_string()),
            Self::Stamped(stamp) => stamp.label(key),
        }
    }

    /// All its labels.
    pub(crate) fn labels(&self) -> Box<dyn Iterator<Item = (&str, &str)> + '_> {
        match self {
            Self::Full(doc) => Box::new(doc.labels.iter().map(|(k, v)| (&**k, &**v))),
            Self::Stamped(stamp) => Box::new(stamp.labels()),
        }
    }

    /// The value of the kind's `index`th selectable field.
    pub(crate) fn field(&self, index: usize) -> Cow<'_, str> {
        match self {
            Self::Full(doc) => Cow::Borrowed(doc.fields.get(index).map_or("", |f| f)),
            Self::Stamped(stamp) => stamp.field(index),
        }
    }

    /// What controllers ask of it.
    pub(crate) fn facts(&self) -> Cow<'_, Facts> {
        match self {
            Self::Full(doc) => Cow::Borrowed(&doc.facts),
            Self::Stamped(stamp) => Cow::Owned(stamp.facts()),
        }
    }

    /// The object as a tree, without kind and apiVersion.
    pub(crate) fn value(&self) -> Value {
        match self {
            Self::Full(doc) => serde_json::from_str(&doc.json).unwrap_or(Value::Null),
            Self::Stamped(stamp) => stamp.value(),
        }
    }

    /// The object as a tree that is kept: for the few that are read again and again, as nodes by the scheduler.
    pub(crate) fn tree(&self) -> Cow<'_, Value> {
        match self {
            Self::Full(doc) => {
                Cow::Borrowed(doc.tree.get_or_init(|| serde_json::from_str(&doc.json).unwrap_or(Value::Null)))
            }
            Self::Stamped(stamp) => Cow::Owned(stamp.value()),
        }
    }

    /// What the cells of its row are made of: all of it, or the little that they show.
    pub(crate) fn shown(&self) -> Value {
        match self {
            Self::Full(_) => self.value(),
            Self::Stamped(stamp) => stamp.shown(),
        }
    }

    /// Writes its metadata as JSON.
    pub(crate) fn write_metadata(&self, out: &mut Vec<u8>) {
        match self {
            Self::Full(_) => out.extend_from_slice(self.value()["metadata"].to_string().as_bytes()),
            Self::Stamped(stamp) => stamp.write_metadata(out),
        }
    }

    /// Writes the object as a list holds it.
    pub(crate) fn write(&self, kind: &Kind, out: &mut Vec<u8>) {
        if kind.custom() { self.write_whole(kind, out) } else { self.write_bare(kind, out) }
    }

    /// Writes the object as a watch or a get holds it: kind and apiVersion first.
    pub(crate) fn write_whole(&self, kind: &Kind, out: &mut Vec<u8>) {
        let start = out.len();
        self.write_bare(kind, out);
        let head = format!("{{\"kind\":\"{}\",\"apiVersion\":\"{}\",", kind.kind, kind.api_version());
        out.splice(start..=start, head.into_bytes());
    }

    fn write_bare(&self, kind: &Kind, out: &mut Vec<u8>) {
        match self {
            Self::Full(_) if kind.face.is_some() => {
                out.extend_from_slice(kind.shown(self.value()).to_string().as_bytes());
            }
            Self::Full(doc) => out.extend_from_slice(doc.json.as_bytes()),
            Self::Stamped(stamp) => stamp.write_json(out),
        }
    }
}

/// A selectable field as text: absent is empty, as the real server has it.
fn plain(value: &Value) -> String {
    match value {
        Value::String(s) => s.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// The entry of `object` for the kind of that id.
pub(crate) fn entry(kind: KindId, object: &Value) -> Entry {
    Entry::new(&KINDS[kind], object)
}
