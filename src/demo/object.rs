//! Small helpers over JSON objects: paths are keys joined by `/`, absent things read as empty.

use std::sync::Arc;

use serde_json::{Map, Value};

/// An object that is shared with the store: whoever changes it makes one of its own.
pub(crate) type Tree = Arc<Value>;

static NULL: Value = Value::Null;

/// The value at `path`, or null.
pub(crate) fn at<'a>(value: &'a Value, path: &str) -> &'a Value {
    path.split('/').fold(value, |v, key| match v {
        Value::Object(map) => map.get(key).unwrap_or(&NULL),
        Value::Array(list) => key.parse::<usize>().ok().and_then(|i| list.get(i)).unwrap_or(&NULL),
        _ => &NULL,
    })
}

/// The text at `path`, or nothing.
pub(crate) fn text<'a>(value: &'a Value, path: &str) -> &'a str {
    at(value, path).as_str().unwrap_or("")
}

/// The whole number at `path`, or 0.
pub(crate) fn int(value: &Value, path: &str) -> i64 {
    at(value, path).as_i64().unwrap_or(0)
}

/// The truth at `path`, or false.
pub(crate) fn flag(value: &Value, path: &str) -> bool {
    at(value, path).as_bool().unwrap_or(false)
}

/// The items at `path`, or none.
pub(crate) fn list<'a>(value: &'a Value, path: &str) -> &'a [Value] {
    at(value, path).as_array().map_or(&[], Vec::as_slice)
}

/// The map at `path`, if there is one.
pub(crate) fn map<'a>(value: &'a Value, path: &str) -> Option<&'a Map<String, Value>> {
    at(value, path).as_object()
}

/// Puts `new` at `path`, making the maps on the way.
pub(crate) fn put(value: &mut Value, path: &str, new: impl Into<Value>) {
    *slot(value, path) = new.into();
}

/// The place at `path`, making the maps on the way.
pub(crate) fn slot<'a>(value: &'a mut Value, path: &str) -> &'a mut Value {
    path.split('/').fold(value, |v, key| {
        if !v.is_object() {
            *v = Value::Object(Map::new());
        }
        match v {
            Value::Object(map) => map.entry(key).or_insert(Value::Null),
            other => other,
        }
    })
}

/// Changes the items at `path`, made when absent.
pub(crate) fn items<R>(value: &mut Value, path: &str, change: impl FnOnce(&mut Vec<Value>) -> R) -> R {
    let place = slot(value, path);
    let mut list = match place.take() {
        Value::Array(list) => list,
        _ => Vec::new(),
    };
    let result = change(&mut list);
    *place = Value::Array(list);
    result
}

/// Takes the key at the end of `path` away.
pub(crate) fn remove(value: &mut Value, path: &str) {
    let (parent, key) = path.rsplit_once('/').unwrap_or(("", path));
    let place = if parent.is_empty() { Some(value) } else { value.pointer_mut(&format!("/{parent}")) };
    if let Some(Value::Object(map)) = place {
        map.shift_remove(key);
    }
}

/// The item of `list` whose `key` is `wanted`.
pub(crate) fn find<'a>(list: &'a [Value], key: &str, wanted: &str) -> Option<&'a Value> {
    list.iter().find(|v| text(v, key) == wanted)
}

/// The owner that controls the object.
pub(crate) fn controller(value: &Value) -> Option<&Value> {
    list(value, "metadata/ownerReferences").iter().find(|o| flag(o, "controller"))
}

/// The status of the condition `kind`, or nothing.
pub(crate) fn condition<'a>(value: &'a Value, kind: &str) -> &'a str {
    find(list(value, "status/conditions"), "type", kind).map_or("", |c| text(c, "status"))
}

/// `namespace/name` of an object, for messages.
pub(crate) fn key_of(value: &Value) -> (String, String) {
    (text(value, "metadata/namespace").to_owned(), text(value, "metadata/name").to_owned())
}
