//! Reading single values of settings.

use super::super::json::{Json, Member, Value};
use crate::core::columns::Pick;
use crate::core::input::Key;
use crate::core::keys::parse_keys;
use std::collections::BTreeMap;

pub(super) fn name(value: &Value) -> Result<String, String> {
    match &value.json {
        Json::String(s) if !s.is_empty() => Ok(s.clone()),
        Json::String(_) => Err("the name is empty".to_owned()),
        other => Err(format!("a name in double quotes expected, not {}", other.name())),
    }
}

/// One key, as keymaps write it.
pub(super) fn key(value: &Value) -> Result<Key, String> {
    let text = name(value)?;
    match parse_keys(&text).as_deref() {
        Ok([one]) => Ok(*one),
        _ => Err(format!("one key expected, as in Ctrl-], not {text}")),
    }
}

/// Keys one after the other; none for an empty text.
pub(super) fn keys(value: &Value) -> Result<Vec<Key>, String> {
    let text = words(value)?;
    if text.trim().is_empty() { Ok(Vec::new()) } else { parse_keys(&text).map_err(|why| why.to_string()) }
}

/// A text, which may be empty.
pub(super) fn words(value: &Value) -> Result<String, String> {
    match &value.json {
        Json::String(s) => Ok(s.clone()),
        other => Err(format!("a text in double quotes expected, not {}", other.name())),
    }
}

pub(super) fn zone(value: &Value) -> Result<String, String> {
    let name = name(value)?;
    if name == "local" {
        return Ok(String::new());
    }
    match jiff::tz::TimeZone::get(&name) {
        Ok(_) => Ok(name),
        Err(_) => Err(format!("no time zone {name} is known here")),
    }
}

pub(super) fn names(value: &Value) -> Result<Vec<String>, String> {
    match &value.json {
        Json::Array(items) => items.iter().map(name).collect(),
        other => Err(format!("an array of names expected, not {}", other.name())),
    }
}

pub(super) fn known(names: Vec<String>, words: &[&str]) -> Result<Vec<String>, String> {
    match names.iter().find(|n| !words.contains(&n.as_str())) {
        Some(odd) => Err(format!("`{odd}` is none of {}", words.join(", "))),
        None => Ok(names),
    }
}

pub(super) fn columns(value: &Value) -> Result<BTreeMap<String, Vec<Pick>>, String> {
    let Json::Object(kinds) = &value.json else {
        return Err(format!("an object of arrays of columns by kind expected, not {}", value.json.name()));
    };
    let read = |kind: &Member| {
        let all = names(&kind.value).map_err(|why| format!("{}: {why}", kind.name))?;
        let all = all.iter().map(|c| Pick::parse(c)).collect::<Result<_, _>>();
        Ok((kind.name.clone(), all.map_err(|why| format!("{}: {why}", kind.name))?))
    };
    kinds.iter().map(read).collect()
}

pub(super) fn switch(value: &Value) -> Result<bool, String> {
    match &value.json {
        Json::Bool(on) => Ok(*on),
        other => Err(format!("true or false expected, not {}", other.name())),
    }
}

pub(super) fn number(value: &Value, most: u16) -> Result<u16, String> {
    let found = match &value.json {
        Json::Number(n) => n.as_u64().and_then(|n| u16::try_from(n).ok()),
        other => return Err(format!("a number from 0 to {most} expected, not {}", other.name())),
    };
    found.filter(|n| *n <= most).ok_or_else(|| format!("a whole number from 0 to {most} expected"))
}

pub(super) fn choice<T: Copy>(value: &Value, of: &[(&str, T)]) -> Result<T, String> {
    let word = match &value.json {
        Json::String(word) => word.clone(),
        // `"colors": 256` means what it says.
        Json::Number(n) => n.to_string(),
        other => other.name().to_owned(),
    };
    let found = of.iter().find(|(n, _)| *n == word).map(|(_, value)| *value);
    found.ok_or_else(|| {
        let all: Vec<_> = of.iter().map(|(n, _)| *n).collect();
        format!("one of {} expected, not {word}", all.join(", "))
    })
}
