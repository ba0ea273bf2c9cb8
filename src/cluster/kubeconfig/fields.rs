//! Single fields of a kubeconfig entry. Types are checked by hand, so that an error names the
//! field and never quotes its value, which may be a secret.

use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The object under an entry's key; a missing one reads as empty.
pub(super) fn object<'a>(v: &'a Value, key: &str) -> Result<Option<&'a Map<String, Value>>, String> {
    match v.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(m)) => Ok(Some(m)),
        Some(_) => Err(format!("`{key}` must be a map")),
    }
}

/// A text; empty and null count as absent, as in Go.
pub(super) fn text(m: &Map<String, Value>, key: &str) -> Result<Option<String>, String> {
    match m.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(s)) if s.is_empty() => Ok(None),
        Some(Value::String(s)) => Ok(Some(s.clone())),
        Some(_) => Err(format!("`{key}` must be a text (put it in quotes)")),
    }
}

/// A truth value; absent is false.
pub(super) fn flag(m: &Map<String, Value>, key: &str) -> Result<bool, String> {
    match m.get(key) {
        None | Some(Value::Null) => Ok(false),
        Some(Value::Bool(b)) => Ok(*b),
        Some(_) => Err(format!("`{key}` must be true or false")),
    }
}

/// A list of texts.
pub(super) fn texts(m: &Map<String, Value>, key: &str) -> Result<Vec<String>, String> {
    match m.get(key) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(a)) => a
            .iter()
            .map(|v| v.as_str().map(str::to_owned).ok_or_else(|| format!("`{key}` must be a list of texts")))
            .collect(),
        Some(_) => Err(format!("`{key}` must be a list")),
    }
}

/// A list of maps.
pub(super) fn maps<'a>(m: &'a Map<String, Value>, key: &str) -> Result<Vec<&'a Map<String, Value>>, String> {
    match m.get(key) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(a)) => {
            a.iter().map(|v| v.as_object().ok_or_else(|| format!("`{key}` must be a list of maps"))).collect()
        }
        Some(_) => Err(format!("`{key}` must be a list")),
    }
}

/// A map of texts.
pub(super) fn text_map(m: &Map<String, Value>, key: &str) -> Result<BTreeMap<String, String>, String> {
    let Some(v) = m.get(key).filter(|v| !v.is_null()) else { return Ok(BTreeMap::new()) };
    let map = v.as_object().ok_or_else(|| format!("`{key}` must be a map"))?;
    map.iter()
        .map(|(k, v)| {
            let v = v.as_str().ok_or_else(|| format!("`{key}.{k}` must be a text"))?;
            Ok((k.clone(), v.to_owned()))
        })
        .collect()
}

/// A path; a relative one is taken from the folder of its kubeconfig.
pub(super) fn path(m: &Map<String, Value>, key: &str, dir: &Path) -> Result<Option<PathBuf>, String> {
    Ok(text(m, key)?.map(|p| dir.join(p)))
}
