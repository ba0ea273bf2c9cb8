//! Fields of forms, and what they may hold.

use crate::core::act::{Entry, Field, Given, Values};
use crate::core::facts::typed;

/// What a field's check says.
pub type Checked = Result<(), String>;

/// A field with a line of text.
#[must_use]
pub fn line(id: &'static str, label: &str, help: &str, first: &str, check: fn(&Given, &Values) -> Checked) -> Field {
    Field { id, label: label.into(), help: help.into(), entry: Entry::Text, first: Given::Text(first.into()), check }
}

/// A switch.
#[must_use]
pub fn switch(id: &'static str, label: &str, help: &str, first: bool) -> Field {
    let (label, help) = (label.into(), help.into());
    Field { id, label, help, entry: Entry::Flag, first: Given::Flag(first), check: anything }
}

/// One of some words; the first is chosen at first.
#[must_use]
pub fn choice(id: &'static str, label: &str, help: &str, words: Vec<String>) -> Field {
    let first = Given::Choice(words.first().cloned().unwrap_or_default());
    Field { id, label: label.into(), help: help.into(), entry: Entry::Choice(words), first, check: anything }
}

/// Anything will do.
///
/// # Errors
/// None.
pub fn anything(_: &Given, _: &Values) -> Checked {
    Ok(())
}

fn text(given: &Given) -> &str {
    match given {
        Given::Text(s) | Given::Choice(s) => s.trim(),
        _ => "",
    }
}

/// Seconds of grace: a whole number, or nothing for each object's own.
///
/// # Errors
/// If it is none.
pub fn grace(given: &Given, _: &Values) -> Checked {
    match text(given) {
        "" | "-1" => Ok(()),
        t => {
            t.parse::<u32>().map(|_| ()).map_err(|_| "a whole number of seconds, or nothing for each one's own".into())
        }
    }
}

/// A number from 1 on.
///
/// # Errors
/// If it is none.
pub fn positive(given: &Given, _: &Values) -> Checked {
    match text(given).parse::<u32>() {
        Ok(n) if n > 0 => Ok(()),
        _ => Err("a whole number from 1 on".into()),
    }
}

/// A span of time.
///
/// # Errors
/// If it is none.
pub fn span(given: &Given, _: &Values) -> Checked {
    seconds(text(given)).map(|_| ()).ok_or_else(|| "a time such as 90s, 5m or 1h30m; 0 for no end".into())
}

/// A label selector.
///
/// # Errors
/// What is wrong with it.
pub fn selector(given: &Given, _: &Values) -> Checked {
    typed(text(given)).map(|_| ())
}

/// Seconds of a span as kubectl takes it: `90s`, `1h30m`; a number alone is seconds. More than
/// a century is none.
#[must_use]
pub fn seconds(text: &str) -> Option<i64> {
    if text.is_empty() {
        return Some(0);
    }
    if let Ok(n) = text.parse::<u32>() {
        return Some(n.into());
    }
    let (mut sum, mut number) = (0_i64, String::new());
    for c in text.chars() {
        let unit = match c {
            '0'..='9' => {
                number.push(c);
                continue;
            }
            'h' => 3600,
            'm' => 60,
            's' => 1,
            _ => return None,
        };
        sum = sum.checked_add(std::mem::take(&mut number).parse::<i64>().ok()?.checked_mul(unit)?)?;
    }
    Some(sum).filter(|s| number.is_empty() && u32::try_from(*s).is_ok())
}
