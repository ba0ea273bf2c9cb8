//! What a user fills in before a plan is made.

use std::collections::BTreeMap;

/// What a field holds.
#[derive(Clone, PartialEq, Eq)]
pub enum Given {
    /// One line.
    Text(String),
    /// On or off.
    Flag(bool),
    /// One of the field's choices.
    Choice(String),
    /// Several lines: taints, labels.
    Lines(Vec<String>),
    /// The same of what is nobody else's business: never written anywhere.
    Private(Vec<String>),
}

impl std::fmt::Debug for Given {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text(s) | Self::Choice(s) => s.fmt(f),
            Self::Flag(on) => on.fmt(f),
            Self::Lines(lines) => lines.fmt(f),
            // It is in no log either.
            Self::Private(lines) => write!(f, "{} private lines", lines.len()),
        }
    }
}

impl Given {
    /// As one text, for the journal and for the next run; lines are joined by line feeds. `None` for
    /// what is private.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        match self {
            Self::Text(s) | Self::Choice(s) => Some(s.clone()),
            Self::Flag(on) => Some(on.to_string()),
            Self::Lines(lines) => Some(lines.join("\n")),
            Self::Private(_) => None,
        }
    }
}

/// How a field is filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// A line of text.
    Text,
    /// A switch.
    Flag,
    /// One of these.
    Choice(Vec<String>),
    /// Lines that can be added, changed and removed. The texts beside them, by
    /// line as it was given first: what is known of it ("will come back").
    Lines(BTreeMap<String, String>),
    /// Such lines of which neither what is typed nor what is entered is kept: they may be secrets.
    Private,
}

impl Entry {
    /// A value of this entry from a text, the reverse of [`Given::text`].
    #[must_use]
    pub fn read(&self, text: &str) -> Given {
        match self {
            Self::Text => Given::Text(text.to_owned()),
            Self::Flag => Given::Flag(matches!(text, "true" | "yes" | "on")),
            Self::Choice(_) => Given::Choice(text.to_owned()),
            Self::Lines(_) => Given::Lines(lines(text)),
            Self::Private => Given::Private(lines(text)),
        }
    }
}

fn lines(text: &str) -> Vec<String> {
    text.split('\n').filter(|l| !l.is_empty()).map(str::to_owned).collect()
}

/// Says what is wrong with a field's value, given all values.
pub type Check = fn(&Given, &Values) -> Result<(), String>;

/// One field.
#[derive(Debug, Clone)]
pub struct Field {
    /// Its name in [`Values`] and in the journal: kubectl's own flag where there is one.
    pub id: &'static str,
    /// Said beside it.
    pub label: String,
    /// One sentence.
    pub help: String,
    /// How it is filled in.
    pub entry: Entry,
    /// What it holds at first.
    pub first: Given,
    /// What it may hold; run at each change.
    pub check: Check,
}

/// A form; without fields it is not shown.
#[derive(Debug, Clone, Default)]
pub struct Form {
    /// In the order they are shown.
    pub fields: Vec<Field>,
    /// Lines said above them.
    pub notes: Vec<String>,
}

/// What fields hold, by id.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Values(pub BTreeMap<String, Given>);

impl Values {
    /// A text or choice; empty if there is none.
    #[must_use]
    pub fn text(&self, id: &str) -> &str {
        match self.0.get(id) {
            Some(Given::Text(s) | Given::Choice(s)) => s.trim(),
            _ => "",
        }
    }

    /// A switch; off if there is none.
    #[must_use]
    pub fn flag(&self, id: &str) -> bool {
        matches!(self.0.get(id), Some(Given::Flag(true)))
    }

    /// Lines; none if there are none.
    #[must_use]
    pub fn lines(&self, id: &str) -> &[String] {
        match self.0.get(id) {
            Some(Given::Lines(lines) | Given::Private(lines)) => lines,
            _ => &[],
        }
    }

    /// All as texts, for the journal and for the next run; without what is private.
    #[must_use]
    pub fn texts(&self) -> BTreeMap<String, String> {
        self.0.iter().filter_map(|(id, given)| Some((id.clone(), given.text()?))).collect()
    }

    /// The same with one more value.
    #[must_use]
    pub fn with(mut self, id: &str, given: Given) -> Self {
        self.0.insert(id.to_owned(), given);
        self
    }
}

impl Form {
    /// What it holds before anything was typed.
    #[must_use]
    pub fn first(&self) -> Values {
        Values(self.fields.iter().map(|f| (f.id.to_owned(), f.first.clone())).collect())
    }
}
