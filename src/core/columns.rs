//! Which columns the tables of a kind show, and in which order: the kind's own by its
//! schema, or those a user picked, any label and annotation among them.

use super::kind::Scope;
use super::panes::table::TablePane;
use super::schema::{Column, Schema, Show, Source};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// A column a user picked. Written as `READY`, `label:app`, `annotation:team/owner`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Pick {
    /// A column of the kind, by its title.
    Title(Arc<str>),
    /// The value of a label.
    Label(Arc<str>),
    /// The value of an annotation.
    Annotation(Arc<str>),
}

impl Pick {
    /// Reads it as it is written.
    ///
    /// # Errors
    /// No title, or a key that no label or annotation can have, in a line for the user.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let key = |key: &str| {
            let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
            let right = !key.is_empty() && key.chars().all(fits) && key.matches('/').count() < 2;
            if right { Ok(key.into()) } else { Err(format!("\"{key}\" is no key; write {FORM}")) }
        };
        match text.split_once(':') {
            Some(("label", k)) => key(k).map(Self::Label),
            Some(("annotation", k)) => key(k).map(Self::Annotation),
            Some(_) => Err(format!("\"{text}\" is no column; write {FORM}")),
            None if text.is_empty() => Err(format!("a column has a title; write {FORM}")),
            None => Ok(Self::Title(text.to_uppercase().into())),
        }
    }

    /// What names this column of a schema.
    #[must_use]
    pub fn of(column: &Column) -> Self {
        match &column.source {
            Source::Label(key) => Self::Label(key.clone()),
            Source::Annotation(key, _) => Self::Annotation(key.clone()),
            _ => Self::Title(column.title.clone()),
        }
    }

    fn names(&self, column: &Column) -> bool {
        match (self, &column.source) {
            (Self::Label(a), Source::Label(b)) | (Self::Annotation(a), Source::Annotation(b, _)) => a == b,
            (_, Source::Label(_) | Source::Annotation(..)) => false,
            (Self::Title(title), _) => column.title.eq_ignore_ascii_case(title),
            _ => false,
        }
    }
}

/// How a column is written, for messages.
pub const FORM: &str = "a title, label:KEY or annotation:KEY";

/// As it is written.
impl fmt::Display for Pick {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Title(title) => f.write_str(title),
            Self::Label(key) => write!(f, "label:{key}"),
            Self::Annotation(key) => write!(f, "annotation:{key}"),
        }
    }
}

/// The labels among picked columns.
#[must_use]
pub fn labels(picks: &[Pick]) -> Vec<Arc<str>> {
    picks.iter().filter_map(|p| if let Pick::Label(k) = p { Some(k.clone()) } else { None }).collect()
}

/// The annotations among picked columns: what the rows of a stream must carry for them, in an order of its own.
#[must_use]
pub fn annotations(picks: &[Pick]) -> Arc<[Arc<str>]> {
    let mut keys: Vec<Arc<str>> =
        picks.iter().filter_map(|p| if let Pick::Annotation(k) = p { Some(k.clone()) } else { None }).collect();
    keys.sort();
    keys.dedup();
    keys.into()
}

/// The columns a schema shows by itself.
#[must_use]
pub fn by_default(schema: &Schema) -> Vec<Pick> {
    schema.columns.iter().filter(|c| matches!(c.show, Show::Always | Show::Room(_))).map(Pick::of).collect()
}

/// A title for the column of a label or annotation: the end of its key in capitals, as kubectl
/// has it, or the whole key where a column is called so already.
#[must_use]
pub fn title_for(schema: &Schema, key: &str) -> Arc<str> {
    let short = key.rsplit('/').next().unwrap_or(key).to_uppercase();
    if schema.find(&short).is_some() { key.to_uppercase().into() } else { short.into() }
}

/// The columns of a table, by index in its schema, in order. `picks` are those picked for its
/// kind, if any; wide mode adds what else there is. The name is always among them.
#[must_use]
pub fn shown(t: &TablePane, schema: &Schema, picks: Option<&[Pick]>) -> Vec<usize> {
    let all = || (0..schema.columns.len()).filter(|&i| !said(t, &schema.columns[i]));
    let by_show = |i: &usize| match schema.columns[*i].show {
        Show::Always | Show::Room(_) => true,
        Show::Wide => t.wide,
        Show::Hidden => false,
    };
    let Some(picks) = picks else { return all().filter(by_show).collect() };
    let find = |p: &Pick| all().find(|&i| p.names(&schema.columns[i]));
    let mut out: Vec<usize> = Vec::new();
    for i in picks.iter().filter_map(find) {
        if !out.contains(&i) {
            out.push(i);
        }
    }
    let name = |i: &usize| schema.columns[*i].source == Source::Name;
    if !out.iter().any(name) {
        out.splice(0..0, all().find(name));
    }
    if t.wide {
        let more: Vec<usize> = all().filter(|i| by_show(i) && !out.contains(i)).collect();
        out.extend(more);
    }
    out
}

/// What the pane's title says of all its rows needs no column.
fn said(t: &TablePane, column: &Column) -> bool {
    match column.source {
        Source::Namespace => matches!(&t.key.scope, Scope::Namespaces(list) if list.len() == 1),
        _ if t.key.fields.starts_with("spec.nodeName=") => column.title.as_ref() == "NODE",
        _ if t.key.fields.starts_with("metadata.name=") => column.title.as_ref() == "POD",
        _ if t.faults_only && t.key.kind.plural.as_ref() == "events" => column.title.as_ref() == "TYPE",
        _ => false,
    }
}

/// The columns that remain when so many are scrolled off on the left. The name stays.
#[must_use]
pub fn scrolled(shown: &[usize], schema: &Schema, left: u16) -> Vec<usize> {
    let mut skip = left;
    let mut keep = |i: &usize| {
        let go = skip > 0 && schema.columns[*i].source != Source::Name;
        skip -= u16::from(go);
        !go
    };
    shown.iter().copied().filter(|i| keep(i)).collect()
}

#[cfg(test)]
mod tests;
