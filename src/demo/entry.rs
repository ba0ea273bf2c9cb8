//! A stored object: encoded JSON with what selectors ask for beside it.
//!
//! An object is encoded when somebody reads its bytes, and once: lists and watches copy. While much changes, as in the
//! telling of the story, the tree that was stored is at hand for whoever changes it next; `packed` lets it go, so that
//! 150 pods cost a megabyte, not ten. The pods of a big cluster are kept as stamps (see `big`), a few dozen bytes each.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use serde_json::Value;

use super::big::Stamp;
use super::kinds::{KINDS, Kind, KindId};
use super::object::{Tree, at, condition, list, map, text};

/// An object as a tree, as JSON, or both: one of the two is always there, the other is made when it is asked for.
#[derive(Debug)]
pub(crate) struct Doc {
    json: OnceLock<Box<str>>,
    tree: OnceLock<Tree>,
    rv: u64,
    labels: Box<[(Box<str>, Box<str>)]>,
    fields: Box<[Box<str>]>,
    facts: Facts,
}

impl Doc {
    fn json(&self) -> &str {
        self.json.get_or_init(|| self.tree.get().map_or_else(String::new, ToString::to_string).into_boxed_str())
    }

    fn parsed(&self) -> Tree {
        Arc::new(serde_json::from_str(self.json()).unwrap_or(Value::Null))
    }
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
    /// The entry of an object (which carries its resourceVersion already).
    pub(crate) fn new(kind: &Kind, tree: Tree) -> Self {
        let object = &*tree;
        let rv = text(object, "metadata/resourceVersion").parse().unwrap_or(0);
        let labels = map(object, "metadata/labels").into_iter().flatten();
        let labels = labels.map(|(k, v)| (k.as_str().into(), v.as_str().unwrap_or("").into())).collect();
        let fields = kind.fields.iter().map(|(_, path)| plain(at(object, path)).into()).collect();
        let facts = Facts::of(kind, object);
        Self::Full(Arc::new(Doc { json: OnceLock::new(), tree: OnceLock::from(tree), rv, labels, fields, facts }))
    }

    /// The same, kept as bytes only.
    pub(crate) fn packed(&self) -> Self {
        match self {
            Self::Full(doc) if doc.tree.get().is_some() => Self::Full(Arc::new(Doc {
                json: OnceLock::from(Box::from(doc.json())),
                tree: OnceLock::new(),
                rv: doc.rv,
                labels: doc.labels.clone(),
                fields: doc.fields.clone(),
                facts: doc.facts.clone(),
            })),
            _ => self.clone(),
        }
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
    pub(crate) fn value(&self) -> Tree {
        match self {
            Self::Full(doc) => doc.tree.get().cloned().unwrap_or_else(|| doc.parsed()),
            Self::Stamped(stamp) => Arc::new(stamp.value()),
        }
    }

    /// The object as a tree that is kept: for the few that are read again and again, as nodes by the scheduler.
    pub(crate) fn tree(&self) -> Tree {
        match self {
            Self::Full(doc) => doc.tree.get_or_init(|| doc.parsed()).clone(),
            Self::Stamped(stamp) => Arc::new(stamp.value()),
        }
    }

    /// What the cells of its row are made of: all of it, or the little that they show.
    pub(crate) fn shown(&self) -> Tree {
        match self {
            Self::Full(_) => self.value(),
            Self::Stamped(stamp) => Arc::new(stamp.shown()),
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
        head(kind, start, out);
    }

    fn write_bare(&self, kind: &Kind, out: &mut Vec<u8>) {
        match self {
            Self::Full(_) if kind.face.is_some() => {
                out.extend_from_slice(kind.shown(Arc::unwrap_or_clone(self.value())).to_string().as_bytes());
            }
            Self::Full(doc) => out.extend_from_slice(doc.json().as_bytes()),
            Self::Stamped(stamp) => stamp.write_json(out),
        }
    }
}

/// Puts kind and apiVersion first into the object that is written from `start` on.
pub(crate) fn head(kind: &Kind, start: usize, out: &mut Vec<u8>) {
    let head = format!("{{\"kind\":\"{}\",\"apiVersion\":\"{}\",", kind.kind, kind.api_version());
    out.splice(start..=start, head.into_bytes());
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
pub(crate) fn entry(kind: KindId, object: Tree) -> Entry {
    Entry::new(&KINDS[kind], object)
}
